"""Pace: when the next letter may go out, for the plan that shows it and the run that sends it.

A letter obeys the pace of its own wave, counted over all letters of the campaign, those that left before
among them (`earliest`):

- `gap`: between its two ends after the letter before, always the same for the same letter;
- `per_hour` and `per_domain_per_hour`: sliding, so that no 60 minutes hold more;
- `per_day`: by the calendar days of the campaign's zone.

The plan gives out slots in the order of time (`slots`); of the letters that could leave at one moment, the one
that stands first in the campaign does. What a person pastes by hand has no pace.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from heapq import heapify, heappop, heappush
from typing import Protocol
from zoneinfo import ZoneInfo

from outreach.model.campaign import Pace
from outreach.model.records import dataclass
from outreach.words.calendar import Openings
from outreach.words.wall_time import resolve

HOUR = timedelta(hours=1)
LONGEST_DAY = timedelta(hours=26)
"""No day is longer, whatever the clocks do."""
Order = tuple[int, int, int]
"""The place of a letter: its wave's, its contact's, its step."""


class Counted(Protocol):
    """The letters that left, those in doubt too: as the ledger counts them, or as a plan foresees them."""

    def last(self, nth: int = 1, domain: str | None = None) -> datetime | None:
        """When the n-th last one left (aware UTC), to `domain` where one is named; None if there were fewer."""


class AsOf:
    """The same, with what is dated after `now` counted as of the moment that a person named (planning/ahead)."""

    def __init__(self, counted: Counted, now: datetime, moment: datetime) -> None:
        self._counted = counted
        self._now = now
        self._moment = moment

    def last(self, nth: int = 1, domain: str | None = None) -> datetime | None:
        """When the n-th last one left (aware UTC), None if there were fewer."""
        future = self._after(self._now, domain)
        recent = self._after(self._moment, domain) - future
        if nth <= recent:
            return self._counted.last(nth + future, domain)  # the future ones are the last
        return self._moment if nth <= recent + future else self._counted.last(nth, domain)

    def _after(self, instant: datetime, domain: str | None) -> int:
        found = 0
        while (at := self._counted.last(found + 1, domain)) is not None and at > instant:
            found += 1
        return found


def gap_of(pace: Pace, letter: str) -> timedelta:
    """The pause before this letter: between the ends of the gap, always the same for the same letter."""
    shortest, longest = pace.gap
    if shortest == longest:
        return shortest
    seed = int.from_bytes(hashlib.sha256(f"gap {letter}".encode()).digest()[:4], "big")
    return shortest + (longest - shortest) * (seed / 0xFFFFFFFF)


def earliest(counted: Counted, pace: Pace, letter: str, domain: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The first instant (aware UTC) at or after `now` at which the pace has room for this letter."""
    return _earliest(counted, pace, gap_of(pace, letter), domain, now, zone)


def _earliest(counted: Counted, pace: Pace, pause: timedelta, domain: str, now: datetime, zone: ZoneInfo) -> datetime:
    last = counted.last()
    if last is None:
        return now
    moment = max(now, last + pause)
    if (of_hour := counted.last(pace.per_hour)) is not None:
        moment = max(moment, of_hour + HOUR)
    if domain and (of_domain := counted.last(pace.per_domain_per_hour, domain)) is not None:
        moment = max(moment, of_domain + HOUR)
    of_day = counted.last(pace.per_day)
    if of_day is None or moment - of_day > LONGEST_DAY:
        return moment
    day = moment.astimezone(zone).date()
    while of_day >= _begin(day, zone):  # the day is full
        day += timedelta(days=1)
        moment = max(moment, _begin(day, zone))
    return moment


@lru_cache(maxsize=1024)
def _begin(day: date, zone: ZoneInfo) -> datetime:
    return resolve(datetime.combine(day, time.min), zone).instant


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """A letter that waits for its slot: at `earliest`, in the `openings`, before `latest` (aware UTC).

    `pace` is None for what is pasted by hand; `domain` is the recipient's, "" for none; `pause` is what lies
    at least between the letter before and this one.
    """

    order: Order
    earliest: datetime
    openings: Openings
    pace: Pace | None
    domain: str = ""
    latest: datetime | None = None
    pause: timedelta = timedelta(0)


class Left:
    """The letters that left, or have their slots, in the order of time."""

    def __init__(self, zone: ZoneInfo, letters: Iterable[tuple[datetime, str]] = ()) -> None:
        self.zone = zone
        self._moments: list[datetime] = []
        self._by_domain: dict[str, list[datetime]] = defaultdict(list)
        for moment, domain in sorted(letters):
            self.add(moment, domain)

    def add(self, moment: datetime, domain: str) -> None:
        """One more letter, not before the last."""
        self._moments.append(moment)
        if domain:
            self._by_domain[domain].append(moment)

    def last(self, nth: int = 1, domain: str | None = None) -> datetime | None:
        """When the n-th last one left, None if there were fewer."""
        moments = self._moments if domain is None else self._by_domain.get(domain, ())
        return moments[-nth] if len(moments) >= nth else None


class _Queue:
    """The letters with the same openings and pace, and which of them is next.

    A letter is in one of three heaps: `coming` until its earliest instant, then `ready` by its order, or
    `full` by its order while its domain has no room; `freed` says when each of those domains has.
    """

    def __init__(self, openings: Openings, pace: Pace | None, now: datetime) -> None:
        self._openings = openings
        self._pace = pace
        self._now = now
        self._coming: list[tuple[datetime, Order, Turn]] = []
        self._ready: list[tuple[Order, Turn]] = []
        self._full: dict[str, list[tuple[Order, Turn]]] = {}
        self._freed: list[tuple[datetime, str]] = []
        self._awaited: set[str] = set()
        self.bound = now
        """No letter of this queue can leave before it."""

    def put(self, turn: Turn) -> None:
        self._coming.append((turn.earliest, turn.order, turn))

    def settle(self) -> None:
        """Make ready after many were put."""
        heapify(self._coming)

    def put_later(self, turn: Turn) -> None:
        heappush(self._coming, (turn.earliest, turn.order, turn))
        self.bound = min(self.bound, max(self._now, turn.earliest))

    def next(self, left: Left) -> tuple[datetime, Order] | None:
        """When the next letter can leave, and which; None if there is none, or no moment for it."""
        moment, last = self.bound, left.last()
        if self._pace is not None and last is not None:
            moment = max(moment, last + self._pace.gap[0])  # no pause is shorter
        has_room: Turn | None = None
        while True:
            ready = self._ready_at(moment, left)
            found = None if ready is None else self._openings.at_or_after(ready)
            if found is None:
                return None
            if found == moment:
                order, turn = self._ready[0]
                if self._pace is not None and turn is not has_room:
                    # Its domain has room already. Once the pace has room, it has room at any later moment.
                    found, has_room = _earliest(left, self._pace, turn.pause, "", moment, left.zone), turn
                if found == moment:
                    self.bound = moment
                    return moment, order
            moment = found

    def take(self, left: Left) -> Turn:
        """The letter that `next` found."""
        _, turn = heappop(self._ready)
        self._await(turn.domain, self._room_at(turn.domain, left) or self._now)
        return turn

    def _ready_at(self, moment: datetime, left: Left) -> datetime | None:
        """`moment` if a letter is ready then, else the first instant at which one may be."""
        while True:
            while self._coming and self._coming[0][0] <= moment:
                _, order, turn = heappop(self._coming)
                heappush(self._full.get(turn.domain, self._ready), (order, turn))
            while self._freed and self._freed[0][0] <= moment:
                self._free(heappop(self._freed)[1])
            if self._has_ready(moment, left):
                return moment
            nexts = [*(entry[0] for entry in self._coming[:1]), *(entry[0] for entry in self._freed[:1])]
            first = min(nexts, default=None)
            if first is None or first > moment:
                return first

    def _has_ready(self, moment: datetime, left: Left) -> bool:
        """Whether the first of those that are ready can leave; those that cannot are put back."""
        while self._ready:
            order, turn = self._ready[0]
            room = self._room_at(turn.domain, left) or moment
            if turn.earliest <= moment and room <= moment:
                return True
            heappop(self._ready)
            if turn.earliest > moment:
                heappush(self._coming, (turn.earliest, order, turn))
            else:
                heappush(self._full.setdefault(turn.domain, []), (order, turn))
            self._await(turn.domain, room)
        return False

    def _await(self, domain: str, room: datetime) -> None:
        """Look at the letters of a full domain again at `room`; once is enough for all of them."""
        if domain in self._full and domain not in self._awaited:
            self._awaited.add(domain)
            heappush(self._freed, (room, domain))

    def _free(self, domain: str) -> None:
        """Let the first of the domain's letters try; whoever takes it lets the next one try."""
        self._awaited.remove(domain)
        waiting = self._full.get(domain)
        if not waiting:
            return
        heappush(self._ready, heappop(waiting))
        if not waiting:
            del self._full[domain]

    def _room_at(self, domain: str, left: Left) -> datetime | None:
        if not domain or self._pace is None:
            return None
        last = left.last(self._pace.per_domain_per_hour, domain)
        return last + HOUR if last is not None else None


def slots(
    turns: Iterable[Turn],
    left: Left,
    now: datetime,
    then: Callable[[Turn, datetime | None], Turn | None] = lambda turn, slot: None,
) -> dict[Order, datetime]:
    """The slot of each letter (aware UTC, not before `now`), by its order; none if there is no moment.

    A letter whose slot comes at its `latest` or after is given that slot and does not take it. `then`
    is told each letter and its slot, None if it did not take one, and may name a letter that had to
    wait for it. `left` grows by the slots taken. Takes O(n log n) for n letters.
    """
    queues: dict[tuple[int, int], _Queue] = {}
    found: dict[Order, datetime] = {}

    def queue_of(turn: Turn) -> _Queue:
        key = (id(turn.openings), id(turn.pace))  # which the queue keeps
        if key not in queues:
            queues[key] = _Queue(turn.openings, turn.pace, now)
        return queues[key]

    for turn in turns:
        queue_of(turn).put(turn)
    for queue in queues.values():
        queue.settle()
    while (chosen := _first(queues.values(), left)) is not None:
        moment, queue = chosen
        turn = queue.take(left)
        found[turn.order] = moment
        taken = turn.latest is None or moment < turn.latest
        if taken and turn.pace is not None:
            left.add(moment, turn.domain)
        later = then(turn, moment if taken else None)
        if later is not None:
            queue_of(later).put_later(later)
    return found


def _first(queues: Iterable[_Queue], left: Left) -> tuple[datetime, _Queue] | None:
    best: tuple[datetime, Order] | None = None
    chosen: _Queue | None = None
    for queue in queues:
        if best is not None and queue.bound > best[0]:
            continue
        first = queue.next(left)
        if first is not None and (best is None or first < best):
            best, chosen = first, queue
    return (best[0], chosen) if best is not None and chosen is not None else None
