"""The letters of the plan that have not left, rendered, and what was approved of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from outreach.history import fold, renamed
from outreach.letters.approving import Rendered, stands
from outreach.letters.letter import Letter, ManualTask, letter_id
from outreach.letters.merger import Merger, Outcome
from outreach.letters.threads import threads
from outreach.model.facts import Facts
from outreach.model.past import Approval
from outreach.model.plan import ItemKind, ItemState, Plan, PlanItem
from outreach.model.problem import Problem
from outreach.planning.gates import facts_of
from outreach.planning.world import World
from outreach.tasks.world import Session


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendering:
    """The letters by id, in the plan's order, and the Problems that making them found."""

    letters: Mapping[str, Rendered]
    problems: tuple[Problem, ...]


def rendered(
    opened: Session, world: World, plan: Plan, wanted: Callable[[PlanItem], bool] = lambda item: True
) -> Rendering:
    """The letters of the plan's items that are `wanted` and have not left. Raises CampaignUnreadable."""
    items = {item.id: item for item in plan.items if _is_open_letter(item) and wanted(item)}
    made, problems = _made(opened, facts_of(world), world, plan, items)
    approvals = world.past.approvals
    changed = [
        letter
        for letter in made.values()
        if (approval := approvals.get(letter.id)) and approval.digest not in (None, letter.digest)
    ]
    then = _as_approved(opened, world, plan, items, changed)
    letters = {
        id: stands(items[id], made[id], approvals.get(id, Approval()), then.get(id)) for id in items if id in made
    }
    return Rendering(letters=letters, problems=tuple(problems))


def _is_open_letter(item: PlanItem) -> bool:
    return item.kind is ItemKind.LETTER and item.state is not ItemState.DONE


def _made(
    opened: Session, facts: Facts, world: World, plan: Plan, items: Mapping[str, PlanItem]
) -> tuple[dict[str, Letter], list[Problem]]:
    """The letters of these items by id, saying what `facts` knows."""
    if not items:
        return {}, []
    merger = Merger(opened.loaded.materials(facts))
    found = {each.id: each for each in _outcomes(merger, world, plan, items) if isinstance(each, Letter)}
    return {id: letter for id, letter in found.items() if id in items}, merger.problems()


def by_hand(opened: Session, world: World, plan: Plan) -> dict[str, ManualTask]:
    """The texts that people paste and have not pasted yet, by id. Raises CampaignUnreadable."""
    items = {item.id: item for item in plan.items if _is_pasted(item)}
    if not items:
        return {}
    merger = Merger(opened.loaded.materials(facts_of(world)))
    outcomes = _outcomes(merger, world, plan, items)
    return {each.id: each for each in outcomes if isinstance(each, ManualTask) and each.id in items}


def _is_pasted(item: PlanItem) -> bool:
    return item.kind is ItemKind.TASK and item.step is not None and item.state is not ItemState.DONE


def _outcomes(merger: Merger, world: World, plan: Plan, items: Mapping[str, PlanItem]) -> list[Outcome]:
    """What becomes of these items' letters, and of those on which they depend."""
    first = {(item.wave, item.contact) for item in items.values() if not item.step}
    later = {key: thread for key, thread in threads(world, plan).items() if letter_id(*key) in items}
    return [
        *merger.first_letters(lambda wave, contact: (wave.id, contact.id) in first),
        *merger.next_letters(later),
    ]


def _as_approved(
    opened: Session, world: World, plan: Plan, items: Mapping[str, PlanItem], changed: Iterable[Letter]
) -> dict[str, str]:
    """The digests of changed letters with what was known when they were approved, and the files of now.

    Numbers that came in later take no approval away; only a file that renders otherwise does.
    """
    by_moment: dict[datetime, list[str]] = {}
    for letter in changed:
        by_moment.setdefault(world.past.approvals[letter.id].at or world.now, []).append(letter.id)
    events = list(opened.ledger.events()) if by_moment else []
    found: dict[str, str] = {}
    for at, ids in by_moment.items():
        first = min(world.past.approvals[id].number for id in ids)
        past = renamed(fold(event for event in events if event.number < first), world.contacts)
        then = replace(world, past=replace(past, elsewhere=world.past.elsewhere), now=at)
        made, _ = _made(opened, facts_of(then), world, plan, {id: items[id] for id in ids})
        found |= {id: letter.digest for id, letter in made.items()}
    return found
