"""The result of trying to send one letter or publish one post."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from outreach.model.records import dataclass


class ActionResult(StrEnum):
    """How it ended."""

    PLANNED = "planned"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    HELD = "held"
    MISSED = "missed"

    @property
    def is_try(self) -> bool:
        """Whether it was handed over, whatever came of it."""
        return self in (ActionResult.DONE, ActionResult.FAILED, ActionResult.UNKNOWN)


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """One letter (`WAVE/CONTACT/STEP`) or post (`POST/NETWORK`) and what became of it.

    `reason` is a sentence without its full stop, "" where none is needed; `receipt` the proof of what
    is done (a Message-ID or URI); `due` the aware UTC instant at which it may go out, where that is known.
    `only_waits`: nothing but the time holds it, so it goes out at `due`. `decision` is the one that it waits for,
    where that is its reason.
    """

    id: str
    kind: str
    result: ActionResult
    reason: str = ""
    receipt: str | None = None
    due: datetime | None = None
    only_waits: bool = False
    decision: str | None = None
