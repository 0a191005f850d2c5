"""A plan as people read it: in order, day by day, in local time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from math import inf
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


def _place(item: PlanItem) -> tuple[float, str, str]:
    return item.due.timestamp() if item.due else inf, _NUMBER.sub(_sortable, item.id), item.id


def _sortable(number: re.Match[str]) -> str:
    """A number as texts compare: the longer is the larger one. Before a letter stands the end of the text, as NUL."""
    digits = number[0].lstrip("0")
    return f"\0{len(digits):06}{digits}\0"


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
    """When the item is due, as `local_moment` says it; "" where nobody knows."""
    return local_moment(item.due, item.zone, item.recipient_zone) if item.due else ""


def local_moment(due: datetime, zone: str, recipient_zone: str | None) -> str:
    """An instant (aware UTC): `Tue 13 Jan 2026 09:00 CET`.

    Where clocks at the recipient show another time, that follows in brackets, with its day where
    that is another one. Raises `zoneinfo.ZoneInfoNotFoundError`.
    """
    said = said_moment(due, zone)
    if recipient_zone is None:
        return said
    ours, theirs = due.astimezone(zone_of(zone)), due.astimezone(zone_of(recipient_zone))
    if ours.utcoffset() == theirs.utcoffset():
        return said
    time = f"{theirs:%H:%M} {zone_label(theirs)}"
    return f"{said} ({time})" if ours.date() == theirs.date() else f"{said} ({said_day(theirs)} {time})"
