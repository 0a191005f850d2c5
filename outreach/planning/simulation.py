"""The plan played forward: what would happen if everything due were sent, and nobody answered.

Day by day, and within a day from one post to the next, since a post may set others going. Letters leave,
texts are pasted and posts are published when they are due; the mailbox is read every day and is empty. What
only a person can judge (decisions, checklists, numbers of posts) does not happen, so gates that need it hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta

from outreach.history import contact_after, post_after
from outreach.model.event import Event, EventKind
from outreach.model.past import ContactPast, Past, PostPast
from outreach.model.payload import LetterPayload, PlainPayload
from outreach.model.plan import ItemKind, ItemState, Plan, PlanItem
from outreach.planning.agenda import in_order
from outreach.planning.gates import newly_open
from outreach.planning.world import World
from outreach.words.wall_time import resolve, zone

MOST_DAYS = 366
_BY = "simulation"


def simulate(world: World, days: int, plan: Callable[[World], Plan]) -> Plan:
    """What would happen within so many days from now, and what would still be open at their end.

    What happens has the state and reason that it has when its day begins. Today counts as the first day.
    """
    # Whatever is approved later leaves as if it were approved now.
    world = replace(world, campaign=replace(world.campaign, approval="none"))
    end = _end_of_day(world, days - 1)
    happened: dict[str, PlanItem] = {}
    present = _looked(world)
    while present.now < end:
        stop = min(end, _end_of_day(present, 0))
        batch = _next(plan(present), stop, happened)
        happened |= {item.id: item for item in batch}
        last_post = max((item.due for item in batch if item.kind is ItemKind.POST and item.due), default=None)
        past = _after(present.past, batch)
        moved = max(present.now, last_post) if last_post is not None else stop
        present = _looked(replace(present, past=past, now=moved))
    left = [item for item in plan(present).items if _is_open(item, end) and item.id not in happened]
    return Plan(now=world.now, items=in_order([*happened.values(), *left]))


def _is_open(item: PlanItem, end: datetime) -> bool:
    return item.state is not ItemState.DONE and (item.due is None or item.due <= end)


def _end_of_day(world: World, later: int) -> datetime:
    """The instant at which the day after the present one, or one so many days later, begins."""
    home = zone(world.campaign.timezone)
    day = world.now.astimezone(home).date() + timedelta(days=later + 1)
    return resolve(datetime.combine(day, time.min), home).instant


def _next(plan: Plan, stop: datetime, happened: Iterable[str]) -> list[PlanItem]:
    """What happens next: up to the first post before `stop`, or else all letters before it."""
    can = [item for item in plan.items if _happens(item, stop) and item.id not in happened]
    first_post = min((item.due for item in can if item.kind is ItemKind.POST and item.due), default=stop)
    return [item for item in can if item.due is not None and item.due <= first_post]


def _happens(item: PlanItem, stop: datetime) -> bool:
    is_effect = item.kind is ItemKind.POST or item.wave is not None
    return is_effect and item.state in (ItemState.DUE, ItemState.WAITING) and item.due is not None and item.due < stop


def _looked(world: World) -> World:
    """The world with its mailbox just read, and with the gates noted that hold now."""
    gates = {name: world.now for name, _ in newly_open(world)}
    past = replace(world.past, mailbox_read=world.now, gates={**world.past.gates, **gates})
    return replace(world, past=past)


def _after(past: Past, batch: Iterable[PlanItem]) -> Past:
    """The past after these have happened."""
    contacts, posts = dict(past.contacts), dict(past.posts)
    for item in batch:
        event = _event(item)
        if item.contact is not None:
            contacts[item.contact] = contact_after(
                contacts.get(item.contact) or ContactPast(contact=item.contact), event
            )
        elif item.post is not None and item.network is not None:
            key = (item.post, item.network)
            posts[key] = post_after(posts.get(key) or PostPast(post=item.post, network=item.network), event)
    return replace(past, contacts=contacts, posts=posts)


def _event(item: PlanItem) -> Event:
    assert item.due is not None
    is_post, is_letter = item.kind is ItemKind.POST, item.kind is ItemKind.LETTER
    kind = EventKind.POSTED if is_post else EventKind.ACCEPTED if is_letter else EventKind.FORM_SENT
    return Event.saying(
        kind,
        PlainPayload() if is_post else LetterPayload(via=_BY),
        at=item.due,
        recorded=item.due,
        by=_BY,
        contact=item.contact,
        wave=item.wave,
        step=item.step,
        post=item.post,
        network=item.network,
    )
