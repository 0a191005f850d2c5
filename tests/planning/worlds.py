"""Small worlds with a past, for tests of what is planned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from outreach.model.event import EventKind
from outreach.model.past import ContactPast, Past, PostPast, SentLetter
from outreach.model.post import Post, PostVersion
from outreach.model.times import Delay
from outreach.planning.world import World
from tests.planning.campaigns import campaign

NOW = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)
BRUSSELS = "Europe/Brussels"


def at(text: str) -> datetime:
    """An instant, as UTC: `2026-01-06 14:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def days(number: int) -> Delay:
    return Delay(length=timedelta(days=number), text=f"{number}d")


def world(**keys: Any) -> World:
    """A world at NOW, whose campaign is in Brussels; `past` may be given as the keys of a Past."""
    past = keys.pop("past", Past())
    defaults: dict[str, Any] = {
        "campaign": campaign(timezone=BRUSSELS),
        "contacts": (),
        "templates": (),
        "posts": (),
        "checklists": (),
        "past": past if isinstance(past, Past) else Past(**past),
        "now": NOW,
    }
    return World(**{**defaults, **keys})


def post(ident: str, *networks: str, **keys: Any) -> Post:
    file = f"posts/{ident}.md"
    return Post(
        id=ident,
        file=file,
        versions=tuple(PostVersion(post=ident, network=n, file=file, body="Text.", **keys) for n in networks),
    )


def published(ident: str, network: str, when: str, **numbers: float) -> dict[tuple[str, str], PostPast]:
    url = f"https://{network}.example/{ident}"
    past = PostPast(post=ident, network=network, published=at(when), url=url, numbers=numbers)
    return {(ident, network): past}


def letter(wave: str = "first", when: str = "2026-01-05 09:00", **keys: Any) -> SentLetter:
    defaults: dict[str, Any] = {"wave": wave, "step": 0, "kind": EventKind.ACCEPTED, "at": at(when), "via": "smtp"}
    return SentLetter(**{**defaults, **keys})


def pasts(**keys: Mapping[str, Any]) -> dict[str, ContactPast]:
    """Pasts of contacts, by id: `pasts(osi={"answered": NOW})`."""
    return {name: ContactPast(contact=name, **values) for name, values in keys.items()}
