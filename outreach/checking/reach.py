"""Whether contacts can be reached, and whether two of them share a mailbox or a house."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from outreach.checking.material import Checked
from outreach.model.contact import Channel, Contact
from outreach.model.problem import Problem
from outreach.words.mail_providers import FREE_MAIL, SHARED_HOSTS

_OF_MANY = FREE_MAIL | SHARED_HOSTS

Holders = dict[str, list[tuple[Contact, Channel]]]
"""Who has an address, or an address at a domain: each contact once, with the first channel of it."""
NAMED = 3
"""So many contacts are named where one domain or address is that of many."""


def reach_problems(checked: Checked) -> Iterator[Problem]:
    """Contacts without a channel; addresses and domains that occur twice, each told once."""
    addresses: Holders = defaultdict(list)
    domains: Holders = defaultdict(list)
    for contact in checked.contacts:
        if f"contact:{contact.id}" not in checked.blocked:
            yield from _unreachable(contact)
        for channel in contact.emails:
            _hold(addresses[channel.identity], contact, channel)
            domain = channel.address.rpartition("@")[2].casefold()
            if addresses[channel.identity][0][0] is contact and domain not in _OF_MANY:
                _hold(domains[domain], contact, channel)
    for holders in addresses.values():
        yield from _same_address(holders)
    for domain, holders in domains.items():
        yield from _same_domain(domain, holders)


def _hold(holders: list[tuple[Contact, Channel]], contact: Contact, channel: Channel) -> None:
    if not holders or holders[-1][0] is not contact:
        holders.append((contact, channel))


def _unreachable(contact: Contact) -> Iterator[Problem]:
    left_alone = contact.missing is not None or contact.via or contact.do_not_contact is not None
    if left_alone:
        return
    place = {"file": contact.file, "line": contact.line, "about": f"contact:{contact.id}"}
    if not contact.channels:
        yield Problem(
            code="unreachable",
            message=f"`{contact.name}` has no email address, form or account.",
            hint="Add `channels: [{email: name@example.org}]`, or `missing: WHAT`, or `via: ANOTHER-CONTACT`.",
            **place,  # type: ignore[arg-type]
        )


def _same_address(holders: list[tuple[Contact, Channel]]) -> Iterator[Problem]:
    if len(holders) < 2:
        return
    (first, _), (second, channel), *others = holders
    if others:
        message = f"{_many(holders)} have the address {channel.address}."
    else:
        message = (
            f"`{second.name}` has the address {channel.address}, which `{first.name}` has too "
            f"({first.file}, line {first.line})."
        )
    hint = "Only one letter goes to an address. Make them one contact, or reach one `via` the other."
    yield _at(second, channel, "duplicate-address", message, hint)


def _same_domain(domain: str, holders: list[tuple[Contact, Channel]]) -> Iterator[Problem]:
    if len(holders) < 2:
        return
    (first, _), (second, channel), *others = holders
    hint = "If they are one organisation, make them one contact: it gets one letter."
    if others:
        message = f"{_many(holders)} have addresses at {domain}."
        hint = "If some of them are one organisation, make these one contact: it gets one letter."
    else:
        message = (
            f"`{second.name}` and `{first.name}` ({first.file}, line {first.line}) both have addresses at {domain}."
        )
    yield _at(second, channel, "duplicate-domain", message, hint)


def _many(holders: list[tuple[Contact, Channel]]) -> str:
    """`40 contacts (Member 0, Member 1, Member 2 and 37 more)`."""
    names = ", ".join(f"`{contact.name}`" for contact, _ in holders[:NAMED])
    more = f" and {len(holders) - NAMED} more" if len(holders) > NAMED else ""
    return f"{len(holders)} contacts ({names}{more})"


def _at(contact: Contact, channel: Channel, code: str, message: str, hint: str) -> Problem:
    about = f"contact:{contact.id}"
    return Problem(file=contact.file, line=channel.line, code=code, message=message, hint=hint, about=about)
