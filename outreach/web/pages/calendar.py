"""The agenda as a calendar: a month, or a week with its hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.responses import Response

from outreach.model.plan import ItemState, PlanItem
from outreach.web.visit import Visit, reading

MOST_IN_A_MONTH = 4
MOST_IN_A_WEEK = 200
_EARLIEST, _LATEST = date(1970, 1, 12), date(9990, 1, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """A day with its first entries, and how many more there are."""

    date: date
    items: Sequence[PlanItem]
    more: int
    is_of_month: bool
    is_today: bool
    week: str


@reading
def show(visit: Visit) -> Response:
    """`?by=month` (or `week`), `&at=2026-01-13`: a day of it."""
    today = visit.times.day_of(visit.seen.now)
    by_week = visit.asked("by") == "week"
    at = min(max(_day(visit.asked("at")) or _first(visit, today), _EARLIEST), _LATEST)
    begins = at - timedelta(days=at.weekday()) if by_week else at.replace(day=1)
    ends = begins + timedelta(days=7) if by_week else (begins + timedelta(days=32)).replace(day=1)
    weeks = _weeks(visit, begins, ends, today, MOST_IN_A_WEEK if by_week else MOST_IN_A_MONTH)
    return visit.page(
        "calendar.html",
        by_week=by_week,
        begins=begins,
        ends=ends,
        weeks=weeks,
        previous=begins - timedelta(days=1),
        today=today,
        undated=[i for i in visit.seen.plan.items if i.due is None and i.state is not ItemState.DONE][:MOST_IN_A_WEEK],
    )


def _first(visit: Visit, today: date) -> date:
    """Today; or, if nothing lies ahead in this month, the month of what comes first."""
    days = [visit.times.day_of(i.due) for i in visit.seen.plan.items if i.due and i.state is not ItemState.DONE]
    ahead = [day for day in days if day >= today.replace(day=1)]
    return max(min(ahead, default=today), today)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _weeks(visit: Visit, begins: date, ends: date, today: date, most: int) -> list[list[Day]]:
    found: dict[date, list[PlanItem]] = defaultdict(list)
    for item in visit.seen.plan.items:
        if item.due is not None:
            found[visit.times.day_of(item.due)].append(item)
    first = begins - timedelta(days=begins.weekday())
    weeks = -(-(ends - first).days // 7)
    return [
        [
            Day(
                date=day,
                items=found[day][:most],
                more=max(0, len(found[day]) - most),
                is_of_month=begins <= day < ends,
                is_today=day == today,
                week=day.isoformat(),
            )
            for day in (first + timedelta(days=7 * week + n) for n in range(7))
        ]
        for week in range(weeks)
    ]
