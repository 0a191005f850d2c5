"""Writing below a folder: through no link, whole or not at all, and never over an edit.

A file is written under another name, made exclusively, and then renamed. `PRIVATE` files and the folders made for
them are for their owner only, whatever the umask; `SHARED` ones are part of the person's repository, and keep the
mode that they have.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from outreach.errors import EditedMeanwhile, LeadsOut, LinkInTheWay, NotAFile
from outreach.storage.reading import LARGEST, Name, descend, digest, parts_of, read, stat_of

PRIVATE = True
SHARED = False
UNFINISHED = ".outreach-unfinished"
"""How the name of a file begins while it is written, in the folder in which it will stand."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_LOCK = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Unfinished:
    """A file that is written and not yet in its place: `commit` puts it there, `discard` removes it."""

    def __init__(self, folder: int, aside: str, last: str, *, durable: bool) -> None:
        self._folder = folder
        self._aside = aside
        self._last = last
        self._durable = durable

    def commit(self, *, only_new: bool = False) -> None:
        """Raises OSError; with `only_new`, FileExistsError where anything stands in its place."""
        if only_new:
            try:
                os.link(self._aside, self._last, src_dir_fd=self._folder, dst_dir_fd=self._folder)
            except OSError as error:
                if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS):
                    raise
                self._rename_onto_nothing()  # a file system without links, as on a USB stick
            else:
                os.unlink(self._aside, dir_fd=self._folder)
        else:
            os.replace(self._aside, self._last, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        self._aside = ""
        if self._durable:
            os.fsync(self._folder)

    def discard(self) -> None:
        """Remove it, unless it was put in its place, and let go of the folder."""
        if self._aside:
            with suppress(OSError):
                os.unlink(self._aside, dir_fd=self._folder)
            self._aside = ""
        if self._folder >= 0:
            os.close(self._folder)
            self._folder = -1

    def _rename_onto_nothing(self) -> None:
        with suppress(FileNotFoundError):
            os.stat(self._last, dir_fd=self._folder, follow_symlinks=False)
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        os.rename(self._aside, self._last, src_dir_fd=self._folder, dst_dir_fd=self._folder)


def begin(
    root: Path,
    name: Name,
    pieces: Iterable[bytes],
    private: bool,
    *,
    durable: bool = True,
    mode: int | None = None,
    aside: str | None = None,
) -> Unfinished:
    """Write `pieces` beside `name`, in a folder that is made if need be. `discard` it in the end.

    `durable`: it survives a power cut. `mode` is that of a file to be replaced. `aside` is its name until then, which
    only one process uses at a time (whoever holds a lock). Raises Refused, OSError; then nothing is left.
    """
    parts = _plain(root, name)
    folder = make_folder(root, "/".join(parts[:-1]), private)
    new = None
    try:
        handle, taken = _exclusive(folder, aside, 0o600 if private else 0o666)
        new = Unfinished(folder, taken, parts[-1], durable=durable)
        with os.fdopen(handle, "wb") as file:
            if private or mode is not None:
                os.fchmod(handle, 0o600 if private else stat.S_IMODE(mode or 0))
            for piece in pieces:
                file.write(piece)
            file.flush()
            if durable:
                os.fsync(handle)
    except BaseException:
        if new is None:
            os.close(folder)
        else:
            new.discard()
        raise
    return new


def write(
    root: Path, name: Name, pieces: Iterable[bytes], private: bool, *, durable: bool = True, aside: str | None = None
) -> None:
    """Make `name` hold `pieces`, all of them or as before. A link in its place is replaced, not followed.

    For what is ours alone; what people edit is written by `replace`. Raises Refused, OSError.
    """
    new = begin(root, name, pieces, private, durable=durable, aside=aside)
    try:
        new.commit()
    finally:
        new.discard()


def replace(root: Path, name: Name, expected: str | None, content: bytes, *, private: bool = SHARED) -> None:
    """Write a file that people edit, if it still is what we read: `expected` is the digest of that, None for nothing.

    Looked at again immediately before the renaming, while no other process of ours writes in this campaign. Raises
    EditedMeanwhile, LinkInTheWay, another Refused, OSError; the file is then as it was.
    """
    with _alone(root):
        state = stat_of(root, name)
        if state is not None and stat.S_ISLNK(state.st_mode):
            raise LinkInTheWay(str(name))
        mode = None if state is None else state.st_mode
        new = begin(root, name, [content], private, mode=mode, aside=UNFINISHED)
        try:
            if expected is None:
                new.commit(only_new=True)
            elif _digest_of(root, name) == expected:
                new.commit()
            else:
                raise EditedMeanwhile(str(name))
        except FileExistsError as error:
            raise EditedMeanwhile(str(name)) from error
        finally:
            new.discard()


def _digest_of(root: Path, name: Name) -> str | None:
    try:
        return digest(read(root, name, LARGEST))
    except FileNotFoundError:
        return None


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """No other process of ours replaces a file of this campaign meanwhile."""
    handle = descend(root, (), str(root))
    try:
        with suppress(OSError):  # some network file systems lock no folders; the comparison still holds
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def remove(root: Path, name: Name, *, missing_ok: bool = False) -> None:
    """Remove a file or a link, never what it points to. Raises Refused, OSError."""
    parts = _plain(root, name)
    try:
        folder = descend(root, parts[:-1], str(name))
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
    parts = _plain(root, name)
    folder = descend(root, parts[:-1], str(name))
    try:
        os.rmdir(parts[-1], dir_fd=folder)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            return False
        raise
    finally:
        os.close(folder)
    return True


def rename(root: Path, old: Name, new: Name) -> None:
    """Give a file or a link another name, in the place of whatever has it. Raises Refused, OSError."""
    before, after = _plain(root, old), _plain(root, new)
    source = descend(root, before[:-1], str(old))
    try:
        target = descend(root, after[:-1], str(new))
        try:
            os.replace(before[-1], after[-1], src_dir_fd=source, dst_dir_fd=target)
            os.fsync(target)
        finally:
            os.close(target)
    finally:
        os.close(source)


def make_folder(root: Path, name: Name, private: bool) -> int:
    """A descriptor of a folder, made with those above it where they are missing; close it.

    Raises LinkInTheWay, NotAFolder, OSError.
    """
    parts = _plain(root, name) if str(name) else ()
    try:
        return descend(root, parts, str(name))
    except FileNotFoundError:
        pass
    here = descend(root, (), str(name))
    for number, part in enumerate(parts, start=1):
        try:
            with suppress(FileExistsError):
                os.mkdir(part, 0o700 if private else 0o777, dir_fd=here)
                if private:
                    os.chmod(part, 0o700, dir_fd=here)  # whatever the umask took away
        finally:
            os.close(here)
        here = descend(root, parts[:number], str(name))
    return here


def open_lock(root: Path, name: Name) -> BinaryIO:
    """A file to lock, made where there is none. Raises Refused, OSError."""
    parts = _plain(root, name)
    folder = make_folder(root, "/".join(parts[:-1]), PRIVATE)
    try:
        handle = os.open(parts[-1], _LOCK, 0o600, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise LinkInTheWay(str(name)) from error
        raise
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotAFile(str(name), "something else")
    return os.fdopen(handle, "r+b")


def database(root: Path, name: str, *, make: bool = False) -> Path:
    """The path of an SQLite database, which SQLite opens itself: no link stands at it or at what belongs to it.

    With `make`, an empty file is made where there is none, so that it is its owner's only. Raises Refused, OSError.
    """
    for end in ("", "-wal", "-shm", "-journal"):
        state = stat_of(root, name + end)
        if state is None:
            continue
        if stat.S_ISLNK(state.st_mode):
            raise LinkInTheWay(name + end)
        if not stat.S_ISREG(state.st_mode):
            raise NotAFile(name + end, "a folder" if stat.S_ISDIR(state.st_mode) else "something else")
    parts = _plain(root, name)
    if make:
        folder = make_folder(root, "/".join(parts[:-1]), PRIVATE)
        try:
            with suppress(FileExistsError):
                handle = os.open(parts[-1], _NEW, 0o600, dir_fd=folder)
                os.fchmod(handle, 0o600)
                os.close(handle)
        finally:
            os.close(folder)
    else:
        os.close(descend(root, parts[:-1], name))
    return root.joinpath(*parts)


def _plain(root: Path, name: Name) -> tuple[str, ...]:
    """The parts of a name to write at. Raises LeadsOut for one that climbs."""
    parts = parts_of(name)
    if not parts:
        raise LeadsOut(str(name), os.path.realpath(os.path.join(root, str(name))))
    return parts


def _exclusive(folder: int, aside: str | None, mode: int) -> tuple[int, str]:
    """A new file in a folder, and its name: `aside`, which nobody else may use meanwhile, or one that nobody has."""
    if aside is None:
        aside = f"{UNFINISHED}-{token_hex(6)}"
    else:
        with suppress(FileNotFoundError):  # a run that was killed left it
            os.unlink(aside, dir_fd=folder)
    return os.open(aside, _NEW, mode, dir_fd=folder), aside
