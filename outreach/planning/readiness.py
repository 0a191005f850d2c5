"""Which letters of a plan a run would send, how long it would wait for the next one, and when it stops."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from outreach.model.action import Action, ActionResult
from outreach.model.plan import ItemKind, ItemState, PlanItem

LONGEST_WAIT = timedelta(hours=1)
"""A run waits out gaps and hourly limits; what comes later is for the next run."""

_RESULTS: Mapping[ItemState, ActionResult] = {
    ItemState.HELD: ActionResult.HELD,
    ItemState.WAITING: ActionResult.HELD,
    ItemState.MISSED: ActionResult.MISSED,
    ItemState.IN_DOUBT: ActionResult.UNKNOWN,
}

LOOKED_AT = 10
MOST_BAD = 5
"""So many of the last LOOKED_AT letters may fail; one more failure in a row of this length stops as well."""
IN_A_ROW = 3

_BAD = (ActionResult.FAILED, ActionResult.UNKNOWN)


def foreseen(items: Iterable[PlanItem], now: datetime, *, late: bool = False, waits: bool = True) -> list[Action]:
    """What a run beginning at `now` would do with each open letter: send it, or why not.

    A run that `waits` goes on as long as the next letter comes within an hour of the one before;
    with `late` the missed ones go as well.
    """
    letters = [item for item in items if item.kind is ItemKind.LETTER and item.state is not ItemState.DONE]
    reached = _reached(letters, now) if waits else now
    return [_foreseen(item, reached, late) for item in letters]


def _foreseen(item: PlanItem, reached: datetime | None, late: bool) -> Action:
    goes = item.state is ItemState.DUE or (late and item.state is ItemState.MISSED)
    if item.unapproved and (goes or item.state is ItemState.WAITING):
        reason = item.unapproved if item.state is ItemState.MISSED else item.reason
        return Action(id=item.id, kind="letter", result=ActionResult.HELD, reason=reason, due=item.due)
    paced = item.state is ItemState.WAITING and reached is not None and item.due is not None and item.due <= reached
    if goes or paced:
        return Action(id=item.id, kind="letter", result=ActionResult.PLANNED, due=item.due)
    return Action(
        id=item.id,
        kind="letter",
        result=_RESULTS[item.state],
        reason=item.reason,
        due=item.due,
        only_waits=item.state is ItemState.WAITING,
        decision=item.decision,
    )


def _reached(letters: Iterable[PlanItem], now: datetime) -> datetime | None:
    """How far a run gets that begins now; None if it has nothing to begin with."""
    letters = [item for item in letters if not item.unapproved]
    if not any(item.state is ItemState.DUE for item in letters):
        return None
    reached = now
    for due in sorted(item.due for item in letters if item.state is ItemState.WAITING and item.due is not None):
        if due - reached > LONGEST_WAIT:
            break
        reached = due
    return reached


def next_moment(actions: Iterable[Action], now: datetime) -> datetime | None:
    """When the next letter that only has to wait may leave; None if there is none.

    What is held for another reason has a `due`, too: the earliest at which it could leave, which nobody can promise.
    """
    waiting = (a for a in actions if a.only_waits or a.result is ActionResult.PLANNED)
    return min((a.due for a in waiting if a.due is not None and a.due > now), default=None)


def why_stop(results: Sequence[ActionResult]) -> str | None:
    """Why a run with these results so far must not go on, or None: it stops before it goes wrong for everybody."""
    tried = [result for result in results if result in (*_BAD, ActionResult.DONE)]
    tail = tried[-IN_A_ROW:]
    if len(tail) == IN_A_ROW and all(result in _BAD for result in tail):
        return f"{IN_A_ROW} emails in a row did not go through"
    recent = tried[-LOOKED_AT:]
    bad = sum(result in _BAD for result in recent)
    return f"{bad} of the last {len(recent)} emails did not go through" if bad >= MOST_BAD else None
