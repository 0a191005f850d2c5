"""Makes policy-brief.pdf from brief.md: `python materials/build_brief.py`.

The same text gives the same bytes on any machine: the date comes from the text's front matter,
streams are not compressed (zlib differs between systems), and the producer names no version.
Only the fonts that every PDF reader has are used, so the text keeps to Latin-1: "EUR" for the euro.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import markdown
import yaml
from fpdf import FPDF
from fpdf.enums import MethodReturnValue
from fpdf.fonts import FontFace

HERE = Path(__file__).resolve().parent
INK = (34, 40, 49)
BLUE = (24, 68, 122)
GREY = (110, 116, 125)
PALE = (235, 241, 248)
RULE = (196, 206, 218)
TEXT_SIZE, TEXT_LINE = 10, 4.8
"""Points, and the height of a line in millimetres."""


class Page(FPDF):
    """An A4 page with the title at its head, its number at its foot, and a measured column."""

    def __init__(self, meta: dict[str, Any]) -> None:
        super().__init__(format="A4")
        self.meta = meta
        made = meta["date"] if isinstance(meta["date"], date) else date.fromisoformat(str(meta["date"]))
        self.day = made
        self.set_margins(23, 24, 23)
        self.set_auto_page_break(True, margin=20)
        self.set_compression(False)
        self.set_title(meta["title"])
        self.set_subject(meta["subtitle"])
        self.set_author(meta["author"])
        self.set_keywords(meta["keywords"])
        self.set_lang(meta["language"])
        self.set_creator("materials/build_brief.py")
        self.set_producer("fpdf2")
        self.set_creation_date(datetime.combine(made, time(12), UTC))
        self.set_display_mode("fullpage")

    def header(self) -> None:
        if self.page_no() == 1:
            return
        self.set_y(13)
        self.set_font("helvetica", size=8.5)
        self.set_text_color(*GREY)
        self.cell(0, 4, self.meta["title"])
        self.set_draw_color(*RULE)
        self.line(self.l_margin, 18.5, self.w - self.r_margin, 18.5)
        self.set_y(24)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("helvetica", size=8.5)
        self.set_text_color(*GREY)
        self.cell(self.epw / 2, 4, f"Version {self.meta['version']}, {self.day:%B %Y}, CC BY 4.0")
        self.cell(self.epw / 2, 4, f"Page {self.page_no()}", align="R")

    def body_font(self, style: str = "", size: float = TEXT_SIZE) -> None:
        self.set_font("helvetica", style=style, size=size)
        self.set_text_color(*INK)

    def keep(self, height: float) -> None:
        """Start a new page unless `height` millimetres are left on this one."""
        if self.y + height > self.page_break_trigger:
            self.add_page()

    def paragraph(self, text: str, *, indent: float = 0, after: float = 2.3) -> None:
        self.body_font()
        self.set_x(self.l_margin + indent)
        lines = self.multi_cell(
            self.epw - indent, TEXT_LINE, text, markdown=True, dry_run=True, output=MethodReturnValue.LINES
        )
        self.keep(min(len(lines), 4) * TEXT_LINE)
        self.set_x(self.l_margin + indent)
        self.multi_cell(self.epw - indent, TEXT_LINE, text, align="L", markdown=True, new_x="LMARGIN")
        self.ln(after)

    def cover(self) -> None:
        """The head of the first page."""
        self.set_fill_color(*BLUE)
        self.rect(0, 0, self.w, 5, style="F")
        self.set_y(17)
        self.set_text_color(*BLUE)
        self.set_font("helvetica", style="B", size=24)
        self.multi_cell(0, 10, self.meta["title"], align="L", new_x="LMARGIN", new_y="NEXT")
        self.set_text_color(*GREY)
        self.set_font("helvetica", size=12.5)
        self.ln(1)
        self.multi_cell(0, 6, self.meta["subtitle"], align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(4)

    def heading(self, text: str, level: int) -> None:
        size, before, after = {2: (14.5, 3.6, 1.8), 3: (11, 1.8, 1.0)}[level]
        self.keep(before + 17)
        self.ln(before)
        self.start_section(text, level - 2)
        self.set_text_color(*BLUE)
        self.set_font("helvetica", style="B", size=size)
        self.multi_cell(0, size * 0.45, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(after)

    def quotation(self, text: str) -> None:
        """A framed paragraph, whole on one page."""
        self.body_font(size=TEXT_SIZE + 0.5)
        width, pad = self.epw, 4.0
        lines = self.multi_cell(width - 2 * pad, 5.2, text, markdown=True, dry_run=True, output=MethodReturnValue.LINES)
        height = len(lines) * 5.2 + 2 * pad
        self.keep(height)
        top = self.y
        self.set_fill_color(*PALE)
        self.rect(self.l_margin, top, width, height, style="F")
        self.set_fill_color(*BLUE)
        self.rect(self.l_margin, top, 1.4, height, style="F")
        self.set_xy(self.l_margin + pad, top + pad)
        self.multi_cell(width - 2 * pad, 5.2, text, align="L", markdown=True)
        self.set_xy(self.l_margin, top + height + 3)

    def items(self, texts: list[str], numbered: bool) -> None:
        for number, text in enumerate(texts, 1):
            self.body_font()
            lines = self.multi_cell(
                self.epw - 6, TEXT_LINE, text, markdown=True, dry_run=True, output=MethodReturnValue.LINES
            )
            self.keep(len(lines) * TEXT_LINE)
            top = self.y
            self.set_text_color(*BLUE)
            self.set_x(self.l_margin)
            self.cell(6, TEXT_LINE, f"{number}." if numbered else "-")
            self.set_xy(self.l_margin, top)
            self.paragraph(text, indent=6, after=1.1)
        self.ln(1.5)

    def grid(self, rows: list[list[str]], aligned: list[str]) -> None:
        """A table that is kept on one page; columns as wide as their longest words ask for."""
        self.body_font(size=9.3)
        widths = _widths(rows)
        self.keep(6.2 * len(rows) + 8)
        self.set_draw_color(*RULE)
        self.set_fill_color(255)
        head = FontFace(emphasis="BOLD", color=BLUE, fill_color=PALE)
        with self.table(
            col_widths=widths,
            text_align=aligned,
            headings_style=head,
            borders_layout="HORIZONTAL_LINES",
            line_height=4.6,
            padding=(1.0, 1.6),
            v_align="TOP",
            markdown=True,
        ) as table:
            for row in rows:
                table.row(row)
        self.ln(3.5)


def _widths(rows: list[list[str]]) -> tuple[int, ...]:
    longest = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return tuple(max(12, min(length, 75)) for length in longest)


def _inline(element: ElementTree.Element) -> str:
    """The element's text with fpdf2's marks for bold, italic and code."""
    marks = {"strong": "**", "em": "__", "code": ""}
    text = element.text or ""
    for child in element:
        mark = marks.get(child.tag, "")
        text += mark + _inline(child) + mark + (child.tail or "")
    return " ".join(text.split()) if element.tag not in marks else text


def _rows(table: ElementTree.Element) -> Iterator[list[str]]:
    for row in table.iter("tr"):
        yield [_inline(cell) for cell in row]


def _aligned(table: ElementTree.Element) -> list[str]:
    """RIGHT for columns of numbers, LEFT for the others."""
    columns = list(zip(*list(_rows(table))[1:], strict=True))
    return ["RIGHT" if all(cell.strip("*%").isdigit() for cell in column) else "LEFT" for column in columns]


def _draw(page: Page, element: ElementTree.Element) -> None:
    match element.tag:
        case "h2" | "h3":
            page.heading(_inline(element), int(element.tag[1]))
        case "p":
            page.paragraph(_inline(element))
        case "ul" | "ol":
            page.items([_inline(item) for item in element], numbered=element.tag == "ol")
        case "blockquote":
            page.quotation(" ".join(_inline(part) for part in element))
        case "table":
            page.grid(list(_rows(element)), _aligned(element))
        case _:
            raise ValueError(f"brief.md uses <{element.tag}>, which this script cannot draw")


def build(source: Path = HERE / "brief.md", target: Path = HERE / "policy-brief.pdf") -> Path:
    """Write the PDF and return its path.

    Raises UnicodeEncodeError for a character outside Latin-1, ValueError for Markdown that is not used here.
    """
    _, front, body = source.read_text(encoding="utf-8").split("---\n", 2)
    body.encode("latin-1")
    page = Page(yaml.safe_load(front))
    page.add_page()
    page.cover()
    html = markdown.markdown(body, extensions=["tables"], output_format="xhtml")
    for element in ElementTree.fromstring(f"<div>{html}</div>"):
        _draw(page, element)
    page.output(str(target))
    return target


if __name__ == "__main__":
    print(build())
