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


class TroubleObject(TypedDict):
    """What is overdue or does not work, and since when."""

    id: str
    since: Instant
    reason: str


class BeatObject(TypedDict):
    """When `outreach run` looked last, and when it wants to look again."""

    at: Instant
    next: Instant | None


class HealthObject(TypedDict):
    """`run` is null where it never looked."""

    health: list[TroubleObject]
    run: BeatObject | None


def health_object(troubles: Iterable[Trouble], heart: Heartbeat | None) -> HealthObject:
    """The object of `status --health --json`."""
    found: list[TroubleObject] = [
        {"id": each.id, "since": each.since.isoformat(), "reason": each.reason} for each in troubles
    ]
    if heart is None:
        return {"health": found, "run": None}
    again = heart.next.isoformat() if heart.next else None
    return {"health": found, "run": {"at": heart.at.isoformat(), "next": again}}


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
