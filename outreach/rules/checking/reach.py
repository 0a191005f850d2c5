"""Whether contacts can be reached, and whether two of them share a mailbox or a house."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.model.contact import Contact, Stage
from outreach.model.problem import Problem
from outreach.rules.checking.material import Checked

FREE_MAIL = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.fr yahoo.de "
    "icloud.com me.com mac.com aol.com proton.me protonmail.com pm.me tutanota.com tuta.io gmx.de gmx.net "
    "gmx.at gmx.ch gmx.com web.de t-online.de freenet.de posteo.de posteo.net mailbox.org riseup.net "
    "disroot.org mail.ru yandex.ru orange.fr wanadoo.fr free.fr laposte.net sapo.pt libero.it virgilio.it "
    "wp.pl onet.pl o2.pl seznam.cz zoho.com fastmail.com hey.com online.no bluewin.ch telenet.be "
    "skynet.be ziggo.nl".split()
)
"""Providers whose domain says nothing about who somebody belongs to."""


def reach_problems(checked: Checked) -> Iterator[Problem]:
    """Contacts without a channel; addresses and domains that occur twice."""
    addresses: dict[str, Contact] = {}
    domains: dict[str, Contact] = {}
    for contact in checked.contacts:
        if f"contact:{contact.id}" not in checked.blocked:
            yield from _unreachable(contact)
        yield from _shared(contact, addresses, domains)


def _unreachable(contact: Contact) -> Iterator[Problem]:
    left_alone = contact.stage is Stage.RESEARCH or contact.via or contact.do_not_contact is not None
    if left_alone:
        return
    place = {"file": contact.file, "line": contact.line, "about": f"contact:{contact.id}"}
    if not contact.channels:
        yield Problem(
            code="unreachable",
            message=f"`{contact.name}` has no channel it can be reached through.",
            hint="Give it `channels: [{email: ...}]`, say `stage: research`, or reach it `via` another contact.",
            **place,  # type: ignore[arg-type]
        )


def _shared(contact: Contact, addresses: dict[str, Contact], domains: dict[str, Contact]) -> Iterator[Problem]:
    told: set[str] = set()
    for channel in contact.emails:
        place = {"file": contact.file, "line": channel.line, "about": f"contact:{contact.id}"}
        first = addresses.setdefault(channel.identity, contact)
        domain = channel.address.rpartition("@")[2].casefold()
        if first is not contact:
            yield Problem(
                code="duplicate-address",
                message=f"`{contact.name}` has the address {channel.address}, which `{first.name}` has too "
                f"({first.file}, line {first.line}).",
                hint="Only one letter goes to an address. Make them one contact, or reach one `via` the other.",
                **place,  # type: ignore[arg-type]
            )
        elif domain not in FREE_MAIL:
            house = domains.setdefault(domain, contact)
            if house is not contact and domain not in told:
                yield Problem(
                    code="duplicate-domain",
                    message=f"`{contact.name}` and `{house.name}` ({house.file}, line {house.line}) "
                    f"both have addresses at {domain}.",
                    hint="If they are one organisation, make them one contact: it gets one letter.",
                    **place,  # type: ignore[arg-type]
                )
        told.add(domain)
