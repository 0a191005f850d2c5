"""What time the servers say it is that answered: the `Date` of their answers (RFC 9110, 6.6.1).

A clock that is wrong by hours sends letters at night. A server's date is a second old at most, unless a cache answered,
which says so (`Age`).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from outreach.model.records import dataclass

_BOOT = getattr(time, "CLOCK_BOOTTIME", None)


def elapsed() -> float:
    """Seconds that have passed on this computer, its sleep among them where the system counts it; nobody sets them."""
    return time.monotonic() if _BOOT is None else time.clock_gettime(_BOOT)


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerDate:
    """What a server said (aware), and when by `elapsed`."""

    at: datetime
    heard: float

    def now(self, elapsed: float) -> datetime:
        """What time it is by this server, so many seconds after this computer began to count."""
        return self.at + timedelta(seconds=elapsed - self.heard)


_last: list[ServerDate] = []


def hear(headers: Mapping[str, str]) -> None:
    """Remember the date of an answer; `headers` have lower-case names. What is not a date counts for nothing."""
    with suppress(ValueError, OverflowError):
        at = parsedate_to_datetime(headers.get("date", ""))
        age = timedelta(seconds=int(headers.get("age", "0")))
        if at.tzinfo is not None and at.year < datetime.max.year:  # there would be no time after it
            _last[:] = [ServerDate(at=at + age, heard=elapsed())]


def last_heard() -> ServerDate | None:
    """The last date that a server said in this process."""
    return _last[0] if _last else None


def forget() -> None:
    """Begin as if no server had answered."""
    _last.clear()
