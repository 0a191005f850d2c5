"""Bytes or text -> rows of cells, each with the line on which it begins and ends."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from outreach.errors import UnreadableSource
from outreach.intake.marks import Marks, marks_of
from outreach.model.records import dataclass

Cell = str | int | float | bool
MOST_ROWS = 100_000
MOST_COLUMNS = 1_000
_DELIMITERS = (",", ";", "\t", "|")
_PATIENCE = 20
"""How often a quotation mark that never closes is forgiven before quotation marks count as letters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """Lines `line` to `end` of a table; `torn` says why its cells cannot be told apart ("": they can).

    A torn row has its line as its only cell.
    """

    line: int
    end: int
    cells: tuple[Cell, ...]
    torn: str = ""
    links: tuple[tuple[int, str], ...] = ()
    """What cells lead to, by their column: `mailto:` links of a workbook, whatever the cell says."""
    is_hidden: bool = False
    is_struck: bool = False
    """Whether a cell of it is struck out."""
    colour: str = ""
    """`red` or `grey`, where few rows are."""

    def moved(self, lines: int) -> Row:
        """The same row that many lines further down."""
        return replace(self, line=self.line + lines, end=self.end + lines)

    @property
    def is_empty(self) -> bool:
        return not self.torn and all(cell == "" for cell in self.cells)

    def at(self, column: int) -> Cell:
        """The cell in that column; "" where the row is shorter."""
        return self.cells[column] if column < len(self.cells) else ""


def text_of(cell: Cell) -> str:
    """A cell as text: `5`, `0.5`, `true`, or what was written."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(cell)


def rows_of_text(name: str, text: str) -> list[Row]:
    """The rows of a text with `,`, `;`, `|` or tabs between its cells. Raises UnreadableSource."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    begin = 0
    delimiter = _announced(lines[0]) if lines else None
    if delimiter is not None:
        begin = 1
    found: list[Row] = []
    for row in _parsed(lines, begin, delimiter or _delimiter(lines)):
        if len(row.cells) > MOST_COLUMNS and any(row.cells[MOST_COLUMNS:]):
            raise UnreadableSource(name, f"it has more than {MOST_COLUMNS:,} columns", "Split it.")
        if not row.is_empty or len(found) < MOST_ROWS:
            found.append(replace(row, cells=row.cells[:MOST_COLUMNS]) if len(row.cells) > MOST_COLUMNS else row)
        if len(found) > MOST_ROWS:
            raise UnreadableSource(name, f"it has more than {MOST_ROWS:,} rows", "Split it into several files.")
    if begin:
        found.insert(0, Row(line=1, end=1, cells=()))
    return found


def _announced(first: str) -> str | None:
    """The separator that a first line `sep=;` names, as spreadsheets write it."""
    word = first.strip().strip('"').lower()
    return word[4] if word.startswith("sep=") and len(word) == 5 else "\t" if word == "sep=" else None


def _delimiter(lines: list[str]) -> str:
    """The separator with which most rows have the same number of cells, and then the most cells."""
    sample = "\n".join(lines[:200])

    def agreement(delimiter: str) -> tuple[float, int]:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if any(row)]
        except csv.Error:
            return 0, 0
        if not widths:
            return 0, 0
        width, number = Counter(widths).most_common(1)[0]
        return (number / len(widths) if width > 1 else 0), width

    return max(_DELIMITERS, key=agreement)


def _parsed(lines: list[str], begin: int, delimiter: str) -> Iterator[Row]:
    patience = _PATIENCE
    while begin < len(lines):
        rest = (f"{line}\n" for line in lines[begin:])
        if patience:
            reader = csv.reader(rest, delimiter=delimiter, strict=True)
        else:
            reader = csv.reader(rest, delimiter=delimiter, quoting=csv.QUOTE_NONE)
        at = begin
        try:
            for cells in reader:
                end = begin + reader.line_num
                if cells:
                    yield Row(line=at + 1, end=end, cells=tuple(cell.strip() for cell in cells))
                at = end
            return
        except csv.Error:
            patience -= 1
            line = lines[at]
            if line.count('"') % 2:
                yield Row(line=at + 1, end=at + 1, cells=(line,), torn="its quotation marks do not pair up")
            else:  # `"Bees" <info@bees.example>`: they pair up, and are a part of the cell
                cells = next(csv.reader([line], delimiter=delimiter))
                yield Row(line=at + 1, end=at + 1, cells=tuple(cell.strip() for cell in cells))
            begin = at + 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A sheet that holds anything; the rows of one that is hidden are read only to say what they hold."""

    name: str
    rows: list[Row]
    is_hidden: bool = False


def sheets_of(name: str, data: bytes) -> list[Sheet]:
    """The sheets of an XLSX, XLS or ODS file that hold anything. Raises UnreadableSource."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise UnreadableSource(name, _reason(error), "Save it again as XLSX, ODS or CSV.") from error
    marks = marks_of(data)
    found = []
    for meta in book.sheets_metadata:
        if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        try:
            rows = _rows_of_sheet(name, book, meta.name, marks.get(meta.name, Marks()))
        except (python_calamine.CalamineError, OSError, ValueError) as error:
            raise UnreadableSource(name, _reason(error), "Save it again as XLSX, ODS or CSV.") from error
        if any(not row.is_empty for row in rows):
            hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
            found.append(Sheet(name=meta.name, rows=rows, is_hidden=hidden))
    return found


def _reason(error: Exception) -> str:
    if "assword" in type(error).__name__ or "assword" in str(error):
        return "it is protected by a password"
    return "it is damaged, or not a table"


def _rows_of_sheet(name: str, book: object, sheet: str, marks: Marks) -> list[Row]:
    found = book.get_sheet_by_name(sheet)  # type: ignore[attr-defined]
    if found.height > MOST_ROWS or found.width > MOST_COLUMNS:
        said = f"it has more than {MOST_ROWS:,} rows or {MOST_COLUMNS:,} columns"
        raise UnreadableSource(name, said, "Split it.")
    grid = found.to_python(skip_empty_area=False)
    _fill_down(grid, found.merged_cell_ranges or ())
    return [
        Row(
            line=number,
            end=number,
            cells=tuple(_cell(value) for value in cells),
            links=marks.links.get(number, ()),
            is_hidden=number in marks.hidden_rows,
            is_struck=number in marks.struck_rows,
            colour=marks.coloured_rows.get(number, ""),
        )
        for number, cells in enumerate(grid, start=1)
    ]


def _fill_down(grid: list[list[Any]], merged: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """A cell that spans several rows of one column is in each of them: what was merged means all of it."""
    for (top, left), (bottom, right) in merged:
        if left != right or top >= len(grid) or left >= len(grid[top]):
            continue
        for row in grid[top + 1 : bottom + 1]:
            if left < len(row) and row[left] == "":
                row[left] = grid[top][left]


def _cell(value: object) -> Cell:
    """A typed cell: whole numbers without `.0`, dates as `2026-01-13`, durations and times as text."""
    if isinstance(value, bool) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime):
        at_midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if at_midnight else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value).strip()
