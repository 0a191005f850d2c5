"""What stands in a file, as text: letters decoded, archives and office documents unpacked, PDFs read."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message

from outreach.campaign.pdf_text import pdf_text
from outreach.words.blanking import Needles

LARGEST = 200_000_000
"""Bytes of one file, and of one that is unpacked, that are looked into."""
_DEEPEST = 4  # archives within archives; one that holds itself would have no end
_HEAD = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{1,60}:[ \t][^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2}")
_MAIL = (".eml", ".mbox", ".msg")


def texts_in(name: str, content: bytes, depth: int = 0) -> Iterator[str]:
    """All texts that a file holds, its raw bytes first. Never raises for bad input."""
    yield from _decoded(content)
    if depth >= _DEEPEST:
        return
    try:
        if content.startswith(b"PK\x03\x04"):
            yield from _in_archive(content, depth)
        elif content.startswith(b"\x1f\x8b"):
            unpacked = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content, LARGEST)
            yield from texts_in(name.removesuffix(".gz"), unpacked, depth + 1)
        elif content.startswith(b"%PDF"):
            yield pdf_text(content)
        elif name.lower().endswith(_MAIL) or _HEAD.match(content):
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
    ):
        return


def _decoded(content: bytes) -> Iterator[str]:
    """The bytes as text, in each way in which they may be meant."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield content.decode("utf-16", "replace")
    try:
        yield content.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield content.decode("cp1252", "replace")


def _in_archive(content: bytes, depth: int) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            yield entry.filename
            if entry.file_size <= LARGEST:
                yield from texts_in(entry.filename, archive.read(entry), depth + 1)


def _in_mail(message: Message, depth: int) -> Iterator[str]:
    for part in message.walk():
        for _, value in part.items():
            yield str(make_header(decode_header(str(value))))
        if not part.is_multipart() and isinstance(body := part.get_payload(decode=True), bytes):
            yield from texts_in(part.get_filename() or "", body, depth + 1)


def names_them(needles: Needles, name: str, content: bytes) -> bool:
    """Whether one of the needles stands in a file, however it is packed."""
    return any(needles.are_in(text) for text in texts_in(name, content))


def blanked_archive(needles: Needles, content: bytes) -> bytes | None:
    """An office document (XLSX, ODS, DOCX, ODT) without the names in it; None where they cannot all be taken out."""
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(out, "w") as new:
            for entry in archive.infolist():
                piece = archive.read(entry)
                if entry.filename.endswith((".xml", ".rels", ".txt")):
                    piece = needles.blanked(piece.decode("utf-8")).encode("utf-8")
                new.writestr(entry, piece, compress_type=entry.compress_type)
    except (OSError, ValueError, KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error):
        return None
    return None if names_them(needles, "", out.getvalue()) else out.getvalue()
