"""A post's window: the moments it allows, the nearest one where it allows none, and how to say it."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from outreach.model.campaign import Calendar
from outreach.model.records import dataclass
from outreach.model.times import Hours, Window, YearlySpan
from outreach.words.wall_time import stretches, zone, zone_label

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""ISO weekday n is WEEKDAYS[n - 1]; written out, because `strftime` follows the machine's locale."""

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

SEARCH_DAYS = 366
"""How far from a window the nearest moment is looked for: every yearly span has ended by then."""

# Clear of both ends of what `datetime` can hold, so that a zone's offset never leads past them.
_FIRST_DAY, _LAST_DAY = date(2, 1, 1), date(9998, 12, 30)


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Span:
    """A stretch of time, [start, end), both aware and in UTC."""

    start: datetime
    end: datetime


def each_moment(window: Window, calendar: Calendar, default_zone: str) -> Iterator[Span]:
    """The spans in which the post may go out, one after the other, none longer than one day of the window.

    Days and hours are read in the window's own zone, else in `default_zone`, the campaign's IANA
    name. The calendar takes away only its `avoid` days, which are days in the campaign's zone: its
    `days` and `hours` are for letters, a post says its own. An instant is allowed when the clocks
    then show an allowed day and hour, so hours inside a gap give nothing, and a repeated hour twice.

    Raises `zoneinfo.ZoneInfoNotFoundError` for an unknown zone.
    """
    for day in _days_of(window, calendar):
        yield from _of_day(day, window, calendar, default_zone)


def last_moment(window: Window, calendar: Calendar, default_zone: str) -> Span | None:
    """The last of `each_moment`, without a look at those before it."""
    for day in _days_of(window, calendar, step=-1):
        if found := _of_day(day, window, calendar, default_zone):
            return found[-1]
    return None


def _days_of(window: Window, calendar: Calendar, step: int = 1) -> Iterator[date]:
    """The days of the window, from its end for a step of -1, on which the calendar may leave an hour.

    Year by year: a window of centuries of which the calendar avoids all but a few days is looked through at once.
    """
    first, last = max(window.first, _FIRST_DAY), min(window.last, _LAST_DAY)
    left = _left_over(calendar.avoid)
    for year in range(first.year, last.year + 1)[::step]:
        for month, number in left[::step]:
            if (month, number) == (2, 29) and not isleap(year):
                continue
            day = date(year, month, number)
            if first <= day <= last:
                yield day


@lru_cache(maxsize=32)
def _left_over(avoid: tuple[YearlySpan, ...]) -> tuple[tuple[int, int], ...]:
    """The (month, day)s of which something may be left: within three days of one that is not avoided.

    A day in one zone is at most two days from the day that it then is in another; the third is for 29 February.
    """
    year = [date(2024, 1, 1) + timedelta(days=number) for number in range(366)]
    free = [avoided(day, avoid) is None for day in year]
    return tuple(
        (day.month, day.day)
        for number, day in enumerate(year)
        if any(free[(number + distance) % 366] for distance in range(-3, 4))
    )


def nearest_moment(window: Window, calendar: Calendar, default_zone: str) -> Span | None:
    """The nearest allowed span outside a window that holds none, or None within 366 days of it.

    Days and hours stay those of the window and `avoid` holds. Nearness is counted in days from the
    window's ends; of two equally near the later is taken, as a post is sooner moved back than made
    earlier.
    """
    first, last = min(window.first, window.last), max(window.first, window.last)
    left = set(_left_over(calendar.avoid))
    for distance in range(1, SEARCH_DAYS + 1):
        after = _shifted(last, distance)
        if after and (after.month, after.day) in left and (found := _of_day(after, window, calendar, default_zone)):
            return found[0]
        before = _shifted(first, -distance)
        if before and (before.month, before.day) in left and (found := _of_day(before, window, calendar, default_zone)):
            return found[-1]
    return None


def describe(span: Span, zones: Sequence[ZoneInfo]) -> str:
    """The span as people say it in the first zone, and in brackets in the others where they differ.

    For example "Tuesday 6 January 2026, 14:00-16:00 CET (08:00-10:00 EST)". A zone in which it is
    another day says the day as well.
    """
    said = _said(span, zones[0])
    others: list[str] = []
    for other in zones[1:]:
        text = _said(span, other)
        if _day(span.start, other) == _day(span.start, zones[0]) and text != said:
            text = text.split(", ", 1)[1]
        if text != said and text not in others:
            others.append(text)
    return f"{said} ({'; '.join(others)})" if others else said


def said_date(day: date) -> str:
    """A day in words: "Tuesday 6 January 2026"."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def avoided(day: date, avoid: Sequence[YearlySpan]) -> YearlySpan | None:
    """The first of the spans to avoid that holds `day`, or None."""
    return next((span for span in avoid if span.contains(day)), None)


def _of_day(day: date, window: Window, calendar: Calendar, default_zone: str) -> list[Span]:
    if window.days and day.isoweekday() not in window.days:
        return []
    begin, end = _edges(day, window.hours)
    own, campaigns = zone(window.timezone or default_zone), zone(default_zone)
    return [
        free
        for start, stop in stretches(begin, end, own)
        for free in _outside_avoid(Span(start=start, end=stop), calendar.avoid, campaigns)
    ]


def _edges(day: date, hours: Hours | None) -> tuple[datetime, datetime]:
    """The naive wall times between which `day` is open; `closes` at 00:00 is the day's end."""
    opens, closes = (hours.opens, hours.closes) if hours else (time.min, time.min)
    end = day + timedelta(days=1) if closes == time.min else day
    return datetime.combine(day, opens), datetime.combine(end, closes)


def _outside_avoid(span: Span, avoid: Sequence[YearlySpan], zone: ZoneInfo) -> list[Span]:
    free = [span]
    # One day more on both sides: a clock set back over midnight shows the day before once again.
    day, last = _day(span.start, zone) - timedelta(days=1), _day(span.end, zone) + timedelta(days=1)
    while day <= last:
        if avoided(day, avoid):
            for start, end in stretches(*_edges(day, None), zone):
                free = [piece for part in free for piece in _without(part, start, end)]
        day += timedelta(days=1)
    return free


def _without(span: Span, start: datetime, end: datetime) -> Iterator[Span]:
    """What is left of `span` when [start, end) is taken out of it."""
    if span.start < min(start, span.end):
        yield Span(start=span.start, end=min(start, span.end))
    if max(end, span.start) < span.end:
        yield Span(start=max(end, span.start), end=span.end)


def _shifted(day: date, days: int) -> date | None:
    ordinal = day.toordinal() + days
    if _FIRST_DAY.toordinal() <= ordinal <= _LAST_DAY.toordinal():
        return date.fromordinal(ordinal)
    return None


def _day(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()


def _said(span: Span, zone: ZoneInfo) -> str:
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    before, after = zone_label(start), zone_label(end)
    since = f"{start:%H:%M}" if before == after else f"{start:%H:%M} {before}"
    # The last moment, not the end, says on which day it ends: 18:00-24:00 is all on one day.
    last = (span.end - timedelta(microseconds=1)).astimezone(zone)
    until = "24:00" if last.date() < end.date() and end.time() == time.min else f"{end:%H:%M}"
    if last.date() == start.date():
        return f"{said_date(start)}, {since}-{until} {after}"
    return f"{said_date(start)}, {since} to {said_date(last)}, {until} {after}"
