"""What a workbook says beside its cells: which rows are hidden, struck out or red, and where cells lead to."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections import Counter
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
_FILLS = re.compile(rb"<(?:\w+:)?fills\b[^>]*>(.*?)</(?:\w+:)?fills>", re.S)
_FILL = re.compile(rb"<(?:\w+:)?fill(?:\s[^>]*)?(?:/>|>.*?</(?:\w+:)?fill>)", re.S)
_COLOUR = re.compile(rb"<(?:\w+:)?(fgColor|color)\b([^>]*)>")
_FILL_ID = re.compile(rb'\bfillId="(\d+)"')
_OF_STYLES = re.compile(rb'<style:style\b[^>]*?style:name="([^"]*)"[^>]*>(.*?)</style:style>', re.S)
_OF_COLOURS = re.compile(rb'fo:(background-color|color)="#([0-9a-fA-F]{6})"')
_OF_STRIKES = re.compile(rb'style:text-line-through-(?:style|type)="(?!none)')
_STYLE_NAME = re.compile(rb'\b(?:table|text):style-name="([^"]*)"')
_INDEXED = {
    2: "FF0000",
    10: "FF0000",
    16: "800000",
    22: "C0C0C0",
    23: "808080",
    29: "FF8080",
    53: "FF6600",
    55: "969696",
}
_THEMES = {0: "FFFFFF", 1: "000000", 5: "ED7D31"}
"""Colours by their numbers, as far as they are among those that are looked for."""
_MOST = {"red": 0.6, "grey": 0.25}
"""The share of a sheet's rows in a colour up to which it marks: above, it is how the sheet looks."""
_ODS = re.compile(rb"<(table:table-row|table:table-cell|table:covered-table-cell|text:a|text:span|text:p)\b([^>]*)>")
_ROWS = re.compile(rb'number-rows-repeated="(\d{1,7})"')
_COLUMNS = re.compile(rb'number-columns-repeated="(\d{1,5})"')
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Marks:
    """Of one sheet; rows count from 1, columns from 0."""

    hidden_rows: frozenset[int] = frozenset()
    struck_rows: frozenset[int] = frozenset()
    """Rows with a cell whose text is struck out."""
    coloured_rows: Mapping[int, str] = field(default_factory=dict)
    """Rows with a cell in `red` or `grey`, where few are: with these colours people mark whom to leave out."""
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
            styles = _styles(_part(archive, "xl/styles.xml")) if "xl/styles.xml" in parts else {}
            found = {}
            for sheet in map(_attributes, _SHEET.findall(_part(archive, "xl/workbook.xml"))):
                identity = next((value for key, value in sheet.items() if key.endswith(":id")), "")
                target = targets.get(identity, "")
                path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                if path in parts:
                    folder, _, file = path.rpartition("/")
                    relations = f"{folder}/_rels/{file}.rels"
                    links = _relations(_part(archive, relations)) if relations in parts else {}
                    found[sheet.get("name", "")] = _marks(_part(archive, path), links, styles)
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


def _styles(content: bytes) -> dict[bytes, set[str]]:
    """What the cell formats that mark look like, by their numbers: `struck`, `red`, `grey`."""
    fonts, fills, formats = (each.search(content) for each in (_FONTS, _FILLS, _FORMATS))
    if fonts is None or formats is None:
        return {}
    struck = [bool(_STRIKE.search(font)) for font in _FONT.findall(fonts[1])]
    inks = [_colour_of(font, b"color") for font in _FONT.findall(fonts[1])]
    grounds = [_colour_of(fill, b"fgColor") for fill in _FILL.findall(fills[1])] if fills else []
    found = {}
    for number, tag in enumerate(_FORMAT.findall(formats[1])):
        font, fill = (int(said[1]) if (said := each.search(tag)) else 0 for each in (_FONT_ID, _FILL_ID))
        looks = {"struck"} if font < len(struck) and struck[font] else set()
        looks |= {inks[font]} if font < len(inks) else set()
        looks |= {grounds[fill]} if fill < len(grounds) else set()
        if looks := looks - {""}:
            found[str(number).encode()] = looks
    return found


def _colour_of(part: bytes, name: bytes) -> str:
    """`red` or `grey` of the colour of a font or fill, else nothing; orange and pink are red."""
    tag = next((_attributes(said) for each, said in _COLOUR.findall(part) if each == name), {})
    if "rgb" in tag:
        return _shade(tag["rgb"][-6:])
    if "theme" in tag:
        darker = tag["theme"] in ("0", "2") and tag.get("tint", "0").startswith("-0")
        return "grey" if darker else _shade(_THEMES.get(int(tag["theme"]), ""))
    return _shade(_INDEXED.get(int(tag.get("indexed", "0")), ""))


_NAMED = {
    "red": "FF0000", "darkred": "8B0000", "crimson": "DC143C", "tomato": "FF6347", "firebrick": "B22222",
    "pink": "FFC0CB", "lightpink": "FFB6C1", "salmon": "FA8072", "lightcoral": "F08080", "orange": "FFA500",
    "orangered": "FF4500", "maroon": "A00000", "grey": "808080", "gray": "808080", "silver": "C0C0C0",
    "lightgrey": "D3D3D3", "lightgray": "D3D3D3", "darkgrey": "A9A9A9", "darkgray": "A9A9A9", "dimgray": "696969",
}  # fmt: skip


def shade_of(colour: str) -> str:
    """`red` or `grey` of a colour as pages name it: `#f88`, `rgb(255, 0, 0)`, `crimson`."""
    word = colour.strip().casefold().removesuffix("!important").strip()
    if found := re.match(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)", word):
        return _shade("".join(f"{min(int(part), 255):02x}" for part in found.groups()))
    sign = word.removeprefix("#")
    return _shade(_NAMED.get(word) or (sign if len(sign) != 3 else "".join(part * 2 for part in sign)))


def _shade(rgb: str) -> str:
    if not re.fullmatch(r"[0-9A-Fa-f]{6}", rgb):
        return ""
    red, green, blue = (int(rgb[at : at + 2], 16) for at in (0, 2, 4))
    if red >= 150 and red - green >= 40 and red - blue >= 40:
        return "red"
    return "grey" if max(red, green, blue) - min(red, green, blue) <= 12 and 90 <= green <= 235 else ""


def few(coloured: Mapping[int, str], rows: int) -> dict[int, str]:
    """The rows in a colour that marks, and is none of how the whole sheet looks."""
    many = Counter(coloured.values())
    return {row: colour for row, colour in coloured.items() if many[colour] <= _MOST[colour] * rows}


def _marks(content: bytes, links: Mapping[str, str], styles: Mapping[bytes, set[str]]) -> Marks:
    crossed: set[int] = set()
    coloured: dict[int, str] = {}
    for row, style in _STYLED.findall(content) if styles else ():
        looks = styles.get(style)
        if looks:
            crossed |= {int(row)} if "struck" in looks else set()
            coloured |= {int(row): min(looks, key="red grey struck".index)} if looks != {"struck"} else {}
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
    return Marks(
        hidden_rows=frozenset(hidden),
        struck_rows=frozenset(crossed),
        coloured_rows=few(coloured, len(_ROW.findall(content))) if coloured else {},
        links=found,
    )


def _of_open_document(content: bytes) -> Iterator[tuple[str, Marks]]:
    """The marks of the tables of an ODS file: rows that are hidden, struck out or in a colour, and links of cells."""
    styles = {name: looks for name, said in _OF_STYLES.findall(content) if (looks := _looks(said))}
    for table in content.split(b"<table:table ")[1:]:
        name = _attributes(table.partition(b">")[0]).get("table:name", "")
        hidden: set[int] = set()
        crossed: set[int] = set()
        coloured: dict[int, str] = {}
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
                if tag.startswith(b"table:"):
                    column += width
                    width = _times(_COLUMNS, said)
                named = _STYLE_NAME.search(said) if styles else None
                looks = styles.get(named[1], set()) if named else set()
                crossed |= {row} if "struck" in looks else set()
                coloured |= {row: min(looks - {"struck"})} if looks - {"struck"} else {}
        yield (
            name,
            Marks(
                hidden_rows=frozenset(hidden),
                struck_rows=frozenset(crossed),
                coloured_rows=few(coloured, row),
                links=links,
            ),
        )


def _looks(style: bytes) -> set[str]:
    """What a style of an ODS file looks like: `struck`, `red`, `grey`."""
    shades = {_shade(rgb.decode()) for _, rgb in _OF_COLOURS.findall(style)}
    return (shades | ({"struck"} if _OF_STRIKES.search(style) else set())) - {""}


def _times(pattern: re.Pattern[bytes], said: bytes) -> int:
    found = pattern.search(said)
    return int(found[1]) if found else 1


def looks_of(colour: str, *, is_struck: bool = False) -> tuple[str, ...]:
    """How a row looks, in words that a person is asked about."""
    return (*(["struck out"] if is_struck else []), *([f"marked {colour}"] if colour else []))


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
