"""What of a report is for everybody: who was written to and when, texts, posts and totals."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from outreach.letters.materials import Materials
from outreach.model.campaign import Sender
from outreach.model.contact import ChannelKind, Contact, ContactKind
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

_SHORTEST = 3
"""A shorter name is a word of everyday language too often."""
_WORD = re.compile(r"\w+")
_SCHEME = re.compile(r"^https?://(?:www\.)?", re.IGNORECASE)


class Persons:
    """The natural persons that the files name: contacts that are persons, people at contacts, and contacts' owners.

    The senders are none of them: every letter says who wrote it.
    """

    def __init__(self, contacts: Iterable[Contact], senders: Iterable[Sender]) -> None:
        contacts = tuple(contacts)
        people = {_plain(person.name) for contact in contacts for person in contact.people}
        self._ids = {each.id for each in contacts if each.kind is ContactKind.PERSON or _plain(each.name) in people}
        # "Jane Doe Foundation" is an organisation, also where Jane Doe works: the longest name is the one meant.
        named = [name for each in contacts if each.id not in self._ids for name in (each.name, each.short)]
        named += [each for sender in senders for each in (sender.name, sender.email, sender.reply_to)]
        self._kept = {_plain(name) for name in named if name}
        withheld = {_plain(name): name for each in contacts for name in self._names_of(each)}
        names = {**dict(zip(self._kept, self._kept, strict=True)), **withheld}
        self._by_first_word: dict[str, list[str]] = defaultdict(list)
        for name in sorted(names.values(), key=len, reverse=True):
            if first := _WORD.match(name):
                self._by_first_word[first.group().casefold()].append(name)

    def __contains__(self, contact: str) -> bool:
        """Whether the contact of that id is a person; also one that has a person's name, whatever its `kind` says."""
        return contact in self._ids

    def withheld_from(self, text: str) -> str:
        """`text` without the names, addresses and ids of these persons."""
        text = unicodedata.normalize("NFC", text)
        made, end = [], 0
        for word in _WORD.finditer(text):
            if word.start() < end:
                continue
            for name in self._by_first_word.get(word.group().casefold(), ()):
                if found := _pattern(name).match(text, word.start()):
                    made += [text[end : word.start()], found.group() if _plain(name) in self._kept else WITHHELD]
                    end = found.end()
                    break
        return "".join([*made, text[end:]])

    def _names_of(self, contact: Contact) -> Iterator[str]:
        names = [part for person in contact.people for part in (person.name, person.email)]
        if contact.id in self._ids:
            addresses = (each.address for each in contact.channels if each.kind is not ChannelKind.FORM)
            names += [contact.id, contact.name, contact.short, *addresses, contact.website]
        if contact.owner:
            # Often only a first name, and written small: `owner: maria`; `owner: press` is not a name.
            names.append(contact.owner.title() if contact.owner.islower() else contact.owner)
        for name in names:
            bare = _SCHEME.sub("", unicodedata.normalize("NFC", name or "")).strip().strip("@/")
            if len(bare) >= _SHORTEST:
                yield bare


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """The name in a text, over line breaks too; in any case where it is more than one word of everyday language."""
    words = r"\s+".join(map(re.escape, name.split()))
    return re.compile(rf"{words}(?!\w)", re.IGNORECASE if re.search(r"\s|@|\.\w", name) else 0)


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
