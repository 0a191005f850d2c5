"""What the ledger knows of the parts of a post: which are out, as what they were asked for, what readers see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from outreach.errors import FrozenBytesLost
from outreach.ledger.blobs import kept
from outreach.model.event import EventKind
from outreach.model.ids import PartId, VersionId
from outreach.model.past import PostPast
from outreach.model.payload import CorrectedPayload, PartPayload, PartPlace, PlainPayload, PostProof
from outreach.model.publication import Part, Published, ReadyPart
from outreach.networks.freezing import alts, is_same_beside_words, thaw_part
from outreach.networks.identity import public_url
from outreach.tasks.world import Session

_OUT = (EventKind.ACCEPTED, EventKind.ADOPTED)


class PostBook:
    """Reads what was written down about posts."""

    def __init__(self, opened: Session) -> None:
        self._root = opened.root
        self._ledger = opened.ledger
        self._campaign = opened.campaign.id

    def out(self, version: VersionId) -> dict[int, Published]:
        """The parts of the present revision that are out, by number."""
        found: dict[int, Published] = {}
        for event in self._ledger.events(post=version.post):
            if event.network != version.network:
                continue
            if event.kind is EventKind.RETRACTED:
                found.clear()
                continue
            match event.payload:
                case PartPayload(place=PartPlace(part=part), proof=PostProof() as proof) if part and event.kind in _OUT:
                    found[part] = _published(part, proof, event.url)
        return found

    def noted(self, version: VersionId) -> set[str]:
        """The addresses at which a person said that a version, or a part of it, stands."""
        events = self._ledger.events(post=version.post)
        return {
            event.url
            for event in events
            if event.kind is EventKind.POSTED and event.url and event.network in (None, version.network)
        }

    def known(self) -> list[str]:
        """The ids and CIDs of every part of ours of which there is a receipt."""
        receipts = self._ledger.receipts()
        return [PostProof.read(each.proof).mark for each in receipts if isinstance(each.about, PartId)]

    def frozen(self, version: VersionId, revision: int) -> dict[int, ReadyPart]:
        """The parts as they were last asked for, or edited since, by number. What is not known here is missing."""
        found: dict[int, ReadyPart] = {}
        for asked, claim in self._ledger.claims_of(self._campaign, version, revision):
            for last in self._ledger.attempts(claim)[-1:]:
                with suppress(FrozenBytesLost):
                    found[asked.part] = self.part(last.digest)
        for event in self._ledger.events(post=version.post):
            match event.payload:
                case _ if event.network != version.network:
                    continue
                case CorrectedPayload(revision=of, digest=digest) if of == revision and digest:
                    with suppress(FrozenBytesLost):
                        part = self.part(digest)
                        found[part.number] = part
        return found

    def part(self, digest: str) -> ReadyPart:
        """The part that was frozen under that digest. Raises FrozenBytesLost."""
        return thaw_part(kept(self._root, digest))

    def said(self, version: VersionId, revision: int) -> dict[int, str]:
        """What readers see by part: as it went out, or as it was corrected since. What is not known here is missing."""
        return self._said(version, revision, self.frozen(version, revision))

    def _said(self, version: VersionId, revision: int, frozen: Mapping[int, ReadyPart]) -> dict[int, str]:
        asked = {number: part.text for number, part in frozen.items()}
        found = dict(asked)
        for event in self._ledger.events(post=version.post):
            match event.payload:
                case _ if event.network != version.network:
                    continue
                case _ if event.kind is EventKind.RETRACTED:
                    found = dict(asked)
                case PartPayload(place=place) if event.kind is EventKind.ACCEPTED and place.part in asked:
                    found[place.part] = event.text or asked[place.part]
                case PartPayload(place=place) if event.kind is EventKind.ADOPTED and place.part and event.text:
                    found[place.part] = event.text
                case CorrectedPayload(place=place, revision=of) if of == revision and place.part and event.text:
                    found[place.part] = event.text
        return found

    def said_by_hand(self, past: PostPast) -> str:
        """The digest of what a person published, as its file said then; "" where it is not known."""
        events = (event for event in self._ledger.events(post=past.post) if event.network == past.network)
        last = [event for event in events if event.kind in (*_OUT, EventKind.POSTED)][-1:]
        return next((e.payload.value for e in last if isinstance(e.payload, PlainPayload) and e.payload.value), "")

    def changed(self, past: PostPast, parts: Sequence[Part], *, edits: bool) -> list[int]:
        """The numbers of the parts that readers see otherwise than `parts` say; also what is new or not there any more.

        Where readers see no edits, only words and alt texts can be corrected, so only these count.
        """
        frozen = self.frozen(past.version_id, past.revision)
        return differing(parts, frozen, self._said(past.version_id, past.revision, frozen), edits=edits)


def differing(
    parts: Sequence[Part], frozen: Mapping[int, ReadyPart], said: Mapping[int, str], *, edits: bool
) -> list[int]:
    """As `PostBook.changed`, by the parts as they were last asked for, and what readers see."""
    found = [number for number in said if number > len(parts)]
    for part in parts:
        then = frozen.get(part.number)
        differs = then is not None and (not is_same_beside_words(part, then) if edits else alts(part) != alts(then))
        found += [part.number] if differs or said.get(part.number) != part.text else []
    return sorted(found)


def _published(part: int, proof: PostProof, url: str | None) -> Published:
    """The part that a receipt proves."""
    id = proof.mark if proof.address.startswith("http") else proof.address
    return Published(part=part, id=id, url=url or public_url(proof.address), mark=proof.mark)
