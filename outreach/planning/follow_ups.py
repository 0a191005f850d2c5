"""Follow-ups: what comes next where a letter left and nobody answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from outreach.errors import TemplateFault
from outreach.model.campaign import FollowUp, Wave
from outreach.model.contact import ChannelKind, Contact
from outreach.model.plan import NotPlanned
from outreach.planning.ahead import TOLERANCE
from outreach.planning.desk import Desk
from outreach.planning.entries import Entry
from outreach.planning.obstacles import SEE_CHECK, obstruct, stopped
from outreach.planning.selection import follow_up_for
from outreach.planning.sent import is_gone
from outreach.words.wall_time import resolve

MAILBOX_AGE = timedelta(hours=24)
"""How long ago the mailbox may have been read when a follow-up leaves."""


def follow_ups(desk: Desk, first: Entry) -> Iterator[Entry | NotPlanned]:
    """The follow-ups of a first letter: those that left, then the one that comes next, if any."""
    letters = desk.departures.of_contact(first.contact.id)
    steps = sorted(step for wave, step in letters if wave == first.wave.id and step > 0)
    for step in steps:
        entry = _entry(first, step)
        entry.settle(letters[first.wave.id, step], desk)
        yield entry
    previous = letters[first.wave.id, steps[-1]] if steps else None
    if not first.left or (previous is not None and not is_gone(previous)) or first.due is None:
        return
    came = previous.at if previous is not None else first.due
    step = steps[-1] + 1 if steps else 1
    entry = _entry(first, step)
    try:
        follow_up = applies(desk, first.wave, first.contact)
    except TemplateFault:
        entry.hold(f"the follow-up's `to` cannot be compared with the contact; {SEE_CHECK}")
        yield entry
        return
    if follow_up is None or step > follow_up.times:
        return
    reason = stopped(desk, first.wave, first.contact)
    if reason is None and not first.selected:
        reason = f"`{first.wave.id}` does not choose it any more"
    if reason is not None:
        yield NotPlanned(contact=first.contact.id, wave=first.wave.id, reason=f"no follow-up: {reason}")
        return
    _decide(desk, entry, follow_up, came, first.template)
    yield entry


def applies(desk: Desk, wave: Wave, contact: Contact) -> FollowUp | None:
    """The follow-up this contact would get. Raises TemplateFault (`bad-expression`)."""
    return follow_up_for(wave, contact, desk.campaign.language, desk.expressions)


def _entry(first: Entry, step: int) -> Entry:
    return Entry(wave=first.wave, contact=first.contact, step=step, order=(*first.order[:2], step))


def _decide(desk: Desk, entry: Entry, follow_up: FollowUp, came: datetime, first: str | None) -> None:
    """Say in `due` from when on it may leave, and hold it where something is in its way."""
    entry.template = follow_up.template
    entry.channel = desk.channel(follow_up.template, entry.contact, first)
    entry.by_hand = entry.channel is not None and entry.channel.kind is not ChannelKind.EMAIL
    closed = desk.gate(follow_up.needs, f"follow-up:{entry.wave.id}")
    entry.due = _not_while_away(desk, entry, came + follow_up.after.length) if closed is None else None
    obstruct(desk, entry, follow_up.template, closed)


def _not_while_away(desk: Desk, entry: Entry, due: datetime) -> datetime:
    """`due`, or the morning after the last day of which an automatic reply said that they are away."""
    last = desk.past(entry.contact).away_until
    if last is None:
        return due
    back = resolve(datetime.combine(last + timedelta(days=1), time.min), desk.zone).instant
    if back > due:
        entry.note = f", since they are away until {desk.say.date(last)}"
    return max(due, back)


def unread(desk: Desk) -> str | None:
    """Why nobody knows whether they answered, or None where the mailbox was read within the last day."""
    read = desk.world.past.mailbox_read
    if read is None:
        return "the mailbox was never read; follow-ups wait for `outreach sync`"
    if read > desk.now + TOLERANCE:
        return f"the mailbox was read on {desk.say.moment(read)}, in the future; follow-ups wait for `outreach sync`"
    if desk.now - read > MAILBOX_AGE:
        return f"the mailbox was last read on {desk.say.moment(read)}; follow-ups wait for `outreach sync`"
    return None
