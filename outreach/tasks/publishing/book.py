"""The ledger's side of a part: events, receipts, and what it knows to be out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from outreach.errors import FrozenBytesLost
from outreach.ledger import Ledger
from outreach.ledger.attempts import Attempt, Outcome
from outreach.ledger.blobs import kept
from outreach.model.event import Event, EventKind, Receipt
from outreach.model.ids import EditionId, PartId
from outreach.model.payload import CorrectedPayload, PartPayload, PartPlace, PartVia, PostProof
from outreach.model.publication import Published, ReadyPart
from outreach.rules.publishing.bluesky_thread import public_url
from outreach.rules.publishing.freezing import thaw_part
from outreach.tasks.world import Session

STOPPED = "stopped before the outcome was written down"
_OUT = (EventKind.ACCEPTED, EventKind.ADOPTED)


class PostBook:
    """Writes down what becomes of parts. `clock` gives the aware UTC instant."""

    def __init__(self, opened: Session, clock: Callable[[], datetime]) -> None:
        self._opened = opened
        self._ledger: Ledger = opened.ledger
        self._clock = clock

    def mark(self, attempt: Attempt, part: ReadyPart) -> None:
        """From now on it may be out."""
        self._ledger.mark(attempt, self._event(EventKind.COMMITTING, attempt, part))

    def done(self, attempt: Attempt, part: ReadyPart, out: Published) -> None:
        """It is out. Where its try had ended in doubt, the event alone says so; where another text of ours stands
        there, from a try of which we never heard, that is kept.
        """
        text = out.text if out.text and out.text != part.text else None
        event = self._event(EventKind.ACCEPTED, attempt, part, proof=out.proof, url=out.url or None, text=text)
        via, proof = str(PartVia(part_id(attempt).network, PartPlace(part.number, part.of))), str(out.proof)
        receipt = Receipt(id=str(attempt.claim.of), at=event.at, via=via, proof=proof, ledger=self._ledger.id)
        if attempt.ended is None:
            self._ledger.settle(attempt, Outcome.ACCEPTED, event.at, event=event, receipt=receipt)
        else:
            self._ledger.append(event, receipt=receipt)

    def not_done(self, attempt: Attempt, part: ReadyPart, why: str, *, refused: bool = False) -> None:
        """It surely is not out, and may be tried again."""
        kind = EventKind.REFUSED if refused else EventKind.DEFERRED
        outcome = Outcome.REFUSED if refused else Outcome.NOT_SENT
        event = self._event(kind, attempt, part, text=why)
        with self._ledger.writing():
            if attempt.ended is None:
                self._ledger.settle(attempt, outcome, event.at, detail=why, event=event)
            else:
                self._ledger.release([attempt.claim], event.at)
                self._ledger.append(event)

    def doubted(self, attempt: Attempt, part: ReadyPart, why: str) -> None:
        """Nobody knows."""
        event = self._event(EventKind.IN_DOUBT, attempt, part, text=why)
        self._ledger.settle(attempt, Outcome.UNKNOWN, event.at, detail=why, event=event)

    def part_of(self, attempt: Attempt) -> ReadyPart:
        """What a try was about, whole. Raises FrozenBytesLost."""
        return thaw_part(kept(self._opened.root, attempt.digest))

    def out(self, post: str, network: str) -> dict[int, Published]:
        """The parts of the present revision that are out."""
        found: dict[int, Published] = {}
        for event in self._ledger.events(post=post):
            if event.network != network:
                continue
            if event.kind is EventKind.RETRACTED:
                found.clear()
                continue
            match event.payload:
                case PartPayload(place=PartPlace(part=part), proof=PostProof() as proof) if part and event.kind in _OUT:
                    found[part] = published_of(part, proof, event.url)
        return found

    def frozen(self, campaign: str, post: str, network: str, revision: int) -> dict[int, ReadyPart]:
        """The parts as they were last asked for, or edited since, by number. What is not known here is missing."""
        found: dict[int, ReadyPart] = {}
        for asked, claim in self._ledger.claims_of(campaign, EditionId(post=post, network=network), revision):
            for last in self._ledger.attempts(claim)[-1:]:
                with suppress(FrozenBytesLost):
                    found[asked.part] = self.part_of(last)
        for event in self._ledger.events(post=post):
            match event.payload:
                case _ if event.network != network:
                    continue
                case CorrectedPayload(revision=of, digest=digest) if of == revision and digest:
                    with suppress(FrozenBytesLost):
                        part = thaw_part(kept(self._opened.root, digest))
                        found[part.number] = part
        return found

    def said(self, campaign: str, post: str, network: str, revision: int) -> dict[int, str]:
        """What readers see by part: as it went out, or as it was corrected since. What is not known here is missing."""
        asked = {number: part.text for number, part in self.frozen(campaign, post, network, revision).items()}
        found = dict(asked)
        for event in self._ledger.events(post=post):
            match event.payload:
                case _ if event.network != network:
                    continue
                case PartPayload(place=place) if event.kind is EventKind.ACCEPTED and place.part in asked:
                    found[place.part] = event.text or asked[place.part]
                case CorrectedPayload(place=place, revision=of) if of == revision and place.part and event.text:
                    found[place.part] = event.text
        return found

    def _event(
        self,
        kind: EventKind,
        attempt: Attempt,
        part: ReadyPart,
        *,
        proof: PostProof | None = None,
        url: str | None = None,
        text: str | None = None,
    ) -> Event:
        now, id = self._clock(), part_id(attempt)
        payload = PartPayload(place=PartPlace(part.number, part.of), proof=proof or PostProof(part.key))
        return Event.saying(
            kind,
            payload,
            at=now,
            recorded=now,
            by=self._opened.by,
            post=id.post,
            network=id.network,
            url=url,
            text=text,
        )


def part_id(attempt: Attempt) -> PartId:
    """The part that a try is about."""
    assert isinstance(attempt.claim.of, PartId)
    return attempt.claim.of


def published_of(part: int, proof: PostProof, url: str | None) -> Published:
    """The part that a receipt proves."""
    id = proof.mark if proof.address.startswith("http") else proof.address
    return Published(part=part, id=id, url=url or public_url(proof.address), mark=proof.mark)
