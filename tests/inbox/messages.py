"""Messages as mail programs and servers write them, for letters of ours."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

DAY = datetime(2026, 1, 20, 9, 0, tzinfo=UTC)
US = "Alex Example <alex@sender.example>"


def message(
    sender: str,
    text: str,
    *,
    subject: str = "Re: Hello Contact 0",
    answers: str | None = None,
    to: str = US,
    id: str | None = None,
    at: datetime = DAY,
    html: str | None = None,
    **headers: str,
) -> bytes:
    """A message to us; `headers` have their names with underscores."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Date"] = format_datetime(at)
    made["Message-ID"] = id or f"<{abs(hash((sender, subject, text[:200], at)))}@elsewhere.example>"
    if answers:
        made["In-Reply-To"] = made["References"] = answers
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    return made.as_bytes()


def bounce(
    recipient: str,
    *,
    returned: str | None = None,
    status: str = "5.1.1",
    action: str = "failed",
    subject: str = "Undelivered Mail Returned to Sender",
    original_subject: str = "Hello Contact 0",
    sender: str = "Mail Delivery System <MAILER-DAEMON@mx.example>",
    whole: bool = True,
    id_header: str = "Message-ID",
    at: datetime = DAY,
) -> bytes:
    """A report as RFC 3464 has it, returning the letter or its headers."""
    head = f"From: {US}\nTo: {recipient}\nSubject: {original_subject}\n"
    head += f"{id_header}: {returned}\n" if returned else ""
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    body = f"{head}\nDear ...\n" if whole else head
    return f"""\
Return-Path: <>
From: {sender}
To: alex@sender.example
Subject: {subject}
Date: {format_datetime(at)}
Message-ID: <{abs(hash((recipient, status, action, returned, at)))}@mx.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=utf-8

This is the mail system. Your message could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user

--b1
Content-Type: {kind}

{body}
--b1--
""".encode()
