"""The trust line, on top of every page: when the mailbox was read, who it sends from, and what Undo would undo."""

from __future__ import annotations

from outreach.model.campaign import Transport
from outreach.model.records import dataclass
from outreach.planning.touches import MAILBOX_AGE
from outreach.tasks.clock import now
from outreach.tasks.dashboard import Seen
from outreach.web.catalogue import Words
from outreach.web.jobs import Jobs
from outreach.web.saying import Times


@dataclass(frozen=True, kw_only=True, slots=True)
class Trust:
    """Two sentences; `is_bad` says that follow-ups are paused or that the last attempt failed, `why` what it was.

    `can_read` says that there is a mailbox to read, `note` what reading it found besides.
    """

    mailbox: str
    sender: str
    is_bad: bool = False
    why: str = ""
    hint: str = ""
    can_read: bool = False
    note: str = ""


def trust_of(seen: Seen, jobs: Jobs, words: Words, times: Times) -> Trust:
    """What the line says now. It stays red until the mailbox is read again."""
    mail, read = seen.world.campaign.accounts.mail, seen.world.past.mailbox_read
    sender = _sender(mail.transport, seen.world.campaign.sender.email, words)
    if mail.inbox is None:
        return Trust(mailbox=words("No mailbox is connected, so answers do not show up here."), sender=sender)
    attempt = jobs.last.get("read")
    trouble = attempt.trouble or (attempt.result and attempt.result.unread) if attempt and attempt.is_over else None
    broken = attempt.broken if attempt else ""
    is_old = read is not None and now() - read > MAILBOX_AGE
    waits = words("Follow-ups are paused until it is read.")
    if trouble or broken or is_old:
        since = times.short(read) if read else ""
        said = words("Mailbox not read since {when}.", when=since) if read else words("The mailbox could not be read.")
        return Trust(
            mailbox=f"{said} {waits}", sender=sender, is_bad=True, can_read=True,
            why=str(trouble) if trouble else broken, hint=trouble.hint if trouble else "",
        )  # fmt: skip
    if read is None:
        has_sent = any(contact.letters for contact in seen.world.past.contacts.values())
        said = words("The mailbox was never read.")
        return Trust(mailbox=f"{said} {waits}" if has_sent else said, sender=sender, is_bad=has_sent, can_read=True)
    note = next(iter(attempt.result.adopted.troubles), "") if attempt and attempt.is_over and attempt.result else ""
    said = words("Mailbox read {ago}", ago=times.ago(read))
    return Trust(mailbox=said, sender=sender, can_read=True, note=note)


def _sender(transport: Transport, email: str, words: Words) -> str:
    if transport is Transport.SMTP:
        return words("Sending from {email}", email=email)
    if transport is Transport.IMAP_DRAFTS:
        return words("Emails go into the drafts of {email}", email=email)
    return words("Emails are saved on this computer, not sent")
