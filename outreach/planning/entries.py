"""One letter of the plan while its time is being found."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from outreach.model.campaign import Transport, Wave
from outreach.model.contact import Channel, ChannelKind, Contact
from outreach.model.event import EventKind
from outreach.model.past import SentLetter
from outreach.model.plan import ItemKind, ItemState, PlanItem
from outreach.model.recipient import Recipient, Why
from outreach.model.records import dataclass
from outreach.planning.against import no_means_no, paused
from outreach.planning.context import Context
from outreach.planning.pace import Order
from outreach.planning.sent import BY_HAND, is_draft, is_from_elsewhere, is_gone
from outreach.words.wall_time import resolve

_NO_TIME = (Why.PROBLEM, Why.PAUSED, Why.CONDITION, Why.UNKNOWN, Why.REFUSED)
"""What holds a letter, so that it takes no slot and keeps nobody waiting."""


@dataclass(kw_only=True, slots=True)
class Entry:
    """A letter that was sent, or that its wave would write. `state` is None until its time is known.

    `note` says more than until when it waits. `due` is an aware UTC instant: before it has its slot, the earliest.
    """

    letter: Recipient
    wave: Wave
    contact: Contact
    step: int
    order: Order
    by_hand: bool = False
    state: ItemState | None = None
    why: Why | None = None
    reason: str = ""
    note: str = ""
    due: datetime | None = None
    since: datetime | None = None

    @property
    def closed(self) -> bool:
        """Whether its own condition does not hold, so that nobody knows when it is due."""
        return self.letter.closed

    @property
    def left(self) -> bool:
        return self.state is ItemState.DONE

    @property
    def may_leave(self) -> bool:
        """Whether it has not left and may still do so by itself or by a person's decision; missed ones do not."""
        return self.state not in (ItemState.DONE, ItemState.MISSED)

    @property
    def unapproved(self) -> str:
        """Why nobody let it go out yet, "" where somebody did or nobody has to."""
        return self.letter.reason if self.letter.why is Why.APPROVAL else ""

    def hold(self, why: Why, reason: str, since: datetime | None = None) -> None:
        """Hold it up, with the reason."""
        self.state, self.why, self.reason, self.since = ItemState.HELD, why, reason, since

    def miss(self, reason: str, due: datetime | None) -> None:
        """It would come too late."""
        self.state, self.why, self.reason, self.due = ItemState.MISSED, Why.TIME, reason, due

    def at(self, slot: datetime, context: Context) -> None:
        """It can leave at `slot` (aware UTC)."""
        self.due, channel = slot, self.letter.channel
        self.state = ItemState.DUE if slot <= context.now else ItemState.WAITING
        todo = _task(channel) if self.by_hand and channel is not None else ""
        if self.unapproved:
            when = f"; until {context.say.moment(slot)}{self.note}" if self.note else ""
            self.why, self.reason = Why.APPROVAL, f"{self.unapproved}{when}"
        elif self.state is ItemState.DUE:
            self.reason = todo
        else:
            until = f"until {context.say.moment(slot)}{self.note}"
            self.why, self.reason = Why.TIME, f"{until}; then {todo}" if todo else until

    def item(self, context: Context) -> PlanItem:
        """It as an item of the plan. It has been decided."""
        assert self.state is not None
        return PlanItem(
            id=self.letter.id,
            kind=ItemKind.TASK if self.by_hand else ItemKind.LETTER,
            state=self.state,
            zone=context.campaign.timezone,
            due=self.due,
            reason=self.reason,
            since=self.since,
            contact=self.contact.id,
            wave=self.wave.id,
            step=self.step,
            owner=self.contact.owner,
            recipient_zone=context.recipient_zone(self.contact),
            why=self.why,
            unapproved=self.unapproved,
            decision=self.letter.decision if self.why is self.letter.why else None,
        )


def entry_of(letter: Recipient, order: Order, context: Context) -> Entry:
    """The entry of a recipient that is not left out: settled, held, or with the earliest moment of a follow-up."""
    wave, contact, step = letter.wave, letter.contact, letter.step
    entry = Entry(letter=letter, wave=wave, contact=contact, step=step, order=order, by_hand=letter.by_hand)
    if letter.sent is not None:
        _settle(entry, letter.sent, context)
        return entry
    if letter.why in _NO_TIME:
        entry.hold(letter.why, letter.reason, letter.since)
    if letter.came is not None and not letter.closed and letter.wave.follow_up is not None:
        entry.due = letter.wave.follow_up.after.after(letter.came)
        _wait_while_away(entry, context)
    return entry


def _settle(entry: Entry, letter: SentLetter, context: Context) -> None:
    """It left, or may have."""
    day = context.say.day(letter.at)
    entry.due = letter.at
    entry.by_hand = letter.kind in BY_HAND
    no = next(no_means_no(context, entry.wave, entry.contact), None) if is_draft(letter) else None
    if no is not None and letter.kind is EventKind.DRAFT_DELETED:
        entry.state, entry.reason = ItemState.DONE, f"not sent, its draft is deleted: {no.reason}"
        return
    if no is not None:
        entry.hold(Why.CONDITION, f"{no.reason}; delete its draft in your mailbox, do not send it", letter.at)
        return
    lying = context.sent_letters.drafts(entry.contact.id, letter.wave, letter.step)
    if is_gone(letter) and lying:  # contacts were merged, and each had a draft
        entry.hold(
            Why.CONDITION, f"sent already on {day}; delete its other draft in your mailbox, do not send it", letter.at
        )
        return
    if len(lying) > 1:
        todo = "delete one of them in your mailbox, and run `outreach sync`"
        entry.hold(Why.CONDITION, f"two drafts to them, since contacts were merged; {todo}", letter.at)
        return
    if letter.kind is EventKind.DRAFT_DELETED:
        todo = f"to write it again: `outreach confirm {entry.letter.id} --not-sent`; if not: `outreach done`"
        entry.hold(Why.UNKNOWN, f"you deleted its draft (seen on {day}); {todo}", letter.at)
        return
    if context.waits_for_word(letter):
        where = "saved in outbox/" if is_gone(letter) else "saved in your drafts"
        say_which = f"`outreach confirm --wave {entry.wave.id}` --sent or --not-sent"
        entry.hold(Why.UNKNOWN, f"{where} on {day}; did you send it? {say_which}", letter.at)
        return
    if letter.kind is EventKind.IN_DRAFTS and (pause := next(paused(context, entry.wave.id, entry.contact), None)):
        entry.hold(Why.PAUSED, f"{pause.reason}; do not send its draft", letter.at)
        return
    if letter.kind is EventKind.IN_DRAFTS:
        entry.state, entry.reason = ItemState.DONE, f"in your drafts since {day}: written, not sent"
        return
    if not is_gone(letter):
        entry.state, entry.why, entry.since = ItemState.IN_DOUBT, Why.UNKNOWN, letter.at
        which = f"say which: `outreach confirm {entry.letter.id}` --sent or --not-sent"
        entry.reason = f"it may have been sent on {day}; {which}"
        return
    entry.state = ItemState.DONE
    if letter.via == "sent":
        entry.reason = f"in your Sent folder since {day}"
    elif is_from_elsewhere(letter):
        entry.reason = f"sent from another computer on {day}"
    elif letter.via == Transport.IMAP_DRAFTS:
        entry.reason = f"sent from your drafts on {day}"
    elif entry.by_hand:
        entry.reason = f"sent by hand on {day}"
    elif letter.via == Transport.OUTBOX:
        entry.reason = f"saved on this computer on {day}, not sent"
    else:
        entry.reason = f"sent on {day} via {letter.via}" if letter.via else f"sent on {day}"


def _wait_while_away(entry: Entry, context: Context) -> None:
    """Not before the morning after the last day of which an automatic reply said that they are away."""
    last = context.past(entry.contact).away_until
    if last is None or entry.due is None:
        return
    back = resolve(datetime.combine(last + timedelta(days=1), time.min), context.zone).instant
    if back > entry.due:
        entry.due, entry.note = back, f", since they are away until {context.say.date(last)}"


def _task(channel: Channel) -> str:
    if channel.kind is ChannelKind.FORM:
        return f"paste the text into the form at {channel.address}"
    return f"send the text to {channel.address} on {str(channel.kind).capitalize()}"
