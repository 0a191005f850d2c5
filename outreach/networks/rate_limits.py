"""When a network takes more again, by the headers of its answer: each kind of server says it in another way.

ISO 8601 on Mastodon (`X-RateLimit-Reset`), seconds since 1970 on servers that speak its API and on Bluesky
(`RateLimit-Reset`), seconds from now in the IETF's draft of that header and in `Retry-After`, which may be a date as
well (RFC 9110, 10.2.3).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_HEADERS = ("x-ratelimit-reset", "ratelimit-reset", "retry-after")
_SOONEST_EPOCH = 1_000_000_000
"""Smaller numbers are seconds from now: as an instant this one was in 2001."""
_SOONEST_MILLISECONDS = 100_000_000_000
_LATEST = timedelta(days=366)
"""What is later than this is no limit but a mistake."""


def free_again(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """The latest aware UTC instant ahead that the headers (names in lower case) name; None if none can be read."""
    said = [_instant(headers[name].strip(), now) for name in _HEADERS if name in headers]
    found = [at for at in said if at is not None and now < at < now + _LATEST]  # one that is past tells nothing
    return max(found, default=None)


def until_free(headers: Mapping[str, str], now: datetime) -> str:
    """The end of "it takes no more ...": until when, with its day and in UTC, or "for now"."""
    at = free_again(headers, now)
    return f"until {at.day} {at:%b %Y, %H:%M} UTC" if at is not None else "for now"


def _instant(text: str, now: datetime) -> datetime | None:
    for read in (_number, _iso, _date):
        try:
            at = read(text, now)
            return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError, OSError):
            continue
    return None


def _number(text: str, now: datetime) -> datetime:
    number = float(text)
    if number >= _SOONEST_MILLISECONDS:
        number /= 1000
    return datetime.fromtimestamp(number, UTC) if number >= _SOONEST_EPOCH else now + timedelta(seconds=number)


def _iso(text: str, now: datetime) -> datetime:
    return datetime.fromisoformat(text)


def _date(text: str, now: datetime) -> datetime:
    return parsedate_to_datetime(text)
