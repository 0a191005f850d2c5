"""The last look: the bytes are read as a stranger would, and compared with what was planned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message as ParsedMessage
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from outreach.letters.mime.message import Message, header_names

_LONE_LINE_END = re.compile(rb"\r(?!\n)|(?<!\r)\n")
_LONGEST_LINE = 998  # RFC 5322, 2.1.1


def parse_back(data: bytes, message: Message) -> list[str]:
    """Compare the serialised letter with its plan; every difference is a phrase, none is good.

    `data` is best what `without_attachments` gives, so that no attachment is read again. Compared
    are the header names in their order, sender and recipient (one mailbox each, address and name),
    the reply address, the subject, and which parts there are; no line end may stand alone.
    """
    parsed = message_from_bytes(data, policy=policy.compat32)
    return [
        *_line_differences(data),
        *_header_differences(parsed, message),
        *_part_differences(parsed, message),
    ]


def parse_headers_back(data: bytes, message: Message) -> list[str]:
    """As `parse_back`, of the letter's own headers alone: they are where names and subjects stand.

    Several times faster; for letters whose template has been read back as a whole already.
    """
    head = data[: data.index(b"\r\n\r\n") + 4]
    parsed = BytesHeaderParser(policy=policy.compat32).parsebytes(head)
    return [*_line_differences(head), *_header_differences(parsed, message)]


def _line_differences(data: bytes) -> Iterator[str]:
    if not data.isascii():
        yield "bytes outside ASCII were written"
    if _LONE_LINE_END.search(data):
        yield "a line end stands alone"
    if max(map(len, data.split(b"\r\n"))) > _LONGEST_LINE:
        yield f"a line has more than {_LONGEST_LINE} bytes"


def _header_differences(parsed: ParsedMessage, message: Message) -> Iterator[str]:
    names = tuple(parsed.keys())
    planned = header_names(message)
    if names != planned:
        yield f"the headers read {', '.join(names)} instead of {', '.join(planned)}"
        return
    yield from _mailbox_differences(parsed, "From", message.sender_name, message.sender_email)
    yield from _mailbox_differences(parsed, "To", message.recipient_name, message.recipient_email)
    if message.reply_to is not None:
        yield from _mailbox_differences(parsed, "Reply-To", "", message.reply_to)
    subject = _decoded(_unfolded(parsed, "Subject"))
    if subject != message.subject:
        yield f"the subject reads {subject!r} instead of {message.subject!r}"


def _mailbox_differences(parsed: ParsedMessage, field: str, name: str, email: str) -> Iterator[str]:
    """Two of the library's parsers must agree that there is one mailbox, and which."""
    value = _unfolded(parsed, field)
    modern = policy.default.header_factory(field, value)
    addresses = [each.addr_spec for each in modern.addresses]
    mailboxes = getaddresses([value])
    if addresses != [email] or [address for _, address in mailboxes] != [email]:
        yield f"{field} reads {', '.join(addresses) or 'nothing'} instead of {email}"
        return
    shown = _decoded(mailboxes[0][0])
    if shown != name:
        yield f"the name in {field} reads {shown!r} instead of {name!r}"


def _part_differences(parsed: ParsedMessage, message: Message) -> Iterator[str]:
    found = [part.get_content_type() for part in parsed.walk() if not part.is_multipart()]
    bodies = ["text/plain"] if message.html is None else ["text/plain", "text/html"]
    planned = bodies + [attachment.media_type for attachment in message.attachments]
    if found != planned:
        yield f"the parts read {', '.join(found)} instead of {', '.join(planned)}"
    if any(part.defects for part in parsed.walk()):
        yield "the structure of the letter is damaged"


def _unfolded(parsed: ParsedMessage, field: str) -> str:
    return str(parsed[field]).replace("\r\n", "").replace("\n", "")


def _decoded(text: str) -> str:
    """Text with its encoded-words decoded, or as it stands where they are broken."""
    try:
        return str(make_header(decode_header(text))) if "=?" in text else text
    except (MessageError, LookupError, UnicodeError):
        return text
