"""Where the ledger lies, and the locks around it."""

from __future__ import annotations

import errno
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from outreach import storage
from outreach.errors import (
    LedgerBusy,
    LedgerFull,
    LedgerReadOnly,
    LedgerUnreadable,
    NotAFile,
    NotAFolder,
    OutreachError,
    reason_of,
)

FOLDER = ".outreach"
LEDGER = f"{FOLDER}/ledger.db"
REHEARSAL = f"{FOLDER}/rehearsal.db"
BLOBS = f"{FOLDER}/blobs"
SHARED_ID = f"{FOLDER}/ledger.id"
"""The id of the ledger in PostgreSQL that this folder has; while it is there, no file is used in its place."""
IN_USE = f"{FOLDER}/ledger.lock"
"""Shared by everybody who has the ledger open; a restore needs it alone."""
OPENING = f"{FOLDER}/opening.lock"
"""Held while the ledger is made or brought to the present version."""


def make_folder(root: Path) -> None:
    """Make `.outreach/` with the `.gitignore` that keeps it out of Git.

    Raises LedgerReadOnly, LedgerFull, LedgerUnreadable.
    """
    try:
        storage.make_private_folder(root, FOLDER)
    except OSError as error:
        raise why_not(FOLDER, error) from error


def why_not(path: str, error: OSError) -> OutreachError:
    """What the operating system said about the ledger's place, as a sentence of ours."""
    if isinstance(error, NotAFolder):
        return LedgerUnreadable(path, "there is a file where the folder .outreach is expected")
    if isinstance(error, NotAFile):
        return LedgerUnreadable(path, f"there is {error.kind} in its place")
    if isinstance(error, OutreachError):  # a link or a pipe, which says so itself
        return error
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return LedgerReadOnly(path)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return LedgerFull(path)
    return LedgerUnreadable(path, reason_of(error))


def take_lock(root: Path, name: str, *, alone: bool, wait: bool = True) -> BinaryIO:
    """A lock on the file `name`, held until it is closed; the kernel frees it when we die.

    Raises LedgerBusy if it is taken and `wait` is false, and what `why_not` makes of errors.
    """
    try:
        handle = storage.open_lock(root, name)
    except OSError as error:
        raise why_not(name, error) from error
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError as error:
        handle.close()
        raise LedgerBusy(LEDGER) from error
    except OSError as error:
        handle.close()
        raise why_not(name, error) from error
    return handle


@contextmanager
def locked(root: Path, name: str) -> Iterator[None]:
    """Alone with the file `name`, waiting for others to end."""
    with take_lock(root, name, alone=True):
        yield


_NETWORK_KINDS = frozenset("nfs nfs4 cifs smb3 smbfs afs 9p ncpfs fuse.sshfs fuse.rclone glusterfs".split())
"""File systems on which a lock taken on one computer may not be seen on another."""


def network_file_system(root: Path, mounts: Path = Path("/proc/mounts")) -> str | None:
    """The kind of network file system on which `root` lies; None for a disk, or where nobody can tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    place, best, kind = str(root.resolve()), "", ""
    for line in lines:
        _, point, found, *_ = (*line.split(" "), "", "", "")
        point = point.replace("\\040", " ")
        if len(point) >= len(best) and (place == point or place.startswith(point.rstrip("/") + "/")):
            best, kind = point, found
    return kind if kind in _NETWORK_KINDS else None
