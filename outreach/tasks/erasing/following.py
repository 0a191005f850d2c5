"""Whether another computer of this campaign erased somebody: asked before every run, and seldom so.

What erases reads and writes every kind of file; it is imported when there is somebody to erase.
"""

from __future__ import annotations

from pathlib import Path

from outreach import storage
from outreach.ledger.marks import read_marks
from outreach.ledger.place import FOLDER
from outreach.model.erasure import FORGOTTEN, Erasure
from outreach.tasks.clock import is_rehearsal

JOB = f"{FOLDER}/erasing.json"
"""Who is being erased, until it is done: a run that was killed is done again with it, and it goes last."""


def follow_others(root: Path) -> list[Erasure]:
    """Erase here whom another computer of this campaign erased, as `receipts.jsonl` says; who that was.

    Asked before anything is sent. Raises as `erase`.
    """
    if is_rehearsal():
        return []
    marks = [mark for mark in read_marks(root) if mark.kind == FORGOTTEN]
    if not marks and storage.why_not_read(root, JOB) is not None:
        return []
    from outreach.tasks.erasing.copies import job_left
    from outreach.tasks.erasing.erasing import follow

    left = job_left(root)
    return follow(root, marks, left) if marks or left is not None else []


def unnamed(done: list[Erasure]) -> str:
    """A sentence on those who were erased here by their address alone, since nothing here says their name; or ""."""
    who = [each.erased.name for each in done if not each.erased.names and each.erased.addresses]
    if not who:
        return ""
    named = ", ".join(who)
    return (
        f"Another computer erased {named}, whose name is not known here: your notes and history may still name them. "
        'Run: outreach erase "THEIR NAME" --go'
    )
