"""What of a report is for everybody: who was written to and when, texts, posts and totals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from outreach.letters.materials import Materials
from outreach.model.report import (
    CONTACT_COLUMNS,
    WITHHELD,
    ContactLine,
    GoalLine,
    LetterLine,
    PostLine,
    Report,
    TemplateText,
)
from outreach.model.template import Template
from outreach.reporting.invented import ABOUT_TEXTS, invented_texts
from outreach.reporting.persons import Persons

_NOT_OUT = ("refused", "in-doubt")
_ABOUT_ONE = re.compile(r"\bcontacts\b")


def for_everybody(report: Report, templates: Iterable[Template], materials: Materials) -> Report:
    """The public report. An outcome stands by a name only where that contact made a public statement.

    Private persons are not named, and what a tier or wave came to is not said, since few contacts make a name.
    Templates are shown as an invented contact would get them. `materials` are those of the campaign today.
    """
    persons = Persons(materials.contacts, materials.campaign.everybody)
    contacts = tuple(_contact(line, persons) for line in report.contacts if line.letters)
    gone = [letter for letter in report.letters if letter.result not in _NOT_OUT]
    texts = tuple(_text(text, persons) for text in invented_texts(gone, templates, materials))
    goals = tuple(_goal(goal, persons) for goal in report.goals if not _ABOUT_ONE.search(goal.measure))
    return replace(
        report,
        public=True,
        tiers=(),
        waves=(),
        goals=goals,
        contacts=contacts,
        letters=tuple(_letter(letter, persons) for letter in gone),
        happenings=(),
        planned=(),
        posts=tuple(_post(post, persons) for post in report.posts if post.published is not None),
        weeks=tuple(replace(week, answers=None) for week in report.weeks),
        templates=texts,
        about_texts=ABOUT_TEXTS if texts else "",
        left_out=tuple(_left_out(report, contacts, len(report.goals) - len(goals))),
        entries={},
    )


def _contact(line: ContactLine, persons: Persons) -> ContactLine:
    named = bool(line.id) and line.id not in persons
    public = {name: getattr(line, name) for name, column in CONTACT_COLUMNS.items() if column.public is not None}
    return replace(
        ContactLine(**public),
        id=line.id if named else "",
        name=line.name if named else WITHHELD,
        outcome=line.outcome if named and line.statement else "",
        wave=persons.withheld_from(line.wave),
        templates=tuple(map(persons.withheld_from, line.templates)),
        carried=tuple(map(persons.withheld_from, line.carried)),
        statement=line.statement if named else None,
    )


def _letter(letter: LetterLine, persons: Persons) -> LetterLine:
    named = bool(letter.contact) and letter.contact not in persons
    return replace(
        letter,
        contact=letter.contact if named else "",
        name=letter.name if named else WITHHELD,
        wave=persons.withheld_from(letter.wave),
        template=persons.withheld_from(letter.template),
        subject="",
        via="",
        carried=tuple(map(persons.withheld_from, letter.carried)),
        entries=(),
    )


def _text(text: TemplateText, persons: Persons) -> TemplateText:
    return TemplateText(
        file=persons.withheld_from(text.file),
        subject=persons.withheld_from(text.subject),
        body=persons.withheld_from(text.body),
    )


def _goal(goal: GoalLine, persons: Persons) -> GoalLine:
    """A goal by its name and number: its measure is a condition of ours, and the reason repeats it."""
    reason = "not known yet" if goal.value is None else ""
    return replace(goal, name=persons.withheld_from(goal.name), measure="", reason=reason)


def _post(post: PostLine, persons: Persons) -> PostLine:
    return replace(post, id=persons.withheld_from(post.id))


def _left_out(report: Report, contacts: Iterable[ContactLine], goals: int) -> Iterator[str]:
    yield "notes, personal texts, people and internal notes of all contacts"
    yield "comments and conditions of templates, and what they say to one contact only"
    yield "subjects and addresses of emails, what is due or waiting, and the results of each tier and wave"
    outcomes = sum(1 for line in report.contacts if line.outcome and not line.statement)
    if outcomes:
        yield f"outcomes by name of contacts without a public statement: {outcomes}"
    withheld = sum(not line.id for line in contacts)
    if withheld:
        yield f"names of private persons, and of those who want no more mail: {withheld}"
    unwritten = sum(not line.letters for line in report.contacts)
    if unwritten:
        yield f"contacts that were not written to: {unwritten}"
    if goals:
        yield f"goals about single contacts: {goals}"
