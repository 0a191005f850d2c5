"""When emails may go out: the days and hours of a campaign's calendar, on the clocks of one place.

Public holidays come from the `holidays` library: national ones, with the days given in lieu.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from outreach.model.campaign import Calendar
from outreach.words.wall_time import stretches
from outreach.words.windows import MONTHS, WEEKDAYS, avoided

SEARCH_DAYS = 800
"""How far ahead an allowed moment is looked for: two years, and the longest holiday after them."""

_LAST_ORDINAL = date(9998, 12, 30).toordinal()  # clear of the end of what `datetime` can hold

Stretch = tuple[datetime, datetime]


class Openings:
    """The stretches of time that a calendar allows, on the clocks of `zone`.

    Where `home` is given and another zone, days to avoid and public holidays count there too: on the
    24th in Brussels nobody sends a letter to Apia, where it is the 25th. Days and hours are read in
    `zone` alone. Remembers what it worked out; not thread-safe.
    """

    def __init__(self, calendar: Calendar, zone: ZoneInfo, home: ZoneInfo | None = None) -> None:
        self._calendar = calendar
        self._zone = zone
        self._home = None if home is None or home.key == zone.key else home
        self._days: dict[int, list[Stretch]] = {}
        self._last: Stretch | None = None

    def at_or_after(self, instant: datetime) -> datetime | None:
        """The first allowed instant (aware UTC) at or after `instant`, or None within 800 days."""
        instant = instant.astimezone(UTC)  # in which a day is always 24 hours
        if self._last is not None and self._last[0] <= instant < self._last[1]:
            return instant
        # One day back and one ahead: a clock set back over midnight shows the day before once again.
        first = instant.astimezone(self._zone).date().toordinal() - 1
        for ordinal in range(first, min(first + SEARCH_DAYS + 2, _LAST_ORDINAL)):
            found = [each for each in self._of_day(ordinal) + self._of_day(ordinal + 1) if each[1] > instant]
            if found:
                self._last = min(found)
                return max(self._last[0], instant)
        return None

    def _of_day(self, ordinal: int) -> list[Stretch]:
        found = self._days.get(ordinal)
        if found is None:
            found = self._days[ordinal] = self._worked_out(date.fromordinal(ordinal))
        return found

    def _worked_out(self, day: date) -> list[Stretch]:
        if _closed(day, self._calendar) or not _weekday_allowed(day, self._calendar):
            return []
        found = stretches(*_edges(day, self._calendar), self._zone)
        return found if self._home is None else self._open_at_home(found, self._home)

    def _open_at_home(self, found: list[Stretch], home: ZoneInfo) -> list[Stretch]:
        """What is left of the stretches without the days that are closed at home."""
        if not found:
            return []
        day = found[0][0].astimezone(home).date() - timedelta(days=1)
        last = found[-1][1].astimezone(home).date() + timedelta(days=1)
        while day <= last:
            if _closed(day, self._calendar):
                for start, stop in stretches(*_whole(day), home):
                    found = [piece for each in found for piece in _without(each, start, stop)]
            day += timedelta(days=1)
        return found


def why_closed(day: date, calendar: Calendar) -> str | None:
    """Why no letter may leave on the whole of `day`, or None."""
    reason = _closed(day, calendar)
    return reason if reason or _weekday_allowed(day, calendar) else f"it is {WEEKDAYS[day.weekday()]}"


def public_holiday(day: date, country: str) -> str | None:
    """What is celebrated on `day` in `country` (ISO 3166-1 alpha-2), in English where it is known."""
    return _holidays(country, day.year).get(day)


@cache
def holiday_countries() -> Mapping[str, str]:
    """Every name by which the `holidays` library knows a country, folded -> its ISO 3166-1 alpha-2 code.

    Names in English, and codes of two and three letters.
    """
    from holidays.registry import COUNTRIES

    found = {}
    for name, (_, short, *codes) in COUNTRIES.items():
        for each in (name.replace("_", " "), short, *codes):
            found[each.casefold()] = short
    return found


def has_holidays(country: str) -> bool:
    """Whether public holidays are known of the country of that code; of islands without people none are."""
    return bool(_holidays(country, 2020))


Holidays = dict[tuple[str, int], dict[date, str]]
"""By country and year: what is celebrated when."""
_worked_out: Holidays = {}


def holidays_of(countries: Iterable[str], years: Iterable[int]) -> Holidays:
    """The public holidays of these countries and years, to be remembered by another process."""
    return {(country, year): _holidays(country, year) for country in countries for year in years}


def remember(found: Holidays) -> None:
    """Take them as worked out. The `holidays` library, slow to import, is asked about others only."""
    _worked_out.update(found)


def _holidays(country: str, year: int) -> dict[date, str]:
    found = _worked_out.get((country, year))
    if found is None:
        found = _worked_out[country, year] = _asked_for(country, year)
    return found


def _asked_for(country: str, year: int) -> dict[date, str]:
    import holidays

    try:
        # English is asked for, since the library else follows the machine's locale.
        found = holidays.country_holidays(country, years=year, language="en_US")
    except NotImplementedError:  # a country that the library does not know, such as Antarctica
        return {}
    return {day: name for day, name in found.items() if day.year == year}


@lru_cache(maxsize=4096)
def _closed(day: date, calendar: Calendar) -> str | None:
    """Why nothing leaves on the whole of `day`, its weekday aside, or None."""
    span = avoided(day, calendar.avoid)
    if span is not None:
        return f"{day.day} {MONTHS[day.month - 1]}: {span.why or 'a time to avoid'}"
    for country in calendar.holidays:
        name = public_holiday(day, country)
        if name is not None:
            return f"public holiday in {country}: {name}"
    return None


def _weekday_allowed(day: date, calendar: Calendar) -> bool:
    return not calendar.days or day.isoweekday() in calendar.days


def _edges(day: date, calendar: Calendar) -> tuple[datetime, datetime]:
    """The naive wall times between which `day` is open; hours that close at 00:00 last all evening."""
    begin, end = _whole(day)
    if calendar.hours is None:
        return begin, end
    opens, closes = calendar.hours.opens, calendar.hours.closes
    return datetime.combine(day, opens), end if closes == time.min else datetime.combine(day, closes)


def _whole(day: date) -> tuple[datetime, datetime]:
    return datetime.combine(day, time.min), datetime.combine(day + timedelta(days=1), time.min)


def _without(stretch: Stretch, start: datetime, stop: datetime) -> list[Stretch]:
    """What is left of a stretch when [start, stop) is taken out of it."""
    pieces = [(stretch[0], min(start, stretch[1])), (max(stop, stretch[0]), stretch[1])]
    return [piece for piece in pieces if piece[0] < piece[1]]
