"""When letters leave: every wave and contact, in exactly one state, with its time.

A letter that already left, may have, or is stopped for good needs no time. The others are held (by an
error in the files, a brake, a gate, the wave they come after, a mailbox that nobody read), missed (their
wave's `until` comes first) or have a slot: due now, or waiting for it. What is held takes no slot, so that
it keeps nobody waiting; its `due` is the earliest moment at which it could leave.
"""

from __future__ import annotations

from outreach.model.plan import NotPlanned, PlanItem
from outreach.planning.desk import Desk, Gate
from outreach.planning.entries import Entry
from outreach.planning.first_letters import FirstLetters
from outreach.planning.follow_ups import follow_ups
from outreach.planning.touches import Touches
from outreach.planning.waves import Waves
from outreach.planning.world import World


def plan_letters(world: World, gate: Gate) -> tuple[list[PlanItem], list[NotPlanned]]:
    """Every letter (or text to paste) in the order of waves, contacts and steps, and those left out.

    Whether a letter is approved makes no difference. Raises what `gate` raises.
    """
    desk = Desk(world, gate)
    written = FirstLetters(desk).walk()
    entries, left_out = written.all(), written.left_out
    later: list[Entry] = []
    for entry in entries:
        for found in follow_ups(desk, entry):
            if isinstance(found, Entry):
                later.append(found)
            else:
                left_out.append(found)
    touches = Touches(desk)
    for entry in later:
        touches.time(entry)
    waves = Waves(desk, written.entries)
    waves.time(touches)
    touches.give_slots()
    waves.estimate()
    return [entry.item(desk) for entry in sorted([*entries, *later], key=lambda each: each.order)], left_out
