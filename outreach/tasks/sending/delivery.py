"""Sends letters: which may go out now, how they are handed over, and the proof (see tasks/delivery.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from outreach.errors import AlreadyClaimed, Forbidden, MayBeSent, NotSent, TooSoon
from outreach.history import renamed
from outreach.history.reducers import DRAFTS
from outreach.ledger.address_keys import address_key
from outreach.ledger.attempts import Attempt, AttemptResult
from outreach.ledger.blobs import kept, kept_if_there
from outreach.ledger.claims import normalised
from outreach.ledger.receipts import IN_DOUBT
from outreach.letters.mime import Envelope, base64_body, envelope, thaw
from outreach.mail.transport import BulkTransport, Transport
from outreach.model.action import Action, ActionResult
from outreach.model.contact import Contact
from outreach.model.dispatch import Accepted, Found, Parcel
from outreach.model.event import CONTACTED, Event, EventKind, Receipt
from outreach.model.ids import DIGEST, REPLY, LetterId
from outreach.model.past import Past, SentLetter
from outreach.model.payload import DraftPayload, LetterPayload
from outreach.model.plan import PlanItem
from outreach.model.recipient import ApprovalState
from outreach.model.records import dataclass
from outreach.planning.against import why_not_now
from outreach.planning.ahead import counts_as_of
from outreach.planning.context import Context
from outreach.planning.pace import AsOf, Counted, earliest
from outreach.planning.world import World
from outreach.tasks.delivery import Delivery, Item, Try
from outreach.tasks.world import Session
from outreach.words.mail_server_words import TOO_LARGE
from outreach.words.wall_time import resolve, zone

if TYPE_CHECKING:
    from outreach.letters.approving import Rendered

_CAMPAIGN = timedelta(days=90)
"""How far back a campaign without a `start` may have begun."""
_JUST_NOW = timedelta(seconds=5)
"""So long after its claim a letter need not be asked about again: after more, its hours may be over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterItem(Item):
    """A letter as it was frozen, and what its envelope and headers say."""

    id: LetterId
    frozen: bytes
    seen: Envelope


class LetterDelivery(Delivery[LetterItem, Accepted]):
    """Sends letters through one transport, under the world of one plan."""

    def __init__(self, opened: Session, transport: Transport, clock: Callable[[], datetime]) -> None:
        super().__init__(opened, clock)
        self._transport = transport
        self._contacts: dict[str, Contact] = {}
        self._body = lru_cache(maxsize=8)(partial(_body, opened.root))
        self._out: set[LetterId] = set()
        self._replaced: dict[LetterId, SentLetter] = {}
        self._permitted: tuple[int, list[LetterId]] = (-1, [])
        self._permitted_at = opened.now
        self.receipts: list[Receipt] = []
        """Those of this run, as they were made."""

    def follow(self, world: World) -> None:
        """Send by this plan from now on."""
        self._world = world
        self._zone = zone(world.campaign.timezone)
        self.__dict__.pop("_key", None)  # it is looked at again
        self._contacts = {contact.id: contact for contact in world.contacts}
        self._context = Context(world)

    def has_closed(self, item: PlanItem, at: datetime) -> bool:
        """Whether the hours of a letter, or its wave, have ended at an instant after the plan was made."""
        wave = next(wave for wave in self._world.campaign.waves if wave.id == item.wave)
        ends = self._context.ends(wave)
        return (ends is not None and at >= ends) or not self._context.is_open(self._contacts[item.contact or ""], at)

    def send(self, item: LetterItem, then: Callable[[], LetterItem | None] = lambda: None) -> Action:
        """Send one letter; what became of it. `then` as in `deliver`.

        Raises TooSoon if the pace has no room, NotSent with `stops_run` where no letter would go through, and what
        the ledger raises: then nothing was sent, or the ledger says that it may have been.
        """
        return self.out(item, Action(id=str(item.id), kind="letter", result=ActionResult.DONE), then)

    def out(self, item: LetterItem, action: Action, then: Callable[[], LetterItem | None] = lambda: None) -> Action:
        """Let one letter out; `action` with what became of it. Raises as `send`."""
        action = replace(action, result=ActionResult.DONE, receipt=item.seen.message_id)
        try:
            unknown = self.deliver([item], then=then)
        except MayBeSent as why:  # a person says, or `sync` where it is certain
            with self.ledger.writing():
                doubt = self.event(EventKind.IN_DOUBT, item, min(why.at, self.clock()))
                self.ledger.append(doubt)
                self.ledger.add_receipts([self.warning(item, doubt.at)])
            return _in_doubt(action, str(why))
        except (AlreadyClaimed, Forbidden) as why:
            return _not_done(action, ActionResult.HELD, why)
        except NotSent as refusal:
            if refusal.stops_run:
                raise
            return _not_done(action, ActionResult.FAILED, refusal)
        if unknown:
            return _in_doubt(action, unknown[0].doubt)
        if item.id in self._out:
            return action
        again = f"reply {item.id.contact} --go` sends it" if item.id.wave == REPLY else "send` tries it again"
        return _not_done(action, ActionResult.FAILED, f"the connection broke; the next `outreach {again}")

    def send_all(self, items: Sequence[LetterItem]) -> list[Action]:
        """Send several in one go, where the transport takes several; what became of each. Raises as `send`.

        What holds up one of them holds up them all, so that then each is sent by itself.
        """
        unknown = {}
        try:
            unknown = {each.item.id: each.doubt for each in self.deliver(items)}
        except (AlreadyClaimed, Forbidden):
            pass
        except NotSent as refusal:
            if refusal.stops_run:
                raise
        actions = []
        for item in items:
            action = Action(id=str(item.id), kind="letter", result=ActionResult.DONE, receipt=item.seen.message_id)
            if item.id in unknown:
                action = _in_doubt(action, unknown[item.id])
            actions.append(action if item.id in self._out or item.id in unknown else self.send(item))
        return actions

    def as_rendered(self, letter: Rendered) -> LetterItem:
        """A letter that nobody has to approve, as it is now, frozen here. Raises what the ledger raises."""
        if letter.state is not ApprovalState.HOLDS:
            from outreach.tasks.approving import freeze_letter  # and all that approving takes

            freeze_letter(self.opened.root, letter.letter.message)
        return self.as_frozen(letter.letter.id, letter.digest)

    def as_frozen(self, id: str, digest: str) -> LetterItem:
        """The bytes that were approved under that digest, all of them there. Raises FrozenBytesLost."""
        if not self.opened.ledger.rehearsal:
            _ = self._key  # the receipt needs it: where it cannot be made, nothing is claimed
        frozen = kept(self.opened.root, digest)
        thaw(frozen, "", self._body)  # every attachment is there
        seen, local = envelope(frozen), self.clock().astimezone(self._zone)
        return LetterItem(
            id=LetterId.parse(id),
            digest=digest,
            date=format_datetime(local.replace(microsecond=0)),
            address=seen.recipient,
            frozen=frozen,
            seen=seen,
        )

    @cached_property
    def _key(self) -> bytes:
        """The key of this run's marks. Raises ReceiptKeyUnreadable, CannotWrite."""
        return address_key(self.opened.root)

    # --- what delivery asks ------------------------------------------------------------------------------

    def permit(self, items: Sequence[LetterItem], now: datetime, *, claiming: bool) -> None:
        asked = (self.ledger.others_event, [item.id for item in items])
        slept = not claiming and not timedelta(0) <= now - self._permitted_at <= _JUST_NOW
        if not claiming and not slept and asked == self._permitted:
            return  # nothing has happened since these were claimed
        for item in items:
            if self._transport.via == DRAFTS or self.ledger.others_event > self._world.last_event:
                self._ask_again(item, now, claiming=claiming)  # else they are as the plan saw them
            if (claiming or slept) and self._transport.via != DRAFTS:
                self._mind_the_pace(item, now)
            if slept:
                self._mind_the_hours(self._contacts[item.id.contact], now)
        self._permitted, self._permitted_at = asked, now

    def _ask_again(self, item: LetterItem, now: datetime, *, claiming: bool) -> None:
        """Whether what happened since the plan is against it. Raises Forbidden."""
        contact = self._contacts[item.id.contact]
        past = self.ledger.past_to_send([contact.id, *contact.was])
        if (why_not := why_not_now(replace(self._world, now=now), past, item.id.wave, contact)) is not None:
            raise Forbidden(why_not)
        lying = _known_in(past, item) if claiming else None
        if lying is not None and lying.kind is EventKind.IN_DRAFTS:
            # Another version takes the place of the draft, which nobody is known to have sent.
            self._replaced[item.id] = lying
            claims = [claim for claim in self.ledger.claims() if claim.of == item.id]
            if why := _why_refused(item, [each for claim in claims for each in self.ledger.attempts(claim)]):
                raise Forbidden(why)
            self.ledger.release(claims, now)
        former = _known_in(renamed(past, (contact,)), item) if claiming and contact.was and not lying else None
        if former is not None and former.kind is EventKind.IN_DRAFTS:
            todo = "send it, or delete it in your mailbox and run `outreach sync`"
            raise Forbidden(f"its draft was written under a former id of the contact; {todo}")

    def claimed_as(self, item: LetterItem) -> LetterId:
        """A contact that was renamed goes on under the claim of before, which has its address."""
        former = [replace(item.id, contact=each) for each in self._contacts[item.id.contact].was]
        claims = {claim.of: claim for claim in self.ledger.claims()} if former else {}
        same = [each for each in former if each in claims and claims[each].address == normalised(item.address)]
        return same[0] if same and item.id not in claims else item.id

    def _mind_the_hours(self, contact: Contact, now: datetime) -> None:
        """The plan minded them at the claim. Raises TooSoon if the calendar has closed since."""
        moment = self._context.openings(contact).at_or_after(now)
        if moment is not None and moment > now:
            raise TooSoon(moment)

    def _mind_the_pace(self, item: LetterItem, now: datetime) -> None:
        campaign = self._world.campaign
        wave = next(wave for wave in campaign.waves if wave.id == item.id.wave)
        domain = item.seen.recipient.rpartition("@")[2].casefold()
        pace = wave.pace or campaign.pace
        counted: Counted = self.ledger.sent_letters()
        last = counted.last()
        as_of = counts_as_of(self._world.past.gates, last, now) if last is not None else None
        if as_of is not None:
            counted = AsOf(counted, now, as_of)
        moment = earliest(counted, pace, str(item.id), domain, now, zone(campaign.timezone))
        if moment > now:
            raise TooSoon(moment)

    def hand_over(
        self,
        tries: Sequence[Try[LetterItem]],
        mark: Callable[[Sequence[Try[LetterItem]]], None],
        done: Callable[[Try[LetterItem], Accepted], None],
    ) -> None:
        parcels = [self._parcel(each, looks_back=self._looks_back(each.item)) for each in tries]
        self._transport.open()
        if len(parcels) > 1 and isinstance(self._transport, BulkTransport):
            for each, accepted in zip(tries, self._transport.send_all(parcels, partial(mark, tries)), strict=True):
                done(each, accepted)
            return
        for each, parcel in zip(tries, parcels, strict=True):
            self._transport.open()
            done(each, self._transport.send(parcel, partial(mark, [each])))

    def find(self, each: Try[LetterItem], *, again: bool) -> Accepted | Found:
        """What was tried in another way cannot be found in this one: campaign.yaml may name another since."""
        known = self._known(each.item)
        if known is None or known.via != self._transport.via:
            return Found.CANNOT_TELL
        found = self._transport.find(self._parcel(each))
        proof = Accepted(via=self._transport.via, reply="", proof=each.item.seen.message_id)
        return proof if found is Found.THERE else found

    def open_attempts(self) -> list[Attempt]:
        """Of drafts those too that ended unknown: they can be looked for again."""
        letters = ((attempt, attempt.claim.letter) for attempt in self.ledger.unfinished())
        found = [attempt for attempt, letter in letters if letter is not None and letter.wave != DIGEST]
        pasts = self.ledger.past().contacts.values() if self._transport.via == DRAFTS else ()
        doubts = {letter.id_of(past.contact) for past in pasts for letter in past.letters if _is_unknown_draft(letter)}
        claims = [claim for claim in self.ledger.claims() if claim.of in doubts] if doubts else []
        last = [attempt for claim in claims for attempt in self.ledger.attempts(claim)[-1:]]
        return [*found, *(attempt for attempt in last if attempt.is_open and attempt.ended is not None)]

    def thawed(self, attempt: Attempt) -> LetterItem:
        frozen = kept(self.opened.root, attempt.digest)
        letter, date = attempt.claim.letter, attempt.claim.date or ""
        assert letter is not None
        return LetterItem(id=letter, digest=attempt.digest, date=date, frozen=frozen, seen=envelope(frozen))

    def event(self, kind: EventKind, item: LetterItem, at: datetime, said: str = "") -> Event:
        is_answer = kind in (EventKind.DEFERRED, EventKind.REFUSED)
        return Event.saying(
            kind,
            LetterPayload(via=self._transport.via, message_id=item.seen.message_id),
            at=at,
            recorded=self.clock(),
            by=self.opened.by,
            letter=item.id,
            address=item.seen.recipient,
            text=said if is_answer else item.seen.subject,
        )

    def proved(self, item: LetterItem, proof: Accepted, at: datetime) -> tuple[Event, Receipt, str]:
        self._out.add(item.id)
        receipt, event = self._receipt(item, at, proof.via, proof.proof), self.event(EventKind.ACCEPTED, item, at)
        if proof.via == DRAFTS:
            lies = DraftPayload(message_id=item.seen.message_id, digest=item.digest, place=proof.place)
            event = replace(event, kind=EventKind.IN_DRAFTS, name=lies.stored()[0], value=lies.stored()[1])
        return event, receipt, proof.reply

    def warning(self, item: LetterItem, at: datetime) -> Receipt:
        return self._receipt(item, at, IN_DOUBT, item.seen.message_id)

    def _give_up(
        self, each: Try[LetterItem], why: Forbidden | TooSoon | NotSent | str, *, refused: bool = False
    ) -> None:
        """Where it should have taken the place of a draft, that one is there as before."""
        with self.ledger.writing():
            super()._give_up(each, why, refused=refused)
            former = self._replaced.get(each.item.id) if each.is_marked else None
            if former is not None:
                lies = DraftPayload(message_id=former.message_id, digest=former.digest, place=former.place)
                kept = {"at": former.at, "address": former.address, "text": former.said}
                event = Event.saying(EventKind.IN_DRAFTS, lies, letter=each.item.id, recorded=self.clock(),
                                     by=self.opened.by, **kept)  # fmt: skip
                self.ledger.append(event)

    def _receipt(self, item: LetterItem, at: datetime, via: str, proof: str) -> Receipt:
        key = None if self.opened.ledger.rehearsal else self._key
        made = self.opened.receipt(item.id, at=at, via=via, proof=proof, address=item.seen.recipient, key=key)
        self.receipts.append(made)
        return made

    def _known(self, item: LetterItem) -> SentLetter | None:
        """The letter as the ledger knows it at this moment."""
        return _known_in(self.ledger.past_to_send([item.id.contact]), item)

    def _parcel(self, each: Try[LetterItem], looks_back: datetime | None = None) -> Parcel:
        item, former = each.item, self._replaced.get(each.item.id)
        pieces = thaw(item.frozen, each.attempt.claim.date or "", self._body)
        return Parcel(
            id=str(item.id),
            message_id=item.seen.message_id,
            sender=item.seen.sender,
            recipient=item.seen.recipient,
            cc=item.seen.cc,
            pieces=lambda: pieces,
            digest=item.digest,
            earlier=partial(kept_if_there, self.opened.root),
            replaces=former,
            subject=item.seen.subject,
            since=former.at if former else each.attempt.began,
            looks_back=looks_back,
        )

    def _looks_back(self, item: LetterItem) -> datetime | None:
        """Since when an email in Sent may be this letter though the history does not know it: since the campaign began.

        Where a draft is replaced, since that was written, or since a person last said that it was not sent. None if
        nobody has to be asked: of a reply, and where a person said that it was not sent.
        """
        if item.id.wave == REPLY or self._transport.via != DRAFTS:
            return None
        if (former := self._replaced.get(item.id)) is not None:
            said = [
                event.at
                for event in self.ledger.events(contact=item.id.contact)
                if event.kind is EventKind.RESOLVED and (event.wave, event.step or 0) == (item.id.wave, item.id.step)
            ]
            return max([former.at - timedelta(hours=1), *said])  # clocks may be wrong
        contact, campaign = self._contacts[item.id.contact], self._world.campaign
        names = [contact.id, *contact.was]
        events = [event for name in names for event in self.ledger.events(contact=name)]
        if any(
            event.kind is EventKind.RESOLVED and (event.wave, event.step or 0) == (item.id.wave, item.id.step)
            for event in events
        ):
            return None
        starts = [resolve(wave.start, self._zone).instant for wave in campaign.waves if wave.start]
        begin = min(starts, default=self.clock() - _CAMPAIGN) - timedelta(days=1)
        known = [event.at for event in events if event.kind in (*CONTACTED, EventKind.RESOLVED)]
        return max([begin, *known])


def _known_in(past: Past, item: LetterItem) -> SentLetter | None:
    """The letter as `past` knows it."""
    known = past.contacts.get(item.id.contact)
    return next((each for each in known.letters if each.id_of(item.id.contact) == item.id), None) if known else None


def _is_unknown_draft(letter: SentLetter) -> bool:
    return letter.kind is EventKind.IN_DOUBT and letter.via == DRAFTS


def _why_refused(item: LetterItem, tries: Sequence[Attempt]) -> str:
    """Why this version is not tried again: it was refused for good, and the former draft stays. "" where it was not."""
    if not tries or tries[-1].outcome is not AttemptResult.REFUSED or tries[-1].digest != item.digest:
        return ""
    said = tries[-1].detail or ""
    again = f"fix what it says, then try again: `outreach confirm {item.id} --not-sent`"
    todo = "make its attachments smaller and approve it again" if TOO_LARGE.search(said) else again
    return f"your mail server refused it ({said}), so its former draft is still in your mailbox; {todo}"


def _in_doubt(action: Action, doubt: str) -> Action:
    todo = f"say which with `outreach confirm {action.id}` --sent or --not-sent"
    return _not_done(action, ActionResult.UNKNOWN, f"{doubt.rstrip('.')}; {todo}")


def _body(root: Path, sha256: str) -> bytes:
    return base64_body(kept(root, sha256))


def _not_done(action: Action, result: ActionResult, why: object) -> Action:
    return replace(action, result=result, reason=str(why).rstrip("."), receipt=None)
