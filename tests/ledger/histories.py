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


# What a strategy draws is made once: making and checking it takes longer than drawing.
kinds, to_six, to_five, either = st.sampled_from(EventKind), st.integers(0, 5), st.integers(0, 4), st.booleans()
about_letters = {"wave": st.sampled_from(["lobbying", "press"]), "step": st.sampled_from([None, 0, 1])}
about_posts = {
    "post": st.sampled_from(["r-linux", "a/b"]),
    "network": st.sampled_from([None, "reddit"]),
    "numbers": st.dictionaries(st.sampled_from(["likes", "upvotes"]), st.integers(0, 9)),
}
values = {
    EventKind.UNDONE: st.one_of(st.integers(0, 25).map(str), st.sampled_from(["x", "", "²"])),
    EventKind.RESOLVED: st.sampled_from(["sent", "not-sent", "other"]),
}
other_values = st.sampled_from([None, "smtp", "outbox", "go", "supports"])
always = {
    "name": st.sampled_from([None, "*", "reddit", "contact:fsfe", "email:a@b.example"]),
    "text": st.none() | words,
    "address": st.sampled_from([None, "A@b.example", "c@d.example"]),
    "due": st.sampled_from([None, date(2026, 2, 1)]),
    "url": st.sampled_from([None, "https://x"]),
    "at": instants,
    "recorded": instants,
    "by": words,
}


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Any event, mostly about one of a few contacts and posts, so that they meet."""
    kind = draw(kinds)
    keys: dict[str, st.SearchStrategy[Any]] = {"contact": names} if draw(to_five) else {}
    if draw(either):
        keys |= about_letters
    if kind is EventKind.POSTED or not draw(to_six):
        keys |= about_posts
    keys |= {"value": values.get(kind, other_values), **always}
    return Event(kind=kind, **{key: draw(value) for key, value in keys.items()})


histories = st.lists(events(), max_size=25)


def numbered(found: list[Event]) -> list[Event]:
    """The events with the numbers that a ledger would give them."""
    return [replace(event, number=number) for number, event in enumerate(found, start=1)]
