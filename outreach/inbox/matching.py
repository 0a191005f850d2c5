"""Whose message it is: a ladder, from the surest rung to the last; the rung is kept as evidence.

1. the token of our unsubscribe address;
2. our Message-ID in In-Reply-To or References, or that of an earlier message of theirs;
3. in what a report returns (also under the names that servers give it when they write one of their own);
4. the address of a contact, with the subject of its letter, or words of it in the text;
5. the recipient that a report names, with the subject of its letter or without;
6. the domain of a contact, where it belongs to one organisation and to no provider of mailboxes;
7. the address of a contact, outside any thread;
8. of a mail server's notice, a subject that only one letter had.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Literal

from outreach.inbox.bounces import is_servers, says_undelivered
from outreach.inbox.known import Known, Sent
from outreach.inbox.quoting import without
from outreach.inbox.sorting import is_list_mail
from outreach.inbox.subjects import bare_subject, is_reply
from outreach.model.mail import Incoming, Matched
from outreach.words.mail_providers import FREE_MAIL
from outreach.words.phrases import folded

SOON = timedelta(days=7)
"""How long after a letter a report without our Message-ID counts as one about it."""
_TOKEN = re.compile(r"unsub(?:scribe)?-([0-9a-f]{16})")


def match(mail: Incoming, known: Known) -> Matched | None:
    """Whose message it is, or None below the last rung."""
    token = by_token(mail, known)
    if token is not None:
        return token
    by_id = _by_ids(mail.answers_to, known, "a reply in the thread") or _by_returned(mail, known)
    found = by_id or _by_thread(mail, known) or _by_report(mail, known)
    return found or _by_sender(mail, known) or _by_notice(mail, known)


def with_words(mail: Incoming, matched: Matched, known: Known, written: Sequence[str]) -> Matched:
    """The same, in the letter's thread where a contact's own words hold our letter: its subject, or a part of it.

    `written` are the texts of the letters to that contact. What was sent to a list stays outside.
    """
    letter = known.last_to(matched.contact)
    if matched.thread or letter is None or is_list_mail(mail) or mail.sender not in known.addresses:
        return matched
    if mail.at is not None and letter.at is not None and mail.at < letter.at:
        return matched
    subject, lines = bare_subject(letter.subject), [line.lstrip("> |\t") for line in mail.text.splitlines()]
    said = " ".join(folded(f"{mail.subject}\n{' '.join(lines)}").split())
    if (len(subject.split()) > 2 and subject in said) or without(lines, written) != lines:
        return _of(letter, "the contact's address and words of the letter", thread=True)
    return matched


def is_about_us(mail: Incoming, known: Known) -> bool:
    """Whether an unmatched message belongs into the holding pen: it names a letter, or answers an address of ours."""
    if known.is_ours(mail.sender):
        return False
    if known.about(mail.subject) or (mail.returned_subject and known.about(mail.returned_subject)):
        return True
    if _TOKEN.search(mail.subject) or any("+unsub-" in address for address in mail.recipients):
        return True
    if any(_is_plus_of(address, known) for address in mail.recipients):
        return True
    if any(id in known.by_id for id in (*mail.answers_to, *mail.returned_ids)) or next(known.named(mail), None):
        return True
    if known.began is None or (mail.at is not None and mail.at < known.began):
        return False
    to_us = bool(known.us.addresses & set(mail.recipients))
    if known.us.reply_to & set(mail.recipients):
        return True
    return to_us and bool(mail.answers_to or is_reply(mail.subject))


def may_concern(mail: Incoming, known: Known) -> bool:
    """Whether a message's headers are reason enough to read the whole of it."""
    if (
        mail.from_daemon
        or not mail.sender
        or known.is_ours(mail.sender)
        or match(mail, known) is not None
        or is_about_us(mail, known)
    ):
        return True
    name = folded(mail.sender_name)
    if mail.sender.startswith(("postmaster", "mailmaster", "bounce")) or "deliver" in name or "mail system" in name:
        return True
    return says_undelivered(mail.subject)


def by_token(mail: Incoming, known: Known) -> Matched | None:
    """The letter whose unsubscribe address this was sent to. Only those who have the letter know it."""
    for text in (*mail.recipients, mail.subject.casefold()):
        found = _TOKEN.search(text)
        if found and found[1] in known.by_token:
            letter = known.by_token[found[1]]
            return _of(letter, "the token of our unsubscribe address", thread=True, proof="sure")
    return None


def _is_plus_of(address: str, known: Known) -> bool:
    """Whether it is an address of ours with something behind a plus."""
    local, _, domain = address.rpartition("@")
    return "+" in local and f"{local.partition('+')[0]}@{domain}" in known.us.addresses


def _of(letter: Sent, rung: str, *, thread: bool = False, proof: Literal["", "sure", "unverified"] = "") -> Matched:
    return Matched(
        contact=letter.contact,
        wave=letter.wave,
        step=letter.step,
        letter=letter.message_id,
        at=letter.at,
        rung=rung,
        thread=thread,
        proof=proof,
    )


def _by_ids(ids: Iterable[str], known: Known, rung: str) -> Matched | None:
    found = [known.by_id[id] for id in ids if id in known.by_id]
    return _of(found[-1], rung, thread=True) if found else None


def _by_returned(mail: Incoming, known: Known) -> Matched | None:
    """A report with our Message-ID proves what it says, unless it says so of somebody else's address."""
    found = _by_ids(mail.returned_ids, known, "our Message-ID in what it returns")
    if found is None:
        return None
    letter = known.by_id[found.letter or ""]
    named = {each for report in mail.reports for each in report.recipients}
    fits = not named or not letter.address or letter.address in named
    return replace(found, proof="sure" if fits else "")


def _by_thread(mail: Incoming, known: Known) -> Matched | None:
    """An answer in the thread of an earlier one, whose program dropped our Message-ID."""
    contact = next((known.threads[id] for id in reversed(mail.answers_to) if id in known.threads), None)
    if contact is None or known.is_ours(mail.sender):
        return None
    letter = known.last_to(contact)
    rung = "an earlier message of theirs in its thread"
    return _of(letter, rung, thread=True) if letter else Matched(contact=contact, rung=rung, thread=True)


def _by_report(mail: Incoming, known: Known) -> Matched | None:
    """A server may have given our letter another Message-ID: then recipient and subject, soon after it left."""
    if not (is_servers(mail) or mail.report_type) or mail.sender in known.addresses:
        return None
    about = known.about(mail.returned_subject) if mail.returned_subject else known.about(mail.subject)
    for contact in known.named(mail):
        letters = [letter for letter in about if letter.contact == contact]
        if letters:
            soon = bool(mail.reports) and _is_soon(mail, letters[-1])
            rung = "recipient and subject of what it returns"
            return _of(letters[-1], rung, thread=True, proof="unverified" if soon else "")
        letter = known.last_to(contact)
        if letter is not None:
            return _of(letter, "the recipient that the report names")
    return None


def _is_soon(mail: Incoming, letter: Sent) -> bool:
    if mail.at is None or letter.at is None:
        return False
    return -timedelta(hours=1) <= mail.at - letter.at <= SOON


def _by_sender(mail: Incoming, known: Known) -> Matched | None:
    if not mail.sender or known.is_ours(mail.sender):
        return None
    about = known.about(mail.subject)
    contacts = known.addresses.get(mail.sender, ())
    for contact in contacts:
        letters = [letter for letter in about if letter.contact == contact]
        if letters:
            return _of(letters[-1], "the contact's address and the letter's subject", thread=True)
    domain = mail.sender.rpartition("@")[2]
    same = () if domain in FREE_MAIL else known.domains.get(domain, ())
    for contact in same:
        letters = [letter for letter in about if letter.contact == contact]
        if letters and not contacts:
            return _of(letters[-1], "the organisation's domain and the letter's subject", thread=True)
    for found, rung in ((contacts, "the contact's address"), (same, "the organisation's domain")):
        if len(found) == 1:
            letter = known.last_to(found[0])
            return _of(letter, rung) if letter else Matched(contact=found[0], rung=rung)
    return None


def _by_notice(mail: Incoming, known: Known) -> Matched | None:
    """A server's notice that returns nothing of ours but a subject, which only one letter had."""
    if not is_servers(mail):
        return None
    contacts = {letter.contact: letter for letter in known.about(mail.subject)}
    return (
        _of(next(iter(contacts.values())), "the letter's subject in a mail server's notice")
        if len(contacts) == 1
        else None
    )
