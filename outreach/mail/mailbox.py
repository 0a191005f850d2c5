"""The port through which mail is read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import field
from datetime import date
from typing import Protocol

from outreach.model.records import dataclass

HEAD = 64 * 1024
"""Bytes of a message that are looked at before it is known to matter."""
LARGEST = 30_000_000
"""Bytes of a message that are read at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Letterhead:
    """A message that was not read before: its headers, and how to get the whole of it.

    `place` says where it lies, for people; `cursor` how far the folder is read with it; `name` the file it
    is, where a folder remembers files. `is_sent`: it lies where the mailbox keeps what was sent from it.
    """

    place: str
    head: bytes
    whole: Callable[[], bytes] = field(repr=False)
    cursor: str = ""
    name: str = ""
    is_sent: bool = False


class Mailbox(Protocol):
    """A mailbox. `account` names it without its secret. Every method raises MailboxUnreadable."""

    account: str

    def folders(self) -> list[str]:
        """The folders in which answers may lie, and that of what was sent."""

    def is_sent(self, folder: str) -> bool:
        """Whether one of these is for what is sent, and for nothing else."""

    def new_messages(
        self, folder: str, cursor: str | None, has_file: Callable[[str], bool], since: date | None = None
    ) -> Iterator[Letterhead]:
        """What came since `cursor` (None: everything), oldest first; of files, those that `has_file` does not know.

        A server is asked only for what it received on the day `since` or later. Raises FolderUnreadable too.
        """

    def copies(
        self,
        ids: Collection[str],
        cursors: Mapping[str, str | None],
        has_file: Callable[[str, str], bool],
    ) -> Iterator[Letterhead]:
        """What we sent, by what is before the @ of its Message-ID, however old; of files, those not read yet."""

    def close(self) -> None:
        """Let go. Never raises."""
