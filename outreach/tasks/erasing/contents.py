"""What is in a file, as text: letters decoded, archives and office documents unpacked, PDFs read."""

from __future__ import annotations

import base64
import bz2
import hashlib
import html
import io
import json
import lzma
import quopri
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from typing import Any

from outreach.campaign.pdf_text import pdf_text
from outreach.tasks.erasing import office
from outreach.words.blanking import Needles

LARGEST = 200_000_000
"""Bytes of one file, and of one that is unpacked, that are looked into."""
_DEEPEST = 4  # archives within archives; one that holds itself would have no end
_HEAD = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{1,60}:[ \t][^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2}")
_ESCAPED = re.compile(r"\\x([0-9A-Fa-f]{2})|\\u([0-9A-Fa-f]{4})")
_PACKED = re.compile(rb"(?:[A-Za-z0-9+/]{24,}={0,2}\s*)+")
"""A text in base64, as in a calendar, a web page or an export."""
_ATTACHMENT = re.compile(rb"(?:[A-Za-z0-9+/]{60,}\r?\n){20,}(?:[A-Za-z0-9+/]+={0,2}\r?\n)?")
"""The lines of an attachment of some size."""
_BASE64 = re.compile(rb"(?is)content-transfer-encoding:\s*base64\b.*?\r?\n\r?\n(.*?)(?=\r?\n--|\Z)")
_WORDS = re.compile(rb"(?:=\?[\w-]+\?[bB]\?[A-Za-z0-9+/=]*\?=\s*)+")
_WORD = re.compile(rb"\?[bB]\?([A-Za-z0-9+/=]*)\?=")
_NEXT_WORD = re.compile(rb"\?=\s+=\?[\w-]+\?[qQ]\?")
"""Between two pieces of a header in quoted-printable, which belong together (RFC 2047)."""
_STRANGE = re.compile(rb"(?i)(?:charset\*?\s*=\s*[\"']?|=\?)(?!utf-?8\b|us-ascii\b)[a-z]|uuencode")
"""Letters that may be other bytes than in UTF-8."""
_PACKINGS = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"%PDF", b"BEGIN:V")
_ADDRESS = re.compile(r"[^\s<>()\[\]{}\"',;:|/\\=@]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}")
_MAIL = (".eml", ".mbox", ".msg")
_CARDS = (".vcf", ".ics")


def texts_in(name: str, content: bytes, depth: int = 0) -> Iterator[str]:
    """All texts that a file holds, its raw bytes first. Never raises for bad input."""
    yield from _decoded(content)
    if name.lower().endswith(_CARDS) or content[:20].lstrip().startswith(b"BEGIN:V"):
        plain = re.sub(rb"=?\r?\n[ \t]|=\r?\n", b"", content)  # lines that go on in the next
        yield from _decoded(quopri.decodestring(plain))
    if depth >= _DEEPEST:
        return
    if b"\0" not in content[:4096]:
        for packed in _PACKED.findall(content):
            with suppress(ValueError):
                yield base64.b64decode(re.sub(rb"\s", b"", packed)).decode("utf-8", "replace")
    try:
        if content.startswith(b"PK\x03\x04"):
            yield from _in_archive(content, depth)
        elif content.startswith(b"\x1f\x8b"):
            unpacked = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content, LARGEST)
            yield from texts_in(name.removesuffix(".gz"), unpacked, depth + 1)
        elif content.startswith(b"BZh"):
            yield from texts_in(name, bz2.BZ2Decompressor().decompress(content, LARGEST), depth + 1)
        elif content.startswith(b"\xfd7zXZ"):
            yield from texts_in(name, lzma.LZMADecompressor().decompress(content, LARGEST), depth + 1)
        elif content.startswith(b"%PDF"):
            yield pdf_text(content)
        elif _is_mail(name, content):
            yield from _in_mail(message_from_bytes(content, policy=policy.compat32), depth)
    except (
        OSError,
        ValueError,
        KeyError,
        LookupError,
        RuntimeError,
        NotImplementedError,
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
    ):
        return


def _decoded(content: bytes) -> Iterator[str]:
    """The bytes as text, in each way in which they may be meant."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield content.decode("utf-16", "replace")
    elif b"\0" in content:  # as old Word and Outlook keep text: two bytes a letter, beginning anywhere
        yield re.sub(rb"([^\0])\0", rb"\1", content).decode("cp1252", "replace")
        yield content.decode("utf-16-le", "replace")
    text = content.decode("utf-8-sig", "replace")
    yield text
    if "\ufffd" in text:
        yield content.decode("cp1252", "replace")
    if "&" in text and (said := html.unescape(text)) != text:
        yield said
    if "\\x" in text or "\\u" in text:  # as YAML and JSON write letters that are not ASCII
        yield _ESCAPED.sub(lambda found: chr(int(found[1] or found[2], 16)), text)


def _in_archive(content: bytes, depth: int) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            yield entry.filename
            if entry.file_size <= LARGEST:
                piece = archive.read(entry)
                yield from texts_in(entry.filename, piece, depth + 1)
                if entry.filename.endswith(".xml"):
                    yield office.text_of(piece.decode("utf-8", "replace"))


def _in_mail(message: Message, depth: int) -> Iterator[str]:
    for part in message.walk():
        for _, value in part.items():
            yield str(make_header(decode_header(str(value))))
        if not part.is_multipart() and isinstance(body := part.get_payload(decode=True), bytes):
            yield from texts_in(part.get_filename() or "", body, depth + 1)


def names_them(needles: Needles, name: str, content: bytes, free: set[bytes] | None = None) -> bool:
    """Whether one of the needles stands in a file, however it is packed, or a row of a table in it is theirs.

    `free` remembers attachments without them, by digest: hundreds of emails have the same one.
    """
    if free is not None and b"\0" not in content[:4096]:
        left = _without_attachments(needles, content, free)
        if left is None:
            return True
        content = left
    if _is_mail(name, content) and _is_surely_free(needles, content):
        return False
    is_near = name.lower().endswith((".html", ".htm"))  # a cell's word may go on behind a tag
    for text in texts_in(name, content):
        if needles.may_be_in(text):
            if needles.are_in(text):
                return True
            is_near = True
    return is_near and any(map(needles.own_a_row, _rows_in(name, content)))


def _without_attachments(needles: Needles, content: bytes, free: set[bytes]) -> bytes | None:
    """The content without the large attachments that do not name them; None where one does."""
    theirs = False

    def without(found: re.Match[bytes]) -> bytes:
        nonlocal theirs
        digest = hashlib.sha256(found[0]).digest()
        if digest not in free:
            try:
                body = base64.b64decode(found[0])
            except ValueError:  # it is none
                return found[0]
            if names_them(needles, "", body, free):
                theirs = True
            else:
                free.add(digest)
        return b""

    left = _ATTACHMENT.sub(without, content)
    return None if theirs else left


def _is_mail(name: str, content: bytes) -> bool:
    return name.lower().endswith(_MAIL) or _HEAD.match(content) is not None


def _is_surely_free(needles: Needles, content: bytes) -> bool:
    """Whether no piece of a word stands in an email; to take it apart takes ten times as long."""
    if _STRANGE.search(content):
        return False
    plain = quopri.decodestring(_NEXT_WORD.sub(b"", content))
    packed = [*_PACKED.findall(content), *_BASE64.findall(content)]
    words = [_WORD.findall(line) for line in _WORDS.findall(content)]
    try:
        bodies = [*map(base64.b64decode, packed), *(b"".join(map(base64.b64decode, each)) for each in words)]
    except ValueError:
        return False
    if any(body.startswith(_PACKINGS) for body in bodies):
        return False
    spaced = (plain, plain.replace(b"_", b" ")) if b"=?" in content else (plain,)
    return not any(needles.may_be_in(text) for body in (content, *spaced, *bodies) for text in _decoded(body))


def addresses_in(name: str, content: bytes) -> Iterator[str]:
    """The email addresses that stand in a file, however it is packed; some of them more than once."""
    for text in texts_in(name, content):
        yield from _ADDRESS.findall(text) if "@" in text else ()


def _rows_in(name: str, content: bytes) -> Iterator[list[str]]:
    if name.lower().endswith((".csv", ".tsv", ".md", ".txt", *_CARDS)):
        yield from (cells_of(line) for text in texts_in(name, content, _DEEPEST) for line in text.splitlines())
    elif name.lower().endswith((".html", ".htm")):
        yield from office.rows_of_page(content.decode("utf-8", "replace"))
    elif name.lower().endswith(".json"):
        with suppress(ValueError):
            yield from records_in(json.loads(content))
    elif content.startswith(b"PK\x03\x04"):
        yield from office.rows_in(content)


def records_in(value: Any) -> Iterator[list[str]]:
    """The values of each object in what JSON holds."""
    if isinstance(value, dict):
        yield [str(each) for each in value.values() if not isinstance(each, dict | list)]
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from records_in(each)


def cells_of(line: str) -> list[str]:
    """The cells of a line of a table, whatever is between them."""
    return [each.strip(' "') for each in re.split(r"[:;,\t|]", line)]
