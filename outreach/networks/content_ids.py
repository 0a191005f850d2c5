"""CIDs: what a record or a file is called by its content (DAG-CBOR, sha256, base32).

https://atproto.com/specs/data-model and https://ipld.io/specs/codecs/dag-cbor/spec/. Records of posts hold
texts, whole numbers, truth values, lists, mappings and links; nothing else is taken.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Mapping, Sequence
from typing import Any

_RECORD, _RAW = 0x71, 0x55
_LINK = "$link"


def record_cid(record: Mapping[str, Any]) -> str:
    """The CID of a record, which has its `$type`; links in it stand as `{"$link": CID}`."""
    return _text(_RECORD, dag_cbor(record))


def blob_cid(content_sha256: str) -> str:
    """The CID of a file whose sha256 (hex) is known."""
    return _written(_RAW, bytes.fromhex(content_sha256))


def dag_cbor(value: Any) -> bytes:
    """A value in DAG-CBOR, of which there is exactly one. Raises TypeError for what no record holds."""
    match value:
        case None:
            return b"\xf6"
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return _head(0, value) if value >= 0 else _head(1, -1 - value)
        case str():
            data = value.encode()
            return _head(3, len(data)) + data
        case Mapping() if set(value) == {_LINK}:
            data = b"\0" + _bytes_of(value[_LINK])
            return b"\xd8\x2a" + _head(2, len(data)) + data
        case Mapping():
            pairs = sorted(
                ((key.encode(), each) for key, each in value.items()), key=lambda pair: (len(pair[0]), pair[0])
            )
            return _head(5, len(pairs)) + b"".join(_head(3, len(key)) + key + dag_cbor(each) for key, each in pairs)
        case Sequence() if not isinstance(value, bytes):
            return _head(4, len(value)) + b"".join(map(dag_cbor, value))
    raise TypeError(f"no record holds {type(value).__name__}")


def _head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    for extra, width, form in ((24, 8, "B"), (25, 16, "H"), (26, 32, "I"), (27, 64, "Q")):
        if number < 1 << width:
            return bytes([major << 5 | extra]) + struct.pack(f">{form}", number)
    raise TypeError("a number of more than 64 bits")


def _text(codec: int, content: bytes) -> str:
    return _written(codec, hashlib.sha256(content).digest())


def _written(codec: int, digest: bytes) -> str:
    raw = bytes([1, codec, 0x12, 0x20]) + digest
    return "b" + base64.b32encode(raw).decode().lower().rstrip("=")


def _bytes_of(cid: str) -> bytes:
    text = cid[1:].upper()
    return base64.b32decode(text + "=" * (-len(text) % 8))
