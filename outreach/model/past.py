"""What the ledger's events come to: the fold of all that happened, by contact, post and decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime

from outreach.model.event import Event, EventKind, Receipt
from outreach.model.ids import LetterId, OfVersion
from outreach.model.records import dataclass

BY_LAW = "GDPR"
"""What was promised by law begins so: it is to be done from the day on which they asked."""
PROPOSED_ORDER = ("opt-out", "data-request", "bounce", "automatic", "not-for-us")
"""What a message may seem to be, the most serious first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SentLetter:
    """What became of one letter: `kind` is one of CONTACTED or WRITTEN_AS_DRAFT, IN_DOUBT or REFUSED.

    `message_id` carries its angle brackets. `said` is its subject, of a refused one what the server
    said. None: not known, as of a letter of which there is only a receipt. Of a draft in our mailbox `digest` is the
    sha256 (hex) of the letter in it and `place` its UIDVALIDITY:UID, "" where that is not known.
    """

    wave: str
    step: int
    kind: EventKind
    at: datetime
    via: str
    address: str | None = None
    message_id: str | None = None
    said: str | None = None
    digest: str = ""
    place: str = ""

    def id_of(self, contact: str) -> LetterId:
        """What it is called among the letters to that contact."""
        return LetterId(wave=self.wave, contact=contact, step=self.step)


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """What a person let go out under one id (`WAVE/CONTACT/STEP`, `POST/NETWORK`).

    `digest` is the sha256 (hex) of the frozen bytes, None if nothing is approved; `tested` that of the
    bytes last sent to ourselves. `at` is an aware UTC instant; `number` is the approving event's, so that
    what was known then can be told from what came later.
    """

    digest: str | None = None
    at: datetime | None = None
    by: str = ""
    number: int = 0
    tested: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """What somebody promised at the instant `at` (aware UTC), until a later touch keeps it; `number` is the event's."""

    number: int
    due: date | None
    owner: str | None
    text: str
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ToSort:
    """A message that seems to be what `word` says, until a person sorts it; `key` is its Message-ID."""

    word: str
    at: datetime
    key: str
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CameBack:
    """A letter that was not delivered although its address may be good: `cause` is quota, size, policy, temporary."""

    wave: str
    step: int
    cause: str
    at: datetime
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactPast:
    """What happened with one contact. Instants are aware UTC; None means never.

    `answered` is the last human answer, `ours` the last thing from us (a letter, a reply, a call):
    the later of the two says whose turn it is. `letters` are in the order in which they left.
    `away_until` is the last day that an automatic reply named, `proposed` an address that an answer
    named instead of its own, `bounced_address` the one that last bounced.
    `to_sort` are messages that wait for a person's word, `came_back` the last letter that was not delivered for now.
    `settled` is when an outcome was noted that ends our turn; a later outcome that does not makes it None again.
    `last` is the latest event, `ever` every state it has ever reached.
    """

    contact: str
    letters: tuple[SentLetter, ...] = ()
    answered: datetime | None = None
    ours: datetime | None = None
    bounced: datetime | None = None
    opted_out: datetime | None = None
    closed: datetime | None = None
    away_until: date | None = None
    proposed: str | None = None
    bounced_address: str | None = None
    to_sort: tuple[ToSort, ...] = ()
    came_back: CameBack | None = None
    outcome: str | None = None
    settled: datetime | None = None
    promises: tuple[Promise, ...] = ()
    last: Event | None = None
    ever: frozenset[str] = frozenset()

    @property
    def proposed_state(self) -> str | None:
        """What their messages seem to be, the most serious first; None if nobody has to sort anything."""
        words = {each.word for each in self.to_sort}
        return next((word for word in PROPOSED_ORDER if word in words), None)

    @property
    def is_our_turn(self) -> bool:
        """Whether they had the last word and it waits for ours."""
        said = [instant for instant in (self.ours, self.settled) if instant is not None]
        return self.answered is not None and all(self.answered > instant for instant in said)


@dataclass(frozen=True, kw_only=True, slots=True)
class PostPast(OfVersion):
    """What happened with one version of a post: when it was really published, where, its numbers.

    `refused` is what the network said when it refused a part, until that is asked for again.
    `parts` are the parts of the thread that are out, `of` how many it has (0: not known, as of one that a
    person posted), `doubt` those of which nobody knows. `revision` counts from 1; `retracted` is when it
    was last taken down (aware UTC).
    """

    post: str
    network: str
    published: datetime | None = None
    url: str | None = None
    numbers: Mapping[str, float] = field(default_factory=dict)
    parts: frozenset[int] = frozenset()
    of: int = 0
    doubt: frozenset[int] = frozenset()
    revision: int = 1
    retracted: datetime | None = None
    refused: str | None = None

    @property
    def gap(self) -> tuple[int, ...]:
        """The parts that are missing of a thread that has begun."""
        return tuple(number for number in range(1, self.of + 1) if number not in self.parts) if self.parts else ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """A pause: of everything (`target` "*"), or of `wave:ID`, `contact:ID`, `post:ID`."""

    target: str
    because: str
    since: datetime
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """All that happened. `elsewhere` are receipts that this ledger does not have.

    `decisions` maps an id to its choice and instant, `gates` a gate's name to the instant since
    which it is open, `approvals` the id of a letter or a version of a post to what was approved.
    """

    contacts: Mapping[str, ContactPast] = field(default_factory=dict)
    posts: Mapping[tuple[str, str], PostPast] = field(default_factory=dict)
    decisions: Mapping[str, tuple[str, datetime]] = field(default_factory=dict)
    gates: Mapping[str, datetime] = field(default_factory=dict)
    holds: tuple[Hold, ...] = ()
    suppressed: frozenset[str] = frozenset()
    mailbox_read: datetime | None = None
    approvals: Mapping[str, Approval] = field(default_factory=dict)
    elsewhere: tuple[Receipt, ...] = ()
