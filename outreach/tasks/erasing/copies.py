"""What `.outreach/` holds beside the ledger: frozen letters, copies of the ledger, caches, and an erasure that runs.

Whatever can be made again goes whole: caches, the rehearsal, the ledger from before a restore, what was uploaded.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

from outreach import storage
from outreach.campaign.private import CACHE, FOLDER
from outreach.errors import FrozenBytesLost
from outreach.ledger.backups import ARRIVING, REPLACED
from outreach.ledger.blobs import all_kept, drop, kept
from outreach.ledger.moving import KEPT_ASIDE
from outreach.ledger.place import BLOBS, LEDGER, REHEARSAL
from outreach.ledger.shared import digests_of_shared, drop_moved
from outreach.model.erasure import Erased, Fate, Place, Room
from outreach.tasks.erasing.contents import names_them
from outreach.tasks.erasing.following import JOB
from outreach.tasks.erasing.seeker import Seeker
from outreach.tasks.uploads import ASIDE

OPEN = f"{FOLDER}/erasing"
"""One file for each erasure that waits for a person: who it is, so that the same command looks for them again."""
DONE = f"{FOLDER}/erased"
"""The tokens of those who were erased in this folder, one a line."""
_AGAIN = {
    CACHE: "what was read and rendered; outreach makes it again when it needs it",
    ASIDE: "files that came through the browser",
}
_DATABASES = {
    REHEARSAL: "the rehearsal's copy of the history",
    REPLACED: "the history from before a restore",
    KEPT_ASIDE: "the history from before a move",
}
_OTHERS = (f"{LEDGER}.backing-up", ARRIVING, f"{REHEARSAL}.new", f"{REPLACED}.new")


def copies_in(seeker: Seeker, digests: Collection[str]) -> Iterator[Place]:
    """Every place of `.outreach/` but the ledger that goes; caches and copies whole, whoever is in them."""
    root, letters = seeker.root, _letters(seeker, digests)
    if letters:
        says = f"{len(letters)} frozen emails and files that name them are removed"
        yield Place(room=Room.COPIES, fate=Fate.REMOVE, where=f"{BLOBS}/", says=says)
    for name, says in _DATABASES.items():
        if storage.exists(root, name):
            yield Place(room=Room.COPIES, fate=Fate.REMOVE, where=name, says=f"{says} is removed")
    for name, says in _AGAIN.items():
        if next(storage.walk(root, name), None) is not None:
            yield Place(room=Room.COPIES, fate=Fate.REMOVE, where=f"{name}/", says=f"{says}; it is removed")


def remove_copies(seeker: Seeker, digests: Collection[str]) -> None:
    """Remove them. Raises Refused, OSError; doing it again does nothing."""
    root = seeker.root
    drop_moved(root)
    for name in (*_DATABASES, *_OTHERS):
        for end in ("", "-wal", "-shm", "-journal"):
            storage.remove(root, f"{name}{end}", missing_ok=True)
    for digest in _letters(seeker, digests):
        drop(root, digest)
    for folder in _AGAIN:
        for file in list(storage.walk(root, folder)):
            storage.remove(root, file, missing_ok=True)
    for file in list(storage.walk(root, FOLDER)):
        name = file.rpartition("/")[2]
        if name.startswith(storage.UNFINISHED) or name.endswith(".new"):
            storage.remove(root, file, missing_ok=True)


def _letters(seeker: Seeker, digests: Collection[str]) -> list[str]:
    """The digests of all frozen bytes that are theirs or name them, in the folder and in a shared ledger."""
    root, found = seeker.root, []
    for digest in sorted({*all_kept(root), *digests_of_shared(root)} - seeker.free_letters):
        with suppress(FrozenBytesLost):
            if digest in digests or names_them(seeker.all, "", kept(root, digest), seeker.free_parts):
                found.append(digest)
            else:
                seeker.free_letters.add(digest)
    return found


# --- the erasure that runs -------------------------------------------------------------------------


def keep_job(root: Path, erased: Erased, *, is_open: bool = False) -> None:
    """Write down who is being erased, or (`is_open`) of whom a person still has to change files. Raises OSError."""
    storage.make_private_folder(root, FOLDER)
    text = json.dumps({**asdict(erased), "asked": erased.asked.isoformat()})
    storage.write(root, f"{OPEN}/{erased.token}.json" if is_open else JOB, [text.encode()], storage.PRIVATE)


def open_jobs(root: Path) -> list[Erased]:
    """The erasures that are not complete, because a person has to change files first."""
    return [each for file in storage.walk(root, OPEN) if (each := job_left(root, file)) is not None]


def job_left(root: Path, file: str = JOB) -> Erased | None:
    """The erasure that was begun and not finished; None if there is none."""
    try:
        found = json.loads(storage.read(root, file))
        known = {each.name for each in fields(Erased)}
        values: dict[str, Any] = {key: each for key, each in found.items() if key in known}
        values |= {key: tuple(each) for key, each in values.items() if isinstance(each, list)}
        values["asked"] = date.fromisoformat(found["asked"])
        return Erased(**values)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def end_job(root: Path, tokens: Iterable[str], done: Erased | None = None) -> None:
    """It is done, on this computer; of `done`, nothing is left for a person either."""
    if done is not None and storage.exists(root, f"{OPEN}/{done.token}.json"):
        storage.remove(root, f"{OPEN}/{done.token}.json", missing_ok=True)
        storage.remove_empty(root, OPEN)
    known = erased_here(root)
    if not known.issuperset(tokens):
        lines = "".join(f"{each}\n" for each in sorted(known.union(tokens)))
        storage.write(root, DONE, [lines.encode()], storage.PRIVATE)
    storage.remove(root, JOB, missing_ok=True)


def erased_here(root: Path) -> set[str]:
    """The tokens of everybody who was erased in this folder; a shared ledger alone cannot say that."""
    try:
        return set(storage.read(root, DONE).decode("ascii", "replace").split())
    except OSError:
        return set()


def ids_of_drafts(root: Path) -> set[str]:
    """The ids of contacts after which drafts and letters in the folder are called."""
    names = (file.rpartition("/")[2] for folder in ("drafts/letters", "outbox") for file in storage.walk(root, folder))
    return {name.partition(".")[0] for name in names}
