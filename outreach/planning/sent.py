"""What was sent or may have been sent, from this computer or another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from outreach.history.address_marks import marks_of, normalised
from outreach.model.contact import Contact
from outreach.model.event import CONTACTED, WRITTEN_AS_DRAFT, EventKind, Receipt
from outreach.model.ids import REPLY, LetterId
from outreach.model.past import SentLetter
from outreach.planning.world import World

ELSEWHERE = "elsewhere"
"""The `via` of a letter of which this ledger has only the receipt."""

FirstTo = dict[tuple[str, str | None], tuple[str, SentLetter]]
"""An address or its mark, and a wave or None for any -> the contact and its first letter."""

BY_HAND = (EventKind.FORM_SENT, EventKind.MESSAGE_SENT)


class SentLetters:
    """The letters that left (also as a form or message), and those of which nobody knows.

    A form or message that was noted without its wave is the first letter of the wave that writes to
    the contact, unless another first letter of its left.
    """

    def __init__(self, world: World) -> None:
        self._contacts = {contact.id: contact for contact in world.contacts}
        self._letters: dict[str, dict[tuple[str, int], SentLetter]] = {}
        self._unnamed: dict[str, SentLetter] = {}
        self._refused: dict[tuple[str, str, int], SentLetter] = {}
        self._drafts: dict[tuple[str, str, int], list[SentLetter]] = {}
        self._first_to: FirstTo = {}
        self._keys = world.address_keys
        self._first_to_marked = _marked_by_receipts(world)
        for name, past in world.past.contacts.items():
            for letter in past.letters:
                self._keep(name, letter)
                if letter.kind is EventKind.IN_DRAFTS:
                    self._drafts.setdefault((name, letter.wave, letter.step), []).append(letter)
        for name, letter in _from_receipts(world):
            self._keep(name, letter)

    def _keep(self, contact: str, letter: SentLetter) -> None:
        if letter.kind is EventKind.REFUSED:
            self._refused[contact, letter.wave, letter.step] = letter
        if letter.kind not in (*CONTACTED, *WRITTEN_AS_DRAFT, EventKind.IN_DOUBT):
            return
        if not letter.wave:
            self._unnamed.setdefault(contact, letter)
            return
        letters = self._letters.setdefault(contact, {})
        key = (letter.wave, letter.step)
        if key not in letters or _rank(letter) > _rank(letters[key]):
            letters[key] = letter
        if letter.address and letter.step == 0:
            for wave in (None, letter.wave):
                self._first_to.setdefault((normalised(letter.address), wave), (contact, letter))

    def letter(self, contact: str, wave: str, step: int) -> SentLetter | None:
        """The letter, if it left or may have."""
        return self._letters.get(contact, {}).get((wave, step))

    def drafts(self, contact: str, wave: str, step: int) -> list[SentLetter]:
        """The letter as often as it is in our drafts: twice after a merge."""
        return self._drafts.get((contact, wave, step), [])

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

    def first_to(self, address: str, wave: str | None = None) -> tuple[str, SentLetter] | None:
        """The first letter to a mail address, of that wave or of any, and the contact it was written to.

        Where only a receipt knows of it, the contact has the id of that receipt, which may be gone.
        """
        if not self._first_to and not self._first_to_marked:
            return None
        found = self._first_to.get((normalised(address), wave))
        if found is not None or not self._first_to_marked:
            return found
        marked = (self._first_to_marked.get((mark, wave)) for mark in marks_of(address, self._keys))
        return next(filter(None, marked), None)

    def is_contact(self, name: str) -> bool:
        """Whether there is a contact of that id now."""
        return name in self._contacts

    def for_pace(self) -> Iterator[tuple[datetime, str]]:
        """When each mail left (aware UTC), those in doubt too, and its recipient's domain."""
        for contact, letters in self._letters.items():
            for letter in letters.values():
                if letter.kind not in BY_HAND and letter.wave != REPLY:
                    address = letter.address or _only_address(self._contacts.get(contact))
                    yield letter.at, domain_of(address)


def is_gone(letter: SentLetter) -> bool:
    """Whether the letter surely left."""
    return letter.kind in CONTACTED


def _rank(letter: SentLetter) -> int:
    """Which of several counts: one that left, then one that may, then a draft that was deleted."""
    return 2 if is_gone(letter) else 0 if letter.kind is EventKind.DRAFT_DELETED else 1


def is_draft(letter: SentLetter) -> bool:
    """Whether it was put into the drafts of our mailbox, and nobody has sent it."""
    return letter.kind in WRITTEN_AS_DRAFT


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
    present = _present_ids(world)
    for receipt in sorted(world.past.elsewhere):
        name, letter = _letter_of(receipt)
        if name in present and isinstance(receipt.about, LetterId):
            yield present[name], letter


def _marked_by_receipts(world: World) -> FirstTo:
    """The earliest first letter to each address that receipts mark; those of contacts that are gone, too."""
    present = _present_ids(world)
    found: FirstTo = {}
    for receipt in sorted(world.receipts, key=lambda receipt: (receipt.at, receipt)):
        name, letter = _letter_of(receipt)
        if receipt.to and letter.step == 0:
            for wave in (None, letter.wave):
                found.setdefault((receipt.to, wave), (present.get(name, name), letter))
    return found


def _present_ids(world: World) -> dict[str, str]:
    """The id of a contact, or the one it had before -> its present id."""
    renamed = {was: contact.id for contact in world.contacts for was in contact.was}
    return renamed | {contact.id: contact.id for contact in world.contacts}


def _letter_of(receipt: Receipt) -> tuple[str, SentLetter]:
    """The contact's id as the receipt has it, and the letter."""
    id = LetterId.parse(receipt.id)
    kinds = {"in-doubt": EventKind.IN_DOUBT, "imap-drafts": EventKind.IN_DRAFTS}
    kind = kinds.get(receipt.via, EventKind.ADOPTED)
    return id.contact, SentLetter(
        wave=id.wave, step=id.step, kind=kind, at=receipt.at, via=ELSEWHERE, message_id=receipt.proof
    )
