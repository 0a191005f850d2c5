"""What only shows when the files of a campaign are read together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.checking.letters import recipient_problems
from outreach.checking.material import Checked
from outreach.checking.reach import reach_problems
from outreach.checking.together import cross_problems
from outreach.model.campaign import Legal, TemplateChoice, Wave
from outreach.model.contact import Contact
from outreach.model.problem import Problem, blocked
from outreach.model.recipient import Why
from outreach.model.template import Variant
from outreach.planning.context import Context
from outreach.planning.recipients import decide, would_follow
from tests.planning.campaigns import campaign, contact, email, expression, follow_up, form, template, wave
from tests.planning.worlds import world

LEGAL = Legal(basis="legitimate-interest")


def problems(*contacts: Contact, waves: tuple[Wave, ...] = (), **keys: Any) -> list[Problem]:
    """What is wrong between the files, but for addresses that look alike."""
    checked = Checked(
        campaign=campaign(*waves, legal=LEGAL), contacts=contacts, **{"templates": (template(),), "posts": (), **keys}
    )
    made = world(
        campaign=checked.campaign,
        contacts=contacts,
        templates=checked.templates,
        blocked=checked.blocked | blocked(cross_problems(checked)),
    )
    found = [*cross_problems(checked), *recipient_problems(made, decide(Context(made)), checked.incomplete)]
    return [problem for problem in sorted(found) if not problem.code.startswith("duplicate")]


def codes(found: list[Problem]) -> list[tuple[str, int, str]]:
    return [(problem.file, problem.line, problem.code) for problem in found]


# -- addresses that no template may use -----------------------------------------------------------


def press_only(ident: str = "a", **keys: Any) -> Contact:
    channels = (email(f"press@{ident}.example", "press"),)
    return contact(ident, **{"channels": channels, "line": 3, "lines": {"channels": 7}, **keys})


def test_a_contact_whose_only_address_the_waves_template_does_not_name_is_told_at_its_channels() -> None:
    (problem,) = problems(press_only())
    assert codes([problem]) == [("contacts/a.yaml", 7, "no-usable-address")]
    assert "its only address has the role press, which letter does not name" in problem.message
    assert (
        problem.hint == "Write `roles: [general, press]` into templates/letter.md, or give the contact another address."
    )
    assert (problem.is_error, problem.about) == (True, "letter:first/a/0")


def test_what_another_waves_template_names_does_not_help() -> None:
    waves = (wave("first", "tier == 0"), wave("second", "tier == 1", "media"))
    templates = (template(), template("media", roles=("press",)))
    found = problems(press_only("a"), press_only("b", tier=1), waves=waves, templates=templates)
    assert [problem.about for problem in found] == ["letter:first/a/0"]


@pytest.mark.parametrize(
    "keys",
    [
        {"channels": (email("a@a.example", "press"), form())},
        {"channels": (email("a@a.example", "press"), email("b@a.example", "general"))},
        {"channels": (email("a@a.example", "press"), email("b@a.example"))},
        {"tier": 1},
        {"missing": "an address"},
        {"do_not_contact": "asked us"},
    ],
)
def test_who_can_be_reached_or_is_not_written_to_is_no_such_problem(keys: dict[str, Any]) -> None:
    assert problems(press_only(**keys), contact("z")) == []


def test_a_template_without_a_version_for_email_is_told_once_for_all_who_are_reached_by_email() -> None:
    forms = template("letter", file="templates/letter.form.md", variant=Variant.FORM, subject=None)
    reached = (contact("a"), contact("b"), contact("z", channels=(form(),)))
    (problem,) = problems(*reached, templates=(forms,))
    assert (problem.code, problem.is_error, problem.about) == ("template-missing", True, "letter:first/a/0")
    assert problem.message == "The template `letter` has no version for email, which 2 contacts need (first a)."
    assert problem.hint == "Write templates/letter.md, or let the wave use another template."
    assert problems(reached[2], templates=(forms,)) == []
    assert problems(*reached, templates=(forms, template())) == []


def test_the_template_that_a_condition_chooses_is_the_one_that_counts() -> None:
    choices = (
        TemplateChoice(template="media", condition=expression("kind == 'media'")),
        TemplateChoice(template="letter"),
    )
    waves = (Wave(id="first", to=expression("tier == 0"), templates=choices),)
    templates = (template(), template("media", roles=("press",)))
    found = problems(press_only("a"), press_only("b", kind="media"), waves=waves, templates=templates)
    assert [problem.about for problem in found] == ["letter:first/a/0"]


def test_a_follow_up_that_names_other_roles_than_the_first_letter_is_judged_by_itself() -> None:
    waves = (wave("first", follow_up=follow_up("again")),)
    first = template(roles=("press",))
    found = problems(press_only(), waves=waves, templates=(first, template("again", roles=("general",))))
    assert [problem.about for problem in found] == ["letter:first/a/1"]
    assert problems(press_only(), waves=waves, templates=(first, template("again"))) == []


def test_a_followups_expression_that_nobody_can_use_is_told_once_and_stops_no_first_letter() -> None:
    for source in ("tier in range(10 ** 9)", "tier ==", "teir == 0"):
        waves = (wave("first", follow_up=follow_up("again", to=expression(source))),)
        found = problems(contact("a"), waves=waves, templates=(template(), template("again")))
        (problem,) = dict.fromkeys(found)  # as everybody who says them joins them
        assert (problem.code, problem.about) == ("bad-expression", "follow-up:first")


# -- languages ------------------------------------------------------------------------------------


def test_a_language_in_which_the_letter_or_its_follow_up_is_not_there_is_a_warning_each() -> None:
    waves = (wave("first", follow_up=follow_up("again", to=expression("id != 'c'"))),)
    templates = (template(), template("again"), template(language="de", file="templates/letter.de.md"))
    contacts = (contact("a", language="de"), contact("b", language="nb"), contact("c", language="nb"), contact("d"))
    found = problems(*contacts, waves=waves, templates=templates)
    assert [(problem.file, problem.code) for problem in found] == [
        ("templates/again.md", "language-fallback"),
        ("templates/again.md", "language-fallback"),
        ("templates/letter.md", "language-fallback"),
    ]
    said = " ".join(problem.message for problem in found)
    assert "There is no text in `de` for 1 contact (first a). They get this one." in said
    assert "There is no text in `nb` for 1 contact (first b). They get this one." in said
    assert "There is no text in `nb` for 2 contacts (first b). They get this one." in said
    assert found[0].hint == "Write templates/again.de.md, or change nothing."


def test_a_follow_up_that_nobody_gets_misses_no_language() -> None:
    waves = (wave("first", follow_up=follow_up("again", to=expression("tier == 1"))),)
    templates = (template(language="de"), template("again"))
    assert problems(contact("a", language="de"), waves=waves, templates=templates) == []


# -- angles, and when a wave starts ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "unused"),
    [
        ("From every angle, {{ contact.name }}", True),
        ("{{ contact.triangle }} {{ contact.name }} .angle", True),
        ("{{ contact.personal_text }}", False),
        ("{{ contact['personal_text'] }}", False),
        ("{% macro m(c) %}{{ c.personal_text|trim }}{% endmacro %}{{ m(contact) }}", False),
    ],
)
def test_an_angle_is_used_where_a_tag_reads_it_and_not_where_the_word_stands(body: str, unused: bool) -> None:
    found = problems(
        contact("a", personal_text="One."), contact("b", personal_text="Two."), templates=(template(body=body),)
    )
    assert [problem.code for problem in found] == (["angle-unused"] if unused else [])


def test_a_start_that_does_not_exist_is_told_at_its_own_line() -> None:
    start = {"start": datetime(2026, 3, 29, 2, 30), "line": 3, "start_line": 6}
    checked = Checked(
        campaign=campaign(wave(**start), legal=LEGAL, timezone="Europe/Brussels"),
        contacts=(contact("a"),),
        templates=(template(),),
        posts=(),
    )
    assert codes(cross_problems(checked)) == [("campaign.yaml", 6, "nonexistent-time")]


# --- who shares an address or a domain ---------------------------------------------------------------


def shared(*addresses: str) -> list[Problem]:
    contacts = [contact(f"c{at}", name=f"C{at}", channels=(email(each),)) for at, each in enumerate(addresses)]
    return [each for each in reach_problems(checked(*contacts)) if each.code.startswith("duplicate")]


def checked(*contacts: Contact) -> Checked:
    return Checked(campaign=campaign(), contacts=contacts, templates=(), posts=())


@given(st.integers(3, 60))
def test_a_domain_of_many_is_one_warning(number: int) -> None:
    [problem] = shared(*(f"m{each}@parliament.example" for each in range(number)))
    more = f" and {number - 3} more" if number > 3 else ""
    assert problem.message == f"{number} contacts (`C0`, `C1`, `C2`{more}) have addresses at parliament.example."
    assert (problem.file, problem.code) == ("contacts/c1.yaml", "duplicate-domain")


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["x.example", "y.example", "gmail.com"])), max_size=12)
)
def test_each_address_and_each_domain_is_told_once(pairs: list[tuple[str, str]]) -> None:
    addresses = [f"{name}@{domain}" for name, domain in pairs]
    found = shared(*addresses)
    twice = {each for each in addresses if addresses.count(each) > 1}
    assert len([each for each in found if each.code == "duplicate-address"]) == len(twice)
    domains = [each.partition("@")[2] for each in dict.fromkeys(addresses)]
    houses = {each for each in domains if domains.count(each) > 1} - {"gmail.com"}
    assert len([each for each in found if each.code == "duplicate-domain"]) == len(houses)


def test_an_address_of_many_is_one_warning_and_one_of_two_says_where_the_other_stands() -> None:
    [problem] = shared(*["info@a.example"] * 5)
    assert problem.message == "5 contacts (`C0`, `C1`, `C2` and 2 more) have the address info@a.example."
    [problem] = shared("info@a.example", "info@a.example")
    assert "which `C0` has too (contacts/c0.yaml, line 1)" in problem.message


def test_hosts_that_many_institutions_share_are_no_house() -> None:
    assert shared("a@europarl.europa.eu", "b@europarl.europa.eu", "c@ec.europa.eu", "d@ec.europa.eu") == []


def test_one_contact_with_two_addresses_at_its_domain_is_fine() -> None:
    one = contact("a", channels=(email("a@a.example"), email("b@a.example"), email("a@a.example", "press")))
    assert list(reach_problems(checked(one))) == []


@pytest.mark.parametrize("keys", [{"needs": expression("decision('gone') == 'yes'")}, {"to": expression("tier =")}])
def test_a_mistake_in_a_follow_up_s_gate_or_choice_stops_the_follow_ups_and_not_the_first_letters(
    keys: dict[str, Any],
) -> None:
    waves = (wave(follow_up=follow_up("letter", **keys)),)
    found = problems(contact("a"), waves=waves)
    assert {(problem.code, problem.about) for problem in found} == {("bad-expression", "follow-up:first")}
    made = world(
        campaign=campaign(*waves), contacts=(contact("a"),), templates=(template(),), blocked=blocked(tuple(found))
    )
    first = decide(Context(made)).recipients
    assert [(each.id, each.why) for each in first] == [("first/a/0", None)]
    assert not [each for each in would_follow(Context(made), first) if each.why is not Why.PROBLEM]


def test_a_campaign_with_an_error_is_told_its_other_mistakes_too() -> None:
    found = problems(waves=(wave("first", "tier = 0", "nowhere"),), blocked=frozenset({"campaign"}))
    assert [problem.code for problem in found] == ["bad-expression"]
