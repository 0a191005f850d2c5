"""`outreach` without a command: what asks for a person now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from outreach.checking.letters import recipient_problems
from outreach.model.event import EventKind
from outreach.model.plan import ItemKind, ItemState, Plan
from outreach.model.problem import Problem
from outreach.model.recipient import ApprovalState
from outreach.model.records import dataclass
from outreach.networks.composing import Composed
from outreach.networks.registry import network_of
from outreach.planning.gates import facts_of
from outreach.planning.recipients import Decided
from outreach.planning.status import ContactStatus
from outreach.planning.today import Ready, Section, Seen, sections, waiting_to_be_sorted
from outreach.planning.world import World
from outreach.tasks.campaign import Loaded
from outreach.tasks.looking import statuses_of
from outreach.tasks.posting import composed
from outreach.tasks.world import Session, session

if TYPE_CHECKING:
    from outreach.letters.approving import Rendered
    from outreach.pages.today import TodayText

_OPEN = (ItemState.DUE, ItemState.WAITING, ItemState.HELD)


class Standing(NamedTuple):
    """How a letter that can be written stands to what was approved; `later` are its values that are not known yet."""

    state: ApprovalState
    later: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TodayResult:
    """The sections, and the plan and statuses behind them; mistakes in the files stop so many emails (`stopped`)."""

    world: World
    plan: Plan
    statuses: tuple[ContactStatus, ...]
    sections: tuple[Section, ...]
    problems: tuple[Problem, ...]
    stopped: int

    @property
    def text(self) -> TodayText:
        """All of it in words."""
        from outreach.pages.today import today_text

        asked, now, zone = self.world.campaign.decisions, self.plan.now, self.world.campaign.timezone
        return today_text(self.sections, self.statuses, asked, now=now, timezone=zone, stopped=self.stopped)


def today(root: Path, *, loaded: Loaded | None = None) -> TodayResult:
    """What there is to do now. Raises CampaignUnreadable, and what the ledger raises."""
    with session(root, loaded) as opened:
        world, plan = opened.planned()
        letters, broken = _standing(opened, world, plan)
        made = composed(opened.loaded, facts_of(world))
        decided = Decided(recipients=plan.recipients, problems=plan.problems)
        found = recipient_problems(world, decided, opened.loaded.incomplete)
        problems = tuple(sorted({*opened.loaded.problems, *found, *broken, *made.problems}))
        statuses = tuple(statuses_of(world, plan))
        return TodayResult(
            world=world,
            plan=plan,
            statuses=statuses,
            sections=tuple(today_of(opened, world, plan, letters, made.posts, statuses, problems)),
            problems=problems,
            stopped=stopped_emails(plan, letters),
        )


def _standing(opened: Session, world: World, plan: Plan) -> tuple[dict[str, Standing], Sequence[Problem]]:
    """The letters that render and have not left, by id, and what is wrong with the others: only these are rendered."""
    recipients = {each.id: each for each in plan.recipients if each.is_tried}
    known: dict[str, Standing] = {}
    unknown = set()
    for item in plan.items:
        if item.kind is not ItemKind.LETTER or item.state is ItemState.DONE or item.id not in recipients:
            continue
        letter = recipients[item.id]
        if letter.verdict is not None and letter.verdict.digest and letter.by_mail:
            known[item.id] = Standing(letter.approval, letter.verdict.later)
        else:
            unknown.add(item.id)
    if not unknown:
        return known, ()
    from outreach.tasks.letters import rendered  # and all that letters are made with

    rendering = rendered(opened, world, plan, lambda item: item.id in unknown)
    return known | standing(rendering.letters), rendering.problems


def standing(letters: Mapping[str, Rendered]) -> dict[str, Standing]:
    """What Today asks of letters that were rendered."""
    return {id: Standing(each.state, each.letter.later) for id, each in letters.items()}


def stopped_emails(plan: Plan, letters: Mapping[str, Standing]) -> int:
    """How many emails of the plan cannot be made."""
    open_ones = (item for item in plan.items if item.kind is ItemKind.LETTER and item.state in _OPEN)
    return sum(item.id not in letters for item in open_ones)


def today_of(
    opened: Session,
    world: World,
    plan: Plan,
    letters: Mapping[str, Standing],
    posts: Mapping[str, Composed],
    statuses: Iterable[ContactStatus],
    problems: Iterable[Problem],
) -> list[Section]:
    """The sections of a campaign that was looked at. Writes nothing."""
    states = post_states(opened, world, posts)
    needed = world.campaign.approval != "none"
    to_approve = {id for id, each in letters.items() if needed and _can_be_approved(each)}
    to_approve |= {id for id, state in states.items() if needed and _post_can_be_approved(posts[id], state, world)}
    may_go = {id for id, each in letters.items() if not needed or each.state is ApprovalState.HOLDS}
    may_go |= {id for id, state in states.items() if not needed or state is ApprovalState.HOLDS}
    messages = opened.ledger.mail().messages()
    later = {id for id, each in letters.items() if each.later} | {id for id, p in posts.items() if p.later}
    ready = Ready(
        to_approve=to_approve,
        may_go=may_go - (set() if needed else later),
        refused=world.refused,
        to_correct=world.changed.keys() - to_approve,
    )
    return sections(
        Seen(
            plan=plan,
            past=world.past,
            statuses=tuple(statuses),
            ready=ready,
            unmatched=opened.ledger.mail().waiting(),
            replies=_replies(opened, world),
            to_sort=waiting_to_be_sorted(messages, world.past),
            messages=messages,
            problems=tuple(problems),
        )
    )


def _replies(opened: Session, world: World) -> dict[str, str]:
    """What to type next for each reply that is written and not sent, by contact."""
    if not opened.ledger.of_kind(EventKind.REPLY_WRITTEN):
        return {}
    from outreach.tasks.replying import open_replies  # which takes what sending takes

    replies = open_replies(opened, world)
    found: dict[str, str] = {}
    for each in replies:  # of two, as after a merge, the first
        is_only = sum(other.id.contact == each.id.contact for other in replies) == 1
        send = f"outreach reply {each.id.contact if is_only else each.id} --go"
        found.setdefault(each.id.contact, send if each.is_approved else f"outreach approve {each.id}")
    return found


def _can_be_approved(each: Standing) -> bool:
    return each.state is not ApprovalState.HOLDS and not each.later


def _post_can_be_approved(post: Composed, state: ApprovalState, world: World) -> bool:
    """One that is out counts only if a person approved it and its file says something else since."""
    past = world.past.posts.get((post.version.post, str(post.version.network)))
    is_out = past is not None and past.published is not None
    if post.later or network_of(post.version.network).is_manual:
        return False
    return state is ApprovalState.GONE or (state is ApprovalState.NONE and not is_out)


def post_states(opened: Session, world: World, posts: Mapping[str, Composed]) -> dict[str, ApprovalState]:
    """Numbers that came in later take no approval away; only a file that says something else does."""
    states = {}
    for id, post in posts.items():
        approval = world.past.approvals.get(id)
        if approval is None or approval.digest is None:
            states[id] = ApprovalState.NONE
        elif approval.digest in (post.digest, _digest_then(opened, world, id, approval.number)):
            states[id] = ApprovalState.HOLDS
        else:
            states[id] = ApprovalState.GONE
    return states


def _digest_then(opened: Session, world: World, id: str, number: int) -> str | None:
    """The digest of a version by the files of now and what was known before the event of that number."""
    facts = facts_of(world.before(opened.ledger.events(), number))
    made = composed(opened.loaded, facts, lambda version: version.id == id).posts.get(id)
    return made.digest if made else None
