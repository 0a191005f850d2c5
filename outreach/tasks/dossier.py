"""`outreach report --for` and `export`: everything sent to one, and everything kept about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from outreach.campaign.contacts_plain import StandingContact, standing_contacts
from outreach.errors import CannotTell, UnknownName
from outreach.history.address_marks import normalised
from outreach.ledger.blobs import kept_if_there
from outreach.letters.mime.freezing import view
from outreach.model.contact import Contact, ContactKind
from outreach.model.dossier import Dossier, SentCopy
from outreach.model.event import FROM_MAIL, Event, Receipt
from outreach.model.ids import LetterId
from outreach.model.past import ContactPast, SentLetter
from outreach.model.plan import ItemState
from outreach.model.records import dataclass
from outreach.planning.world import World
from outreach.tasks.erasing.persons import is_contact
from outreach.tasks.world import Session, session
from outreach.words.suggestions import nearest

Digests = Mapping[LetterId, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asker:
    """Who asks: a contact by its id, or one `person` of it. `addresses` (case folded) are theirs; None: all of the
    contact's, whoever wrote from them.
    """

    contact: str
    person: Mapping[str, Any] | None = None
    addresses: frozenset[str] | None = None

    def wrote(self, address: str | None) -> bool:
        """Whether what came from there is theirs to read."""
        return self.addresses is None or normalised(address or "") in self.addresses


def dossier(root: Path, who: str) -> Dossier:
    """Everything about one: a contact of the files or of the ledger (also by an id that it had), or one person of it.

    A person is named by name or address. What somebody else of the same organisation wrote is theirs alone: it is left
    out, and counted. Nothing is written. Raises UnknownName, CannotTell, CampaignUnreadable.
    """
    with session(root) as opened:
        world, plan = opened.foreseen()
        standing = standing_contacts(root)
        asker = _asker(who, standing, world)
        contact = asker.contact
        mine = [each for each in standing if each.id == contact]
        names = {contact, *(was for each in mine for was in each.was)}
        past = world.past.contacts.get(contact)
        digests = opened.ledger.sent_digests()
        letters = [each for each in (past.letters if past else ()) if asker.person is None or asker.wrote(each.address)]
        messages = [each for each in opened.ledger.mail().messages() if each.contact in names]
        theirs = [each for each in messages if asker.wrote(each.sender)]
        values = [(key, value) for each in mine for key, value in each.values.items()]
        if asker.person is not None:
            values = [("contact", contact), *asker.person.items()]
        ids = {(letter.wave, letter.step) for letter in letters}
        return Dossier(
            id=contact,
            name=str(asker.person["name"] if asker.person else next((e.values["name"] for e in mine), contact)),
            title=world.campaign.title,
            timezone=world.campaign.timezone,
            now=opened.now,
            files=tuple(file for each in mine for file in (each.file, each.laid.file) if file),
            values=tuple((key, _text(value)) for key, value in values),
            letters=tuple(_copy(opened, contact, names, letter, digests) for letter in letters),
            events=tuple(_events(opened, names, _addresses(world.contacts, contact, past), asker)),
            messages=tuple(theirs),
            receipts=tuple(
                each
                for each in dict.fromkeys(e for e in world.receipts if _is_to(e, names))
                if asker.person is None or (isinstance(x := each.about, LetterId) and (x.wave, x.step) in ids)
            ),
            planned=tuple(
                item
                for item in plan.items
                if item.contact == contact and item.state is not ItemState.DONE and asker.person is None
            ),
            others=len({normalised(each.sender) for each in messages if not asker.wrote(each.sender)}),
        )


def _asker(who: str, standing: Iterable[StandingContact], world: World) -> _Asker:
    listed = [*standing]
    id = next((each.id for each in world.contacts if who == each.id or who in each.was), None)
    if id is None and who in world.past.contacts:
        return _Asker(contact=who)
    if id is not None:
        contact = next(each for each in world.contacts if each.id == id)
        own = _addresses(world.contacts, id, world.past.contacts.get(id))
        offices = frozenset(map(normalised, own)) if contact.kind is not ContactKind.PERSON else None
        return _Asker(contact=id, addresses=offices)
    wanted = " ".join(who.casefold().split())
    people = [
        (each.id, person)
        for each in listed
        for person in each.values.get("people", ())
        if wanted == str(person["name"]).casefold() or normalised(who) == normalised(str(person.get("email") or ""))
    ]
    if not people:
        by_address = [
            each.id for each in world.contacts if any(normalised(c.address) == normalised(who) for c in each.channels)
        ]
        by_name = [each.id for each in listed if is_contact(each, who)]
        if len(found := dict.fromkeys((*by_address, *by_name))) == 1:
            return _asker(next(iter(found)), listed, world)
        if found:
            raise CannotTell(f"{who} may be {' or '.join(sorted(found))}", "Name the one that you mean by its id.")
        if "@" in wanted and (writer := _writer(wanted, world)):
            return writer
        known = sorted({each.id for each in world.contacts} | set(world.past.contacts))
        raise UnknownName("contact", who, nearest(who, known))
    if len(people) > 1:
        raise CannotTell(f"{who} may be at {' or '.join(sorted({id for id, _ in people}))}", "Name their address.")
    id, person = people[0]
    address = person.get("email")
    return _Asker(contact=id, person=person, addresses=frozenset([normalised(str(address))] if address else ()))


def _writer(address: str, world: World) -> _Asker | None:
    """Somebody whom no file names, and to whom we wrote."""
    for id, past in world.past.contacts.items():
        if any(letter.address == address for letter in past.letters):
            return _Asker(contact=id, person={"name": address}, addresses=frozenset((address,)))
    return None


def _events(opened: Session, names: Collection[str], addresses: Collection[str], asker: _Asker) -> list[Event]:
    """What happened with the contact, and what was said of its addresses and pauses alone (a suppression, a hold).

    Of one person: what names their address. What others wrote is left out.
    """
    held = {f"contact:{name}" for name in names}
    found = [
        event
        for event in opened.ledger.events()
        if event.contact in names
        or event.payload.names in held
        or (event.contact is None and event.address in addresses)
    ]
    if asker.person is not None:
        return [event for event in found if event.address and asker.wrote(event.address)]
    return [event for event in found if event.kind not in FROM_MAIL or not event.address or asker.wrote(event.address)]


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
    frozen = kept_if_there(opened.root, digest)
    seen = view(frozen) if frozen is not None else None
    return SentCopy(
        id=str(letter.id_of(contact)) if letter.wave else "by hand",
        at=letter.at,
        via=letter.via,
        address=letter.address or "",
        subject=seen.subject if seen is not None else letter.said or "",
        text=seen.text if seen is not None else None,
        attachments=tuple(f"{name} ({sha256[:12]})" for name, sha256 in seen.attachments) if seen is not None else (),
    )
