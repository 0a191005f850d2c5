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

from outreach.errors import EditedMeanwhile, LinkInTheWay
from outreach.storage.descriptors import Name, kept_open
from outreach.storage.folders import NEW, PRIVATE, SHARED, make_folder, plain
from outreach.storage.reading import digest_of, stat_of

UNFINISHED = ".outreach-unfinished"
"""How the name of a file begins while it is written, in the folder in which it will stand."""


class Unfinished:
    """A file that is written and not yet in its place. Use it with `with`: what was not committed goes away."""

    def __init__(self, folder: int, aside: str, last: str, file: BinaryIO, *, durable: bool) -> None:
        self.file = file
        self._folder = folder
        self._aside = aside
        self._last = last
        self._durable = durable

    def __enter__(self) -> Unfinished:
        return self

    def __exit__(self, *raised: object) -> None:
        try:
            self.file.close()
        finally:
            if self._aside:
                with suppress(OSError):
                    os.unlink(self._aside, dir_fd=self._folder)
            os.close(self._folder)

    def finish(self) -> None:
        """Everything that takes time, before `commit`: what was written is on the disk. Raises OSError."""
        if not self.file.closed:
            self.file.flush()
            if self._durable:
                os.fsync(self.file.fileno())
            self.file.close()

    def commit(self, *, only_new: bool = False) -> None:
        """Put it in its place. Raises OSError; with `only_new`, FileExistsError if anything is there."""
        self.finish()
        if only_new:
            self._link_into_place()
        else:
            os.replace(self._aside, self._last, src_dir_fd=self._folder, dst_dir_fd=self._folder)
            self._aside = ""
        if self._durable:
            os.fsync(self._folder)

    def _link_into_place(self) -> None:
        try:
            os.link(self._aside, self._last, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        except FileExistsError:
            raise
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS):
                raise
            # A file system without hard links, as on a USB stick.
            if _stands(self._folder, self._last):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from error
            os.rename(self._aside, self._last, src_dir_fd=self._folder, dst_dir_fd=self._folder)
            self._aside = ""


def begin(
    root: Path, name: Name, private: bool, *, durable: bool = True, mode: int | None = None, aside: str | None = None
) -> Unfinished:
    """A new file beside `name`, in a folder that is made if need be.

    `durable`: it survives a power cut. `mode` is that of a file to be replaced. `aside` is its name until then, which
    only one process uses at a time (whoever holds a lock). Raises Refused, OSError; then nothing is left.
    """
    parts = plain(root, name)
    folder = make_folder(root, "/".join(parts[:-1]), private)
    try:
        handle, taken = _exclusive(folder, aside, 0o600 if private else 0o666)
    except BaseException:
        os.close(folder)
        raise
    if private or mode is not None:
        os.fchmod(handle, 0o600 if private else stat.S_IMODE(mode or 0))
    return Unfinished(folder, taken, parts[-1], os.fdopen(handle, "wb"), durable=durable)


def write(
    root: Path, name: Name, pieces: Iterable[bytes], private: bool, *, durable: bool = True, aside: str | None = None
) -> None:
    """Make `name` hold `pieces`, all of them or as before. A link in its place is replaced, not followed.

    For what is ours alone; what people edit is written by `replace`. Raises Refused, OSError.
    """
    with begin(root, name, private, durable=durable, aside=aside) as new:
        for piece in pieces:
            new.file.write(piece)
        new.commit()


def write_new(root: Path, name: Name, unfinished: bytes, head: bytes, pieces: list[bytes]) -> os.stat_result | None:
    """A private file of `head` and `pieces` where there is nothing yet; None if something does.

    No other name and no renaming: it begins with `unfinished`, which is as long as `head`, until all of it is written.
    By that one knows what a killed run left. Not forced to the disk. Raises Refused, OSError; then it is not there.
    """
    parts = plain(root, name)
    folder = kept_open(root, parts[:-1])
    if folder is None:
        owned = folder = make_folder(root, "/".join(parts[:-1]), PRIVATE)
    else:
        owned = -1
    try:
        try:
            handle = os.open(parts[-1], NEW, 0o600, dir_fd=folder)
        except FileExistsError:
            return None
        try:
            _write_all(handle, [unfinished, *pieces])
            os.pwrite(handle, head, 0)
            return os.fstat(handle)
        except OSError:
            with suppress(OSError):
                os.unlink(parts[-1], dir_fd=folder)
            raise
        finally:
            os.close(handle)
    finally:
        if owned >= 0:
            os.close(owned)


def _write_all(handle: int, pieces: list[bytes]) -> None:
    written, size = os.writev(handle, pieces), sum(map(len, pieces))
    if written < size:  # as on a full disk, which only says so the next time
        rest = memoryview(b"".join(pieces))
        while written < size:
            written += os.writev(handle, [rest[written:]])


def replace(
    root: Path, name: Name, expected: str | None, content: bytes, *, private: bool = SHARED, durable: bool = True
) -> None:
    """Write a file that people edit, if it still is what we read: `expected` is the digest of that, None for nothing.

    Looked at again immediately before the renaming, while no other process of ours writes in this campaign. Raises
    EditedMeanwhile, LinkInTheWay, another Refused, OSError; the file is then as it was.
    """
    with _alone(root):
        state = stat_of(root, name, strict=True)
        if state is not None and stat.S_ISLNK(state.st_mode):
            raise LinkInTheWay(str(name))
        mode = None if state is None else state.st_mode
        with begin(root, name, private, durable=durable, mode=mode, aside=UNFINISHED) as new:
            new.file.write(content)
            new.finish()
            if expected is not None and digest_of(root, name) != expected:
                raise EditedMeanwhile(str(name))
            try:
                new.commit(only_new=expected is None)
            except FileExistsError as error:
                raise EditedMeanwhile(str(name)) from error


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """No other process of ours replaces a file of this campaign meanwhile."""
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)  # a lock belongs to one opening
    try:
        with suppress(OSError):  # some network file systems lock no folders; the comparison still holds
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _exclusive(folder: int, aside: str | None, mode: int) -> tuple[int, str]:
    """A new file in a folder, and its name: `aside`, which nobody else may use meanwhile, or one that nobody has."""
    if aside is None:
        aside = f"{UNFINISHED}-{token_hex(6)}"
    else:
        with suppress(FileNotFoundError):  # a run that was killed left it
            os.unlink(aside, dir_fd=folder)
    return os.open(aside, NEW, mode, dir_fd=folder), aside


def _stands(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def make_private_folder(root: Path, name: Name) -> None:
    """Make a folder of ours for what belongs to this computer, with the `.gitignore` that keeps it out of Git.

    One that came with somebody's archive may be open to all; then it is closed. Raises LinkInTheWay, NotAFolder,
    OSError.
    """
    os.makedirs(root, exist_ok=True)
    handle = make_folder(root, name, PRIVATE)
    try:
        found = os.fstat(handle)
        if found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) & 0o077:
            os.fchmod(handle, stat.S_IMODE(found.st_mode) & 0o700)
    finally:
        os.close(handle)
    ignore = f"{name}/.gitignore"
    state = stat_of(root, ignore, strict=True)
    if state is None or stat.S_ISLNK(state.st_mode):
        write(root, ignore, [b"*\n"], PRIVATE, durable=False)
