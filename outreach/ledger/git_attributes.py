"""What tells Git how the receipts of two clones merge."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from outreach import storage
from outreach.errors import EditedMeanwhile
from outreach.ledger.address_keys import KEY_FILE

RECEIPTS = "receipts.jsonl"
ATTRIBUTES = ".gitattributes"
UNION = f"{RECEIPTS} merge=union\n{KEY_FILE} merge=union\n"
"""What tells Git that of these files the lines of both sides are right."""


def tell_git(root: Path) -> None:
    """Write into the campaign's `.gitattributes` how its receipts merge, unless it says so. Never raises for the file.

    A campaign that an older version began has no such lines, and two clones of it would meet in a conflict.
    """
    try:
        with suppress(FileNotFoundError):
            before = storage.read(root, ATTRIBUTES)
            if RECEIPTS.encode() not in before:
                lines = before + (b"" if before.endswith(b"\n") or not before else b"\n") + UNION.encode()
                storage.replace(root, ATTRIBUTES, storage.digest(before), lines)
            return
        storage.replace(root, ATTRIBUTES, None, UNION.encode())
    except (OSError, EditedMeanwhile):  # then a conflict in Git is read, and is the person's to commit
        return
