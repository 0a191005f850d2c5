"""A message of the mailbox, as far as the status needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from outreach.model.records import dataclass

Proposal = Literal["opt-out", "data-request", "bounce", "automatic", "not-for-us"]
"""What a message seems to be, until a person confirms or corrects it."""
SortWord = Literal["answer", "automatic", "opt-out", "bounce", "not-for-us", "wrong-contact", "data-request"]
"""What a person says that a message is."""
BY_LIST = "from the address of a mailing list"
"""At the end of the `rule` of a message whose From is a mailing list."""
TO_LIST = "Reply-To may be a mailing list"
"""At the end of the `rule` of a message whose Reply-To is perhaps not the sender's own."""
SORT_WORDS: tuple[SortWord, ...] = SortWord.__args__  # type: ignore[attr-defined]


class MailKind(StrEnum):
    """What a message is to us."""

    ANSWER = "answer"
    WRONG_PERSON = "wrong-person"
    OPT_OUT = "opt-out"
    DATA_REQUEST = "data-request"
    AUTOMATIC = "automatic"
    TICKET = "ticket"
    CHALLENGE = "challenge"
    HARD_BOUNCE = "hard-bounce"
    SOFT_BOUNCE = "soft-bounce"
    DELAYED = "delayed"
    NOT_FOR_US = "not-for-us"
    OURS = "ours"


class Fate(StrEnum):
    """What became of a draft of ours in the mailbox: it is still there, was sent as it was or edited, or deleted."""

    THERE = "there"
    SENT = "sent"
    EDITED = "edited"
    DELETED = "deleted"
    UNKNOWN = "unknown"


BOUNCES = (MailKind.HARD_BOUNCE, MailKind.SOFT_BOUNCE)
PROPOSALS: Mapping[MailKind, Proposal] = {
    MailKind.OPT_OUT: "opt-out",
    MailKind.DATA_REQUEST: "data-request",
    MailKind.HARD_BOUNCE: "bounce",
    MailKind.SOFT_BOUNCE: "bounce",
    MailKind.DELAYED: "automatic",
    MailKind.AUTOMATIC: "automatic",
    MailKind.TICKET: "automatic",
    MailKind.CHALLENGE: "automatic",
    MailKind.NOT_FOR_US: "not-for-us",
}
"""What is proposed of a message of that kind, where nothing certain says so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Returned:
    """What a report says about one letter: `action` of RFC 3464 ("failed", "delayed"), `status` such as 5.1.1.

    `recipients` are the addresses that it names, the original one and the final one.
    """

    action: str
    status: str
    recipient: str
    diagnostic: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Incoming:
    """One message. Addresses are casefolded, Message-IDs carry their angle brackets.

    `at` is its own date as an aware UTC instant, None if it has none that can be read. `text` is what
    it says as plain text, `own_text` that without what it quotes. `returned_ids`, `returned_to` and
    `returned_subject` are those of the letter that a report sends back, or that a mail daemon copies into its text.
    `reply_to` is where they want answers, "" for where it came from; `references` are the ids of its thread, oldest
    first. `headers` are by lower-case name; `from_daemon`: nobody would answer to its sender, or a server wrote it.
    """

    message_id: str
    sender: str
    sender_name: str = ""
    recipients: tuple[str, ...] = ()
    subject: str = ""
    at: datetime | None = None
    answers_to: tuple[str, ...] = ()
    text: str = ""
    own_text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    report_type: str = ""
    reports: tuple[Returned, ...] = ()
    disposition: str = ""
    returned_ids: tuple[str, ...] = ()
    returned_to: tuple[str, ...] = ()
    returned_subject: str = ""
    from_daemon: bool = False
    invites: bool = False
    reply_to: str = ""
    references: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Sorted:
    """What a message is, by which `rule`; until when its sender is away, and which address it names instead.

    `certain`: it acts by itself; else a person is asked (`proposal`). `cause` is why a letter was not delivered
    although its address may be good: quota, size, policy, temporary.
    """

    kind: MailKind
    rule: str
    certain: bool = True
    away_until: date | None = None
    proposed: str | None = None
    cause: str = ""

    @property
    def proposal(self) -> Proposal | None:
        """What a person is asked to confirm; None if nobody has to be asked."""
        return None if self.certain else PROPOSALS.get(self.kind)


@dataclass(frozen=True, kw_only=True, slots=True)
class Matched:
    """Whose message it is: the contact, the letter it belongs to where that is known, and the rung of the ladder.

    `thread`: it is in that letter's thread, whatever its clock says. `proof` says what a report proves: "sure" with
    our Message-ID, "unverified" with recipient and subject soon after the letter, "" nothing.
    """

    contact: str
    rung: str
    wave: str | None = None
    step: int | None = None
    letter: str | None = None
    at: datetime | None = None
    thread: bool = False
    proof: Literal["", "sure", "unverified"] = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptMessage:
    """A message that mattered. `contact` is None in the holding pen; `rung` says how it was matched.

    `key` is its Message-ID, `place` where it lies (folder and number), `at` an aware UTC instant, `text` what its
    sender wrote, without quotations; `proposed` an address that it names. `proposal` is what it seems to be, `sorted`
    what a person said that it is; None if nobody had to, or did. `reply_to` is where they want answers, "" for where
    it came from; `references` are the ids of its thread, oldest first.
    """

    key: str
    place: str
    kind: MailKind
    rule: str
    at: datetime
    sender: str
    subject: str
    text: str
    number: int = 0
    rung: str | None = None
    contact: str | None = None
    proposed: str | None = None
    proposal: Proposal | None = None
    sorted: SortWord | None = None
    reply_to: str = ""
    references: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What commands call it: m12."""
        return f"m{self.number}"
