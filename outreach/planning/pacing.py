"""When the next letter may leave, counted from what really left. The plan gives slots by the same pace."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from outreach.model.campaign import Pace
from outreach.words.wall_time import resolve

HOUR = timedelta(hours=1)


class Counted(Protocol):
    """What left, as the ledger counts it: those in doubt too."""

    def since(self, moment: datetime, domain: str | None = None) -> int:
        """How many left after `moment`, to `domain` where one is named."""

    def last(self, nth: int = 1, domain: str | None = None) -> datetime | None:
        """When the n-th last one left (aware UTC), None if there were fewer."""


class AsOf:
    """The same, with what is dated after `now` counted as of the moment that a person named (planning/ahead)."""

    def __init__(self, counted: Counted, now: datetime, moment: datetime) -> None:
        self._counted = counted
        self._now = now
        self._moment = moment

    def since(self, moment: datetime, domain: str | None = None) -> int:
        future = self._counted.since(self._now, domain)
        past = max(0, self._counted.since(moment, domain) - future)
        return past + (future if self._moment > moment else 0)

    def last(self, nth: int = 1, domain: str | None = None) -> datetime | None:
        future = self._counted.since(self._now, domain)
        recent = self._counted.since(self._moment, domain) - future
        if nth <= recent:
            return self._counted.last(nth + future, domain)  # the future ones are the last
        return self._moment if nth <= recent + future else self._counted.last(nth, domain)


def gap_of(pace: Pace, letter: str) -> timedelta:
    """The pause before this letter: between the ends of the gap, always the same for the same letter."""
    shortest, longest = pace.gap
    seed = int.from_bytes(hashlib.sha256(f"gap {letter}".encode()).digest()[:4], "big")
    return shortest + (longest - shortest) * (seed / 0xFFFFFFFF)


def earliest(counted: Counted, pace: Pace, letter: str, domain: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The first instant (aware UTC) at or after `now` at which the pace has room for this letter."""
    found = [now]
    last = counted.last()
    if last is not None:
        found.append(last + gap_of(pace, letter))
    if counted.since(now - HOUR) >= pace.per_hour and (nth := counted.last(pace.per_hour)) is not None:
        found.append(nth + HOUR)
    if domain and counted.since(now - HOUR, domain) >= pace.per_domain_per_hour:
        nth = counted.last(pace.per_domain_per_hour, domain)
        found.append((nth or now) + HOUR)
    today = now.astimezone(zone).date()
    if counted.since(_begin(today, zone) - timedelta(microseconds=1)) >= pace.per_day:
        found.append(_begin(today + timedelta(days=1), zone))
    return max(found)


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return resolve(datetime.combine(day, time.min), zone).instant
