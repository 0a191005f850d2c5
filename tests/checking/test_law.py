"""The eight rules of law: each fires on its failing example only, and once; what they hold, and for how long."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.checking.law import LONG_LIST, QUESTION, law_problems
from outreach.model.campaign import Legal, PoliticalAdvertising
from outreach.model.contact import Contact, ContactKind
from outreach.model.past import ContactPast
from outreach.model.plan import ItemState
from outreach.model.problem import Problem
from outreach.planning.context import Context
from outreach.planning.law import LOBBY_LAWS, READ_ON, READER, RULES
from outreach.planning.plan import plan
from outreach.planning.recipients import decide
from outreach.planning.world import World
from tests.planning.campaigns import campaign, contact, email, follow_up, template, wave
from tests.planning.worlds import NOW, letter, post, world

LAW = (Path(__file__).resolve().parents[2] / "docs/law.md").read_text("utf-8")
BLOCKS = "Hello.\n\n{{ source_notice }}\n\n{{ objection }}"
NOT_POLITICAL = PoliticalAdvertising(assessed="no", why="an opinion", by="Alex", on=date(2026, 1, 5))
LEGAL = Legal(
    basis="legitimate-interest", interest="asking", assessment="a.md", on=date(2026, 1, 5), keep_for="2y",
    sender="organisation", political_advertising=NOT_POLITICAL,
)  # fmt: skip
MARIA = contact(
    "maria", kind=ContactKind.PERSON, country="PT", collected_on=date(2026, 1, 5),
    channels=(email("maria.sousa@jornal.example"),),
)  # fmt: skip


def example(*contacts: Contact, legal: Legal | None = LEGAL, **keys: Any) -> World:
    """A campaign with nothing to say against it, but for what is given; it writes to a person and to an office."""
    waves = keys.pop("waves", (wave("first", asks_for=("nothing",)),))
    templates = keys.pop("templates", (template(body=BLOCKS),))
    past, now, posts = keys.pop("past", {}), keys.pop("now", NOW), keys.pop("posts", ())
    return world(
        campaign=campaign(*waves, legal=legal, timezone="Europe/Brussels", **keys),
        contacts=contacts or (MARIA, contact("office")),
        templates=templates,
        posts=posts,
        past=past,
        now=now,
    )


def found(made: World, assessment: str | None = None) -> list[Problem]:
    return law_problems(made, decide(Context(made)), assessment)


def offices(number: int, country: str = "DE") -> tuple[Contact, ...]:
    host = LOBBY_LAWS[country].hosts[0]
    return tuple(contact(f"o{i}", country=country, channels=(email(f"info@a{i}.{host}"),)) for i in range(number))


def assessed(word: str, **keys: Any) -> Legal:
    return replace(LEGAL, political_advertising=replace(NOT_POLITICAL, assessed=word, **keys))


ASKING = (wave("first", asks_for=("money",)),)
PLAIN = (template(body="Hello."),)
COMMISSION = contact("dg", eu=True, country="BE", channels=(email("info@ec.europa.eu"),))
OLD = replace(MARIA, collected_on=date(2023, 1, 5))
TOLD = {"contacts": {"maria": ContactPast(contact="maria", letters=(letter("first"),))}}
FAILING: list[tuple[str, World]] = [
    ("legal-basis", example(contact("office"), legal=None)),
    ("legal-basis", example(legal=replace(LEGAL, interest=None))),
    ("legal-basis", example(legal=replace(LEGAL, assessment=None))),
    ("legal-basis", example(legal=replace(LEGAL, on=None))),
    ("source-and-objection", example(templates=PLAIN)),
    ("source-and-objection", example(templates=(template(body="{{ objection }} source_notice"),))),
    ("source-and-objection", example(templates=(template(body="<!-- {{ objection }} -->{# {{ source_notice }} #}"),))),
    (
        "source-and-objection",
        example(contact("a", country="PT", channels=(email("m.sousa@a.example"),)), templates=PLAIN),
    ),
    (
        "source-and-objection",
        example(
            waves=(wave("first", asks_for=("nothing",), follow_up=follow_up("again")),),
            templates=(template(body=BLOCKS), template("again", body="Again. {{ objection }}")),
        ),
    ),
    ("notice-overdue", example(replace(MARIA, collected_on=date(2025, 11, 14)))),
    ("notice-overdue", example(waves=(wave("first", asks_for=("nothing",), start=datetime(2026, 2, 6, 9)),))),
    ("notice-overdue", example(replace(MARIA, tier=9, collected_on=date(2025, 11, 14)), contact("office"))),
    ("retention", example(legal=replace(LEGAL, keep_for=None))),
    ("retention", example(OLD, past={"contacts": {"maria": ContactPast(contact="maria", answered=NOW)}})),
    ("consent-country", example(waves=(wave("first"),))),
    ("consent-country", example(waves=ASKING)),
    ("consent-country", example(contact("nl", country="NL"), waves=(wave("first"),))),
    (
        "consent-country",
        example(contact("de", country=None, channels=(email("info@verein.de"),)), waves=(wave("first"),)),
    ),
    ("consent-country", example(contact("nl", country="NL"), waves=ASKING)),
    ("consent-country", example(contact("x", country=None), waves=ASKING)),
    ("register-number", example(COMMISSION)),
    ("register-number", example(contact("mep", country="PT", channels=(email("office@x.europarl.europa.eu"),)))),
    ("lobby-register", example(*offices(24))),
    ("lobby-register", example(*offices(31))),
    ("lobby-register", example(*offices(8, "FR"))),
    ("lobby-register", example(*offices(1, "IE"))),
    ("lobby-register", example(*(contact(f"o{i}", kind=ContactKind.INSTITUTION, country="DE") for i in range(30)))),
    ("political-advertising", example(*offices(1), legal=replace(LEGAL, political_advertising=None))),
    ("political-advertising", example(legal=assessed("unsure"))),
    ("political-advertising", example(legal=assessed("yes"))),
    ("political-advertising", example(legal=assessed("yes", consent="asked"))),
    ("political-advertising", example(legal=assessed("no", why=None))),
]
ALONE = replace(LEGAL, sender="individual-alone")
PASSING: list[tuple[str, World]] = [
    ("legal-basis", example()),
    ("legal-basis", example(contact("office"), legal=Legal(basis="legitimate-interest"))),
    ("legal-basis", example(legal=replace(LEGAL, basis="consent", interest=None, assessment=None, on=None))),
    ("source-and-objection", example(contact("office"), templates=PLAIN)),
    ("source-and-objection", example(replace(MARIA, do_not_contact="asked us"), templates=PLAIN)),
    ("notice-overdue", example(waves=(wave("first", asks_for=("nothing",), start=datetime(2026, 2, 5, 9)),))),
    ("notice-overdue", example(replace(MARIA, collected_on=date(2025, 11, 14)), past=TOLD)),
    ("retention", example(contact("office"), legal=replace(LEGAL, keep_for=None))),
    ("consent-country", example(waves=(wave("first", asks_for=("money",), basis="consent"),))),
    ("consent-country", example(contact("office", country="PT"), waves=ASKING)),
    (
        "consent-country",
        example(contact("office", country="PT"), contact("other", country=None), waves=(wave("first"),)),
    ),
    ("register-number", example(COMMISSION, legal=ALONE)),
    ("register-number", example(COMMISSION, transparency_id="123")),
    ("register-number", example(contact("ecb", eu=True, country="DE", channels=(email("info@ecb.europa.eu"),)))),
    ("lobby-register", example(*offices(23))),
    ("lobby-register", example(*offices(40), legal=replace(LEGAL, lobby_registers={"DE": "R001234"}))),
    ("lobby-register", example(*offices(40), legal=replace(LEGAL, lobby_registers={"DE": "exempt: one local matter"}))),
    ("lobby-register", example(*offices(1, "IE"), legal=ALONE)),
    ("political-advertising", example(*offices(1))),
    ("political-advertising", example(legal=replace(LEGAL, political_advertising=None))),
    ("political-advertising", example(legal=assessed("yes", consent="asked", transparency="a notice"))),
]


@pytest.mark.parametrize(("rule", "made"), FAILING)
def test_each_rule_fires_on_its_failing_example_only_and_once(rule: str, made: World) -> None:
    problems = found(made)
    assert [problem.code for problem in problems] == [rule]
    assert not problems[0].is_error


@pytest.mark.parametrize(("rule", "made"), PASSING)
def test_no_rule_fires_on_a_passing_example(rule: str, made: World) -> None:
    assert rule in RULES
    assert found(made) == []


def test_every_rule_has_a_failing_and_a_passing_example() -> None:
    assert {rule for rule, _ in FAILING} == {rule for rule, _ in PASSING} == set(RULES)


def test_a_date_in_the_assessment_dates_the_interest() -> None:
    made = example(legal=replace(LEGAL, on=None))
    assert found(made, "Weighed on 5 January 2026.") == []
    assert [problem.code for problem in found(made, "Weighed with care.")] == ["legal-basis"]


def test_a_campaign_that_writes_to_nobody_is_asked_nothing() -> None:
    made = example(legal=None)
    assert found(replace(made, campaign=replace(made.campaign, waves=()))) == []


def test_the_day_by_which_to_write_is_said() -> None:
    (problem,) = found(example(waves=(wave("first", asks_for=("nothing",), start=datetime(2026, 2, 6, 9)),)))
    assert problem.hint == "Write by 5 Feb, or remove the names and keep the office."


# -- one question -----------------------------------------------------------------------------------


@given(st.integers(1, 500), st.sampled_from([(), ("money",), ("money", "tickets")]), st.booleans())
def test_a_list_without_a_country_is_one_question(number: int, asks: tuple[str, ...], persons: bool) -> None:
    host = "first.last" if persons else "info"
    contacts = [contact(f"c{i}", country=None, file="contacts/list.csv", channels=(email(f"{host}@c{i}.example"),))
                for i in range(number)]  # fmt: skip
    contacts = [replace(each, collected_on=date(2026, 1, 5)) for each in contacts]
    problems = found(example(*contacts, waves=(wave("first", asks_for=asks),)))
    if not asks and not persons and number < LONG_LIST:
        assert problems == [], "a few offices are not asked what the text asks for"
        return
    (problem,) = problems
    assert problem.code == "consent-country"
    assert (QUESTION in problem.message) == (not asks)
    assert (f"the country of {number} of contacts/list.csv is not known" in problem.message) == bool(asks)


def test_each_wave_is_asked_and_a_list_only_once() -> None:
    contacts = [contact(f"c{i}", country=None, tier=i % 2, file="contacts/list.csv") for i in range(10)]
    waves = [wave(f"w{i}", f"tier == {i}", asks_for=("money",)) for i in range(2)]
    (problem,) = found(example(*contacts, waves=tuple(waves)))
    assert (problem.line, problem.about) == (waves[0].line, "wave:w0")
    persons = [replace(each, channels=(email(f"first.last@{each.id}.example"),)) for each in contacts]
    persons = [replace(each, collected_on=date(2026, 1, 5)) for each in persons]
    asked = found(example(*persons, waves=tuple(replace(each, asks_for=()) for each in waves)))
    assert [problem.about for problem in asked] == ["wave:w0", "wave:w1"]


# -- what is held -----------------------------------------------------------------------------------


def held(made: World) -> dict[str, str]:
    return {item.id: item.reason for item in plan(made).items if item.state is ItemState.HELD}


def test_in_ireland_the_first_contact_waits_until_somebody_wrote_when_they_enter() -> None:
    made = example(MARIA, *offices(1, "IE"))
    (reason,) = held(made).values()
    assert "within 21 days after the period of the first contact" in reason
    entered = replace(LEGAL, lobby_registers={"IE": "exempt: we enter by 21 January"})
    assert held(replace(made, campaign=replace(made.campaign, legal=entered))) == {}


@pytest.mark.parametrize(("number", "waits"), [(30, False), (31, True)])
def test_above_the_number_letters_to_that_countrys_offices_wait_for_the_entry(number: int, waits: bool) -> None:
    made = example(MARIA, *offices(number))
    reasons = held(made)
    assert sorted(reasons) == sorted(f"first/o{i}/0" for i in range(number) if waits)
    assert all(f"{number} contacts with public offices in DE within 3 months" in each for each in reasons.values())
    opened = replace(LEGAL, lobby_registers={"DE": "R001234"})
    assert held(replace(made, campaign=replace(made.campaign, legal=opened))) == {}


def test_letters_that_left_within_the_window_count_and_older_ones_do_not() -> None:
    def left(when: str) -> World:
        past = {f"o{i}": ContactPast(contact=f"o{i}", letters=(letter("first", when),)) for i in range(20)}
        return example(*offices(31), past={"contacts": past})

    assert len(held(left("2025-12-20 09:00"))) == 11
    assert held(left("2025-06-20 09:00")) == {}


def test_political_advertising_holds_posts_and_letters_to_persons_until_both_are_written_down() -> None:
    made = example(
        legal=assessed("yes", consent="asked"), posts=(post("news", "bluesky", after=None, at=datetime(2026, 2, 3, 9)),)
    )
    reasons = held(made)
    assert sorted(reasons) == ["first/maria/0", "news/bluesky"]
    assert all("by your own assessment" in reason for reason in reasons.values())
    legal = assessed("yes", consent="asked", transparency="a notice")
    assert held(replace(made, campaign=replace(made.campaign, legal=legal))) == {}
    for word in ("no", "unsure"):
        assert held(replace(made, campaign=replace(made.campaign, legal=assessed(word)))) == {}


# -- what nobody read -------------------------------------------------------------------------------

LATER = datetime(2028, 1, 6, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("made", [example(*offices(31)), example(legal=assessed("yes"))], ids=["lobby", "political"])
def test_a_rule_that_nobody_read_for_a_year_says_so_and_holds_nothing(made: World) -> None:
    later = replace(made, now=LATER)
    assert held(made)
    assert held(later) == {}
    hints = [problem.hint for problem in found(later) if problem.code in ("lobby-register", "political-advertising")]
    assert hints
    assert all("This rule was not checked since 30 Nov 2026" in hint for hint in hints)


def test_without_a_recent_reading_a_missing_number_is_only_said() -> None:
    made = replace(example(COMMISSION, transparency_id="123-45"), now=LATER)
    (problem,) = found(made)
    assert (problem.code, problem.is_error, "not checked" in problem.hint) == ("register-number", False, True)


def test_the_page_has_a_section_for_each_rule_with_its_source_and_who_read_it_when() -> None:
    sections = dict(re.findall(r"^## ([a-z-]+)\n(.*?)(?=^## |\Z)", LAW, re.MULTILINE | re.DOTALL))
    assert set(RULES) <= set(sections)
    for name, rule in RULES.items():
        assert (rule.checked_by, rule.checked_on) == (READER, READ_ON)
        assert f"`checked_by`: {rule.checked_by} · `checked_on`: {rule.checked_on}" in sections[name]
        assert "- Source: " in sections[name]
        assert "Not read:" in sections[name]
        assert "Passes:" in sections[name]
        assert "Fails:" in sections[name]
    assert "not legal advice" in LAW
