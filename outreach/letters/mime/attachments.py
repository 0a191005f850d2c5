"""Attachments, encoded once for all letters that carry them."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from urllib.parse import quote

from outreach.letters.mime.media_types import media_type

_HEAD_END = b"\r\n\r\n"
_SIMPLE_NAME = re.compile(r"[!#-\[\]-~]+(?: [!#-\[\]-~]+)*")  # ASCII without `"`, `\` and odd spaces
_ATTRIBUTE_CHARACTERS = "!#$&+-.^_`|~"  # besides letters and digits: RFC 8187, 3.2.1
_LINE = 76


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


def encode_attachment(filename: str, content: bytes) -> EncodedAttachment:
    """Make a file a MIME part: base64 in lines of 76, the type judged by the name alone.

    `filename` is the name the recipient sees, without folders. Never fails: a name that must not
    stand in a header is reported by `faults` of every letter that carries it.
    """
    kind = media_type(filename)
    head = "\r\n".join(
        [
            f"Content-Type: {kind}{_charset(kind, content)}",
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


def _charset(kind: str, content: bytes) -> str:
    """Text is shown as US-ASCII unless the part says otherwise (RFC 2046, 4.1.2)."""
    if not kind.startswith("text/"):
        return ""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return '; charset="utf-8"'


def _filename_parameter(filename: str) -> str:
    """`filename="..."` where every client reads it alike, else RFC 2231 in as many pieces as needed."""
    plain = f' filename="{filename}"'
    if len(plain) <= _LINE and "=?" not in filename and _SIMPLE_NAME.fullmatch(filename):
        return plain
    whole = f" filename*=utf-8''{_percent(filename)}"
    if len(whole) <= _LINE:
        return whole
    return ";\r\n".join(f" filename*{number}*={chunk}" for number, chunk in enumerate(_chunks("utf-8''", filename)))


def _chunks(prefix: str, filename: str) -> list[str]:
    """Percent-encoded pieces of at most 60 characters, never broken inside a character."""
    chunks = [prefix]
    for character in filename:
        encoded = _percent(character)
        if len(chunks[-1]) + len(encoded) > 60:
            chunks.append("")
        chunks[-1] += encoded
    return chunks


def _percent(text: str) -> str:
    return quote(text, safe=_ATTRIBUTE_CHARACTERS, errors="replace")
