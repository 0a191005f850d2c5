"""A letter becomes bytes."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from outreach.letters.mime.bodies import quoted_printable
from outreach.letters.mime.headers import address_line, ids_line, text_line, value_line
from outreach.letters.mime.message import Message

TRANSPORT_ONLY = frozenset({"date", "x-unsent"})
"""Headers that only a draft or a letter on its way has."""
_TEXT = b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
_HTML = b'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'


def build(message: Message) -> list[bytes]:
    """The letter as pieces to write one after another; attachments are the encoded bytes themselves.

    Text alone is `text/plain`; with HTML `multipart/alternative`; with attachments
    `multipart/mixed` around either. All lines end in CRLF, are ASCII, and none starts with `.`, so
    that nothing has to be escaped on the way. Raises ValueError for a value that cannot stand in
    its header; ask `faults` first, which refuses more and says why.
    """
    if not message.attachments:
        return [_top(message) + _content(message)]
    mixed = _boundary("mixed", message)
    opening = _top(message) + _multipart("mixed", mixed) + b"--" + mixed + b"\r\n" + _content(message)
    delimiter = b"\r\n--" + mixed + b"\r\n"
    pieces = [opening]
    for attachment in message.attachments:
        pieces += (delimiter, attachment.encoded)
    pieces.append(b"\r\n--" + mixed + b"--\r\n")
    return pieces


def as_bytes(message: Message) -> bytes:
    """The letter in one piece. Raises ValueError as `build` does."""
    return b"".join(build(message))


def without_attachments(message: Message) -> bytes:
    """The letter with the sha256 of each attachment (hex) where its body would stand."""
    stand_ins = tuple(
        replace(attachment, encoded=attachment.head + attachment.sha256.encode("ascii") + b"\r\n")
        for attachment in message.attachments
    )
    return as_bytes(replace(message, attachments=stand_ins))


def digest(message: Message) -> str:
    """What an approval binds to: sha256 (hex) of the letter, attachments by their own digests.

    `Date`, which is only fixed when sending, and `X-Unsent`, which only drafts have, do not count.
    """
    kept = tuple(pair for pair in message.extra_headers if pair[0].lower() not in TRANSPORT_ONLY)
    return hashlib.sha256(without_attachments(replace(message, extra_headers=kept))).hexdigest()


def _top(message: Message) -> bytes:
    """The headers of the letter, in the order of `header_names`, up to those of its content."""
    lines = [
        address_line("From", message.sender_name, message.sender_email),
        address_line("To", message.recipient_name, message.recipient_email),
    ]
    if message.reply_to is not None:
        lines.append(address_line("Reply-To", "", message.reply_to))
    lines.append(text_line("Subject", message.subject))
    lines.append(ids_line("Message-ID", [message.message_id]))
    if message.in_reply_to is not None:
        lines.append(ids_line("In-Reply-To", [message.in_reply_to]))
    lines.append(ids_line("References", message.thread))
    lines += [value_line(name, value) for name, value in message.extra_headers]
    lines.append(b"MIME-Version: 1.0\r\n")
    return b"".join(lines)


def _content(message: Message) -> bytes:
    """The text part, or text and HTML as alternatives, with its own content headers."""
    text = _TEXT + quoted_printable(message.text)
    if message.html is None:
        return text
    boundary = _boundary("alternative", message)
    return b"".join(
        [
            _multipart("alternative", boundary),
            *(b"--", boundary, b"\r\n", text),
            *(b"\r\n--", boundary, b"\r\n", _HTML, quoted_printable(message.html)),
            *(b"\r\n--", boundary, b"--\r\n"),
        ]
    )


def _multipart(kind: str, boundary: bytes) -> bytes:
    return f"Content-Type: multipart/{kind};\r\n boundary=".encode() + b'"' + boundary + b'"\r\n\r\n'


def _boundary(kind: str, message: Message) -> bytes:
    """A boundary of this letter alone; `=_` can stand neither in quoted-printable nor in base64."""
    known_by = hashlib.sha256(message.message_id.encode("ascii")).hexdigest()[:24]
    return f"=_{kind}_{known_by}".encode("ascii")
