"""What left already, from this computer or another, and what may have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from outreach.model.contact import Contact
from outreach.model.event import CONTACTED, EventKind
from outreach.model.past import SentLetter
from outreach.rules.planning.world import World

ELSEWHERE = "elsewhere"
"""The `via` of a letter of which this ledger has only the receipt."""

BY_HAND = (EventKind.FORM_SENT, EventKind.MESSAGE_SENT)


class Departures:
    """The letters that left (also as a form or message), and those of which nobody knows.

    A form or message that was noted without its wave is the first letter of the wave that writes to
    the contact, unless another first letter of its left.
    """

    def __init__(self, world: World) -> None:
        self._contacts = {contact.id: contact for contact in world.contacts}
        self._letters: dict[str, dict[tuple[str, int], SentLetter]] = {}
        self._unnamed: dict[str, SentLetter] = {}
        self._first_to: dict[str, tuple[str, SentLetter]] = {}
        self._refused: dict[tuple[str, str, int], SentLetter] = {}
        for name, past in world.past.contacts.items():
            for letter in past.letters:
                self._keep(name, letter)
        for name, letter in _from_receipts(world):
            self._keep(name, letter)

    def _keep(self, contact: str, letter: SentLetter) -> None:
        if letter.kind is EventKind.REFUSED:
            self._refused[contact, letter.wave, letter.step] = letter
        if letter.kind not in CONTACTED and letter.kind is not EventKind.IN_DOUBT:
            return
        if not letter.wave:
            self._unnamed.setdefault(contact, letter)
            return
        letters = self._letters.setdefault(contact, {})
        key = (letter.wave, letter.step)
        if key not in letters or (is_gone(letter) and not is_gone(letters[key])):
            letters[key] = letter
        if letter.address and letter.step == 0:
            self._first_to.setdefault(letter.address.casefold(), (contact, letter))

    def letter(self, contact: str, wave: str, step: int) -> SentLetter | None:
        """The letter, if it left or may have."""
        return self._letters.get(contact, {}).get((wave, step))

    def refused(self, contact: str, wave: str, step: int) -> SentLetter | None:
        """The letter, if our mail server refused it for good."""
        return self._refused.get((contact, wave, step))

    def unnamed(self, contact: str) -> SentLetter | None:
        """What was sent by hand and noted without a wave, to somebody who got no other first letter."""
        if any(step == 0 for _, step in self._letters.get(contact, ())):
            return None
        return self._unnamed.get(contact)

    def of_contact(self, contact: str) -> dict[tuple[str, int], SentLetter]:
        """All its letters by wave and step."""
        return self._letters.get(contact, {})

    def first_to(self, address: str) -> tuple[str, SentLetter] | None:
        """The first letter to a mail address (casefolded or not), and the contact it was written to."""
        return self._first_to.get(address.casefold())

    def for_pace(self) -> Iterator[tuple[datetime, str]]:
        """When each mail left (aware UTC), those in doubt too, and its recipient's domain."""
        for contact, letters in self._letters.items():
            for letter in letters.values():
                if letter.kind not in BY_HAND:
                    address = letter.address or _only_address(self._contacts.get(contact))
                    yield letter.at, domain_of(address)


def is_gone(letter: SentLetter) -> bool:
    """Whether the letter surely left."""
    return letter.kind in CONTACTED


def is_from_elsewhere(letter: SentLetter) -> bool:
    """Whether the letter left from another computer."""
    return letter.kind is EventKind.ADOPTED or letter.via == ELSEWHERE


def domain_of(address: str) -> str:
    """The domain of a mail address, casefolded; "" for none."""
    return address.rpartition("@")[2].casefold() if "@" in address else ""


def _only_address(contact: Contact | None) -> str:
    """The address that a letter without one must have gone to, "" where there is a choice."""
    return contact.emails[0].address if contact is not None and len(contact.emails) == 1 else ""


def _from_receipts(world: World) -> Iterator[tuple[str, SentLetter]]:
    """The letters among the receipts from elsewhere, by the present ids of their contacts."""
    contacts = {contact.id for contact in world.contacts}
    renamed = {contact.was: contact.id for contact in world.contacts if contact.was}
    editions = {f"{post.id}/{edition.network}" for post in world.posts for edition in post.editions}
    for receipt in sorted(world.past.elsewhere):
        wave, _, rest = receipt.id.partition("/")
        name, _, step = rest.rpartition("/")
        contact = name if name in contacts else renamed.get(name)
        if contact is None or f"{wave}/{name}" in editions or not step.isdecimal():
            continue
        kind = EventKind.IN_DOUBT if receipt.via == "in-doubt" else EventKind.ADOPTED
        yield (
            contact,
            SentLetter(wave=wave, step=int(step), kind=kind, at=receipt.at, via=ELSEWHERE, message_id=receipt.proof),
        )
