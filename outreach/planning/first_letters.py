"""First letters: whom the waves select, and what becomes of each, all but its time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from outreach.model.campaign import Wave
from outreach.model.contact import Channel, ChannelKind, Contact
from outreach.model.past import SentLetter
from outreach.model.plan import NotPlanned
from outreach.planning.desk import Desk
from outreach.planning.entries import Entry
from outreach.planning.obstacles import SEE_CHECK, obstruct, stopped
from outreach.planning.selection import (
    BadWave,
    LeftOut,
    Selected,
    TakenAddresses,
    same_address,
    select,
    why_not,
)
from outreach.planning.sent import is_gone


@dataclass(kw_only=True, slots=True)
class Written:
    """The first letters of each wave, in the order of the files, and the contacts that get none.

    Last in a wave stand those that left, or may have, though it does not select the contact any more.
    """

    entries: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    left_out: list[NotPlanned] = field(default_factory=list)

    def all(self) -> list[Entry]:
        """The letters of all waves."""
        return [entry for entries in self.entries.values() for entry in entries]


class FirstLetters:
    """Walks the selection once and decides on every contact of every wave."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._places = {wave.id: number for number, wave in enumerate(desk.campaign.waves)}
        self._contacts = {contact.id: number for number, contact in enumerate(desk.world.contacts)}
        self._addresses = TakenAddresses()
        self._first_wave: dict[str, str] = {}
        self._written = Written()

    def walk(self) -> Written:
        """Decide on all of them."""
        desk, written = self._desk, self._written
        seen: set[tuple[str, str]] = set()
        for found in select(desk.campaign, desk.world.contacts, desk.expressions):
            if isinstance(found, BadWave):
                self._bad(found)
                continue
            seen.add((found.wave.id, found.contact.id))
            outcome = self._outcome(found)
            if isinstance(outcome, Entry):
                written.entries[found.wave.id].append(outcome)
            else:
                out = NotPlanned(contact=found.contact.id, wave=found.wave.id, reason=outcome)
                written.left_out.append(out)
        self._find_unselected(seen)
        return written

    def _bad(self, found: BadWave) -> None:
        for entry in self._written.entries[found.wave.id]:
            if entry.state is None:
                entry.hold(f"the wave's `to` cannot be compared with a contact; {SEE_CHECK}")

    def _find_unselected(self, seen: set[tuple[str, str]]) -> None:
        waves = {wave.id: wave for wave in self._desk.campaign.waves}
        for contact in self._desk.world.contacts:
            for (wave, step), letter in self._desk.departures.of_contact(contact.id).items():
                if step == 0 and wave in waves and (wave, contact.id) not in seen:
                    entry = self._entry(waves[wave], contact)
                    entry.settle(letter, self._desk)
                    entry.selected = False
                    self._written.entries[wave].append(entry)

    def _entry(self, wave: Wave, contact: Contact) -> Entry:
        return Entry(wave=wave, contact=contact, step=0, order=(self._places[wave.id], self._contacts[contact.id], 0))

    def _outcome(self, found: Selected | LeftOut) -> Entry | str:
        """The letter, or why there is none."""
        desk, wave, contact = self._desk, found.wave, found.contact
        channel = desk.channel(found.template, contact) if isinstance(found, Selected) else None
        address = channel.address if channel is not None and channel.kind is ChannelKind.EMAIL else None
        first_wave = self._first_wave.setdefault(contact.id, wave.id)
        letter = desk.departures.letter(contact.id, wave.id, 0)
        if letter is None and first_wave == wave.id:
            letter = desk.departures.unnamed(contact.id)
        if letter is not None and is_gone(letter):
            return self._settled(found, letter, address)
        earlier = self._earlier(found, address)
        if earlier is not None and is_gone(earlier[1]):
            return earlier[0]
        if letter is not None:
            return self._settled(found, letter, address)
        holder = self._addresses.holder(address, found)
        reason = stopped(desk, wave, contact) or (same_address(holder) if holder else self._left_out(found))
        if reason is not None:
            return reason
        assert isinstance(found, Selected)
        entry = self._open(found, channel, earlier)
        if not entry.faulty:
            self._addresses.take(address, found)
        return entry

    def _settled(self, found: Selected | LeftOut, letter: SentLetter, address: str | None) -> Entry:
        self._addresses.take(address, found)
        entry = self._entry(found.wave, found.contact)
        entry.template = found.template if isinstance(found, Selected) else None
        entry.settle(letter, self._desk)
        return entry

    def _open(self, found: Selected, channel: Channel | None, earlier: tuple[str, SentLetter] | None) -> Entry:
        """The letter, held where an error, a brake, the wave's gate or a letter in doubt holds it."""
        desk, wave = self._desk, found.wave
        entry = self._entry(wave, found.contact)
        entry.template, entry.channel = found.template, channel
        entry.by_hand = channel is not None and channel.kind is not ChannelKind.EMAIL
        obstruct(desk, entry, found.template, desk.gate(wave.needs, f"wave:{wave.id}"))
        if earlier is not None and entry.state is None:
            entry.hold(earlier[0])
        return entry

    def _left_out(self, found: Selected | LeftOut) -> str | None:
        """Why the selection leaves the contact out, by the files alone."""
        if isinstance(found, Selected):
            return None
        first = self._first_wave[found.contact.id]
        if why_not(found.contact) is None and first != found.wave.id and not found.wave.again:
            return f"gets its first letter in `{first}`"
        return found.reason

    def _earlier(self, found: Selected | LeftOut, address: str | None) -> tuple[str, SentLetter] | None:
        """The first letter that this contact or its address got, or may have got, in another way: words, letter."""
        desk, contact = self._desk, found.contact
        if found.wave.again:
            return self._to_its_address(found, address, found.wave.id)
        letters = desk.departures.of_contact(contact.id).items()
        others = [letter for (wave, step), letter in letters if step == 0 and wave != found.wave.id]
        unnamed = desk.departures.unnamed(contact.id)
        if unnamed is not None and self._first_wave[contact.id] != found.wave.id:
            others.append(unnamed)
        if others:
            letter = min(others, key=lambda letter: (not is_gone(letter), letter.at))
            return self._said(letter), letter
        return self._to_its_address(found, address)

    def _to_its_address(
        self, found: Selected | LeftOut, address: str | None, wave: str | None = None
    ) -> tuple[str, SentLetter] | None:
        """The same, of a letter to somebody else; only of that wave, where one is named."""
        departures = self._desk.departures
        taken = departures.first_to(address, wave) if address is not None else None
        if taken is None or taken[0] == found.contact.id:
            return None
        said = f"{self._said(taken[1])}, at the same address as {taken[0]}"
        gone = "" if departures.is_contact(taken[0]) else f"; if it is the same, write `was: {taken[0]}`"
        return f"{said}{gone}", taken[1]

    def _said(self, letter: SentLetter) -> str:
        where = f"in `{letter.wave}`" if letter.wave else "by hand"
        day = self._desk.say.day(letter.at)
        if is_gone(letter):
            return f"already written to {where} on {day}"
        return f"its letter {where} may have left on {day}, and waits for `outreach resolve`"
