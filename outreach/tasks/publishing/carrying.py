"""One edition: claim every part, mark, ask, write down. Nothing else in outreach publishes.

The claims, and each part whole with its createdAt, are durable before the network hears of anything; the mark is
durable before a request that makes something public; the outcome comes after the answer. A doubt is taken to
the network at once, and later again, until it is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from outreach.channels.publisher import Publisher
from outreach.errors import AlreadyClaimed, InDoubt, NotSent
from outreach.ledger.attempts import Attempt
from outreach.ledger.blobs import keep
from outreach.ledger.claims import Claim
from outreach.model.action import Action, ActionResult
from outreach.model.past import PostPast
from outreach.model.payload import PostProof
from outreach.model.post import Network
from outreach.model.publication import Publication, Published, ReadyPart
from outreach.rules.planning.saying import Sayer
from outreach.rules.planning.world import World
from outreach.rules.publishing.budgets import BUDGETS, why_not_more
from outreach.rules.publishing.drafting import EditionDraft
from outreach.rules.publishing.freezing import freeze_part
from outreach.rules.wall_time import zone
from outreach.tasks.publishing.book import PostBook
from outreach.tasks.publishing.elsewhere import every_revision, standing_part
from outreach.tasks.publishing.recovery import landed_after_all
from outreach.tasks.world import Session

TRIES = 3
"""How often one run asks for a part again, where a repeat cannot make a second post."""


class Forbidden(Exception):
    """A brake was put on since the plan was made; says which."""


class PostCarrier:
    """Publishes editions through one account."""

    def __init__(
        self, opened: Session, world: World, publisher: Publisher, account: str, clock: Callable[[], datetime]
    ) -> None:
        self._opened = opened
        self._world = world
        self._publisher = publisher
        self._account = account
        self._clock = clock
        self._book = PostBook(opened, clock)
        self._others: set[int] = set()

    def _why_not_more(self, network: Network, wanted: int) -> str:
        """Why the network would not take so many parts now, by what the ledger counts."""
        say = Sayer(self._clock(), zone(self._world.campaign.timezone)).moment
        for budget in BUDGETS.get(network, ()):
            asked = self._opened.ledger.parts_asked_for(network, self._account, self._clock() - budget.span)
            if why_not := why_not_more(network, budget, asked, wanted, say):
                return why_not
        return ""

    def carry(self, draft: EditionDraft, *, again: bool = False) -> Action:
        """Publish what is missing of one edition; what became of it. `again`: also beside what others posted.

        Raises NotSent with `stops_run` where nothing would go through this account, and what the ledger raises.
        """
        edition = draft.edition
        self._others.clear()
        out = self._book.out(edition.post, edition.network)
        why_not = self._why_not_more(edition.network, len(draft.parts) - len(out))
        if why_not:
            return _action(draft, ActionResult.HELD, why_not)
        self._publisher.open()
        publication = self._publication(draft)
        try:
            tries = 0
            while tries < TRIES:
                ready, before = self._publisher.ready(publication, out), len(out)
                missing = [part for part in ready if part.number not in out]
                if not missing:
                    break
                action = self._standing_in_the_way(draft, publication, missing, out, again=again)
                if action is None and missing:
                    action = self._try(draft, publication, missing, out, is_last=tries == TRIES - 1)
                if action is not None:
                    return action
                if self._others:
                    break
                tries = tries + 1 if len(out) == before else 0
        except AlreadyClaimed as taken:
            return _action(draft, ActionResult.HELD, str(taken).rstrip("."))
        if self._others:
            return self._of_another_text(draft, ready, out)
        if len(out) < len(ready):
            reason = f"{_missing(ready, out)} may be out; the next `outreach publish --go` asks again"
            return _action(draft, ActionResult.UNKNOWN, reason)
        return replace(_action(draft, ActionResult.DONE, out[1].url), receipt=str(out[1].proof))

    def _of_another_text(self, draft: EditionDraft, ready: Sequence[ReadyPart], out: Mapping[int, Published]) -> Action:
        """What becomes of a try where an earlier one, of which we never heard, had landed with another text."""
        parts = f"part{'s' if len(self._others) > 1 else ''} {', '.join(map(str, sorted(self._others)))}"
        there = f"an earlier text of {parts} stands there"
        if len(out) == len(ready):
            reason = f"{out[1].url}; {there}: `outreach correct {draft.edition.id}` brings it in line"
            return replace(_action(draft, ActionResult.DONE, reason), receipt=str(out[1].proof))
        how = f"`outreach correct {draft.edition.id} --repost` takes it down and posts all of it anew"
        return _action(draft, ActionResult.FAILED, self._with_gap(f"{there}; {how}", ready, out))

    def _standing_in_the_way(
        self,
        draft: EditionDraft,
        publication: Publication,
        missing: list[ReadyPart],
        out: dict[int, Published],
        *,
        again: bool,
    ) -> Action | None:
        """Why nothing is asked for, by what stands on the network; what seemed lost and stands there is found."""
        there = self._elsewhere(publication, missing[0].number, out)
        if there is not None and not (again and there.by):
            return _action(draft, ActionResult.HELD, _stands_there(draft, there))
        above = out.get(missing[0].number - 1)
        if above is not None and not self._publisher.stands(above):
            reason = f"part {above.part} is not there any more, so part {missing[0].number} has no place; "
            how = f"`outreach correct {draft.edition.id} --repost` takes down the rest and posts all of it anew"
            return _action(draft, ActionResult.FAILED, f"{reason}{how}")
        while missing and landed_after_all(
            self._opened, self._publisher, publication, missing[0].number, self._clock()
        ):
            out |= self._book.out(draft.edition.post, draft.edition.network)
            missing[:] = [part for part in missing if part.number not in out]
        return None

    def _publication(self, draft: EditionDraft) -> Publication:
        edition, campaign = draft.edition, self._world.campaign
        past = self._world.past.posts.get((edition.post, str(edition.network)))
        revision = (past or PostPast(post=edition.post, network=edition.network)).revision
        claims = self._opened.ledger.claims_of(campaign.id, edition.edition_id, revision)
        dates = [claim.date for _, claim in claims if claim.date]
        return Publication(
            campaign=campaign.id,
            post=edition.post,
            network=edition.network,
            account=self._account,
            revision=revision,
            at=datetime.fromisoformat(dates[0]) if dates else self._clock().replace(microsecond=0),
            parts=draft.parts,
        )

    def _try(
        self,
        draft: EditionDraft,
        publication: Publication,
        missing: Sequence[ReadyPart],
        out: dict[int, Published],
        *,
        is_last: bool,
    ) -> Action | None:
        """One try at the missing parts, which `out` then holds; an action where that was the end of it."""
        tries = self._begin(publication, missing)

        def done(part: Published) -> None:
            self._done(*tries.pop(part.part), part, out)

        marked: set[int] = set()

        def mark(parts: Sequence[ReadyPart]) -> None:
            with self._opened.ledger.writing():
                self._permit(draft)
                for part in parts:
                    self._book.mark(*tries[part.number])
            marked.update(part.number for part in parts)

        try:
            self._publisher.publish(missing, dict(out), mark, done)
        except Forbidden as brake:
            self._give_up(tries, str(brake), refused=False)
            return _action(draft, ActionResult.HELD, str(brake))
        except NotSent as refusal:
            said = (refusal.reply or str(refusal))[:300]
            self._give_up(tries, said, refused=refusal.permanent and not refusal.stops_run)
            if refusal.stops_run:
                raise
            return _action(draft, ActionResult.FAILED, self._with_gap(str(refusal).rstrip("."), missing, out))
        except InDoubt as doubt:
            return self._doubt(draft, tries, marked, doubt, out, is_last=is_last)
        return None

    def _done(self, attempt: Attempt, ready: ReadyPart, part: Published, out: dict[int, Published]) -> None:
        self._book.done(attempt, ready, part)
        out[part.part] = part
        if part.text and part.text != ready.text:
            self._others.add(part.part)

    def _elsewhere(self, publication: Publication, number: int, out: Mapping[int, Published]) -> Published | None:
        """A part as another computer or program may have posted it, where nothing is known of it here."""
        edition, revision = publication.edition_id, publication.revision
        claims = self._opened.ledger.claims_of(publication.campaign, edition, revision)
        if any(part.part == number for part, _ in claims):
            return None
        asked = every_revision(self._publisher, publication)
        if self._publisher.repeats_safely:  # asking for the present one again finds it anyway
            asked = [each for each in asked if not out and each.revision > publication.revision]
        args = (self._publisher, asked, number, out, self._clock(), self._known())
        found = standing_part(*args, by_anyone=True)
        return found[1] if found else None

    def _known(self) -> list[str]:
        return [PostProof.read(receipt.proof).mark for receipt in self._opened.ledger.receipts()]

    def _begin(self, publication: Publication, parts: Sequence[ReadyPart]) -> dict[int, tuple[Attempt, ReadyPart]]:
        """Claim all the parts, each frozen first, and begin a try at each. Raises AlreadyClaimed."""
        digests = {part.number: keep(self._opened.root, freeze_part(part)) for part in parts}
        now, begun = self._clock(), {}
        with self._opened.ledger.writing():
            for part in parts:
                claim = Claim(
                    id=0,
                    campaign=publication.campaign,
                    at=now,
                    by=self._opened.by,
                    of=publication.part_id(part.number),
                    date=publication.at.isoformat(),
                )
                begun[part.number] = (self._opened.ledger.begin(claim, digest=digests[part.number], at=now), part)
        return begun

    def _permit(self, draft: EditionDraft) -> None:
        holds = self._opened.ledger.past().holds
        brake = next((hold for hold in holds if hold.target in ("*", f"post:{draft.edition.post}")), None)
        if brake is not None:
            raise Forbidden(f"on hold: {brake.because}")

    def _give_up(self, tries: Mapping[int, tuple[Attempt, ReadyPart]], why: str, *, refused: bool) -> None:
        for number, (attempt, part) in tries.items():
            self._book.not_done(attempt, part, why, refused=refused and number == min(tries))

    def _doubt(
        self,
        draft: EditionDraft,
        tries: dict[int, tuple[Attempt, ReadyPart]],
        marked: set[int],
        doubt: InDoubt,
        out: dict[int, Published],
        *,
        is_last: bool,
    ) -> Action | None:
        """Ask the network at once; None where the run may go on with what is still missing."""
        in_doubt = []
        for number in sorted(tries):
            attempt, part = tries[number]
            if number not in marked:
                self._book.not_done(attempt, part, "the part before it is in doubt")
                continue
            found = None
            with suppress(NotSent):
                found = self._publisher.find(part, out, part.at - timedelta(minutes=1), self._known())
            if found is not None:
                self._done(attempt, part, found, out)
            elif self._publisher.repeats_safely and not is_last:
                self._book.not_done(attempt, part, "not there yet, and asked for again under the same key")
            else:
                self._book.doubted(attempt, part, str(doubt))
                in_doubt.append(part)
        if not in_doubt:
            return None
        settled = Sayer(self._clock(), zone(self._world.campaign.timezone)).moment(
            self._clock() + self._publisher.settles
        )
        which = f"{_missing(in_doubt, out)} of {in_doubt[0].of} may be out"
        asks = f"`outreach publish {draft.edition.id} --go` asks, and knows for sure after {settled}"
        return _action(draft, ActionResult.UNKNOWN, f"{str(doubt).rstrip('.')}; {which}, and {asks}")

    def _with_gap(self, reason: str, missing: Sequence[ReadyPart], out: Mapping[int, Published]) -> str:
        still = [part for part in missing if part.number not in out]
        return f"{reason}; {_missing(still, out)} of {still[0].of} missing" if out else reason


def _stands_there(draft: EditionDraft, there: Published) -> str:
    """That its text was posted before, and what to do then."""
    if not there.by:
        return f"this text stands there already: {there.url}; `outreach adopt` takes it over"
    id = draft.edition.id
    it_is = f"`outreach note {id} posted --url {there.url}` if that is it"
    return f"{there.by} posted this text already: {there.url}; {it_is}, else `outreach publish {id} --go --again`"


def _missing(parts: Sequence[ReadyPart], out: Mapping[int, Published]) -> str:
    numbers = [str(part.number) for part in parts if part.number not in out]
    return f"part{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"


def _action(draft: EditionDraft, result: ActionResult, reason: str = "") -> Action:
    return Action(id=draft.edition.id, kind="post", result=result, reason=reason)
