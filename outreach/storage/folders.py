"""Folders, names, locks and databases below a campaign folder: made, renamed and removed through no link."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from outreach.errors import LeadsOut, LinkInTheWay, NotAFile, Refused
from outreach.storage.descriptors import Name, descend, forget_folder, parts_of
from outreach.storage.reading import stat_of

PRIVATE = True
SHARED = False
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_LOCK = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def make_folder(root: Path, name: Name, private: bool) -> int:
    """A descriptor of a folder, made with those above it where they are missing; close it.

    Raises LinkInTheWay, NotAFolder, OSError.
    """
    parts = plain(root, name) if str(name) else ()
    try:
        return descend(root, parts)
    except FileNotFoundError:
        pass
    here = descend(root, ())
    for number, part in enumerate(parts, start=1):
        try:
            with suppress(FileExistsError):
                os.mkdir(part, 0o700 if private else 0o777, dir_fd=here)
                if private:
                    os.chmod(part, 0o700, dir_fd=here)  # whatever the umask took away
        finally:
            os.close(here)
        here = descend(root, parts[:number])
    return here


def why_not_written(root: Path, name: Name) -> Refused | None:
    """Why nothing would be written into a folder; None if it could be, or is not there yet."""
    try:
        os.close(descend(root, plain(root, name)))
    except Refused as error:
        return error
    except OSError:
        return None
    return None


def remove(root: Path, name: Name, *, missing_ok: bool = False) -> None:
    """Remove a file or a link, never what it points to. Raises Refused, OSError."""
    parts = plain(root, name)
    try:
        folder = descend(root, parts[:-1])
    except FileNotFoundError:
        if missing_ok:
            return
        raise
    try:
        with suppress(*([FileNotFoundError] if missing_ok else [])):
            os.unlink(parts[-1], dir_fd=folder)
    finally:
        os.close(folder)


def remove_empty(root: Path, name: Name) -> bool:
    """Remove a folder if nothing is in it; whether it was. Raises Refused, OSError."""
    parts = plain(root, name)
    folder = descend(root, parts[:-1])
    try:
        os.rmdir(parts[-1], dir_fd=folder)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            return False
        raise
    finally:
        os.close(folder)
    forget_folder(root, parts)
    return True


def rename(root: Path, old: Name, new: Name) -> None:
    """Give a file or a link another name, in the place of whatever has it. Raises Refused, OSError."""
    before, after = plain(root, old), plain(root, new)
    source = descend(root, before[:-1])
    try:
        target = descend(root, after[:-1])
        try:
            os.replace(before[-1], after[-1], src_dir_fd=source, dst_dir_fd=target)
            os.fsync(target)
        finally:
            os.close(target)
    finally:
        os.close(source)


def link(root: Path, old: Name, new: Name) -> None:
    """Give a file a second name (a hard link), which nothing else has. Raises Refused, OSError."""
    before, after = plain(root, old), plain(root, new)
    source = descend(root, before[:-1])
    try:
        target = descend(root, after[:-1])
        try:
            os.link(before[-1], after[-1], src_dir_fd=source, dst_dir_fd=target, follow_symlinks=False)
        finally:
            os.close(target)
    finally:
        os.close(source)


def open_lock(root: Path, name: Name) -> BinaryIO:
    """A file to lock, made where there is none. Raises Refused, OSError."""
    parts = plain(root, name)
    folder = make_folder(root, "/".join(parts[:-1]), PRIVATE)
    try:
        handle = os.open(parts[-1], _LOCK, 0o600, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise LinkInTheWay(str(name)) from error
        if error.errno == errno.EISDIR:
            raise NotAFile(str(name), "a folder") from error
        raise
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotAFile(str(name), "something else")
    return os.fdopen(handle, "r+b")


def database(root: Path, name: str, *, make: bool = False) -> Path:
    """The path of an SQLite database, which SQLite opens itself: no link is at it or at what belongs to it.

    With `make`, an empty file is made where there is none, so that it is its owner's only. Raises Refused, OSError.
    """
    for end in ("", "-wal", "-shm", "-journal"):
        state = stat_of(root, name + end, strict=True)
        if state is None:
            continue
        if stat.S_ISLNK(state.st_mode):
            raise LinkInTheWay(name + end)
        if not stat.S_ISREG(state.st_mode):
            raise NotAFile(name + end, "a folder" if stat.S_ISDIR(state.st_mode) else "something else")
    parts = plain(root, name)
    if make:
        folder = make_folder(root, "/".join(parts[:-1]), PRIVATE)
        try:
            with suppress(FileExistsError):
                handle = os.open(parts[-1], NEW, 0o600, dir_fd=folder)
                os.fchmod(handle, 0o600)
                os.close(handle)
        finally:
            os.close(folder)
    else:
        os.close(descend(root, parts[:-1]))
    return root.joinpath(*parts)


def plain(root: Path, name: Name) -> tuple[str, ...]:
    """The parts of a name to write at. Raises LeadsOut for one that climbs."""
    parts = parts_of(name)
    if not parts:
        raise LeadsOut(str(name), os.path.realpath(os.path.join(root, str(name))))
    return parts
