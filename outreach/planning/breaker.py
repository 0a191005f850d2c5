"""The circuit breaker: a run that goes wrong stops before it has gone wrong for everybody."""

from __future__ import annotations

from collections.abc import Sequence

from outreach.model.action import ActionResult

LOOKED_AT = 10
MOST_BAD = 5
"""So many of the last LOOKED_AT letters may fail; one more failure in a row of this length stops as well."""
IN_A_ROW = 3

_BAD = (ActionResult.FAILED, ActionResult.UNKNOWN)


def why_stop(results: Sequence[ActionResult]) -> str | None:
    """Why a run with these results so far must not go on, or None."""
    tried = [result for result in results if result in (*_BAD, ActionResult.DONE)]
    tail = tried[-IN_A_ROW:]
    if len(tail) == IN_A_ROW and all(result in _BAD for result in tail):
        return f"{IN_A_ROW} letters in a row did not go through"
    recent = tried[-LOOKED_AT:]
    bad = sum(result in _BAD for result in recent)
    return f"{bad} of the last {len(recent)} letters did not go through" if bad >= MOST_BAD else None
