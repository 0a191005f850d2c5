"""What a run that was killed left behind: each try it had begun gets its outcome before anything is sent."""

from __future__ import annotations

from datetime import datetime

from outreach.channels.transport import Transport
from outreach.ledger.attempts import Attempt, Outcome
from outreach.ledger.blobs import kept
from outreach.ledger.receipts import IN_DOUBT, hand_on
from outreach.model.dispatch import Found, Parcel
from outreach.model.event import Event, EventKind
from outreach.model.ids import LetterId
from outreach.model.payload import LetterPayload
from outreach.rules.mime import Envelope, envelope
from outreach.tasks.proofs import receipt_for
from outreach.tasks.world import Session


def recover(opened: Session, transport: Transport, now: datetime) -> int:
    """Settle every letter's try without an outcome; how many are in doubt. Whoever calls has the account alone.

    Before the mark: not sent. After it: what the transport can still tell, else in doubt, and never sent again by
    itself. `now` is an aware UTC instant. Receipts that did not reach receipts.jsonl are written there.
    """
    in_doubt = 0
    for attempt in opened.ledger.unfinished():
        letter = attempt.claim.letter
        if letter is None:
            continue
        if attempt.committed is None:
            reason = "stopped before it was handed over"
            opened.ledger.settle(attempt, Outcome.NOT_SENT, now, detail=reason)
        else:
            in_doubt += _after_the_mark(opened, transport, letter, attempt, now)
    hand_on(opened.ledger, opened.root)
    return in_doubt


def _after_the_mark(opened: Session, transport: Transport, letter: LetterId, attempt: Attempt, now: datetime) -> bool:
    seen = envelope(kept(opened.root, attempt.digest))
    found = transport.find(_parcel(letter, seen))
    if found is Found.NOT_THERE:
        event = _event(opened, letter, seen, EventKind.DEFERRED, transport.via, now)
        reason = "stopped before it was let go"
        opened.ledger.settle(attempt, Outcome.NOT_SENT, now, detail=reason, event=event)
        return False
    proved = found is Found.THERE
    kind = EventKind.ACCEPTED if proved else EventKind.IN_DOUBT
    event = _event(opened, letter, seen, kind, transport.via, attempt.committed or now)
    via = transport.via if proved else IN_DOUBT
    receipt = receipt_for(opened, letter, at=event.at, via=via, proof=seen.message_id, address=seen.recipient)
    outcome = Outcome.ACCEPTED if proved else Outcome.UNKNOWN
    detail = "stopped before the outcome was written down"
    opened.ledger.settle(attempt, outcome, now, detail=detail, event=event, receipt=receipt)
    return not proved


def _parcel(letter: LetterId, seen: Envelope) -> Parcel:
    return Parcel(
        id=str(letter),
        message_id=seen.message_id,
        sender=seen.sender,
        recipient=seen.recipient,
        pieces=lambda: (),
    )


def _event(opened: Session, letter: LetterId, seen: Envelope, kind: EventKind, via: str, at: datetime) -> Event:
    return Event.saying(
        kind,
        LetterPayload(via=via, message_id=seen.message_id),
        at=at,
        recorded=opened.now,
        by=opened.by,
        wave=letter.wave,
        contact=letter.contact,
        step=letter.step,
        address=seen.recipient,
        text=seen.subject,
    )
