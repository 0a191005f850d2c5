"""What became of the rows of a table: passages, places, and the addresses in a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from outreach.intake.addresses import addresses
from outreach.intake.grid import Row, text_of
from outreach.model.found import Kind, Passage, Place

EMPTY = "empty row"
"""What a row is read as that holds nothing."""


def place_of(file: str, row: Row, column: str = "") -> Place:
    """Where a row stands; its sheet is the part of `file` behind the `#`."""
    return Place(file=file, line=row.line, sheet=file.partition("#")[2], column=column)


def addresses_in(row: Row) -> list[str]:
    """The mail addresses of a row, in its cells and in what they lead to."""
    texts = [text for cell in row.cells if "@" in (text := text_of(cell)) or "at" in text.lower()]
    found = [each.address for text in texts for each in addresses(text) if each.kind == "email"]
    return [*found, *(target[7:] for _, target in row.links if target.lower().startswith("mailto:"))]


def addresses_of(text: str) -> list[str]:
    """The mail addresses of a text."""
    return [each.address for each in addresses(text) if each.kind == "email"]


def passage_of(file: str, rows: Sequence[Row], kind: Kind, read_as: str, to: str) -> Passage:
    return Passage(file=file, line=rows[0].line, end=rows[-1].end, kind=kind, read_as=read_as, to=to)


def with_empty_rows(passages: list[Passage], rows: Sequence[Row]) -> Iterator[Passage]:
    """The passages and, as far as separators are in them, the rows without content between them."""
    empty = [row for row in rows if row.is_empty and row.cells]
    yield from sorted([*passages, *_runs_of(empty, passages)], key=lambda each: each.line)


def _runs_of(empty: Sequence[Row], passages: Sequence[Passage]) -> Iterator[Passage]:
    if not passages:
        return
    file = passages[0].file
    begin: Row | None = None
    end: Row | None = None
    for row in empty:
        if begin is not None and end is not None and row.line != end.end + 1:
            yield passage_of(file, [begin, end], "noted", EMPTY, "")
            begin = None
        begin, end = begin or row, row
    if begin is not None and end is not None:
        yield passage_of(file, [begin, end], "noted", EMPTY, "")
