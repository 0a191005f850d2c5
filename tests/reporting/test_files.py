"""A report on disk: what it may take the place of."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.pages import report_files
from tests.sending.campaigns import run, write_campaign


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_campaign(tmp_path, contacts=2)
    return tmp_path


OTHERS = {
    "xlsx": [b"PK\x03\x04 something", b"PK"],
    "csv": [b"id,name\r\n1,Mine\r\n", b"id,name,table\n"],
    "md": [b"# My outreach report\n", b"outreach report\n"],
    "html": [b"<!doctype html>\n<p>outreach report</p>", b"<html>"],
    "json": [b'{\n "made_by": "me", "about": "outreach report"}', b"[]"],
}


@pytest.mark.parametrize(("suffix", "content"), [(s, c) for s, contents in OTHERS.items() for c in contents])
def test_a_file_that_is_no_report_stays(root: Path, suffix: str, content: bytes) -> None:
    path = root / f"mine.{suffix}"
    path.write_bytes(content)
    for command in (["report"], ["report", "--public"], ["report", "--for", "c0000"], ["export", "c0000"]):
        said = run(root, *command, "--out", str(path))
        assert said.code == 2
        assert "is not a report of outreach" in said.err
    assert path.read_bytes() == content


def test_a_workbook_of_somebody_else_stays(root: Path) -> None:
    from xlsxwriter import Workbook

    path = root / "mine.xlsx"
    with Workbook(str(path)) as book:
        book.add_worksheet("outreach-report").write(0, 0, "outreach-report")
    before = path.read_bytes()
    assert run(root, "report", "--out", str(path)).code == 2
    assert path.read_bytes() == before


@pytest.mark.parametrize("suffix", OTHERS)
def test_a_report_takes_the_place_of_a_report(root: Path, suffix: str) -> None:
    path = root / f"ours.{suffix}"
    path.touch()
    for command in (["report"], ["report", "--public"], ["export", "c0000"], ["report", "--since", "2026-01-01"]):
        assert run(root, *command, "--out", str(path)).code == 0


def test_a_report_takes_the_place_of_one_that_an_older_version_wrote_with_fewer_columns(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = root / "ours.csv"
    assert run(root, "report", "--out", str(path)).code == 0
    monkeypatch.setattr(
        report_files, "COLUMNS", (*report_files.COLUMNS[:4], "newer", *report_files.COLUMNS[4:], "last")
    )
    assert run(root, "report", "--out", str(path)).code == 0
    path.write_text("id,name,kind,tier,state\r\n", encoding="utf-8")
    assert run(root, "report", "--out", str(path)).code == 2
