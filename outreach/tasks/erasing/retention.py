"""Who is kept for longer than `legal.keep_for` after the last contact, and erasing them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from outreach.model.contact import Contact, ContactKind
from outreach.model.erasure import Erasure
from outreach.model.past import ContactPast
from outreach.model.records import dataclass
from outreach.tasks.campaign import load
from outreach.tasks.erasing.erasing import Request, erase
from outreach.tasks.world import session
from outreach.words.retention import kept_until
from outreach.words.wall_time import zone


@dataclass(frozen=True, kw_only=True, slots=True)
class Over:
    """A person who was to be kept until a day that is over; `within` is the organisation that names them, or ""."""

    who: str
    name: str
    until: date
    within: str = ""


def has_period(root: Path) -> bool:
    """Whether campaign.yaml says how long names are kept. Raises CampaignUnreadable."""
    legal = load(root).campaign.legal
    return legal is not None and legal.keep_for is not None


def kept_too_long(root: Path) -> list[Over]:
    """Every natural person whom `legal.keep_for` does not let us keep any more; none if it is not set.

    What counts is the last thing that happened with the contact, and where nothing did, the day on which it was
    collected. An organisation stays, and the people named at it go. Raises CampaignUnreadable.
    """
    with session(root) as opened:
        world, place = opened.world(), zone(opened.campaign.timezone)
        legal = opened.campaign.legal
        if legal is None or legal.keep_for is None:
            return []
        today = opened.now.astimezone(place).date()
        listed = {contact.id for contact in world.contacts}

        def until(past: ContactPast | None, contact: Contact | None) -> date | None:
            days = [past.last.at.astimezone(place).date()] if past and past.last else []
            days += [
                receipt.at.astimezone(place).date() for receipt in world.past.elsewhere if _is_to(receipt.id, contact)
            ]
            last = max(days, default=contact.collected_on if contact else None)
            return kept_until(last, legal.keep_for or "") if last else None

        found: list[Over] = []
        for contact in world.contacts:
            end = until(world.past.contacts.get(contact.id), contact)
            if end is not None and end < today:
                found += _persons(contact, end)
        for id, past in world.past.contacts.items():
            end = until(past, None)
            if id not in listed and not id.startswith("erased-") and end is not None and end < today:
                found.append(Over(who=id, name=id, until=end))
        return found


def _persons(contact: Contact, end: date) -> Iterator[Over]:
    if contact.kind is ContactKind.PERSON:
        yield Over(who=contact.id, name=contact.name, until=end)
        return
    for person in contact.people:
        yield Over(who=person.email or person.name, name=person.name, until=end, within=contact.name)


def _is_to(id: str, contact: Contact | None) -> bool:
    return contact is not None and any(f"/{name}/" in id for name in (contact.id, *contact.was))


def erase_due(root: Path, *, forget: bool) -> Iterator[Erasure]:
    """Erase them one after another. Raises as `erase`."""
    for each in kept_too_long(root):
        yield erase(root, Request(who=each.who, go=True, forget=forget))
