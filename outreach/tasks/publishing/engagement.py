"""The half of `outreach sync` that asks the networks: what they count on our posts, and who replied."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from outreach.connections.http_service import Limits
from outreach.errors import AccountBusy, ChannelError
from outreach.model.event import Event, EventKind
from outreach.model.past import PostPast
from outreach.model.payload import PlainPayload
from outreach.model.publication import Engagement, PostSync
from outreach.networks.engagement import NOW, contact_of, milestone, summed
from outreach.networks.registry import published
from outreach.planning.world import World
from outreach.publishing.publisher import Publisher
from outreach.tasks.campaign import Loaded
from outreach.tasks.publishing.book import PostBook
from outreach.tasks.publishing.publishing import account_alone
from outreach.tasks.world import Session, session


def sync_posts(root: Path, *, limits: Limits | None = None, loaded: Loaded | None = None) -> PostSync:
    """Store the numbers of every post of ours that is out, and the replies to it; each reply once.

    A reply by a contact is an answer of that contact. What cannot be asked is said in `troubles` and stops
    nothing else. Raises CampaignUnreadable, and what the ledger raises.
    """
    counted: dict[str, dict[str, float]] = {}
    replies: list[Event] = []
    unasked: dict[str, str] = {}
    asked = False
    with session(root, loaded) as opened:
        world = opened.world()
        for network in (each.name for each in published()):
            pasts = [past for past in world.past.posts.values() if past.network == network and past.parts]
            if not pasts:
                continue
            asked = True
            try:
                with account_alone(opened, world, network, limits) as publisher:
                    publisher.open()
                    for past in pasts:
                        _sync(opened, world, publisher, past, counted, replies)
            except (ChannelError, AccountBusy) as trouble:
                unasked[network] = str(trouble)
    troubles = tuple(unasked.values())
    return PostSync(counted=counted, replies=tuple(replies), troubles=troubles, asked=asked, unasked=unasked)


def _sync(
    opened: Session,
    world: World,
    publisher: Publisher,
    past: PostPast,
    counted: dict[str, dict[str, float]],
    replies: list[Event],
) -> None:
    out = PostBook(opened).out(past.version_id)
    found = publisher.engagement([part.id for part in out.values()])
    if not found:
        return
    id = past.id
    counted[id] = summed(found.values())
    _count(opened, past, counted[id])
    replies += _replies(opened, world, id, past, found.values())


def _count(opened: Session, past: PostPast, numbers: dict[str, float]) -> None:
    """Keep the numbers at their milestones, and between these where they changed."""
    counts = (
        e for e in opened.ledger.events(post=past.post) if (e.kind, e.network) == (EventKind.COUNTED, past.network)
    )
    kept = [event.payload.shown for event in counts]
    name = milestone(past.published or opened.now, opened.now, kept)
    same = all(past.numbers.get(key) == number for key, number in numbers.items())
    if name != NOW or not same:
        opened.record(
            EventKind.COUNTED, PlainPayload(value=name), post=past.post, network=past.network, numbers=numbers
        )


def _replies(opened: Session, world: World, id: str, past: PostPast, found: Iterable[Engagement]) -> list[Event]:
    known = {event.url for event in opened.ledger.events() if event.kind is EventKind.REPLY}
    stored = []
    for reply in (reply for part in found for reply in part.replies):
        if reply.url in known:
            continue
        known.add(reply.url)
        contact = contact_of(reply.handle, past.network, world.contacts)
        stored.append(
            opened.record(
                EventKind.REPLY,
                PlainPayload(name=id),
                at=reply.at,
                contact=contact.id if contact else None,
                network=past.network,
                url=reply.url,
                address=reply.handle,
                text=reply.text,
            )
        )
    return stored
