"""One list of contacts, written as people write it: in seven kinds of file."""

from __future__ import annotations

import csv
import html
import io
import zipfile
from collections.abc import Callable, Sequence
from typing import NamedTuple

import xlsxwriter


class Entry(NamedTuple):
    """An organisation as a list has it."""

    name: str
    emails: tuple[str, ...]
    country: str


HEADER = ("Organisation", "E-mail", "Country")


def _cells(each: Entry) -> list[str]:
    return [each.name, "; ".join(each.emails), each.country]


def as_csv(entries: Sequence[Entry]) -> bytes:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([HEADER, *map(_cells, entries)])
    return file.getvalue().encode()


def as_xlsx(entries: Sequence[Entry]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([HEADER, *map(_cells, entries)]):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell)
    return file.getvalue()


def as_vcard(entries: Sequence[Entry]) -> bytes:
    cards = []
    for each in entries:
        name = each.name.replace(",", "\\,").replace(";", "\\;")
        mails = "".join(f"EMAIL:{email}\n" for email in each.emails)
        cards.append(
            f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nORG:{name}\nX-ABShowAs:COMPANY\n{mails}"
            f"ADR:;;;;;;{each.country}\nEND:VCARD\n"
        )
    return "".join(cards).encode()


def as_list(entries: Sequence[Entry]) -> bytes:
    items = [f"- **{each.name}**: {', '.join(each.emails)}\n  - Country: {each.country}\n" for each in entries]
    return ("# Partners\n\n" + "".join(items)).encode()


def as_table(entries: Sequence[Entry]) -> bytes:
    rows = [HEADER, ("---",) * 3, *map(_cells, entries)]
    return ("# Partners\n\n" + "".join(f"| {' | '.join(row)} |\n" for row in rows)).encode()


def as_page(entries: Sequence[Entry]) -> bytes:
    rows = [HEADER, *map(_cells, entries)]
    lines = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<html><meta charset=utf-8><h1>Partners</h1><table>{lines}</table></html>".encode()


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def word(body: str, **parts: str) -> bytes:
    """A Word document of that body; `parts` are further parts, `header1` for one."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_TYPE}"/></Types>',
        )
        target = f'<Relationship Id="r1" Type="{_OFFICE}" Target="word/document.xml"/>'
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{_RELATIONS}">{target}</Relationships>')
        archive.writestr("word/document.xml", f"<w:document {_W}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", f"<w:hdr {_W}>{content}</w:hdr>")
    return file.getvalue()


def paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{html.escape(text)}</w:t></w:r></w:p>'


def as_word(entries: Sequence[Entry]) -> bytes:
    rows = [HEADER, *map(_cells, entries)]
    lines = "".join(f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in rows)
    return word(f"{paragraph('Our partners')}<w:tbl>{lines}</w:tbl>")


KINDS: dict[str, Callable[[Sequence[Entry]], bytes]] = {
    "list.csv": as_csv, "list.xlsx": as_xlsx, "list.vcf": as_vcard, "list.md": as_list, "table.md": as_table,
    "page.html": as_page, "letter.docx": as_word,
}  # fmt: skip
