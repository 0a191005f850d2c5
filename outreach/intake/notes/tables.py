"""Tables of notes as grids: those of Markdown, Word and HTML, and lines with the same separators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from outreach.intake.addresses import addresses, plain
from outreach.intake.grid import Row
from outreach.intake.outline import Block, Line

_SEPARATORS = ("\t", ";", "|", ",")


def grids(blocks: Iterable[Block]) -> Iterator[list[Row]]:
    """The tables among the blocks, each with the row that names its columns first."""
    here: list[Row] = []
    for block in blocks:
        is_header = block.kind == "other" and bool(block.lines)
        if here and (is_header or block.kind != "row"):
            yield here
            here = []
        if is_header or block.kind == "row":
            here.append(row_of(block))
    if here:
        yield here


def row_of(block: Block) -> Row:
    """A row of a table; a link that its cell does not spell out is kept beside it."""
    links = tuple(
        (at, link.target) for at, cell in enumerate(block.lines) for link in cell.links if link.target not in cell.text
    )
    cells = tuple(plain(cell.text).strip() for cell in block.lines)
    return Row(line=block.line, end=block.end, cells=cells, links=links)


def separated(lines: Sequence[Line]) -> list[Row]:
    """Lines with one address each, in cells between the same separators, as a grid; [] for anything else."""
    texts = [line.text.strip() for line in lines]
    if len(texts) < 2:
        return []
    for mark in _SEPARATORS:
        cells = [[cell.strip() for cell in text.split(mark)] for text in texts]
        if len(cells[0]) < 2 or len({len(row) for row in cells}) != 1:
            continue
        own = [any(_is_address(cell) for cell in row) for row in cells]
        if all(own[1:]) and (own[0] or not any(map(_is_address, cells[0]))):
            return [
                Row(line=line.number, end=line.number, cells=tuple(row)) for line, row in zip(lines, cells, strict=True)
            ]
    return []


def _is_address(cell: str) -> bool:
    found = [each for each in addresses(cell) if each.kind == "email"]
    return len(found) == 1 and not found[0].before.strip(" <") and not found[0].behind.strip(" >")
