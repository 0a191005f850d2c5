"""The only clock: the computer's, or `OUTREACH_NOW` and nothing else. A test may hand in another one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from outreach.connections.server_dates import elapsed as running
from outreach.errors import BadInstant

_NOW: list[Callable[[], datetime]] = [lambda: datetime.now(UTC)]
_ELAPSED: list[Callable[[], float]] = [running]
"""The last one counts."""


def is_rehearsal() -> bool:
    """Whether `OUTREACH_NOW` says what time it is: then the ledger is a rehearsal copy."""
    return bool(os.environ.get("OUTREACH_NOW"))


def now() -> datetime:
    """This instant, in UTC. Raises BadInstant if `OUTREACH_NOW` has no date, time and offset."""
    text = os.environ.get("OUTREACH_NOW")
    if not text:
        return _NOW[-1]()
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInstant(text) from error
    if instant.tzinfo is None:
        raise BadInstant(text)
    return instant.astimezone(UTC)


def elapsed() -> float:
    """Seconds that passed, counted by what nobody can set; where a clock was handed in, by that."""
    return _ELAPSED[-1]()


@contextmanager
def handed_in(clock: Callable[[], datetime], passed: Callable[[], float] | None = None) -> Iterator[None]:
    """Let `clock` (aware UTC) say what time it is; `passed` counts seconds, by the same clock where it is left out."""
    _NOW.append(clock)
    _ELAPSED.append(passed or (lambda: clock().timestamp()))
    try:
        yield
    finally:
        _NOW.pop()
        _ELAPSED.pop()
