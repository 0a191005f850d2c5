"""A public report shows what letters say, and nothing of how they were made, of whom we know, or what we noted."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.history import fold, taken_back, takes_back
from outreach.letters.materials import Materials
from outreach.model.campaign import Decision, Goal
from outreach.model.contact import ContactKind, Person
from outreach.model.event import Event, EventKind
from outreach.model.report import WITHHELD, Report
from outreach.model.template import Template
from outreach.pages.report_files import FORMATS, report_file
from outreach.planning.gates import facts_of
from outreach.planning.plan import plan
from outreach.planning.status import contact_statuses
from outreach.reporting import Book, for_everybody, make_report
from tests.ledger.histories import DAY, numbered
from tests.planning.campaigns import campaign, contact, email, expression, follow_up, template, wave
from tests.planning.worlds import world
from tests.sending.campaigns import run, write_campaign

AT = datetime(2026, 1, 13, 8, 0, tzinfo=UTC)


def texts_of(report: Report) -> Iterator[tuple[str, str]]:
    """The report in every format, as text: of a workbook all that is in it."""
    for suffix in FORMATS:
        content = report_file(report, suffix)
        if suffix == ".xlsx":
            with ZipFile(io.BytesIO(content)) as book:
                content = b"\n".join(book.read(name) for name in book.namelist())
        yield suffix, content.decode("utf-8")


def event(kind: EventKind, **keys: Any) -> Event:
    return Event(kind=kind, at=DAY, recorded=DAY, by=keys.pop("by", "alex"), **keys)


def letter_to(name: str) -> Event:
    return event(EventKind.ACCEPTED, contact=name, wave="first", step=0, value="smtp", text="A subject")


def public(contacts: list[Any], templates: list[Template], events: list[Event], **keys: Any) -> Report:
    """The public report of a campaign with one wave, in which the events happened."""
    happened = numbered(events)
    plans = campaign(wave(name=templates[0].name), timezone="Europe/Brussels", **keys)
    known = world(campaign=plans, contacts=tuple(contacts), templates=tuple(templates), past=fold(happened), now=AT)
    planned = plan(known)
    book = Book(contacts, taken_back(filter(takes_back, happened)))
    for each in happened:
        book.take(each)
    report = make_report(known, planned, contact_statuses(known, planned, frozenset()), book, {})
    materials = Materials(campaign=plans, contacts=tuple(contacts), known=facts_of(known))
    return for_everybody(report, templates, materials)


def shown(body: str, *more: Any, subject: str = "Hello", **keys: Any) -> str:
    """The text that a public report shows of a template with that body."""
    contacts = [contact("acme", name="Acme"), *more]
    [text] = public(contacts, [template(body=body, subject=subject)], [letter_to("acme")], **keys).templates
    return text.body


HIDING = (
    "{{# {} #}}",
    "{{# a comment\nover lines: {} #}}",
    "{{#- {} -#}}",
    "{{% if contact.id == '{}' %}}x{{% endif %}}",
    "{{% if contact.id == 'acme' %}}{}{{% endif %}}",
    "{{% if contact.name == 'Acme' or contact.short == '{}' %}}slow{{% endif %}}",
    "{{% set note = '{}' %}}",
    "{{% set note %}}{}{{% endset %}}",
    "{{% macro unused() %}}{}{{% endmacro %}}",
    "{{% if contacts['acme'].answered %}}{}{{% endif %}}",
    "{{% if contacts['acme'].contacted %}}{}{{% else %}}-{{% endif %}}",
    "{{% if 'weak' in contact.tags %}}{}{{% endif %}}",
    "{{{{ '{}' if contact.country == 'BE' else '-' }}}}",
    "{{% for tag in contact.tags %}}{}{{% endfor %}}",
    "<!-- {} -->",
    "{{{{ contact.personal_text }}}} {{# {} #}}",
    "{{{{ contact.owner }}}} {{{{ contact.people[0].name }}}} {{{{ contact.people[0].email }}}} {{# {} #}}",
    "{{{{ contact.fields.city }}}} {{{{ contact.source }}}} {{{{ contact.email }}}} {{# {} #}}",
    "{{{{ contact.context }}}} {}",
    "written by Canary Person, with {{# {} #}}",
    "written by canary\nperson <canary@person.example> {{# {} #}}",
)


@settings(max_examples=30)
@given(st.lists(st.sampled_from(HIDING), min_size=1, max_size=6), st.sampled_from(("acme", "", "canary-person")))
def test_no_canary_of_ours_is_in_any_format(pieces: list[str], also_written_to: str) -> None:
    body = "Dear {{ contact.name }},\n\n" + "\n\n".join(piece.format("CANARY") for piece in pieces)
    contacts = [
        contact(
            "acme", name="Acme", owner="CANARY owner", internal_notes="CANARY context",
            personal_text="CANARY angle", tags=("weak",),
            people=(Person(name="Canary Person", role="CANARY", email="canary@person.example"),),
            channels=(email("canary@acme.example"),), found_at="CANARY source", country="BE",
            fields={"city": "CANARY city", "members": 4000},
        ),
        contact("canary-person", name="Jana Canary", kind=ContactKind.PERSON, owner="canary"),
        contact("unmarked", name="canary PERSON"),
    ]  # fmt: skip
    happened = [letter_to(name) for name in ("acme", also_written_to, "unmarked") if name]
    happened += [
        event(EventKind.CALL, contact="acme", text="CANARY call", by="CANARY caller"),
        event(EventKind.OUTCOME, contact="acme", value="supports", text="CANARY outcome"),
        event(EventKind.HELD, name="*", text="CANARY brake"),
        event(EventKind.DECIDED, name="reddit", value="go", text="CANARY reason"),
    ]
    measure = expression("count('answered', tier=0)")
    about_one = expression("1 if contacts['canary-person'].outcome == 'supports' else 0")
    report = public(
        contacts, [template(body=body, subject="Hi {# CANARY #}", file="templates/letter.md")], happened,
        goals=(Goal(name="Answers", measure=measure, target=2), Goal(name="CANARY goal", measure=about_one, target=1)),
        decisions=(Decision(id="reddit", ask="CANARY question", choices=("go", "stop")),),
    )  # fmt: skip
    for suffix, text in texts_of(report):
        assert "canary" not in text.casefold(), suffix
        assert "count(" not in text, suffix
        assert "Acme" in text, suffix


def test_a_text_is_what_an_invented_organisation_would_read_and_the_report_says_so() -> None:
    body = "Dear {{ contact.name }},\n\n{{ contact.personal_text }}\n\n"
    body += "- {{ contact.fields.members + 1 }} members\n- {{ contact.fields.site }}\n"
    fields = {"members": 4000, "site": "https://acme.example"}
    report = public(
        [contact("acme", name="Acme", personal_text="You made roads.", fields=fields)],
        [template(body=body)],
        [letter_to("acme")],
    )
    [text] = report.templates
    assert text.body.startswith("Dear Invented Organisation,\n\n(Here is the paragraph written for this organisation.)")
    assert "1 members" in text.body
    assert "https://invented.example/" in text.body
    for suffix, content in texts_of(report):
        if suffix in (".html", ".md", ".json"):
            assert "made up" in content, suffix


def test_a_text_that_does_not_render_is_named_and_not_shown() -> None:
    assert "source" not in shown("{{ contact.context }} source")
    assert "source" not in shown("{{ contact.nothing }} source")
    assert "source" not in shown("{% if %} source")
    assert "source" not in shown("[here]({{ contact.name }}) source")


def test_what_a_value_that_comes_later_is_about_is_not_said() -> None:
    assert shown("{{ contacts['acme'].outcome }} {{ contacts['acme'].contacted_on }}").strip() == "⟦…⟧ ⟦…⟧"


def test_a_follow_up_is_shown_without_the_subject_of_anybodys_letter() -> None:
    text = template(name="again", body="After {{ previous.subject }} of {{ previous.sent_on }}: hello.")
    second = event(EventKind.ACCEPTED, contact="acme", wave="first", step=1, value="smtp", text="Roads for Acme")
    plans = campaign(wave(name="letter", follow_up=follow_up("again")), timezone="Europe/Brussels")
    known = world(campaign=plans, contacts=(contact("acme", name="Acme"),), templates=(template(), text),
                  past=fold(numbered([letter_to("acme"), second])), now=AT)  # fmt: skip
    book = Book(known.contacts, lambda each: False)
    planned = plan(known)
    made = make_report(known, planned, contact_statuses(known, planned, frozenset()), book, {})
    found = for_everybody(made, known.templates, Materials(campaign=plans, contacts=known.contacts))
    assert [each.body.strip() for each in found.templates] == [
        "Dear Invented Organisation,\n\nhello.",
        "After (the subject of the first email) of 2000-01-01: hello.",
    ]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Jane Doe told us", f"{WITHHELD} told us"),
        ("JANE\nDOE told us", f"{WITHHELD} told us"),
        ("Ask jane@acme.example", f"Ask {WITHHELD}"),
        ("Maria will call", f"{WITHHELD} will call"),
        ("The Jane Doe Foundation helped", "The Jane Doe Foundation helped"),
        ("Jane Doering told us", "Jane Doering told us"),
        ("Alex Example told us", "Alex Example told us"),
        ("the press told us", "the press told us"),
    ],
)
def test_a_private_person_is_not_named_by_the_text_itself(words: str, left: str) -> None:
    others = (
        contact("roads", name="Roads", people=(Person(name="Jane Doe", email="jane@acme.example"),), owner="maria"),
        contact("jane-doe-foundation", name="Jane Doe Foundation", owner="press"),
        contact("sender", name="Senders", people=(Person(name="Alex Example"),)),
    )
    assert shown(f"{words}.", *others).strip() == f"{left}."


def test_a_person_without_the_kind_person_is_one_by_its_name() -> None:
    people = (Person(name="Jane Doe"),)
    report = public([contact("jane-doe", name="Jane Doe", people=people)], [template()], [letter_to("jane-doe")])
    assert [line.name for line in report.contacts] == [WITHHELD]
    assert [line.name for line in report.letters] == [WITHHELD]


def test_the_report_of_a_campaign_in_a_folder_shows_no_source(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=2)
    (root / "templates" / "hello.md").write_text(
        "---\nsubject: Hello\n---\n{# INTERNAL #}Dear {{ contact.name }},\n\n"
        "{% if contact.id == 'c0000' %}slow ones{% endif %}\n",
        encoding="utf-8",
    )
    assert run(root, "note", "c0000", "message-sent", "We wrote to them").code == 0
    assert run(root, "approve", "one", "--yes").code == 0
    assert run(root, "send", "one", "--go", "--no-wait").code == 0
    for suffix in FORMATS:
        path = root / f"public{suffix}"
        assert run(root, "report", "--public", "--out", str(path)).code == 0
        content = path.read_bytes()
        for hidden in (b"INTERNAL", b"slow ones", b"c0000'", b"{%", b"{{"):
            assert hidden not in content, suffix
        if suffix in (".html", ".md", ".json"):
            assert b"Invented Organisation" in content
    assert json.loads((root / "public.json").read_text(encoding="utf-8"))["about_texts"]
