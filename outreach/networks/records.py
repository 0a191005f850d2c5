"""The records of the wire: what the servers are given, but for what is only known then.

They are shown, and are what an approval binds to.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from outreach.model.lookups import Lookups
from outreach.model.media import FittedMedium
from outreach.model.post import PostVersion
from outreach.networks.base import Material
from outreach.networks.registry import network_of


def records_of(
    version: PostVersion,
    parts: Sequence[str],
    media: Sequence[FittedMedium],
    lookups: Lookups,
    *,
    language: str,
    card: str | None = None,
    thumb: FittedMedium | None = None,
) -> list[dict[str, Any]]:
    """The record of each part; pictures go with the first, the card with the part that holds its address."""
    at = next((n for n, part in enumerate(parts) if card and card in part), 0)
    record = network_of(version.network).record
    return [
        record(
            Material(
                version=version,
                text=part,
                language=language,
                lookups=lookups,
                media=() if n else media,
                card=card if n == at else None,
                thumb=thumb,
            )
        )
        for n, part in enumerate(parts)
    ]


def digest_of(records: Sequence[Mapping[str, Any]]) -> str:
    """What an approval of a post binds to: the sha256 (hex) of its records as canonical JSON."""
    return hashlib.sha256(frozen_text(records).encode()).hexdigest()


def frozen_text(records: Sequence[Mapping[str, Any]]) -> str:
    """The records as the JSON that is frozen: sorted keys, no spaces, everything as it is."""
    return json.dumps(list(records), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
