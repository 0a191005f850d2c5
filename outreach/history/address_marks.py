"""An address as a mark: a keyed hash that says "the same address" without saying which.

A mark reads `KEY-HASH`: 8 hex digits that name the key, 16 of the HMAC-SHA256 (RFC 2104) of the
normalised address under it. 64 bits keep a hundred thousand addresses apart.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache

_ERASED, _PERSON = "erased-", "person-"
_TOKEN = re.compile(r"person-[0-9a-f]{8}-[0-9a-f]{16}")
_ANY_TOKEN = re.compile(r"(?:person|erased)-[0-9a-f]{8}-[0-9a-f]{16}")
_SEALED = re.compile(r"<sealed\.([0-9a-f]{8})\.([A-Za-z0-9_-]{22,})@receipts\.invalid>")
_SIV = 16  # bytes: two proofs share a nonce by chance only after 2^64 of them


def normalised(address: str) -> str:
    """An address as it is compared, so that one mailbox written in two ways is one.

    A domain is in its ASCII form (RFC 5891), as in contacts that were read: `info@bücher.example` is
    `info@xn--bcher-kva.example`.
    """
    name, at, domain = address.strip().rpartition("@")
    if domain.isascii():
        return address.strip().casefold()
    labels = unicodedata.normalize("NFKC", domain).lower().split(".")
    return f"{name.casefold()}{at}{'.'.join(map(_ascii_label, labels))}"


def readable(address: str) -> str:
    """A normalised address with its domain as people write it; the same if that is ASCII anyway."""
    name, at, domain = address.rpartition("@")
    with suppress(UnicodeError):
        labels = [x[4:].encode().decode("punycode") if x.startswith("xn--") else x for x in domain.split(".")]
        return f"{name}{at}{'.'.join(labels)}"
    return address


def _ascii_label(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"


@lru_cache(maxsize=16)
def key_name(key: bytes) -> str:
    """The 8 hex digits by which marks name their key."""
    return hashlib.sha256(b"outreach address key\0" + key).hexdigest()[:8]


@lru_cache(maxsize=100_000)  # a plan asks for those of every contact
def mark_of(address: str, key: bytes) -> str:
    """The mark of a mail address under one key of the campaign."""
    digest = hmac.digest(key, normalised(address).encode("utf-8", "replace"), "sha256")
    return f"{key_name(key)}-{digest.hex()[:16]}"


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


def is_erased(id: str) -> bool:
    """Whether an id is the token of somebody who was erased."""
    return id.startswith(_ERASED) and _ANY_TOKEN.fullmatch(id) is not None


@lru_cache(maxsize=8192)
def _token(kind: str, id: str, key: bytes) -> str:
    digest = hmac.new(key, b"contact\0" + id.encode("utf-8", "replace"), hashlib.sha256)
    return f"{kind}{key_name(key)}-{digest.hexdigest()[:16]}"


# --- proofs of letters to persons ------------------------------------------------------------------


def sealed(id: str, proof: str, keys: Sequence[bytes]) -> str:
    """The proof of a letter as files in Git have it: where its `id` names a token, only the campaign's key reads it.

    A Message-ID is a plain hash of campaign, wave, contact and step (letters/mime/message.py), so whoever guesses the
    id of a contact could confirm with it that this person was written to, and the token would hide nothing. It still
    reads as a Message-ID, because older versions refer to it in follow-ups. The same proof gives the same text, so that
    the lines of two clones are one: the nonce is a keyed hash of the proof itself (a synthetic IV, RFC 5297).
    """
    contact = id.partition("/")[2].rpartition("/")[0]
    return proof if _ANY_TOKEN.fullmatch(contact) is None else seal(proof, keys)


def seal(proof: str, keys: Sequence[bytes]) -> str:
    """The proof, sealed under the first of the campaign's keys; sealed once however often this is asked."""
    if not keys or not proof:
        return proof
    plain, key = unsealed(proof, keys).encode("utf-8", "replace"), keys[0]
    if _SEALED.fullmatch(plain.decode("utf-8")):
        return proof  # under a key that this campaign does not have
    nonce = _nonce(plain, key)
    text = base64.urlsafe_b64encode(nonce + _masked(plain, nonce, key)).decode("ascii").rstrip("=")
    return f"<sealed.{key_name(key)}.{text}@receipts.invalid>"


def unsealed(proof: str, keys: Iterable[bytes]) -> str:
    """The proof of a letter as it was; unchanged where it is not sealed, or under a key that is not among `keys`."""
    found = _SEALED.fullmatch(proof)
    key = next((each for each in keys if found and key_name(each) == found[1]), None)
    if found is None or key is None:
        return proof
    try:
        content = base64.urlsafe_b64decode(found[2] + "=" * (-len(found[2]) % 4))
        plain = _masked(content[_SIV:], content[:_SIV], key)
        text = plain.decode("utf-8")
    except ValueError:
        return proof
    return text if hmac.compare_digest(_nonce(plain, key), content[:_SIV]) else proof


def _nonce(plain: bytes, key: bytes) -> bytes:
    return hmac.new(key, b"proof\0" + plain, hashlib.sha256).digest()[:_SIV]


def _masked(text: bytes, nonce: bytes, key: bytes) -> bytes:
    """The text under a stream of HMAC-SHA256 in counter mode; twice, it is the text again."""
    blocks = range(-(-len(text) // 32))
    stream = b"".join(hmac.digest(key, b"seal\0" + nonce + block.to_bytes(4, "big"), "sha256") for block in blocks)
    return bytes(a ^ b for a, b in zip(text, stream, strict=False))
