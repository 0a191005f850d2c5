"""What a workbook says beside its cells: which rows are hidden or struck out, and where cells lead to."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import field

from outreach.model.records import dataclass

_LARGEST = 200_000_000
"""Bytes of one part of the archive, unpacked; a sheet of 100,000 rows has some 50 million."""
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_NUMBER = re.compile(rb'\br="(\d+)"')
_LINK = re.compile(rb"<(?:\w+:)?hyperlink\b([^>]*)>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
_FONTS = re.compile(rb"<(?:\w+:)?fonts\b[^>]*>(.*?)</(?:\w+:)?fonts>", re.S)
_FONT = re.compile(rb"<(?:\w+:)?font(?:\s[^>]*)?(?:/>|>.*?</(?:\w+:)?font>)", re.S)
_STRIKE = re.compile(rb'<(?:\w+:)?strike(?:\s*/?>|\s+val="(?:1|true)")')
_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs\b[^>]*>(.*?)</(?:\w+:)?cellXfs>", re.S)
_FORMAT = re.compile(rb"<(?:\w+:)?xf\b[^>]*>")
_FONT_ID = re.compile(rb'\bfontId="(\d+)"')
_STYLED = re.compile(rb'<(?:\w+:)?c r="[A-Z]{1,3}(\d+)" s="(\d+)"')
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3}\d+)"[^>]*><f[^>]*>([^<]*HYPERLINK\([^<]*)</f>')
_TARGET = re.compile(r'HYPERLINK\(\s*"([^"]*)"')
_ODS = re.compile(rb"<(table:table-row|table:table-cell|table:covered-table-cell|text:a)\b([^>]*)>")
_ROWS = re.compile(rb'number-rows-repeated="(\d{1,7})"')
_COLUMNS = re.compile(rb'number-columns-repeated="(\d{1,5})"')
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Marks:
    """Of one sheet; rows count from 1, columns from 0."""

    hidden_rows: frozenset[int] = frozenset()
    struck_rows: frozenset[int] = frozenset()
    """Rows with a cell whose text is struck out."""
    links: Mapping[int, tuple[tuple[int, str], ...]] = field(default_factory=dict)


def marks_of(data: bytes) -> dict[str, Marks]:
    """The marks of an XLSX by the names of its sheets; nothing for another kind of file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = set(archive.namelist())
            if "content.xml" in parts:
                return dict(_of_open_document(_part(archive, "content.xml")))
            if "xl/workbook.xml" not in parts:
                return {}
            targets = _relations(_part(archive, "xl/_rels/workbook.xml.rels"))
            struck = _struck_styles(_part(archive, "xl/styles.xml")) if "xl/styles.xml" in parts else frozenset()
            found = {}
            for sheet in map(_attributes, _SHEET.findall(_part(archive, "xl/workbook.xml"))):
                identity = next((value for key, value in sheet.items() if key.endswith(":id")), "")
                target = targets.get(identity, "")
                path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                if path in parts:
                    folder, _, file = path.rpartition("/")
                    relations = f"{folder}/_rels/{file}.rels"
                    links = _relations(_part(archive, relations)) if relations in parts else {}
                    found[sheet.get("name", "")] = _marks(_part(archive, path), links, struck)
            return found
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError, KeyError):
        return {}


def _part(archive: zipfile.ZipFile, path: str) -> bytes:
    with archive.open(path) as part:
        content = part.read(_LARGEST + 1)
    return content if len(content) <= _LARGEST else b""


def _attributes(tag: bytes) -> dict[str, str]:
    return {key.decode(): html.unescape(value.decode("utf-8", "replace")) for key, value in _ATTRIBUTE.findall(tag)}


def _relations(content: bytes) -> dict[str, str]:
    tags = map(_attributes, _RELATION.findall(content))
    return {each["Id"]: each.get("Target", "") for each in tags if "Id" in each}


def _struck_styles(content: bytes) -> frozenset[bytes]:
    """The numbers of the cell formats whose font is struck out."""
    fonts = _FONTS.search(content)
    formats = _FORMATS.search(content)
    if fonts is None or formats is None or b"strike" not in fonts[1]:
        return frozenset()
    struck = {number for number, font in enumerate(_FONT.findall(fonts[1])) if _STRIKE.search(font)}
    found = (_FONT_ID.search(tag) for tag in _FORMAT.findall(formats[1]))
    return frozenset(str(number).encode() for number, id in enumerate(found) if id and int(id[1]) in struck)


def _marks(content: bytes, links: Mapping[str, str], struck: frozenset[bytes]) -> Marks:
    crossed = {int(row) for row, style in _STYLED.findall(content) if style in struck} if struck else set()
    hidden = set()
    if b"hidden=" in content:
        number = 0
        for tag in _ROW.findall(content):
            said = _NUMBER.search(tag)
            number = int(said[1]) if said else number + 1
            if _HIDDEN.search(tag):
                hidden.add(number)
    found: dict[int, tuple[tuple[int, str], ...]] = {}
    for each in map(_attributes, _LINK.findall(content)):
        identity = next((value for key, value in each.items() if key.endswith(":id")), "")
        place = _REFERENCE.match(each.get("ref", ""))
        target = links.get(identity, "")
        if place and target:
            row = int(place[2])
            found[row] = (*found.get(row, ()), (_column(place[1]), target))
    if b"HYPERLINK(" in content:
        for reference, formula in _FORMULA.findall(content):
            place = _REFERENCE.match(reference.decode())
            leads = _TARGET.search(html.unescape(formula.decode("utf-8", "replace")))
            if place and leads:
                found[int(place[2])] = (*found.get(int(place[2]), ()), (_column(place[1]), leads[1]))
    return Marks(hidden_rows=frozenset(hidden), struck_rows=frozenset(crossed), links=found)


def _of_open_document(content: bytes) -> Iterator[tuple[str, Marks]]:
    """The marks of the tables of an ODS file: rows that are collapsed or filtered out, and links of cells."""
    for table in content.split(b"<table:table ")[1:]:
        name = _attributes(table.partition(b">")[0]).get("table:name", "")
        hidden: set[int] = set()
        links: dict[int, tuple[tuple[int, str], ...]] = {}
        row = column = width = 0
        repeated = 1
        for tag, said in _ODS.findall(table.partition(b"</table:table>")[0]):
            if tag == b"table:table-row":
                row += repeated
                repeated = _times(_ROWS, said)
                column = width = 0
                if row == 0:
                    row = 1
                if b'visibility="collapse"' in said or b'visibility="filter"' in said:
                    hidden |= set(range(row, min(row + repeated, row + 100_000)))
            elif tag == b"text:a":
                target = html.unescape(_attributes(said).get("xlink:href", ""))
                links[row] = (*links.get(row, ()), (column, target))
            else:
                column += width
                width = _times(_COLUMNS, said)
        yield name, Marks(hidden_rows=frozenset(hidden), links=links)


def _times(pattern: re.Pattern[bytes], said: bytes) -> int:
    found = pattern.search(said)
    return int(found[1]) if found else 1


def words_beside(data: bytes) -> Iterator[str]:
    """What an XLSX says in comments, text boxes, headers and footers, one paragraph after the other."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for path in archive.namelist():
                if re.fullmatch(r"xl/(?:comments\d*|threadedComments/.*|drawings/drawing\d*)\.xml", path):
                    content = _part(archive, path)
                    if b"@" in content:
                        yield html.unescape(re.sub(r"<[^>]*>", " ", content.decode("utf-8", "replace")))
                elif path.startswith("xl/worksheets/"):
                    for each in re.findall(rb"<(?:odd|even|first)(?:Header|Footer)>([^<]*)<", _part(archive, path)):
                        yield re.sub(r'&(?:"[^"]*"|\d+|[A-Z])', " ", html.unescape(each.decode("utf-8", "replace")))
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        return


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
