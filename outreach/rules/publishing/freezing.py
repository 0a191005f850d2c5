"""A part that is ready <-> the bytes of it that the ledger keeps before the first call."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from outreach.model.publication import PartMedium, ReadyPart


def freeze_part(part: ReadyPart) -> bytes:
    """The part as JSON, whole."""
    value = {**asdict(part), "at": part.at.isoformat()}
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def thaw_part(data: bytes) -> ReadyPart:
    """The part that `freeze_part` wrote."""
    value = json.loads(data)
    media = tuple(
        PartMedium(**{**each, "focus": tuple(each["focus"]) if each["focus"] else None}) for each in value["media"]
    )
    return ReadyPart(**{**value, "at": datetime.fromisoformat(value["at"]), "media": media})
