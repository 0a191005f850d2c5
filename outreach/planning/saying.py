"""Days and times in reasons: short, in the campaign's zone, with the year where it is not this one."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from outreach.words.windows import MONTHS, WEEKDAYS


class Sayer:
    """Says days and times to somebody who reads them at `now` (aware) in `zone`."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self._zone = zone
        self._year = now.astimezone(zone).year

    def date(self, day: date) -> str:
        """`13 Jan`, or `13 Jan 2024`."""
        year = "" if day.year == self._year else f" {day.year}"
        return f"{day.day} {MONTHS[day.month - 1][:3]}{year}"

    def day(self, instant: datetime) -> str:
        """The day of an aware instant: `13 Jan`."""
        return self.date(instant.astimezone(self._zone).date())

    def moment(self, instant: datetime) -> str:
        """An aware instant: `Tue 13 Jan 09:00`."""
        local = instant.astimezone(self._zone)
        return f"{WEEKDAYS[local.weekday()][:3]} {self.date(local.date())} {local:%H:%M}"
