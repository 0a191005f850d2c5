"""No cell of any table that is written here is a formula, whatever a name, a note or an answer begins with."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from outreach.model.dossier import Dossier
from outreach.model.event import EventKind
from outreach.model.report import Report
from outreach.pages.dossier import dossier_csv, dossier_workbook
from outreach.pages.report_data import DANGEROUS, defused, may_be_formula, report_csv, report_workbook
from outreach.words.visible import without_controls
from tests.ledger.histories import letter
from tests.reporting.test_report import made

PAGES = Path(__file__).resolve().parents[2] / "outreach"
NAMESPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
BEGINNINGS = (
    "=", "+", "-", "@", "|", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\uff5c", "\t", "\r", "\n", " =", "\u00a0|",
    "\u200b@", "\u3000\uff1d", "%0A", "%0a=", "%0D%0A=", "%09-", "%3D", "%7c",
)  # fmt: skip
beginnings = st.sampled_from(BEGINNINGS)


def has_no_sign_that_parts(text: str) -> bool:
    """Whether no program could part the cell there, and read a formula behind it."""
    return not set(text) & set(";\t\r\n")


@given(st.text("\t\r\n\x0b\x0c\x1f \u00a0\u3000\u200b\ufeff\u2028", max_size=4), beginnings, st.text())
def test_a_cell_that_begins_like_a_formula_is_defused(unseen: str, start: str, rest: str) -> None:
    assert defused(f"{unseen}{start}{rest}").startswith("'")


@given(
    st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=1),
    st.text().filter(lambda x: not set(x) & set(";\t\r\n")),
)
@example("1", "00% = all | of it")
@example("1", "; a - b; c")
def test_a_cell_that_begins_with_a_letter_or_number_stays_as_it_is(first: str, rest: str) -> None:
    assert defused(first + rest) == without_controls((first + rest).replace("\x00", " "))


@settings(max_examples=30)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), st.sampled_from(";\t\n\r"), beginnings)
def test_no_cell_is_a_formula_for_a_program_that_parts_cells_at_other_signs(text: str, sign: str, start: str) -> None:
    """As Excel does where the comma is the sign of decimals; quotation marks do not help, since it sees none there."""
    content = report_csv(report_of(f"a{text}{sign}{start}x"))
    for other in ";\t":
        rows = csv.reader(
            io.StringIO(content.removeprefix("\ufeff"), newline=""), delimiter=other, quoting=csv.QUOTE_NONE
        )
        cells = [cell for row in rows for cell in row]
        assert not [cell for cell in cells if cell.lstrip().startswith(DANGEROUS)]


def dossier(text: str) -> Dossier:
    return Dossier(
        id="acme", name=text, title="C", timezone="UTC", now=datetime(2026, 1, 13, tzinfo=UTC), files=(),
        values=(("name", text), (text, "value")), letters=(), messages=(), receipts=(), planned=(),
        events=(letter(EventKind.CALL, text=text),),
    )  # fmt: skip


@cache
def _report() -> Report:
    return made([letter(EventKind.ACCEPTED, value="smtp")])[0]


def report_of(name: str) -> Report:
    """A report in which every contact has that name."""
    found = _report()
    lines = tuple(replace(line, name=name) for line in found.contacts)
    return replace(found, contacts=lines, letters=tuple(replace(each, name=name) for each in found.letters))


def rows(content: str) -> Iterator[list[str]]:
    yield from csv.reader(io.StringIO(content.removeprefix("\ufeff")))


@settings(max_examples=20)
@given(beginnings, st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8))
@example("\t", "=")  # a second mark, for a program that parts cells at tabs
def test_no_csv_has_a_formula(start: str, rest: str) -> None:
    report = report_of(start + rest)
    for content in (report_csv(report), dossier_csv(dossier(start + rest))):
        cells = [cell for row in rows(content) for cell in row]
        assert not [cell for cell in cells if may_be_formula(cell)]
        marked = {cell.replace("'", "") for cell in cells if cell.startswith("'")}
        assert f"{start}{rest}".replace("'", "") in marked


def sheets(content: bytes) -> Iterator[tuple[str, bool]]:
    """The texts of a workbook, and whether each is marked as text; a formula or link fails."""
    with ZipFile(io.BytesIO(content)) as book:
        styles = ElementTree.fromstring(book.read("xl/styles.xml"))
        marked = [each.get("quotePrefix") == "1" for each in styles.findall("x:cellXfs/x:xf", NAMESPACE)]
        strings = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        texts = ["".join(each.itertext()) for each in strings.findall("x:si", NAMESPACE)]
        for name in book.namelist():
            if not re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name):
                continue
            sheet = ElementTree.fromstring(book.read(name))
            assert not sheet.findall(".//x:f", NAMESPACE)
            assert not sheet.findall(".//x:hyperlink", NAMESPACE)
            for cell in sheet.iterfind(".//x:c[@t='s']", NAMESPACE):
                text = texts[int(cell.findtext("x:v", "", NAMESPACE))]
                yield text, marked[int(cell.get("s", "0"))]


@settings(max_examples=20)
@given(beginnings, st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8))
def test_no_workbook_has_a_formula_also_once_a_cell_is_edited(start: str, rest: str) -> None:
    report = report_of(start + rest)
    for content in (report_workbook(report), dossier_workbook(dossier(start + rest))):
        found = list(sheets(content))
        assert not [text for text, is_marked in found if may_be_formula(text) and not is_marked]
        assert [text for text, is_marked in found if is_marked and text.endswith(rest)]


@pytest.mark.parametrize(("word", "where"), [
    # The dashboard hands its cells to `defused`; contacts_csv edits a person's own table, as they wrote it.
    ("csv.writer(", {"pages/dossier.py", "pages/report_data.py", "web/pages/contacts.py", "campaign/contacts_csv.py"}),
    ("Workbook(", {"pages/report_data.py", "intake/tables/grid.py"}),
])  # fmt: skip
def test_every_writer_of_tables_is_tested_here(word: str, where: set[str]) -> None:
    found = {
        path.relative_to(PAGES).as_posix()
        for path in PAGES.rglob("*.py")
        if re.search(rf"\b{re.escape(word)}", path.read_text(encoding="utf-8"))
    }
    assert found <= where, "a new writer of tables: hand its cells to `defused` or `workbook`, and test it here"
