"""When letters leave: every letter that was decided on, in exactly one state, with its time.

A letter that already left, may have, or is held needs no time: what is held takes no slot, so that it keeps nobody
waiting, and its `due` is the earliest moment at which it could leave. The others are held by the wave they come after
or by a mailbox that nobody read, missed (their wave's `until` comes first), or have a slot: due now, or waiting for it.
"""

from __future__ import annotations

from collections import defaultdict

from outreach.model.plan import NotPlanned, PlanItem
from outreach.model.recipient import Why
from outreach.planning.context import Context
from outreach.planning.entries import Entry, entry_of
from outreach.planning.gates import Gate
from outreach.planning.recipients import Decided, decide
from outreach.planning.touches import Touches
from outreach.planning.waves import Waves
from outreach.planning.world import World


def plan_letters(world: World, gate: Gate) -> tuple[list[PlanItem], list[NotPlanned]]:
    """Every letter (or text to paste) in the order of waves, contacts and steps, and those left out.

    Raises what `gate` raises.
    """
    context = Context(world, gate)
    return schedule(context, decide(context))


def schedule(context: Context, decided: Decided) -> tuple[list[PlanItem], list[NotPlanned]]:
    """The time of each letter, in the order of waves, contacts and steps, and the letters that are left out."""
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
    entries = sorted([*later, *(entry for entries in first.values() for entry in entries)], key=lambda each: each.order)
    return [entry.item(context) for entry in entries], left_out
