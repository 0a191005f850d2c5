"""Attachments, encoded once for all letters that carry them; media types by file name."""

from __future__ import annotations

import base64
import hashlib
import re
from contextlib import suppress
from dataclasses import field
from functools import lru_cache
from urllib.parse import quote

from outreach.model.records import dataclass

_HEAD_END = b"\r\n\r\n"
_SIMPLE_NAME = re.compile(r"[!#-\[\]-~]+(?: [!#-\[\]-~]+)*")  # ASCII without `"`, `\` and odd spaces
_ATTRIBUTE_CHARACTERS = "!#$&+-.^_`|~"  # besides letters and digits: RFC 8187, 3.2.1
_LINE = 76  # of base64, at most (RFC 2045, 6.8)


@dataclass(frozen=True, kw_only=True, slots=True)
class EncodedAttachment:
    """A file as a whole MIME part, ready to be spliced into any number of letters.

    `encoded` is headers, empty line and base64 body, all lines ending in CRLF; `sha256` (hex) and
    `size` (bytes) are those of the file itself, before encoding.
    """

    name: str
    media_type: str
    sha256: str
    size: int
    encoded: bytes = field(repr=False)

    @property
    def head(self) -> bytes:
        """The part's headers with the empty line that ends them."""
        return self.encoded[: self.encoded.index(_HEAD_END) + len(_HEAD_END)]


@lru_cache(maxsize=8)
def encode_attachment(filename: str, content: bytes) -> EncodedAttachment:
    """Make a file a MIME part: base64 in lines of 76, the type judged by the name alone.

    `filename` is the name the recipient sees, without folders. Never fails: a name that must not
    stand in a header is reported by `faults` of every letter that carries it.
    """
    kind = media_type(filename)
    charset = ""
    if kind.startswith("text/"):
        # Text is shown as US-ASCII unless the part says otherwise (RFC 2046, 4.1.2).
        with suppress(UnicodeDecodeError):
            content.decode("utf-8")
            charset = '; charset="utf-8"'
    head = "\r\n".join(
        [
            f"Content-Type: {kind}{charset}",
            "Content-Transfer-Encoding: base64",
            "Content-Disposition: attachment;",
            _filename_parameter(filename),
        ]
    ).encode("ascii")
    body = base64.encodebytes(content).replace(b"\n", b"\r\n")
    return EncodedAttachment(
        name=filename,
        media_type=kind,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        encoded=head + _HEAD_END + body,
    )


def _filename_parameter(filename: str) -> str:
    """`filename="..."` where every client reads it alike, else RFC 2231 in as many pieces as needed."""
    plain = f' filename="{filename}"'
    if len(plain) <= _LINE and "=?" not in filename and _SIMPLE_NAME.fullmatch(filename):
        return plain
    whole = f" filename*=utf-8''{_percent(filename)}"
    if len(whole) <= _LINE:
        return whole
    # Pieces of at most 60 characters, never broken inside a percent-encoded character.
    chunks = ["utf-8''"]
    for character in filename:
        encoded = _percent(character)
        if len(chunks[-1]) + len(encoded) > 60:
            chunks.append("")
        chunks[-1] += encoded
    return ";\r\n".join(f" filename*{number}*={chunk}" for number, chunk in enumerate(chunks))


def _percent(text: str) -> str:
    return quote(text, safe=_ATTRIBUTE_CHARACTERS, errors="replace")


UNKNOWN = "application/octet-stream"

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"

_BY_SUFFIX = {
    # documents
    "pdf": "application/pdf",
    "rtf": "application/rtf",
    "epub": "application/epub+zip",
    "doc": "application/msword",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "odt": f"{_OPEN_DOCUMENT}.text",
    "ods": f"{_OPEN_DOCUMENT}.spreadsheet",
    "odp": f"{_OPEN_DOCUMENT}.presentation",
    "odg": f"{_OPEN_DOCUMENT}.graphics",
    # text
    "txt": "text/plain",
    "md": "text/markdown",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "html": "text/html",
    "htm": "text/html",
    "css": "text/css",
    "ics": "text/calendar",
    "vcf": "text/vcard",
    "json": "application/json",
    "xml": "application/xml",
    "yaml": "application/yaml",
    "yml": "application/yaml",
    "tex": "application/x-tex",
    "bib": "application/x-bibtex",
    # pictures, sound, film
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "heic": "image/heic",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "bmp": "image/bmp",
    "svg": "image/svg+xml",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mov": "video/quicktime",
    "vtt": "text/vtt",
    # archives, keys, fonts
    "zip": "application/zip",
    "gz": "application/gzip",
    "tgz": "application/gzip",
    "tar": "application/x-tar",
    "7z": "application/x-7z-compressed",
    "asc": "application/pgp-keys",
    "ttf": "font/ttf",
    "otf": "font/otf",
    "woff2": "font/woff2",
}
# `.eml` is missing on purpose: message/rfc822 must not be base64 (RFC 2046, 5.2.1).


def media_type(filename: str) -> str:
    """The media type for a file's name, by its last suffix; `application/octet-stream` if unknown."""
    stem, dot, suffix = filename.rpartition(".")
    return _BY_SUFFIX.get(suffix.lower(), UNKNOWN) if dot and stem else UNKNOWN
