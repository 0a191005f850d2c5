"""A workbook of ROWS rows becomes a campaign in less than three times what its parts cost alone.

    python benchmarks/importing.py [ROWS]

The parts are python-calamine's reading of the cells and the writing of the contacts' YAML; the whole is everything
between: `init --from`, with its account, its joining and the files on the disk. Read the ratio.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from pathlib import Path

import python_calamine
import xlsxwriter

from outreach.campaign.contacts_plain import contact_text
from outreach.intake.account import Account
from outreach.intake.tables import read_workbook
from outreach.tasks.importing import init

HEADER = ("Organisation", "Contact person", "E-mail", "Country", "Website", "Notes", "Phone", "Tags")


def workbook(rows: int) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for row in range(1, rows + 1):
            cells = (f"Club Number {row}", f"Ann Lee{row % 97}", f"info@club{row}.example", "Belgium")
            more = (f"https://club{row}.example", "some words here", "+32 2 123 45 67", "a, b")
            sheet.write_row(row, 0, (*cells, *more))
    return file.getvalue()


def main(rows: int) -> None:
    data = workbook(rows)
    began = time.process_time()
    python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    cells = time.process_time() - began
    began = time.process_time()
    found = read_workbook("list.xlsx", data, {}, Account())
    reading = time.process_time() - began
    began = time.process_time()
    for each in found.contacts:
        contact_text(each.values)
    writing = time.process_time() - began
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "list.xlsx").write_bytes(data)
        began = time.process_time()
        init(Path(folder) / "campaign", [Path(folder) / "list.xlsx"])
        whole = time.process_time() - began
    print(
        f"{rows:,} rows: calamine {cells:.2f} s, YAML {writing:.1f} s, our reading {reading:.1f} s, all {whole:.1f} s"
    )
    print(f"in all {whole / (cells + writing):.1f} times calamine and the YAML (must stay below 3)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
