"""What a watch over the campaign looks for: the next 24 hours, what a person must hear of, and when to look again."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from datetime import datetime, timedelta

from outreach.model.plan import ItemKind, ItemState, Plan, PlanItem
from outreach.networks.registry import network_of

AHEAD = timedelta(hours=24)
PAUSE = timedelta(minutes=15)
"""The mailbox and the posts are read this often; sooner where something is due sooner."""

_TO_COME = (ItemState.DUE, ItemState.WAITING)
_FOR_A_PERSON = (ItemState.MISSED, ItemState.IN_DOUBT)


def next_day(plan: Plan) -> Plan:
    """The plan of the next 24 hours: what is due to go out, and all that becomes due by then."""
    until = plan.now + AHEAD
    return replace(
        plan,
        items=tuple(
            item
            for item in plan.items
            if item.state in _TO_COME and _comes(item, plan.now) and (item.due is None or item.due <= until)
        ),
    )


def reminders(plan: Plan, told: Container[tuple[str, ItemState]]) -> tuple[PlanItem, ...]:
    """What a person must do now, missed and doubtful things among it, and was not `told` of yet as it stands."""
    return tuple(
        item
        for item in plan.items
        if (item.id, item.state) not in told and (item.state in _FOR_A_PERSON or _is_due_by_hand(item, plan.now))
    )


def _is_due_by_hand(item: PlanItem, now: datetime) -> bool:
    """Tasks without a day are many and wait in the agenda; a manual post is a person's as well."""
    is_manual = item.network is not None and network_of(item.network).is_manual
    by_hand = item.kind is ItemKind.TASK or is_manual
    return by_hand and item.state is ItemState.DUE and item.due is not None and item.due <= now


def looks_again(plan: Plan, *moments: datetime | None, pause: timedelta = PAUSE) -> datetime:
    """When to look next: after a pause, or as soon as something waits no longer (aware UTC)."""
    dues = [item.due for item in plan.items if item.state is ItemState.WAITING]
    coming = [moment for moment in (*dues, *moments) if moment is not None and moment > plan.now]
    return min([plan.now + pause, *coming])


def _comes(item: PlanItem, now: datetime) -> bool:
    """A person's task that is due already is a reminder, and one without a day is not news on any day."""
    return item.kind is not ItemKind.TASK or (item.due is not None and item.due > now)
