"""A plan as people read it: in order, day by day, in local time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from outreach.model.plan import ItemState, Plan, PlanItem
from outreach.model.recipient import Why
from outreach.planning.saying import Sayer
from outreach.words.said_time import said_day, said_moment
from outreach.words.wall_time import zone as zone_of
from outreach.words.wall_time import zone_label

_NUMBER = re.compile(r"([0-9]+)")


def in_order(items: Iterable[PlanItem]) -> tuple[PlanItem, ...]:
    """The items by due time, those without one last; at the same time by id, line 9 before line 10."""
    return tuple(sorted(items, key=_place))


def _place(item: PlanItem) -> tuple[bool, float, list[str | int], str]:
    return item.due is None, item.due.timestamp() if item.due else 0.0, _pieces(item.id), item.id


def _pieces(id: str) -> list[str | int]:
    pieces: list[str | int] = [*_NUMBER.split(id)]
    pieces[1::2] = map(int, pieces[1::2])  # numbers stand between texts, so that like compares with like
    return pieces


def by_day(plan: Plan, zone: ZoneInfo) -> list[tuple[date | None, list[PlanItem]]]:
    """The plan's items by the day on which they are due on the clocks of `zone`; None comes last."""
    days: dict[date | None, list[PlanItem]] = {}
    for item in plan.items:
        day = item.due.astimezone(zone).date() if item.due else None
        days.setdefault(day, []).append(item)
    return sorted(days.items(), key=lambda found: (found[0] is None, found[0] or date.min))


def reason_beside_time(item: PlanItem) -> str:
    """The item's reason for somebody who sees its time beside it: without "until" and that time.

    That a letter has yet to be approved is said once it is due: until then there is time.
    """
    if item.due is None:
        return item.reason
    if item.why is Why.APPROVAL and item.state is ItemState.WAITING:
        return ""
    home = zone_of(item.zone)
    this_year, another = Sayer(item.due, home), Sayer(item.due - timedelta(days=400), home)
    times = (local_text(item), said_moment(item.due, item.zone), this_year.moment(item.due), another.moment(item.due))
    for until in (f"until {time}" for time in times):
        if item.reason.startswith(until):
            return item.reason.removeprefix(until).lstrip(",;: ")
    return item.reason


def local_text(item: PlanItem) -> str:
    """When the item is due: `Tue 13 Jan 2026 09:00 CET`; "" where nobody knows.

    Where clocks at the recipient show another time, that follows in brackets, with its day where
    that is another one. Raises `zoneinfo.ZoneInfoNotFoundError`.
    """
    if item.due is None:
        return ""
    said = said_moment(item.due, item.zone)
    if item.recipient_zone is None:
        return said
    ours, theirs = item.due.astimezone(zone_of(item.zone)), item.due.astimezone(zone_of(item.recipient_zone))
    if ours.utcoffset() == theirs.utcoffset():
        return said
    time = f"{theirs:%H:%M} {zone_label(theirs)}"
    return f"{said} ({time})" if ours.date() == theirs.date() else f"{said} ({said_day(theirs)} {time})"
