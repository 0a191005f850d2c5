"""A reply that is written and approved is sent, once; no window and no pace, but a pause and the approval count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from outreach.errors import Forbidden, NoReply
from outreach.ledger.receipts import hand_on
from outreach.letters.mime import envelope
from outreach.model.action import Action, ActionResult
from outreach.model.event import WRITTEN_AS_DRAFT, EventKind
from outreach.model.ids import REPLY
from outreach.planning.against import why_no_reply
from outreach.planning.world import World
from outreach.tasks.adapters import transport_for
from outreach.tasks.campaign import Loaded, load
from outreach.tasks.clock import is_rehearsal, now
from outreach.tasks.delivery import alone
from outreach.tasks.erasing.following import follow_others, unnamed
from outreach.tasks.other_clones import ask_other_clones
from outreach.tasks.replying import WrittenReply, contact_of, in_drafts, open_replies
from outreach.tasks.sending.delivery import LetterDelivery, LetterItem
from outreach.tasks.sending.orders import SendResult
from outreach.tasks.sending.sent_copies import copies_into_sent
from outreach.tasks.world import Session, refuse_unrecorded, session
from outreach.words.wall_time import zone


def send_reply(root: Path, name: str, *, go: bool = True, loaded: Loaded | None = None) -> SendResult:
    """Send the reply to a contact (or `reply/CONTACT/N`) that is written and approved; without `go` say what would be.

    Raises UnknownName, NoReply, LeftElsewhere, AccountBusy, NotSent that stops everything, and what the ledger raises.
    """
    if followed := follow_others(root) if go else []:
        loaded = None
    with session(root, loaded) as opened:
        world = opened.world()
        refuse_unrecorded(world)
        way = transport_for(opened.campaign.sending_account, opened.root, loopback_only=is_rehearsal())
        if not go:
            return _result(opened, world, _foreseen(opened, world, _open(opened, world, name)))
        with alone(opened.ledger, way, "mail") as transport:
            delivery = _ReplyDelivery(opened, transport, now)
            delivery.follow(world)
            delivery.recover()
            others = ask_other_clones(opened)
            if others.erased:
                opened = replace(opened, loaded=load(root))
            world = opened.world()
            reply = _open(opened, world, name)
            action = _foreseen(opened, world, reply)
            if action.result is ActionResult.PLANNED:
                action = delivery.go(reply, action)
        hand_on(opened.ledger, root)
        result = _result(opened, world, action)
        return replace(result, acted=True, note=unnamed(followed) or others.note, copies=copies_into_sent(opened))


class _ReplyDelivery(LetterDelivery):
    """Letters that answer: what forbids one is a pause, or that they want no more mail. Nothing of its time does."""

    def go(self, reply: WrittenReply, action: Action) -> Action:
        """Send one; what became of it."""
        self._confirmed = reply.to_opted_out
        seen, local = envelope(reply.frozen), self.clock().astimezone(zone(self._world.campaign.timezone))
        date = format_datetime(local.replace(microsecond=0))
        # Without an address in its claim: contacts may share one, and pace does not count replies.
        return self.out(LetterItem(id=reply.id, digest=reply.digest, date=date, frozen=reply.frozen, seen=seen), action)

    def permit(self, items: Iterable[LetterItem], now: datetime, *, claiming: bool) -> None:
        for item in items:
            contact = self._contacts[item.id.contact]
            past = self.ledger.past_to_send([contact.id, *contact.was])
            why_not = why_no_reply(replace(self._world, now=now), past, contact, confirmed=self._confirmed)
            if why_not is not None:
                raise Forbidden(why_not)


def _foreseen(opened: Session, world: World, reply: WrittenReply) -> Action:
    contact = contact_of(world, reply.id.contact)
    action = Action(id=str(reply.id), kind="letter", result=ActionResult.PLANNED, due=opened.now)
    held = why_no_reply(world, opened.ledger.past(), contact, confirmed=reply.to_opted_out)
    if held is None and world.campaign.approval != "none" and not reply.is_approved:
        held = f"not approved; `outreach approve {reply.id}`"
    return action if held is None else replace(action, result=ActionResult.HELD, reason=held)


def _result(opened: Session, world: World, action: Action) -> SendResult:
    return SendResult(campaign=opened.campaign, actions=(action,), now=opened.now, names=world.names)


def _open(opened: Session, world: World, name: str) -> WrittenReply:
    """The written reply to a contact, the latest, or of that id. Raises UnknownName, NoReply."""
    found = [each for each in open_replies(opened, world) if name in (each.id.contact, str(each.id))]
    if found:
        return max(found, key=lambda each: each.at)
    contact = contact_of(world, name.split("/")[1] if name.count("/") == 2 else name)
    past = world.past.contacts.get(contact.id)
    replies = [each for each in past.letters if each.wave == REPLY] if past else []
    write = f"outreach reply {contact.id} --text FILE"
    if doubts := [each for each in replies if each.kind is EventKind.IN_DOUBT]:
        confirm = f"outreach confirm {doubts[-1].id_of(contact.id)}"
        raise NoReply(
            f"Your reply to {contact.name} may have been sent.", f"Say which: {confirm} --sent, or --not-sent"
        )
    if replies and replies[-1].kind in WRITTEN_AS_DRAFT:
        raise in_drafts(contact, replies[-1])
    if replies:
        raise NoReply(f"Your reply to {contact.name} was sent already.", f"Write another one: {write} --again")
    raise NoReply(f"No reply to {contact.name} is written.", f"Write it: {write}")
