"""Readers of times as people write them; wall-clock times carry no zone here."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from outreach.campaign.definitions.definition import Schema
from outreach.campaign.values.text import Fault, did_you_mean, reads
from outreach.model.times import Delay, Hours

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]\s*([0-9]{1,2}:[0-9]{2})(?::00)?)?")
_DURATION = re.compile(r"([0-9]{1,5})\s*([smhdw])")
_MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
"""A calendar ends in the year 9999, and days are counted on from those that are written."""
_LONGEST = timedelta(days=3660)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _text_schema(pattern: str, **more: str) -> Schema:
    return {"type": "string", "pattern": f"^{pattern}$", **more}


@reads(expected="a date", example="2026-01-13", schema=_text_schema("[0-9]{4}-[0-9]{2}-[0-9]{2}", format="date"))
@lru_cache(maxsize=4096)
def day(value: str) -> date:
    """A date; reads as `datetime.date`."""
    if not _DATE.fullmatch(value):
        raise Fault
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise Fault(f"The calendar has no day {value}.", "Look at the month and the day.") from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise Fault(f"The year in {value} is not between {_FIRST_YEAR} and {_LAST_YEAR}.", "Check the year.")
    return found


@reads(expected="a time of day from 00:00 to 23:59", example="08:00", schema=_text_schema("[0-9]{1,2}:[0-9]{2}"))
def clock(value: str) -> time:
    """A time of day; reads as a naive `datetime.time`."""
    found = _CLOCK.fullmatch(value.strip())
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise Fault
    return time(int(found[1]), int(found[2]))


@reads(
    expected="a date, or a date and a time of day",
    example="2026-01-13 14:00",
    schema=_text_schema("[0-9]{4}-[0-9]{2}-[0-9]{2}([T ] *[0-9]{1,2}:[0-9]{2}(:00)?)?"),
)
def moment(value: str) -> datetime:
    """A date, or a date and a time; reads as a naive `datetime` in the campaign's zone."""
    found = _MOMENT.fullmatch(value.strip())
    if not found:
        if re.search(r"[0-9](?:Z|[+-][0-9]{2}:?[0-9]{2})$", value.strip()):
            raise Fault(hint="Remove the time zone: times are in the campaign's `timezone`.")
        raise Fault
    return datetime.combine(day.parse(found[1]), clock.parse(found[2]) if found[2] else time())


@reads(
    expected="a span of a day",
    example="09:00-17:00",
    schema=_text_schema("[0-9]{1,2}:[0-9]{2} *[-\u2013] *[0-9]{1,2}:[0-9]{2}"),
)
def hours(value: str) -> Hours:
    """A span of one day, `09:00-17:00`; reads as `Hours`."""
    opens, dash, closes = value.replace("\N{EN DASH}", "-").partition("-")
    if not dash:
        raise Fault
    whole_evening = closes.strip() == "24:00"
    hours = Hours(opens=clock.parse(opens), closes=time.min if whole_evening else clock.parse(closes))
    if hours.closes <= hours.opens and not (whole_evening or hours.closes == time.min < hours.opens):
        raise Fault("These hours end before they begin.", "Both times are of the same day; its end is 24:00.")
    return hours


def length_of(value: str) -> timedelta:
    """The duration written in `value` (`14d`, `3h`); raises Fault."""
    found = _DURATION.fullmatch(value.strip())
    if not found:
        raise Fault
    length = timedelta(**{_UNITS[found[2]]: int(found[1])})
    if length > _LONGEST:
        raise Fault("This is longer than ten years.", "Check the number and its unit.")
    return length


@reads(expected="a number with s, m, h, d or w", example="14d", schema=_text_schema("[0-9]{1,5} *[smhdw]"))
def duration(value: str) -> Delay:
    """`90s`, `30m`, `3h`, `14d` or `2w`; reads as `Delay`."""
    return Delay(length=length_of(value), text=value.strip())


@reads(
    expected="a shortest and a longest pause",
    example="90s-140s",
    schema=_text_schema("[0-9]{1,5} *[smhdw]( *[-\u2013] *[0-9]{1,5} *[smhdw])?"),
)
def duration_range(value: str) -> tuple[timedelta, timedelta]:
    """`90s-140s`, or one duration for both ends; reads as two `timedelta`."""
    first, dash, last = value.replace("\N{EN DASH}", "-").partition("-")
    shortest = length_of(first)
    longest = length_of(last) if dash else shortest
    if longest < shortest:
        raise Fault("The second of these is shorter than the first.")
    return shortest, longest


@reads(expected="a month and a day", example="12-24", schema=_text_schema("[0-9]{2}-[0-9]{2}"))
def month_day(value: str) -> tuple[int, int]:
    """A day of every year, `12-24`; reads as (month, day)."""
    found = _MONTH_DAY.fullmatch(value)
    if not found:
        hint = f"These days are of every year: write `{value[5:]}`." if _DATE.fullmatch(value) else ""
        raise Fault(hint=hint)
    month, number = int(found[1]), int(found[2])
    try:
        date(2000, month, number)  # a leap year: 02-29 is a day
    except ValueError:
        raise Fault(f"The calendar has no day {value}.", "Write the month first: `12-24` is Christmas Eve.") from None
    return month, number


@reads(expected=f"one of {', '.join(_DAYS)}", example="tue", schema={"enum": list(_DAYS)})
def weekday(value: str) -> int:
    """mon ... sun; reads as the ISO weekday, 1 to 7."""
    word = value.strip().casefold()
    if word in _DAYS:
        return _DAYS.index(word) + 1
    near = word[:3] if word[:3] in _DAYS else None
    raise Fault(hint=f"Write `{near}`." if near else did_you_mean(word, _DAYS))


@reads(expected="a number with d, w, mo or y", example="2y", schema=_text_schema("[0-9]{1,3} *(d|w|mo|y)"))
def retention(value: str) -> str:
    """How long something is kept: `2y`, `6mo`, `90d`; reads as written."""
    if not re.fullmatch(r"[0-9]{1,3}\s*(?:d|w|mo|y)", value.strip()):
        raise Fault
    return value.strip()
