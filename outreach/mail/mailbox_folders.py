"""Mailboxes on this computer: a Maildir (with its subfolders), an mbox file, or a folder of .eml files."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import BinaryIO

from outreach import storage
from outreach.errors import LeadsOut, MailboxUnreadable, Refused
from outreach.mail.mailbox import HEAD, LARGEST, Letterhead
from outreach.words.phrases import folded, phrases

_ID = re.compile(rb"(?im)^message-id:\s*<([^@>\s]{1,200})@")
_LONGEST_LINE = 1 << 20
_HEAD_ENDS = (b"\n\n", b"\r\n\r\n")


class FolderMailbox:
    """The mailbox `folder`, read as what it turns out to be: below `root`, or where this person has allowed it.

    Raises MailboxUnreadable if it leads out of the campaign folder and was not allowed.
    """

    def __init__(self, root: Path, folder: str) -> None:
        self._shown = folder
        self.account = f"folder:{folder}"
        try:
            self._path = storage.place(root, folder)
        except LeadsOut as error:
            hint = f"If it is your mailbox, allow it once: outreach trust {shlex.quote(error.target)}"
            raise MailboxUnreadable(f"The mailbox {folder} was not opened: {error.strerror}.", hint=hint) from error

    def folders(self) -> list[str]:
        """Names below the mailbox: "" for itself, the subfolders of a Maildir, or the mbox file."""
        if self._is_mbox():
            return [""]
        try:
            found = storage.entries(self._path)
        except OSError as error:
            hint = f"Make it: mkdir {shlex.quote(self._shown)}. Or correct `folder` in accounts.mail.inbox."
            raise MailboxUnreadable(f"The mailbox {self._shown} does not exist.", hint=hint) from error
        if not self._is_maildir(""):
            return [""]
        return ["", *(each.name for each in found if each.name.startswith(".") and self._is_maildir(each.name))]

    def is_sent(self, folder: str) -> bool:
        return _is_sent(f"{folder}/")

    def copies(
        self, ids: Collection[str], cursors: Mapping[str, str | None], has_file: Callable[[str, str], bool]
    ) -> Iterator[Letterhead]:
        for folder in self.folders():
            for head in self.new_messages(folder, cursors.get(folder), partial(has_file, folder)):
                found = _ID.search(head.head)
                if found and found[1].decode("ascii", "replace") in ids:
                    yield head

    def new_messages(
        self, folder: str, cursor: str | None, has_file: Callable[[str], bool], since: date | None = None
    ) -> Iterator[Letterhead]:
        try:
            if self._is_mbox():
                yield from self._of_mbox(int(cursor or 0))
            else:
                yield from self._of_files(folder, has_file)
        except OSError as error:
            hint = error.hint if isinstance(error, Refused) else ""
            sentence = f"The mailbox {self._shown} cannot be read: {error.strerror}."
            raise MailboxUnreadable(sentence, hint=hint) from error

    def close(self) -> None:
        """Nothing to be done."""

    def _is_mbox(self) -> bool:
        return storage.is_file(self._path.parent, self._path.name)

    def _is_maildir(self, folder: str) -> bool:
        try:
            return all(storage.is_folder(self._path, f"{folder}/{part}".lstrip("/")) for part in ("cur", "new"))
        except LeadsOut:
            return False

    def _of_files(self, folder: str, has_file: Callable[[str], bool]) -> Iterator[Letterhead]:
        is_maildir = self._is_maildir(folder)
        for file in self._messages(folder) if is_maildir else self._below():
            # In a Maildir flags (`:2,S`) and a move to cur/ do not count: it is the same message.
            name = file.rpartition("/")[2].partition(":2,")[0] if is_maildir else file
            if has_file(name):
                continue
            with storage.open_reading(self._path, file) as opened:
                head = opened.read(HEAD)
            place = f"{self._shown}/{f'{folder}/' if folder else ''}{name}"
            whole = partial(self._read, file)
            yield Letterhead(place=place, head=_cut(head), whole=whole, name=name, is_sent=_is_sent(file))

    def _messages(self, folder: str) -> Iterator[str]:
        """The files of a Maildir, by name: those in new/, then those in cur/."""
        for part in ("new", "cur"):
            within = f"{folder}/{part}" if folder else part
            found = storage.entries(self._path, within)
            yield from (f"{within}/{each.name}" for each in found if not each.name.startswith("."))

    def _below(self) -> Iterator[str]:
        """Every .eml at any depth."""
        return (name for name in storage.walk(self._path, "") if name.lower().endswith(".eml"))

    def _of_mbox(self, offset: int) -> Iterator[Letterhead]:
        """The messages behind `offset` bytes. A file that is shorter or other there is read from its beginning."""
        with self._opened() as file:
            file.seek(offset)
            if offset and file.read(5) not in (b"", b"From "):
                offset = 0
            if offset > os.fstat(file.fileno()).st_size:
                offset = 0
            file.seek(offset)
            for begin, end in _spans(file, offset):
                whole = partial(self._read_span, begin, end)
                head = _cut(self._read_span(begin, min(end, begin + HEAD)))
                yield Letterhead(place=f"{self._shown}@{begin}", head=head, whole=whole, cursor=str(end))

    def _opened(self) -> BinaryIO:
        return storage.open_reading(self._path.parent, self._path.name)

    def _read(self, file: str) -> bytes:
        with storage.open_reading(self._path, file) as opened:
            return opened.read(LARGEST)

    def _read_span(self, begin: int, end: int) -> bytes:
        with self._opened() as file:
            file.seek(begin)
            return file.read(min(end - begin, LARGEST))


def _spans(file: BinaryIO, offset: int) -> Iterator[tuple[int, int]]:
    """Where each message begins (behind its `From ` line) and ends."""
    at, begin, blank, is_whole = offset, -1, True, True
    while line := file.readline(_LONGEST_LINE):
        if blank and is_whole and line.startswith(b"From "):
            if begin >= 0:
                yield begin, at
            begin = at + len(line)
        blank = is_whole and not line.strip()
        is_whole = line.endswith(b"\n")  # else the rest of a very long line follows
        at += len(line)
    if begin >= 0:
        yield begin, at


def _is_sent(file: str) -> bool:
    """Whether a file is in a folder for what was sent, by the folder's name."""
    known = {folded(name) for name in phrases("mail", "sent_folders")}
    return any(folded(part) in known for part in re.split(r"[/.]", file.rpartition("/")[0]))


def _cut(data: bytes) -> bytes:
    """The headers, with the empty line that ends them."""
    ends = [data.index(end) + len(end) for end in _HEAD_ENDS if end in data]
    return data[: min(ends)] if ends else data
