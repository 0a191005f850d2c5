"""The planned letters that were not sent yet, rendered, with their approvals.

What was approved is sent as it was frozen: what renders letters is imported when the first one is rendered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from outreach.model.past import Approval
from outreach.model.plan import ItemKind, ItemState, Plan, PlanItem
from outreach.model.problem import Problem
from outreach.model.recipient import ApprovalState, Recipient
from outreach.model.records import dataclass
from outreach.planning.gates import facts_of
from outreach.planning.world import World
from outreach.tasks.world import Session

if TYPE_CHECKING:
    from outreach.letters.approving import Rendered
    from outreach.letters.letter import ManualTask
    from outreach.letters.merger import Merger


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendering:
    """The letters by id, in the plan's order, and the Problems that making them found."""

    letters: Mapping[str, Rendered]
    problems: tuple[Problem, ...]


def rendered(
    opened: Session, world: World, plan: Plan, wanted: Callable[[PlanItem], bool] = lambda item: True
) -> Rendering:
    """The letters of the plan's items that are `wanted` and have not left. Raises CampaignUnreadable."""
    printer = Printer(opened, world, plan)
    items = [item for item, _ in _open(plan) if item.kind is ItemKind.LETTER and wanted(item)]
    letters = {item.id: letter for item in items if (letter := printer.letter(item)) is not None}
    return Rendering(letters=letters, problems=tuple(printer.problems()))


class Printer:
    """Renders letters of one plan, one at a time."""

    def __init__(self, opened: Session, world: World, plan: Plan) -> None:
        self._opened = opened
        self._world = world
        self._recipients = {each.id: each for each in plan.recipients if each.is_tried}

    @cached_property
    def _merger(self) -> Merger:
        from outreach.letters.merger import Merger

        return Merger(self._opened.loaded.materials(facts_of(self._world)))

    def approved(self, item: PlanItem) -> str | None:
        """The digest of what was approved, where the approval holds: those bytes are sent, and not rendered again."""
        recipient = self._recipients.get(item.id)
        holds = recipient is not None and recipient.by_mail and recipient.approval is ApprovalState.HOLDS
        return self._world.past.approvals.get(item.id, Approval()).digest if holds else None

    def letter(self, item: PlanItem) -> Rendered | None:
        """The letter of an item, beside what was approved under its id; None if it cannot be made."""
        recipient = self._recipients.get(item.id)
        made = self._merger.make(recipient) if recipient is not None else None
        from outreach.letters.approving import Rendered
        from outreach.letters.letter import Letter

        if recipient is None or not isinstance(made, Letter):
            return None
        approval = self._world.past.approvals.get(item.id, Approval())
        return Rendered(item=item, letter=made, approval=approval, state=recipient.approval)

    def problems(self) -> list[Problem]:
        """What rendering found."""
        return self._merger.problems()


def by_hand(opened: Session, world: World, plan: Plan) -> dict[str, ManualTask]:
    """The texts that people paste and have not pasted yet, by id. Raises CampaignUnreadable."""
    letters = [letter for item, letter in _open(plan) if item.kind is ItemKind.TASK]
    if not letters:
        return {}
    from outreach.letters.letter import ManualTask
    from outreach.letters.merger import Merger

    merger = Merger(opened.loaded.materials(facts_of(world)))
    made = [merger.make(letter) for letter in letters]
    return {each.id: each for each in made if isinstance(each, ManualTask)}


def _open(plan: Plan) -> Iterator[tuple[PlanItem, Recipient]]:
    """What has not left and can be made, or has a fault that only rendering shows, in the plan's order."""
    recipients = {each.id: each for each in plan.recipients if each.is_tried}
    for item in plan.items:
        if item.step is not None and item.state is not ItemState.DONE and item.id in recipients:
            yield item, recipients[item.id]
