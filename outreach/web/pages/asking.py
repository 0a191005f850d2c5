"""Asking somebody to approve by email: who gets what, shown first, then one message to one of us."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from starlette.responses import Response

from outreach.errors import CannotTell
from outreach.model.records import dataclass
from outreach.tasks.asking_approval import ask_for_approval, may_approve
from outreach.web.pages import together
from outreach.web.visit import Visit, again, typed_day, writing


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """Who is asked about which bytes of a wave, until the end of which day (None: without an end)."""

    wave: str
    address: str
    by: date | None
    digests: Mapping[str, str]


@again(lambda visit, form: together.page(visit, form.get("wave", "")))
def look(visit: Visit, form: Mapping[str, str]) -> Response:
    """Show what would be asked of whom. Raises CannotTell if they are none of us."""
    wave, address = form.get("wave", ""), form.get("address", "").strip().casefold()
    campaign = visit.seen.world.campaign
    if not may_approve(campaign, address):
        raise CannotTell(
            f"{address} is not in your team, so nobody was asked",
            "Only you and your team can approve. Their addresses are in campaign.yaml, under `team`.",
        )
    asked = Question(wave=wave, address=address, by=typed_day(form, "by"), digests=_waiting(visit, wave))
    if not asked.digests:
        return visit.back_to(f"/together/{wave}", visit.words("Nothing to approve."), "bad")
    return visit.page("ask.html", live="none", asked=asked, word=visit.session.offer(asked))


@writing
def ask(visit: Visit, form: Mapping[str, str]) -> Response:
    """Send the question, once; not where an email is another by now. Raises what `ask_for_approval` raises."""
    words, asked = visit.words, visit.session.taken_offer(form.get("word", ""))
    if not isinstance(asked, Question):
        return visit.back_to("/letters", words("This was started already. Nothing is sent twice."), "bad")
    if _waiting(visit, asked.wave) != asked.digests:
        said = words("Something changed after you looked, so nobody was asked. This is how it is now.")
        return visit.back_to(f"/together/{asked.wave}", said, "bad")
    done = ask_for_approval(visit.dashboard.root, [asked.wave], asked.address, asked.by)
    if done.accepted.via == "outbox":
        said = words("The question is saved on this computer: no mailbox is connected.")
    else:
        said = words("Asked {address} to approve. Their answer begins with OK {code}.", address=done.to, code=done.code)
    return visit.back_to("/letters", said)


def _waiting(visit: Visit, wave: str) -> dict[str, str]:
    """The digests of the emails of a wave that wait for approval, by id."""
    return {each.letter.id: each.letter.digest for kind in together.kinds_of(visit, wave) for each in kind.letters}
