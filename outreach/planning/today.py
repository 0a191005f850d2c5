"""Today: every open task in exactly one section, in the order in which a person should look at them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import Literal

from outreach.history.address_marks import is_erased
from outreach.model.campaign import Transport
from outreach.model.event import CONTACTED, WRITTEN_AS_DRAFT, EventKind
from outreach.model.ids import REPLY, LetterId
from outreach.model.mail import KeptMessage
from outreach.model.past import ContactPast, Past, SentLetter
from outreach.model.plan import ItemKind, ItemState, Plan, PlanItem
from outreach.model.problem import Problem
from outreach.model.recipient import Why
from outreach.model.records import dataclass
from outreach.model.state import ContactState
from outreach.networks.registry import network_of
from outreach.planning.status import ContactStatus
from outreach.planning.triage import waiting_messages

SectionId = Literal[
    "approve",
    "answer",
    "triage",
    "refused",
    "bounced",
    "unmatched",
    "unknown",
    "missed",
    "promised",
    "decide",
    "by-hand",
    "research",
    "leaving",
    "broken",
]
SECTIONS: tuple[SectionId, ...] = SectionId.__args__  # type: ignore[attr-defined]
"""The order in which they are shown."""
Subject = PlanItem | ContactStatus | SentLetter | KeptMessage | Problem
"""What a task is about."""

_BY_KIND: Mapping[str, SectionId] = {
    "answer": "answer",
    "bounced": "bounced",
    "promise": "promised",
    "decision": "decide",
    "checklist": "by-hand",
    "address": "by-hand",
    "research": "research",
}
"""Where a task of the plan belongs, by the first word of its id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """One thing to do, or (in `leaving`) to expect. `id` is unique in all of Today.

    `contact` is whom it is about, where that is one; `in_outbox`: a letter that was written to outbox/, so that only a
    person can know whether it was sent; `in_drafts`: a draft in our mailbox, which a person sends, and `is_deleted` one
    that a person deleted; `changed`: a post that is out and says something else than its file. `others` is how many
    messages wait beside the answer.
    """

    id: str
    about: Subject
    contact: str | None = None
    due: datetime | None = None
    in_outbox: bool = False
    in_drafts: bool = False
    command: str = ""
    is_deleted: bool = False
    changed: bool = False
    others: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """One part of Today, with at least one task."""

    id: SectionId
    tasks: tuple[Task, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ready:
    """What is known of letters and posts beside the plan, by id.

    `to_approve` can be approved and is not; `may_go` is approved, or needs no approval; `refused` are posts that a
    network refused as they still are; `to_correct` are posts that are out and whose approved text is another.
    """

    to_approve: Collection[str] = ()
    may_go: Collection[str] = ()
    refused: Collection[str] = ()
    to_correct: Collection[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """All that Today is made from. `unmatched` is mail of which nobody knows whose it is, `to_sort` what it is,
    `messages` all mail.

    `replies` is the next command for each contact to whom a reply is written and not sent.
    """

    plan: Plan
    past: Past
    statuses: Sequence[ContactStatus] = ()
    ready: Ready = field(default_factory=Ready)
    unmatched: Sequence[KeptMessage] = ()
    to_sort: Sequence[KeptMessage] = ()
    messages: Sequence[KeptMessage] = ()
    replies: Mapping[str, str] = field(default_factory=dict)
    problems: Sequence[Problem] = ()


def sections(seen: Seen) -> list[Section]:
    """Every section that is not empty, in order. Each open task is in exactly one of them."""
    found: dict[SectionId, dict[str, Task]] = {name: {} for name in SECTIONS}
    waiting = waiting_messages(seen.past, seen.messages)
    for name, task in _tasks(seen):
        if not any(task.id in tasks for tasks in found.values()):  # the first that says so is right
            others = len(waiting.get(task.contact or "", ())) - 1 if name == "answer" else 0
            found[name][task.id] = replace(task, others=others) if others > 0 else task
    return [Section(id=name, tasks=tuple(tasks.values())) for name, tasks in found.items() if tasks]


def waiting_to_be_sorted(messages: Iterable[KeptMessage], past: Past) -> list[KeptMessage]:
    """The messages that only seem to be what they were taken for: nobody said so yet, or took it back."""
    open_ones = {each.key for contact in past.contacts.values() for each in contact.to_sort if not _is_over(contact)}
    return [
        each for each in messages if each.proposal and each.sorted is None and each.contact and each.key in open_ones
    ]


def _is_over(contact: ContactPast) -> bool:
    return contact.opted_out is not None or contact.closed is not None


_NOT_YET: Mapping[Transport, tuple[EventKind, ...]] = {
    Transport.OUTBOX: CONTACTED,
    Transport.IMAP_DRAFTS: (EventKind.IN_DRAFTS,),
}


def written_not_sent(past: Past, via: Transport = Transport.OUTBOX) -> list[tuple[str, SentLetter]]:
    """The letters in outbox/ (`via` outbox) or in drafts of which nobody said whether a person sent them.

    Each with its contact. What came back undelivered was sent; erasing somebody takes theirs out of outbox/.
    """
    return [
        (contact.contact, letter)
        for contact in past.contacts.values()
        if contact.bounced is None and not (via is Transport.OUTBOX and is_erased(contact.contact))
        for letter in contact.letters
        if letter.wave and letter.kind in _NOT_YET[via] and letter.via == via
    ]


def _tasks(seen: Seen) -> Iterator[tuple[SectionId, Task]]:
    outbox = {str(letter.id_of(contact)) for contact, letter in written_not_sent(seen.past)}
    drafts = {str(letter.id_of(contact)) for contact, letter in written_not_sent(seen.past, Transport.IMAP_DRAFTS)}
    sorted_first = {f"answer/{each.contact}" for each in seen.to_sort if each.proposal in ("opt-out", "data-request")}
    for message in seen.to_sort:
        yield "triage", Task(id=message.name, about=message, contact=message.contact, due=message.at)
    for item in seen.plan.items:
        name = _section_of(item, seen, outbox, drafts)
        if name is not None and item.id not in sorted_first:
            changed = item.state is ItemState.DONE and item.id not in outbox | drafts
            yield (
                name,
                Task(
                    id=item.id,
                    about=item,
                    contact=item.contact,
                    due=item.due,
                    command=seen.replies.get(item.contact or "", "") if name == "answer" else "",
                    in_outbox=item.id in outbox,
                    in_drafts=item.id in drafts and name in ("by-hand", "unknown"),
                    is_deleted=name == "unknown" and item.state is ItemState.HELD and item.id not in outbox | drafts,
                    changed=changed,
                ),
            )
    for task in _answered(seen.statuses):
        if task.id not in sorted_first:
            yield "answer", replace(task, command=seen.replies.get(task.contact or "", ""))
    for task in _uncertain(seen.past):
        is_to_be_sent = (
            task.in_drafts and wave_of(task) == REPLY and not _is_over(seen.past.contacts[task.contact or ""])
        )
        yield ("by-hand" if is_to_be_sent else "unknown"), task
    for message in seen.unmatched:
        yield "unmatched", Task(id=f"m{message.number}", about=message)
    for problem in sorted(each for each in seen.problems if each.is_error):
        where = f"{problem.file}:{problem.line}:{problem.code}"
        yield "broken", Task(id=f"{where}:{problem.about}:{problem.message}", about=problem)


def _section_of(item: PlanItem, seen: Seen, outbox: Collection[str], drafts: Collection[str]) -> SectionId | None:
    """Where an item of the plan belongs; None if nobody has anything to do about it now."""
    ready, state = seen.ready, item.state
    if item.id in outbox or state is ItemState.IN_DOUBT or (state is ItemState.HELD and _was_draft(item, seen.past)):
        return "unknown"
    if item.id in drafts and (
        state is ItemState.DONE or (state is ItemState.HELD and item.why in (Why.CONDITION, Why.PAUSED))
    ):
        return "by-hand"
    if state is ItemState.DONE:
        if item.kind is not ItemKind.POST:
            return None
        return "approve" if item.id in ready.to_approve else "by-hand" if item.id in ready.to_correct else None
    if item.id in ready.refused or _was_refused(item, seen.past):
        return "refused"
    if state is ItemState.MISSED:
        return "missed"
    if item.kind is ItemKind.TASK and item.wave is None:
        return _BY_KIND[item.id.partition("/")[0]] if state is ItemState.DUE else None
    if is_by_hand(item):
        if state is ItemState.DUE:
            return "by-hand"
        return "leaving" if state is ItemState.WAITING and item.due is not None else None
    if item.id in ready.to_approve:
        return "approve"
    soon = state in (ItemState.DUE, ItemState.WAITING) and item.due is not None
    return "leaving" if soon and item.id in ready.may_go else None


def _was_draft(item: PlanItem, past: Past) -> bool:
    """Whether a person has to say what became of its draft: they deleted it, or it is in a mailbox of before."""
    contact = past.contacts.get(item.contact or "")
    if contact is None or item.why is not Why.UNKNOWN:
        return False
    return any(
        letter.kind in WRITTEN_AS_DRAFT and (letter.wave, letter.step) == (item.wave, item.step)
        for letter in contact.letters
    )


def is_by_hand(item: PlanItem) -> bool:
    """Whether a person pastes the letter, or publishes the post."""
    if item.kind is ItemKind.POST:
        return item.network is not None and network_of(item.network).is_manual
    return item.kind is ItemKind.TASK and item.wave is not None


def _was_refused(item: PlanItem, past: Past) -> bool:
    """Whether the letter is held since our mail server refused it for good."""
    contact = past.contacts.get(item.contact or "")
    if contact is None or item.state is not ItemState.HELD:
        return False
    return any(
        letter.kind is EventKind.REFUSED and (letter.wave, letter.step, letter.at) == (item.wave, item.step, item.since)
        for letter in contact.letters
    )


def _answered(statuses: Iterable[ContactStatus]) -> Iterator[Task]:
    """Whose turn is ours; of most of them the plan says so too."""
    for each in statuses:
        if each.state is ContactState.ANSWERED and each.turn == "ours":
            yield Task(id=f"answer/{each.id}", about=each, contact=each.id, due=each.last.at if each.last else None)


def _uncertain(past: Past) -> Iterator[Task]:
    """Letters in outbox/ or in drafts, and those that may have left, also where no file names wave or contact now."""
    for contact, letter in written_not_sent(past):
        id = str(letter.id_of(contact))
        yield Task(id=id, about=letter, contact=contact, due=letter.at, in_outbox=True)
    for contact, letter in written_not_sent(past, Transport.IMAP_DRAFTS):
        id = str(letter.id_of(contact))
        yield Task(id=id, about=letter, contact=contact, due=letter.at, in_drafts=True)
    for each in past.contacts.values():
        for letter in each.letters:
            is_deleted = letter.wave == REPLY and letter.kind is EventKind.DRAFT_DELETED and not _is_over(each)
            if letter.wave and (letter.kind is EventKind.IN_DOUBT or is_deleted):
                id = str(letter.id_of(each.contact))
                yield Task(id=id, about=letter, contact=each.contact, due=letter.at, is_deleted=is_deleted)


def wave_of(task: Task) -> str | None:
    """The wave of a letter, None for anything else."""
    if isinstance(task.about, SentLetter):
        return task.about.wave
    return task.about.wave if isinstance(task.about, PlanItem) else None


def step_of(task: Task) -> int:
    """0 for a first letter, n for its nth follow-up."""
    return LetterId.parse(task.id).step if wave_of(task) else 0
