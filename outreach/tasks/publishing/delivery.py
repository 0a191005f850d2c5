"""Posts on their way out: what may go out now, how it is asked for, and what proves it (tasks/delivery.py).

A version is published until all of it is out: what is missing is claimed and asked for, and where no answer came the
network is asked at once. Where a repeat cannot make a second post, the same is asked for again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from outreach.errors import AlreadyClaimed, Forbidden, FrozenBytesLost, InDoubt, MayStandThere, NotSent
from outreach.ledger.attempts import Attempt, AttemptResult
from outreach.ledger.blobs import keep
from outreach.model.action import Action, ActionResult
from outreach.model.dispatch import Found
from outreach.model.event import Event, EventKind, Receipt
from outreach.model.ids import PartId
from outreach.model.past import PostPast
from outreach.model.payload import PartPayload, PartPlace, PartVia, PostProof
from outreach.model.publication import Publication, Published, ReadyPart
from outreach.model.records import dataclass
from outreach.networks.budgets import why_not_more
from outreach.networks.drafting import VersionDraft
from outreach.networks.freezing import freeze_part
from outreach.networks.registry import network_of
from outreach.planning.saying import Sayer
from outreach.planning.world import World
from outreach.publishing.publisher import Publisher
from outreach.tasks.delivery import Delivery, Item, Try
from outreach.tasks.publishing.book import PostBook
from outreach.tasks.publishing.elsewhere import every_revision, standing_part, twins
from outreach.tasks.publishing.sentences import may_be_it, missing_parts, stands_there, with_gap
from outreach.tasks.world import Session
from outreach.words.wall_time import zone

TRIES = 3
"""How often one run asks for a part again, where a repeat cannot make a second post."""
_EARLIER = timedelta(minutes=1)
"""Clocks differ: what is looked for may be so much older than the try."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PartItem(Item):
    """A part as it will be asked for; all of it is frozen."""

    id: PartId
    part: ReadyPart

    @property
    def place(self) -> PartPlace:
        return PartPlace(self.part.number, self.part.of)


class PostDelivery(Delivery[PartItem, Published]):
    """Publishes versions through one account of a network."""

    def __init__(
        self,
        opened: Session,
        publisher: Publisher,
        network: str,
        clock: Callable[[], datetime],
        *,
        beside: str | None = None,
    ) -> None:
        """`beside` is the post or version of which a person said that what may be a part of it is none.

        Raises LedgerOnNetwork.
        """
        super().__init__(opened, clock)
        self.doubts: dict[str, str] = {}
        """Why versions are in doubt that only a person can tell, by `POST/NETWORK`, and what to do then."""
        self._beside = beside
        self._none: list[str] = []  # ids of what a person said is none of ours
        self._publisher = publisher
        self._network = network
        self._book = PostBook(opened)
        self._out: dict[int, Published] = {}
        self._others: set[int] = set()
        self._taken_down: dict[str, str] = {}

    def follow(self, world: World) -> None:
        """Publish under this world from now on."""
        self._world = world

    def publish(self, draft: VersionDraft, *, again: bool = False) -> Action:
        """Publish what is missing of one version; what became of it. `again`: also beside what others posted.

        Raises NotSent with `stops_run` where nothing would go through this account, and what the ledger raises.
        """
        action = Action(id=draft.version.id, kind="post", result=ActionResult.DONE)
        out = self._out = self._book.out(draft.version.version_id)
        why_not = self._why_not_more(len(draft.parts) - len(out))
        if why_not:
            return replace(action, result=ActionResult.HELD, reason=why_not)
        self._publisher.open()
        publication = self._publication(draft)
        self._others.clear()
        try:
            tries = 0
            while tries < TRIES and not self._others:
                ready, before = self._publisher.ready(publication, out), len(out)
                missing = [part for part in ready if part.number not in out]
                if not missing:
                    break
                stopped = self._standing_in_the_way(action, publication, missing[0].number, again=again)
                if stopped is None and len(out) == before:
                    stopped = self._try(action, publication, missing, again=tries < TRIES - 1)
                if stopped is not None:
                    return stopped
                tries = tries + 1 if len(out) == before else 0
        except AlreadyClaimed as taken:
            return replace(action, result=ActionResult.HELD, reason=str(taken).rstrip("."))
        if self._others:
            return self._of_another_text(action, ready)
        if len(out) < len(ready):
            reason = f"{missing_parts(ready, out)} may be out; the next `outreach publish --go` asks again"
            return replace(action, result=ActionResult.UNKNOWN, reason=reason)
        return replace(action, reason=out[1].url, receipt=out[1].proof)

    def _why_not_more(self, wanted: int) -> str:
        """Why the network would not take so many parts now, by what the ledger counts."""
        for budget in network_of(self._network).budgets:
            asked = self.ledger.parts_asked_for(self._network, self._publisher.account, self.clock() - budget.span)
            if why_not := why_not_more(self._network, budget, asked, wanted, self._said):
                return why_not
        return ""

    def _said(self, moment: datetime) -> str:
        return Sayer(self.clock(), zone(self._world.campaign.timezone)).moment(moment)

    def _publication(self, draft: VersionDraft) -> Publication:
        version, campaign = draft.version, self._world.campaign
        past = self._world.past.posts.get((version.post, str(version.network)))
        revision = (past or PostPast(post=version.post, network=version.network)).revision
        claims = self.ledger.claims_of(campaign.id, version.version_id, revision)
        dates = [claim.date for _, claim in claims if claim.date]
        return Publication(
            campaign=campaign.id,
            post=version.post,
            network=version.network,
            account=self._publisher.account,
            revision=revision,
            at=datetime.fromisoformat(dates[0]) if dates else self.clock().replace(microsecond=0),
            parts=draft.parts,
        )

    # --- what is there already ------------------------------------------------------------------------

    def _standing_in_the_way(
        self, action: Action, publication: Publication, number: int, *, again: bool
    ) -> Action | None:
        """Why nothing is asked for, by what is on the network. What seemed lost and is there is out."""
        before = len(self._out)
        try:
            for part in publication.parts:
                if part.number not in self._out and not self._landed_after_all(publication, part.number):
                    break
        except MayStandThere:
            return replace(action, result=ActionResult.UNKNOWN, reason=self.doubts[action.id])
        if len(self._out) > before:
            return None
        there = self._elsewhere(publication, number)
        if there is not None and not (again and there.by):
            return replace(
                action, result=ActionResult.HELD, reason=stands_there(action.id, there, self._taken_down.get(action.id))
            )
        above = self._out.get(number - 1)
        if above is not None and not self._publisher.stands(above):
            reason = f"part {above.part} is no longer there, so part {number} cannot be posted below it; "
            how = f"`outreach correct {action.id} --repost` takes down the rest and posts all of it again"
            return replace(action, result=ActionResult.FAILED, reason=f"{reason}{how}")
        return None

    def _elsewhere(self, publication: Publication, number: int) -> Published | None:
        """A part as another computer may have posted it, or another program, where nothing is known of it here."""
        claims = self.ledger.claims_of(publication.campaign, publication.version_id, publication.revision)
        was_tried = any(part.part == number for part, _ in claims)
        if was_tried and self._publisher.repeats_safely:
            return None
        asked = every_revision(self._publisher, publication)
        if self._publisher.repeats_safely:  # asking for the present one again finds it anyway
            asked = [each for each in asked if not self._out and each.revision > publication.revision]
        args = (self._publisher, asked, number, self._out, self.clock(), self._book.known())
        found = standing_part(*args, by_anyone=not was_tried)
        return found[1] if found else None

    def _landed_after_all(self, publication: Publication, number: int) -> bool:
        """Whether a part that was refused, or was not there when we looked, is there; then it is written down.

        A server that answers from a copy may be late. Raises NotSent if the network cannot be asked, MayStandThere.
        """
        for part, claim in self.ledger.claims_of(publication.campaign, publication.version_id, publication.revision):
            for last in self.ledger.attempts(claim)[-1:] if part.part == number else []:
                # Where a repeat makes no second post, asking again finds what was not there before.
                is_looked_for = last.outcome is AttemptResult.REFUSED or not self._publisher.repeats_safely
                if last.committed is not None and last.is_over and is_looked_for:
                    with suppress(FrozenBytesLost):
                        each = Try(item=self.thawed(last), attempt=last, is_marked=True)
                        found = self._look(each)
                        if found is not None:
                            self._accept(each, found)
                        return found is not None
        return False

    # --- one try --------------------------------------------------------------------------------------------

    def _try(
        self,
        action: Action,
        publication: Publication,
        missing: Sequence[ReadyPart],
        *,
        again: bool,
    ) -> Action | None:
        """One try at the missing parts; an action where that was the end of it."""
        items = [
            PartItem(
                id=publication.part_id(part.number),
                digest=keep(self.opened.root, freeze_part(part)),
                date=publication.at.isoformat(),
                part=part,
            )
            for part in missing
        ]
        try:
            unknown = self.deliver(items, again=again)
        except Forbidden as pause:
            return replace(action, result=ActionResult.HELD, reason=str(pause))
        except NotSent as refusal:
            if refusal.stops_run:
                raise
            reason = with_gap(str(refusal).rstrip("."), missing, self._out)
            return replace(action, result=ActionResult.FAILED, reason=reason)
        if not unknown:
            return None
        if action.id in self.doubts:
            return replace(action, result=ActionResult.UNKNOWN, reason=self.doubts[action.id])
        which = f"{missing_parts([each.item.part for each in unknown], self._out)} of {missing[0].of} may be out"
        settled = self._said(self.clock() + self._publisher.settles)
        asks = f"`outreach publish {action.id} --go` asks, and knows for sure after {settled}"
        reason = f"{unknown[0].doubt.rstrip('.')}; {which}, and {asks}"
        return replace(action, result=ActionResult.UNKNOWN, reason=reason)

    def _of_another_text(self, action: Action, ready: Sequence[ReadyPart]) -> Action:
        """What becomes of a try where an earlier one, of which we never heard, had landed with another text."""
        out = self._out
        parts = f"part{'s' if len(self._others) > 1 else ''} {', '.join(map(str, sorted(self._others)))}"
        there = f"an earlier text of {parts} is there"
        if len(out) == len(ready):
            reason = f"{out[1].url}; {there}: `outreach correct {action.id}` brings it in line"
            return replace(action, reason=reason, receipt=out[1].proof)
        how = f"`outreach correct {action.id} --repost` takes it down and posts all of it again"
        return replace(action, result=ActionResult.FAILED, reason=with_gap(f"{there}; {how}", ready, out))

    # --- what delivery asks ------------------------------------------------------------------------------------

    def permit(self, items: Sequence[PartItem], now: datetime, *, claiming: bool) -> None:
        posts = {f"post:{item.id.post}" for item in items}
        pause = next((hold for hold in self.ledger.past().holds if hold.target in {"*", *posts}), None)
        if pause is not None:
            raise Forbidden(f"paused: {pause.because}")

    def hand_over(
        self,
        tries: Sequence[Try[PartItem]],
        mark: Callable[[Sequence[Try[PartItem]]], None],
        done: Callable[[Try[PartItem], Published], None],
    ) -> None:
        by_number = {each.item.part.number: each for each in tries}
        self._publisher.publish(
            [each.item.part for each in tries],
            dict(self._out),
            lambda parts: mark([by_number[part.number] for part in parts]),
            lambda published: self._stays(by_number[published.part], published, done),
        )

    def _stays(
        self, each: Try[PartItem], published: Published, done: Callable[[Try[PartItem], Published], None]
    ) -> None:
        """A part is done unless another computer posted the same at once: if before, ours is taken down again.

        All look after they posted, so the later one sees the other. A later one that stays is looked at as after a lost
        answer. Raises NotSent, InDoubt.
        """
        id = str(each.item.id.version)
        try:
            twin, later = self._twins(each, published)
        except MayStandThere as maybe:
            self.doubts[id] = may_be_it(id, published.part, [published.url, *maybe.there])
            raise
        except NotSent as trouble:
            raise InDoubt(f"{published.url} is out, and maybe from another computer, too: {trouble}") from trouble
        if twin is None:
            if later is None:
                return done(each, published)
            raise InDoubt(f"{published.url} is out, and later than it from another computer: {later.url}.")
        what = f"Another computer posted part {published.part} just before, at {twin.url}"
        try:
            self._publisher.remove(published)
        except (NotSent, InDoubt) as trouble:
            raise InDoubt(f"{what}, and ours is at {published.url}, too: {trouble} Delete yours there.") from trouble
        hint = "`outreach sync` takes over what it posted."
        raise NotSent(f"{what}, so ours was taken down again; {hint}", hint=hint)

    def _take_down_the_later(self, each: Try[PartItem], later: Published, earlier: Published) -> None:
        """Of two copies that are there, the later goes, whoever made it: the computer that made it does the same.

        Raises InDoubt, a person's task, where something hangs below it already or it cannot be taken down.
        """
        id, part = each.item.id.version, each.item.part
        below, known = replace(part, number=part.number + 1), self._book.known()
        with suppress(NotSent, InDoubt):  # MayStandThere: something else of ours hangs below it
            if self._publisher.find(below, {**self._out, part.number: later}, part.at, known, asked=True) is None:
                self._publisher.remove(later)
                self._taken_down[str(id)] = later.url
                return
        self.doubts[str(id)] = (
            f"part {part.number} is there twice, at {earlier.url} and at {later.url}; "
            f"delete one of them there, then `outreach publish {id} --go`"
        )
        raise InDoubt(f"{self.doubts[str(id)]}.")

    def _twins(self, each: Try[PartItem], published: Published) -> tuple[Published | None, Published | None]:
        """The same part from another computer, made before ours or after; none if repeats make no second post."""
        if self._publisher.repeats_safely:
            return None, None
        since = each.attempt.began - _EARLIER
        known = [*self._book.known(), *self._none]
        return twins(self._publisher, each.item.part, published, self._out, since, known)

    def find(self, each: Try[PartItem], *, again: bool) -> Published | Found:
        """What is not there is not done once it cannot land any more, or at once where it is asked for `again`."""
        found = self._look(each)
        if found is not None:
            twin, _ = self._twins(each, found)
            if twin is None:
                return found
            self._take_down_the_later(each, found, twin)
            return Found.NOT_THERE
        asked = each.attempt.committed
        is_settled = asked is not None and self.clock() > asked + self._publisher.settles
        return Found.NOT_THERE if is_settled or (again and self._publisher.repeats_safely) else Found.CANNOT_TELL

    def _look(self, each: Try[PartItem]) -> Published | None:
        version = each.item.id.version
        args = (each.item.part, self._book.out(version), each.attempt.began, self._book.known())
        try:
            return self._publisher.find(*args, asked=True)
        except MayStandThere as maybe:
            if it := self._book.noted(version) & maybe.there.keys():  # a person said so
                return cast(Published, maybe.there[min(it)])
            if self._beside in (version.post, str(version)):
                self._none += [cast(Published, each).mark for each in maybe.there.values()]
                return None
            self.doubts.setdefault(str(version), may_be_it(str(version), each.item.part.number, list(maybe.there)))
            raise

    def open_attempts(self) -> list[Attempt]:
        """Also those that ended unknown: the network can be asked again."""
        found, pasts = [], self.ledger.past().posts
        for claim in self.ledger.claims():
            part = claim.part
            if part is None or (part.network, part.account) != (self._network, self._publisher.account):
                continue
            past = pasts.get((part.post, part.network))
            is_out = past is not None and past.revision == part.revision and part.part in past.parts
            found += [last for last in self.ledger.attempts(claim)[-1:] if last.is_open and not is_out]
        return found

    def thawed(self, attempt: Attempt) -> PartItem:
        part = attempt.claim.part
        assert part is not None
        ready = self._book.part(attempt.digest)
        return PartItem(id=part, digest=attempt.digest, date=attempt.claim.date or "", part=ready)

    def event(self, kind: EventKind, item: PartItem, at: datetime, said: str = "") -> Event:
        return self._event(kind, item, at, proof=PostProof(item.part.key), text=said or None)

    def proved(self, item: PartItem, proof: Published, at: datetime) -> tuple[Event, Receipt, str]:
        """Where another text of ours is there, from a try of which we never heard, that is kept."""
        self._out[item.part.number] = proof
        other = proof.text if proof.text and proof.text != item.part.text else None
        self._others |= {item.part.number} if other else set()
        event = self._event(EventKind.ACCEPTED, item, at, proof=proof.post_proof, url=proof.url or None, text=other)
        via = PartVia(item.id.network, item.place)
        receipt = Receipt(id=str(item.id), at=at, via=str(via), proof=proof.proof, ledger=self.ledger.id)
        return event, receipt, ""

    def _event(self, kind: EventKind, item: PartItem, at: datetime, *, proof: PostProof, **columns: Any) -> Event:
        columns |= {"at": at, "recorded": self.clock(), "by": self.opened.by}
        payload = PartPayload(place=item.place, proof=proof)
        return Event.saying(kind, payload, post=item.id.post, network=item.id.network, **columns)
