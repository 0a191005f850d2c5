"""A report, or everything about one, as the bytes of a file in any of the formats."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any
from zipfile import BadZipFile, ZipFile

from outreach.model.dossier import Dossier
from outreach.model.report import Report
from outreach.pages import dossier
from outreach.pages.report_data import COLUMNS, MARK, report_csv, report_object, report_workbook
from outreach.pages.report_html import report_pieces
from outreach.pages.report_text import report_markdown
from outreach.pages.saying import ENGLISH, Say
from outreach.words.visible import visible_in_json

_LOOKED_AT = 4_096
_OLDEST = 22
"""The columns that the first version's CSV files had; later ones only add to them."""
FORMATS = (".html", ".md", ".csv", ".xlsx", ".json")


def report_bytes(report: Report, suffix: str, say: Say = ENGLISH) -> Iterator[bytes]:
    """The report as `report_file` has it, piece by piece where it can be very large."""
    if suffix == ".html":
        return (piece.encode("utf-8", "replace") for piece in report_pieces(report, say))
    return iter([report_file(report, suffix, say)])


def report_file(report: Report, suffix: str, say: Say = ENGLISH) -> bytes:
    """The report in the format of `suffix`, one of FORMATS; in CSV and JSON, for programs, in English."""
    if suffix == ".xlsx":
        return report_workbook(report, say)
    if suffix == ".json":
        return _json(report_object(report))
    if suffix == ".csv":
        return report_csv(report).encode("utf-8", "replace")
    if suffix == ".html":
        return b"".join(report_bytes(report, suffix, say))
    return report_markdown(report, say).encode("utf-8", "replace")


def dossier_file(found: Dossier, suffix: str) -> bytes:
    """Everything about one in the format of `suffix`, one of FORMATS."""
    if suffix == ".xlsx":
        return dossier.dossier_workbook(found)
    if suffix == ".json":
        return _json(dossier.dossier_object(found))
    if suffix == ".md":
        return ("\n".join(dossier.dossier_lines(found)) + "\n").encode("utf-8", "replace")
    text = dossier.dossier_html(found) if suffix == ".html" else dossier.dossier_csv(found)
    return text.encode("utf-8", "replace")


def is_report(suffix: str, content: bytes) -> bool:
    """Whether a file of that format was written here, or is empty, so that a report may take its place."""
    if not content:
        return True
    if suffix == ".xlsx":
        return _is_workbook_of_ours(content)
    first, _, rest = content[: 2 * _LOOKED_AT].decode("utf-8-sig", "replace").partition("\n")
    if suffix == ".csv":
        return first == ",".join(dossier.COLUMNS) + "\r" or _has_our_columns(first)
    begin = {
        ".md": ("<!-- outreach report -->",),
        ".json": ("{",),
        ".html": ("<!doctype html>",),
    }[suffix]
    within = {".json": ' "made_by": "outreach report"', ".html": '<meta name="generator" content="outreach report">'}
    return first in begin and within.get(suffix, "") in rest[:_LOOKED_AT]


def _has_our_columns(first: str) -> bool:
    """Whether the first line of a CSV file is that of a report, also of an older version, which had fewer columns."""
    names = first.removesuffix("\r").split(",")
    return first.endswith("\r") and len(names) >= _OLDEST and names == [each for each in COLUMNS if each in names]


def _is_workbook_of_ours(content: bytes) -> bool:
    try:
        with ZipFile(io.BytesIO(content)) as book:
            return f'name="{MARK}"'.encode() in book.read("docProps/custom.xml")
    except (BadZipFile, KeyError, OSError, ValueError, NotImplementedError, RuntimeError):
        return False


def _json(value: Any) -> bytes:
    text = visible_in_json(json.dumps(value, ensure_ascii=False, indent=1))
    return f"{text}\n".encode()
