"""Bytes of the mailbox -> a message. Whatever they are: mail is broken in more ways than anybody can list."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from outreach.inbox.html_words import text_of_html
from outreach.inbox.quoting import own_text
from outreach.model.mail import Incoming, Returned

LONGEST = 200_000
"""Characters of a message's text that are looked at; a bounce quotes whole attachments."""
LOOKED_AT = 40_000
"""Characters of a server's text in which the copy of our letter may begin."""
LONGEST_HEADER = 50_000
"""Characters of one header; a letter to a thousand people has as many."""
LONGEST_SUBJECT = 500
LARGEST_HEAD = 256 * 1024
"""Bytes of the headers that are parsed, and a quarter of them of one line."""
_MOST_COMMENTS = 50
_NO_TEXT = ("punycode", "idna")
"""Encodings of names. Python has them beside those of texts, and takes the square of what they hold."""
_LISTS = ("list-post", "list-id", "mailing-list", "x-mailing-list", "x-beenthere")
_OF_LISTS = ("list-unsubscribe", "list-help", "list-subscribe", "list-owner", "list-archive")
"""What lists say of themselves beside their address (RFC 2369), and newsletters and programs for customers, too."""
_BETWEEN = re.compile(r"[\s,;<>]|mailto:")
_DAEMONS = (
    "mailer-daemon",
    "mailerdaemon",
    "mail-daemon",
    "maildaemon",
    "mdaemon",
    "mailer_daemon",
    "microsoftexchange",
)
_COPY = re.compile(
    r"^[^\w\n]{0,40}(?:below this line is|this is|here is|start of|copy of)[^\n]{0,40}(?:copy|message|returned)[^\n]*$|"
    r"^[^\w\n]{2,30}(?:message header|original message|returned message|unsent message|headers)[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_FOLD = re.compile(rb"\r?\n(?=[ \t])")
_UNASKED = re.compile(
    rb"^(?:received(?:-spf)?:|dkim-|arc-|x-ms-|x-google-|x-received:|authentication-results:|x-spam-|x-forefront-|x-gm-)"
    rb"[^\n]*\n(?:[ \t][^\n]*\n)*",
    re.IGNORECASE | re.MULTILINE,
)
_PLAIN = re.compile(r"\s*(?:([^<>@\"(),:;\\\[\]]*?)\s*<([^<>\s@\"(),:;\\]+@[\w.-]+)>|([^<>\s@\"(),:;\\]+@[\w.-]+))?\s*")
_HEAD_END = re.compile(rb"\n\r?\n")
_FIELD_NAME = re.compile(r"[!-9;-~]+")
_COPIED_ID = re.compile(r"(?im)^[ \t>|]{0,8}message-id:[ \t]{0,20}(<[^<>\s]{1,500}>)")
_ID = re.compile(r"<[^<>\s]{1,500}>")
_ORIGINALS = ("message-id", "x-microsoft-original-message-id", "x-ms-original-message-id", "x-original-message-id",
              "original-message-id", "x-failed-message-id", "references")  # fmt: skip
"""Where a server may have put our Message-ID, or kept it when it gave the letter another one."""


def read_head(data: bytes) -> Incoming:
    """A message by its headers alone: enough to tell whether it may concern us."""
    head = _bounded(_needed(data))
    plain = _plain_headers(head)
    if plain is not None:
        return _incoming(plain, data)
    parsed = BytesHeaderParser(policy=policy.compat32).parsebytes(head)
    return _incoming(_raw(parsed), data, report_type=_report_type(parsed))


def _plain_headers(head: bytes) -> dict[str, str] | None:
    """The headers by lower-case name, the first of each, as the library reads them and five times as fast.

    None if there is anything that it may read otherwise: a letter beyond ASCII, a line that is not a header, a report.
    """
    end = _HEAD_END.search(head)
    text = head[: end.start()] if end else head
    if not text.isascii():
        return None
    found: dict[str, str] = {}
    for line in text.decode("ascii").splitlines():
        name, colon, value = line.partition(":")
        if not colon or not _FIELD_NAME.fullmatch(name):
            return None
        found.setdefault(name.lower(), value.lstrip(" \t")[:LONGEST_HEADER])
    return None if found.get("content-type", "").lower().startswith("multipart/report") else found


def _raw(parsed: Message) -> dict[str, str]:
    """The headers by lower-case name, the first of each. Letters beyond ASCII as they stand are read as UTF-8."""
    found = {}
    for name, value in reversed(list(parsed.raw_items())):
        text = str(value)[:LONGEST_HEADER]
        if not text.isascii():
            written = text.encode("utf-8", "surrogateescape")
            try:
                text = written.decode("utf-8")
            except UnicodeDecodeError:
                text = written.decode("cp1252", "replace")
        found[name.lower()] = text
    return found


def _needed(data: bytes) -> bytes:
    """The headers that anybody asks for: most of a message's are about its way here."""
    return _FOLD.sub(b" ", _UNASKED.sub(b"", data))


def read(data: bytes) -> Incoming:
    """A whole message. Bytes that are not a message give one without a sender; never raises for what they hold."""
    parsed = message_from_bytes(_bounded(data), policy=policy.compat32)
    return _incoming(_raw(parsed), data, report_type=_report_type(parsed), parts=list(_parts(parsed)))


def _bounded(data: bytes) -> bytes:
    """The message with headers that a mail program could have written: one of a million recipients is cut."""
    found = _HEAD_END.search(data)
    end = found.start() if found else len(data)
    if end <= LARGEST_HEAD:
        return data
    head = b"\n".join(line[: LARGEST_HEAD // 4] for line in data[:end].splitlines())[:LARGEST_HEAD]
    return head + data[end:]


def _incoming(raw: dict[str, str], data: bytes, *, report_type: str = "", parts: Sequence[Message] = ()) -> Incoming:
    names = {name: _decoded(value) for name, value in raw.items()}
    name, sender = _first_address(raw.get("from", "") or raw.get("sender", ""))
    text = _text(parts)[:LONGEST]
    is_daemons = from_daemon(names, sender)
    returned = _returned_headers(parts) + (list(_copied(text)) if is_daemons else [])
    return Incoming(
        message_id=_id(names.get("message-id", "")) or f"<{hashlib.sha256(data).hexdigest()}@no-id>",
        sender=sender,
        sender_name=_decoded(name),
        recipients=_recipients(raw),
        subject=" ".join(names.get("subject", "").split())[:LONGEST_SUBJECT],
        at=_instant(names.get("date", "")),
        answers_to=tuple(dict.fromkeys(_ID.findall(names.get("in-reply-to", "") + names.get("references", "")))),
        text=text,
        own_text=own_text(text) if text else "",
        headers=names,
        report_type=report_type,
        reports=tuple(_reports(parts)),
        disposition=_disposition(parts),
        returned_ids=tuple(
            dict.fromkeys(i for each in returned for key in _ORIGINALS for i in _ID.findall(each.get(key, "")))
        ),
        returned_to=tuple(
            dict.fromkeys(found for each in returned if (found := _first_address(each.get("to", ""))[1]))
        ),
        returned_subject=next((" ".join(each["subject"].split()) for each in returned if each.get("subject")), ""),
        from_daemon=is_daemons,
        reply_to=_reply_to(raw),
        references=tuple(_ID.findall(names.get("references", "")) or _ID.findall(names.get("in-reply-to", "")))[-20:],
        invites=any(part.get_content_type() == "text/calendar" for part in parts),
    )


def from_daemon(names: Mapping[str, str], sender: str) -> bool:
    """Whether a mail server wrote it: nowhere to answer to, or a daemon's address, or what only servers say."""
    local = sender.partition("@")[0]
    return (
        local.startswith(_DAEMONS)
        or names.get("return-path", "").strip() == "<>"
        or "x-failed-recipients" in names
        or names.get("content-type", "").casefold().startswith("multipart/report")
    )


def _copied(text: str) -> Iterator[dict[str, str]]:
    """The headers of our letter where a mail server copied it into its text, as qmail and old Exim do."""
    for copy in _COPY.split(text[:LOOKED_AT], maxsplit=5)[1:]:
        yield dict(_fields("\n".join(copy.lstrip("\n").split("\n\n", 1)[0].splitlines()[:80])))
    found = [match[1] for match in _COPIED_ID.finditer(text[:LOOKED_AT])][:20]
    yield from ({"message-id": id} for id in found)


def _reply_to(raw: dict[str, str]) -> str:
    """Where they want answers; not the mailing list that it came through (RFC 2369, RFC 2919), which all read.

    A list that says no more than that it is one (`Precedence: list`) may be any address but the sender's own; where the
    sender is among those it was sent to, the list wrote itself there (for DMARC), and Reply-To is the person.
    """
    named = [address.casefold() for _, address in _addresses([raw.get("reply-to", "")]) if "@" in address]
    named = [each for each in named if not _lists(raw) & {each, each.replace("@", ".")}]
    if _says_only_list(raw):
        sender, to = _first_address(raw.get("from", ""))[1], _recipients(raw)
        named = [each for each in named if each == sender or (sender in to and each not in to)]
    return next(iter(named), "")


def wrote_as_list(mail: Incoming) -> bool:
    """Whether a mailing list put itself into From: who answers there writes to all of its members."""
    is_one = bool(_lists(mail.headers) & {mail.sender, mail.sender.replace("@", ".")})
    says_so = _says_only_list(mail.headers) or _may_be_list(mail.headers)
    return is_one or (says_so and mail.sender in mail.recipients)


def may_want_answers_to_list(mail: Incoming) -> bool:
    """Whether Reply-To may be a list that does not say its address, and not where its sender wants answers."""
    return _may_be_list(mail.headers) and mail.reply_to not in ("", mail.sender)


def _lists(headers: Mapping[str, str]) -> set[str]:
    """The addresses and ids of the list that a message came through, case folded."""
    return set(_BETWEEN.split(" ".join(headers.get(name, "") for name in _LISTS).casefold())) - {""}


def _says_only_list(headers: Mapping[str, str]) -> bool:
    return not _lists(headers) and headers.get("precedence", "").strip().casefold() == "list"


def _may_be_list(headers: Mapping[str, str]) -> bool:
    return not _lists(headers) and any(name in headers for name in _OF_LISTS)


def _recipients(names: dict[str, str]) -> tuple[str, ...]:
    written = [names.get(key, "") for key in ("to", "cc", "delivered-to", "x-original-to", "envelope-to")]
    return tuple(dict.fromkeys(address.casefold() for _, address in _addresses(written) if "@" in address))


def _addresses(written: list[str]) -> list[tuple[str, str]]:
    """Names and addresses; brackets that open by the thousand are none, since the library would follow them in.

    What nearly every header has, `Name <address>` or an address alone, is read without the library, ten times as fast.
    """
    plain = [_PLAIN.fullmatch(each) for value in written if value for each in value.split(",")]
    if all(plain):
        return [(each[1] or "", each[2] or each[3]) for each in plain if each and (each[2] or each[3])]
    return getaddresses([each.replace("(", " ") if each.count("(") > _MOST_COMMENTS else each for each in written])


def _first_address(value: str) -> tuple[str, str]:
    found = next(((name, address) for name, address in _addresses([value]) if "@" in address), ("", ""))
    return found[0], found[1].casefold()


def _id(value: str) -> str:
    found = _ID.search(value)
    return found[0] if found else ""


def _decoded(value: str) -> str:
    if "\n" in value:
        value = re.sub(r"\r?\n", "", value)
    try:
        coded = "=?" in value and not any(f"=?{name}" in value.casefold() for name in _NO_TEXT)
        return str(make_header(decode_header(value))) if coded else value
    except (ValueError, LookupError, MessageError):
        return value


def _instant(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


# --- parts -----------------------------------------------------------------------------------------


def _parts(parsed: Message) -> Iterator[Message]:
    """The parts of a message, nested ones too, but nothing of the message that a report returns."""
    yield parsed
    if parsed.get_content_type() in ("message/rfc822", "message/global"):
        return
    payload = _payload(parsed)
    if isinstance(payload, list) and parsed.get_content_maintype() == "multipart":
        for part in payload:
            if isinstance(part, Message):
                yield from _parts(part)


def _payload(part: Message) -> list[Any] | str:
    """The parts of a part, or its text. The library's own reading of a text fails where its charset is odd."""
    inner = part.get_payload() if part.is_multipart() else None
    return inner if isinstance(inner, list) else _content(part)


def _report_type(parsed: Message) -> str:
    if parsed.get_content_type() != "multipart/report":
        return ""
    return str(parsed.get_param("report-type") or "delivery-status").casefold()


def _text(parts: Sequence[Message]) -> str:
    plain = [_content(part) for part in parts if part.get_content_type() == "text/plain" and not _is_attached(part)]
    if any(each.strip() for each in plain):
        return "\n".join(plain)
    return "\n".join(text_of_html(_content(part)) for part in parts if part.get_content_type() == "text/html")


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment"


def _content(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    charset = part.get_content_charset() or "utf-8"
    if charset.replace("_", "-") in _NO_TEXT:
        charset = "utf-8"
    try:
        return payload[: 4 * LONGEST].decode(charset, "replace")
    except (LookupError, ValueError):
        return payload[: 4 * LONGEST].decode("utf-8", "replace")


def _blocks(part: Message) -> Iterator[dict[str, str]]:
    """The groups of fields of a `message/delivery-status` or disposition part."""
    payload = _payload(part)
    groups = payload if isinstance(payload, list) else []
    for group in groups:
        if isinstance(group, Message):
            yield {name.lower(): _decoded(str(value)) for name, value in group.items()}
    if not groups and isinstance(payload, str):
        for block in re.split(r"\r?\n\r?\n", payload):
            yield dict(_fields(block))


def _fields(block: str) -> Iterator[tuple[str, str]]:
    for line in re.sub(r"\r?\n[ \t]+", " ", block).splitlines():
        name, colon, value = line.partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


def _reports(parts: Sequence[Message]) -> Iterator[Returned]:
    """RFC 3464: one group of fields for each recipient."""
    for part in parts:
        if part.get_content_type() not in ("message/delivery-status", "message/global-delivery-status"):
            continue
        for block in _blocks(part):
            if "action" in block:
                named = [_recipient(block.get(key, "")) for key in ("original-recipient", "final-recipient")]
                yield Returned(
                    action=block["action"].split("(")[0].strip().casefold(),
                    status=block.get("status", "").split(" ")[0],
                    recipient=next(filter(None, named), ""),
                    diagnostic=" ".join(block.get("diagnostic-code", "").split())[:300],
                    recipients=tuple(dict.fromkeys(filter(None, named))),
                )


def _recipient(value: str) -> str:
    """`rfc822; <info@org.example>` without what is around the address."""
    return value.rpartition(";")[2].strip().strip("<>").casefold()


def _disposition(parts: Sequence[Message]) -> str:
    """RFC 8098: `automatic-action/MDN-sent-automatically; deleted`."""
    for part in parts:
        if part.get_content_type() == "message/disposition-notification":
            for block in _blocks(part):
                if "disposition" in block:
                    return block["disposition"].casefold()
    return ""


def _returned_headers(parts: Sequence[Message]) -> list[dict[str, str]]:
    """The headers of what was sent back: a whole message, its headers, or an id in the report itself."""
    found: list[dict[str, str]] = []
    for part in parts:
        kind = part.get_content_type()
        payload = _payload(part)
        if kind in ("message/rfc822", "message/global") and isinstance(payload, list) and payload:
            inner = payload[0]
            if isinstance(inner, Message):
                found.append({name: _decoded(value) for name, value in _raw(inner).items()})
        elif kind in ("text/rfc822-headers", "message/global-headers"):
            text = payload if isinstance(payload, str) else "\n".join(map(str, payload))
            found.append(dict(_fields(text)))
        elif kind == "message/feedback-report":
            found += [
                {"to": _recipient(block["original-rcpt-to"])} for block in _blocks(part) if "original-rcpt-to" in block
            ]
        elif kind in ("message/delivery-status", "message/disposition-notification"):
            found += [
                {"original-message-id": block[key]} for block in _blocks(part) for key in _ORIGINALS if key in block
            ]
    return found
