"""A message of the mailbox, as far as the status needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class MailKind(StrEnum):
    """What a message is to us."""

    ANSWER = "answer"
    WRONG_PERSON = "wrong-person"
    OPT_OUT = "opt-out"
    AUTOMATIC = "automatic"
    TICKET = "ticket"
    CHALLENGE = "challenge"
    HARD_BOUNCE = "hard-bounce"
    SOFT_BOUNCE = "soft-bounce"
    DELAYED = "delayed"
    OURS = "ours"


@dataclass(frozen=True, kw_only=True, slots=True)
class Returned:
    """What a report says about one letter: `action` of RFC 3464 ("failed", "delayed"), `status` such as 5.1.1."""

    action: str
    status: str
    recipient: str
    diagnostic: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Incoming:
    """One message. Addresses are casefolded, Message-IDs carry their angle brackets.

    `at` is its own date as an aware UTC instant, None where it has none that can be read. `text` is what
    it says as plain text, `own_text` that without what it quotes. `returned_ids`, `returned_to` and
    `returned_subject` are those of the letter that a report sends back. `headers` are by lower-case name.
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Sorted:
    """What a message is, by which `rule`; until when its sender is away, and which address it names instead."""

    kind: MailKind
    rule: str
    away_until: date | None = None
    proposed: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Matched:
    """Whose message it is: the contact, the letter it belongs to where that is known, and the rung of the ladder."""

    contact: str
    rung: str
    wave: str | None = None
    step: int | None = None
    letter: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptMessage:
    """A message that mattered. `contact` is None in the holding pen; `rung` says how it was matched.

    `key` is its Message-ID, `place` where it lies (folder and number), `at` an aware UTC instant, `text` what its
    sender wrote, without quotations; `proposed` an address that it names.
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
