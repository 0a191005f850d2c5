"""The records of the wire: what Bluesky's and Mastodon's servers are given, but for what is only known then.

`createdAt`, and the `reply` that follows from the parts before, are added when a post is published; everything else
stands here, is shown, and is what an approval binds to.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from outreach.model.lookups import Card, Lookups
from outreach.model.media import FittedMedium
from outreach.model.post import Edition, Network
from outreach.networks.content_ids import blob_cid
from outreach.networks.facets import facets

SELF_LABELS = frozenset(("sexual", "nudity", "porn", "graphic-media"))
"""Content warnings that Bluesky knows as labels of one's own (`com.atproto.label.defs#selfLabels`)."""
MOST_IMAGES = 4


def records_of(
    edition: Edition,
    parts: Sequence[str],
    media: Sequence[FittedMedium],
    lookups: Lookups,
    *,
    language: str,
    card: str | None = None,
    thumb: FittedMedium | None = None,
) -> list[dict[str, Any]]:
    """The record of each part; pictures go with the first, the card with the part that holds its address."""
    if edition.network is Network.BLUESKY:
        at = next((n for n, part in enumerate(parts) if card and card in part), 0)
        return [
            _bluesky(edition, part, media if not n else (), lookups, language, card if n == at else None, thumb)
            for n, part in enumerate(parts)
        ]
    if edition.network is Network.MASTODON:
        return [_mastodon(edition, part, media if not n else (), language) for n, part in enumerate(parts)]
    return [{"text": part} for part in parts]


def digest_of(records: Sequence[Mapping[str, Any]]) -> str:
    """What an approval of a post binds to: the sha256 (hex) of its records as canonical JSON."""
    return hashlib.sha256(frozen_text(records).encode()).hexdigest()


def frozen_text(records: Sequence[Mapping[str, Any]]) -> str:
    """The records as the JSON that is frozen: sorted keys, no spaces, everything as it is."""
    return json.dumps(list(records), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _bluesky(
    edition: Edition,
    text: str,
    media: Sequence[FittedMedium],
    lookups: Lookups,
    language: str,
    card: str | None,
    thumb: FittedMedium | None,
) -> dict[str, Any]:
    record: dict[str, Any] = {"$type": "app.bsky.feed.post", "text": text, "langs": [language]}
    marked = facets(text, lookups.handles)
    if marked:
        record["facets"] = marked
    embed = _images(edition, media) if media else _card(card, lookups.cards.get(card or ""), thumb) if card else None
    if embed is not None:
        record["embed"] = embed
    warning = (edition.content_warning or "").casefold()
    if warning in SELF_LABELS:
        record["labels"] = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": warning}]}
    return record


def _images(edition: Edition, media: Sequence[FittedMedium]) -> dict[str, Any]:
    alts = {medium.file: medium.alt for medium in edition.media}
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


def _mastodon(edition: Edition, text: str, media: Sequence[FittedMedium], language: str) -> dict[str, Any]:
    described = {medium.file: medium for medium in edition.media}
    form: dict[str, Any] = {
        "status": text,
        "language": language,
        "visibility": edition.visibility or "public",
        "spoiler_text": edition.content_warning or "",
        "sensitive": bool(edition.content_warning and media),
    }
    if media:
        form["media"] = [
            {
                "file": medium.file,
                "sha256": medium.sha256,
                "mime_type": medium.media_type,
                "description": described[medium.file].alt,
                **({"focus": _focus(described[medium.file].focus)} if described[medium.file].focus else {}),
            }
            for medium in media
        ]
    return form


def _focus(focus: tuple[float, float] | None) -> str:
    return ",".join(f"{number:g}" for number in focus or ())
