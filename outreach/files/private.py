"""The campaign's `.outreach/`: what belongs to this computer and never to Git."""

from __future__ import annotations

import contextlib
import fcntl
import time
from collections.abc import Iterator
from pathlib import Path

from outreach.errors import DraftsBusy

FOLDER = ".outreach"
CACHE = f"{FOLDER}/cache"
UNFINISHED = ".outreach-unfinished"
"""The name of a file while it is written, in the folder it will stand in."""
_WAITS = (0.05, 0.15, 0.3, 0.5)
"""Seconds between the tries to get a lock that somebody else holds: one in all."""


def make_cache(root: Path) -> None:
    """Make `.outreach/cache/`, and the `.gitignore` that keeps all of `.outreach/` out of Git.

    Raises OSError.
    """
    (root / FOLDER).mkdir(mode=0o700, parents=True, exist_ok=True)
    (root / CACHE).mkdir(exist_ok=True)
    ignore = root / FOLDER / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")


@contextlib.contextmanager
def drafts_lock(root: Path) -> Iterator[None]:
    """Keep every other `draft` of this campaign out; waits up to a second for one that is in.

    The system drops the lock of a process that dies. Raises DraftsBusy, OSError.
    """
    make_cache(root)
    with (root / CACHE / "drafts.lock").open("ab") as lock:
        for wait in (*_WAITS, None):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if wait is None:
                    raise DraftsBusy from None
                time.sleep(wait)
        yield


def write_whole(target: Path, content: bytes) -> None:
    """Make `target` hold `content`, all of it or as before; a link in its place is replaced, not followed.

    Not forced to the disk: it is for what can be made again. Raises OSError.
    """
    unfinished = target.with_name(UNFINISHED)
    try:
        try:
            file = unfinished.open("xb")
        except FileExistsError:  # a run that was killed left it
            unfinished.unlink()
            file = unfinished.open("xb")
        with file:
            file.write(content)
        unfinished.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise
