"""`adopt`, `backup` and `restore`: a ledger that lives on more than one computer."""

from __future__ import annotations

from pathlib import Path

from outreach.errors import CannotTell
from outreach.ledger import backup as back_up
from outreach.ledger import restore as bring_back
from outreach.ledger.receipts import adopt as take_over
from outreach.ledger.receipts import read_receipts
from outreach.model.event import Receipt
from outreach.tasks.clock import is_rehearsal
from outreach.tasks.world import session

_REAL = "Run it without OUTREACH_NOW: then it is about the real ledger."


def adopt(root: Path) -> list[Receipt]:
    """Take over the receipts of another computer's letters; those that were new to this ledger.

    Raises CannotTell where receipts.jsonl has a line that cannot be read.
    """
    receipts, problems = read_receipts(root)
    if problems:
        first = problems[0]
        raise CannotTell(f"{first.file}, line {first.line}: {first.message.rstrip('.')}", first.hint)
    with session(root) as opened:
        return take_over(opened.ledger, receipts, by=opened.by, now=opened.now)


def backup(root: Path, target: Path) -> None:
    """Write the whole ledger, receipts and frozen bytes into one file. Raises CannotTell in a rehearsal."""
    if is_rehearsal():
        raise CannotTell("A rehearsal is not worth keeping, so there is no backup of it", _REAL)
    back_up(root, target)


def restore(root: Path, source: Path) -> None:
    """Bring a backup back, unless this ledger knows more than it. Raises CannotTell in a rehearsal."""
    if is_rehearsal():
        raise CannotTell("A rehearsal has no ledger of its own to restore", _REAL)
    bring_back(root, source)
