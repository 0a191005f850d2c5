"""Mailboxes on this computer: a Maildir (with its subfolders), an mbox file, or a folder of .eml files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from outreach.channels.mailbox.port import HEAD, LARGEST, Letterhead
from outreach.errors import MailboxUnreadable

_HEAD_ENDS = (b"\n\n", b"\r\n\r\n")


class FolderMailbox:
    """A mailbox below `path`, read as what it turns out to be."""

    def __init__(self, path: Path, shown: str) -> None:
        self._path = path
        self._shown = shown
        self.account = f"folder:{shown}"

    def folders(self) -> list[str]:
        """Names below `path`: "" for itself, the subfolders of a Maildir, or the mbox file."""
        if self._path.is_file():
            return [""]
        if not self._path.is_dir():
            hint = "Make it, or correct `folder` in accounts.mail.inbox."
            raise MailboxUnreadable(f"There is no mailbox {self._shown}.", hint=hint)
        if not _is_maildir(self._path):
            return [""]
        inner = sorted(each.name for each in self._path.iterdir() if each.name.startswith(".") and _is_maildir(each))
        return ["", *inner]

    def new_messages(self, folder: str, cursor: str | None, has_file: Callable[[str], bool]) -> Iterator[Letterhead]:
        path = self._path / folder if folder else self._path
        try:
            if path.is_file():
                yield from self._of_mbox(path, int(cursor or 0))
            else:
                yield from self._of_files(path, folder, has_file)
        except OSError as error:
            raise MailboxUnreadable(f"The mailbox {self._shown} cannot be read: {error.strerror}.") from error

    def close(self) -> None:
        """Nothing to be done."""

    def _of_files(self, path: Path, folder: str, has_file: Callable[[str], bool]) -> Iterator[Letterhead]:
        for file in _files(path):
            name = _name_of(file, path)
            if has_file(name):
                continue
            with open(file, "rb") as opened:
                head = opened.read(HEAD)
            place = f"{self._shown}/{f'{folder}/' if folder else ''}{name}"
            yield Letterhead(place=place, head=_cut(head), whole=partial(_read, file), name=name)

    def _of_mbox(self, path: Path, offset: int) -> Iterator[Letterhead]:
        """The messages behind `offset` bytes. A file that is shorter or other there is read from its beginning."""
        with open(path, "rb") as file:
            file.seek(offset)
            if offset and file.read(5) not in (b"", b"From "):
                offset = 0
            if offset > path.stat().st_size:
                offset = 0
            file.seek(offset)
            for begin, end in _spans(file, offset):
                whole = partial(_read_span, path, begin, end)
                head = _cut(_read_span(path, begin, min(end, begin + HEAD)))
                yield Letterhead(place=f"{self._shown}@{begin}", head=head, whole=whole, cursor=str(end))


def _is_maildir(path: Path) -> bool:
    return (path / "cur").is_dir() and (path / "new").is_dir()


def _files(path: Path) -> Iterator[Path]:
    """The files of messages, by name: of a Maildir those in new/ and cur/, else every .eml at any depth."""
    if _is_maildir(path):
        for part in ("new", "cur"):
            yield from (path / part / name for name in sorted(os.listdir(path / part)) if not name.startswith("."))
    else:
        for folder, inner, names in os.walk(path):
            inner.sort()
            yield from (Path(folder) / name for name in sorted(names) if name.lower().endswith(".eml"))


def _name_of(file: Path, path: Path) -> str:
    """What a file is called whatever becomes of it: a Maildir's flags (`:2,S`) and move to cur/ do not count."""
    return file.name.partition(":2,")[0] if _is_maildir(path) else file.relative_to(path).as_posix()


def _spans(file: Iterator[bytes], offset: int) -> Iterator[tuple[int, int]]:
    """Where each message begins (behind its `From ` line) and ends."""
    at, begin, blank = offset, -1, True
    for line in file:
        if blank and line.startswith(b"From "):
            if begin >= 0:
                yield begin, at
            begin = at + len(line)
        blank = not line.strip()
        at += len(line)
    if begin >= 0:
        yield begin, at


def _read_span(path: Path, begin: int, end: int) -> bytes:
    with open(path, "rb") as file:
        file.seek(begin)
        return file.read(min(end - begin, LARGEST))


def _read(file: Path) -> bytes:
    with open(file, "rb") as opened:
        return opened.read(LARGEST)


def _cut(data: bytes) -> bytes:
    """The headers, with the empty line that ends them."""
    ends = [data.index(end) + len(end) for end in _HEAD_ENDS if end in data]
    return data[: min(ends)] if ends else data
