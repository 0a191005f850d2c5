"""Files + what happened + now -> a plan: every letter, post and task, and why not the rest.

A letter that already left, may have, or is held needs no time: what is held takes no slot, so that it keeps nobody
waiting, and its `due` is the earliest moment at which it could leave. The others are held by the wave they come after
or by a mailbox that nobody read, missed (their wave's `until` comes first), or have a slot: due now, or waiting for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

from outreach.model.campaign import AfterWave, Wave
from outreach.model.plan import ItemState, NotPlanned, Plan, PlanItem
from outreach.model.recipient import Why
from outreach.planning.agenda import in_order
from outreach.planning.context import Context
from outreach.planning.entries import Entry, entry_of
from outreach.planning.gates import gate_of
from outreach.planning.posts import plan_posts
from outreach.planning.recipients import Decided, decide
from outreach.planning.tasks import plan_tasks
from outreach.planning.touches import Touches
from outreach.planning.world import World


def plan(world: World) -> Plan:
    """Everything that would happen, from now on and in order, and the letters that will not be written.

    The same world gives the same plan. Raises `zoneinfo.ZoneInfoNotFoundError` for a campaign in an
    unknown zone.
    """
    gate = gate_of(world)
    context = Context(world, gate)
    decided = decide(context)
    letters, left_out = schedule(context, decided)
    items = in_order([*letters, *plan_posts(world, gate), *plan_tasks(world, letters)])
    return Plan(
        now=world.now,
        items=items,
        left_out=tuple(left_out),
        recipients=decided.recipients,
        problems=decided.problems,
    )


def schedule(context: Context, decided: Decided) -> tuple[list[PlanItem], list[NotPlanned]]:
    """The time of each letter, in the order of waves, contacts and steps, and the letters that are left out."""
    entries, left_out = _timed(context, decided)
    entries.sort(key=lambda each: each.order, reverse=True)
    items = []
    while entries:  # each goes as its item comes: there may be a hundred thousand
        items.append(entries.pop().item(context))
    return items, left_out


def _timed(context: Context, decided: Decided) -> tuple[list[Entry], list[NotPlanned]]:
    waves = {wave.id: place for place, wave in enumerate(context.campaign.waves)}
    contacts = {contact.id: place for place, contact in enumerate(context.world.contacts)}
    first: dict[str, list[Entry]] = defaultdict(list)
    later: list[Entry] = []
    left_out: list[NotPlanned] = []
    for letter in decided.recipients:
        wave, contact = letter.wave.id, letter.contact.id
        if letter.why is Why.LEFT_OUT and letter.sent is None:
            left_out.append(NotPlanned(contact=contact, wave=wave, reason=letter.reason))
            continue
        entry = entry_of(letter, (waves[wave], contacts[contact], letter.step), context)
        (later if letter.step else first[wave]).append(entry)
    touches = Touches(context)
    for entry in later:
        touches.time(entry)
    in_waves = Waves(context, first)
    in_waves.time(touches)
    touches.give_slots()
    in_waves.estimate()
    return [*later, *chain.from_iterable(first.values())], left_out


class Waves:
    """The first letters of each wave, those that its `to` does not select any more among them."""

    def __init__(self, context: Context, entries: Mapping[str, Sequence[Entry]]) -> None:
        self._context = context
        self._waves = {wave.id: wave for wave in context.campaign.waves}
        self._entries = entries

    def time(self, touches: Touches) -> None:
        """Put every letter that nothing holds up in line, from the beginning of its wave on."""
        for wave in self._in_order():
            begins = self._begins(wave)
            for entry in self._entries.get(wave.id, ()):
                if entry.state is None and begins is None:
                    entry.hold(Why.CONDITION, self._not_yet(wave))
                elif entry.state in (None, ItemState.HELD) and not entry.closed:
                    entry.due = begins
                    touches.time(entry)

    def estimate(self) -> None:
        """Say of the letters that wait for another wave when they could leave at the earliest, if that is known."""
        context = self._context
        for wave in self._in_order():
            estimate = self._estimate(wave)
            if estimate is None:
                continue
            for entry in self._entries.get(wave.id, ()):
                if entry.state is ItemState.HELD and not entry.closed and entry.due is None:
                    entry.due = context.openings(entry.contact).at_or_after(max(context.now, estimate))

    def _in_order(self) -> Iterator[Wave]:
        """Each wave after the one it waits for; waves that wait for one another in some order."""
        done: set[str] = set()
        for wave in self._context.campaign.waves:
            line: list[Wave] = []
            while wave.id not in done:
                done.add(wave.id)
                line.append(wave)
                if wave.after is None or wave.after.wave not in self._waves:
                    break
                wave = self._waves[wave.after.wave]
            yield from reversed(line)

    def _begins(self, wave: Wave) -> datetime | None:
        """When the wave may begin (aware UTC), None if that is not known yet."""
        start, after = self._context.starts(wave), wave.after
        if after is None:
            return start
        came = self._left(after)
        if came is not None and came <= max(start, self._context.now):
            return start
        if after.otherwise is not None and self._context.unmet(after.otherwise, f"after:{wave.id}") is None:
            return start
        return came

    def _left(self, after: AfterWave) -> datetime | None:
        """When the last first letter of the other wave left, and its delay later; None while one may still leave."""
        entries = self._entries.get(after.wave, ())
        left = [entry.due for entry in entries if entry.left and entry.due is not None]
        if not left or any(entry.may_leave for entry in entries):
            return None
        return after.delay.after(max(left)) if after.delay else max(left)

    def _estimate(self, wave: Wave) -> datetime | None:
        after = wave.after
        entries = [each for each in self._entries.get(after.wave, ()) if each.left or each.may_leave] if after else []
        dues = [entry.due for entry in entries]
        known = [due for due in dues if due is not None]
        if after is None or not known or len(known) < len(dues):
            return None
        last = after.delay.after(max(known)) if after.delay else max(known)
        return max(last, self._context.starts(wave))

    def _not_yet(self, wave: Wave) -> str:
        assert wave.after is not None
        name, otherwise = wave.after.wave, wave.after.otherwise
        entries = self._entries.get(name, ())
        waiting = sum(entry.may_leave for entry in entries)
        if not waiting:
            said = f"after the wave {name}, in which no email was sent"
        elif any(entry.left for entry in entries):
            said = f"after the wave {name}, of which {waiting} {'is' if waiting == 1 else 'are'} not sent yet"
        else:
            said = f"after the wave {name}, which is not sent yet"
        return f"{said}; or as soon as {otherwise.source}" if otherwise is not None else said
