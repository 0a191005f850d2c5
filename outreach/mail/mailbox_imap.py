"""A mailbox over IMAP: folders are opened read-only and bodies peeked at, so that nothing is marked or moved."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from outreach.connections.secrets import Secrets
from outreach.errors import MailboxUnreadable
from outreach.mail.imap_connecting import logged_in
from outreach.mail.mailbox import Letterhead
from outreach.model.campaign import MailAccount

BATCH = 200
"""Messages whose headers are asked for at once."""
_SKIPPED = {b"\\trash", b"\\drafts", b"\\noselect", b"\\nonexistent"}
_SKIPPED_NAMES = {
    "trash",
    "drafts",
    "deleted items",
    "deleted messages",
    "papierkorb",
    "entwürfe",
    "corbeille",
    "brouillons",
}


class ImapMailbox:
    """A mailbox over IMAP. Its cursor is `UIDVALIDITY:UID`; a folder that was renumbered is read again."""

    def __init__(self, account: MailAccount, root: Path, secrets: Secrets) -> None:
        inbox = account.inbox
        self._named = inbox.folders if inbox else ()
        self._host = (inbox.imap if inbox else None) or ""
        self._client: IMAPClient = logged_in(account, root, secrets)
        self.account = f"imap:{(inbox.user if inbox else None) or account.user}@{self._host}"

    def folders(self) -> list[str]:
        """As named in campaign.yaml, with Sent; else every folder but trash and drafts."""
        with self._translated():
            found = [(set(map(bytes.lower, flags)), name) for flags, _, name in self._client.list_folders()]
        sent = [name for flags, name in found if b"\\sent" in flags] or [
            n for _, n in found if n.lower() in ("sent", "gesendet")
        ]
        if self._named:
            return list(dict.fromkeys([*self._named, *sent]))
        return [
            name
            for flags, name in found
            if not flags & _SKIPPED and name.rpartition("/")[2].lower() not in _SKIPPED_NAMES
        ]

    def new_messages(self, folder: str, cursor: str | None, has_file: Callable[[str], bool]) -> Iterator[Letterhead]:
        with self._translated(folder):
            validity = int(self._client.select_folder(folder, readonly=True)[b"UIDVALIDITY"])
        known, _, last = (cursor or ":").partition(":")
        after = int(last or 0) if known == str(validity) else 0
        with self._translated(folder):
            found = self._client.search(["UID", f"{after + 1}:*"])
        uids = sorted(uid for uid in found if uid > after)  # `n:*` gives the last one whatever its number
        for begin in range(0, len(uids), BATCH):
            yield from self._batch(folder, validity, uids[begin : begin + BATCH])

    def _batch(self, folder: str, validity: int, uids: list[int]) -> Iterator[Letterhead]:
        with self._translated(folder):
            heads: dict[int, dict[bytes, Any]] = self._client.fetch(uids, ["BODY.PEEK[HEADER]"])
        for uid in uids:
            head = heads.get(uid, {}).get(b"BODY[HEADER]")
            if head is None:  # it was removed between the two questions
                continue
            yield Letterhead(
                place=f"{folder};UIDVALIDITY={validity};UID={uid}",
                head=bytes(head),
                whole=partial(self._whole, folder, uid),
                cursor=f"{validity}:{uid}",
            )

    def _whole(self, folder: str, uid: int) -> bytes:
        with self._translated(folder):
            found = self._client.fetch([uid], ["BODY.PEEK[]"])
        return bytes(found.get(uid, {}).get(b"BODY[]") or b"")

    def close(self) -> None:
        with contextlib.suppress(OSError, IMAPClientError):
            self._client.logout()

    @contextlib.contextmanager
    def _translated(self, folder: str = "") -> Iterator[None]:
        try:
            yield
        except (IMAPClientError, OSError, KeyError) as error:
            where = f"The folder {folder} at {self._host}" if folder else f"The mailbox at {self._host}"
            hint = "Try it again; the folders that are read stand in accounts.mail.inbox."
            raise MailboxUnreadable(f"{where} cannot be read.", hint=hint) from error
