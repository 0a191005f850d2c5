"""The marks in `receipts.jsonl`, read and written: who was forgotten, and which addresses are suppressed."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from pathlib import Path

from outreach.ledger.address_keys import read_address_keys
from outreach.ledger.mark_lines import mark_text
from outreach.ledger.receipt_lines import Line, line_renamed, lines_in
from outreach.ledger.receipts import change_lines, read_lines
from outreach.model.erasure import SUPPRESSED, Mark


def read_marks(root: Path) -> list[Mark]:
    """Who was forgotten and which addresses are suppressed, sorted. Never raises for bad input."""
    lines, _ = read_lines(root)
    return sorted({line.mark for line in lines if line.mark is not None})


def marks_in(data: bytes) -> list[Mark]:
    """The marks in the bytes of such a file."""
    lines, _ = lines_in(data)
    return sorted({line.mark for line in lines if line.mark is not None})


def write_marks(root: Path, marks: Iterable[Mark], *, without: Container[str] = ()) -> int:
    """Add the marks that are missing, and take suppressed addresses out whose mark is in `without`; how many changed.

    Raises as `write_receipts`.
    """
    new = {(mark.kind, mark.id): Line(None, mark_text(mark), mark) for mark in marks}

    def change(lines: list[Line]) -> list[Line]:
        known = {(line.mark.kind, line.mark.id) for line in lines if line.mark is not None}
        kept = [e for e in lines if e.mark is None or e.mark.kind != SUPPRESSED or e.mark.id not in without]
        return [*kept, *(line for key, line in new.items() if key not in known)]

    return change_lines(root, change)


def rename_receipts(root: Path, tokens: Mapping[str, str], unmarked: Container[str] = ()) -> int:
    """Give receipts of letters the token of their contact, and none of the marks `unmarked`; how many lines changed.

    Raises as `write_receipts`.
    """

    keys, _ = read_address_keys(root)

    def change(lines: list[Line]) -> list[Line]:
        return [line_renamed(line, tokens, keys, unmarked) for line in lines]

    return change_lines(root, change)
