"""What a stranger's document may hold, asked before anything reads it: an office document is an archive of XML.

Its parts are unpacked piece by piece and thrown away, so that neither a part of 400 MB nor a cell at XFD1048576 (for
which a reader would ask for 549 GB) costs memory. What an archive declares of its sizes may be a lie: all is counted.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from outreach.errors import UnreadableSource

MOST_BYTES = 200_000_000
"""Of all parts, unpacked. 100,000 rows of twenty columns have some 150 million."""
MOST_PARTS = 5_000
MOST_SHEETS = 255
MOST_CELLS = 5_000_000
"""Of a sheet, from its first to its last row and column, as a reader lays them out."""
_HINT = "Copy what you need into a new file, and import that."
_PIECE = 1 << 16
_LONGEST_TAG = 1 << 20
_CELLS = frozenset((*range(1, 12), 62))
"""Records of an XLSB that are cells."""
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_PLACED = re.compile(
    rb"<(?:[\w.-]+:)?(?:row\b(?:[^>]*?\sr\s*=\s*[\"'](?P<row>\d{1,9})[\"'])?"
    rb"|c\b(?:[^>]*?\sr\s*=\s*[\"'](?P<letters>[A-Z]{1,7})(?P<number>\d{1,9})[\"'])?)"
)
_ODS = re.compile(
    rb"<table:(table-row|covered-table-cell|table-cell|table)\b([^>]*)>|<text:p|</table:(?:table-row|table)>"
)
_REPEATED = re.compile(rb"number-(?:rows|columns)-repeated\s*=\s*[\"'](\d{1,9})[\"']")
_FILLED = re.compile(rb"(?:value|value-type|formula)\s*=")


def check_archive(name: str, data: bytes) -> None:
    """Raises UnreadableSource, in one sentence, for what is damaged or would take too much memory or time to read.

    Anything but a zip archive passes: it is somebody else's to judge.
    """
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(_is_sheet(part.filename) for part in parts) > MOST_SHEETS:
                raise UnreadableSource(name, f"it has more than {MOST_SHEETS} sheets or {MOST_PARTS:,} parts", _HINT)
            if sum(part.file_size for part in parts) > MOST_BYTES:
                raise _too_large(name)
            left = MOST_BYTES
            for part in parts:
                left = _check(name, archive, part, left)
    except RuntimeError as error:
        raise UnreadableSource(name, "it is protected by a password", "Save it without one.") from error
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError) as error:
        if isinstance(error, UnreadableSource):
            raise
        raise UnreadableSource(name, "it is damaged, or not a table", "Save it again as XLSX, ODS or CSV.") from error


def _is_sheet(part: str) -> bool:
    return re.search(r"(?:work|macro|dialog|chart)sheets/[^/]+\.(?:xml|bin)$", part) is not None


def _too_large(name: str) -> UnreadableSource:
    return UnreadableSource(name, f"it holds more than {MOST_BYTES // 1_000_000} MB when it is unpacked", _HINT)


def _check(name: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """How many bytes may still come after this part."""
    is_xml = part.filename.endswith((".xml", ".rels", ".vml"))
    watch = _watch_of(name, part.filename)
    before = b""
    for piece in _pieces(archive, part):
        left -= len(piece)
        if left < 0:
            raise _too_large(name)
        if is_xml and _DECLARED.search(before[-16:] + piece):
            raise UnreadableSource(name, "it declares entities of its own, as no office program does", _HINT)
        before = watch.look(before + piece) if watch is not None else piece
        if len(before) > _LONGEST_TAG:
            raise UnreadableSource(name, "it is damaged, or not a table", _HINT)
    if watch is not None:
        watch.look(before + b"<end><end>")
    return left


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part as it really is, whatever size it declares."""
    part.file_size = MOST_BYTES * 2
    with archive.open(part) as opened:
        while piece := opened.read(_PIECE):
            yield piece


def _watch_of(name: str, part: str) -> _Sheet | _Records | _Table | None:
    if _is_sheet(part):
        return _Sheet(name) if part.endswith(".xml") else _Records(name)
    return _Table(name) if part == "content.xml" else None


class _Area:
    """The rows and columns over which the filled cells of a sheet spread."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.top = self.left = 1 << 30
        self.bottom = self.right = 0

    def take(self, top: int, bottom: int, left: int, right: int) -> None:
        self.top, self.left = min(self.top, top), min(self.left, left)
        self.bottom, self.right = max(self.bottom, bottom), max(self.right, right)
        rows, columns = self.bottom - self.top + 1, self.right - self.left + 1
        if rows * columns > MOST_CELLS:
            raise UnreadableSource(self.name, f"its cells spread over {rows:,} rows and {columns:,} columns", _HINT)


class _Sheet(_Area):
    """A sheet of an XLSX: cells say where they stand, or stand behind the one before."""

    row = column = 0

    def look(self, text: bytes) -> bytes:
        end = text.rfind(b"<")
        for found in _PLACED.finditer(text, 0, end):
            if found["letters"] is not None:
                self.column, self.row = 0, int(found["number"])
                for letter in found["letters"]:
                    self.column = self.column * 26 + letter - 64
            elif found[0][-2:] in (b"<c", b":c"):
                self.column += 1
            else:
                self.column, self.row = 0, int(found["row"]) if found["row"] else self.row + 1
                continue
            if not (self.top <= self.row <= self.bottom and self.left <= self.column <= self.right):
                self.take(self.row, self.row, self.column, self.column)
        return text[end:]


class _Records(_Area):
    """A sheet of an XLSB: records of a number, a length, and that many bytes (MS-XLSB 2.1.4)."""

    row = skip = 0

    def look(self, text: bytes) -> bytes:
        at = self.skip
        self.skip = 0
        while at + 10 <= len(text):
            start, kind, size, shift = at, text[at] & 0x7F, 0, 0
            if text[at] & 0x80:
                at += 1
                kind |= (text[at] & 0x7F) << 7
            at += 1
            while shift < 28:
                size |= (text[at] & 0x7F) << shift
                shift += 7
                at += 1
                if not text[at - 1] & 0x80:
                    break
            if at + 4 > len(text):
                return text[start:]
            number = int.from_bytes(text[at : at + 4], "little")
            if kind == 0:
                self.row = number + 1
            elif kind in _CELLS and size >= 4:
                self.take(self.row, self.row, number + 1, number + 1)
            at += size
        self.skip = max(0, at - len(text))
        return text[at:]


class _Table(_Area):
    """The sheets of an ODS: rows and cells say how often they are repeated; only filled ones are laid out."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.sheets = self.row = self.column = self.columns = self.rows = 0
        self.is_filled = False

    def look(self, text: bytes) -> bytes:
        end = text.rfind(b"<")
        for found in _ODS.finditer(text, 0, end):
            kind, attributes = found[1], found[2] or b""
            repeated = int(said[1]) if (said := _REPEATED.search(attributes)) else 1
            if kind == b"table":
                self.sheets += 1
                if self.sheets > MOST_SHEETS:
                    raise UnreadableSource(self.name, f"it has more than {MOST_SHEETS} sheets", _HINT)
                self.top = self.left = 1 << 30
                self.bottom = self.right = self.row = 0
            elif kind == b"table-row":
                self._end_row()
                self.rows, self.column, self.is_filled = repeated, 0, False
            elif kind is not None:
                self.columns = repeated
                self.column += repeated
                if _FILLED.search(attributes):
                    self._fill()
            elif found[0] == b"<text:p":
                self._fill()
            else:
                self._end_row()
        return text[end:]

    def _fill(self) -> None:
        self.is_filled = True
        top = self.row + 1
        self.take(top, self.row + max(self.rows, 1), max(1, self.column - self.columns + 1), max(1, self.column))

    def _end_row(self) -> None:
        self.row += self.rows
        self.rows = 0
