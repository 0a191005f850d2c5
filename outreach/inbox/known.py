"""All that a message is compared with: our letters, everybody's addresses, and who we are."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field
from datetime import datetime

from outreach.history.address_marks import unsealed
from outreach.inbox.bounces import is_servers
from outreach.inbox.subjects import bare_subject, possible_subjects
from outreach.model.contact import ChannelKind, Contact
from outreach.model.mail import Incoming
from outreach.model.past import ContactPast
from outreach.model.records import dataclass
from outreach.model.unsubscribe import unsubscribe_token
from outreach.words.mail_providers import FREE_MAIL, SHARED_HOSTS
from outreach.words.phrases import folded

_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """A letter that left, or may have: whose, what it was called, where it went; `at` is an aware UTC instant."""

    contact: str
    wave: str
    step: int
    message_id: str
    subject: str = ""
    address: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ours:
    """Who we are: addresses and domains from which our people write, and addresses at which only we are written to.

    `names` are the words of our names, `folded`, by which people greet us.
    """

    addresses: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    reply_to: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What there is to compare with.

    `starts` is the earliest start of a wave (aware UTC), None if none is named, `began` when the first letter left.
    `threads` and `writers` grow while mail is read: the contact of each message that was matched, and of its writer.
    """

    by_id: Mapping[str, Sent] = field(default_factory=dict)
    by_token: Mapping[str, Sent] = field(default_factory=dict)
    by_subject: Mapping[str, tuple[Sent, ...]] = field(default_factory=dict)
    letters: Mapping[str, tuple[Sent, ...]] = field(default_factory=dict)
    addresses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    domains: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    us: Ours = field(default_factory=Ours)
    starts: datetime | None = None
    began: datetime | None = None
    threads: dict[str, str] = field(default_factory=dict)
    writers: dict[str, str] = field(default_factory=dict)

    def learn(self, mail: Incoming, contact: str) -> None:
        """Remember whose message this was, for those that answer it."""
        self.threads[mail.message_id] = contact
        self.writers[mail.sender] = contact

    def is_ours(self, address: str) -> bool:
        """Whether one of us writes from that address. A contact's own address is theirs, whatever its domain."""
        if address in self.us.addresses:
            return True
        return address.rpartition("@")[2] in self.us.domains and address not in self.addresses

    def last_to(self, contact: str) -> Sent | None:
        """The latest letter to a contact."""
        letters = self.letters.get(contact, ())
        return letters[-1] if letters else None

    def since(self, contact: str) -> datetime | None:
        """From when on a contact's mail outside any thread may answer us; None: not at all."""
        first = min((each.at for each in self.letters.get(contact, ()) if each.at is not None), default=None)
        return first or self.starts

    def about(self, subject: str) -> tuple[Sent, ...]:
        """The letters of which this may be the subject, also behind unknown prefixes."""
        found = (self.by_subject.get(each, ()) for each in possible_subjects(subject))
        return next(filter(None, found), ())

    def named(self, mail: Incoming) -> Iterator[str]:
        """The contacts that a server's notice names: in its report, its headers, what it returns, its text."""
        written = [*(each for report in mail.reports for each in (*report.recipients, report.recipient))]
        written += _ADDRESS.findall(mail.headers.get("x-failed-recipients", "").casefold())
        written += mail.returned_to
        written += [each.casefold() for each in _ADDRESS.findall(mail.text[:20_000])] if is_servers(mail) else []
        seen = dict.fromkeys(contact for each in written for contact in self.addresses.get(each.rstrip("."), ()))
        yield from seen


def known(
    contacts: Iterable[Contact],
    pasts: Mapping[str, ContactPast],
    us: Ours,
    starts: datetime | None = None,
    keys: Collection[bytes] = (),
) -> Known:
    """What there is to compare with, out of the files and the past.

    `keys` are the campaign's, for the Message-IDs of letters to people who were erased: a late bounce still finds one.
    """
    contacts = list(contacts)
    letters = {
        name: tuple(
            Sent(
                contact=name,
                wave=letter.wave,
                step=letter.step,
                message_id=letter.message_id or "",
                subject=letter.said or "",
                address=(letter.address or "").casefold(),
                at=letter.at,
            )
            for letter in past.letters
            if letter.wave
        )
        for name, past in pasts.items()
    }
    everything = [letter for each in letters.values() for letter in each]
    by_subject: dict[str, list[Sent]] = {}
    for letter in everything:
        if letter.subject:
            by_subject.setdefault(bare_subject(letter.subject), []).append(letter)
    named = [(unsealed(letter.message_id, keys), letter) for letter in everything if letter.message_id]
    return Known(
        by_id={id: letter for plain, letter in named for id in (plain, letter.message_id)},
        by_token={unsubscribe_token(plain): letter for plain, letter in named},
        by_subject={subject: tuple(found) for subject, found in by_subject.items()},
        letters=letters,
        addresses=_addresses(contacts, pasts),
        domains=_domains(contacts),
        us=us,
        starts=starts,
        began=min((each.at for each in everything if each.at is not None), default=starts),
    )


def who_we_are(
    named: Iterable[str], team: Iterable[str], reply_to: Iterable[str | None], names: Iterable[str] = ()
) -> Ours:
    """Who we are, by the addresses of the campaign and its `team` (addresses, and domains such as `@ours.example`).

    The domain of an address that the campaign sends from is ours too, unless everybody may have an address there.
    """
    named = [each.casefold() for each in named]
    team = [each.casefold() for each in team]
    domains = {each.rpartition("@")[2] for each in named} - FREE_MAIL - SHARED_HOSTS
    sender = next(iter(named), "")
    return Ours(
        addresses=frozenset((*named, *(each for each in team if not each.startswith("@")))),
        domains=frozenset((*domains, *(each[1:] for each in team if each.startswith("@")))),
        reply_to=frozenset({each.casefold() for each in reply_to if each} - {sender}),
        names=frozenset(word for each in names for word in re.findall(r"\w{3,}", folded(each))),
    )


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
