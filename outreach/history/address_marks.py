"""An address as a mark: a keyed hash that says "the same address" without saying which.

A mark reads `KEY-HASH`: 8 hex digits that name the key, 16 of the HMAC-SHA256 (RFC 2104) of the
normalised address under it. 64 bits keep a hundred thousand addresses apart.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

_ERASED, _PERSON = "erased-", "person-"
_TOKEN = re.compile(r"person-[0-9a-f]{8}-[0-9a-f]{16}")


def normalised(address: str) -> str:
    """An address as it is compared, so that one mailbox written in two ways is one."""
    return address.strip().casefold()


def key_name(key: bytes) -> str:
    """The 8 hex digits by which marks name their key."""
    return hashlib.sha256(b"outreach address key\0" + key).hexdigest()[:8]


@lru_cache(maxsize=100_000)  # a plan asks for those of every contact
def mark_of(address: str, key: bytes) -> str:
    """The mark of a mail address under one key of the campaign."""
    digest = hmac.new(key, normalised(address).encode("utf-8", "replace"), hashlib.sha256)
    return f"{key_name(key)}-{digest.hexdigest()[:16]}"


def marks_of(address: str, keys: Sequence[bytes]) -> tuple[str, ...]:
    """The marks that an address has in this campaign, one for each of its keys."""
    return tuple(mark_of(address, key) for key in keys)


def token_of(id: str, key: bytes) -> str:
    """What stands for the id of a contact that was erased, the same on every computer: `erased-KEY-HASH`."""
    if is_person_token(id):
        return _ERASED + id.removeprefix(_PERSON)
    return _token(_ERASED, id, key)


def person_token(id: str, key: bytes) -> str:
    """What stands for the id of a person in files that travel by Git, the same on every computer: `person-KEY-HASH`."""
    return id if is_person_token(id) else _token(_PERSON, id, key)


def person_tokens(id: str, keys: Iterable[bytes]) -> tuple[str, ...]:
    """The tokens that a person has in this campaign, one for each of its keys."""
    return tuple(person_token(id, key) for key in keys)


def is_person_token(id: str) -> bool:
    """Whether an id is such a token."""
    return _TOKEN.fullmatch(id) is not None


@lru_cache(maxsize=8192)
def _token(kind: str, id: str, key: bytes) -> str:
    digest = hmac.new(key, b"contact\0" + id.encode("utf-8", "replace"), hashlib.sha256)
    return f"{kind}{key_name(key)}-{digest.hexdigest()[:16]}"
