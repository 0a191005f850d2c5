"""How the watch is, as lines and as the object of `status --health`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol, TypedDict

from outreach.pages.json_schema import Instant
from outreach.words.said_time import said_moment


class Trouble(Protocol):
    """What is not as it should be."""

    @property
    def id(self) -> str: ...
    @property
    def since(self) -> datetime: ...
    @property
    def reason(self) -> str: ...


class Heartbeat(Protocol):
    """When the watch looked last, and wants to look again."""

    @property
    def at(self) -> datetime: ...
    @property
    def next(self) -> datetime | None: ...
    @property
    def stopped(self) -> bool: ...


class OverdueObject(TypedDict):
    """What is not as it should be, and since when."""

    id: str
    since: Instant
    reason: str


class HeartbeatObject(TypedDict):
    """When `outreach run` looked last, and wants to look again."""

    at: Instant
    next: Instant | None


class HealthObject(TypedDict):
    """`status --health`; `run` is null where `outreach run` has never looked."""

    health: list[OverdueObject]
    run: HeartbeatObject | None


def health_object(troubles: Iterable[Trouble], heart: Heartbeat | None) -> HealthObject:
    """The object of `status --health --json`."""
    seen: HeartbeatObject | None = None
    if heart is not None:
        seen = {"at": heart.at.isoformat(), "next": heart.next.isoformat() if heart.next else None}
    return {
        "health": [{"id": each.id, "since": each.since.isoformat(), "reason": each.reason} for each in troubles],
        "run": seen,
    }


def health_lines(troubles: Iterable[Trouble], heart: Heartbeat | None, timezone: str) -> Iterator[str]:
    """Each trouble with the moment since which it lasts, and when the watch looked."""
    troubles = list(troubles)
    for each in troubles:
        yield f"  {each.id}  since {said_moment(each.since, timezone)}: {each.reason}"
    if heart is None:
        yield "`outreach run` has not looked yet: emails and posts go out when you say so."
    elif heart.stopped:
        yield f"`outreach run` was stopped on {said_moment(heart.at, timezone)}."
    else:
        again = f", and looks again on {said_moment(heart.next, timezone)}" if heart.next else ""
        yield f"`outreach run` looked on {said_moment(heart.at, timezone)}{again}."
    if not troubles:
        yield "Nothing is overdue."
