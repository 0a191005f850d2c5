"""Whether this computer's clock can be believed while a watch runs: nothing is sent at a time that nobody knows."""

from __future__ import annotations

from datetime import timedelta

from outreach.connections.server_dates import last_heard
from outreach.tasks.clock import elapsed, now

MOST_OFF = timedelta(minutes=5)
"""So far the clock may be off what a network says, or from where it should be by the seconds that passed."""


class ClockWatch:
    """Compares the clock with the seconds that passed since the watch began, and with the dates of servers.

    Seconds are counted through a computer's sleep where the system does so (Linux), so waking up is no jump.
    """

    def __init__(self) -> None:
        self._from, self._passed = now(), elapsed()

    def trouble(self) -> str:
        """Why the clock cannot be believed now, in a sentence; "" where it can."""
        moment, passed = now(), elapsed()
        heard = last_heard()
        if heard is not None:  # a server's word counts more than what this computer counted
            off = moment - heard.now(passed)
            if abs(off) > MOST_OFF:
                way = "ahead of" if off > timedelta() else "behind"
                said = f"This computer's clock is {_span(off)} {way} the time of a network"
                return f"{said}, so nothing is sent. Set it."
            self._from, self._passed = moment, passed
            return ""
        jump = moment - self._from - timedelta(seconds=passed - self._passed)
        if abs(jump) <= MOST_OFF:
            return ""
        way = "forward" if jump > timedelta() else "back"
        hint = "Set it right, or start `outreach run` again if it is right now."
        return f"This computer's clock jumped {way} by {_span(jump)}, so nothing is sent. {hint}"


def _span(off: timedelta) -> str:
    minutes = round(abs(off).total_seconds() / 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
