"""The style, the scripts and the picture of the pages. A browser keeps each under the digest of what is in it."""

from __future__ import annotations

import gzip
import hashlib
from importlib.resources import files
from pathlib import PurePosixPath

from outreach.model.records import dataclass

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Static:
    """One file; `packed` is it in gzip: a slow line brings the pages' own files in a third of the time."""

    content: bytes
    packed: bytes
    media_type: str
    digest: str


def _static(content: bytes, media_type: str) -> Static:
    packed, digest = gzip.compress(content, mtime=0), hashlib.sha256(content).hexdigest()[:16]
    return Static(content=content, packed=packed, media_type=media_type, digest=digest)


STATIC = {
    file.name: _static(file.read_bytes(), _TYPES[PurePosixPath(file.name).suffix])
    for file in (files("outreach.web") / "static").iterdir()
    if PurePosixPath(file.name).suffix in _TYPES
}


def address_of(name: str) -> str:
    """Where a file is. Another version of it is at another address, so that nobody gets an old one."""
    return f"/static/{name}?v={STATIC[name].digest}"
