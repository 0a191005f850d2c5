"""Instants, in the language of the page and the zone of the campaign."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from outreach.web.catalogue import Words
from outreach.words.wall_time import zone, zone_label
from outreach.words.windows import MONTHS, WEEKDAYS


class Times:
    """Says instants and days in one language, on the clocks of one zone; `now` is an aware instant."""

    def __init__(self, words: Words, timezone: str, now: datetime) -> None:
        self._words = words
        self._zone = zone(timezone)
        self._now = now

    def day_of(self, instant: datetime) -> date:
        """The day of an aware instant on the campaign's clocks."""
        return instant.astimezone(self._zone).date()

    def moment(self, instant: datetime | None) -> str:
        """`Tue 13 Jan 2026, 09:00 CET`; "" for None."""
        if instant is None:
            return ""
        local = instant.astimezone(self._zone)
        return f"{self.day(local.date())}, {local:%H:%M} {zone_label(local)}"

    def short(self, instant: datetime | date | None) -> str:
        """`today 09:00`, `yesterday 17:10`, `Fri 27 Nov`, `27 Nov 2025`: as short as it can be said; "" for None."""
        if instant is None:
            return ""
        hour = f" {self.hour(instant)}" if isinstance(instant, datetime) else ""
        day, today = self.day_of(instant) if isinstance(instant, datetime) else instant, self.day_of(self._now)
        near = {
            today - timedelta(days=1): self._words("yesterday"),
            today: self._words("today"),
            today + timedelta(days=1): self._words("tomorrow"),
        }
        if day in near:
            return f"{near[day]}{hour}"
        parts = {
            "weekday": self._words(WEEKDAYS[day.weekday()][:3]),
            "day": day.day,
            "month": self._words(f"{MONTHS[day.month - 1][:3]}."),
            "year": day.year,
        }
        if day.year == today.year or abs((day - today).days) < 60:
            return self._words("{weekday} {day} {month}", **parts) + (hour if day > today else "")
        return self._words("{day} {month} {year}", **parts)

    def ago(self, instant: datetime) -> str:
        """`just now`, `4 minutes ago`, `3 hours ago`; for longer ago, the day."""
        minutes = int((self._now - instant).total_seconds() // 60)
        if minutes < 1:
            return self._words("just now")
        if minutes < 60:
            return self._words("1 minute ago") if minutes == 1 else self._words("{n} minutes ago", n=minutes)
        if minutes < 24 * 60:
            hours = minutes // 60
            return self._words("1 hour ago") if hours == 1 else self._words("{n} hours ago", n=hours)
        return self.short(instant)

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

    def long(self, day: date) -> str:
        """`1 March 2026`."""
        return self._words("{day} {month} {year}", day=day.day, month=self._words(MONTHS[day.month - 1]), year=day.year)

    def month(self, day: date) -> str:
        """`January 2026`."""
        return f"{self._words(MONTHS[day.month - 1])} {day.year}"

    def weekdays(self) -> list[str]:
        """The short names from Monday on."""
        return [self._words(name[:3]) for name in WEEKDAYS]
