"""Whether anything of a campaign changed: a file of it, or its ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from outreach import storage
from outreach.ledger import open_ledger
from outreach.tasks.clock import is_rehearsal

_WATCHED = ("campaign.yaml", "lookups.yaml", "receipts.jsonl", "receipts.key")
_WATCHED_FOLDERS = ("contacts", "templates", "posts", "checklists")


def change_stamp(root: Path, more: Iterable[str] = ()) -> str:
    """A word that is another one as soon as a file of the campaign or the ledger is. Reads no file.

    `more` are files that letters and posts carry, relative to the campaign folder.
    """
    found = hashlib.sha256()
    for name in sorted({*_watched(root), *more}):
        try:
            state = storage.stat_of(root, name, follow=True)
        except OSError:
            continue
        if state is not None:
            found.update(f"{name}\0{state.st_mtime_ns}\0{state.st_size}\n".encode(errors="replace"))
    with open_ledger(root, rehearsal=is_rehearsal(), create=False) as ledger:
        found.update(repr(ledger.mark_now()).encode())
    return found.hexdigest()[:32]


def _watched(root: Path) -> Iterator[str]:
    yield from _WATCHED
    for folder in _WATCHED_FOLDERS:
        yield from storage.walk(root, folder)
