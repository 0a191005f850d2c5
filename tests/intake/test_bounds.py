"""A stranger's document: what would take all memory or all time is refused in one sentence before it is read."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import UnreadableSource
from outreach.intake.bounds import MOST_BYTES, check_archive
from outreach.intake.grid import MOST_COLUMNS, rows_of_text, sheets_of
from tests.acceptance.command import REPOSITORY
from tests.intake.archives import archive, cell, ods, ods_row, xlsx

GOOD = cell("A1", "Name") + cell("A2", "Open Roads")
LARGE = b"x" * (MOST_BYTES // 100)
ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def lying(data: bytes) -> bytes:
    """The archive, whose parts claim to be empty in its directory."""
    out = bytearray(data)
    at = 0
    while (at := out.find(b"PK\x01\x02", at)) >= 0:
        out[at + 24 : at + 28] = b"\0\0\0\0"
        at += 4
    return bytes(out)


BOMBS: dict[str, Callable[[], bytes]] = {
    "a cell in the last corner": lambda: xlsx(cell("A1") + cell("XFD1048576")),
    "with other quotes": lambda: xlsx(cell("A1") + '<row r="1048576"><c s="1" r=\'XFD1048576\'><v>1</v></c></row>'),
    "with much before its place": lambda: xlsx(
        cell("A1") + f'<row r="9"><c x="{"y" * 5000}" r="XFD1048576"><v>1</v></c></row>'
    ),
    "a prefix": lambda: xlsx(cell("A1") + '<a.b:row r="9"><a.b:c r="XFD1048576"/></a.b:row>'),
    "no place of its own": lambda: xlsx(cell("A1") + f'<row r="1048576">{"<c><v>1</v></c>" * 99}</row>'),
    "10,000 sheets": lambda: xlsx(GOOD, sheets=10_000),
    "entities": lambda: xlsx(GOOD, head=f'<?xml version="1.0"?>{ENTITY}'),
    "entities in Word": lambda: archive({"word/document.xml": f'<?xml version="1.0"?>{ENTITY}<w:document/>'}),
    "400 MB in one part": lambda: archive({"word/document.xml": LARGE * 101}),
    "400 MB in many parts": lambda: archive({f"xl/{n}.xml": LARGE for n in range(101)}),
    "sizes that lie": lambda: lying(archive({"xl/sharedStrings.xml": LARGE * 101})),
    "many parts": lambda: archive({f"{n}": "" for n in range(6000)}),
    "repeated cells": lambda: ods(ods_row(1_000_000, 16_000, "x")),
    "a far cell": lambda: ods(ods_row(1, 1, "x") + ods_row(1_000_000, 10) + ods_row(1, 10_000, "x")),
    "a tag without end": lambda: xlsx(f'<row r="1"><c {"x" * 3_000_000}'),
}
"""Made where they are needed: half of them take long, and each process that runs tests reads this file."""


@pytest.mark.parametrize("name", list(BOMBS))
def test_a_bomb_is_refused_before_it_is_read(name: str) -> None:
    with pytest.raises(UnreadableSource) as found:
        check_archive("list.xlsx", BOMBS[name]())
    assert str(found.value).startswith("list.xlsx cannot be read: ")


def test_what_an_office_program_writes_is_read() -> None:
    for data in (
        xlsx(GOOD), xlsx(GOOD, sheets=200), xlsx(cell("A1") + '<row r="1048576" ht="15"/>'),
        ods(ods_row(1, 1, "Name") + ods_row(1, 1, "Open Roads") + ods_row(1_048_574, 16_384)),
    ):  # fmt: skip
        check_archive("list", data)
    assert [row.cells for row in sheets_of("list", xlsx(GOOD))[0].rows] == [("Name",), ("Open Roads",)]


@given(st.sampled_from([xlsx(GOOD), ods(ods_row(2, 3, "x"))]), st.data())
def test_a_damaged_archive_is_read_or_refused_and_nothing_else(data: bytes, draw: st.DataObject) -> None:
    broken = bytearray(data)
    for at in draw.draw(st.lists(st.integers(4, len(data) - 1), max_size=5)):
        broken[at] = draw.draw(st.integers(0, 255))
    try:
        check_archive("list", bytes(broken))
        zipfile.ZipFile(BytesIO(bytes(broken)))
    except (UnreadableSource, zipfile.BadZipFile, NotImplementedError):
        pass


def test_a_text_table_ends_at_its_bounds() -> None:
    with pytest.raises(UnreadableSource, match="more than 100,000 rows"):
        rows_of_text("a.csv", "x,y\n" * 100_001)
    with pytest.raises(UnreadableSource, match="more than 1,000 columns"):
        rows_of_text("a.csv", "x," * MOST_COLUMNS + "x\n")
    assert len(rows_of_text("a.csv", f"Name,Email{',' * 100_000}\nA,a@a.example\n")[0].cells) == MOST_COLUMNS
    assert len(rows_of_text("a.csv", "a\n" + "\n" * 1_000_000)) == 1


# A process starts with the peak of the process that made it, and this one may be large by now (the tests of a whole
# room, with coverage): so the command is made, and measured, by a small process of its own.
MEASURED = """
import resource, subprocess, sys
code = subprocess.run([sys.executable, "-m", "outreach", *sys.argv[1:]], stdout=sys.stderr).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


@pytest.mark.parametrize("name", ["a cell in the last corner", "400 MB in one part", "repeated cells"])
def test_the_command_says_one_sentence_in_bounded_memory(tmp_path: Path, name: str) -> None:
    (tmp_path / "list.xlsx").write_bytes(BOMBS[name]())
    argv = [sys.executable, "-c", MEASURED, "init", str(tmp_path / "new"), "--from", str(tmp_path / "list.xlsx")]
    done = subprocess.run(argv, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr.count("cannot be read") == 1
    assert "Traceback" not in done.stderr
    assert int(done.stdout) < 600_000, "kilobytes resident at most"
    assert not (tmp_path / "new").exists()
