"""Links that let one person in, once, for a quarter of an hour; and how often somebody may ask for one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

LASTS = timedelta(minutes=15)
MOST_KEYS = 10_000
"""So many askers are remembered."""


class Links:
    """The links that were sent and not used. Of each only the sha256 of its secret is kept.

    `clock` gives the aware UTC instant.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._open: dict[str, tuple[str, datetime]] = {}
        self._lock = Lock()

    def make(self, email: str) -> str:
        """A secret that proves that address."""
        secret, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._open = {digest: each for digest, each in self._open.items() if each[1] > now}
            self._open[_digest(secret)] = email, now + LASTS
        return secret

    def whose(self, secret: str) -> str | None:
        """Whose address it proves, which uses nothing up; None for one that is wrong, used or old."""
        email, until = self._open.get(_digest(secret), (None, self._clock()))
        return email if until > self._clock() else None

    def take(self, secret: str) -> str | None:
        """The same, and the link is used up."""
        with self._lock:
            email = self.whose(secret)
            self._open.pop(_digest(secret), None)
        return email


class Limit:
    """Lets a key through `most` times within `within`; `clock` gives the aware UTC instant."""

    def __init__(self, most: int, within: timedelta, clock: Callable[[], datetime]) -> None:
        self._most, self._within, self._clock = most, within, clock
        self._times: dict[str, list[datetime]] = {}
        self._lock = Lock()

    def lets_through(self, key: str) -> bool:
        """Whether it may now; if so, that counts."""
        now = self._clock()
        with self._lock:
            lately = [each for each in self._times.pop(key, []) if each > now - self._within]
            may = len(lately) < self._most
            self._times[key] = [*lately, now] if may else lately
            while len(self._times) > MOST_KEYS:
                self._times.pop(next(iter(self._times)))
        return may


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
