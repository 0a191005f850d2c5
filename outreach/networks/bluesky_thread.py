"""A thread on Bluesky, complete before the first call: keys, replies, CIDs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

from outreach.model.publication import Publication, Published, ReadyPart
from outreach.networks.content_ids import record_cid
from outreach.networks.identity import record_key

COLLECTION = "app.bsky.feed.post"
_APART = timedelta(milliseconds=1)
"""Between the parts of a thread: feeds are in the order of `createdAt`, and parts of one instant would be mixed."""


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


def public_url(uri: str) -> str:
    """Where people read an `at://DID/app.bsky.feed.post/KEY`; other addresses stay as they are."""
    if not uri.startswith("at://"):
        return uri
    did, _, key = uri.removeprefix("at://").split("/", 2)
    return f"https://bsky.app/profile/{did}/post/{key}"


def _reference(part: ReadyPart) -> Mapping[str, str]:
    return {"uri": part.uri, "cid": part.cid}
