"""A plan as iCalendar text (RFC 5545), for any calendar program: letters and posts as events, tasks as to-dos.

It names contacts by their ids and holds no address of anybody: no attendee, no organiser. UIDs come from the
campaign and the item, so that a file made again changes the entries of the one before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256

from outreach.model.plan import ItemKind, ItemState, Plan, PlanItem
from outreach.planning.agenda import reason_beside_time

OCTETS = 75
"""How long a line may be without its end (RFC 5545, 3.1)."""

_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_ADDRESS = re.compile(r"(?<![^\s@<>])[^\s@<>]++@[^\s@<>]+\.[^\s@<>]+")


def icalendar_text(plan: Plan, campaign: str, title: str) -> str:
    """Every open item that has a time, and every open task; `campaign` is its id. Lines end with CRLF."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//outreach//agenda//EN", f"X-WR-CALNAME:{_escaped(title)}"]
    for item in plan.items:
        if item.state is not ItemState.DONE and (item.due is not None or item.kind is ItemKind.TASK):
            lines += _entry(item, plan.now, campaign)
    return "".join(f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in _folded(line))


def _entry(item: PlanItem, now: datetime, campaign: str) -> Iterator[str]:
    is_task = item.kind is ItemKind.TASK
    uid = sha256(f"{campaign}\0{item.id}".encode()).hexdigest()[:32]
    yield "BEGIN:VTODO" if is_task else "BEGIN:VEVENT"
    yield f"UID:{uid}@outreach.invalid"
    yield f"DTSTAMP:{_instant(now)}"
    if item.due is not None:
        yield f"{'DUE' if is_task else 'DTSTART'}:{_instant(item.due)}"
    yield f"SUMMARY:{_escaped(f'{item.id} ({item.state})')}"
    reason = reason_beside_time(item)
    if reason:
        yield f"DESCRIPTION:{_escaped(reason)}"
    if is_task:
        yield "STATUS:NEEDS-ACTION"
        yield "END:VTODO"
        return
    yield f"STATUS:{'CONFIRMED' if item.state in (ItemState.DUE, ItemState.WAITING) else 'TENTATIVE'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _instant(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """Text as RFC 5545, 3.3.11 wants it, without mail addresses and without what nobody sees."""
    plain = _ADDRESS.sub("[address]", _INVISIBLE.sub(" ", text.replace("\r\n", "\n")))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, the later ones behind a space; no character is cut."""
    piece, size = "", 0
    for character in line:
        octets = len(character.encode("utf-8", "replace"))
        if size + octets > OCTETS:
            yield piece
            piece, size = " ", 1
        piece, size = piece + character, size + octets
    yield piece
