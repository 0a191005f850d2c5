"""When a post's numbers are kept, and which contact a reply comes from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from outreach.model.contact import Contact
from outreach.model.publication import Engagement
from outreach.networks.registry import network_of

MILESTONES = {
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}
"""Ages of a post at which its numbers are kept under a name of their own."""
NOW = "now"


def milestone(published: datetime, now: datetime, kept: Iterable[str]) -> str:
    """The latest milestone that has passed and is not kept yet, else "now". Instants are aware."""
    reached = [name for name, age in MILESTONES.items() if now - published >= age]
    return reached[-1] if reached and reached[-1] not in set(kept) else NOW


def summed(parts: Iterable[Engagement]) -> dict[str, float]:
    """The numbers of a thread: those of its parts together, replies without our own parts."""
    total: dict[str, float] = {}
    for part in parts:
        for name, number in part.counts.items():
            total[name] = total.get(name, 0) + (_of_others(number, part) if name == "replies" else number)
    return total


def _of_others(replies: int, part: Engagement) -> int:
    """Replies that are not ours: a network counts the next part of a thread as one, though not each does so always."""
    return replies - min(part.own, max(0, replies - len(part.replies)))


def contact_of(handle: str, network: str, contacts: Iterable[Contact]) -> Contact | None:
    """Whose handle it is, as the contacts' files name it; None if nobody's."""
    kind = network_of(network).handle
    for contact in contacts:
        for channel in contact.channels:
            if channel.kind is kind and channel.identity == f"{channel.kind}:{handle.casefold()}":
                return contact
    return None
