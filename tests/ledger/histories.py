"""Events and generated histories for the tests of the ledger and of the rules over history."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from outreach.model.event import Event, EventKind, Receipt

DAY = datetime(2026, 1, 13, 8, 0, tzinfo=UTC)


def event(kind: EventKind, days: float = 0, **keys: Any) -> Event:
    """An event so many days after 13 January 2026, 08:00 UTC."""
    at = DAY + timedelta(days=days)
    return Event(kind=kind, at=at, recorded=keys.pop("recorded", at), by="alex", **keys)


def letter(kind: EventKind, days: float = 0, **keys: Any) -> Event:
    """An event about the first letter to fsfe in the wave lobbying."""
    keys = {"contact": "fsfe", "wave": "lobbying", "step": 0, **keys}
    return event(kind, days, **keys)


def receipt(id: str, days: float = 0, **keys: Any) -> Receipt:
    """A receipt of another computer."""
    keys = {"via": "smtp", "proof": f"<{id.replace('/', '.')}@example.org>", "ledger": "theirs", **keys}
    return Receipt(id=id, at=DAY + timedelta(days=days), **keys)


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.sampled_from(["fsfe", "osi", "edri"])
instants = st.integers(0, 40).map(lambda hours: DAY + timedelta(hours=hours))


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Any event, mostly about one of a few contacts and posts, so that they meet."""
    kind = draw(st.sampled_from(EventKind))
    keys: dict[str, Any] = {}
    if draw(st.integers(0, 4)):
        keys["contact"] = draw(names)
    if draw(st.booleans()):
        keys |= {"wave": draw(st.sampled_from(["lobbying", "press"])), "step": draw(st.sampled_from([None, 0, 1]))}
    if kind is EventKind.POSTED or not draw(st.integers(0, 5)):
        keys |= {"post": draw(st.sampled_from(["r-linux", "a/b"])), "network": draw(st.sampled_from([None, "reddit"]))}
        keys |= {"numbers": draw(st.dictionaries(st.sampled_from(["likes", "upvotes"]), st.integers(0, 9)))}
    if kind is EventKind.UNDONE:
        keys["value"] = draw(st.one_of(st.integers(0, 25).map(str), st.sampled_from(["x", "", "²"])))
    elif kind is EventKind.RESOLVED:
        keys["value"] = draw(st.sampled_from(["sent", "not-sent", "other"]))
    else:
        keys["value"] = draw(st.sampled_from([None, "smtp", "outbox", "go", "supports"]))
    keys |= {"name": draw(st.sampled_from([None, "*", "reddit", "contact:fsfe", "email:a@b.example"]))}
    keys |= {"text": draw(st.none() | words), "address": draw(st.sampled_from([None, "A@b.example", "c@d.example"]))}
    keys |= {"due": draw(st.sampled_from([None, date(2026, 2, 1)])), "url": draw(st.sampled_from([None, "https://x"]))}
    return Event(kind=kind, at=draw(instants), recorded=draw(instants), by=draw(words), **keys)


histories = st.lists(events(), max_size=25)


def numbered(found: list[Event]) -> list[Event]:
    """The events with the numbers that a ledger would give them."""
    return [replace(event, number=number) for number, event in enumerate(found, start=1)]
