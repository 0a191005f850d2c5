"""What must not go into a letter's headers: headers are data."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.letters.mime.headers import ADDRESS, HEADER_NAME, LONGEST_TOKEN, MESSAGE_ID, longest_token
from outreach.letters.mime.message import Message
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
    return [f"{field}: {fault}" for field, fault in _faults(message)]


def _faults(message: Message) -> Iterator[tuple[str, str]]:
    yield from _text_faults(message)
    yield from _address_faults(message)
    yield from _id_faults(message)
    yield from _extra_faults(message)
    for attachment in message.attachments:
        if fault := _name_fault(attachment.name):
            yield f"attachment {attachment.name!r}", fault


def _text_faults(message: Message) -> Iterator[tuple[str, str]]:
    headers = {
        "sender's name": message.sender_name,
        "recipient's name": message.recipient_name,
        "subject": message.subject,
    }
    for field, text in headers.items():
        if fault := header_fault(text):
            yield field, fault
    if not message.subject.strip():
        yield "subject", "is empty"
    for field, body in (("text", message.text), ("HTML", message.html or "")):
        if not _encodes(body):
            yield field, "holds half a character"


def _address_faults(message: Message) -> Iterator[tuple[str, str]]:
    addresses = {
        "sender's address": message.sender_email,
        "recipient's address": message.recipient_email,
        "Reply-To": message.reply_to,
    }
    for field, address in addresses.items():
        if address is not None and (fault := _address_fault(address)):
            yield field, fault


def _address_fault(address: str) -> str | None:
    if fault := header_fault(address):
        return fault
    if "@" not in address:
        return "has no @"
    if address.count("@") > 1 or any(mark in address for mark in ",; <>"):
        return "must be one address and nothing else"
    return None if ADDRESS.fullmatch(address) else "is not a plain mail address"


def _id_faults(message: Message) -> Iterator[tuple[str, str]]:
    ids = [("Message-ID", message.message_id)]
    if message.in_reply_to is not None:
        ids.append(("In-Reply-To", message.in_reply_to))
    ids += [("References", each) for each in message.references]
    for field, each in ids:
        if not MESSAGE_ID.fullmatch(each):
            yield field, f"{each!r} is not a Message-ID"


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
    return "is too long for one line" if longest_token(value) > LONGEST_TOKEN else None


def _name_fault(name: str) -> str | None:
    if fault := header_fault(name):
        return fault
    if not name.strip(" .") or "/" in name or "\\" in name:
        return "is not a file's name"
    return None


def _encodes(text: str) -> bool:
    """Whether the text can be written at all: a lone surrogate is no character."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
