"""One letter of the plan while it is being decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outreach.model.campaign import Transport, Wave
from outreach.model.contact import Channel, ChannelKind, Contact
from outreach.model.ids import LetterId
from outreach.model.past import SentLetter
from outreach.model.plan import ItemKind, ItemState, PlanItem
from outreach.planning.desk import Desk
from outreach.planning.pace import Order
from outreach.planning.sent import BY_HAND, is_from_elsewhere, is_gone


@dataclass(kw_only=True, slots=True)
class Entry:
    """A letter that a wave would write. `state` is None until it is decided.

    `template` is the name of the one it is made from, where the wave still says it. `gated`: a gate
    holds it up, so that nobody knows when it is due. `note` says more than until when it waits.
    `selected`: the wave still selects the contact. `faulty`: an error in the files forbids to make it.
    """

    wave: Wave
    contact: Contact
    step: int
    order: Order
    template: str | None = None
    channel: Channel | None = None
    by_hand: bool = False
    state: ItemState | None = None
    reason: str = ""
    note: str = ""
    due: datetime | None = None
    since: datetime | None = None
    gated: bool = False
    selected: bool = True
    faulty: bool = False

    @property
    def id(self) -> str:
        return str(LetterId(wave=self.wave.id, contact=self.contact.id, step=self.step))

    @property
    def left(self) -> bool:
        return self.state is ItemState.DONE

    @property
    def may_leave(self) -> bool:
        """Whether it has not left and may still do so by itself or by a person's decision; missed ones do not."""
        return self.state not in (ItemState.DONE, ItemState.MISSED)

    def hold(self, reason: str, since: datetime | None = None, *, gated: bool = False) -> None:
        """Hold it up, with the reason."""
        self.state, self.reason, self.since, self.gated = ItemState.HELD, reason, since, gated

    def miss(self, reason: str, due: datetime | None) -> None:
        """It would come too late."""
        self.state, self.reason, self.due = ItemState.MISSED, reason, due

    def settle(self, letter: SentLetter, desk: Desk) -> None:
        """It left, or may have."""
        day = desk.say.day(letter.at)
        self.due = letter.at
        self.by_hand = letter.kind in BY_HAND
        if not is_gone(letter):
            self.state, self.since = ItemState.IN_DOUBT, letter.at
            self.reason = f"it may have left on {day}; say which with `outreach resolve {self.id}` --sent or --not-sent"
            return
        if letter.via == Transport.OUTBOX and desk.campaign.accounts.mail.transport is not Transport.OUTBOX:
            say_which = f"`outreach resolve --wave {self.wave.id}` with --sent or --not-sent"
            self.hold(f"written to outbox/ on {day}; say whether a person sent it: {say_which}", letter.at)
            return
        self.state = ItemState.DONE
        if is_from_elsewhere(letter):
            self.reason = f"left from another computer on {day}"
        elif self.by_hand:
            self.reason = f"sent by hand on {day}"
        else:
            self.reason = f"left on {day} via {letter.via}" if letter.via else f"left on {day}"

    def at(self, slot: datetime, desk: Desk) -> None:
        """It can leave at `slot` (aware UTC)."""
        self.due = slot
        todo = _task(self.channel) if self.by_hand and self.channel is not None else ""
        if slot <= desk.now:
            self.state, self.reason = ItemState.DUE, todo
            return
        until = f"until {desk.say.moment(slot)}{self.note}"
        self.state, self.reason = ItemState.WAITING, f"{until}; then {todo}" if todo else until

    def item(self, desk: Desk) -> PlanItem:
        """It as an item of the plan. It has been decided."""
        assert self.state is not None
        return PlanItem(
            id=self.id,
            kind=ItemKind.TASK if self.by_hand else ItemKind.LETTER,
            state=self.state,
            zone=desk.campaign.timezone,
            due=self.due,
            reason=self.reason,
            since=self.since,
            contact=self.contact.id,
            wave=self.wave.id,
            step=self.step,
            owner=self.contact.owner,
            recipient_zone=desk.recipient_zone(self.contact),
        )


def _task(channel: Channel) -> str:
    if channel.kind is ChannelKind.FORM:
        return f"paste the text into the form at {channel.address}"
    return f"send the text to {channel.address} on {str(channel.kind).capitalize()}"
