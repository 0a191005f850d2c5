"""Frozen bytes: what was approved, by the sha256 of its content, each content once."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

from outreach.errors import FrozenBytesLost, LedgerBusy
from outreach.ledger.place import BLOBS, FOLDER, IN_USE, settle, take_lock, why_not


def keep(root: Path, content: bytes) -> str:
    """Store `content`, unless it is there; its sha256 (hex). It survives a power cut from then on.

    Raises LedgerReadOnly, LedgerFull, LedgerUnreadable.
    """
    digest = hashlib.sha256(content).hexdigest()
    path = _path(root, digest)
    if path.is_file() and path.stat().st_size == len(content):
        return digest
    aside = path.with_name(f"{digest}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(aside, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
        settle(path.parent)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise why_not(BLOBS, error) from error
    return digest


def kept(root: Path, digest: str) -> bytes:
    """The content with that sha256. Raises FrozenBytesLost where it is gone or was changed."""
    try:
        content = _path(root, digest).read_bytes()
    except OSError as error:
        raise FrozenBytesLost(digest) from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise FrozenBytesLost(digest)
    return content


def sweep(root: Path) -> None:
    """Remove what runs that were killed left half written; links are not followed.

    Only where nobody else has the ledger open: somebody who has may be writing one now. Raises LedgerReadOnly,
    LedgerUnreadable.
    """
    blobs = root / BLOBS
    if (root / FOLDER).is_symlink() or blobs.is_symlink() or not blobs.is_dir():
        return
    with contextlib.suppress(LedgerBusy), take_lock(root, IN_USE, alone=True, wait=False):
        for folder in (each for each in os.scandir(blobs) if each.is_dir(follow_symlinks=False)):
            for entry in os.scandir(folder):
                if entry.name.endswith(".new") and entry.is_file(follow_symlinks=False):
                    with contextlib.suppress(OSError):
                        os.unlink(entry)


def place(digest: str) -> str:
    """Where the content of that sha256 lies, relative to the campaign folder."""
    return f"{BLOBS}/{digest[:2]}/{digest}"


def _path(root: Path, digest: str) -> Path:
    return root / place(digest)
