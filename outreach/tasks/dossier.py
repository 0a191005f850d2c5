"""`outreach report --for` and `export`: everything sent to one, and everything kept about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from outreach.campaign.contacts_plain import standing_contacts
from outreach.errors import FrozenBytesLost, UnknownName
from outreach.ledger.blobs import kept
from outreach.letters.mime.freezing import FrozenView, view
from outreach.model.contact import Contact
from outreach.model.dossier import Dossier, SentCopy
from outreach.model.event import Event, Receipt
from outreach.model.ids import LetterId
from outreach.model.past import ContactPast, SentLetter
from outreach.model.plan import ItemState
from outreach.tasks.world import Session, session
from outreach.words.suggestions import nearest

Digests = Mapping[LetterId, str]


def dossier(root: Path, contact: str) -> Dossier:
    """Everything about a contact of the files or of the ledger, also by the id that it had; nothing is written.

    Raises UnknownName, CampaignUnreadable.
    """
    with session(root) as opened:
        world, plan = opened.foreseen()
        contact = next((each.id for each in world.contacts if contact in each.was), contact)
        known = {each.id for each in world.contacts} | set(world.past.contacts)
        if contact not in known:
            raise UnknownName("contact", contact, nearest(contact, sorted(known)))
        standing = [each for each in standing_contacts(root) if each.id == contact]
        names = {contact, *(was for each in standing for was in each.was)}
        past = world.past.contacts.get(contact)
        digests = opened.ledger.sent_digests()
        return Dossier(
            id=contact,
            name=next((str(each.values["name"]) for each in standing), contact),
            title=world.campaign.title,
            timezone=world.campaign.timezone,
            now=opened.now,
            files=tuple(dict.fromkeys(each.file for each in standing)),
            values=tuple((key, _text(value)) for each in standing for key, value in each.values.items()),
            letters=tuple(_copy(opened, contact, names, letter, digests) for letter in (past.letters if past else ())),
            events=tuple(_events(opened, names, _addresses(world.contacts, contact, past))),
            messages=tuple(each for each in opened.ledger.mail().messages() if each.contact in names),
            receipts=tuple(dict.fromkeys(each for each in world.receipts if _is_to(each, names))),
            planned=tuple(item for item in plan.items if item.contact == contact and item.state is not ItemState.DONE),
        )


def _events(opened: Session, names: Collection[str], addresses: Collection[str]) -> list[Event]:
    """What happened with the contact, and what was said of its addresses and brakes alone (a suppression, a hold)."""
    held = {f"contact:{name}" for name in names}
    return [
        event
        for event in opened.ledger.events()
        if event.contact in names
        or event.payload.names in held
        or (event.contact is None and event.address in addresses)
    ]


def _addresses(contacts: Iterable[Contact], contact: str, past: ContactPast | None) -> set[str]:
    theirs = {letter.address for letter in past.letters if letter.address} if past else set()
    return theirs | {channel.address for each in contacts if each.id == contact for channel in each.channels}


def _is_to(receipt: Receipt, names: Collection[str]) -> bool:
    """Whether it is the receipt of a letter to one of these contacts."""
    about = receipt.about
    return isinstance(about, LetterId) and about.contact in names


def _text(value: Any) -> str:
    """A value of a contact's file on one line or several, as a person reads it."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_text(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return "\n".join(_text(each) for each in value)
    return str(value)


def _copy(opened: Session, contact: str, names: Collection[str], letter: SentLetter, digests: Digests) -> SentCopy:
    digest = next((d for name in names if (d := digests.get(letter.id_of(name)))), None)
    seen = _seen(opened, digest)
    return SentCopy(
        id=str(letter.id_of(contact)) if letter.wave else "by hand",
        at=letter.at,
        via=letter.via,
        address=letter.address or "",
        subject=seen.subject if seen is not None else letter.said or "",
        text=seen.text if seen is not None else None,
        attachments=tuple(f"{name} ({sha256[:12]})" for name, sha256 in seen.attachments) if seen is not None else (),
    )


def _seen(opened: Session, digest: str | None) -> FrozenView | None:
    try:
        return view(kept(opened.root, digest)) if digest is not None else None
    except FrozenBytesLost:
        return None
