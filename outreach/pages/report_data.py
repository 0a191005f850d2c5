"""A report for programs: JSON, CSV with one row per contact, and a workbook."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import unquote

from outreach.model.records import replace
from outreach.model.report import CONTACT_COLUMNS, ContactLine, Count, Entry, Report
from outreach.pages.json_schema import Fields
from outreach.pages.report_tables import Table, contact_cell, tables
from outreach.pages.saying import ENGLISH, Say
from outreach.words.visible import without_controls

DANGEROUS = ("=", "+", "-", "@", "|", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\uff5c")
"""What makes a formula of a cell in spreadsheets; so does the full-width form of each (OWASP, CSV Injection)."""
MARK = "outreach-report"
"""The property by which a workbook of ours is known."""
_INSIDE = re.compile(rf"(?<=[;\t\r\n])(?=[^\S\t\r\n]*[{re.escape(''.join(DANGEROUS))}])")
"""Where a formula begins for a program that parts cells at `;` or tabs, as Excel does in many countries."""
_MOST_IN_A_CELL = 32_767  # characters; Excel calls a file with more in a cell damaged
COLUMNS = tuple(column.csv for column in CONTACT_COLUMNS.values())


ReportObject = Annotated[dict[str, Any], Fields(Report, made_by=str, counts=dict[str, int], entries=list[Entry])]
"""The fields of a Report; `counts` are those of `status`."""


def report_object(report: Report) -> ReportObject:
    """The object of `report --json`: `counts` are those of `status`."""
    rest = replace(report, states=(), entries={})
    found = {name: _plain(value) for name, value in asdict(rest).items() if name not in ("states", "entries")}
    return {
        "made_by": "outreach report",
        "counts": {count.key: count.number for count in report.states},
        "states": [asdict(count) for count in report.states],
        **found,
        "entries": [_plain(asdict(entry)) for entry in report.entries.values()],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def report_csv(report: Report) -> str:
    """One row per contact, in UTF-8 with its mark, so that spreadsheets read names right."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([defused(cell) for cell in _row(line, report)] for line in report.contacts)
    return "\ufeff" + text.getvalue()


def _row(line: ContactLine, report: Report) -> Iterator[str]:
    for name in CONTACT_COLUMNS:
        yield str(contact_cell(getattr(line, name), report))


def may_be_formula(cell: str) -> bool:
    """Whether a spreadsheet may take the cell for a formula, also behind spaces and letters that nobody sees.

    `%0A=...` counts: whatever decodes percent signs on the way reads a line break, and a formula behind it.
    """
    for text in (cell, unquote(cell)):
        seen = next((at for at, letter in enumerate(text) if letter.isprintable() and not letter.isspace()), len(text))
        if not {"\t", "\r", "\n"}.isdisjoint(text[:seen]) or text.startswith(DANGEROUS, seen):
            return True
    return False


def defused(cell: str) -> str:
    """A cell of a CSV file that no spreadsheet takes for a formula, and no terminal for a command."""
    cell = _INSIDE.sub("'", cell.replace("\x00", " "))
    return without_controls(f"'{cell}" if may_be_formula(cell) else cell)


def report_workbook(report: Report, say: Say = ENGLISH) -> bytes:
    """A sheet per table."""
    return workbook(list(tables(report, say)), report.now)


def workbook(sheets: Iterable[Table], now: datetime) -> bytes:
    """A sheet per table; every text is a text, and nothing is a formula or a link. `now` is an aware UTC instant."""
    from xlsxwriter import Workbook

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(content, options) as book:
        book.set_custom_property(MARK, "1")
        book.set_properties({"title": "outreach report", "created": now.replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        # What `'` before a cell is in CSV: the text stays a text when somebody edits the cell.
        quoted = book.add_format({"quote_prefix": True})
        for table in sheets:
            sheet = book.add_worksheet(table.title[:31])
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(table.columns), 20)
            for column, title in enumerate(table.columns):
                sheet.write_string(0, column, title, bold)
            for at, row in enumerate(table.rows, 1):
                for column, cell in enumerate(row):
                    _write(sheet, at, column, cell, quoted)
    return content.getvalue()


def _write(sheet: Any, row: int, column: int, cell: object, quoted: Any) -> None:
    value = cell.number if isinstance(cell, Count) else cell
    if isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        text = str(value)[:_MOST_IN_A_CELL]
        sheet.write_string(row, column, text, quoted if may_be_formula(text) else None)
