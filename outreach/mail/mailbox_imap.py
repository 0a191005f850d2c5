"""A mailbox over IMAP: folders are opened read-only and bodies peeked at, so that nothing is marked or moved."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from outreach.connections.secrets import Secrets
from outreach.errors import FolderUnreadable, MailboxUnreadable
from outreach.mail.imap_connecting import logged_in
from outreach.mail.imap_folders import Listed, last, listed, names
from outreach.mail.imap_heads import Heads
from outreach.mail.mailbox import Letterhead
from outreach.model.campaign import MailAccount

_SKIPPED = {b"\\trash", b"\\drafts", b"\\noselect", b"\\nonexistent"}
_NO_DRAFTS = ["UNDRAFT"]
"""A draft is not a letter that left, though Gmail's All Mail has it beside those that did."""
AT_ONCE = 25
"""Message-IDs that are asked for in one search."""


def _is_sent(flags: set[bytes], name: str) -> bool:
    """Whether what we sent is there: by the folder's attribute, then by its name."""
    return bool(flags & {b"\\sent", b"\\all"}) or (last(name) in names("sent_folders") and not flags & _SKIPPED)


def _any_of(ids: Sequence[str]) -> list[str]:
    """Search keys for messages with any of these ids; where a server wrote its own, References kept ours."""
    keys = [["HEADER", field, id] for id in ids for field in ("Message-ID", "References")]
    return ["OR"] * (len(keys) - 1) + [word for key in keys for word in key]


class ImapMailbox:
    """A mailbox over IMAP. Its cursor is `UIDVALIDITY:UID:SINCE`.

    A folder that was renumbered is read again, and so is one of which older messages count now.
    """

    def __init__(self, account: MailAccount, root: Path, secrets: Secrets) -> None:
        inbox = account.inbox
        self._named = inbox.folders if inbox else ()
        self._host = (inbox.imap if inbox else None) or ""
        self._client: IMAPClient = logged_in(account, root, secrets)
        self._heads = Heads(self._client, ())
        self._sent: frozenset[str] = frozenset()
        self._found: list[Listed] | None = None
        self.account = f"imap:{(inbox.user if inbox else None) or account.user}@{self._host}"

    def folders(self) -> list[str]:
        """As named in campaign.yaml, with those of what was sent; else every folder but trash, drafts and the like."""
        found = self._listed()
        if self._named:
            return list(dict.fromkeys([*self._named, *(name for flags, name in found if _is_sent(flags, name))]))
        skipped = names("skipped_folders") | names("drafts_folders")
        return [name for flags, name in found if not flags & _SKIPPED and last(name) not in skipped]

    def is_sent(self, folder: str) -> bool:
        return folder in self._sent

    def _listed(self) -> list[Listed]:
        """The folders, asked for once."""
        if self._found is None:
            with self._translated():
                found = listed(self._client)
            # "All Mail" holds what came, too
            self._sent = frozenset(name for flags, name in found if _is_sent(flags, name) and b"\\all" not in flags)
            self._found = found
        return self._found

    def new_messages(
        self, folder: str, cursor: str | None, has_file: Callable[[str], bool], since: date | None = None
    ) -> Iterator[Letterhead]:
        with self._translated(folder):
            validity = self._select(folder)
        known, _, rest = (cursor or "::").partition(":")
        last, _, asked = rest.partition(":")
        bound = since.isoformat() if since else ""
        after = int(last or 0) if known == str(validity) and asked <= bound else 0
        with self._translated(folder):
            criteria: list[Any] = [*_NO_DRAFTS, "UID", f"{after + 1}:*"]
            found = self._client.search([*criteria, "SINCE", since] if since else criteria)
        uids = sorted(uid for uid in found if uid > after)  # `n:*` gives the last one whatever its number
        yield from self._heads_of(folder, validity, uids, bound)

    def copies(
        self, ids: Collection[str], cursors: Mapping[str, str | None], has_file: Callable[[str, str], bool]
    ) -> Iterator[Letterhead]:
        folders = [name for flags, name in self._listed() if _is_sent(flags, name)]
        wanted = sorted(ids)
        for folder in folders:
            with self._translated(folder):
                validity = self._select(folder)
            for begin in range(0, len(wanted), AT_ONCE):
                with self._translated(folder):
                    uids = self._client.search(_NO_DRAFTS + _any_of(wanted[begin : begin + AT_ONCE]))
                yield from self._heads_of(folder, validity, sorted(uids), "")

    def _select(self, folder: str) -> int:
        """Open a folder to read it. Raises FolderUnreadable if this one alone cannot be opened."""
        self._heads.finish()
        try:
            return int(self._client.select_folder(folder, readonly=True)[b"UIDVALIDITY"])
        except IMAPClientError as error:
            if isinstance(error, IMAPClientAbortError):
                raise
            raise FolderUnreadable(folder, self._host) from error

    def _heads_of(self, folder: str, validity: int, uids: list[int], bound: str) -> Iterator[Letterhead]:
        self._heads = Heads(self._client, uids)
        batches = self._heads.batches()
        while True:
            with self._translated(folder):
                heads = next(batches, None)
            if heads is None:
                return
            for uid, head in sorted(heads.items()):  # what was removed since the search is not among them
                yield Letterhead(
                    place=f"{folder};UIDVALIDITY={validity};UID={uid}",
                    head=head,
                    whole=partial(self._whole, folder, uid),
                    cursor=f"{validity}:{uid}:{bound}",
                    is_sent=folder in self._sent,
                )

    def _whole(self, folder: str, uid: int) -> bytes:
        with self._translated(folder):
            self._heads.finish()
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
            hint = "Try it again; accounts.mail.inbox says which folders are read."
            raise MailboxUnreadable(f"{where} cannot be read.", hint=hint) from error
