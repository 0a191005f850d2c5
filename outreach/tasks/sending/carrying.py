"""One letter: claim, hand over, mark, let go, write down. Nothing else in outreach sends a letter.

The order is the promise (design: only once). The claim and its try are durable before the server hears of
the letter; the mark is durable after its body and before its last byte; the outcome comes after the reply.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache, partial
from pathlib import Path

from outreach.channels.transport import Transport
from outreach.errors import AlreadyClaimed, InDoubt, NotSent
from outreach.ledger.attempts import Attempt, Outcome
from outreach.ledger.blobs import kept
from outreach.ledger.claims import Claim
from outreach.ledger.receipts import IN_DOUBT
from outreach.model.action import Action, ActionResult
from outreach.model.contact import Contact
from outreach.model.dispatch import Accepted, Parcel
from outreach.model.event import Event, EventKind, Receipt
from outreach.model.ids import LetterId
from outreach.model.payload import LetterPayload
from outreach.rules.approving import ApprovalState, Rendered
from outreach.rules.mime import Envelope, base64_body, envelope, thaw
from outreach.rules.planning.permission import why_not_now
from outreach.rules.planning.world import World
from outreach.rules.sending import earliest
from outreach.rules.wall_time import zone
from outreach.tasks.approving import freeze_letter
from outreach.tasks.proofs import receipt_for
from outreach.tasks.world import Session

SAID = 300
"""Characters of a server's reply that are kept."""


class TooSoon(Exception):
    """The pace has no room yet; `moment` (aware UTC) is when it has."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(moment)
        self.moment = moment


class Forbidden(Exception):
    """Something happened since the letter was planned that stops it; says what."""


class Carrier:
    """Carries letters through one transport, under the world of one plan.

    `clock` gives the aware UTC instant. `accepted` are the letters that left: Message-ID, and the bytes.
    """

    def __init__(self, opened: Session, transport: Transport, clock: Callable[[], datetime]) -> None:
        self._opened = opened
        self._transport = transport
        self._clock = clock
        self._ledger = opened.ledger
        self._contacts: dict[str, Contact] = {}
        self.accepted: list[tuple[str, Callable[[], bytes]]] = []
        self._body = lru_cache(maxsize=8)(partial(_body, opened.root))

    def follow(self, world: World) -> None:
        """Send by this plan from now on."""
        self._world = world
        self._contacts = {contact.id: contact for contact in world.contacts}

    def carry(self, letter: Rendered) -> Action:
        """Send one letter; what became of it.

        Raises TooSoon where the pace has no room, NotSent with `stops_run` where no letter would go through,
        and what the ledger raises: then nothing was sent, or the ledger says that it may have been.
        """
        frozen = self._frozen(letter)
        seen = envelope(frozen)
        try:
            attempt = self._begin(letter, seen)
        except AlreadyClaimed as taken:
            return _action(letter, ActionResult.HELD, str(taken).rstrip("."))
        except Forbidden as why:
            return _action(letter, ActionResult.HELD, str(why))
        pieces = partial(thaw, frozen, attempt.claim.date or "", self._body)
        parcel = Parcel(
            id=letter.item.id,
            message_id=seen.message_id,
            sender=seen.sender,
            recipient=seen.recipient,
            pieces=pieces,
        )
        action = self._hand_over(letter, seen, attempt, parcel)
        if action.result is ActionResult.DONE:
            self.accepted.append((seen.message_id, lambda: b"".join(pieces())))
        return action

    def _frozen(self, letter: Rendered) -> bytes:
        """The bytes that were approved; where nobody has to, those of now, frozen here."""
        if letter.state is not ApprovalState.HOLDS:
            freeze_letter(self._opened.root, letter.letter.message)
        return kept(self._opened.root, letter.digest)

    def _begin(self, letter: Rendered, seen: Envelope) -> Attempt:
        now = self._clock()
        made = letter.letter
        with self._ledger.writing():
            self._permit(letter, now)
            domain = seen.recipient.rpartition("@")[2].casefold()
            self._mind_the_pace(letter, domain, now)
            claim = Claim(
                id=0,
                campaign=self._world.campaign.id,
                at=now,
                by=self._opened.by,
                of=LetterId(wave=made.wave, contact=made.contact, step=made.step),
                address=seen.recipient,
                date=format_datetime(now.astimezone(zone(self._world.campaign.timezone)).replace(microsecond=0)),
            )
            return self._ledger.begin(claim, digest=letter.digest, at=now)

    def _permit(self, letter: Rendered, now: datetime) -> None:
        contact = self._contacts[letter.letter.contact]
        names = [contact.id, *([contact.was] if contact.was else [])]
        past = self._ledger.past_to_send(names)
        why_not = why_not_now(replace(self._world, now=now), past, letter.letter.wave, contact)
        if why_not is not None:
            raise Forbidden(why_not)

    def _mind_the_pace(self, letter: Rendered, domain: str, now: datetime) -> None:
        campaign = self._world.campaign
        wave = next(wave for wave in campaign.waves if wave.id == letter.letter.wave)
        pace = wave.pace or campaign.pace
        moment = earliest(self._ledger.departures(), pace, letter.item.id, domain, now, zone(campaign.timezone))
        if moment > now:
            raise TooSoon(moment)

    def _hand_over(self, letter: Rendered, seen: Envelope, attempt: Attempt, parcel: Parcel) -> Action:
        def mark() -> None:
            with self._ledger.writing():
                self._permit(letter, self._clock())
                self._ledger.mark(attempt, self._event(EventKind.COMMITTING, letter, seen, text=seen.subject))

        try:
            self._transport.open()
            accepted = self._transport.send(parcel, mark)
        except Forbidden as why:
            self._ledger.settle(attempt, Outcome.NOT_SENT, self._clock(), detail=str(why))
            return _action(letter, ActionResult.HELD, str(why))
        except NotSent as refusal:
            return self._not_sent(letter, seen, attempt, refusal)
        except InDoubt as doubt:
            return self._in_doubt(letter, seen, attempt, doubt)
        return self._accepted(letter, seen, attempt, accepted)

    def _accepted(self, letter: Rendered, seen: Envelope, attempt: Attempt, accepted: Accepted) -> Action:
        event = self._event(EventKind.ACCEPTED, letter, seen, text=seen.subject)
        receipt = self._receipt(letter, seen, event.at, accepted.via, accepted.proof)
        reply = accepted.reply[:SAID]
        self._ledger.settle(attempt, Outcome.ACCEPTED, event.at, detail=reply, event=event, receipt=receipt)
        return replace(_action(letter, ActionResult.DONE), receipt=accepted.proof)

    def _not_sent(self, letter: Rendered, seen: Envelope, attempt: Attempt, refusal: NotSent) -> Action:
        kind = EventKind.REFUSED if refusal.permanent and not refusal.stops_run else EventKind.DEFERRED
        outcome = Outcome.REFUSED if kind is EventKind.REFUSED else Outcome.NOT_SENT
        said = (refusal.reply or str(refusal))[:SAID]
        event = self._event(kind, letter, seen, text=said)
        self._ledger.settle(attempt, outcome, event.at, detail=said, event=event)
        if refusal.stops_run:
            raise refusal
        return _action(letter, ActionResult.FAILED, str(refusal).rstrip("."))

    def _in_doubt(self, letter: Rendered, seen: Envelope, attempt: Attempt, doubt: InDoubt) -> Action:
        event = self._event(EventKind.IN_DOUBT, letter, seen, text=seen.subject)
        receipt = self._receipt(letter, seen, event.at, IN_DOUBT, seen.message_id)
        self._ledger.settle(attempt, Outcome.UNKNOWN, event.at, detail=str(doubt), event=event, receipt=receipt)
        todo = f"say which with `outreach resolve {letter.item.id}` --sent or --not-sent"
        return _action(letter, ActionResult.UNKNOWN, f"{str(doubt).rstrip('.')}; {todo}")

    def _event(self, kind: EventKind, letter: Rendered, seen: Envelope, *, text: str) -> Event:
        now, made = self._clock(), letter.letter
        return Event.saying(
            kind,
            LetterPayload(via=self._transport.via, message_id=seen.message_id),
            at=now,
            recorded=now,
            by=self._opened.by,
            wave=made.wave,
            contact=made.contact,
            step=made.step,
            address=seen.recipient,
            text=text,
        )

    def _receipt(self, letter: Rendered, seen: Envelope, at: datetime, via: str, proof: str) -> Receipt:
        id = LetterId.parse(letter.item.id)
        return receipt_for(self._opened, id, at=at, via=via, proof=proof, address=seen.recipient)


def _body(root: Path, sha256: str) -> bytes:
    return base64_body(kept(root, sha256))


def _action(letter: Rendered, result: ActionResult, reason: str = "") -> Action:
    return Action(id=letter.item.id, kind="letter", result=result, reason=reason)
