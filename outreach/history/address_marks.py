"""An address as a mark: a keyed hash that says "the same address" without saying which.

A mark reads `KEY-HASH`: 8 hex digits that name the key, 16 of the HMAC-SHA256 (RFC 2104) of the
normalised address under it. 64 bits keep a hundred thousand addresses apart.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence


def normalised(address: str) -> str:
    """An address as it is compared, so that one mailbox written in two ways is one."""
    return address.strip().casefold()


def key_name(key: bytes) -> str:
    """The 8 hex digits by which marks name their key."""
    return hashlib.sha256(b"outreach address key\0" + key).hexdigest()[:8]


def mark_of(address: str, key: bytes) -> str:
    """The mark of a mail address under one key of the campaign."""
    digest = hmac.new(key, normalised(address).encode("utf-8", "replace"), hashlib.sha256)
    return f"{key_name(key)}-{digest.hexdigest()[:16]}"


def marks_of(address: str, keys: Sequence[bytes]) -> tuple[str, ...]:
    """The marks that an address has in this campaign, one for each of its keys."""
    return tuple(mark_of(address, key) for key in keys)


def token_of(id: str, key: bytes) -> str:
    """What stands for the id of a contact that was erased, the same on every computer: `erased-KEY-HASH`."""
    digest = hmac.new(key, b"contact\0" + id.encode("utf-8", "replace"), hashlib.sha256)
    return f"erased-{key_name(key)}-{digest.hexdigest()[:16]}"
