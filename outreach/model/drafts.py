"""Drafts as they are found in a mailbox."""

from __future__ import annotations

from datetime import datetime
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

    `is_draft` is False for one outside Drafts that its server does not call a draft: it may have been sent, and put
    there or deleted.
    """

    uid: int
    folder: str
    place: Place
    digest: str
    head: Incoming
    is_draft: bool = True

    @property
    def is_sent(self) -> bool:
        """Whether it lies among what was sent: All Mail holds drafts, too."""
        return self.place is Place.SENT and not self.is_draft

    @property
    def is_left(self) -> bool:
        """Whether it is more than a draft that was deleted."""
        return self.place is not Place.TRASH or not self.is_draft

    @property
    def is_moved(self) -> bool:
        """Whether it is a draft that a person put into a folder of their own."""
        return self.place is Place.OTHER and self.is_draft

    def may_be_copy(self, since: datetime | None) -> bool:
        """Whether it may have been sent after that instant (aware UTC), and put elsewhere than what is sent."""
        is_new = since is None or (self.head.at is not None and self.head.at > since)
        return is_new and not self.is_draft and self.place is not Place.SENT

    def is_of(self, message_id: str, digest: str) -> bool:
        """Whether it is the letter of that Message-ID or digest, edited or not."""
        own = (self.head.message_id, self.head.headers.get(ORIGINAL.lower(), "").strip())
        if message_id in own or (digest and digest == self.digest):
            return True
        refers = self.head.headers.get("references", "").split()
        return refers[-1:] == [message_id] and not self.head.headers.get("in-reply-to")

    def is_version_of(self, message_id: str, digest: str) -> bool:
        """Whether it is that version of the letter, edited or not, or any that was sent.

        A draft of another version we took out of Drafts ourselves, and Gmail kept it.
        """
        return self.is_of(message_id, digest) and (self.is_sent or not digest or self.digest in ("", digest))
