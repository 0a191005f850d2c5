"""Descriptors of folders: each part of a name is looked up in the folder before it, and no link is followed."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path, PurePath

from outreach.errors import LinkInTheWay, NotAFolder

Name = str | PurePath
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_MOST_KEPT_OPEN = 64
_kept_open: ContextVar[dict[tuple[str, tuple[str, ...]], int] | None] = ContextVar("folders kept open", default=None)


def parts_of(name: Name) -> tuple[str, ...] | None:
    """The parts of a plain name; None for one that is absolute or climbs. Raises FileNotFoundError."""
    text = str(name)
    if "\0" in text:  # for which Python raises no OSError
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), text)
    parts = tuple(part for part in text.split("/") if part not in ("", "."))
    return None if text.startswith("/") or ".." in parts else parts


def descend(base: Path | str, parts: tuple[str, ...]) -> int:
    """A descriptor of the folder `parts` below `base`; close it. Links are followed in the path of `base` only.

    Raises LinkInTheWay, NotAFolder, OSError.
    """
    kept, key = _kept_open.get(), (str(base), parts)
    if kept is not None and key in kept:
        return os.dup(kept[key])
    if parts:
        above = descend(base, parts[:-1])
        try:
            here = _folder_in(above, parts)
        finally:
            os.close(above)
    else:
        here = os.open(base, _FOLDER)
    if kept is not None and len(kept) < _MOST_KEPT_OPEN:
        kept[key] = os.dup(here)
    return here


def _folder_in(folder: int, parts: tuple[str, ...]) -> int:
    try:
        return os.open(parts[-1], _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
    except OSError as error:
        if error.errno not in (errno.ENOTDIR, errno.ELOOP):
            raise
        is_link = stat.S_ISLNK(os.stat(parts[-1], dir_fd=folder, follow_symlinks=False).st_mode)
        raise (LinkInTheWay if is_link else NotAFolder)("/".join(parts)) from error


def kept_open(base: Path | str, parts: tuple[str, ...]) -> int | None:
    """The descriptor of a folder that is kept open, which stays its; None if it was not looked up yet."""
    kept = _kept_open.get()
    return kept.get((str(base), parts)) if kept is not None else None


@contextmanager
def folders_kept_open() -> Iterator[None]:
    """For work on many files: each folder is looked up once, and its descriptor used again.

    A folder that is put into another's place meanwhile is not noticed; the one that was looked up is used.
    """
    if _kept_open.get() is not None:
        yield
        return
    kept: dict[tuple[str, tuple[str, ...]], int] = {}
    token = _kept_open.set(kept)
    try:
        yield
    finally:
        _kept_open.reset(token)
        for handle in kept.values():
            os.close(handle)


def forget_folder(base: Path | str, parts: tuple[str, ...]) -> None:
    """A folder was removed: the next of its name is another."""
    kept = _kept_open.get()
    if kept is not None and (handle := kept.pop((str(base), parts), None)) is not None:
        os.close(handle)
