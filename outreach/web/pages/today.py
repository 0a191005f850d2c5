"""Today: what asks for a person now, group by group, each with the button that does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from starlette.responses import Response

from outreach.model.campaign import Decision
from outreach.model.ids import LetterId
from outreach.model.plan import ItemKind, PlanItem
from outreach.model.records import dataclass
from outreach.pages.today import TodayText, today_text
from outreach.planning.status import counts
from outreach.planning.today import Section, SectionId, Task, wave_of
from outreach.tasks import log
from outreach.tasks.resolving import Resolved, resolve
from outreach.web.pages.begin import steps_of
from outreach.web.pages.contact import undoing
from outreach.web.visit import Visit, letter_state, reading, writing

MOST = 8
"""So many lines of a part are shown; the other pages have all."""
TITLES: dict[SectionId, str] = {
    "approve": "To approve",
    "answer": "To answer",
    "triage": "To sort",
    "refused": "Refused",
    "bounced": "Not delivered",
    "unmatched": "Belongs to no contact yet",
    "unknown": "Unknown: was it sent?",
    "missed": "Missed",
    "promised": "Promised",
    "decide": "To decide",
    "by-hand": "To do by hand",
    "research": "To find out",
    "leaving": "Coming next",
    "broken": "Mistakes in the files",
}
FIRST: tuple[SectionId, ...] = ("refused", "bounced", "unknown", "missed")
"""What costs money, law or reputation: it is on top."""
_ELSEWHERE: Mapping[SectionId, str] = {
    "approve": "/letters", "answer": "/answers", "triage": "/answers?show=confirm",
    "unmatched": "/answers?show=unmatched",
}  # fmt: skip
"""The page that has all of a section, where that is not the calendar."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What is said together: the tasks, their sentence, where it leads, and what is asked where buttons answer it."""

    tasks: Sequence[Task]
    sentence: str
    address: str
    decision: Decision | None = None
    wave: str | None = None


@reading
def show(visit: Visit) -> Response:
    """The same sections as `outreach` without a command."""
    seen = visit.seen
    ready = [each for each in seen.letters.values() if letter_state(each) in ("ready", "changed")]
    said = today_text(seen.sections, seen.statuses, seen.world.campaign.decisions, now=seen.now, timezone=seen.timezone)
    sections = [part for part in seen.sections if part.id != "broken"]
    sections.sort(key=lambda part: part.id not in FIRST)
    return visit.page(
        "today.html",
        ready=ready,
        steps=steps_of(seen),
        approved=sum(letter_state(each) == "approved" for each in seen.letters.values()),
        parts_of_today=[(part, _lines(visit, said, part)) for part in sections],
        first=FIRST,
        sent_ids={str(x.id_of(each.contact)) for each in seen.world.past.contacts.values() for x in each.letters},
        titles=TITLES,
        elsewhere=_ELSEWHERE,
        errors=[problem for problem in seen.problems if problem.is_error],
        warnings=[problem for problem in seen.problems if not problem.is_error],
        counts={state: number for state, number in counts(seen.statuses).items() if number},
        most=MOST,
    )


def _lines(visit: Visit, said: TodayText, part: Section) -> list[Line]:
    decisions = {each.id: each for each in visit.seen.world.campaign.decisions}
    return [
        Line(
            tasks=tasks,
            sentence=sentence,
            address=_address(visit, part.id, tasks[0]),
            decision=decisions.get(tasks[0].id.partition("/")[2]) if part.id == "decide" else None,
            wave=wave_of(tasks[0]) if part.id == "unknown" and tasks[0].in_outbox else None,
        )
        for tasks, sentence in said.groups(part)
    ]


def _address(visit: Visit, part: SectionId, task: Task) -> str:
    """The page on which a task is done."""
    item = task.about if isinstance(task.about, PlanItem) else None
    if part in _ELSEWHERE and part != "approve":
        return _ELSEWHERE[part]
    if item is not None and item.kind is ItemKind.POST:
        return f"/posts#{item.id}"
    if part in ("bounced", "research"):
        return f"/contacts/{task.contact}/edit"
    past = visit.seen.world.past.contacts.get(task.contact or "")
    if task.id.startswith("address/") and past is not None and past.proposed:
        return f"/contacts/{task.contact}/edit?{urlencode({'add': past.proposed})}"
    if part == "promised":
        return f"/contacts/{task.contact}?log=we-called"
    if task.id in visit.seen.letters:
        return f"/letters/{task.id}"
    return f"/contacts/{task.contact}" if task.contact else "/calendar"


@writing
def decide(visit: Visit, form: Mapping[str, str]) -> Response:
    """Answer one of the campaign's decisions."""
    choice = form.get("choice", "")
    event = log.decide(visit.dashboard.root, form.get("decision", ""), choice, form.get("text", "").strip() or None)
    said = visit.words("Decided: {choice}", choice=choice)
    return visit.back_to("/", said, act=undoing(visit, event, said))


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirming:
    """What one button says of which emails, whether they were sent; it is final, so it is looked at first."""

    id: str | None
    wave: str | None
    would: Resolved


@writing
def look_at_confirm(visit: Visit, form: Mapping[str, str]) -> Response:
    """Show which emails are said to have been sent, or not, before that becomes final."""
    return _confirming(visit, form.get("id") or None, form.get("wave") or None, sent=form.get("sent") == "yes")


def _confirming(visit: Visit, id: str | None, wave: str | None, *, sent: bool, stale: bool = False) -> Response:
    would = resolve(visit.dashboard.root, id, wave=wave, sent=sent, go=False)
    return visit.page(
        "confirm.html",
        409 if stale else 200,
        live="none",
        would=would,
        stale=stale,
        whom=[visit.name(LetterId.parse(each).contact) for each in would.letters],
        word=visit.session.offer(Confirming(id=id, wave=wave, would=would)),
    )


@writing
def confirm(visit: Visit, form: Mapping[str, str]) -> Response:
    """Say whether emails were sent, once: one, or all of a wave that were only saved. Nothing takes it back."""
    words, offer, root = visit.words, visit.session.taken_offer(form.get("word", "")), visit.dashboard.root
    if not isinstance(offer, Confirming):
        return visit.back_to("/", words("This was done already, or this page is old. Nothing was changed."), "bad")
    sent = offer.would.sent
    if resolve(root, offer.id, wave=offer.wave, sent=sent, go=False) != offer.would:
        return _confirming(visit, offer.id, offer.wave, sent=sent, stale=True)
    n = len(resolve(root, offer.id, wave=offer.wave, sent=sent).letters)
    return visit.back_to("/", words("{n} marked as sent", n=n) if sent else words("{n} marked as not sent", n=n))
