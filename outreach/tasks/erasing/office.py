"""Office documents (XLSX, ODS, DOCX, ODT, PPTX) without a person: rows about them, passages, names in properties.

Only what is between tags is changed, so that a document stays one. A row of a table goes whole where one of its
cells is theirs; a paragraph as in notes (`words.blanking.without_blocks`).
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from outreach.words.blanking import Names, Needles, is_about

SUFFIXES = (".xlsx", ".ods", ".docx", ".odt", ".pptx", ".odp")
_STRINGS = "xl/sharedStrings.xml"
_BLOCK = re.compile(
    r"<(?P<tag>w:comment|w:tr|table:table-row|a:tr|w:p|text:p|text:h|a:p|comment|si)(?:\s[^<>]*)?(?<!/)>.*?</(?P=tag)>",
    re.DOTALL,
)
"""What is about one thing: a comment, a row, a paragraph. Of rows within rows only text changes."""
_PARAGRAPH = re.compile(r"<(?P<tag>w:p|text:p|text:h|a:p|si)(?:\s[^<>]*)?(?<!/)>.*?</(?P=tag)>", re.DOTALL)
_PAGE_BLOCK = re.compile(r"<(?P<tag>tr|li|p|h[1-6]|dd|dt)(?:\s[^<>]*)?>.*?</(?P=tag)>", re.DOTALL | re.IGNORECASE)
_ROWS = ("w:tr", "table:table-row", "a:tr", "tr")
_CELL_ENDS = re.compile(r"</(?:w:tc|table:table-cell|a:tc|td|th)>", re.IGNORECASE)
_HEADING = re.compile(r'outline-level="(\d)"|w:pStyle w:val="(?:Heading|berschrift|Titre|Kop|Titolo|Ttulo)(\d)"')
_VALUES = re.compile(r'\s(?:office|calcext):[\w-]*value(?:-type)?="[^"]*"')
_SHEET_ROW = re.compile(r'<row\b[^>]*?\br="(?P<number>\d+)"[^>]*(?<!/)>.*?</row>', re.DOTALL)
_SHEET_CELL = re.compile(r"<c\b(?P<keys>[^>]*?)(?:/>|>(?P<inside>.*?)</c>)", re.DOTALL)
_BROKEN = (OSError, ValueError, KeyError, IndexError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error)


def rows_in(content: bytes) -> Iterator[list[str]]:
    """The cells of each row of each table, as text. Never raises for bad input."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {name: archive.read(name).decode("utf-8") for name in archive.namelist() if name.endswith(".xml")}
        strings = _strings(files)
        for name, xml in files.items():
            if name.startswith("xl/worksheets/"):
                yield from (_sheet_cells(row[0], strings) for row in _SHEET_ROW.finditer(xml))
            else:
                yield from (_cells(block[0]) for block in _BLOCK.finditer(xml) if block["tag"] in _ROWS)
    except _BROKEN:
        return


def rows_of_page(page: str) -> Iterator[list[str]]:
    """The cells of each row of each table of a web page."""
    yield from (_cells(block[0]) for block in _PAGE_BLOCK.finditer(page) if block["tag"].lower() == "tr")


def page_without(needles: Needles, others: Names, page: str) -> str:
    """A web page without the paragraphs, items and rows about them."""
    return _passages(needles, others, page, _PAGE_BLOCK)


def text_of(xml: str) -> str:
    """What a reader sees, a line for each paragraph: a name goes on from one run of letters to the next."""
    ended = re.sub(
        r"</(?:w:p|text:p|text:h|a:p|si|c|row|td|th|li|p)>|<(?:br|w:br|w:tab|text:tab|text:line-break)\b[^>]*>",
        "\n",
        xml,
    )
    return html.unescape(re.sub(r"<[^<>]*>", "", ended))


def whole_text(content: bytes) -> str:
    """All texts of a document, for whoever looks for a word in it. Never raises for bad input."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [name for name in archive.namelist() if name.endswith(".xml")]
            return "\n".join(text_of(archive.read(name).decode("utf-8", "replace")) for name in names)
    except _BROKEN:
        return ""


def without(needles: Needles, others: Names, content: bytes, *, whole: bool) -> bytes | None:
    """The document without them; None if it cannot be read. `others` are the names of other people.

    Without `whole`, only their names go: what is around them is for readers.
    """
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            pieces = {entry: archive.read(entry) for entry in archive.infolist()}
        texts = {
            entry.filename: piece.decode("utf-8")
            for entry, piece in pieces.items()
            if entry.filename.endswith((".xml", ".rels", ".txt"))
        }
        after = _without_sheet_rows(needles, others, texts) if whole else texts
        after = {
            name: needles.blanked(_passages(needles, others, text) if whole else _names_blanked(needles, text))
            for name, text in after.items()
        }
        with zipfile.ZipFile(out, "w") as new:
            for entry, piece in pieces.items():
                changed = after.get(entry.filename)
                written = piece if changed is None else changed.encode("utf-8")
                new.writestr(entry, written, compress_type=entry.compress_type)
    except _BROKEN:
        return None
    return out.getvalue()


def _passages(needles: Needles, others: Names, xml: str, blocks: re.Pattern[str] = _BLOCK) -> str:
    """Text documents, slides and comments without what is said of them."""
    below = 0  # the level of a heading that named them, while what is below it goes

    def without_them(found: re.Match[str]) -> str:
        nonlocal below
        block, heading = found[0], _HEADING.search(found[0])
        level = int(heading[1] or heading[2]) if heading and found["tag"] not in _ROWS else 0
        if level and below and level <= below:
            below = 0
        if below:
            return _emptied(block)
        cells = _cells(block)
        text, is_row = "\n".join(cells), found["tag"] in _ROWS
        is_by_them = found["tag"] == "w:comment" and needles.are_in(block.partition(">")[0])
        is_theirs = is_by_them or (is_row and is_about(cells, needles, others))
        if not (is_theirs or needles.are_in(text)):
            return block
        if found["tag"] == "si" or (others.are_in(text) and not is_theirs):
            return _names_blanked(needles, block)
        below = level or below
        return _emptied(block)

    return blocks.sub(without_them, xml)


def _names_blanked(needles: Needles, xml: str) -> str:
    return _PARAGRAPH.sub(lambda each: _blanked(needles, each[0]), xml)


def _blanked(needles: Needles, paragraph: str) -> str:
    """A paragraph with blanks for the names; where one goes on in another run, all its text is in the first."""
    after = needles.blanked(paragraph)
    text = text_of(after)
    if not needles.are_in(text):
        return after
    rest = iter([html.escape(needles.blanked(text).strip("\n"), quote=False)])
    return re.sub(r"(?<=>)[^<>]*[^<>\s][^<>]*(?=<)", lambda _: next(rest, ""), after)


def _emptied(block: str) -> str:
    return _VALUES.sub("", re.sub(r"(?<=>)[^<>]+(?=<)", "", block))


def _cells(block: str) -> list[str]:
    return [text_of(cell).strip() for cell in _CELL_ENDS.split(block)]


# --- sheets: their rows name strings by number ------------------------------------------------------


def _strings(files: Mapping[str, str]) -> list[str]:
    return [text_of(each[0]).strip() for each in _each_string(files.get(_STRINGS, ""))]


def _each_string(xml: str) -> Iterator[re.Match[str]]:
    return re.finditer(r"<si(?:\s[^<>]*)?(?:/>|>.*?</si>)", xml, re.DOTALL)


def _sheet_cells(row: str, strings: list[str]) -> list[str]:
    return [_sheet_value(cell, strings) for cell in _SHEET_CELL.finditer(row)]


def _sheet_value(cell: re.Match[str], strings: list[str]) -> str:
    text = text_of(cell["inside"] or "").strip()
    return strings[int(text)] if _is_shared(cell) and text else text


def _is_shared(cell: re.Match[str]) -> bool:
    return 't="s"' in cell["keys"]


def _without_sheet_rows(needles: Needles, others: Names, files: Mapping[str, str]) -> dict[str, str]:
    """A workbook without the rows about them, the strings that are in these alone, and the comments beside them."""
    strings, after = _strings(files), dict(files)
    gone: set[int] = set()
    kept: set[int] = set()
    for name in [name for name in files if name.startswith("xl/worksheets/") and name.endswith(".xml")]:
        numbers: set[str] = set()

        def without_them(row: re.Match[str], numbers: set[str] = numbers) -> str:
            cells = [*_SHEET_CELL.finditer(row[0])]
            used = {int(text_of(each["inside"] or "")) for each in cells if _is_shared(each) and each["inside"]}
            values = [_sheet_value(each, strings) for each in cells]
            is_head = row["number"] == "1"
            if not (needles.own_a_row(values) if is_head else is_about(values, needles, others)):
                kept.update(used)
                return row[0]
            gone.update(used)
            numbers.add(row["number"])
            return _SHEET_CELL.sub(_formula_alone, row[0])

        after[name] = _SHEET_ROW.sub(without_them, files[name])
        for beside in _comments_of(name, files) if numbers else ():
            after[beside] = re.sub(
                rf'<comment\b[^>]*\bref="[A-Z]+(?:{"|".join(numbers)})".*?</comment>',
                lambda found: _emptied(found[0]), after[beside], flags=re.DOTALL,
            )  # fmt: skip
    if gone - kept:
        order = iter(range(len(strings)))
        after[_STRINGS] = re.sub(
            r"<si(?:\s[^<>]*)?(?:/>|>.*?</si>)",
            lambda each: "<si><t></t></si>" if next(order) in gone - kept else each[0],
            files[_STRINGS], flags=re.DOTALL,
        )  # fmt: skip
    return after


def _formula_alone(cell: re.Match[str]) -> str:
    """A cell of a row that goes: a formula stays, since other parts of the workbook count on it."""
    formula = re.search(r"<f\b[^>]*(?:/>|>.*?</f>)", cell["inside"] or "", re.DOTALL)
    keys = re.sub(r'\st="\w+"', "", cell["keys"])
    return f"<c{keys}>{formula[0]}</c>" if formula else ""


def _comments_of(sheet: str, files: Mapping[str, str]) -> list[str]:
    folder, _, name = sheet.rpartition("/")
    targets = re.findall(r'Target="([^"]*comments[^"]*)"', files.get(f"{folder}/_rels/{name}.rels", ""))
    return [each for target in targets if (each := f"xl/{target.removeprefix('/xl/').removeprefix('../')}") in files]
