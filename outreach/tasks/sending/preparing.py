"""The plan as a run sees it: what it would do with each open letter."""

from __future__ import annotations

from dataclasses import dataclass, replace

from outreach.errors import LeftElsewhere, MailboxUnreadable, UnknownName
from outreach.model.action import Action, ActionResult
from outreach.model.campaign import Transport
from outreach.model.plan import PlanItem
from outreach.planning.readiness import foreseen
from outreach.planning.saying import Sayer
from outreach.planning.touches import MAILBOX_AGE
from outreach.planning.world import World
from outreach.tasks.adapters import mailbox_of
from outreach.tasks.letters import Printer
from outreach.tasks.sending.orders import SendOrder
from outreach.tasks.sent_already import copies_of
from outreach.tasks.world import Session
from outreach.words.suggestions import nearest
from outreach.words.wall_time import zone


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


def hold_what_left(opened: Session, prepared: Prepared) -> Prepared:
    """Hold the letters of which a copy lies in Sent already, though this ledger does not know that they left.

    Raises MailboxUnreadable where Sent cannot be looked at and was not within a day: then nothing may leave.
    """
    account = opened.campaign.accounts.mail
    if account.inbox is None or account.transport is not Transport.SMTP or not prepared.planned():
        return prepared
    say = Sayer(opened.now, zone(opened.campaign.timezone))
    try:
        mailbox = mailbox_of(account, opened.root)
        try:
            found = {str(each.letter): each.at for each in copies_of(opened, prepared.world, mailbox)}
        finally:
            mailbox.close()
    except MailboxUnreadable:
        read = prepared.world.past.mailbox_read
        if read is not None and opened.now - read <= MAILBOX_AGE:
            return prepared
        raise
    reason = "already in your Sent folder since {}; `outreach sync` records it"
    actions = tuple(
        replace(each, result=ActionResult.HELD, reason=reason.format(say.day(found[each.id])))
        if each.id in found and each.result is ActionResult.PLANNED
        else each
        for each in prepared.actions
    )
    return replace(prepared, actions=actions)


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
