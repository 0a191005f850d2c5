"""A letter as it is approved: frozen without its attachments' bodies, thawed with a Date when it leaves.

The frozen bytes are those of the letter with the sha256 of each attachment where its body would stand, so
that their own sha256 is the letter's digest, and an attachment is stored once for all letters.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from outreach.letters.mime.attachments import EncodedAttachment
from outreach.letters.mime.building import TRANSPORT_ONLY, without_attachments
from outreach.letters.mime.message import Message
from outreach.model.records import dataclass

_MIXED = re.compile(rb'\r\nContent-Type: multipart/mixed;\r\n boundary="([^"]+)"')
_FOLDED = re.compile(r"\r\n(?=[ \t])")
_PLAIN_MAILBOX = re.compile(r"[A-Za-z0-9=?&_+'/ -]*<([A-Za-z0-9._+-]+@[A-Za-z0-9.-]+)>")
_HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """What sending needs of frozen bytes; `message_id` carries its angle brackets."""

    sender: str
    recipient: str
    subject: str
    message_id: str
    cc: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FrozenView:
    """What a person sees of frozen bytes. Texts have LF line ends; attachments are names and sha256 (hex)."""

    sender: str
    recipient: str
    recipient_name: str
    subject: str
    message_id: str
    text: str
    html: str | None
    headers: tuple[tuple[str, str], ...]
    attachments: tuple[tuple[str, str], ...]


def freeze(message: Message) -> bytes:
    """The bytes that an approval binds to: their sha256 is `digest(message)`."""
    kept = tuple(pair for pair in message.extra_headers if pair[0].lower() not in TRANSPORT_ONLY)
    return without_attachments(replace(message, extra_headers=kept))


def content_of(attachment: EncodedAttachment) -> bytes:
    """The file itself, out of its MIME part."""
    return base64.decodebytes(attachment.encoded[len(attachment.head) :])


def thaw(frozen: bytes, date: str, body_of: Callable[[str], bytes]) -> list[bytes]:
    """The whole letter in pieces, dated `date` (RFC 5322). `body_of` gives the file of a sha256 (hex), in base64."""
    dated = b"Date: " + date.encode("ascii") + b"\r\n"
    opening, parts, closing = _taken_apart(frozen)
    if not parts:
        return [dated + frozen]
    delimiter, heads = parts
    pieces = [dated + opening]
    for head, sha256 in heads:
        pieces += (delimiter + head, body_of(sha256))
    return [*pieces, closing]


def _taken_apart(frozen: bytes) -> tuple[bytes, tuple[bytes, list[tuple[bytes, str]]] | None, bytes]:
    """Up to the first attachment, the attachments (delimiter, heads with the sha256 of their bodies), the end."""
    found = _MIXED.search(frozen, 0, frozen.index(_HEAD_END))
    if found is None:
        return frozen, None, b""
    delimiter, closing = b"\r\n--" + found[1] + b"\r\n", b"\r\n--" + found[1] + b"--\r\n"
    preamble, content, *stand_ins = frozen.removesuffix(closing).split(delimiter)
    heads = []
    for stand_in in stand_ins:
        end = stand_in.index(_HEAD_END) + len(_HEAD_END)
        heads.append((stand_in[:end], stand_in[end:].strip().decode("ascii")))
    return preamble + delimiter + content, (delimiter, heads), closing


def carried(frozen: bytes) -> list[tuple[str, str]]:
    """The attachments of frozen bytes, in their order: file name and sha256 (hex)."""
    _, parts, _ = _taken_apart(frozen)
    found = []
    for head, sha256 in parts[1] if parts else ():
        part = BytesHeaderParser(policy=policy.default).parsebytes(head)
        found.append((str(part.get_filename() or ""), sha256))
    return found


def base64_body(content: bytes) -> bytes:
    """A file as `encode_attachment` writes it."""
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


def envelope(frozen: bytes) -> Envelope:
    """Sender, recipient, subject and Message-ID, out of the headers alone."""
    head = frozen[: frozen.index(_HEAD_END)].decode("ascii")
    lines = _FOLDED.sub("", head).split("\r\n")
    unfolded = {name: value.lstrip(" \t") for name, _, value in (line.partition(":") for line in lines)}
    subject = unfolded["Subject"]
    return Envelope(
        sender=_address(unfolded["From"]),
        recipient=_address(unfolded["To"]),
        subject=str(make_header(decode_header(subject))) if "=?" in subject else subject,
        message_id=unfolded["Message-ID"].strip(),
        cc=tuple(address for _, address in getaddresses([unfolded.get("Cc", "")]) if address),
    )


def _address(value: str) -> str:
    """The address of one mailbox; read by the library where there is more than a plain name before it."""
    plain = _PLAIN_MAILBOX.fullmatch(value)
    return plain[1] if plain else getaddresses([value])[0][1]


def view(frozen: bytes) -> FrozenView:
    """What is in frozen bytes, read as a mail program would."""
    parsed = message_from_bytes(frozen, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    to, sender = parsed["To"].addresses[0], parsed["From"].addresses[0]
    plain, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    carried = [part for part in parsed.walk() if part.get_content_disposition() == "attachment"]
    return FrozenView(
        sender=sender.addr_spec,
        recipient=to.addr_spec,
        recipient_name=to.display_name,
        subject=str(parsed["Subject"]),
        message_id=str(parsed["Message-ID"]).strip(),
        text=_content(plain),
        html=_content(html) if html is not None else None,
        headers=tuple((name, str(value)) for name, value in parsed.items()),
        attachments=tuple((part.get_filename() or "", str(part.get_payload()).strip()) for part in carried),
    )


def _content(part: object) -> str:
    if not isinstance(part, EmailMessage):
        return ""
    return str(part.get_content()).replace("\r\n", "\n")
