"""What the law asks of whoever writes: each rule with its source and the day on which somebody read it, and what holds.

No legal advice: docs/law.md says of each rule what it is about and what was not read. A rule that nobody read within
the last year says so and holds nothing. `checking.law` says what a campaign lacks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from outreach.model.campaign import Campaign, Legal
from outreach.model.contact import Contact, ContactKind
from outreach.model.recipient import Recipient
from outreach.model.records import dataclass
from outreach.planning.context import Context
from outreach.planning.sent import is_gone
from outreach.words.natural_persons import addresses_person
from outreach.words.retention import kept_until

READER = "a session of this project, in stored copies of the texts; no lawyer"
READ_ON = date(2026, 11, 30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A rule. `name` is its Problem's code; `checked_on` is when `checked_by` last read `source`, None: never."""

    name: str
    source: str
    checked_by: str | None = READER
    checked_on: date | None = READ_ON

    def is_checked(self, today: date) -> bool:
        """Whether somebody read it within the last year: only then it may hold anything."""
        return self.checked_on is not None and today <= kept_until(self.checked_on, "1y")

    def unchecked(self, today: date) -> str:
        """That nobody did, as the end of a hint; "" where somebody did."""
        if self.is_checked(today):
            return ""
        since = f"since {self.checked_on:%d %b %Y}".replace(" 0", " ") if self.checked_on else "by anybody"
        return f" (This rule was not checked {since}, so it blocks nothing: outreach help law)"


RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule(name="legal-basis", source="GDPR, Art. 6(1)(f) and 5(2)"),
        Rule(name="source-and-objection", source="GDPR, Art. 14 and 21(4)"),
        Rule(name="notice-overdue", source="GDPR, Art. 14(3)"),
        Rule(name="retention", source="GDPR, Art. 5(1)(e)"),
        Rule(name="consent-country", source="Directive 2002/58/EC, Art. 13, as each country made it its law"),
        Rule(name="register-number", source="Interinstitutional Agreement of 20 May 2021, Annex I"),
        Rule(name="lobby-register", source="LobbyRG § 2 (DE), décret 2017-867 (FR), Regulation of Lobbying Act (IE)"),
        Rule(name="political-advertising", source="Regulation (EU) 2024/900"),
    )
}


# -- institutions of the EU ------------------------------------------------------------------------

THREE = ("europarl.europa.eu", "consilium.europa.eu", "ec.europa.eu", "commission.europa.eu")
"""Where Parliament, Council and Commission have their addresses: the three that signed the agreement."""


def is_of_the_three(contact: Contact) -> bool:
    """Whether it is a part, or a member, of the European Parliament, the Council or the Commission.

    That is told by its addresses; an institution of the EU (`eu: true`) without one at `europa.eu` counts as one.
    """
    hosts = _hosts(contact)
    if any(_below(host, THREE) for host in hosts):
        return True
    return contact.eu and not any(_below(host, ("europa.eu",)) for host in hosts)


def needs_number(campaign: Campaign) -> bool:
    """Whether the EU's register can concern who writes: one person alone, for nobody else, it does not."""
    return campaign.legal is None or campaign.legal.sender != "individual-alone"


# -- registers of lobbyists ------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class LobbyLaw:
    """Up to `most` contacts with offices within `window` need no entry in the register `name`; `hosts` are offices'."""

    name: str
    most: int
    window: timedelta
    hosts: tuple[str, ...]
    spares_individuals: bool = False

    @property
    def asks(self) -> str:
        """From when on it asks for an entry."""
        if self.most:
            return f"above {self.most} the law asks for an entry in {self.name}"
        return f"the law asks for an entry in {self.name} within 21 days after the period of the first contact"

    @property
    def line(self) -> int:
        """From how many on it is said: four fifths."""
        return -(-self.most * 4 // 5)


LOBBY_LAWS: Mapping[str, LobbyLaw] = {
    "DE": LobbyLaw(
        name="the Lobbyregister of the Bundestag", most=30, window=timedelta(days=92),
        hosts=("bundestag.de", "bundesregierung.de", "bund.de", "bundeskanzleramt.de"),
    ),
    "FR": LobbyLaw(
        name="the répertoire of the HATVP", most=10, window=timedelta(days=366),
        hosts=("assemblee-nationale.fr", "senat.fr", "gouv.fr", "elysee.fr"),
    ),
    "IE": LobbyLaw(
        name="the Register of Lobbying", most=0, window=timedelta(days=123),
        hosts=("oireachtas.ie", "gov.ie"), spares_individuals=True,
    ),
}  # fmt: skip


_OFFICE = re.compile(
    "|".join(
        rf"(?P<{country}>(?:[@.]|://)(?:{'|'.join(map(re.escape, law.hosts))})(?:[:/]|$))"
        for country, law in LOBBY_LAWS.items()
    ),
    re.IGNORECASE,
)
"""The end of an address, or the host of a site, that is an office's."""
_HOSTS = tuple(host for law in LOBBY_LAWS.values() for host in law.hosts)


def office_of(contact: Contact) -> str | None:
    """The country (DE, FR, IE) of which it is a public office or a member of parliament; None if of none.

    Told by its addresses and its site, else by `kind: institution` with its `country`.
    """
    places = [*[channel.address for channel in contact.emails], contact.website or ""]
    small = "\n".join(places).lower()
    if not small.isascii() or True in [host in small for host in _HOSTS]:  # every plan asks of every contact
        for place in places:
            if (found := _OFFICE.search(place)) is not None:
                return found.lastgroup
    is_office = contact.kind is ContactKind.INSTITUTION and not contact.eu
    return contact.country if is_office and contact.country in LOBBY_LAWS else None


class Offices:
    """The public offices among the contacts, and how many contacts with them each country counts.

    Counted are letters to them in the window up to now, and those planned in it.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self.countries = {each.id: country for each in context.world.contacts if (country := office_of(each))}
        self.counted: Counter[str] = Counter()
        for ident, country in self.countries.items():
            since = context.now - LOBBY_LAWS[country].window
            letters = context.sent_letters.of_contact(ident).values()
            self.counted[country] += sum(is_gone(letter) and letter.at >= since for letter in letters)

    def count(self, chosen: Iterable[tuple[Contact, datetime]]) -> None:
        """Count the planned ones too: the contacts that a wave writes to, and when it begins (aware UTC)."""
        for contact, start in chosen:
            if (country := self.countries.get(contact.id)) is None:
                continue
            is_written = any(step == 0 for _, step in self._context.sent_letters.of_contact(contact.id))
            if not is_written and start <= self._context.now + LOBBY_LAWS[country].window:
                self.counted[country] += 1

    def above(self, contact: Contact) -> str | None:
        """Its country, where that counts more contacts than its law lets pass without an entry."""
        country = self.countries.get(contact.id)
        return country if country and self.counted[country] > LOBBY_LAWS[country].most else None


def lobby_entry(legal: Legal | None, country: str) -> str | None:
    """The number in a country's register, or why none is needed, as somebody wrote it down."""
    law = LOBBY_LAWS[country]
    if legal is not None and law.spares_individuals and (legal.sender or "").startswith("individual"):
        return f"exempt: {legal.sender}"
    return legal.lobby_registers.get(country) if legal is not None else None


# -- what holds ------------------------------------------------------------------------------------


def why_held(context: Context, letter: Recipient, offices: Offices) -> Iterator[str]:
    """Why the law holds a letter: its country asks for an entry, or it is political advertising to a person."""
    country = offices.above(letter.contact)
    has_entry = country is not None and lobby_entry(context.campaign.legal, country) is not None
    if country is not None and not has_entry and RULES["lobby-register"].is_checked(context.today):
        yield lobby_sentence(country, offices.counted[country])
    reason = political_hold(context.campaign, context.today)
    if reason is not None and addresses_person(letter.contact, letter.address):
        yield reason


def lobby_sentence(country: str, number: int) -> str:
    """How many contacts there are, and what opens the hold."""
    law = LOBBY_LAWS[country]
    months = round(law.window.days / 30.5)
    many = f"{number} contact{'' if number == 1 else 's'} with public offices in {country} within {months} months"
    return (
        f"{many}, planned ones included: {law.asks}; write the number, or `exempt:` and why, under "
        f"`legal: {{lobby_registers: {{{country}: ...}}}}`"
    )


def political_hold(campaign: Campaign, today: date) -> str | None:
    """Why posts and letters to named persons wait: they are political advertising, and the rest is not written down."""
    political = campaign.legal.political_advertising if campaign.legal else None
    if political is None or not political.is_open or not RULES["political-advertising"].is_checked(today):
        return None
    return (
        "this is political advertising, by your own assessment; write down how consent and transparency are met, as "
        "`consent` and `transparency` under `legal: {political_advertising: ...}`"
    )


def _hosts(contact: Contact) -> set[str]:
    """Where its addresses and its site are, in small letters."""
    mail = {channel.address.rpartition("@")[2].casefold() for channel in contact.emails}
    site = (contact.website or "").casefold().partition("://")[2].partition("/")[0].partition(":")[0]
    return mail | ({site} if site else set())


def _below(host: str, names: Collection[str]) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in names)
