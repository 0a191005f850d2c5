"""Pace: each letter gets its slot, so that letters leave evenly and never in a burst.

Slots are given in the order of time; of the letters that could leave at one moment, the one that
stands first in the campaign does. A letter obeys the pace of its own wave, counted over all letters
of the campaign, those that left before among them:

- `gap`: its shorter end after the letter before;
- `per_hour` and `per_domain_per_hour`: sliding, so that no 60 minutes hold more;
- `per_day`: by the calendar days of the campaign's zone.

What a person pastes by hand has no pace.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import heapify, heappop, heappush
from zoneinfo import ZoneInfo

from outreach.model.campaign import Pace
from outreach.words.calendar import Openings
from outreach.words.wall_time import stretches

HOUR = timedelta(hours=1)
Order = tuple[int, int, int]
"""The place of a letter: its wave's, its contact's, its step."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """A letter that waits for its slot: at `earliest`, in the `openings`, before `latest` (aware UTC).

    `pace` is None for what is pasted by hand; `domain` is the recipient's, "" for none.
    """

    order: Order
    earliest: datetime
    openings: Openings
    pace: Pace | None
    domain: str = ""
    latest: datetime | None = None


class Left:
    """The letters that left, or have their slots, in the order of time."""

    def __init__(self, zone: ZoneInfo, letters: Iterable[tuple[datetime, str]] = ()) -> None:
        self._zone = zone
        self._moments: list[datetime] = []
        self._by_domain: dict[str, list[datetime]] = defaultdict(list)
        self._by_day: Counter[date] = Counter()
        for moment, domain in sorted(letters):
            self.add(moment, domain)

    def add(self, moment: datetime, domain: str) -> None:
        """One more letter, not before the last."""
        self._moments.append(moment)
        self._by_day[self._day(moment)] += 1
        if domain:
            self._by_domain[domain].append(moment)

    def room(self, pace: Pace) -> datetime | None:
        """From when on the gap and the hour have room for one more; None for always."""
        if not self._moments:
            return None
        after_gap = self._moments[-1] + pace.gap[0]
        if len(self._moments) < pace.per_hour:
            return after_gap
        return max(after_gap, self._moments[-pace.per_hour] + HOUR)

    def room_at(self, domain: str, pace: Pace) -> datetime | None:
        """From when on the domain has room for one more; None for always."""
        moments = self._by_domain.get(domain, ())
        return moments[-pace.per_domain_per_hour] + HOUR if len(moments) >= pace.per_domain_per_hour else None

    def room_in_day(self, moment: datetime, pace: Pace) -> datetime:
        """The first instant at or after `moment` whose day has room for one more."""
        while self._by_day[self._day(moment)] >= pace.per_day:
            begin = datetime.combine(self._day(moment), time.min)
            # The day may come in two pieces, where a clock is set back over midnight.
            pieces = stretches(begin, begin + timedelta(days=1), self._zone)
            moment = next(stop for start, stop in pieces if start <= moment < stop)
        return moment

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()


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
        moment = self.bound
        if self._pace is not None:
            moment = max(moment, left.room(self._pace) or moment)
        while True:
            ready = self._ready_at(moment, left)
            found = None if ready is None else self._openings.at_or_after(ready)
            if found is not None and self._pace is not None:
                found = left.room_in_day(found, self._pace)
            if found is None:
                return None
            if found == moment:
                self.bound = moment
                return moment, self._ready[0][0]
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
        return left.room_at(domain, self._pace) if domain and self._pace is not None else None


def slots(
    turns: Iterable[Turn],
    left: Left,
    now: datetime,
    then: Callable[[Turn, datetime | None], Turn | None] = lambda turn, slot: None,
) -> dict[Order, datetime]:
    """The slot of each letter (aware UTC, not before `now`), by its order; none where there is no moment.

    A letter whose slot comes at its `latest` or after is given that slot and does not take it. `then`
    is told each letter and its slot, None if it did not take one, and may name a letter that had to
    wait for it. `left` grows by the slots taken. Takes O(n log n) for n letters.
    """
    queues: dict[tuple[int, Pace | None], _Queue] = {}
    found: dict[Order, datetime] = {}

    def queue_of(turn: Turn) -> _Queue:
        key = (id(turn.openings), turn.pace)
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
