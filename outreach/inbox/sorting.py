"""What a message is. Asked in this order, the most certain sign first; whatever no rule takes is a human answer.

The order (docs/mailbox.md): reports (RFC 3464, RFC 8098, RFC 5965), bounces without a report, the headers of
automatic replies (RFC 3834 and older habits), subject words, and only then what somebody wrote. A human answer is
never taken for a machine's by its words alone unless its subject begins with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from outreach.inbox import phrases
from outreach.inbox.away import away_until
from outreach.model.mail import Incoming, MailKind, Sorted

_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_ANSWER = re.compile(r"^\s*(re|aw|sv|vs|antw|odp|r|ynt|fwd?|wg|tr|rv|i|doorst|vl)\s*(\[\d+\])?:", re.IGNORECASE)
_TICKET = re.compile(
    r"(\[[^\]]{0,40}#\s?\w*\d{3,}[^\]]{0,20}\]|\b(ticket|case|request|vorgang|anfrage)\W{0,3}(id|nr|no|number)?\W{0,3}\d{3,})",
    re.IGNORECASE,
)
_NOTHING_BUT_DAEMONS = frozenset(("mailer-daemon", "mailerdaemon", "mail-daemon", "maildaemon"))
_SHORT = 400
"""Characters up to which an answer with opt-out words is one; longer ones talk about more."""


def sort(mail: Incoming) -> Sorted:
    """What the message is, and by which rule."""
    for rule in (_by_report, _by_bounce, _by_headers, _by_subject):
        found = rule(mail)
        if found is not None:
            return found
    return _by_words(mail)


# --- reports ---------------------------------------------------------------------------------------


def _by_report(mail: Incoming) -> Sorted | None:
    if mail.report_type == "feedback-report":
        return Sorted(kind=MailKind.OPT_OUT, rule="a complaint (RFC 5965)")
    if mail.disposition:
        return _by_disposition(mail)
    if not mail.reports:
        return None
    actions = {report.action for report in mail.reports}
    if "failed" in actions:
        statuses = [report.status for report in mail.reports if report.action == "failed"]
        soft = all(status.startswith("4") or status in ("5.2.2", "5.2.3") for status in statuses)
        kind = MailKind.SOFT_BOUNCE if soft and any(statuses) else MailKind.HARD_BOUNCE
        return Sorted(kind=kind, rule="a report that says failed (RFC 3464)")
    if "delayed" in actions:
        return Sorted(kind=MailKind.DELAYED, rule="a report that says delayed (RFC 3464)")
    return Sorted(kind=MailKind.AUTOMATIC, rule="a report that says delivered (RFC 3464)")


def _by_disposition(mail: Incoming) -> Sorted:
    """A filter's refusal comes as a disposition "deleted"; "displayed" is a receipt for having been read."""
    if "deleted" in mail.disposition or "denied" in mail.disposition or "failed" in mail.disposition:
        return Sorted(kind=MailKind.HARD_BOUNCE, rule="a refusal by the recipient's filter (RFC 8098)")
    return Sorted(kind=MailKind.AUTOMATIC, rule="a receipt for having been read (RFC 8098)")


# --- bounces without a report ----------------------------------------------------------------------


def _by_bounce(mail: Incoming) -> Sorted | None:
    """Only from a daemon or without a sender to answer to: people quote bounces, too."""
    subject = mail.subject.casefold()
    if not _from_daemon(mail):
        return None
    said = mail.text[:6000].casefold()
    late = "delay" in subject or _begins(subject, phrases.DELAY_WORDS) or _any(said[:600], phrases.DELAY_WORDS)
    if late and not _begins(subject, phrases.BOUNCE_SUBJECTS):
        return Sorted(kind=MailKind.DELAYED, rule="a mail server's notice of a delay")
    if _any(subject, phrases.BOUNCE_SUBJECTS) or _any(said, phrases.BOUNCE_WORDS):
        soft = _any(said, phrases.SOFT_WORDS)
        kind = MailKind.SOFT_BOUNCE if soft else MailKind.HARD_BOUNCE
        return Sorted(kind=kind, rule="a mail server's notice without a report")
    if mail.sender.partition("@")[0] in _NOTHING_BUT_DAEMONS or not mail.sender:
        return Sorted(kind=MailKind.HARD_BOUNCE, rule="a mail daemon, which writes for no other reason")
    return None


def _from_daemon(mail: Incoming) -> bool:
    local = mail.sender.partition("@")[0]
    if not mail.sender:
        return True
    named = any(local.startswith(daemon) for daemon in phrases.DAEMONS) or _any(
        mail.sender_name.casefold(), ("mail delivery", "mailer-daemon", "mail system", "postmaster")
    )
    return named or (mail.headers.get("return-path", "").strip() == "<>" and not mail.headers.get("auto-submitted"))


# --- automatic replies -----------------------------------------------------------------------------


def _by_headers(mail: Incoming) -> Sorted | None:
    headers = mail.headers
    submitted = headers.get("auto-submitted", "no").split(";")[0].split("(")[0].strip().casefold()
    precedence = headers.get("precedence", "").strip().casefold()
    signs = (
        (submitted not in ("", "no"), "Auto-Submitted (RFC 3834)"),
        (
            any(name in headers for name in ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoreply-from")),
            "X-Autoreply",
        ),
        (precedence in ("auto_reply", "auto-reply"), "Precedence: auto_reply"),
        (precedence == "bulk" and "x-auto-response-suppress" in headers, "Precedence: bulk, X-Auto-Response-Suppress"),
        (headers.get("return-path", "").strip() == "<>", "no address to return to"),
    )
    rule = next((rule for holds, rule in signs if holds), None)
    return None if rule is None else _machine(mail, rule)


def _machine(mail: Incoming, rule: str) -> Sorted:
    subject, said = mail.subject.casefold(), mail.own_text[:3000].casefold()
    if _any(subject, phrases.CHALLENGES) or _any(said, phrases.CHALLENGES):
        return Sorted(kind=MailKind.CHALLENGE, rule=rule)
    if _begins(subject, phrases.TICKET_SUBJECTS) or _TICKET.search(mail.subject):
        return Sorted(kind=MailKind.TICKET, rule=rule)
    return Sorted(kind=MailKind.AUTOMATIC, rule=rule, away_until=away_until(mail.own_text, mail.at))


def _by_subject(mail: Incoming) -> Sorted | None:
    subject = mail.subject.casefold()
    if _ANSWER.match(mail.subject):
        return None
    if _begins(subject, phrases.AUTOMATIC_SUBJECTS):
        rule = "a subject that begins as an automatic reply does"
        return Sorted(kind=MailKind.AUTOMATIC, rule=rule, away_until=away_until(mail.own_text, mail.at))
    if _begins(subject, phrases.AWAY_SUBJECTS) and _any(mail.own_text[:600].casefold(), phrases.AWAY_TEXTS):
        rule = "a subject and a text that both say that somebody is away"
        return Sorted(kind=MailKind.AUTOMATIC, rule=rule, away_until=away_until(mail.own_text, mail.at))
    if _TICKET.search(mail.subject) and _begins(_without_tag(subject), phrases.TICKET_SUBJECTS):
        return Sorted(kind=MailKind.TICKET, rule="a subject that begins as a ticket system's does, with a number")
    if _any(subject, phrases.CHALLENGES):
        return Sorted(kind=MailKind.CHALLENGE, rule="a subject that asks to confirm")
    return None


def _without_tag(subject: str) -> str:
    return re.sub(r"^\s*\[[^\]]*\]\s*", "", subject)


# --- what somebody wrote ---------------------------------------------------------------------------


def _by_words(mail: Incoming) -> Sorted:
    own = mail.own_text.casefold()
    if _unsubscribes(mail):
        return Sorted(kind=MailKind.OPT_OUT, rule="a mail to the unsubscribe address")
    words = re.findall(r"\w+", own)
    if len(words) <= 3 and words and words[0] in phrases.OPT_OUT_WORDS:
        return Sorted(kind=MailKind.OPT_OUT, rule="an answer of one word")
    if len(own) <= _SHORT and _any(own, phrases.OPT_OUTS):
        return Sorted(kind=MailKind.OPT_OUT, rule="a short answer that asks for no more mail")
    proposed = _proposed(mail, own)
    if proposed is not None:
        return Sorted(kind=MailKind.WRONG_PERSON, rule="an answer that names another address", proposed=proposed)
    return Sorted(kind=MailKind.ANSWER, rule="no sign of a machine")


def _unsubscribes(mail: Incoming) -> bool:
    """The `mailto:` of our List-Unsubscribe: in the address, or in the subject where the plus was dropped."""
    return any("+unsub-" in address for address in mail.recipients) or mail.subject.casefold().startswith(
        "unsubscribe-"
    )


def _proposed(mail: Incoming, own: str) -> str | None:
    if not _any(own, phrases.INSTEAD):
        return None
    found = [address.casefold().rstrip(".") for address in _ADDRESS.findall(mail.own_text)]
    others = [address for address in found if address not in (mail.sender, *mail.recipients)]
    return others[0] if others else None


def _any(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)


def _begins(text: str, words: Iterable[str]) -> bool:
    stripped = text.lstrip(" [(<*-:!")
    return any(stripped.startswith(word) for word in words)
