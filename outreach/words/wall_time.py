"""Wall time and IANA zone to instant: gaps are refused, overlaps decided once, and both are said.

Every zone comes from the `tzdata` package, never from the machine: two computers with different
system tables would otherwise plan different instants for the same campaign. Ask `zone()` for it.

Source of the rules: PEP 495 (`fold`), PEP 615 (`zoneinfo`).
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

from outreach.model.problem import Problem
from outreach.model.records import dataclass

# This is global to the process, and meant to be: with an empty search path `zoneinfo` falls back to
# the `tzdata` package, whose version our lock file pins. Zones somebody loaded before from the
# machine's tables are forgotten with the cache. It is here, and nowhere else.
zoneinfo.reset_tzpath(())
ZoneInfo.clear_cache()


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolved:
    """What a wall time means in its zone.

    `instant` is aware, in that zone. `kind` is "plain"; or "fold" where the wall time comes twice
    (`instant` is the first of the two); or "gap" where it does not exist: then `after` is the first
    wall time (naive) that does, `instant` is that moment, and the caller refuses what was written.
    """

    instant: datetime
    kind: Literal["plain", "gap", "fold"]
    after: datetime | None = None


@cache
def zone_names() -> frozenset[str]:
    """Every IANA name that `zone` knows, links such as `Europe/Kiev` among them."""
    return frozenset(zoneinfo.available_timezones())


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of that IANA name, from the `tzdata` package.

    Raises `zoneinfo.ZoneInfoNotFoundError` (a KeyError) for any name that is not in it, spelt as
    it is there: file systems that ignore case must not make `europe/brussels` valid here only.
    """
    if name not in zone_names():
        raise zoneinfo.ZoneInfoNotFoundError(f"no time zone is called {name!r}")
    return ZoneInfo(name)


def resolve(moment: datetime, zone: ZoneInfo) -> Resolved:
    """The instant that the naive wall time `moment` is in `zone`.

    Raises ValueError if `moment` is aware: such a time has been resolved already.
    """
    if moment.tzinfo is not None:
        raise ValueError("a wall time has no zone of its own")
    first = moment.replace(tzinfo=zone, fold=0)
    earlier, later = _offsets(moment, zone)
    if earlier == later:
        return Resolved(instant=first, kind="plain")
    if earlier > later:
        return Resolved(instant=first, kind="fold")
    change = _change((moment - later).replace(tzinfo=UTC), (moment - earlier).replace(tzinfo=UTC), zone)
    instant = change.astimezone(zone)
    return Resolved(instant=instant, kind="gap", after=instant.replace(tzinfo=None, fold=0))


def stretches(begin: datetime, end: datetime, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """The instants at which clocks in `zone` show a time in [begin, end), as half-open UTC spans.

    `begin` and `end` are naive. Mostly this is one span; none if all of it falls into a gap, and
    two where only a piece of a repeated hour is meant. UTC, because Python compares and subtracts
    two times of the same zone by their wall clocks, which is wrong across a change.
    """
    if end <= begin:
        return []
    start = min(begin - offset for offset in _offsets(begin, zone)).replace(tzinfo=UTC)
    stop = max(end - offset for offset in _offsets(end, zone)).replace(tzinfo=UTC)
    found: list[tuple[datetime, datetime]] = []
    for since, until, offset in _steady(start, stop, zone):
        low = max(since, (begin - offset).replace(tzinfo=UTC))
        high = min(until, (end - offset).replace(tzinfo=UTC))
        if low >= high:
            continue
        if found and found[-1][1] == low:
            low = found.pop()[0]
        found.append((low, high))
    return found


def wall_time_problem(
    moment: datetime, zone_name: str, *, file: str, line: int, about: str, whole_day: bool = False
) -> Problem | None:
    """What is wrong with the naive wall time `moment` in the zone of that name, or None.

    `whole_day` says that a midnight may be a bare date, which means the day's first minute: a day
    that only begins at 01:00 is then fine, a day that does not exist is not.
    """
    resolved = resolve(moment, zone(zone_name))
    if resolved.kind == "fold" and not _begins_day(moment, moment, whole_day):
        code, first, second = "ambiguous-time", resolved.instant, resolved.instant.replace(fold=1)
        message = (
            f"The time {_shown(moment)} comes twice in {zone_name}, as the clocks are put back;"
            f" the first is taken, {_shown(moment)} {zone_label(first)} ({_utc(first)})."
        )
        hint = f"If you mean the second ({zone_label(second)}, {_utc(second)}), choose a time that comes only once."
    elif resolved.after is not None and not _begins_day(moment, resolved.after, whole_day):
        code = "nonexistent-time"
        message = f"The time {_shown(moment)} does not exist in {zone_name}: the clocks are put forward past it."
        hint = f"The first time that exists after it is {_shown(resolved.after)}."
    else:
        return None
    return Problem(file=file, line=line, code=code, message=message, hint=hint, about=about)


def zone_label(moment: datetime) -> str:
    """How an aware time's zone is called then: `CET`, or `UTC+05:45` where it has only a number."""
    name = moment.tzname() or ""
    if name[:1].isalpha():
        return name
    minutes = int((moment.utcoffset() or timedelta()).total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _begins_day(moment: datetime, begins: datetime, whole_day: bool) -> bool:
    return whole_day and moment.time() == time.min and begins.date() == moment.date()


def _shown(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M" + (":%S" if moment.second else ""))


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%H:%M} UTC"


def _offsets(moment: datetime, zone: ZoneInfo) -> tuple[timedelta, timedelta]:
    """The offsets from UTC before and after a change, if the wall time is in one; else twice the same."""
    before = moment.replace(tzinfo=zone, fold=0).utcoffset() or timedelta()
    after = moment.replace(tzinfo=zone, fold=1).utcoffset() or timedelta()
    return before, after


def _offset_at(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def _steady(start: datetime, stop: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """[start, stop) in UTC, cut where the offset changes, each piece with its offset.

    Meant for a few days at most: two changes that cancel each other out between are not seen.
    """
    while start < stop:
        until = _change(start, stop, zone)
        yield start, until, _offset_at(start, zone)
        start = until


def _change(start: datetime, stop: datetime, zone: ZoneInfo) -> datetime:
    """The instant in (start, stop] at which the offset is no longer that of `start`, else `stop`."""
    offset = _offset_at(start, zone)
    if _offset_at(stop, zone) == offset:
        return stop
    base = start.replace(microsecond=0)  # changes come on whole seconds
    same, other = 0, -((base - stop) // timedelta(seconds=1))
    while other - same > 1:
        middle = (same + other) // 2
        if _offset_at(base + timedelta(seconds=middle), zone) == offset:
            same = middle
        else:
            other = middle
    return base + timedelta(seconds=other)
