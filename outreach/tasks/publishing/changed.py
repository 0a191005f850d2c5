"""Published posts with a newer approved text: what `outreach correct` corrects."""

from __future__ import annotations

from collections.abc import Iterable

from outreach.model.past import PostPast
from outreach.networks.drafting import draft_of
from outreach.networks.registry import network_of
from outreach.planning.gates import facts_of
from outreach.planning.world import World
from outreach.tasks.posting import composed
from outreach.tasks.publishing.book import PostBook
from outreach.tasks.world import Session


def changed_since(opened: Session, world: World) -> dict[str, str]:
    """By id of the version, what happened: `part 2 changed`.

    What is not approved as it is now is left out, but for texts that a person published.
    Nor is a broken thread there: what is missing of it goes out first.
    """
    book = PostBook(opened)
    by_hand = {id: digest for id, past in _out(world) if (digest := book.said_by_hand(past))}
    pasts = {id: past for id, past in _out(world) if id in by_hand or book.said(past.version_id, past.revision)}
    posts = composed(opened.loaded, facts_of(world), lambda version: version.id in pasts).posts if pasts else {}
    found: dict[str, str] = {}
    for id, post in posts.items():
        approval = world.past.approvals.get(id)
        is_approved = approval is None or approval.digest in (None, post.digest)
        if id in by_hand:
            found |= {id: "its text changed"} if post.digest != by_hand[id] and not post.later else {}
            continue
        if post.later or (world.campaign.approval != "none" and not is_approved):
            continue
        network = network_of(post.version.network)
        numbers = book.changed(pasts[id], draft_of(post).parts, edits=network.edits)
        if numbers:
            was = "was added" if min(numbers) > max(pasts[id].parts, default=0) else "changed"
            was = was.replace("was", "were") if len(numbers) > 1 else was
            found[id] = f"part{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))} {was}"
    return found


def _out(world: World) -> Iterable[tuple[str, PostPast]]:
    """PostVersions that are out, all of them."""
    for post in world.posts:
        for version in post.versions:
            past = world.past.posts.get((version.post, version.network))
            is_out = past is not None and past.published is not None and not past.gap and not past.doubt
            if past is not None and is_out:
                yield version.id, past
