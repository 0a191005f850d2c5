"""Keys and addresses that follow from what a post is, and from nothing else: asked for twice, it is still one post."""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, datetime

from outreach.model.publication import Publication

_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_LENGTH = 13  # characters of a record key, a TID (https://atproto.com/specs/tid)
_FIRST = int(datetime(2023, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
_CLOCK_BITS = 10  # the lowest bits of a TID, which tell clocks apart


def public_url(uri: str) -> str:
    """Where people read an `at://DID/app.bsky.feed.post/KEY`; other addresses stay as they are."""
    if not uri.startswith("at://"):
        return uri
    did, _, key = uri.removeprefix("at://").split("/", 2)
    return f"https://bsky.app/profile/{did}/post/{key}"


def record_key(publication: Publication, part: int) -> str:
    """The TID of a part on Bluesky: 13 characters, base32-sortable (https://atproto.com/specs/tid).

    Its 56 free bits are a hash of the identity. The time in it means nothing; servers do not look at it.
    """
    bits = int.from_bytes(_hash(publication, part)[:7], "big")
    microseconds = _FIRST + (bits >> _CLOCK_BITS)
    number = microseconds << _CLOCK_BITS | bits & ((1 << _CLOCK_BITS) - 1)
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_LENGTH)))


def idempotency_key(publication: Publication, part: int) -> str:
    """The Idempotency-Key of a part on Mastodon, written as a UUID."""
    return str(uuid.UUID(bytes=_hash(publication, part)[:16]))


def _hash(publication: Publication, part: int) -> bytes:
    words = (
        publication.campaign,
        publication.post,
        str(publication.revision),
        publication.network,
        publication.account,
        str(part),
    )
    return hashlib.sha256("\0".join(words).encode()).digest()
