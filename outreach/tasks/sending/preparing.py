"""The plan as a run sees it: what it would do with each open letter."""

from __future__ import annotations

from dataclasses import dataclass

from outreach.errors import LeftElsewhere, UnknownName
from outreach.model.action import Action, ActionResult
from outreach.model.plan import PlanItem
from outreach.planning.readiness import foreseen
from outreach.planning.world import World
from outreach.tasks.letters import Printer
from outreach.tasks.sending.orders import SendOrder
from outreach.tasks.world import Session
from outreach.words.suggestions import nearest


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """What a run would do now: an action per open letter, in the plan's order; `printer` renders those that leave."""

    world: World
    actions: tuple[Action, ...]
    items: tuple[PlanItem, ...]
    printer: Printer

    def planned(self) -> list[PlanItem]:
        """The letters that would leave, in their order."""
        leaving = {each.id for each in self.actions if each.result is ActionResult.PLANNED}
        return [item for item in self.items if item.id in leaving]


def prepare(opened: Session, order: SendOrder) -> Prepared:
    """Plan what is approved, due and allowed. Raises UnknownName, LeftElsewhere, CampaignUnreadable."""
    waves = [wave.id for wave in opened.campaign.waves]
    if order.wave is not None and order.wave not in waves:
        raise UnknownName("wave", order.wave, nearest(order.wave, waves), waves)
    world, plan = opened.planned()
    if world.past.elsewhere:
        last = max(receipt.at for receipt in world.past.elsewhere)
        raise LeftElsewhere(len(world.past.elsewhere), f"{last.day} {last:%b}")
    items = tuple(item for item in plan.items if order.wave in (None, item.wave))
    actions = foreseen(items, world.now, late=order.late, waits=order.wait)
    return Prepared(world=world, actions=tuple(actions), items=items, printer=Printer(opened, world, plan))
