"""One touch per organisation at a time: who waits for whom, and then everybody's slot.

A wave that writes `again` waits until the thread before it is over: answered, or its last follow-up has
had as long to be answered as the letters before it. A day lies between two letters of different waves to
one organisation in any case.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from outreach.errors import TemplateFault
from outreach.model.campaign import Wave
from outreach.model.contact import Contact
from outreach.model.past import SentLetter
from outreach.model.plan import ItemState
from outreach.planning.ahead import why_ahead
from outreach.planning.desk import Desk
from outreach.planning.entries import Entry
from outreach.planning.follow_ups import applies, unread
from outreach.planning.pace import Left, Order, Turn, slots
from outreach.planning.sent import domain_of, is_gone
from outreach.words.calendar import SEARCH_DAYS

QUIET = timedelta(days=1)
"""What lies at least between two letters of different waves to one organisation."""


class Touches:
    """Collects the letters that could leave, orders those to one contact, and gives out the slots."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waves = {wave.id: wave for wave in desk.campaign.waves}
        self._waiting: dict[str, list[Turn]] = {}
        self._entries: dict[Order, Entry] = {}
        self._unfinished: dict[str, str] = {}
        self._ahead = why_ahead(desk.world.past, desk.now, desk.say)

    def time(self, entry: Entry) -> None:
        """Decide on a letter that may leave from its `due` on (aware UTC): held, missed, or in line for a slot.

        The follow-ups come before the first letters.
        """
        desk = self._desk
        if entry.state is None:
            self._await_other_threads(entry)
        if entry.state is None:
            self._line_up(entry)
        if entry.state is ItemState.HELD and not entry.gated and entry.due is not None:
            entry.due = desk.openings(entry.contact).at_or_after(max(desk.now, entry.due))
        if entry.state is ItemState.HELD and entry.step > 0 and not entry.gated:
            self._unfinished[entry.contact.id] = entry.wave.id

    def _line_up(self, entry: Entry) -> None:
        desk, earliest, ends = self._desk, entry.due or self._desk.now, self._desk.ends(entry.wave)
        openings = desk.openings(entry.contact)
        moment = openings.at_or_after(max(desk.now, earliest))
        if self._ahead is not None and not entry.by_hand:
            entry.hold(self._ahead)
        elif moment is None:
            self._nowhere(entry)
        elif ends is not None and moment >= ends:
            entry.miss(self._ended(ends, moment), openings.at_or_after(earliest))
        elif entry.step > 0 and moment <= desk.now and (reason := unread(desk)) is not None:
            entry.hold(reason, desk.world.past.mailbox_read)
        elif moment <= desk.now and entry.id in desk.world.unapproved:
            entry.hold(desk.world.unapproved[entry.id])
        else:
            self._entries[entry.order] = entry
            address = entry.channel.address if entry.channel is not None and not entry.by_hand else ""
            turn = Turn(
                order=entry.order,
                earliest=moment,
                openings=openings,
                pace=None if entry.by_hand else entry.wave.pace or desk.campaign.pace,
                domain=domain_of(address),
                latest=ends,
            )
            self._waiting.setdefault(entry.contact.id, []).append(turn)

    def give_slots(self) -> None:
        """Give every letter in line its slot; of several to one contact, the next waits for the one before."""
        desk = self._desk
        for chain in self._waiting.values():
            chain.sort(key=lambda turn: (turn.earliest, turn.order), reverse=True)

        def next_in_line(turn: Turn, slot: datetime | None) -> Turn | None:
            before = self._entries[turn.order]
            chain = self._waiting[before.contact.id]
            if not chain:
                return None
            after = chain.pop()
            if slot is None:
                return after
            return replace(
                after, earliest=max(after.earliest, slot + self._patience(before, self._entries[after.order]))
            )

        heads = [chain.pop() for chain in self._waiting.values()]
        found = slots(heads, Left(desk.zone, desk.departures.for_pace()), desk.now, next_in_line)
        for order, entry in self._entries.items():
            slot, ends = found.get(order), desk.ends(entry.wave)
            if slot is None:
                self._nowhere(entry)
            elif ends is not None and slot >= ends:
                entry.miss(self._ended(ends, slot), slot)
            else:
                entry.at(slot, desk)

    def _nowhere(self, entry: Entry) -> None:
        where = "look at `calendar` and `pace` in campaign.yaml"
        day = self._desk.say.day(max(entry.due or self._desk.now, self._desk.now))
        entry.hold(f"the calendar allows no moment in the {SEARCH_DAYS} days from {day} on; {where}")
        entry.due = None

    def _ended(self, ends: datetime, moment: datetime) -> str:
        say = self._desk.say
        last = say.day(ends - timedelta(microseconds=1))
        if ends <= self._desk.now:
            return f"its wave ended on {last}"
        return f"its turn would come on {say.moment(moment)}, after its wave's last day, {last}"

    # -- threads ---------------------------------------------------------------------------

    def _await_other_threads(self, entry: Entry) -> None:
        """Put off a letter to somebody with whom another wave's thread is not over."""
        letters: dict[str, list[SentLetter]] = {}
        for (wave, _), letter in self._desk.departures.of_contact(entry.contact.id).items():
            if wave != entry.wave.id:
                letters.setdefault(wave, []).append(letter)
        unfinished = self._unfinished.get(entry.contact.id, entry.wave.id)
        if entry.step == 0 and unfinished != entry.wave.id:
            entry.hold(f"its follow-up in `{unfinished}` goes first, and is held")
            return
        for wave, thread in letters.items():
            if any(not is_gone(letter) for letter in thread):
                entry.hold(f"its letter in `{wave}` may have left, and waits for `outreach resolve`")
                return
            over = self._over(thread, entry)
            if over > (entry.due or self._desk.now):
                entry.due = over
                entry.note = f", when its letter in `{wave}` has had its time" if entry.step == 0 else ""

    def _over(self, thread: list[SentLetter], entry: Entry) -> datetime:
        """When a thread that began in another wave is over."""
        last = max(thread, key=lambda letter: letter.at)
        answered = self._desk.past(entry.contact).answered
        was_answered = answered is not None and answered >= min(letter.at for letter in thread)
        if was_answered or entry.step > 0:
            return last.at + QUIET
        return last.at + self._time_to_answer(self._waves.get(last.wave), entry.contact, last.step)

    def _patience(self, before: Entry, after: Entry) -> timedelta:
        """How long after one letter to a contact leaves, the next one to it may."""
        if after.step > 0:
            return QUIET
        return self._time_to_answer(before.wave, before.contact, before.step)

    def _time_to_answer(self, wave: Wave | None, contact: Contact, step: int) -> timedelta:
        """From the letter of that step until its follow-ups are done and their time has passed."""
        try:
            follow_up = applies(self._desk, wave, contact) if wave is not None else None
        except TemplateFault:
            follow_up = None
        if follow_up is None:
            return QUIET
        return max(QUIET, follow_up.after.length * max(1, follow_up.times - step + 1))
