"""Files + what happened + now -> a plan: every letter, post and task, and why not the rest.

A letter that already left, may have, or is held needs no time: what is held takes no slot, so that it keeps nobody
waiting, and its `due` is the earliest moment at which it could leave. The others are held by the wave they come after
or by a mailbox that nobody read, missed (their wave's `until` comes first), or have a slot: due now, or waiting for it.
"""

from __future__ import annotations

from collections import defaultdict

from outreach.model.plan import NotPlanned, Plan, PlanItem
from outreach.model.recipient import Why
from outreach.planning.agenda import in_order
from outreach.planning.context import Context
from outreach.planning.entries import Entry, entry_of
from outreach.planning.gates import gate_of
from outreach.planning.posts import plan_posts
from outreach.planning.recipients import Decided, decide
from outreach.planning.tasks import plan_tasks
from outreach.planning.touches import Touches
from outreach.planning.waves import Waves
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
