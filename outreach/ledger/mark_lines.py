"""The lines of `receipts.jsonl` that are not receipts: who was forgotten, and which addresses are suppressed.

`{"forgotten": TOKEN, "instant", "ledger", "marks": [MARK], "of": TOKEN}`,
`{"suppressed": MARK, "instant", "ledger"}`.
"""

from __future__ import annotations

import json
import re
from datetime import datetime

from outreach.ledger.rows import instant_text
from outreach.model.erasure import FORGOTTEN, SUPPRESSED, Mark

_MARK = re.compile(r"[0-9a-f]{8}-[0-9a-f]{16}")
_TOKEN = re.compile(r"erased-[0-9a-f]{8}-[0-9a-f]{16}")


def mark_of_line(value: object) -> Mark | None:
    """A mark; None for anything else, also for one that is written badly."""
    kind = next((each for each in (FORGOTTEN, SUPPRESSED) if isinstance(value, dict) and each in value), None)
    if kind is None or not isinstance(value, dict):
        return None
    try:
        marks = tuple(value.get("marks", ()))
        id, of, ledger, at = value[kind], value.get("of", ""), value["ledger"], datetime.fromisoformat(value["instant"])
        sound = at.tzinfo is not None and all(_MARK.fullmatch(each) for each in marks)
        sound = sound and bool(
            _MARK.fullmatch(id) if kind == SUPPRESSED else _TOKEN.fullmatch(id) and isinstance(of, str)
        )
    except (KeyError, ValueError, TypeError, OverflowError):
        return None
    return Mark(kind=kind, id=id, at=at, ledger=str(ledger), marks=marks, of=of) if sound else None


def mark_text(mark: Mark) -> str:
    more = {"marks": list(mark.marks), "of": mark.of} if mark.kind == FORGOTTEN else {}
    return json.dumps({mark.kind: mark.id, "instant": instant_text(mark.at), "ledger": mark.ledger, **more})
