"""What a mail server says became of a letter: refused for good, refused for now, late, or delivered after all.

Sources: RFC 3464 (reports), RFC 3463 (status codes), RFC 8098 (dispositions). Where a server writes no report, its
words count, and only where a server wrote them: people quote bounces, too.
"""

from __future__ import annotations

import re
from functools import lru_cache

from outreach.inbox.subjects import is_reply
from outreach.model.mail import Incoming, MailKind, Returned, Sorted
from outreach.words.phrases import finder, folded

LOOKED_AT = 6000
"""Characters of a server's text that are read: below it stands the letter that it returns."""
_CODE = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<!\d)5[0-7]\d(?=[ -])")
_CAUSES = {"5.2.2": "quota", "4.2.2": "quota", "5.2.3": "size", "5.3.4": "size", "4.3.4": "size", "5.2.12": "quota"}
_SERVERS = ("postmaster", "bounce", "noreply", "no-reply", "mailmaster", "mail-system", "mailsystem", "administrator",
            "admin", "smtp", "system", "dispatcher", "webmaster")  # fmt: skip
_NAMED = ("mail delivery", "mailer-daemon", "mailer daemon", "mail system", "postmaster", "delivery subsystem",
          "delivery system", "mail administrator", "system administrator")  # fmt: skip
_GOOD = ("delivered", "relayed", "expanded")


def by_report(mail: Incoming) -> Sorted | None:
    """A report (RFC 3464), a disposition (RFC 8098) or a complaint (RFC 5965); None for anything else."""
    if mail.report_type == "feedback-report":
        return Sorted(kind=MailKind.OPT_OUT, rule="a complaint (RFC 5965)")
    if mail.disposition:
        return _by_disposition(mail)
    if not mail.reports or not (mail.from_daemon or mail.report_type):
        return None
    failed = [report for report in mail.reports if _has_failed(report)]
    if failed:
        causes = {_cause(report.status, report.diagnostic) for report in failed}
        cause = causes.pop() if len(causes) == 1 else ""
        kind = MailKind.SOFT_BOUNCE if cause else MailKind.HARD_BOUNCE
        return Sorted(kind=kind, rule="a report that says failed (RFC 3464)", cause=cause)
    if any(report.action == "delayed" or report.status.startswith("4") for report in mail.reports):
        return Sorted(kind=MailKind.DELAYED, rule="a report that says delayed (RFC 3464)")
    return Sorted(kind=MailKind.AUTOMATIC, rule="a report that says delivered (RFC 3464)")


def _has_failed(report: Returned) -> bool:
    """Some servers write `error` or `failure` as the action: then the status says it."""
    if report.action in ("failed", "failure"):
        return True
    return report.action not in (*_GOOD, "delayed") and report.status.startswith("5")


def _cause(status: str, text: str) -> str:
    """Why a letter came back from an address that may be good; "" where the address is bad."""
    codes = [status, *_CODE.findall(text)]
    if any(code in _CAUSES for code in codes):
        return next(_CAUSES[code] for code in codes if code in _CAUSES)
    if any(code.startswith("5.1.") for code in codes):
        return ""
    words = folded(text)
    if any(code.startswith("5.7.") for code in codes) or finder("mail", "policy").search(words):
        return "policy"
    if finder("mail", "quota").search(words):
        return "quota"
    if finder("mail", "too_large").search(words):
        return "size"
    return "temporary" if status.startswith("4") else ""


def _by_disposition(mail: Incoming) -> Sorted:
    """A filter's refusal says "deleted" where nobody displayed it (RFC 5429); a person who deletes says so by hand."""
    manual = "manual-action" in mail.disposition or "mdn-sent-manually" in mail.disposition
    unread = finder("mail", "receipt_subjects").match(folded(mail.subject).lstrip())
    if any(word in mail.disposition for word in ("denied", "failed")) or (
        "deleted" in mail.disposition and not manual and not unread
    ):
        return Sorted(kind=MailKind.HARD_BOUNCE, rule="a refusal by the recipient's filter (RFC 8098)")
    return Sorted(kind=MailKind.AUTOMATIC, rule="a receipt for having been read (RFC 8098)")


def by_notice(mail: Incoming) -> Sorted | None:
    """A server's notice without a report: delayed, refused for now, refused for good."""
    subject, said = folded(mail.subject), folded(mail.text[:LOOKED_AT])
    refuses = finder("mail", "bounce_subjects").search(subject)
    if not is_servers(mail) or _is_responders(mail, refuses is not None):
        return None
    late = finder("mail", "delay").search(subject) or finder("mail", "delay").search(said[:1200])
    gave_up = finder("mail", "gave_up").search(said[:1500])
    if late and not gave_up:
        return Sorted(kind=MailKind.DELAYED, rule="a mail server's notice of a delay")
    words = finder("mail", "bounce").search(said)
    code = _CODE.search(said) or _REPLY.search(said)
    cause = _cause("", said[:3000])
    if refuses or words or code or cause:
        if _names_nobody(said):
            cause = ""
        kind = MailKind.SOFT_BOUNCE if cause else MailKind.HARD_BOUNCE
        return Sorted(kind=kind, rule="a mail server's notice without a report", cause=cause)
    if mail.sender.startswith(("mailer-daemon", "mailerdaemon", "mail-daemon", "maildaemon")):
        return Sorted(kind=MailKind.HARD_BOUNCE, rule="a mail daemon, which writes for no other reason")
    return None


def _names_nobody(said: str) -> bool:
    """Whether a notice that speaks of a policy says that the address itself is bad."""
    return re.search(r"user unknown|unknown user|no such user|not exist", said) is not None


@lru_cache(maxsize=4096)
def says_undelivered(subject: str) -> bool:
    """Whether a subject is one under which servers say that something was not delivered, or not yet."""
    return finder("mail", "bounce_subjects", "delay").search(folded(subject)) is not None


def _is_responders(mail: Incoming, refuses: bool) -> bool:
    """Whether an automatic reply only has no address to return to, and says nothing of a delivery."""
    if not mail.headers.get("auto-submitted", "").casefold().startswith("auto-replied"):
        return False
    speaks = refuses or "x-failed-recipients" in mail.headers or "bounces" in mail.sender
    speaks = speaks or mail.sender.startswith("mailer-daemon")
    return not speaks and finder("mail", "bounce").search(folded(mail.text[:600])) is None


def is_servers(mail: Incoming) -> bool:
    """Whether a mail server seems to have written it, by more than its headers: a person may write as postmaster@.

    A server refuses, or is late, in its subject; whoever answers `Re:`, or in a thread, is a person.
    """
    if mail.from_daemon:
        return True
    name, local = folded(mail.sender_name), mail.sender.partition("@")[0].strip('"')
    if mail.answers_to or not says_undelivered(mail.subject) or is_reply(mail.subject):
        return False
    if local.startswith(_SERVERS) or any(word in name for word in _NAMED) or not mail.sender:
        return True
    said = folded(mail.text[:LOOKED_AT])
    return finder("mail", "bounce").search(said) is not None or _REPLY.search(said) is not None
