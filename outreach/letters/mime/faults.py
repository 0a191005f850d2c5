"""What must not go into a letter: asked before it becomes bytes, and again of the bytes, as a stranger reads them."""

from __future__ import annotations

import re
from binascii import a2b_base64, a2b_qp
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message as ParsedMessage
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from functools import lru_cache

from outreach.letters.mime.building import (
    ADDRESS,
    HEADER_NAME,
    MESSAGE_ID,
    Printable,
    address_line,
    has_long_token,
    text_line,
)
from outreach.letters.mime.message import Message, header_names
from outreach.words.header_text import header_fault

_OURS = frozenset(
    {"from", "sender", "to", "cc", "bcc", "reply-to", "subject", "message-id", "in-reply-to", "references"}
    | {"mime-version", "return-path"}
)
_NEVER_EXTRA = ("content-", "resent-")


def faults(message: Message) -> list[str]:
    """Why the letter must not be made: one phrase each, naming the field; empty if nothing is wrong.

    `build` of a letter without faults succeeds.
    """
    found = [*_own_faults(message), *_extra_faults(message)]
    for attachment in message.attachments:
        name = attachment.name
        fault = header_fault(name)
        if fault is None and (not name.strip(" .") or "/" in name or "\\" in name):
            fault = "is not a file's name"
        if fault is not None:
            found.append((f"attachment {name!r}", fault))
    return [f"{field}: {fault}" for field, fault in found]


def _own_faults(message: Message) -> Iterator[tuple[str, str]]:
    if header_fault(f"{message.sender_name}{message.recipient_name}{message.subject}"):  # as in no letter but a few
        texts = (("sender's name", message.sender_name), ("recipient's name", message.recipient_name))
        for field, text in (*texts, ("subject", message.subject)):
            if fault := header_fault(text):
                yield field, fault
    if not message.subject.strip():
        yield "subject", "is empty"
    for field, body in (("text", message.text), ("HTML", message.html or "")):
        if type(body) is not Printable and not _is_whole(body):
            yield field, "holds half a character"
    for field, address in (
        ("sender's address", message.sender_email),
        ("recipient's address", message.recipient_email),
        ("Reply-To", message.reply_to),
        *((f"Cc {number}", each) for number, each in enumerate(message.cc, start=1)),
    ):
        if address is not None and (fault := _address_fault(address)):
            yield field, fault
    for field, ids in (
        ("Message-ID", (message.message_id,)),
        ("In-Reply-To", (message.in_reply_to,) if message.in_reply_to is not None else ()),
        ("References", message.references),
    ):
        for each in ids:
            if not MESSAGE_ID.fullmatch(each):
                yield field, f"{each!r} is not a Message-ID"


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=4096)
def _address_fault(address: str) -> str | None:
    if "=?" not in address and ADDRESS.fullmatch(address):
        return None
    if fault := header_fault(address):
        return fault
    if "@" not in address:
        return "has no @"
    if address.count("@") > 1 or any(mark in address for mark in ",; <>"):
        return "must be one address and nothing else"
    return None if ADDRESS.fullmatch(address) else "is not a plain mail address"


def _extra_faults(message: Message) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for name, value in message.extra_headers:
        lower = name.lower()
        if not HEADER_NAME.fullmatch(name):
            yield f"header {name!r}", "is not a header's name"
        elif lower in _OURS or lower.startswith(_NEVER_EXTRA):
            yield f"header {name}", "is not one to add"
        elif lower in seen:
            yield f"header {name}", "is there twice"
        elif fault := _value_fault(value):
            yield f"header {name}", fault
        seen.add(lower)


def _value_fault(value: str) -> str | None:
    if fault := header_fault(value):
        return fault
    if not value or value != value.strip():
        return "is empty, or starts or ends with a space"
    if not (value.isascii() and value.isprintable()):
        return "holds more than plain ASCII characters"
    return "is too long for one line" if has_long_token(value) else None


_ENCODED = r"=\?utf-8\?[bq]\?[A-Za-z0-9+/=_-]+\?="
_WORD = rf"(?:{_ENCODED}|[A-Za-z0-9&'/+_-]+)"
_ONE_MAILBOX = re.compile(
    rf"{_WORD}(?: {_WORD})* <([A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)>"
)
"""A name of encoded-words (RFC 2047) and atoms, and an address of atoms (RFC 5322, 3.4): nobody can read it otherwise.

All else is read by the library, which takes five times as long.
"""
_PLAIN = re.compile(r"[A-Za-z0-9 .&'/+_!-]*")
"""Letters, digits, spaces and what atoms hold (RFC 5322, 3.2.3): nothing that a header could be read otherwise for."""
_ONE_SUBJECT = re.compile(rf"{_PLAIN.pattern}|{_ENCODED}(?: {_ENCODED})*")
_ONE_WORD = re.compile(
    r"=\?utf-8\?(?:b\?((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)"
    r"|q\?((?:[A-Za-z0-9!*+/_-]|=[0-9A-F]{2})+))\?="
)
_HEADER = re.compile(r"([!-9;-~]+): ([ -~]*(?:\r\n [ -~]*)*)\r\n")
_LONGEST_LINE = 998  # RFC 5322, 2.1.1


def parse_back(data: bytes, message: Message) -> list[str]:
    """Compare the serialised letter with its plan; every difference is a phrase, none is good.

    `data` is best what `without_attachments` gives, so that no attachment is read again. Compared
    are the header names in their order, sender and recipient (one mailbox each, address and name),
    the reply address, the subject, and which parts there are; no line end may stand alone.
    """
    parsed = message_from_bytes(data, policy=policy.compat32)
    differences = [*_line_differences(data), *_header_differences(parsed, message)]
    found = [part.get_content_type() for part in parsed.walk() if not part.is_multipart()]
    bodies = ["text/plain"] if message.html is None else ["text/plain", "text/html"]
    planned = bodies + [attachment.media_type for attachment in message.attachments]
    if found != planned:
        differences.append(f"the parts read {', '.join(found)} instead of {', '.join(planned)}")
    if any(part.defects for part in parsed.walk()):
        differences.append("the structure of the letter is damaged")
    return differences


def parse_headers_back(head: bytes, message: Message) -> list[str]:
    """As `parse_back`, of the letter's own headers alone (`head`): they are where names and subjects stand.

    Several times faster; for letters of which one of the same words has been read back as a whole already.
    """
    parsed = _plain_headers(head) or BytesHeaderParser(policy=policy.compat32).parsebytes(head)
    return [*_line_differences(head), *_header_differences(parsed, message)]


def _plain_headers(head: bytes) -> dict[str, str] | None:
    """Each header's value, as the library reads it in ten times the time; None if it has to, or one is there twice."""
    found: list[tuple[str, str]] = _HEADER.findall(head.decode("ascii", "replace"))
    headers = {name: value.lstrip(" ") for name, value in found}
    is_all = sum(len(name) + len(value) + 4 for name, value in found) + 2 == len(head) and head.endswith(b"\r\n\r\n")
    return headers if is_all and len({name.lower() for name in headers}) == len(found) else None


def reads_as_planned(message: Message) -> bool:
    """Whether nobody can read the name or the subject otherwise than planned, so that the headers need not be parsed.

    For a letter of which one of the same words has been read back as a whole. Both have to be plain words, or encoded
    ones that say the same when they are decoded.
    """
    if _PLAIN.fullmatch(message.recipient_name + message.subject):
        return True
    to = _one_line("To", address_line("To", message.recipient_name, message.recipient_email))
    subject = _one_line("Subject", text_line("Subject", message.subject))
    mailbox = _ONE_MAILBOX.fullmatch(to)
    if mailbox is None or mailbox[1] != message.recipient_email or not _ONE_SUBJECT.fullmatch(subject):
        return False
    name = to.removesuffix(f" <{message.recipient_email}>")
    return _decoded(name) == message.recipient_name and _decoded(subject) == message.subject


def _one_line(field: str, line: bytes) -> str:
    """The value of a header, unfolded. A line end before anything but a space stays in it."""
    return line.decode("ascii").removeprefix(f"{field}: ").removesuffix("\r\n").replace("\r\n ", " ")


def _line_differences(data: bytes) -> Iterator[str]:
    if not data.isascii():
        yield "bytes outside ASCII were written"
    if not data.count(b"\r\n") == data.count(b"\r") == data.count(b"\n"):
        yield "a line end is alone"
    if max(map(len, data.split(b"\r\n"))) > _LONGEST_LINE:
        yield f"a line has more than {_LONGEST_LINE} bytes"


def _header_differences(parsed: ParsedMessage | dict[str, str], message: Message) -> Iterator[str]:
    names = tuple(parsed.keys())
    planned = header_names(message)
    if names != planned:
        yield f"the headers read {', '.join(names)} instead of {', '.join(planned)}"
        return
    yield from _mailbox_differences("From", _unfolded(parsed, "From"), message.sender_name, message.sender_email)
    yield from _mailbox_differences("To", _unfolded(parsed, "To"), message.recipient_name, message.recipient_email)
    if message.cc:
        modern = [each.addr_spec for each in policy.default.header_factory("Cc", _unfolded(parsed, "Cc")).addresses]
        if modern != list(message.cc) or [address for _, address in getaddresses([parsed["Cc"]])] != modern:
            yield f"Cc reads {', '.join(modern) or 'nothing'} instead of {', '.join(message.cc)}"
    if message.reply_to is not None:
        yield from _mailbox_differences("Reply-To", _unfolded(parsed, "Reply-To"), "", message.reply_to)
    subject = _decoded(_unfolded(parsed, "Subject"))
    if subject != message.subject:
        yield f"the subject reads {subject!r} instead of {message.subject!r}"


@lru_cache(maxsize=256)  # the sender's is the same in every letter
def _mailbox_differences(field: str, value: str, name: str, email: str) -> tuple[str, ...]:
    """Two parsers must agree that there is one mailbox, and which; they do where it is a plain one."""
    if plain := _ONE_MAILBOX.fullmatch(value):
        addresses, mailboxes = [plain[1]], [(value.removesuffix(f" <{plain[1]}>"), plain[1])]
    else:
        addresses = [each.addr_spec for each in policy.default.header_factory(field, value).addresses]
        mailboxes = getaddresses([value])
    if addresses != [email] or [address for _, address in mailboxes] != [email]:
        return (f"{field} reads {', '.join(addresses) or 'nothing'} instead of {email}",)
    shown = _decoded(mailboxes[0][0])
    return () if shown == name else (f"the name in {field} reads {shown!r} instead of {name!r}",)


def _unfolded(parsed: ParsedMessage | dict[str, str], field: str) -> str:
    return str(parsed[field]).replace("\r\n", "").replace("\n", "")


def _decoded(text: str) -> str:
    """Text with its encoded-words decoded, or as it stands where they are broken."""
    try:
        if "=?" not in text:
            return text
        if word := _ONE_WORD.fullmatch(text):  # as most are; the library says the same
            return (a2b_base64(word[1]) if word[2] is None else a2b_qp(word[2], header=True)).decode()
        return str(make_header(decode_header(text)))
    except (MessageError, LookupError, UnicodeError):
        return text
