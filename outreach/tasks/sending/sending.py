"""The run: plan, lock the account, settle unfinished attempts, then send one letter after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import field, replace
from datetime import datetime, timedelta
from pathlib import Path

from outreach import storage
from outreach.errors import (
    NameTheWave,
    NotSent,
    OthersUnknown,
    OutreachError,
    TooSoon,
    UnknownName,
)
from outreach.history.reducers import DRAFTS
from outreach.ledger.receipts import hand_on, write_receipts
from outreach.mail.transport import BulkTransport, Transport
from outreach.model.action import Action, ActionResult
from outreach.model.ids import LetterId
from outreach.model.plan import ItemState, PlanItem
from outreach.model.records import dataclass
from outreach.planning.readiness import LONGEST_WAIT, LOOKED_AT, foreseen, next_moment, why_stop
from outreach.planning.saying import Sayer
from outreach.planning.world import World
from outreach.tasks.adapters import transport_for
from outreach.tasks.attachment_versions import remember_versions
from outreach.tasks.campaign import Loaded, load
from outreach.tasks.clock import is_rehearsal, now
from outreach.tasks.delivery import alone
from outreach.tasks.erasing.following import follow_others, unnamed
from outreach.tasks.interruption import Interruption, interruptible
from outreach.tasks.letters import Printer
from outreach.tasks.other_clones import ask_other_clones
from outreach.tasks.sending.delivery import LetterDelivery, LetterItem
from outreach.tasks.sending.orders import BY_YOU, Asking, Progress, SendOrder, SendResult
from outreach.tasks.sending.sent_copies import copies_into_sent
from outreach.tasks.sent_already import left_already, sees_sent
from outreach.tasks.suppressing import check_list
from outreach.tasks.world import LastPlan, Session, refuse_unrecorded, session
from outreach.words.suggestions import nearest
from outreach.words.wall_time import zone

HANDED_ON_AFTER = timedelta(seconds=5)
"""So long after they were written last, receipts are written to receipts.jsonl again, and at the end of every run."""
LOOKED_AGAIN_AFTER = timedelta(minutes=1)
"""A run looks again for what other computers sent after this time, and after each wait."""
CHANGED = "it is not the email that you saw; look at it again"


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """What a run would do now: an action per open letter, in the plan's order; `printer` renders those that leave.

    `in_sent` are the letters that are held because they are in Sent already, by id.
    """

    world: World
    actions: tuple[Action, ...]
    items: tuple[PlanItem, ...]
    printer: Printer
    note: str = ""
    in_sent: Mapping[str, Action] = field(default_factory=dict)

    def planned(self) -> list[PlanItem]:
        """The letters that would leave, in their order."""
        leaving = {each.id for each in self.actions if each.result is ActionResult.PLANNED}
        return [item for item in self.items if item.id in leaving]


def prepare(opened: Session, order: SendOrder) -> Prepared:
    """Plan what is approved, due and allowed. Raises UnknownName, LeftElsewhere, CampaignUnreadable."""
    waves = [wave.id for wave in opened.campaign.waves]
    if order.wave is not None and order.wave not in waves:
        raise UnknownName("wave", order.wave, nearest(order.wave, waves), waves)
    check_list(opened.root, opened.campaign)
    world, plan = opened.planned()
    refuse_unrecorded(world)
    asked = (item for item in plan.items if order.wave in (None, item.wave))
    items = tuple(item for item in asked if order.only is None or item.id in order.only)
    actions = foreseen(items, world.now, late=order.late, waits=order.wait)
    return Prepared(world=world, actions=tuple(actions), items=items, printer=Printer(opened, world, plan))


def look_and_prepare(opened: Session, order: SendOrder) -> Prepared:
    """Look at what other computers sent, in Git and in Sent, and plan what is left.

    Raises OthersUnknown if neither tells, MailboxUnreadable, and as `prepare`.
    """
    others = ask_other_clones(opened)
    if others.erased:
        opened = replace(opened, loaded=load(opened.root))
    prepared = replace(hold_what_left(opened, prepare(opened, order)), note=others.note)
    if others.unknown and prepared.planned() and not sees_sent(opened.campaign):
        raise OthersUnknown(others.note)
    return prepared


def hold_what_left(opened: Session, prepared: Prepared) -> Prepared:
    """Hold the letters that are in Sent already, though this ledger does not know it. Raises MailboxUnreadable."""
    found = left_already(opened, prepared.world) if prepared.planned() else {}
    if not found:
        return prepared
    say = Sayer(opened.now, zone(opened.campaign.timezone))
    held = {}
    for each in prepared.actions:
        if each.id in found and each.result is ActionResult.PLANNED:
            reason = f"already in your Sent folder since {say.day(found[each.id])}; `outreach sync` records it"
            held[each.id] = replace(each, result=ActionResult.HELD, reason=reason)
    return replace(prepared, actions=tuple(held.get(each.id, each) for each in prepared.actions), in_sent=held)


def send(
    root: Path,
    order: SendOrder,
    asking: Asking | None = None,
    *,
    loaded: Loaded | None = None,
    last: LastPlan | None = None,
) -> SendResult:
    """Send what is approved, due and allowed, if the order says `go`; else say what would be sent.

    `loaded` are the campaign's files where they were read just now, and `last` the plan that was made of them. Ctrl-C
    and SIGTERM let the letter in hand be finished. Raises UnknownName, LeftElsewhere, NameTheWave, AccountBusy,
    LedgerOnNetwork, CampaignUnreadable, and what the ledger and the account raise before a letter was tried.
    """
    asking = asking or Asking()
    if followed := follow_others(root) if order.go else []:
        loaded = None
    with session(root, loaded, last) as opened:
        if not order.go:
            return _foreseen(opened, order, prepare(opened, order))
        way = transport_for(opened.campaign.sending_account, opened.root, loopback_only=is_rehearsal())
        with alone(opened.ledger, way, "mail") as transport, interruptible(asking.interruption) as interruption:
            delivery = LetterDelivery(opened, transport, now)
            delivery.recover()
            prepared = look_and_prepare(opened, order)
            planned = _foreseen(opened, order, prepared)
            if not asking.confirm(planned):
                return replace(planned, stopped="you did not confirm it")
            if prepared.planned():
                remember_versions(opened)
            run = _Run(opened, order, transport, delivery, asking, interruption)
            result = run.go(prepared)
            return replace(result, note=" ".join(filter(None, (unnamed(followed), result.note))))


def name_the_wave(planned: SendResult) -> None:
    """Raises NameTheWave if letters of more than one wave would leave."""
    waves = dict.fromkeys(LetterId.parse(action.id).wave for action in planned.of(ActionResult.PLANNED))
    if len(waves) > 1:
        raise NameTheWave(waves)


def _foreseen(opened: Session, order: SendOrder, prepared: Prepared) -> SendResult:
    return SendResult(
        campaign=opened.campaign,
        actions=prepared.actions,
        now=opened.now,
        next=next_moment(prepared.actions, opened.now),
        names=prepared.world.names,
        note=prepared.note,
    )


class _Run:
    """One run of `send --go`."""

    def __init__(
        self,
        opened: Session,
        order: SendOrder,
        transport: Transport,
        delivery: LetterDelivery,
        asking: Asking,
        interruption: Interruption,
    ) -> None:
        self._opened = opened
        self._order = order
        self._transport = transport
        self._bulk = transport if isinstance(transport, BulkTransport) else None
        self._asking = asking
        self._interruption = interruption
        self._began = opened.now
        self._delivery = delivery
        self._acted: dict[str, Action] = {}
        self._ready: dict[str, LetterItem] = {}
        self._tried: list[ActionResult] = []
        self._done = 0
        self._handed_on = opened.now
        self._looked = opened.now

    def go(self, prepared: Prepared) -> SendResult:
        """Send until nothing more may leave now; receipts are handed on whatever happens."""
        note = prepared.note
        try:
            stopped, moment, prepared = self._send(prepared)
        finally:
            hand_on(self._opened.ledger, self._opened.root)
        copies = copies_into_sent(self._opened)
        in_sent = prepared.in_sent
        left = [each for each in prepared.actions if each.id not in self._acted]
        follows = left or any(wave.follow_up is not None for wave in self._opened.campaign.waves)
        if self._acted and follows and not self._order.brief:  # a letter that left brings its follow-up
            self._opened = replace(self._opened, now=now())
            prepared = prepare(self._opened, self._order)
            left = [each for each in prepared.actions if each.id not in self._acted]
        left = [in_sent.get(each.id, each) for each in left]
        actions = (*self._acted.values(), *(_not_now(action, stopped) for action in left))
        return SendResult(
            campaign=self._opened.campaign,
            actions=actions,
            now=now(),
            acted=True,
            stopped=stopped,
            next=moment,
            copies=copies,
            names=prepared.world.names,
            note=note,
        )

    def _send(self, prepared: Prepared) -> tuple[str, datetime | None, Prepared]:
        """Why the run ended ("" where it was through), when the next letter may leave, and the last plan."""
        while True:
            self._looked = now()
            self._delivery.follow(prepared.world)
            self._ready.clear()
            planned = [item for item in prepared.planned() if item.id not in self._acted]
            try:
                with storage.folders_kept_open():
                    moment = self._send_those_due(planned, prepared.printer)
            finally:
                self._delivery.put_back()
            if isinstance(moment, str):
                return moment, None, prepared
            if moment is None:
                return "", next_moment(prepared.actions, now()), prepared
            if not (self._order.wait and not is_rehearsal() and moment - now() <= LONGEST_WAIT):
                return "", moment, prepared
            if not self._wait(moment, len(planned)):
                return BY_YOU, moment, prepared
            prepared = look_and_prepare(self._fresh(), self._order)

    def _send_those_due(self, planned: list[PlanItem], printer: Printer) -> datetime | str | None:
        """Send what has its turn now: until when to wait for the next, or why the run ends; None: all are through."""
        number = 0
        while number < len(planned):
            why, moment = self._why_end(), now()
            if why:
                return why
            if _has_to_wait(planned[number], moment):
                return planned[number].due
            if self._is_old(moment) or (
                planned[number].state is not ItemState.MISSED and self._delivery.has_closed(planned[number], moment)
            ):
                return moment  # plan again
            together = [item for item in planned[number : number + self._at_once()] if not _has_to_wait(item, moment)]
            number += len(together)
            letters = [made for item in together if (made := self._made(item, printer)) is not None]
            try:
                if len(letters) > 1:
                    actions = self._delivery.send_all(letters)
                else:
                    then = self._following(planned[number : number + 1], printer, moment)
                    actions = [self._delivery.send(letter, then) for letter in letters]
                for action in actions:
                    self._take(action, len(planned) - number)
            except TooSoon as wait:
                return wait.moment
            except NotSent as refusal:
                self._remember(_failed(together[0], str(refusal)))
                return refusal.in_full.rstrip(".")  # what helps is said, too
        return None

    def _made(self, item: PlanItem, printer: Printer) -> LetterItem | None:
        """A letter ready to be sent; None if it is not sent, which is remembered. Raises what the ledger raises."""
        if item.id in self._ready:
            return self._ready.pop(item.id)
        digest = printer.approved(item)
        letter = printer.letter(item) if digest is None else None
        digest = letter.digest if letter is not None else digest
        if digest is None:
            self._remember(_failed(item, "the letter has an error; see `outreach check`"))
        elif self._order.only is not None and digest != self._order.only[item.id]:
            self._remember(replace(_failed(item, CHANGED), result=ActionResult.HELD))
        elif letter is not None:
            return self._delivery.as_rendered(letter)
        else:
            return self._delivery.as_frozen(item.id, digest)
        return None

    def _following(self, items: list[PlanItem], printer: Printer, moment: datetime) -> Callable[[], LetterItem | None]:
        """What follows the letter in hand at once, if anything: made before that is sent, asked for when it is out."""
        if not items or self._at_once() > 1 or self._transport.via == DRAFTS or _has_to_wait(items[0], moment):
            return lambda: None
        item = items[0]
        if (approved := printer.approved(item)) is not None and self._order.only is None:
            with suppress(OutreachError):  # its own turn will say so
                self._ready = {item.id: self._delivery.as_frozen(item.id, approved)}
        letter, number = self._ready.get(item.id), len(self._tried) + 1
        lately = [*self._tried[-LOOKED_AT:], ActionResult.DONE][-LOOKED_AT:]

        def then() -> LetterItem | None:
            ends = self._interruption.asked or number == self._order.limit or why_stop(lately)
            moment = now()
            return None if ends or self._is_old(moment) or self._delivery.has_closed(item, moment) else letter

        return then

    def _is_old(self, moment: datetime) -> bool:
        """Whether other computers have to be asked again what they sent."""
        return moment - self._looked >= LOOKED_AGAIN_AFTER and not is_rehearsal()

    def _at_once(self) -> int:
        """How many letters may go in one go now."""
        most = self._bulk.at_once if self._bulk is not None else 1
        limit = self._order.limit
        return most if limit is None else max(1, min(most, limit - len(self._tried)))

    def _take(self, action: Action, left: int) -> None:
        self._remember(action)
        moment = now()
        if moment - self._handed_on >= HANDED_ON_AFTER and not self._opened.ledger.rehearsal:
            write_receipts(self._opened.root, self._delivery.receipts, self._opened.ledger.persons)
            self._delivery.receipts.clear()
            self._handed_on = moment
        self._asking.progress(Progress(done=self._done, left=left, began=self._began, now=moment))

    def _remember(self, action: Action) -> None:
        self._acted[action.id] = action
        self._tried += [action.result] if action.result.is_try else []
        self._done += action.result is ActionResult.DONE

    def _why_end(self) -> str:
        if self._interruption.asked:
            return BY_YOU
        if self._order.limit is not None and len(self._tried) >= self._order.limit:
            return f"the limit of {self._order.limit} is reached"
        return why_stop(self._tried[-LOOKED_AT:]) or ""

    def _wait(self, moment: datetime, left: int) -> bool:
        """Wait until `moment`, with the connection closed and the receipts on paper; whether it has come."""
        self._transport.close()
        copies_into_sent(self._opened)  # another computer looks there
        hand_on(self._opened.ledger, self._opened.root)
        self._asking.progress(Progress(done=self._done, left=left, began=self._began, now=now(), waits_until=moment))
        return self._interruption.sleep(max(0.0, (moment - now()).total_seconds()))

    def _fresh(self) -> Session:
        """The campaign as its files are now: a person may have edited them while the run waited."""
        self._opened = replace(self._opened, loaded=load(self._opened.root), now=now())
        return self._opened


def _has_to_wait(item: PlanItem, moment: datetime) -> bool:
    return item.due is not None and item.due > moment and item.state is ItemState.WAITING


def _failed(item: PlanItem, reason: str) -> Action:
    return Action(id=item.id, kind="letter", result=ActionResult.FAILED, reason=reason.rstrip("."))


def _not_now(action: Action, stopped: str) -> Action:
    """A letter that this run did not come to."""
    if action.result is not ActionResult.PLANNED:
        return action
    reason = stopped or "its turn comes later"
    return replace(action, result=ActionResult.HELD, reason=reason)
