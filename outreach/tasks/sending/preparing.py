"""The plan as a run sees it: what is not approved is held, and what may go is rendered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from outreach.errors import LeftElsewhere, UnknownName
from outreach.letters.approving import ApprovalState, Rendered
from outreach.model.action import Action, ActionResult
from outreach.model.plan import ItemState, PlanItem
from outreach.planning.plan import plan
from outreach.planning.readiness import foreseen
from outreach.planning.world import World
from outreach.tasks.letters import rendered
from outreach.tasks.sending.orders import SendOrder
from outreach.tasks.world import Session
from outreach.words.suggestions import nearest

_MAY_GO = (ItemState.DUE, ItemState.WAITING, ItemState.MISSED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """What a run would do now: an action per open letter, in the plan's order, and the letters themselves."""

    world: World
    actions: tuple[Action, ...]
    letters: Mapping[str, Rendered]

    def planned(self) -> list[Rendered]:
        """The letters that would leave, in their order."""
        return [self.letters[each.id] for each in self.actions if each.result is ActionResult.PLANNED]


def prepare(opened: Session, order: SendOrder) -> Prepared:
    """Plan with what is approved. Raises UnknownName, LeftElsewhere, CampaignUnreadable."""
    waves = [wave.id for wave in opened.campaign.waves]
    if order.wave is not None and order.wave not in waves:
        raise UnknownName("wave", order.wave, nearest(order.wave, waves), waves)
    world, first = opened.planned()
    if world.past.elsewhere:
        last = max(receipt.at for receipt in world.past.elsewhere)
        raise LeftElsewhere(len(world.past.elsewhere), f"{last.day} {last:%b}")
    may_go = [item for item in first.items if item.state in _MAY_GO]
    letters = rendered(opened, world, first, lambda item: item.state in _MAY_GO).letters
    world = replace(world, unapproved=_unapproved(opened, may_go, letters))
    items = [item for item in plan(world).items if order.wave in (None, item.wave)]
    actions = foreseen(items, world.now, late=order.late, waits=order.wait)
    return Prepared(world=world, actions=tuple(_allowed(each, world) for each in actions), letters=letters)


def _unapproved(opened: Session, items: list[PlanItem], letters: Mapping[str, Rendered]) -> dict[str, str]:
    """Why letters must not leave yet, by id: nobody approved them, or they cannot be made."""
    found = {}
    for item in items:
        letter = letters.get(item.id)
        if letter is None:
            found[item.id] = "it cannot be made; see `outreach check`"
        elif letter.letter.later:
            found[item.id] = f"{letter.letter.later[0]} is not known yet"
        elif opened.campaign.approval == "required" and letter.state is not ApprovalState.HOLDS:
            found[item.id] = f"{letter.state}; `outreach approve {item.wave}`"
    return found


def _allowed(action: Action, world: World) -> Action:
    """A missed letter that was asked for still needs its approval and its bytes."""
    if action.result is ActionResult.PLANNED and action.id in world.unapproved:
        return replace(action, result=ActionResult.HELD, reason=world.unapproved[action.id])
    return action
