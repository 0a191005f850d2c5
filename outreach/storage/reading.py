"""Reading below a folder: no link leads out, only ordinary files, never more than a bound.

A link whose target is in the same folder is followed: people keep one text under two names, and Git keeps the
link. What it points to is opened by its own name, link by link resolved first. A link into `.git` or `.outreach` is
not: a letter could carry what is there.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from outreach.errors import LeadsOut, LinkInTheWay, NotAFile, Refused, TooLarge
from outreach.storage.descriptors import Name, descend, parts_of
from outreach.storage.tracing import heard
from outreach.storage.trust import is_trusted

LARGEST = 32_000_000
"""Bytes of a text; a hundred thousand contacts are half of that."""
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_HIDDEN = frozenset((".git", ".outreach"))
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class Entry(NamedTuple):
    """A name in a folder, and what is there; a link is neither file nor folder."""

    name: str
    is_file: bool
    is_folder: bool
    is_link: bool


@heard
def read(root: Path, name: Name, most: int = LARGEST) -> bytes:
    """The bytes of a file, `most` of them at most. Raises TooLarge, another Refused, OSError."""
    handle = _opened(root, name)
    try:
        if (size := os.fstat(handle).st_size) > most:
            raise TooLarge(str(name), most, size)
        pieces, left = [], most + 1
        while left and (piece := os.read(handle, min(left, 1 << 20))):
            pieces.append(piece)
            left -= len(piece)
    finally:
        os.close(handle)
    if not left:  # it grew while it was read
        raise TooLarge(str(name), most, most + 1)
    return b"".join(pieces)


def open_reading(root: Path, name: Name) -> BinaryIO:
    """A file to read parts of. Raises Refused, OSError."""
    return os.fdopen(_opened(root, name), "rb")


def digest(content: bytes) -> str:
    """The sha256 of a file's content, as `replace` wants it."""
    return hashlib.sha256(content).hexdigest()


def digest_of(root: Path, name: Name) -> str | None:
    """The digest of a file as it is now, read piece by piece; None if there is none. Raises Refused, OSError."""
    hashed = hashlib.sha256()
    try:
        with open_reading(root, name) as file:
            while piece := file.read(1 << 20):
                hashed.update(piece)
    except FileNotFoundError:
        return None
    return hashed.hexdigest()


def stat_of(root: Path, name: Name, *, follow: bool = False, strict: bool = False) -> os.stat_result | None:
    """What is at `name`; a last link is only followed if asked for. None for nothing.

    `strict` is for where we write: no link at all on the way. Raises Refused, OSError.
    """
    try:
        if follow:
            base, parts = resolved(root, name)
            root, name = Path(base), "/".join(parts)
        with folder_of(root, name, strict=strict) as (folder, last):
            return os.stat(last, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None


@heard
def exists(root: Path, name: Name) -> bool:
    """Whether anything is at `name`, be it a link that leads nowhere. Raises Refused, OSError."""
    return stat_of(root, name) is not None


@heard
def why_not_read(root: Path, name: Name) -> OSError | None:
    """Why `read` would fail for a file; None if it would begin."""
    try:
        os.close(_opened(root, name))
    except OSError as error:
        return error
    return None


def is_file(root: Path, name: Name) -> bool:
    """Whether `read` would find an ordinary file there."""
    return why_not_read(root, name) is None


@heard
def is_folder(root: Path, name: Name) -> bool:
    """Whether a folder is there, or a link to one inside. Raises LeadsOut."""
    return place(root, name).is_dir()


@heard
def entries(root: Path, name: Name = "") -> list[Entry]:
    """What is in a folder, by name. Raises LeadsOut, NotAFolder, OSError."""
    parts = parts_of(name)
    try:
        handle = descend(root, parts) if parts is not None else None
    except LinkInTheWay:
        handle = None
    if handle is None:
        handle = descend(*resolved(root, name))
    try:
        with os.scandir(handle) as found:
            listed = [
                Entry(
                    each.name,
                    each.is_file(follow_symlinks=False),
                    each.is_dir(follow_symlinks=False),
                    each.is_symlink(),
                )
                for each in found
            ]
    finally:
        os.close(handle)
    return sorted(listed, key=lambda entry: entry.name)


def walk(root: Path, name: Name) -> Iterator[str]:
    """Every file below a folder and every link, by its name below `root`; links are not followed.

    No such folder, or a link in its place, is an empty one.
    """
    waiting = [str(name)]
    while waiting:
        folder = waiting.pop()
        try:
            found = entries(root, folder)
        except (FileNotFoundError, Refused):
            continue
        within = f"{folder}/" if folder else ""
        waiting += reversed([f"{within}{each.name}" for each in found if each.is_folder])
        yield from (f"{within}{each.name}" for each in found if not each.is_folder)


@heard
def place(root: Path, name: Name) -> Path:
    """The file or folder to which `name` leads, without a link in its path: below `root`, or where it is allowed.

    Nothing has to be there. `~` is the person's home. Raises LeadsOut.
    """
    base, parts = resolved(root, os.path.expanduser(str(name)))
    return Path(base, *parts)


def named(root: Path, path: Path, *, follow: bool = False) -> tuple[Path, str]:
    """A file that a person named, as a folder and a name in it; below `root` it is the campaign's, with its rules.

    Elsewhere it is the person's own, links and all; only where it is to be written, the last is not followed.
    """
    absolute = os.path.abspath(path)
    for top in (os.path.abspath(root), os.path.realpath(root)):
        if absolute.startswith(top.rstrip("/") + "/"):
            return root, os.path.relpath(absolute, top)
    if follow:
        absolute = os.path.realpath(absolute)
    folder, last = os.path.realpath(os.path.dirname(absolute)), os.path.basename(absolute)
    within = _below(os.path.realpath(root), folder)
    return (Path(folder), last) if within is None else (root, "/".join((*within, last)))


# --- one file -----------------------------------------------------------------------------------


@contextmanager
def folder_of(root: Path, name: Name, *, strict: bool = False) -> Iterator[tuple[int, str]]:
    """The folder in which `name` stands, opened, and the last part of the name. Raises Refused, OSError."""
    parts = parts_of(name)
    try:
        handle = descend(root, parts[:-1]) if parts else None
    except LinkInTheWay:
        if strict:
            raise
        handle = None
    if handle is None:
        above, _, last = str(name).rstrip("/").rpartition("/")
        base, upper = resolved(root, above)
        handle, parts = descend(base, upper), (*upper, last or ".")
    try:
        yield handle, parts[-1] if parts else "."
    finally:
        os.close(handle)


def _opened(root: Path, name: Name) -> int:
    """A descriptor of an ordinary file. Raises Refused, OSError."""
    parts = parts_of(name)
    if parts:
        try:
            return _opened_plainly(root, parts, str(name))
        except LinkInTheWay:
            pass
    base, parts = resolved(root, name)
    try:
        return _opened_plainly(base, parts, str(name))
    except LinkInTheWay as error:  # every link was resolved, so this one has no end
        raise OSError(errno.ELOOP, "it is a link that leads back to itself") from error


def _opened_plainly(base: Path | str, parts: tuple[str, ...], shown: str) -> int:
    """As `_opened`, following no link at all."""
    if not parts:
        raise NotAFile(shown, "a folder")
    folder = descend(base, parts[:-1])
    try:
        # Looked at first: to open a device or a pipe may already do something.
        _check(os.stat(parts[-1], dir_fd=folder, follow_symlinks=False), shown)
        handle = os.open(parts[-1], _FILE, dir_fd=folder)
    finally:
        os.close(folder)
    try:
        _check(os.fstat(handle), shown)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _check(found: os.stat_result, shown: str) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise LinkInTheWay(shown)
    if not stat.S_ISREG(found.st_mode):
        raise NotAFile(shown, _KINDS.get(stat.S_IFMT(found.st_mode), "something else"))


# --- links -----------------------------------------------------------------------------------------


def resolved(root: Path, name: Name) -> tuple[str, tuple[str, ...]]:
    """A folder and the parts below it, with every link in `name` resolved. Raises LeadsOut.

    The parts are looked at again when they are opened, so a link that comes to be meanwhile is not followed either.
    """
    top = os.path.realpath(root)
    real = os.path.realpath(os.path.join(top, str(name)))
    within = _below(top, real)
    if within is None:
        if not is_trusted(top, real):
            raise LeadsOut(str(name), real)
        return os.path.dirname(real), (os.path.basename(real),)
    if _HIDDEN.intersection(part.casefold() for part in within) - {*(parts_of(name) or ())}:
        raise LeadsOut(str(name), real)
    return top, within


def _below(top: str, real: str) -> tuple[str, ...] | None:
    """The parts of `real` below the folder `top`; None if it is elsewhere. Both are free of links."""
    if real == top:
        return ()
    start = top.rstrip("/") + "/"
    return tuple(real.removeprefix(start).split("/")) if real.startswith(start) else None
