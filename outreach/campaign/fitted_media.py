"""`.outreach/cache/media/`: pictures as they were made to fit, so that no command but the first decodes a large one.

It can be deleted at any time. It is written only where there is an `.outreach/` already.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from outreach import storage
from outreach.campaign.private import CACHE, FOLDER, make_cache, write_whole
from outreach.model.media import FittedMedium

_FOLDER = f"{CACHE}/media"
_VERSION = "1"
"""To be counted up when pictures are made to fit in another way."""
_SMALL = 100_000
"""Bytes: what is smaller is decoded as fast as it is looked up."""
_LARGEST = 100_000_000


def fitted_once(root: Path, content: bytes, rules: object, fit: Callable[[], FittedMedium]) -> FittedMedium:
    """What `fit` makes of `content` under these rules, from the cache where it is there. Raises what `fit` raises."""
    if len(content) < _SMALL:
        return fit()
    key = hashlib.sha256(f"{_VERSION} {rules!r}\n".encode() + content).hexdigest()
    made = _kept(root, key, content)
    if made is None:
        made = fit()
        _keep(root, key, made, is_same=made.content == content)
    return made


def _kept(root: Path, key: str, content: bytes) -> FittedMedium | None:
    """The medium under that key, if all of it is still what was kept."""
    try:
        head, _, data = storage.read(root, f"{_FOLDER}/{key}", _LARGEST).partition(b"\n")
        said = json.loads(head)
        data = content if said.pop("same") else data
        made = FittedMedium(**said, content=data)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return made if hashlib.sha256(data).hexdigest() == made.sha256 and len(data) == made.size else None


def _keep(root: Path, key: str, made: FittedMedium, *, is_same: bool) -> None:
    """Where that cannot be done, the next command fits it again."""
    if not storage.is_folder(root, FOLDER):
        return
    names = ("file", "media_type", "sha256", "size", "width", "height")
    head = json.dumps({**{name: getattr(made, name) for name in names}, "same": is_same}).encode()
    try:
        make_cache(root)
        write_whole(root, f"{_FOLDER}/{key}", head + b"\n" + (b"" if is_same else made.content))
    except OSError:
        return
