"""What `.outreach/` holds beside the ledger: frozen letters, copies of the ledger, caches, and an erasure that runs.

Whatever can be made again goes whole: caches, the rehearsal, the ledger from before a restore, what was uploaded.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

from outreach import storage
from outreach.campaign.private import CACHE, FOLDER
from outreach.errors import Refused
from outreach.ledger.backups import ARRIVING, REPLACED
from outreach.ledger.place import BLOBS, LEDGER, REHEARSAL
from outreach.model.erasure import Erased, Fate, Place, Room
from outreach.tasks.erasing.contents import LARGEST, names_them
from outreach.tasks.uploads import ASIDE
from outreach.words.blanking import Needles

JOB = f"{FOLDER}/erasing.json"
"""Who is being erased, until it is done: a run that was killed is done again with it, and it goes last."""
_AGAIN = {
    CACHE: "what was read and rendered; made again when it is needed",
    ASIDE: "files that came through the browser",
}
_DATABASES = {REHEARSAL: "the rehearsal's copy of the history", REPLACED: "the history from before a restore"}
_OTHERS = (f"{LEDGER}.backing-up", ARRIVING, f"{REHEARSAL}.new", f"{REPLACED}.new")


def copies_in(root: Path, needles: Needles, digests: Collection[str]) -> Iterator[Place]:
    """Every place of `.outreach/` but the ledger that goes; caches and copies whole, whoever is in them."""
    letters = [file for file in storage.walk(root, BLOBS) if _is_theirs(root, file, needles, digests)]
    if letters:
        says = f"{len(letters)} frozen emails and files that name them go"
        yield Place(room=Room.COPIES, fate=Fate.REMOVE, where=f"{BLOBS}/", says=says)
    for name, says in _DATABASES.items():
        if storage.exists(root, name):
            yield Place(room=Room.COPIES, fate=Fate.REMOVE, where=name, says=f"{says} goes")
    for name, says in _AGAIN.items():
        if next(storage.walk(root, name), None) is not None:
            yield Place(room=Room.COPIES, fate=Fate.REMOVE, where=f"{name}/", says=f"{says}; it goes")


def remove_copies(root: Path, needles: Needles, digests: Collection[str]) -> None:
    """Remove them. Raises Refused, OSError; doing it again does nothing."""
    for name in (*_DATABASES, *_OTHERS):
        for end in ("", "-wal", "-shm", "-journal"):
            storage.remove(root, f"{name}{end}", missing_ok=True)
    for file in [each for each in storage.walk(root, BLOBS) if _is_theirs(root, each, needles, digests)]:
        storage.remove(root, file, missing_ok=True)
    for folder in _AGAIN:
        for file in list(storage.walk(root, folder)):
            storage.remove(root, file, missing_ok=True)
    for file in list(storage.walk(root, FOLDER)):
        if file.rpartition("/")[2].startswith(storage.UNFINISHED):
            storage.remove(root, file, missing_ok=True)


def _is_theirs(root: Path, file: str, needles: Needles, digests: Collection[str]) -> bool:
    name = file.rpartition("/")[2]
    if name in digests or name.endswith(".new"):
        return True
    with suppress(OSError, Refused):
        return names_them(needles, "", storage.read(root, file, LARGEST))
    return False


# --- the erasure that runs -------------------------------------------------------------------------


def keep_job(root: Path, erased: Erased) -> None:
    """Write down who is being erased. Raises OSError."""
    storage.make_private_folder(root, FOLDER)
    text = json.dumps({**asdict(erased), "asked": erased.asked.isoformat()})
    storage.write(root, JOB, [text.encode()], storage.PRIVATE)


def job_left(root: Path) -> Erased | None:
    """The erasure that was begun and not finished; None where there is none."""
    try:
        found = json.loads(storage.read(root, JOB))
        known = {each.name for each in fields(Erased)}
        values: dict[str, Any] = {key: each for key, each in found.items() if key in known}
        values |= {key: tuple(each) for key, each in values.items() if isinstance(each, list)}
        values["asked"] = date.fromisoformat(found["asked"])
        return Erased(**values)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def end_job(root: Path) -> None:
    """It is done."""
    storage.remove(root, JOB, missing_ok=True)
