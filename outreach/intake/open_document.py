"""OpenDocument texts (.odt) -> the text that notes are read from, by the tree of web pages."""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib

from outreach.errors import UnreadableSource
from outreach.intake.account import Account
from outreach.intake.addresses import addresses
from outreach.intake.pages import Reader, without_signs
from outreach.intake.word_document import refuse_large
from outreach.model.found import Place

_ODF = {
    "text:p": "p", "text:list": "ul", "text:list-item": "li", "table:table": "table", "table:table-row": "tr",
    "table:table-cell": "td", "text:a": "a", "text:line-break": "br", "office:annotation": "template",
    "text:tracked-changes": "template", "office:automatic-styles": "div", "draw:object": "object",
}  # fmt: skip


class _OpenDocument(Reader):
    """The same tree out of the elements of OpenDocument: its styles say what is bold and what is struck out."""

    def __init__(self) -> None:
        super().__init__()
        self._style = ""
        self._bold: set[str] = set()
        self._look: dict[str, str] = {}
        """How words of a style look, as pages say it."""
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {key: value or "" for key, value in attrs}
        if tag == "style:style":
            self._style = said.get("style:name", "")
        elif tag in ("style:text-properties", "style:table-cell-properties", "style:paragraph-properties"):
            self._bold |= {self._style} if said.get("fo:font-weight") == "bold" else set()
            look = [f"{key[3:]}:{said[key]}" for key in ("fo:color", "fo:background-color") if key in said]
            look += ["text-decoration:line-through"] * (said.get("style:text-line-through-style", "none") != "none")
            self._look[self._style] = ";".join((self._look.get(self._style, ""), *look))
        elif tag in ("text:s", "text:tab"):
            self.handle_data(" ")
        else:
            spans = [
                ("colspan", said.get("table:number-columns-spanned")),
                ("rowspan", said.get("table:number-rows-spanned")),
            ]
            level = said.get("text:outline-level", "")
            level = level if level in "123456" and level else "6"
            html_tag = f"h{level}" if tag == "text:h" else _ODF.get(tag, "span")
            style = said.get("text:style-name", said.get("table:style-name", ""))
            seen = ("style", self._look.get(style, ""))
            super().handle_starttag(html_tag, [*spans, ("href", said.get("xlink:href")), seen])
            mark = "**" if tag in ("text:p", "text:span") and style in self._bold else ""
            self._open.append(f"{tag} {html_tag} {mark}")
            self._here += [mark] if mark else []

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1].startswith(f"{tag} "):
            _, html_tag, mark = self._open.pop().split(" ")
            self._here += [mark] if mark else []
            super().handle_endtag(html_tag)


def text_of_open_document(name: str, data: bytes, account: Account) -> str:
    """The words of an .odt, as notes have them; addresses in notes, headers and footers are refused.

    Raises UnreadableSource, SourceTooLarge.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            refuse_large(name, archive)
            parts = [archive.read(part).decode("utf-8", "replace") for part in ("content.xml", "styles.xml")
                     if part in archive.namelist()]  # fmt: skip
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError) as error:
        raise UnreadableSource(name, "it is damaged", "Save it again as .odt, and import that.") from error
    if not parts:
        raise UnreadableSource(name, "it is damaged", "Save it again as .odt, and import that.")
    reader = _OpenDocument()
    reader.feed(parts[0])
    text = without_signs(name, reader.finished(), account)
    for words in re.split(r"</text:p>", "".join(parts)):
        for each in addresses(html.unescape(re.sub(r"<[^>]*>", "", words))):
            if each.kind == "email" and each.address not in text:
                reason = "it is in a header, footer, comment or text box of the document"
                account.refuse(Place(file=name, line=1), each.address, reason)
    return text
