"""Published posts with a newer approved text: what `outreach correct` corrects.

Each plan asks, so the answer is kept under the digest of everything it depends on, and a post is composed once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from outreach import storage
from outreach.campaign.verdicts import PUBLISHED, keep_verdicts, read_verdicts
from outreach.model.past import PostPast
from outreach.model.post import PostVersion
from outreach.model.recipient import Verdict
from outreach.networks.drafting import draft_of
from outreach.networks.registry import network_of
from outreach.networks.version_text import mentioned_contacts
from outreach.planning.gates import facts_of
from outreach.planning.world import World
from outreach.tasks.clock import is_rehearsal
from outreach.tasks.kept_campaign import program
from outreach.tasks.posting import asks_what_happened, composed
from outreach.tasks.publishing.book import PostBook
from outreach.tasks.world import Session


def changed_since(opened: Session, world: World) -> dict[str, str]:
    """By id of the version, what happened: `part 2 changed`.

    What is not approved as it is now is left out, but for texts that a person published.
    Nor is a broken thread there: what is missing of it goes out first.
    """
    out = list(_out(world))
    keys = _keys(opened, world, out)
    kept = read_verdicts(opened.root, PUBLISHED) if keys else {}
    known = {version.id: kept[key] for version, _ in out if (key := keys.get(version.id)) in kept}
    found = _found(opened, world, [each for each in out if each[0].id not in known])
    known |= {id: Verdict(digest=what) for id, what in found.items()}
    used = {key: known[id] for id, key in keys.items() if id in known}
    if used.keys() != kept.keys():
        keep_verdicts(opened.root, used, PUBLISHED)
    said = {version.id: known[version.id].digest for version, _ in out if version.id in known}
    return {id: what for id, what in said.items() if what}


def _found(opened: Session, world: World, out: Sequence[tuple[PostVersion, PostPast]]) -> dict[str, str]:
    """What happened, "" for nothing, to those of which it is known how they went out and that can be made now."""
    book = PostBook(opened)
    by_hand = {past.id: digest for _, past in out if (digest := book.said_by_hand(past))}
    told = {past.id: past for _, past in out if past.id in by_hand or book.said(past.version_id, past.revision)}
    facts = facts_of(world) if any(asks_what_happened(version) for version, _ in out) else None
    posts = composed(opened.loaded, facts, lambda version: version.id in told).posts if told else {}
    found: dict[str, str] = {}
    for id, post in posts.items():
        approval = world.past.approvals.get(id)
        is_approved = approval is None or approval.digest in (None, post.digest)
        found[id] = ""
        if id in by_hand:
            found[id] = "its text changed" if post.digest != by_hand[id] and not post.later else ""
            continue
        if post.later or (world.campaign.approval != "none" and not is_approved):
            continue
        network = network_of(post.version.network)
        numbers = book.changed(told[id], draft_of(post).parts, edits=network.edits)
        if numbers:
            was = "was added" if min(numbers) > max(told[id].parts, default=0) else "changed"
            was = was.replace("was", "were") if len(numbers) > 1 else was
            found[id] = f"part{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))} {was}"
    return found


def _keys(opened: Session, world: World, out: Iterable[tuple[PostVersion, PostPast]]) -> dict[str, str]:
    """The digest of all that the answer follows from: the text and what is in it, and what the ledger says of it.

    None if the text may say what is known of posts and contacts: that changes with everything that happens.
    """
    asking = [each for each in out if not asks_what_happened(each[0])]
    if not asking:
        return {}
    latest = opened.ledger.latest_about_posts()
    loaded, contacts = opened.loaded, {contact.id: contact for contact in world.contacts}
    files = {name: file.facts for name, file in loaded.attachments.items()}
    ledger = opened.ledger.id, is_rehearsal()
    shared = hashlib.sha256(repr((program(), ledger, world.campaign, files, loaded.lookups)).encode()).hexdigest()
    thumbs = [card.thumb for card in loaded.lookups.cards.values() if card.thumb]
    found = {}
    for version, past in asking:
        named = [contacts[id] for id in mentioned_contacts(version.body) if id in contacts]
        pictures = [*(medium.file for medium in version.media), *(thumbs if version.card else [])]
        said = (
            shared, version, f"post:{version.post}" in world.blocked,
            [(each.id, each.name, each.channels) for each in named], _states(opened.root, pictures),
            latest.get(version.post), past.revision, past.published, past.url, sorted(past.parts),
            world.past.approvals.get(version.id),
        )  # fmt: skip
        found[version.id] = hashlib.sha256(repr(said).encode()).hexdigest()[:40]
    return found


def _states(root: Path, files: Iterable[str]) -> list[object]:
    """What is another one where the content of a file is."""
    found: list[object] = []
    for file in files:
        try:
            state = storage.stat_of(root, file, follow=True)
        except OSError as error:
            found.append(error.errno)
            continue
        found.append(state and (state.st_mtime_ns, state.st_size, state.st_ino))
    return found


def _out(world: World) -> Iterable[tuple[PostVersion, PostPast]]:
    """Versions that are out, all of them."""
    for post in world.posts:
        for version in post.versions:
            past = world.past.posts.get((version.post, version.network))
            is_out = past is not None and past.published is not None and not past.gap and not past.doubt
            if past is not None and is_out:
                yield version, past
