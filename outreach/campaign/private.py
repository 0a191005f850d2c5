"""The campaign's `.outreach/`: what belongs to this computer and never to Git."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from outreach import storage
from outreach.errors import DraftsBusy

FOLDER = ".outreach"
CACHE = f"{FOLDER}/cache"
_WAITS = (0.05, 0.15, 0.3, 0.5)
"""Seconds between the tries to get a lock that somebody else holds: one in all."""


def make_cache(root: Path) -> None:
    """Make `.outreach/cache/`, and the `.gitignore` that keeps all of `.outreach/` out of Git.

    Raises OSError.
    """
    storage.make_private_folder(root, FOLDER)
    os.close(storage.make_folder(root, CACHE, storage.PRIVATE))


@contextlib.contextmanager
def drafts_lock(root: Path) -> Iterator[None]:
    """Keep every other `draft` of this campaign out; waits up to a second for one that is in.

    The system drops the lock of a process that dies. Raises DraftsBusy, OSError.
    """
    make_cache(root)
    with storage.open_lock(root, f"{CACHE}/drafts.lock") as lock:
        for wait in (*_WAITS, None):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if wait is None:
                    raise DraftsBusy from None
                time.sleep(wait)
        yield


def write_whole(root: Path, path: str, *content: bytes) -> None:
    """Make `path` hold `content`, all of it or as before; a link in its place is replaced, not followed.

    Not forced to the disk: it is for what can be made again. Whoever writes holds the `drafts_lock`. Raises OSError.
    """
    storage.write(root, path, content, storage.PRIVATE, durable=False, aside=storage.UNFINISHED)
