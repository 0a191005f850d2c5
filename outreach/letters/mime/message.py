"""What a letter consists of before it becomes bytes, and the name it is known by."""

from __future__ import annotations

import hashlib

from outreach.letters.mime.attachments import EncodedAttachment
from outreach.model.records import dataclass

FORMAT_HEADERS = ("MIME-Version", "Content-Type")
TRANSFER_HEADER = "Content-Transfer-Encoding"


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One letter to one recipient.

    Names and subject are plain Unicode; addresses are ASCII (an international domain as
    `xn--...`). Message-IDs carry their angle brackets. `references` are the ids of the letters
    before this one, oldest first; a letter without any refers to itself, because some servers
    replace our Message-ID but keep `References`. `cc` are those of us who get a copy.
    `extra_headers` are (name, value) pairs with ASCII values, written after ours in the order
    given. `html` is None for a letter in text only.
    """

    sender_name: str
    sender_email: str
    recipient_name: str
    recipient_email: str
    subject: str
    message_id: str
    text: str
    html: str | None = None
    reply_to: str | None = None
    cc: tuple[str, ...] = ()
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    extra_headers: tuple[tuple[str, str], ...] = ()
    attachments: tuple[EncodedAttachment, ...] = ()

    @property
    def thread(self) -> tuple[str, ...]:
        """What `References` says: the letters before this one, or for the first one itself."""
        return self.references or (self.message_id,)


def header_names(message: Message) -> tuple[str, ...]:
    """The names of the headers the letter has, in their order."""
    names = ["From", "To", *(["Cc"] if message.cc else [])]
    if message.reply_to is not None:
        names.append("Reply-To")
    names += ["Subject", "Message-ID"]
    if message.in_reply_to is not None:
        names.append("In-Reply-To")
    names += ["References", *(name for name, _ in message.extra_headers), *FORMAT_HEADERS]
    if message.html is None and not message.attachments:
        names.append(TRANSFER_HEADER)
    return tuple(names)


_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [a + b for a in _BASE32 for b in _BASE32]
_SHIFTS = range(150, -1, -10)


def message_id(campaign: str, wave: str, contact: str, step: int, domain: str) -> str:
    """The Message-ID of a letter, with its angle brackets: always the same for the same letter.

    Every part is hashed with its length before it, so that no two letters share an id and no word
    of the campaign can be read in it. `domain` is the ASCII domain of the sender's address.
    """
    hashed = hashlib.sha256(b"".join([_with_length(part) for part in (campaign, wave, contact, str(step))]))
    number = int.from_bytes(hashed.digest()[:20], "big")
    return f"<{''.join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])}@{domain}>"


def _with_length(part: str) -> bytes:
    encoded = part.encode()
    return len(encoded).to_bytes(8, "big") + encoded
