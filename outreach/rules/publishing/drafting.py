"""An edition's texts -> the parts as they will be asked for, and the digest that an approval binds to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import regex

from outreach.model.post import Edition, Network
from outreach.model.publication import Part, PartMedium
from outreach.rules.counting.entities import COUNTED_BY_MASTODON
from outreach.rules.publishing.content_ids import blob_cid

_TAG = regex.compile(r"(?<![\p{L}\p{N}\p{M}_#/&])#(?P<tag>[\p{L}\p{N}\p{M}_]*[\p{L}\p{M}][\p{L}\p{N}\p{M}_]*)")

SELF_LABELS = ("graphic-media", "nudity", "porn", "sexual")
"""Content warnings that Bluesky has a word for; any other would be a wrong label."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionDraft:
    """What one edition would say now. `later` are values that are not known yet."""

    edition: Edition
    parts: tuple[Part, ...]
    later: tuple[str, ...] = ()

    @property
    def frozen(self) -> bytes:
        """The bytes that are approved: records and files, without createdAt and what follows from it."""
        parts = [{"record": part.record, "media": [medium.sha256 for medium in part.media]} for part in self.parts]
        return json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @property
    def digest(self) -> str:
        """The sha256 (hex) of `frozen`."""
        return hashlib.sha256(self.frozen).hexdigest()


def draft_edition(
    edition: Edition, texts: Sequence[str], later: Sequence[str], language: str, media: Mapping[PartMedium, int]
) -> EditionDraft:
    """The parts of one edition; its `media` (with their sizes in bytes) go with the first one."""
    make: Callable[[str, Edition, str, Mapping[PartMedium, int]], dict[str, Any]]
    make = _bluesky if edition.network is Network.BLUESKY else _mastodon
    spoken = edition.language or language
    parts = tuple(
        Part(
            number=number,
            text=text,
            record=make(text, edition, spoken, media if number == 1 else {}),
            media=tuple(media) if number == 1 else (),
        )
        for number, text in enumerate(texts, 1)
    )
    return EditionDraft(edition=edition, parts=parts, later=tuple(later))


def _bluesky(text: str, edition: Edition, language: str, media: Mapping[PartMedium, int]) -> dict[str, Any]:
    record: dict[str, Any] = {"$type": "app.bsky.feed.post", "text": text, "langs": [language]}
    facets = bluesky_facets(text)
    if facets:
        record["facets"] = facets
    if media:
        images = [{"alt": each.alt, "image": _blob(each, size)} for each, size in media.items()]
        record["embed"] = {"$type": "app.bsky.embed.images", "images": images}
    if edition.content_warning in SELF_LABELS:
        values = [{"val": edition.content_warning}]
        record["labels"] = {"$type": "com.atproto.label.defs#selfLabels", "values": values}
    return record


def _blob(medium: PartMedium, size: int) -> dict[str, Any]:
    link = {"$link": blob_cid(medium.sha256)}
    return {"$type": "blob", "ref": link, "mimeType": medium.media_type, "size": size}


def bluesky_facets(text: str) -> list[dict[str, Any]]:
    """Links and hashtags of a text, as offsets into its UTF-8; in order, none inside another."""
    found: list[tuple[int, int, dict[str, Any]]] = []
    for match in COUNTED_BY_MASTODON.finditer(text):
        if match["url"]:
            found.append((*match.span(), {"$type": "app.bsky.richtext.facet#link", "uri": match["url"]}))
    for match in _TAG.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end, _ in found):
            found.append((*match.span(), {"$type": "app.bsky.richtext.facet#tag", "tag": match["tag"]}))
    return [
        {"index": {"byteStart": len(text[:start].encode()), "byteEnd": len(text[:end].encode())}, "features": [what]}
        for start, end, what in sorted(found, key=lambda each: each[0])
    ]


def _mastodon(text: str, edition: Edition, language: str, media: Mapping[PartMedium, int]) -> dict[str, Any]:
    return {
        "status": text,
        "visibility": edition.visibility or "public",
        "language": language,
        "spoiler_text": edition.content_warning or "",
        "sensitive": bool(edition.content_warning and media),
    }
