"""Drafts as they are found in a mailbox."""

from __future__ import annotations

from enum import StrEnum

from outreach.model.mail import Incoming
from outreach.model.records import dataclass

ORIGINAL = "X-Microsoft-Original-Message-ID"
"""Where Outlook.com keeps the Message-ID in whose place it writes its own."""


class Place(StrEnum):
    """What kind of folder a message is in."""

    DRAFTS = "drafts"
    SENT = "sent"
    TRASH = "trash"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Lying:
    """A message that may be one of our drafts, and where it lies. `digest` is "" without our header.

    `is_draft` is False for one outside Drafts, Sent and the trash that its server does not call a draft: it may have
    been sent and put there.
    """

    uid: int
    folder: str
    place: Place
    digest: str
    head: Incoming
    is_draft: bool = True

    def is_of(self, message_id: str, digest: str) -> bool:
        """Whether it is the letter of that Message-ID or digest, edited or not."""
        own = (self.head.message_id, self.head.headers.get(ORIGINAL.lower(), "").strip())
        if message_id in own or (digest and digest == self.digest):
            return True
        refers = self.head.headers.get("references", "").split()
        return refers[-1:] == [message_id] and not self.head.headers.get("in-reply-to")
