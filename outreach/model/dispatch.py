"""A letter on its way: what is handed to a transport, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum

from outreach.model.past import SentLetter
from outreach.model.records import dataclass

TEST_SUBJECT = "TEST for"
"""In the subject of every test email."""
SENT_AS = "X-Outreach-Sent-As"
"""Says in a test email from whom it left: some servers write another From."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """One letter for one recipient.

    `id` is `WAVE/CONTACT/STEP`; `sender`, `recipient` and `cc` (those of us who get a copy) are the
    addresses on the envelope, in ASCII. `pieces`
    gives the whole message, CRLF line ends and Date included, not dot-stuffed. `digest` is that of the letter, ""
    where it is only tried out; `earlier` gives the frozen bytes of another version by its digest, None for what we
    never wrote. `replaces` is the version that was put into drafts before. `since` is when that was, else when this try
    began (aware UTC).
    `looks_back`: an email to its recipient that was sent later may be it, though the history was lost (aware UTC); None
    where that need not be looked for.
    """

    id: str
    message_id: str
    sender: str
    recipient: str
    pieces: Callable[[], Iterable[bytes]]
    digest: str = ""
    cc: tuple[str, ...] = ()
    earlier: Callable[[str], bytes | None] = lambda digest: None
    replaces: SentLetter | None = None
    subject: str = ""
    since: datetime | None = None
    looks_back: datetime | None = None

    @property
    def is_first(self) -> bool:
        """Whether it is a first letter, and no follow-up."""
        return self.id.endswith("/0")


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """Somebody took it: `via` which way, with what `reply` (or path), proved by `proof` (the Message-ID).

    `place` is where a draft lies, `UIDVALIDITY:UID`; "" where nobody said.
    """

    via: str
    reply: str
    proof: str
    place: str = ""


class Found(StrEnum):
    """What a transport can tell of a letter after a crash."""

    THERE = "there"
    NOT_THERE = "not there"
    CANNOT_TELL = "cannot tell"
