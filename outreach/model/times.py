"""Wall-clock times as people write them: days, hours, windows, delays. No zone arithmetic here."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from outreach.model.records import dataclass

_LAST_YEAR = 9000


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """A span of one day, [opens, closes), in some zone's wall-clock time; `closes` at 00:00 is the day's end."""

    opens: time
    closes: time

    def __str__(self) -> str:
        """As people write it: `18:00-24:00`."""
        return f"{self.opens:%H:%M}-{'24:00' if self.closes == time.min else f'{self.closes:%H:%M}'}"


@dataclass(frozen=True, kw_only=True, slots=True)
class YearlySpan:
    """Days of every year, both ends included, as (month, day); may wrap around New Year."""

    first: tuple[int, int]
    last: tuple[int, int]
    why: str = ""
    line: int = 1

    def contains(self, day: date) -> bool:
        """Whether `day` is one of these days."""
        key = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= key <= self.last
        return key >= self.first or key <= self.last


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """When a post may go out: from `first` to `last` (that day included), on `days`, in `hours`.

    `days` are ISO weekdays (1 Monday ... 7 Sunday), empty for all; `timezone` is an IANA name,
    None for the campaign's.
    """

    first: date
    last: date
    days: tuple[int, ...] = ()
    hours: Hours | None = None
    timezone: str | None = None
    line: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Delay:
    """A duration as written (`14d`, `3h`), kept with its text so that reasons can quote it."""

    length: timedelta
    text: str

    def after(self, instant: datetime) -> datetime:
        """`instant` and so much later. In the ninth millennium time ends, since a calendar does in the tenth."""
        return instant if instant.year >= _LAST_YEAR else instant + self.length
