"""Whether a message is the letter that we wrote, and in what it differs: as people read both, not byte by byte.

A mailbox may fold headers again, encode parts in another way or add headers of its own; that changes nothing. What a
reader sees does: recipients, subject, the text, the attachments.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses

from outreach.letters.mime.freezing import carried
from outreach.model.records import dataclass

_BROKEN = (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError)
_PIECE = 16
ENOUGH = 0.25
"""The part of the `pieces` of a text that has to be in another for that to be an edited one."""
MOST = 4000
"""Characters of a difference that are kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """What a reader sees of a message. Addresses are casefolded; attachments are names and sha256 (hex)."""

    to: tuple[str, ...]
    subject: str
    text: str
    html: str
    attachments: tuple[tuple[str, str], ...]


def content_of_message(
    data: bytes, *, frozen: bool = False, text_of_html: Callable[[str], str] = lambda html: ""
) -> Content:
    """What a whole message says; of `frozen` bytes, attachments stand in with their digests.

    `text_of_html` reads a message that has an HTML part alone. Of what cannot be read nothing is known: it differs
    from everything.
    """
    try:
        parsed = message_from_bytes(data, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        plain, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
        to = [address for name in ("To", "Cc", "Bcc") for address in map(str, parsed.get_all(name, ()))]
        kept = carried(data) if frozen else list(_attached(parsed))
        return Content(
            to=tuple(sorted(address.casefold() for _, address in getaddresses(to) if address)),
            subject=" ".join(str(parsed["Subject"] or "").split()),
            text=_tidy(_words(plain) if plain is not None else text_of_html(_words(html))),
            html=_tidy(_words(html)),
            attachments=tuple(sorted(kept)),
        )
    except _BROKEN:
        unread = hashlib.sha256(data).hexdigest()
        return Content(to=(), subject="", text=f"It cannot be read here ({unread[:12]}).", html="", attachments=())


def differences(ours: Content, theirs: Content) -> str:
    """What a person changed, as a unified diff for people; "" where a reader sees the same.

    The HTML part does not count: mail programs write their own for the same text.
    """
    lines = [*_head(ours, theirs)]
    if ours.text.split() != theirs.text.split():
        old, new = ours.text.splitlines(), theirs.text.splitlines()
        lines += list(difflib.unified_diff(old, new, "approved", "sent", lineterm="", n=1))[2:]
    return "\n".join(lines)[:MOST]


def pieces(text: str) -> frozenset[str]:
    """The pieces of a text: what two texts share of them is what was kept where one was made of the other.

    Sixteen characters each, in any script, without line breaks; a shorter text is one piece, an empty one has none.
    """
    said = " ".join(text.casefold().split())
    return frozenset(said[at : at + _PIECE] for at in range(max(1, len(said) - _PIECE + 1)) if said)


def is_same_letter(ours: Content, theirs: Content) -> bool:
    """Whether nobody touched it: the words of every part, the recipients, the subject and the attachments."""
    return not differences(ours, theirs) and ours.html.split() == theirs.html.split()


def _head(ours: Content, theirs: Content) -> Iterator[str]:
    if ours.to != theirs.to:
        yield f"-To: {', '.join(ours.to)}"
        yield f"+To: {', '.join(theirs.to)}"
    if ours.subject != theirs.subject:
        yield f"-Subject: {ours.subject}"
        yield f"+Subject: {theirs.subject}"
    before, after = dict(ours.attachments), dict(theirs.attachments)
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            sign = "+" if name not in before else "-" if name not in after else "~"
            yield f"{sign}Attachment: {name}"


def _attached(message: EmailMessage) -> Iterator[tuple[str, str]]:
    for part in message.walk():
        if part.get_content_disposition() == "attachment":
            payload = part.get_payload(decode=True)
            content = payload if isinstance(payload, bytes) else b""
            yield str(part.get_filename() or ""), hashlib.sha256(content).hexdigest()


def _words(part: object) -> str:
    return str(part.get_content()) if isinstance(part, EmailMessage) else ""


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))
