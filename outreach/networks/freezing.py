"""A part that is ready <-> the bytes of it that the ledger keeps before the first call."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from outreach.model.publication import Part, PartMedium, ReadyPart
from outreach.networks.records import frozen_text

_WORDS = "status"


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


def is_same(part: Part, then: ReadyPart) -> bool:
    """Whether a part would go out as it did: its words, its record without what a try adds, and its media."""
    return (
        part.text == then.text
        and frozen_text([part.record]) == frozen_text([_own(then)])
        and _is_same_media(part, then)
    )


def is_same_beside_words(part: Part, then: ReadyPart) -> bool:
    """Whether all but the words of a status is as it was: its warning, its language, its media and their alt texts."""
    now, before = ({**record, _WORDS: ""} for record in (part.record, _own(then)))
    return frozen_text([now]) == frozen_text([before]) and _is_same_media(part, then)


def alts(part: Part | ReadyPart) -> list[str]:
    """What those hear who do not see its pictures."""
    return [medium.alt for medium in part.media if medium.alt]


def _own(then: ReadyPart) -> dict[str, Any]:
    return {name: value for name, value in then.record.items() if name not in ("createdAt", "reply")}


def _is_same_media(part: Part, then: ReadyPart) -> bool:
    now, before = ([(medium.sha256, medium.alt, medium.focus) for medium in each.media] for each in (part, then))
    return now == before
