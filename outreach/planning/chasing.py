"""Who to follow up today: due follow-ups and unanswered answers, the most important tier first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Literal

from outreach.model.plan import ItemKind, ItemState, Plan
from outreach.model.records import dataclass
from outreach.model.state import ContactState
from outreach.planning.status import ContactStatus
from outreach.planning.world import World
from outreach.words.wall_time import zone

ChaseReason = Literal["follow-up", "answer"]
_SATURDAY = 5  # as date.weekday() counts: Monday is 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Chase:
    """A contact to chase: `what` says why, `working_days` are those since the last thing that happened.

    `letter` is the follow-up's id and `draft` the place of its draft, None for an answer; `last_word` is what they
    wrote last, "" where they never did.
    """

    contact: str
    name: str
    tier: int | None
    what: ChaseReason
    since: datetime | None
    working_days: int
    letter: str | None = None
    draft: str | None = None
    last_word: str = ""


def chases(world: World, plan: Plan, statuses: Iterable[ContactStatus]) -> list[Chase]:
    """Whom to chase at the plan's `now`, by tier (those without one last) and working days."""
    asked = {each.id: each for each in statuses}
    today = plan.now.astimezone(zone(world.campaign.timezone)).date()
    found = [*_follow_ups(world, plan, asked, today), *_answers(world, asked, today)]
    return sorted(found, key=lambda each: (each.tier is None, each.tier or 0, -each.working_days, each.contact))


def _follow_ups(world: World, plan: Plan, asked: dict[str, ContactStatus], today: date) -> Iterable[Chase]:
    for item in plan.items:
        if not item.step or item.contact not in asked or item.state is not ItemState.DUE:
            continue
        each, past = asked[item.contact], world.past.contacts.get(item.contact)
        since = past.ours if past else None
        draft = f"drafts/letters/{item.wave}/{item.contact}.{item.step}.eml" if item.kind is ItemKind.LETTER else None
        yield Chase(
            contact=each.id,
            name=each.name,
            tier=each.tier,
            what="follow-up",
            since=since,
            working_days=_working_days(since, today, world),
            letter=item.id,
            draft=draft,
        )


def _answers(world: World, asked: dict[str, ContactStatus], today: date) -> Iterable[Chase]:
    for each in asked.values():
        if each.state is not ContactState.ANSWERED or each.turn != "ours":
            continue
        past = world.past.contacts.get(each.id)
        since = past.answered if past else None
        yield Chase(
            contact=each.id,
            name=each.name,
            tier=each.tier,
            what="answer",
            since=since,
            working_days=_working_days(since, today, world),
            last_word=(each.last.text or "") if each.last else "",
        )


def _working_days(since: datetime | None, today: date, world: World) -> int:
    """Mondays to Fridays after the day of `since`, today included."""
    if since is None:
        return 0
    day = since.astimezone(zone(world.campaign.timezone)).date()
    return sum((day + timedelta(days=n)).weekday() < _SATURDAY for n in range(1, (today - day).days + 1))
