"""The report: who was contacted when, with what, through what, and what came of it; every number with its proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

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


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactLine:
    """One contact: where it stands, what it got, what came back. `id` is "" where the name is withheld.

    `letters` counts those that left in the report's time; instants are aware UTC, None for never.
    """

    id: str
    name: str
    kind: str
    tier: int | None
    state: str
    outcome: str
    wave: str
    turn: str
    letters: int
    first: datetime | None
    latest: datetime | None
    via: str
    templates: tuple[str, ...]
    carried: tuple[str, ...]
    answered: datetime | None
    answers: int
    bounced: datetime | None
    next: str = ""
    due: datetime | None = None
    held: str = ""
    statement: Statement | None = None
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """A post's numbers at one time: `when` is 1h, 24h, 7d, 30d or now; `at` is an aware UTC instant."""

    when: str
    at: datetime
    numbers: Mapping[str, float]
    entry: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PostLine:
    """One edition of a post: where it is, since when (aware UTC), and what was counted on it."""

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

    `timezone` is the one in which instants are shown; `withheld` how many contacts are not named; `left_out`
    says what a public report does not hold, `about_texts` for whom its `templates` were rendered; `entries` are those
    that a count names, by number.
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

    def total(self, key: str) -> int:
        """The number of that key among the totals."""
        return next((count.number for count in self.totals if count.key == key), 0)
