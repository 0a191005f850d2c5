"""Frozen bytes: what was approved, by the sha256 of its content, each content once.

They are files. Where the ledger is shared they are in it too, and come from there to a computer that lacks them.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from pathlib import Path

from outreach import storage
from outreach.errors import FrozenBytesLost, LedgerBusy
from outreach.ledger.place import BLOBS, IN_USE, take_lock, why_not
from outreach.ledger.shared import digests_of_shared, drop_shared, from_shared, share

LARGEST = 200_000_000
"""Bytes of one content: the largest film that a post carries, and more."""


def keep(root: Path, content: bytes) -> str:
    """Store `content`, unless it is there; its sha256 (hex). It survives a power cut from then on.

    Raises LedgerReadOnly, LedgerFull, LedgerUnreadable.
    """
    digest = hashlib.sha256(content).hexdigest()
    aside = f"{digest}.{os.getpid()}.new"
    try:
        state = storage.stat_of(root, place(digest), strict=True)
        if state is None or not stat.S_ISREG(state.st_mode) or state.st_size != len(content):
            storage.write(root, place(digest), [content], storage.PRIVATE, aside=aside)
    except OSError as error:
        raise why_not(BLOBS, error) from error
    share(root, digest, content)
    return digest


def kept(root: Path, digest: str) -> bytes:
    """The content with that sha256. Raises FrozenBytesLost if it is gone or was changed, and what a shared ledger
    raises.
    """
    try:
        content = storage.read(root, place(digest), LARGEST)
    except FileNotFoundError as error:
        found = from_shared(root, digest)
        if found is None:
            raise FrozenBytesLost(digest) from error
        content = found
    except OSError as error:
        raise FrozenBytesLost(digest) from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise FrozenBytesLost(digest)
    return content


def kept_if_there(root: Path, digest: str | None) -> bytes | None:
    """The content with that sha256; None if it is gone or was changed, or no digest is known."""
    try:
        return kept(root, digest) if digest else None
    except FrozenBytesLost:
        return None


def all_kept(root: Path) -> list[str]:
    """The digests of all frozen bytes in the folder, sorted."""
    return sorted(name for path in storage.walk(root, BLOBS) if "." not in (name := path.rpartition("/")[2]))


def drop(root: Path, digest: str) -> None:
    """Remove frozen bytes, here and in a shared ledger. Raises Refused, OSError, and what a shared ledger raises."""
    storage.remove(root, place(digest), missing_ok=True)
    drop_shared(root, digest)


def bring_all(root: Path) -> None:
    """Bring here what is in the shared ledger only. Raises as `kept` and `keep`."""
    for digest in digests_of_shared(root):
        if not storage.exists(root, place(digest)):
            keep(root, kept(root, digest))


def sweep(root: Path) -> None:
    """Remove what runs that were killed left half written; links are not followed.

    Only where nobody else has the ledger open: somebody who has may be writing one now. Raises LedgerReadOnly,
    LedgerUnreadable.
    """
    with contextlib.suppress(LedgerBusy), take_lock(root, IN_USE, alone=True, wait=False):
        for name in storage.walk(root, BLOBS):
            if name.endswith(".new"):
                with contextlib.suppress(OSError):
                    storage.remove(root, name)


def place(digest: str) -> str:
    """Where the content of that sha256 lies, relative to the campaign folder."""
    return f"{BLOBS}/{digest[:2]}/{digest}"
