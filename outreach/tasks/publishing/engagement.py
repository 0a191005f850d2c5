"""The half of `outreach sync` that asks the networks: what they count on our posts, and who replied."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from outreach.connections.http_service import Limits
from outreach.errors import AccountBusy, ChannelError
from outreach.model.event import Event, EventKind
from outreach.model.past import PostPast
from outreach.model.payload import PlainPayload
from outreach.model.publication import Engagement, PostSync, Published
from outreach.networks.engagement import NOW, contact_of, milestone, summed
from outreach.networks.registry import published
from outreach.planning.world import World
from outreach.tasks.campaign import Loaded
from outreach.tasks.publishing.book import PostBook
from outreach.tasks.publishing.publishing import account_alone
from outreach.tasks.world import Session, session


def sync_posts(root: Path, *, limits: Limits | None = None, loaded: Loaded | None = None) -> PostSync:
    """Store the numbers of every post of ours that is out, and the replies to it; each reply once.

    A reply by a contact is an answer of that contact. A part that is gone is reported, and recorded as taken down only
    by `unpublish`: networks also hide what will be back. What cannot be asked is said in `troubles` and stops
    nothing else. Raises CampaignUnreadable, and what the ledger raises.
    """
    counted: dict[str, dict[str, float]] = {}
    replies: list[Event] = []
    gone: dict[str, tuple[Published, ...]] = {}
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
                        out = PostBook(opened).out(past.version_id).values()
                        found = publisher.engagement([part.id for part in out])
                        unseen = [part for part in out if part.id not in found]
                        if missing := tuple(part for part in unseen if not publisher.stands(part)):
                            gone[past.id] = missing
                        if found:
                            counted[past.id] = summed(found.values())
                            _count(opened, past, counted[past.id])
                            replies += _replies(opened, world, past.id, past, found.values())
            except (ChannelError, AccountBusy) as trouble:
                unasked[network] = str(trouble)
    return PostSync(
        counted=counted,
        replies=tuple(replies),
        troubles=tuple(unasked.values()),
        asked=asked,
        unasked=unasked,
        gone=gone,
    )


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
