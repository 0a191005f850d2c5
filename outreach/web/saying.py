"""Instants, in the language of the page and the zone of the campaign."""

from __future__ import annotations

from datetime import date, datetime

from outreach.web.catalogue import Words
from outreach.words.wall_time import zone, zone_label
from outreach.words.windows import MONTHS, WEEKDAYS


class Times:
    """Says instants and days in one language, on the clocks of one zone."""

    def __init__(self, words: Words, timezone: str) -> None:
        self._words = words
        self._zone = zone(timezone)

    def day_of(self, instant: datetime) -> date:
        """The day of an aware instant on the campaign's clocks."""
        return instant.astimezone(self._zone).date()

    def moment(self, instant: datetime | None) -> str:
        """`Tue 13 Jan 2026, 09:00 CET`; "" for None."""
        if instant is None:
            return ""
        local = instant.astimezone(self._zone)
        return f"{self.day(local.date())}, {local:%H:%M} {zone_label(local)}"

    def hour(self, instant: datetime) -> str:
        """`09:00`."""
        return f"{instant.astimezone(self._zone):%H:%M}"

    def day(self, day: date | datetime | None) -> str:
        """`Tue 13 Jan 2026`; of an instant, its day on the campaign's clocks."""
        if day is None:
            return ""
        if isinstance(day, datetime):
            day = self.day_of(day)
        return self._words(
            "{weekday} {day} {month} {year}",
            weekday=self._words(WEEKDAYS[day.weekday()][:3]),
            day=day.day,
            month=self._words(f"{MONTHS[day.month - 1][:3]}."),
            year=day.year,
        )

    def month(self, day: date) -> str:
        """`January 2026`."""
        return f"{self._words(MONTHS[day.month - 1])} {day.year}"

    def weekdays(self) -> list[str]:
        """The short names from Monday on."""
        return [self._words(name[:3]) for name in WEEKDAYS]
