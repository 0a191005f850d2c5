"""One thing that happened, at an instant, by someone. The ledger keeps events and never changes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from outreach.model.ids import LetterId, PartId
from outreach.model.payload import (
    ApprovedPayload,
    CorrectedPayload,
    DecidedPayload,
    DraftPayload,
    FromMailPayload,
    LetterPayload,
    OpenedPayload,
    OutcomePayload,
    PartPayload,
    Payload,
    PlainPayload,
    ReplyPayload,
    ResolvedPayload,
    UndonePayload,
)
from outreach.model.records import dataclass


class EventKind(StrEnum):
    """What happened. The first block is what `outreach log` writes down."""

    CALL = "call"
    THEY_CALLED = "they-called"
    WE_CALLED = "we-called"
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
    FORGOTTEN = "forgotten"
    # what a person let go out, as these very bytes
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    TESTED = "tested"
    REPLY_WRITTEN = "reply-written"
    APPROVAL_ASKED = "approval-asked"
    APPROVAL_ANSWERED = "approval-answered"
    ATTACHMENT_VERSION = "attachment-version"
    # what became of a letter
    COMMITTING = "committing"
    ACCEPTED = "accepted"
    ADOPTED = "adopted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    IN_DOUBT = "in-doubt"
    RESOLVED = "resolved"
    # what became of a draft in our mailbox
    IN_DRAFTS = "in-drafts"
    DRAFT_DELETED = "draft-deleted"
    DRAFT_EDITED = "draft-edited"
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
    CAME_BACK = "came-back"
    TO_SORT = "to-sort"

    @property
    def in_words(self) -> str:
        """As people read it: `they wrote` where the ledger has `reply`, which says nothing of the direction."""
        logged = next((word for word, kind in LOGGED.items() if kind is self), str(self))
        return _IN_WORDS.get(self, logged.replace("-", " "))


LOGGED: Mapping[str, EventKind] = {
    "they-wrote": EventKind.REPLY,
    "we-wrote": EventKind.MESSAGE_SENT,
    "they-called": EventKind.THEY_CALLED,
    "we-called": EventKind.WE_CALLED,
    "met": EventKind.MEETING,
    "promised": EventKind.PROMISE,
    "posted": EventKind.POSTED,
    "other": EventKind.OTHER,
}
"""What `outreach log` takes -> the kind of event that it writes down."""

_IN_WORDS: Mapping[EventKind, str] = {
    EventKind.ADOPTED: "sent from another computer",
    EventKind.CLOSED: "done",
    EventKind.COMMITTING: "handing over",
    EventKind.FORGOTTEN: "erased",
    EventKind.HELD: "paused",
    EventKind.IN_DOUBT: "unknown",
    EventKind.OPENED: "condition met",
    EventKind.RELEASED: "resumed",
    EventKind.RESOLVED: "confirmed",
    EventKind.RETRACTED: "taken down",
    EventKind.TO_SORT: "to be sorted",
}
"""Today's words (docs/glossary.md) for kinds that the ledger calls otherwise."""

LOGGED_BEFORE: Mapping[str, str | None] = {
    "reply": "they-wrote",
    "message-sent": "we-wrote",
    "meeting": "met",
    "promise": "promised",
    "form-sent": None,
    "call": None,
}
"""Words of older versions that it still takes -> the word of today; None if there is no better one."""

NOTED = (*LOGGED.values(), EventKind.CALL, EventKind.FORM_SENT)

ANSWERS = (
    EventKind.CALL,
    EventKind.THEY_CALLED,
    EventKind.WE_CALLED,
    EventKind.MEETING,
    EventKind.REPLY,
    EventKind.ANSWERED,
)
"""Human answers: any of them stops the first letter and every further step."""

APPROVALS = (EventKind.APPROVED, EventKind.WITHDRAWN, EventKind.TESTED)
"""What bears on a letter's or post's approval, but does not contact anybody."""

FROM_MAIL = (
    EventKind.ANSWERED,
    EventKind.REPLIED_BY_US,
    EventKind.BOUNCED,
    EventKind.OPTED_OUT,
    EventKind.AUTO_REPLIED,
    EventKind.PROPOSED,
    EventKind.CAME_BACK,
    EventKind.TO_SORT,
)
"""What the mailbox said. A person may take it back where a message was taken for what it is not."""

CONTACTED = (EventKind.ACCEPTED, EventKind.ADOPTED, EventKind.FORM_SENT, EventKind.MESSAGE_SENT)
"""What makes a contact one that was written to."""


WRITTEN_AS_DRAFT = (EventKind.IN_DRAFTS, EventKind.DRAFT_DELETED)
"""What may be known of a draft that a person has not sent: it is there, or they deleted it."""

_DELIVERED = (*CONTACTED, EventKind.COMMITTING, EventKind.DEFERRED, EventKind.REFUSED, EventKind.IN_DOUBT)
"""What may become of a letter or of a part of a post."""

_PAYLOADS: Mapping[EventKind, type[Payload]] = {
    **dict.fromkeys(_DELIVERED, LetterPayload),
    **dict.fromkeys(APPROVALS, ApprovedPayload),
    **dict.fromkeys(FROM_MAIL, FromMailPayload),
    **dict.fromkeys((EventKind.IN_DRAFTS, EventKind.DRAFT_DELETED, EventKind.DRAFT_EDITED), DraftPayload),
    EventKind.CORRECTED: CorrectedPayload,
    EventKind.DECIDED: DecidedPayload,
    EventKind.OPENED: OpenedPayload,
    EventKind.OUTCOME: OutcomePayload,
    EventKind.REPLY_WRITTEN: ReplyPayload,
    EventKind.RESOLVED: ResolvedPayload,
    EventKind.UNDONE: UndonePayload,
}


def payload_type(kind: EventKind, *, is_post: bool) -> type[Payload]:
    """What events of a kind say."""
    return PartPayload if is_post and kind in _DELIVERED else _PAYLOADS.get(kind, PlainPayload)


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One event.

    `number` is the ledger's, counted from 1; 0 before it is stored. `at` is the UTC instant at
    which it happened, `recorded` the one at which it was written down (both aware). `name` and `value` are the columns
    in which the ledger keeps its `payload`, and only that reads them. Of a letter, `text` is its subject, or what the
    server said. `text` is personal and kept apart, so that it can be blanked.
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

    @property
    def payload(self) -> Payload:
        """What the event says, by its kind."""
        return payload_type(self.kind, is_post=self.post is not None).read(self.name, self.value)

    @classmethod
    def saying(cls, kind: EventKind, payload: Payload, *, letter: LetterId | None = None, **columns: Any) -> Event:
        """An event with that payload and these other fields; `letter` is the one that it is about.

        Raises TypeError for the payload of another kind.
        """
        if letter is not None:
            columns |= {"wave": letter.wave, "contact": letter.contact, "step": letter.step}
        wanted = payload_type(kind, is_post=columns.get("post") is not None)
        if type(payload) is not wanted:
            raise TypeError(f"{kind} says {wanted.__name__}, not {type(payload).__name__}")
        name, value = payload.stored()
        return cls(kind=kind, name=name, value=value, **columns)


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Receipt:
    """The proof that one effect happened, as a line of `receipts.jsonl`.

    `id` is the letter's (`WAVE/CONTACT/STEP`) or post part's (`POST/NETWORK/PART`), `at` the UTC
    instant (aware), `via` how it left, `proof` a Message-ID or URI, `ledger` the id of the ledger
    that holds the event. `to` marks the address by a keyed hash (history/address_marks), "" where
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
        return _about(self.id, "://" in self.proof)


@lru_cache(maxsize=100_000)  # it is asked of every receipt again and again
def _about(id: str, is_post: bool) -> LetterId | PartId:
    return PartId.parse(id) if is_post else LetterId.parse(id)
