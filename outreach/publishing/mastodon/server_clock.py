"""By how much a server's clock is ahead of ours, as the `Date` of its answers tells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_WHOLE_SECOND = timedelta(seconds=1)
_MOST_AHEAD = timedelta(days=3650)


class ServerClock:
    """`ahead` is the least that it can be: 0 until an answer tells, and it `is_known`."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)
        self.is_known = False

    def hears(self, date: str, asked: datetime, read: datetime) -> None:
        """Learn from a `Date`, which has whole seconds, of an answer between two instants of ours (aware).

        Several answers narrow it down, unless a clock was set meanwhile. What is not a date, or ten years off, tells
        nothing.
        """
        try:
            said = parsedate_to_datetime(date)
            said = said if said.tzinfo else said.replace(tzinfo=UTC)
            least, most = said - read, said + _WHOLE_SECOND - asked
        except (ValueError, OverflowError):
            return
        if abs(least) < _MOST_AHEAD:
            is_still_so = self.is_known and self.ahead <= most
            self.ahead = max(self.ahead, least) if is_still_so else least
            self.is_known = True
