"""Today: what asks for a person now, in the order in which they should look at it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from outreach.model.plan import ItemKind, ItemState, Plan, PlanItem
from outreach.model.state import ContactState
from outreach.planning.status import Standing

Title = Literal[
    "Your turn", "Missed", "In doubt", "Refused", "Promised", "To decide", "By hand", "Goes out next", "To find out"
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """One part of Today: contacts whose turn is ours, or items of the plan."""

    title: Title
    contacts: tuple[Standing, ...] = ()
    items: tuple[PlanItem, ...] = ()


def sections(plan: Plan, standings: Iterable[Standing], refused: Collection[str] = ()) -> list[Section]:
    """Every part that is not empty. `refused` are the posts that a network refused as they still are."""
    due = [item for item in plan.items if item.state is ItemState.DUE]
    turn = tuple(each for each in standings if each.state is ContactState.ANSWERED and each.turn == "ours")
    by_hand = tuple(item for item in due if _is_by_hand(item))
    parts = [
        Section(title="Your turn", contacts=turn),
        Section(title="Missed", items=tuple(item for item in plan.items if item.state is ItemState.MISSED)),
        Section(title="In doubt", items=tuple(item for item in plan.items if item.state is ItemState.IN_DOUBT)),
        Section(title="Refused", items=tuple(item for item in plan.items if item.id in refused)),
        Section(title="Promised", items=_called(due, "promise/")),
        Section(title="To decide", items=_called(due, "decision/")),
        Section(title="By hand", items=(*(i for i in by_hand if i.wave), *(i for i in by_hand if not i.wave))),
        Section(title="Goes out next", items=tuple(i for i in plan.items if _is_leaving(i) and i not in by_hand)),
        Section(title="To find out", items=_called(due, "research/")),
    ]
    return [part for part in parts if part.contacts or part.items]


def _called(items: Iterable[PlanItem], beginning: str) -> tuple[PlanItem, ...]:
    return tuple(item for item in items if item.id.startswith(beginning))


def _is_by_hand(item: PlanItem) -> bool:
    if item.kind is ItemKind.POST:
        return item.network not in ("bluesky", "mastodon")
    return item.kind is ItemKind.TASK and item.wave is not None


def _is_leaving(item: PlanItem) -> bool:
    soon = item.state in (ItemState.DUE, ItemState.WAITING)
    return soon and item.due is not None and item.kind is not ItemKind.TASK
