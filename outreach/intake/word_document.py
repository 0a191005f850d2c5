"""Word documents -> the text that notes are read from, by the same tree as web pages."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator

from outreach.errors import SourceTooLarge, UnreadableSource
from outreach.intake.account import Account
from outreach.intake.addresses import addresses
from outreach.intake.marks import shade_of
from outreach.intake.pages import text_of_page
from outreach.model.found import Place

LARGEST = 100_000_000
"""Bytes of a text document, unpacked."""


_CELL = re.compile(r"<w:tc>\s*<w:tcPr>(.*?)</w:tcPr>.*?</w:tc>", re.S)
_RUN = re.compile(r"<w:r(?: [^>]*)?>\s*<w:rPr>(.*?)</w:rPr>", re.S)
_COLOURS = re.compile(r'<w:(?:color w:val|shd [^>]*w:fill|highlight w:val)="([^"]+)"')
_HIGHLIGHTS = {"red": "red", "grey": "lightGray"}
_AS_SPANS = "highlight[color='red'] => span.red\nhighlight[color='lightGray'] => span.grey"
_RULES = "<style>.red{color:red}.grey{color:grey}</style>"


def refuse_large(name: str, archive: zipfile.ZipFile) -> None:
    """Raises SourceTooLarge for a document that unpacks to more than LARGEST bytes."""
    size = sum(part.file_size for part in archive.infolist())
    if size > LARGEST:
        raise SourceTooLarge(name, f"{size / 1_000_000:.0f} MB unpacked", f"{LARGEST // 1_000_000} MB")


def text_of_word(name: str, data: bytes, account: Account) -> str:
    """The words of a Word document, as notes have them; addresses beside the text are refused.

    Raises UnreadableSource, SourceTooLarge.
    """
    import mammoth  # type: ignore[import-untyped]

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            refuse_large(name, archive)
            beside = list(_beside(archive))
            coloured = _with_colours(archive)
        image = mammoth.images.img_element(lambda _: {})
        page = mammoth.convert_to_html(io.BytesIO(coloured or data), convert_image=image, style_map=_AS_SPANS).value
        page = f"{_RULES}{page}" if coloured else page
    except SourceTooLarge:
        raise
    except Exception as error:  # mammoth passes on whatever a damaged document raises
        reason = "it is protected by a password" if data.startswith(b"\xd0\xcf\x11\xe0") else "it is damaged"
        raise UnreadableSource(name, reason, "Save it again as .docx, and import that.") from error
    text = text_of_page(name, page, account)
    for words in beside:
        for each in addresses(words):
            if each.kind == "email" and each.address not in text:
                reason = "it is in a header, footer, comment or text box of the document"
                account.refuse(Place(file=name, line=1), each.address, reason)
    return text


def _with_colours(archive: zipfile.ZipFile) -> bytes:
    """The document, what is red or grey as highlighted, which is all that is read of colours; b"" where nothing is."""
    body = archive.read("word/document.xml").decode("utf-8", "replace")
    marked = _CELL.sub(lambda cell: _coloured(cell[0], cell[1]), body)
    marked = _RUN.sub(lambda run: _coloured(run[0], run[1]), marked).replace("<w:dstrike", "<w:strike")
    if marked == body:
        return b""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as copy:
        for part in archive.infolist():
            copy.writestr(part, marked if part.filename == "word/document.xml" else archive.read(part))
    return file.getvalue()


def _coloured(part: str, properties: str) -> str:
    """A run, or a cell with its runs, highlighted if its properties name a colour that marks."""
    shade = next((found for said in _COLOURS.findall(properties) if (found := shade_of(said))), "")
    mark = f'<w:highlight w:val="{_HIGHLIGHTS[shade]}"/>' if shade else ""
    runs = re.sub(r"(<w:r(?: [^>]*)?>)(?!<w:rPr>)", r"\1<w:rPr></w:rPr>", part) if mark else part
    return re.sub(r"<w:highlight [^>]*>(?=.*</w:rPr>)|(?=</w:rPr>)", mark, runs) if mark else part


def _beside(archive: zipfile.ZipFile) -> Iterator[str]:
    """The words of all parts of a Word document, one paragraph after the other."""
    for part in archive.namelist():
        if re.fullmatch(r"word/(?:document|header\d*|footer\d*|comments|footnotes|endnotes)\.xml", part):
            with archive.open(part) as opened:
                content = opened.read(LARGEST).decode("utf-8", "replace")
            for paragraph in re.split(r"</w:p>", content):
                spaced = re.sub(r"<w:(?:br|cr|tab)\b[^>]*>", "<w:t> </w:t>", paragraph)
                words = html.unescape("".join(re.findall(r"<w:t(?:\s[^>]*)?>([^<]*)</w:t>", spaced)))
                if "@" in words:
                    yield words
