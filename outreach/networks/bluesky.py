"""Bluesky: posts are records under keys of our own, and a thread is complete before the first call.

Limits: lexicons `app.bsky.feed.post` (text: maxGraphemes 300, maxLength 3000 bytes), `app.bsky.embed.images` (4, of
2,000,000 bytes), `app.bsky.embed.external`; the rate limits of its servers, 5,000 points an hour and 35,000 a day at 3
for a post. `createdAt`, and the `reply` that follows from the parts before, are added when a post is published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

from outreach.model.contact import ChannelKind
from outreach.model.lookups import Card
from outreach.model.media import FittedMedium
from outreach.model.post import PostVersion
from outreach.model.publication import Publication, Published, ReadyPart
from outreach.networks.base import AccountKey, Budget, Limits, Material, MediaRules, Network
from outreach.networks.content_ids import blob_cid, record_cid
from outreach.networks.facets import facets, mentioned
from outreach.networks.graphemes import graphemes
from outreach.networks.identity import record_key

COLLECTION = "app.bsky.feed.post"
_APART = timedelta(milliseconds=1)
"""Between the parts of a thread: feeds are in the order of `createdAt`, and parts of one instant would be mixed."""
SELF_LABELS = frozenset(("sexual", "nudity", "porn", "graphic-media"))
"""Content warnings that Bluesky knows as labels of one's own (`com.atproto.label.defs#selfLabels`)."""
MOST_IMAGES = 4  # as the lexicon app.bsky.embed.images says


def bluesky_thread(
    publication: Publication, did: str, out: Mapping[int, Published] | None = None
) -> tuple[ReadyPart, ...]:
    """The parts as records of the repository `did`: each replies to the one before, all to the first.

    Those that are `out` already keep the URI and CID that they have there. Keys follow from the DID: a handle may
    become another one.
    """
    out = out or {}
    owned = replace(publication, account=did)
    ready: list[ReadyPart] = []
    for part in publication.parts:
        key = record_key(owned, part.number)
        at = publication.at.astimezone(UTC) + _APART * (part.number - 1)
        instant = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        record: dict[str, Any] = {**part.record, "$type": COLLECTION, "createdAt": instant}
        if ready:
            record["reply"] = {"root": _reference(ready[0]), "parent": _reference(ready[-1])}
        there = out.get(part.number)
        made = ReadyPart(
            number=part.number,
            of=len(publication.parts),
            key=key,
            text=part.text,
            record=record,
            at=publication.at,
            uri=there.id if there else f"at://{did}/{COLLECTION}/{key}",
            cid=there.mark if there else record_cid(record),
            media=part.media,
        )
        ready.append(made)
    return tuple(ready)


def _reference(part: ReadyPart) -> Mapping[str, str]:
    return {"uri": part.uri, "cid": part.cid}


def _count(text: str, content_warning: str | None, limits: Limits) -> int:
    return graphemes(text)


def _record(material: Material) -> dict[str, Any]:
    """The record of a part; a link or hashtag in it is marked, and so is a handle that was looked up."""
    record: dict[str, Any] = {"$type": COLLECTION, "text": material.text, "langs": [material.language]}
    marked = facets(material.text, material.lookups.dids)
    if marked:
        record["facets"] = marked
    if material.media:
        record["embed"] = _images(material.version, material.media)
    elif material.card:
        record["embed"] = _card(material.card, material.lookups.cards.get(material.card), material.thumb)
    warning = (material.version.content_warning or "").casefold()
    if warning in SELF_LABELS:
        record["labels"] = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": warning}]}
    return record


def _images(version: PostVersion, media: Sequence[FittedMedium]) -> dict[str, Any]:
    alts = {medium.file: medium.alt for medium in version.media}
    images = [
        {
            "alt": alts.get(medium.file, ""),
            "image": _blob(medium),
            **({"aspectRatio": {"width": medium.width, "height": medium.height}} if medium.width else {}),
        }
        for medium in media[:MOST_IMAGES]
    ]
    return {"$type": "app.bsky.embed.images", "images": images}


def _blob(medium: FittedMedium) -> dict[str, Any]:
    link = {"$link": blob_cid(medium.sha256)}
    return {"$type": "blob", "ref": link, "mimeType": medium.media_type, "size": medium.size}


def _card(address: str, found: Card | None, thumb: FittedMedium | None) -> dict[str, Any]:
    """The card of a page. One that was not looked up shows its address."""
    title = found.title if found else address
    description = found.description if found else ""
    return {
        "$type": "app.bsky.embed.external",
        "external": {
            "uri": address,
            "title": title,
            "description": description,
            **({"thumb": _blob(thumb)} if thumb else {}),
        },
    }


def _effects(version: PostVersion, records: Sequence[Mapping[str, Any]]) -> list[str]:
    """What becomes of a content warning, and the card as it will be shown."""
    found = []
    warning = version.content_warning or ""
    if warning.casefold() in SELF_LABELS:
        found.append(f"Label: {warning.casefold()}, which hides the pictures until readers ask for them")
    elif warning:
        known = ", ".join(sorted(SELF_LABELS))
        found.append(f"Content warning: “{warning}” is left out: Bluesky only has the labels {known}")
    cards = [record["embed"]["external"] for record in records if "external" in record.get("embed", {})]
    for card in cards:
        picture = "with its picture" if "thumb" in card else "without a picture"
        said = f": {card['description']}" if card["description"] else ""
        found.append(f"Card: {card['title']}{said} ({card['uri']}, {picture})")
    if version.card and not cards:
        found.append("Card: none, since a post has either pictures or a card")
    return found


BLUESKY = Network(
    name="bluesky",
    label="Bluesky",
    called=r"bluesky|bsky",
    publisher="outreach.publishing.bluesky.bluesky",
    account=(
        AccountKey(
            name="service",
            kind="url",
            doc="The account's server, if not https://bsky.social",
            default="https://bsky.social",
        ),
        AccountKey(name="handle", kind="handle", doc="The account's handle", required=True),
    ),
    shown_account=lambda account: f"@{account.get('handle', '')}",
    limits=Limits(characters=300, bytes=3000),
    count=_count,
    has_threads=True,
    # 5,000 points an hour and 35,000 a day, a new post is three
    # (https://docs.bsky.app/docs/advanced-guides/rate-limits, read on 2026-11-30).
    budgets=(Budget(hours=1, most=5_000 // 3), Budget(hours=24, most=35_000 // 3)),
    media=MediaRules(most=MOST_IMAGES, bytes=2_000_000, alt=2000),  # its own composer takes 2,000 characters
    shows_cards=True,
    handle=ChannelKind.BLUESKY,
    handles_in=mentioned,
    directory="outreach.publishing.bluesky.handles.directory",
    about_account="outreach.publishing.bluesky.account.about_account",
    record=_record,
    ready=bluesky_thread,
    effects=_effects,
    notified=lambda text, lookups: [handle for handle in mentioned(text) if handle in lookups.dids],
)
