"""What of a report is for everybody: who was written to and when, texts, posts and totals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from outreach.model.contact import ContactKind
from outreach.model.report import CONTACT_COLUMNS, WITHHELD, ContactLine, LetterLine, Report, TemplateText
from outreach.model.template import Template


def for_everybody(report: Report, templates: Iterable[Template]) -> Report:
    """The public report. An outcome stands by a name only where that contact made a public statement.

    Private persons are not named, and what a tier or wave came to is not said, since few contacts make a name.
    """
    persons = {line.id for line in report.contacts if line.kind == ContactKind.PERSON}
    contacts = tuple(_contact(line) for line in report.contacts if line.letters)
    letters = tuple(_letter(letter, persons) for letter in report.letters)
    used = {letter.template for letter in report.letters if letter.template}
    texts = (TemplateText(file=t.file, subject=t.subject or "", body=t.body) for t in templates if t.name in used)
    return replace(
        report,
        public=True,
        tiers=(),
        waves=(),
        contacts=contacts,
        letters=tuple(letter for letter in letters if letter.result not in ("refused", "in-doubt")),
        happenings=(),
        planned=(),
        posts=tuple(post for post in report.posts if post.published is not None),
        templates=tuple(texts),
        left_out=tuple(_left_out(report, contacts)),
        entries={},
    )


def _contact(line: ContactLine) -> ContactLine:
    named = bool(line.id) and line.kind != ContactKind.PERSON
    public = {name: getattr(line, name) for name, column in CONTACT_COLUMNS.items() if column.public is not None}
    return replace(
        ContactLine(**public),
        id=line.id if named else "",
        name=line.name if named else WITHHELD,
        outcome=line.outcome if named and line.statement else "",
        statement=line.statement if named else None,
    )


def _letter(letter: LetterLine, persons: set[str]) -> LetterLine:
    named = bool(letter.contact) and letter.contact not in persons
    id, name = (letter.contact, letter.name) if named else ("", WITHHELD)
    return replace(letter, contact=id, name=name, subject="", via="", entries=())


def _left_out(report: Report, contacts: Iterable[ContactLine]) -> Iterator[str]:
    yield "notes, angles, people and context of all contacts"
    yield "subjects and addresses of letters, what is due or held, and what came of each tier and wave"
    outcomes = sum(1 for line in report.contacts if line.outcome and not line.statement)
    if outcomes:
        yield f"outcomes by name of contacts without a public statement: {outcomes}"
    withheld = sum(not line.id for line in contacts)
    if withheld:
        yield f"names of private persons, and of those who want no more mail: {withheld}"
    unwritten = sum(not line.letters for line in report.contacts)
    if unwritten:
        yield f"contacts that were not written to: {unwritten}"
