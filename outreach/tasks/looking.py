"""What a person looks at: the agenda, the status, the whole story of a contact."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from outreach import storage
from outreach.errors import (
    BadExpression,
    CannotTell,
    TemplateFault,
    UnknownName,
    raising_cannot_write,
)
from outreach.ledger.blobs import kept_if_there
from outreach.model.contact import Contact
from outreach.model.event import Event
from outreach.model.ids import LetterId, VersionId
from outreach.model.mail import KeptMessage
from outreach.model.plan import ItemState, Plan, PlanItem
from outreach.model.problem import Problem
from outreach.model.recipient import ApprovalState
from outreach.model.records import dataclass
from outreach.planning.chasing import Chase, chases
from outreach.planning.plan import plan as plan_of
from outreach.planning.recipients import Decided
from outreach.planning.sent import is_draft
from outreach.planning.simulation import MOST_DAYS
from outreach.planning.simulation import simulate as play_forward
from outreach.planning.status import ContactStatus, contact_statuses, no_longer_listed
from outreach.planning.world import World
from outreach.tasks.world import Session, session
from outreach.words.suggestions import nearest

if TYPE_CHECKING:
    from outreach.letters.letter import Letter

_KINDS = ("wave", "follow-up", "after", "contact", "post")
"""What is before an id in the name of a gate or a pause."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AgendaResult:
    """The plan, the world it was made from, and the Problems that hold something."""

    world: World
    plan: Plan
    problems: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """A letter that a person approved and that would be another one now; `frozen` is what was approved."""

    letter: Letter
    frozen: bytes | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusResult:
    """Where every contact that was asked for stands, with the plan behind it, and the approvals that are gone."""

    world: World
    plan: Plan
    statuses: tuple[ContactStatus, ...]
    changed: tuple[Changed, ...] = ()
    messages: tuple[KeptMessage, ...] = ()
    unmatched: int = 0
    due: tuple[Chase, ...] = ()

    @property
    def unlisted(self) -> dict[str, int]:
        """Letters that left, by contacts that no file names any more."""
        return no_longer_listed(self.world.contacts, self.world.past)


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """All that happened with one contact, post or wave, oldest first, and what comes next."""

    id: str
    contact: Contact | None
    events: tuple[Event, ...]
    items: tuple[PlanItem, ...]
    status: ContactStatus | None
    timezone: str


def agenda(root: Path) -> AgendaResult:
    """What will happen when, what is held and why. Raises CampaignUnreadable."""
    with session(root) as opened:
        world, plan = opened.planned()
        return AgendaResult(world=world, plan=plan, problems=_errors(opened, world, plan))


def simulate(root: Path, days: int) -> AgendaResult:
    """What would happen within so many days if everything due were sent and nobody answered.

    Nothing is written down. Raises CampaignUnreadable, CannotTell.
    """
    if not 1 <= days <= MOST_DAYS:
        raise CannotTell(f"A simulation takes 1 to {MOST_DAYS} days", "outreach agenda --simulate 30")
    with session(root) as opened:
        world = opened.world()
        played = play_forward(world, days, plan_of)
        return AgendaResult(world=world, plan=played, problems=_errors(opened, world, plan_of(world)))


def _errors(opened: Session, world: World, plan: Plan) -> tuple[Problem, ...]:
    from outreach.checking.letters import recipient_problems

    decided = Decided(recipients=plan.recipients, problems=plan.problems)
    found = [*opened.loaded.problems, *recipient_problems(world, decided, opened.loaded.incomplete)]
    return tuple(sorted(problem for problem in dict.fromkeys(found) if problem.is_error))


def write_calendar(root: Path, target: Path, text: str) -> None:
    """Write iCalendar text into a file, which is replaced whole. Raises CannotWrite, Refused."""
    with raising_cannot_write(str(target)):
        storage.write(*storage.named(root, target), [text.encode("utf-8", "replace")], storage.PRIVATE, durable=False)


def status(root: Path, *, wave: str | None = None, to: str | None = None) -> StatusResult:
    """Who was contacted, when, with what outcome, and what is next.

    Raises CampaignUnreadable, UnknownName, BadExpression.
    """
    with session(root) as opened:
        return status_of(opened, wave=wave, to=to)


def status_of(
    opened: Session, *, wave: str | None = None, to: str | None = None, seen: tuple[World, Plan] | None = None
) -> StatusResult:
    """As `status`, of a campaign that is open; `seen` is what it was looked at as, where nothing may be written."""
    world, plan = seen or opened.planned()
    found = _asked_for(opened, plan, statuses_of(world, plan), wave, to)
    asked = {each.id for each in found}
    gone = {each.id for each in plan.recipients if each.approval is ApprovalState.GONE and each.contact.id in asked}
    return StatusResult(
        world=world,
        plan=plan,
        statuses=tuple(found),
        changed=_changed(opened, world, plan, gone) if gone else (),
        messages=tuple(opened.ledger.mail().messages()),
        unmatched=opened.ledger.mail().count_waiting(),
        due=tuple(chases(world, plan, found)),
    )


def show(root: Path, name: str) -> Story:
    """The whole story of a contact, post, wave or letter. Raises CampaignUnreadable, UnknownName."""
    with session(root) as opened:
        world, plan = opened.planned()
        subject = _subject(name)
        contacts = {contact.id: contact for contact in world.contacts}
        posts = {post.id for post in world.posts}
        waves = {each.id for each in world.campaign.waves}
        if subject not in {*contacts, *posts, *waves}:
            raise UnknownName("contact, post or wave", name, nearest(name, [*contacts, *posts, *waves]))
        former = contacts[subject].was if subject in contacts else ()
        about = {subject, *former, *(f"{kind}:{subject}" for kind in _KINDS)}
        events = [e for e in opened.ledger.events() if {e.contact, e.post, e.wave, e.payload.names} & about]
        items = [i for i in plan.items if subject in (i.contact, i.post, i.wave)]
        statuses = statuses_of(world, plan) if subject in contacts else []
        return Story(
            id=subject,
            contact=contacts.get(subject),
            events=tuple(events),
            items=tuple(items),
            status=next((each for each in statuses if each.id == subject), None),
            timezone=world.campaign.timezone,
        )


def _subject(name: str) -> str:
    """The contact of a letter, the post of a version; any other name as it is."""
    try:
        return LetterId.parse(name).contact
    except ValueError:
        return VersionId.parse(name).post if "/" in name else name


def statuses_of(world: World, plan: Plan) -> list[ContactStatus]:
    """Where every contact stands."""
    letters = [each for each in plan.recipients if each.by_mail and each.is_made]
    sent = {item.id for item in plan.items if item.state is ItemState.DONE}
    lying = {each.id for each in letters if each.sent is not None and is_draft(each.sent)}
    drafted = frozenset(each.id for each in letters if each.id not in sent or each.id in lying)
    approved = frozenset(
        each.id for each in letters if each.approval is ApprovalState.HOLDS or (each.id in lying and each.id in sent)
    )
    return contact_statuses(world, plan, drafted, approved)


def _changed(opened: Session, world: World, plan: Plan, gone: set[str]) -> tuple[Changed, ...]:
    """The letters as they would be written now, each with what was approved of it, if that is still there."""
    from outreach.tasks.letters import rendered

    letters = rendered(opened, world, plan, lambda item: item.id in gone).letters.values()
    return tuple(
        Changed(letter=each.letter, frozen=kept_if_there(opened.root, each.approval.digest)) for each in letters
    )


def _asked_for(
    opened: Session, plan: Plan, statuses: Iterable[ContactStatus], wave: str | None, to: str | None
) -> list[ContactStatus]:
    found = list(statuses)
    if wave is not None:
        waves = [each.id for each in opened.campaign.waves]
        if wave not in waves:
            raise UnknownName("wave", wave, nearest(wave, waves), waves)
        members = {item.contact for item in plan.items if item.wave == wave}
        members |= {left.contact for left in plan.left_out if left.wave == wave}
        found = [each for each in found if each.id in members]
    if to is not None:
        holding = _holding(opened, to)
        found = [each for each in found if each.id in holding]
    return found


def _holding(opened: Session, to: str) -> set[str]:
    """The contacts for which the expression holds. Raises BadExpression."""
    from outreach.templating.expressions import Expressions, selection_fault

    expressions = Expressions()
    fault = selection_fault(expressions, to)
    if fault is not None:
        raise BadExpression(to, str(fault).partition(": ")[2])
    language = opened.campaign.language
    try:
        return {each.id for each in opened.loaded.folder.contacts if expressions.holds(to, each, language)}
    except TemplateFault as failed:
        raise BadExpression(to, str(failed).partition(": ")[2]) from failed
