"""When waves begin: their `start`, and the waves they come after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from outreach.model.campaign import AfterWave, Wave
from outreach.model.plan import ItemState
from outreach.model.recipient import Why
from outreach.planning.context import Context
from outreach.planning.entries import Entry
from outreach.planning.touches import Touches


class Waves:
    """The first letters of each wave, those that its `to` does not select any more among them."""

    def __init__(self, context: Context, entries: Mapping[str, Sequence[Entry]]) -> None:
        self._context = context
        self._waves = {wave.id: wave for wave in context.campaign.waves}
        self._entries = entries

    def time(self, touches: Touches) -> None:
        """Put every letter that nothing holds up in line, from the beginning of its wave on."""
        for wave in self._in_order():
            begins = self._begins(wave)
            for entry in self._entries.get(wave.id, ()):
                if entry.state is None and begins is None:
                    entry.hold(Why.CONDITION, self._not_yet(wave))
                elif entry.state in (None, ItemState.HELD) and not entry.closed:
                    entry.due = begins
                    touches.time(entry)

    def estimate(self) -> None:
        """Say of the letters that wait for another wave when they could leave at the earliest, if that is known."""
        context = self._context
        for wave in self._in_order():
            estimate = self._estimate(wave)
            if estimate is None:
                continue
            for entry in self._entries.get(wave.id, ()):
                if entry.state is ItemState.HELD and not entry.closed and entry.due is None:
                    entry.due = context.openings(entry.contact).at_or_after(max(context.now, estimate))

    def _in_order(self) -> Iterator[Wave]:
        """Each wave after the one it waits for; waves that wait for one another in some order."""
        done: set[str] = set()
        for wave in self._context.campaign.waves:
            line: list[Wave] = []
            while wave.id not in done:
                done.add(wave.id)
                line.append(wave)
                if wave.after is None or wave.after.wave not in self._waves:
                    break
                wave = self._waves[wave.after.wave]
            yield from reversed(line)

    def _begins(self, wave: Wave) -> datetime | None:
        """When the wave may begin (aware UTC), None where that is not known yet."""
        start, after = self._context.starts(wave), wave.after
        if after is None:
            return start
        came = self._left(after)
        if came is not None and came <= max(start, self._context.now):
            return start
        if after.otherwise is not None and self._context.unmet(after.otherwise, f"after:{wave.id}") is None:
            return start
        return came

    def _left(self, after: AfterWave) -> datetime | None:
        """When the last first letter of the other wave left, and its delay later; None while one may still leave."""
        entries = self._entries.get(after.wave, ())
        left = [entry.due for entry in entries if entry.left and entry.due is not None]
        if not left or any(entry.may_leave for entry in entries):
            return None
        return after.delay.after(max(left)) if after.delay else max(left)

    def _estimate(self, wave: Wave) -> datetime | None:
        after = wave.after
        entries = [each for each in self._entries.get(after.wave, ()) if each.left or each.may_leave] if after else []
        dues = [entry.due for entry in entries]
        known = [due for due in dues if due is not None]
        if after is None or not known or len(known) < len(dues):
            return None
        last = after.delay.after(max(known)) if after.delay else max(known)
        return max(last, self._context.starts(wave))

    def _not_yet(self, wave: Wave) -> str:
        assert wave.after is not None
        name, otherwise = wave.after.wave, wave.after.otherwise
        entries = self._entries.get(name, ())
        waiting = sum(entry.may_leave for entry in entries)
        if not waiting:
            said = f"after the wave {name}, in which no email was sent"
        elif any(entry.left for entry in entries):
            said = f"after the wave {name}, of which {waiting} {'is' if waiting == 1 else 'are'} not sent yet"
        else:
            said = f"after the wave {name}, which is not sent yet"
        return f"{said}; or as soon as {otherwise.source}" if otherwise is not None else said
