"""CIDs: what a record or a file is called by its content (https://atproto.com/specs/data-model)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import libipld

_RECORD, _RAW = 0x71, 0x55
_LINK = "$link"


def record_cid(record: Mapping[str, Any]) -> str:
    """The CID of a record, which has its `$type`; links in it stand as `{"$link": CID}`."""
    return _cid(_RECORD, hashlib.sha256(dag_cbor(record)).digest())


def blob_cid(content_sha256: str) -> str:
    """The CID of a file whose sha256 (hex) is known."""
    return _cid(_RAW, bytes.fromhex(content_sha256))


def dag_cbor(value: Any) -> bytes:
    """A value in DAG-CBOR, of which there is exactly one."""
    return libipld.encode_dag_cbor(_linked(value))


def _linked(value: Any) -> Any:
    """The value with the bytes of CIDs in the place of links, and with the lists and dicts that libipld knows."""
    match value:
        case Mapping() if set(value) == {_LINK}:
            return libipld.decode_multibase(value[_LINK])[1]
        case Mapping():
            return {key: _linked(each) for key, each in value.items()}
        case Sequence() if not isinstance(value, str | bytes):
            return [_linked(each) for each in value]
    return value


def _cid(codec: int, digest: bytes) -> str:
    return str(libipld.encode_cid(bytes([1, codec, 0x12, 0x20]) + digest))
