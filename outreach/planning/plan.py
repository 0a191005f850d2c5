"""Files + what happened + now -> a plan: every letter, post and task, and why not the rest."""

from __future__ import annotations

from outreach.model.plan import Plan
from outreach.planning.agenda import in_order
from outreach.planning.context import Context
from outreach.planning.gates import gate_of
from outreach.planning.letters import schedule
from outreach.planning.posts import plan_posts
from outreach.planning.recipients import decide
from outreach.planning.tasks import plan_tasks
from outreach.planning.world import World

__all__ = ["World", "plan"]


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
