"""Addresses to which nobody writes again, whatever the files, an import, a backup or another computer says.

The ledger knows who said no here. As coded marks that travels in `receipts.jsonl` to every clone, and in the file that
`suppressions` of campaign.yaml names to other campaigns; marks of people who were erased are in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from outreach.campaign.suppressions import add_suppressions, read_suppressions
from outreach.errors import SuppressionsUnreadable
from outreach.history.address_marks import mark_of, marks_of
from outreach.ledger import Ledger
from outreach.ledger.address_keys import address_key, read_address_keys
from outreach.ledger.marks import read_marks, write_marks
from outreach.model.campaign import Campaign
from outreach.model.contact import Contact
from outreach.model.erasure import FORGOTTEN, SUPPRESSED, Mark
from outreach.model.event import Event, EventKind
from outreach.model.past import ContactPast, Past
from outreach.model.payload import PlainPayload
from outreach.planning.states import is_suppressed


def with_marks(root: Path, campaign: Campaign, ledger: Ledger, past: Past, contacts: Iterable[Contact]) -> Past:
    """`past`, in which the addresses of these contacts are suppressed that a mark or the shared list says."""
    marks = _marks(root, ledger)
    try:
        shared = read_suppressions(root, campaign.suppressions) if campaign.suppressions else None
    except SuppressionsUnreadable:
        shared = None  # `sendable` says it before anything is sent, and `check` as a Problem
    if not marks and shared is None:
        return past
    keys, _ = read_address_keys(root)
    found = {
        channel.identity
        for contact in contacts
        for channel in contact.emails
        if not marks.isdisjoint(marks_of(channel.address, keys)) or (shared and shared.holds(channel.address))
    }
    return replace(past, suppressed=past.suppressed | found) if found else past


def _marks(root: Path, ledger: Ledger) -> set[str]:
    """Every mark of an address that stays suppressed: of the campaign's receipts, and of erasures in this ledger."""
    found: set[str] = set()
    for mark in read_marks(root):
        found |= {mark.id} if mark.kind == SUPPRESSED else {*mark.marks}
    for event in ledger.of_kind(EventKind.FORGOTTEN):
        payload = event.payload
        found |= set((payload.value or "").split()) if isinstance(payload, PlainPayload) else set()
    return found


def check_list(root: Path, campaign: Campaign) -> None:
    """Raises SuppressionsUnreadable if the shared list cannot be read: then nobody is written to."""
    if campaign.suppressions:
        read_suppressions(root, campaign.suppressions)


def pass_on(root: Path, campaign: Campaign, ledger: Ledger, contacts: Iterable[Contact], now: datetime) -> None:
    """Write the marks of everybody who said no where clones and other campaigns read them.

    A rehearsal writes nothing. Raises ReceiptsUnreadable, ReceiptKeyUnreadable, CannotWrite, SuppressionsUnreadable.
    """
    if ledger.rehearsal:
        return
    past = ledger.past()
    said_no = dict.fromkeys(_said_no(past, contacts))
    keys, _ = read_address_keys(root)
    known = {mark.id for mark in read_marks(root) if mark.kind == SUPPRESSED}
    new = [each for each in said_no if known.isdisjoint(marks_of(each, keys))]
    if new:
        key = address_key(root)
        write_marks(root, [Mark(kind=SUPPRESSED, id=mark_of(e, key), at=now, ledger=ledger.id) for e in new])
    if campaign.suppressions and said_no:
        add_suppressions(root, campaign.suppressions, said_no)


def _said_no(past: Past, contacts: Iterable[Contact]) -> Iterator[str]:
    """The addresses of all who said no, by the ledger: those that it names, and those of contacts that it names."""
    yield from (each.removeprefix("email:") for each in past.suppressed if each.startswith("email:"))
    for contact in contacts:
        pasts = [past.contacts[id] for id in (contact.id, *contact.was) if id in past.contacts]
        if is_suppressed(contact, past.suppressed) or any(each.opted_out is not None for each in pasts):
            yield from (channel.address for channel in contact.emails)
    for one in past.contacts.values():
        if one.opted_out is not None:
            yield from _written_to(one)


def _written_to(past: ContactPast) -> Iterator[str]:
    yield from (letter.address for letter in past.letters if letter.address)


def lift(root: Path, campaign: Campaign, ledger: Ledger, contacts: Iterable[Contact], undone: Iterable[Event]) -> None:
    """Take back the marks of addresses whose no was taken back, unless another no of the ledger stands."""
    back = [event for event in undone if event.kind in (EventKind.SUPPRESSED, EventKind.OPTED_OUT)]
    if ledger.rehearsal or not back:
        return
    names = {event.contact for event in back if event.contact}
    listed = [*contacts]
    past = ledger.past()
    free = {event.address for event in back if event.address}
    free |= {e.address for contact in listed if names & {contact.id, *contact.was} for e in contact.emails}
    free |= {address for name in names if name in past.contacts for address in _written_to(past.contacts[name])}
    free -= set(_said_no(past, listed))
    keys, _ = read_address_keys(root)
    write_marks(root, (), without={mark for each in free for mark in marks_of(each, keys)})
    if campaign.suppressions:
        add_suppressions(root, campaign.suppressions, (), without=free)


class Forgotten:
    """Who was erased: mail from or to them up to that moment is not read into the ledger again, from any mailbox."""

    def __init__(self, root: Path) -> None:
        self._keys, _ = read_address_keys(root)
        self._until = {each: mark.at for mark in read_marks(root) if mark.kind == FORGOTTEN for each in mark.marks}

    def covers(self, addresses: Iterable[str], at: datetime | None) -> bool:
        """Whether one of the addresses is theirs, and a message of the aware instant `at` is from before."""
        if not self._until or at is None:
            return False
        marks = (mark for each in addresses for mark in marks_of(each, self._keys))
        return any(at <= self._until[mark] for mark in marks if mark in self._until)
