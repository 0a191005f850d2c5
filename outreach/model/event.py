"""One thing that happened, at an instant, by someone. The ledger keeps events and never changes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from outreach.model.ids import LetterId, PartId


class EventKind(StrEnum):
    """What happened. The first block is what `outreach note` takes."""

    CALL = "call"
    MEETING = "meeting"
    FORM_SENT = "form-sent"
    MESSAGE_SENT = "message-sent"
    REPLY = "reply"
    PROMISE = "promise"
    POSTED = "posted"
    OTHER = "other"
    # what a person decided
    UNDONE = "undone"
    DECIDED = "decided"
    OPENED = "opened"
    OUTCOME = "outcome"
    CLOSED = "closed"
    HELD = "held"
    RELEASED = "released"
    SUPPRESSED = "suppressed"
    # what a person let go out, as these very bytes
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    TESTED = "tested"
    # what became of a letter
    COMMITTING = "committing"
    ACCEPTED = "accepted"
    ADOPTED = "adopted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    IN_DOUBT = "in-doubt"
    RESOLVED = "resolved"
    # what became of a post that is out
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    COUNTED = "counted"
    # what the mailbox said
    MAILBOX_READ = "mailbox-read"
    ANSWERED = "answered"
    REPLIED_BY_US = "replied-by-us"
    BOUNCED = "bounced"
    OPTED_OUT = "opted-out"
    AUTO_REPLIED = "auto-replied"
    PROPOSED = "proposed"


NOTED = (
    EventKind.CALL,
    EventKind.MEETING,
    EventKind.FORM_SENT,
    EventKind.MESSAGE_SENT,
    EventKind.REPLY,
    EventKind.PROMISE,
    EventKind.POSTED,
    EventKind.OTHER,
)
"""What `outreach note` takes, in the order in which it names them."""

ANSWERS = (EventKind.CALL, EventKind.MEETING, EventKind.REPLY, EventKind.ANSWERED)
"""Human answers: any of them stops the first letter and every further step."""

APPROVALS = (EventKind.APPROVED, EventKind.WITHDRAWN, EventKind.TESTED)
"""What bears on a letter's or post's approval, and is no touch of anybody."""

CONTACTED = (EventKind.ACCEPTED, EventKind.ADOPTED, EventKind.FORM_SENT, EventKind.MESSAGE_SENT)
"""What makes a contact one that was written to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One event.

    `number` is the ledger's, counted from 1; 0 before it is stored. `at` is the UTC instant at
    which it happened, `recorded` the one at which it was written down (both aware). `name` is what
    it is about where that is neither contact, letter nor post: a decision, a gate, what is held.
    `value` is its outcome: a choice, a word, `via` for letters, the digest that an approval binds
    to, the number of an undone event, `2/3` for the second part of a thread of three. Of a letter,
    `name` is its Message-ID and `text` its subject, or what the server said; of a part of a post, `name`
    is its proof, once there is one. `text` is personal and kept apart, so that it can be blanked.
    """

    kind: EventKind
    at: datetime
    recorded: datetime
    by: str
    number: int = 0
    contact: str | None = None
    wave: str | None = None
    step: int | None = None
    post: str | None = None
    network: str | None = None
    name: str | None = None
    value: str | None = None
    url: str | None = None
    numbers: Mapping[str, float] = field(default_factory=dict)
    due: date | None = None
    owner: str | None = None
    address: str | None = None
    text: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Receipt:
    """The proof that one effect happened, as a line of `receipts.jsonl`.

    `id` is the letter's (`WAVE/CONTACT/STEP`) or post part's (`POST/NETWORK/PART`), `at` the UTC
    instant (aware), `via` how it left, `proof` a Message-ID or URI, `ledger` the id of the ledger
    that holds the event. `to` marks the address by a keyed hash (rules/address_marks), "" where
    nothing is known of it; two receipts that differ in it alone are the same.
    """

    id: str
    at: datetime
    via: str
    proof: str
    ledger: str
    to: str = field(default="", compare=False)

    @property
    def about(self) -> LetterId | PartId:
        """What it proves. Letters are proved by a Message-ID, posts by a URI; as text their ids look alike."""
        return PartId.parse(self.id) if "://" in self.proof else LetterId.parse(self.id)
