"""The agenda as a calendar: a list from today on, a week, or a month; the emails of a wave are one entry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from starlette.responses import Response

from outreach.errors import CannotTell
from outreach.model.plan import ItemKind, ItemState, PlanItem
from outreach.model.records import dataclass
from outreach.tasks import editing, moving
from outreach.tasks.editing import Edit
from outreach.web.sessions import Act
from outreach.web.visit import Mistake, Visit, day_in, reading, typed_day, writing
from outreach.words.calendar import why_closed

MOST_IN_A_MONTH = 4
MOST_IN_A_WEEK = 200
LISTED = 92
"""Days of the list."""
VIEWS = ("list", "week", "month")
_EARLIEST, _LATEST = date(1970, 1, 12), date(9990, 1, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What is in the calendar as one: the emails of a wave on a day, or a post, or a task."""

    items: Sequence[PlanItem]
    state: str
    begins: datetime
    ends: datetime

    @property
    def first(self) -> PlanItem:
        return self.items[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """A day with its first entries, how many more there are, and why nothing may leave on it ("" where it may)."""

    date: date
    entries: Sequence[Entry]
    more: int
    is_of_month: bool
    is_today: bool
    closed: str


@reading
def show(visit: Visit) -> Response:
    """`?by=month` (or `week`, or `list`), `&at=2026-01-13`: a day of it."""
    today = visit.times.day_of(visit.seen.now)
    by = visit.asked("by") if visit.asked("by") in VIEWS else "month"
    at = min(max(day_in(visit.asked("at")) or (today if by == "list" else _first(visit, today)), _EARLIEST), _LATEST)
    begins = at if by == "list" else at - timedelta(days=at.weekday()) if by == "week" else at.replace(day=1)
    lengths = {"list": LISTED, "week": 7, "month": 32}
    ends = begins + timedelta(days=lengths[by])
    ends = ends.replace(day=1) if by == "month" else ends
    entries = _entries(visit)
    days = _days(visit, entries, begins, ends, today, MOST_IN_A_MONTH if by == "month" else MOST_IN_A_WEEK, by)
    return visit.page(
        "calendar.html",
        by=by,
        begins=begins,
        ends=ends,
        weeks=[days[n : n + 7] for n in range(0, len(days), 7)] if by != "list" else [],
        listed=[day for day in days if day.entries] if by == "list" else [],
        previous=begins - timedelta(days=LISTED if by == "list" else 1),
        today=today,
        undated=[i for i in visit.seen.plan.items if i.due is None and i.state is not ItemState.DONE][:MOST_IN_A_WEEK],
    )


def _first(visit: Visit, today: date) -> date:
    """Today; or, if nothing is ahead in this month, the month of what comes first."""
    days = [visit.times.day_of(i.due) for i in visit.seen.plan.items if i.due and i.state is not ItemState.DONE]
    ahead = [day for day in days if day >= today.replace(day=1)]
    return max(min(ahead, default=today), today)


def _entries(visit: Visit) -> Mapping[date, list[Entry]]:
    """Everything with a day: by day, in the order of its hours."""
    groups: dict[tuple[date, str], list[PlanItem]] = defaultdict(list)
    for item in visit.seen.plan.items:
        if item.due is not None:
            day, is_letter = visit.times.day_of(item.due), item.kind is ItemKind.LETTER
            groups[day, f"{item.wave}/{bool(item.step)}/{item.state}" if is_letter else item.id].append(item)
    found: dict[date, list[Entry]] = defaultdict(list)
    for (day, _), items in groups.items():
        dues = [item.due for item in items if item.due]
        found[day].append(Entry(items=items, state=str(items[0].state), begins=min(dues), ends=max(dues)))
    for entries in found.values():
        entries.sort(key=lambda each: each.begins)
    return found


def _days(
    visit: Visit, found: Mapping[date, list[Entry]], begins: date, ends: date, today: date, most: int, by: str
) -> list[Day]:
    """Every day of the view, with whole weeks around a month."""
    first = begins if by == "list" else begins - timedelta(days=begins.weekday())
    count = (ends - first).days if by == "list" else 7 * -(-(ends - first).days // 7)
    calendar = visit.seen.world.campaign.calendar
    return [
        Day(
            date=day,
            entries=found.get(day, [])[:most],
            more=max(0, len(found.get(day, [])) - most),
            is_of_month=begins <= day < ends,
            is_today=day == today,
            closed=why_closed(day, calendar) or "",
        )
        for day in (first + timedelta(days=n) for n in range(count))
    ]


# -- moving -------------------------------------------------------------------------------------


@reading
def show_move(visit: Visit) -> Response:
    """`?wave=` or `?post=` and, once a day was chosen, `&to=2026-01-20`: what would move. Writes nothing."""
    wave, post, typed = visit.asked("wave"), visit.asked("post"), {"to": visit.asked("to")}
    today = visit.times.day_of(visit.seen.now)
    to, edit = None, None
    try:
        to = typed_day(typed, "to")
        edit = _edit(visit, wave, post, to) if to is not None else None
    except CannotTell as error:
        visit.mistake = Mistake(action="/move", error=error, typed=typed)
    moved = moving.what_moves(visit.dashboard.root, edit) if edit else []
    return visit.page(
        "move.html",
        live="ask",
        wave=wave,
        post=post,
        to=to,
        tomorrow=today + timedelta(days=1),
        edit=edit,
        moved=grouped(moved),
        word=visit.session.offer(edit) if edit else "",
        closed=why_closed(to, visit.seen.world.campaign.calendar) if to and wave else None,
    )


def _edit(visit: Visit, wave: str, post: str, to: date) -> Edit:
    root = visit.dashboard.root
    return moving.move_wave(root, wave, to) if wave else moving.move_post(root, post, to)


def grouped(moved: Sequence[moving.Moved]) -> list[tuple[moving.Moved, int]]:
    """The first of each wave or post, and how many emails there are."""
    groups: dict[tuple[str, ...], list[moving.Moved]] = defaultdict(list)
    for each in moved:
        item = each.item
        is_letter = item.kind is ItemKind.LETTER
        groups[("wave", item.wave or "", str(bool(item.step))) if is_letter else ("", item.id)].append(each)
    return [(group[0], len(group)) for group in groups.values()]


@writing
def move(visit: Visit, form: Mapping[str, str]) -> Response:
    """Move what was shown, once. Raises EditedMeanwhile if the file changed since."""
    root, words, edit = visit.dashboard.root, visit.words, visit.session.taken_offer(form.get("word", ""))
    if not isinstance(edit, Edit):
        said = words("This was done already, or this page is old. Nothing was changed.")
        return visit.back_to("/calendar", said, "bad")
    editing.save(root, edit)
    what = form.get("what", "")[:200]
    said = words("Saved: {what}", what=what) if "saves" in form else words("Moved: {what}", what=what)
    return visit.back_to("/calendar", said, act=Act(text=said, undo=lambda: editing.take_back(root, edit)))
