"""The report: who was contacted, when, with what and how, and who answered; every number with its proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from typing import Annotated, get_type_hints

from outreach.model.records import dataclass

WITHHELD = "name withheld"
"""What stands for somebody who is named in no report: they wanted no more mail, or are forgotten."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One event of the ledger, as far as a report may show it: `about` is a letter, a post or a contact.

    `number` is the ledger's; `at` is an aware UTC instant; `value` how a letter left, or an outcome's word.
    """

    number: int
    kind: str
    at: datetime
    about: str = ""
    value: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """A number, and the numbers of the ledger's entries that it was counted from, ascending.

    What left from another computer, and what nobody has done yet, has no entry here.
    """

    key: str
    label: str
    number: int
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterLine:
    """One letter that left, or may have. `result` is the kind of event that says so, `carried` its attachments with
    their version, `template` the one that its wave names today. `subject` is "" where it is not known."""

    contact: str
    name: str
    wave: str
    step: int
    at: datetime
    result: str
    via: str
    template: str = ""
    subject: str = ""
    carried: tuple[str, ...] = ()
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """An answer, an outcome, a bounce or a refusal to hear more: what, when (aware UTC), from whom, by which entry."""

    contact: str
    name: str
    what: str
    at: datetime
    value: str
    entry: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedLine:
    """A letter or post that has not left: its state, when it is due (aware UTC), and the reason where it is held."""

    id: str
    state: str
    due: datetime | None
    reason: str
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """What a contact said in public and agreed to be quoted with."""

    quote: str
    url: str = ""

    def __str__(self) -> str:
        return f"{self.quote} {self.url}".strip()


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """Where a field of a contact's line is shown.

    `csv` is its name in CSV files, `table` its heading in the tables of the report, "" where it is in none.
    `public` is its heading in a public report, "" where it is only among the data there; None: it is blanked.
    """

    csv: str
    table: str = ""
    public: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactLine:
    """One contact: where it stands, what it got, what came back. `id` is "" where the name is withheld.

    `letters` counts those that left in the report's time; instants are aware UTC, None for never. A new field becomes a
    column of every format here; its value is filled in by `contact_line` (reporting/lines.py).
    """

    id: Annotated[str, Column(csv="id", public="")] = ""
    name: Annotated[str, Column(csv="name", table="contact", public="contact")] = ""
    kind: Annotated[str, Column(csv="kind")] = ""
    tier: Annotated[int | None, Column(csv="tier", table="tier")] = None
    state: Annotated[str, Column(csv="state", table="state")] = ""
    outcome: Annotated[str, Column(csv="outcome", table="outcome", public="outcome")] = ""
    wave: Annotated[str, Column(csv="wave", public="")] = ""
    turn: Annotated[str, Column(csv="turn")] = ""
    letters: Annotated[int, Column(csv="letters", table="letters", public="letters")] = 0
    first: Annotated[datetime | None, Column(csv="first", public="first")] = None
    latest: Annotated[datetime | None, Column(csv="latest", table="latest", public="latest")] = None
    via: Annotated[str, Column(csv="via")] = ""
    templates: Annotated[tuple[str, ...], Column(csv="templates", public="")] = ()
    carried: Annotated[tuple[str, ...], Column(csv="attachments", public="")] = ()
    answered: Annotated[datetime | None, Column(csv="answered", table="answered")] = None
    answers: Annotated[int, Column(csv="answers")] = 0
    bounced: Annotated[datetime | None, Column(csv="bounced")] = None
    next: Annotated[str, Column(csv="next", table="next")] = ""
    due: Annotated[datetime | None, Column(csv="due", table="due")] = None
    held: Annotated[str, Column(csv="held_because", table="held because")] = ""
    statement: Annotated[Statement | None, Column(csv="public_statement", public="public statement")] = None
    entries: Annotated[tuple[int, ...], Column(csv="entries")] = ()


CONTACT_COLUMNS: Mapping[str, Column] = {
    name: hint.__metadata__[0] for name, hint in get_type_hints(ContactLine, include_extras=True).items()
}
"""The columns of a contact's line by the name of their field, in their order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """A post's numbers at one time: `when` is 1h, 24h, 7d, 30d or now; `at` is an aware UTC instant."""

    when: str
    at: datetime
    numbers: Mapping[str, float]
    entry: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PostLine:
    """One version of a post: where it is, since when (aware UTC), and what was counted on it."""

    id: str
    network: str
    state: str
    url: str
    published: datetime | None
    numbers: Mapping[str, float] = field(default_factory=dict)
    series: tuple[Measured, ...] = ()
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """A tier or a wave, with its counts in the order of the columns."""

    name: str
    counts: tuple[Count, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class GoalLine:
    """What the campaign wants to reach: `value` is None, and `reason` says why, where it is not known yet."""

    name: str
    measure: str
    target: int
    by: date | None
    value: float | None
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Week:
    """Seven days from a Monday: letters that left, and human answers that came (None: this report does not say)."""

    monday: date
    letters: int
    answers: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TemplateText:
    """A template as an invented contact would get it: the plain text of a letter, never the template's source."""

    file: str
    subject: str
    body: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """All of a report at one instant. `states` are the counts of `status`; all else is since `since`, where given.

    `timezone` is the one in which instants are shown, `language` the campaign's; `withheld` how many contacts are not
    named; `left_out` says what a public report does not hold, `about_texts` for whom its `templates` were rendered;
    `entries` are those that a count names, by number.
    """

    campaign: str
    title: str
    now: datetime
    timezone: str
    since: date | None
    public: bool
    states: tuple[Count, ...]
    totals: tuple[Count, ...]
    outcomes: tuple[Count, ...]
    tiers: tuple[Group, ...]
    waves: tuple[Group, ...]
    goals: tuple[GoalLine, ...]
    contacts: tuple[ContactLine, ...]
    letters: tuple[LetterLine, ...]
    happenings: tuple[Happening, ...]
    planned: tuple[PlannedLine, ...]
    posts: tuple[PostLine, ...]
    weeks: tuple[Week, ...]
    withheld: int
    templates: tuple[TemplateText, ...] = ()
    about_texts: str = ""
    left_out: tuple[str, ...] = ()
    entries: Mapping[int, Entry] = field(default_factory=dict)
    language: str = "en"

    def total(self, key: str) -> int:
        """The number of that key among the totals."""
        return next((count.number for count in self.totals if count.key == key), 0)
