"""Whose message it is: a ladder, from the surest rung to the last; the rung is kept as evidence.

1. our Message-ID in In-Reply-To or References, or that of an earlier message of theirs;
2. in what a report returns (also under the names that servers give it when they write one of their own);
3. the plus-address or token of our unsubscribe header;
4. the address of a contact, with the subject of its letter;
5. the recipient that a report names, with the subject of its letter or without;
6. the domain of a contact, where it belongs to one organisation and to no provider of mailboxes;
7. the address of a contact, outside any thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from outreach.model.contact import ChannelKind, Contact
from outreach.model.mail import Incoming, Matched
from outreach.model.past import ContactPast
from outreach.model.unsubscribe import unsubscribe_token
from outreach.words.mail_providers import FREE_MAIL

_REPLY = re.compile(r"^\s*((re|aw|sv|vs|antw|odp|r|ynt|fwd?|wg|tr|rv|i)\s*(\[\d+\])?:\s*)+", re.IGNORECASE)
_TOKEN = re.compile(r"unsub(?:scribe)?-([0-9a-f]{16})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """A letter that left, or may have: whose, and what it was called."""

    contact: str
    wave: str
    step: int
    message_id: str
    subject: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """All that a message is compared with: our letters, everybody's addresses, and our own.

    `threads` and `writers` grow while mail is read: the contact of each message that was matched, and of
    whoever wrote it.
    """

    by_id: Mapping[str, Sent] = field(default_factory=dict)
    by_token: Mapping[str, Sent] = field(default_factory=dict)
    by_subject: Mapping[str, tuple[Sent, ...]] = field(default_factory=dict)
    last_to: Mapping[str, Sent] = field(default_factory=dict)
    addresses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    domains: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ours: frozenset[str] = frozenset()
    threads: dict[str, str] = field(default_factory=dict)
    writers: dict[str, str] = field(default_factory=dict)

    def learn(self, mail: Incoming, contact: str) -> None:
        """Remember whose message this was, for those that answer it."""
        self.threads[mail.message_id] = contact
        self.writers[mail.sender] = contact


def known(contacts: Iterable[Contact], pasts: Mapping[str, ContactPast], ours: Iterable[str]) -> Known:
    """What there is to compare with. `ours` are our own addresses."""
    contacts = list(contacts)
    letters = [
        Sent(
            contact=name,
            wave=letter.wave,
            step=letter.step,
            message_id=letter.message_id or "",
            subject=letter.said or "",
        )
        for name, past in pasts.items()
        for letter in past.letters
        if letter.wave
    ]
    by_subject: dict[str, list[Sent]] = {}
    for letter in letters:
        if letter.subject:
            by_subject.setdefault(bare_subject(letter.subject), []).append(letter)
    return Known(
        by_id={letter.message_id: letter for letter in letters if letter.message_id},
        by_token={unsubscribe_token(letter.message_id): letter for letter in letters if letter.message_id},
        by_subject={subject: tuple(found) for subject, found in by_subject.items()},
        last_to={letter.contact: letter for letter in letters},
        addresses=_addresses(contacts, pasts),
        domains=_domains(contacts),
        ours=frozenset(address.casefold() for address in ours),
    )


def bare_subject(subject: str) -> str:
    """A subject without its `Re:`s, casefolded, with single spaces."""
    return " ".join(_REPLY.sub("", subject).casefold().split())


def match(mail: Incoming, known: Known) -> Matched | None:
    """Whose message it is, or None below the last rung."""
    by_id = _by_ids(mail.answers_to, known, "our Message-ID in its thread") or _by_ids(
        mail.returned_ids, known, "our Message-ID in what it returns"
    )
    return (
        by_id or _by_thread(mail, known) or _by_token(mail, known) or _by_report(mail, known) or _by_sender(mail, known)
    )


def is_about_us(mail: Incoming, known: Known) -> bool:
    """Whether an unmatched message belongs into the holding pen: it quotes a letter of ours, or answers our address."""
    if bare_subject(mail.subject) in known.by_subject or bare_subject(mail.returned_subject) in known.by_subject:
        return True
    if any("+unsub-" in address for address in mail.recipients) or _TOKEN.search(mail.subject):
        return True
    to_us = bool(known.ours & set(mail.recipients))
    return to_us and mail.sender not in known.ours and bool(mail.answers_to or _REPLY.match(mail.subject))


def may_concern(mail: Incoming, known: Known) -> bool:
    """Whether a message's headers are reason enough to read the whole of it."""
    if match(mail, known) is not None or is_about_us(mail, known) or mail.sender in known.ours:
        return True
    daemon = (
        mail.sender.startswith(("mailer-daemon", "postmaster", "mdaemon")) or "delivery" in mail.sender_name.casefold()
    )
    return daemon or mail.headers.get("content-type", "").casefold().startswith("multipart/report")


def _of(letter: Sent, rung: str) -> Matched:
    return Matched(contact=letter.contact, wave=letter.wave, step=letter.step, letter=letter.message_id, rung=rung)


def _by_ids(ids: Iterable[str], known: Known, rung: str) -> Matched | None:
    found = [known.by_id[id] for id in ids if id in known.by_id]
    return _of(found[-1], rung) if found else None


def _by_thread(mail: Incoming, known: Known) -> Matched | None:
    """An answer in the thread of an earlier one, whose program dropped our Message-ID."""
    contact = next((known.threads[id] for id in reversed(mail.answers_to) if id in known.threads), None)
    if contact is None or mail.sender in known.ours:
        return None
    letter = known.last_to.get(contact)
    rung = "an earlier message of theirs in its thread"
    return _of(letter, rung) if letter else Matched(contact=contact, rung=rung)


def _by_token(mail: Incoming, known: Known) -> Matched | None:
    for text in (*mail.recipients, mail.subject):
        found = _TOKEN.search(text)
        if found and found[1] in known.by_token:
            return _of(known.by_token[found[1]], "the token of our unsubscribe address")
    return None


def _by_report(mail: Incoming, known: Known) -> Matched | None:
    """A server may have given our letter another Message-ID: then recipient and subject."""
    named = [report.recipient for report in mail.reports] + list(mail.returned_to)
    subject = bare_subject(mail.returned_subject)
    for address in named:
        for contact in known.addresses.get(address, ()):
            letters = [letter for letter in known.by_subject.get(subject, ()) if letter.contact == contact]
            if letters:
                return _of(letters[-1], "recipient and subject of what it returns")
            if contact in known.last_to and (mail.reports or mail.returned_to):
                return _of(known.last_to[contact], "the recipient that the report names")
    return None


def _by_sender(mail: Incoming, known: Known) -> Matched | None:
    if mail.sender in known.ours or not mail.sender:
        return None
    subject = bare_subject(mail.subject)
    about = known.by_subject.get(subject, ())
    contacts = known.addresses.get(mail.sender, ())
    for contact in contacts:
        letters = [letter for letter in about if letter.contact == contact]
        if letters:
            return _of(letters[-1], "the contact's address and the letter's subject")
    domain = mail.sender.rpartition("@")[2]
    same = () if domain in FREE_MAIL else known.domains.get(domain, ())
    for contact in same:
        letters = [letter for letter in about if letter.contact == contact]
        if letters and not contacts:
            return _of(letters[-1], "the organisation's domain and the letter's subject")
    for found, rung in ((contacts, "the contact's address"), (same, "the organisation's domain")):
        if len(found) == 1:
            letter = known.last_to.get(found[0])
            return _of(letter, rung) if letter else Matched(contact=found[0], rung=rung)
    return None


def _addresses(contacts: Iterable[Contact], pasts: Mapping[str, ContactPast]) -> dict[str, tuple[str, ...]]:
    """Whose each address is: channels, people, and where letters really went."""
    found: dict[str, dict[str, None]] = {}
    for contact in contacts:
        written = [letter.address for letter in pasts[contact.id].letters] if contact.id in pasts else []
        mails = [
            *(channel.address for channel in contact.emails),
            *(person.email for person in contact.people),
            *written,
        ]
        for address in mails:
            if address:
                found.setdefault(address.casefold(), {})[contact.id] = None
    return {address: tuple(ids) for address, ids in found.items()}


def _domains(contacts: Iterable[Contact]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for contact in contacts:
        hosts = {
            channel.address.rpartition("@")[2].casefold()
            for channel in contact.channels
            if channel.kind is ChannelKind.EMAIL
        }
        hosts |= {person.email.rpartition("@")[2].casefold() for person in contact.people if person.email}
        site = re.sub(r"^https?://(www\.)?", "", (contact.website or "").casefold()).split("/")[0]
        for host in {*hosts, site} - {"", *FREE_MAIL}:
            found.setdefault(host, {})[contact.id] = None
    return {host: tuple(ids) for host, ids in found.items()}
