"""One touch per organisation at a time: who waits for whom, and then everybody's slot.

A wave that writes `again` waits until the thread before it is over: answered, or its last follow-up has
had as long to be answered as the letters before it. A day is between two letters of different waves to
one organisation in any case.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from outreach.errors import TemplateFault
from outreach.model.campaign import Transport, Wave
from outreach.model.contact import Contact
from outreach.model.event import EventKind
from outreach.model.past import Past, SentLetter
from outreach.model.plan import ItemState
from outreach.model.recipient import Why
from outreach.planning.ahead import TOLERANCE, why_ahead
from outreach.planning.context import Context
from outreach.planning.entries import Entry
from outreach.planning.pace import Left, Order, Turn, gap_of, slots
from outreach.planning.recipients import applies_to
from outreach.planning.sent import domain_of, is_draft, is_gone
from outreach.words.calendar import SEARCH_DAYS

QUIET = timedelta(days=1)
"""What is at least between two letters of different waves to one organisation."""

NO_PAUSE = timedelta(0)
UNWANTED, UNWANTED_FOR = 3, timedelta(days=1)
"""So many refusals for policy within that time stop the run."""
MAILBOX_AGE = timedelta(hours=24)
"""How long ago the mailbox may have been read when a follow-up leaves."""


class Touches:
    """Collects the letters that could leave, orders those to one contact, and gives out the slots."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._waves = {wave.id: wave for wave in context.campaign.waves}
        self._waiting: dict[str, list[Turn]] = {}
        self._entries: dict[Order, Entry] = {}
        self._unfinished: dict[str, str] = {}
        self._ahead = why_ahead(context.world.past, context.now, context.say)
        self._unwanted = why_unwanted(context.world.past, context.now)

    def time(self, entry: Entry) -> None:
        """Decide on a letter that may leave from its `due` on (aware UTC): held, missed, or in line for a slot.

        The follow-ups come before the first letters.
        """
        context = self._context
        if entry.state is None:
            self._await_other_threads(entry)
        if entry.state is None:
            self._line_up(entry)
        if entry.state is ItemState.HELD and not entry.closed and entry.due is not None:
            entry.due = context.openings(entry.contact).at_or_after(max(context.now, entry.due))
        if entry.state is ItemState.HELD and entry.step > 0 and not entry.closed:
            self._unfinished[entry.contact.id] = entry.wave.id

    def _line_up(self, entry: Entry) -> None:
        context, earliest, ends = self._context, entry.due or self._context.now, self._context.ends(entry.wave)
        openings = context.openings(entry.contact)
        moment = openings.at_or_after(max(context.now, earliest))
        stop = self._ahead or self._unwanted
        goes_on = entry.step > 0 or entry.wave.correction_of is not None
        if stop is not None and not entry.by_hand:
            entry.hold(Why.CONDITION, stop)
        elif moment is None:
            self._nowhere(entry)
        elif ends is not None and moment >= ends:
            entry.miss(self._ended(ends, moment), openings.at_or_after(earliest))
        elif goes_on and moment <= context.now and (reason := unread(context)) is not None:
            entry.hold(Why.CONDITION, reason, context.world.past.mailbox_read)
        else:
            self._entries[entry.order] = entry
            address = entry.letter.address or ""
            # Drafts reach nobody: whoever sends them decides how fast.
            unpaced = entry.by_hand or context.campaign.accounts.mail.transport is Transport.IMAP_DRAFTS
            pace = None if unpaced else entry.wave.pace or context.campaign.pace
            turn = Turn(
                order=entry.order,
                earliest=moment,
                openings=openings,
                pace=pace,
                domain=domain_of(address),
                latest=ends,
                pause=gap_of(pace, entry.letter.id) if pace is not None else NO_PAUSE,
            )
            self._waiting.setdefault(entry.contact.id, []).append(turn)

    def give_slots(self) -> None:
        """Give every letter in line its slot; of several to one contact, the next waits for the one before.

        What nobody approved yet keeps nobody waiting: its slot is the one that it would have if it were approved now.
        """
        approved = {order for order, entry in self._entries.items() if not entry.unapproved}
        found = self._slots(self._entries)
        if approved and len(approved) < len(self._entries):
            found = {**found, **dict.fromkeys(approved), **self._slots(approved)}
        context = self._context
        for order, entry in self._entries.items():
            slot, ends = found.get(order), context.ends(entry.wave)
            if slot is None:
                self._nowhere(entry)
            elif ends is not None and slot >= ends:
                entry.miss(self._ended(ends, slot), slot)
            else:
                entry.at(slot, context)

    def _slots(self, wanted: Container[Order]) -> Mapping[Order, datetime | None]:
        chains: dict[str, list[Turn]] = {}
        for contact, turns in self._waiting.items():
            chain = [each for each in turns if each.order in wanted]
            chain.sort(key=lambda turn: (turn.earliest, turn.order), reverse=True)
            if chain:
                chains[contact] = chain

        def next_in_line(turn: Turn, slot: datetime | None) -> Turn | None:
            before = self._entries[turn.order]
            chain = chains[before.contact.id]
            if not chain:
                return None
            after = chain.pop()
            if slot is None:
                return after
            earliest = max(after.earliest, slot + self._patience(before, self._entries[after.order]))
            return replace(after, earliest=earliest)

        context = self._context
        left = Left(context.zone, context.sent_letters.for_pace())
        return slots([chain.pop() for chain in chains.values()], left, context.now, next_in_line)

    def _nowhere(self, entry: Entry) -> None:
        where = "look at `calendar` and `pace` in campaign.yaml"
        day = self._context.say.day(max(entry.due or self._context.now, self._context.now))
        entry.hold(Why.TIME, f"the calendar has no free time in the {SEARCH_DAYS} days from {day} on; {where}")
        entry.due = None

    def _ended(self, ends: datetime, moment: datetime) -> str:
        say = self._context.say
        last = say.day(ends - timedelta(microseconds=1))
        if ends <= self._context.now:
            return f"its wave ended on {last}"
        return f"its turn would come on {say.moment(moment)}, after its wave's last day, {last}"

    # -- threads ---------------------------------------------------------------------------

    def _await_other_threads(self, entry: Entry) -> None:
        """Put off a letter to somebody with whom another wave's thread is not over."""
        letters: dict[str, list[SentLetter]] = {}
        for (wave, _), letter in self._context.sent_letters.of_contact(entry.contact.id).items():
            if wave != entry.wave.id:
                letters.setdefault(wave, []).append(letter)
        unfinished = self._unfinished.get(entry.contact.id, entry.wave.id)
        if entry.step == 0 and unfinished != entry.wave.id:
            entry.hold(Why.CONDITION, f"its follow-up in `{unfinished}` goes first, and is held")
            return
        for wave, thread in letters.items():
            if any(is_draft(letter) for letter in thread):
                entry.hold(Why.CONDITION, f"its letter in `{wave}` was written as a draft, and comes first")
                return
            if any(not is_gone(letter) for letter in thread):
                entry.hold(
                    Why.UNKNOWN, f"the email of `{wave}` to them may have been sent; say which: `outreach confirm`"
                )
                return
            over = max(each.at for each in thread) if wave == entry.wave.correction_of else self._over(thread, entry)
            if over > (entry.due or self._context.now):
                entry.due = over
                entry.note = f", after its letter in `{wave}` had time for an answer" if entry.step == 0 else ""

    def _over(self, thread: list[SentLetter], entry: Entry) -> datetime:
        """When a thread that began in another wave is over."""
        last = max(thread, key=lambda letter: letter.at)
        answered = self._context.past(entry.contact).answered
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
            follow_up = applies_to(self._context, wave, contact) if wave is not None else None
        except TemplateFault:
            follow_up = None
        if follow_up is None:
            return QUIET
        return max(QUIET, follow_up.after.length * max(1, follow_up.times - step + 1))


def why_unwanted(past: Past, now: datetime) -> str | None:
    """Why nothing more should leave now: several servers within a day refused mail like ours (5.7.x), or None.

    That is about how we send, and not about whom we write to.
    """
    recent = now - UNWANTED_FOR
    refused = sum(
        (each.came_back is not None and each.came_back.cause == "policy" and each.came_back.at > recent)
        or any(
            letter.kind is EventKind.REFUSED and letter.at > recent and " 5.7." in f" {letter.said}"
            for letter in each.letters
        )
        for each in past.contacts.values()
    )
    if refused < UNWANTED:
        return None
    todo = "look at SPF, DKIM and DMARC of your domain, and ask your provider; sending continues a day later"
    return f"{refused} servers refused emails like yours within a day (5.7.x): {todo}"


def unread(context: Context) -> str | None:
    """Why nobody knows whether they answered, or None if the mailbox was read within the last day."""
    read = context.world.past.mailbox_read
    if read is None:
        return "the mailbox was never read; follow-ups wait for `outreach sync`"
    if read > context.now + TOLERANCE:
        return f"the mailbox was read on {context.say.moment(read)}, in the future; follow-ups wait for `outreach sync`"
    if context.now - read > MAILBOX_AGE:
        return f"the mailbox was last read on {context.say.moment(read)}; follow-ups wait for `outreach sync`"
    return None
