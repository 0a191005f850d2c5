"""Today as sentences, and as the object of `outreach --json`: names before ids, one line a wave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypedDict

from outreach.model.campaign import Decision
from outreach.model.event import ANSWERS
from outreach.model.ids import REPLY
from outreach.model.mail import KeptMessage
from outreach.model.plan import ItemKind, ItemState, PlanItem
from outreach.model.problem import Problem
from outreach.model.recipient import Why
from outreach.model.records import dataclass
from outreach.networks.registry import network_of
from outreach.pages.groups import emails, some_names, span
from outreach.pages.json_schema import Count, Instant
from outreach.pages.plan_objects import AgendaObject, instant_text
from outreach.planning.agenda import reason_beside_time
from outreach.planning.saying import Sayer
from outreach.planning.status import ContactStatus
from outreach.planning.today import Section, SectionId, Task, is_by_hand, step_of, wave_of
from outreach.words.wall_time import zone

MOST = 5
"""So many lines of a section are printed; `--json` has all."""
_MOST_QUOTED = 120
MONTH = 30
"""Days within which somebody who objects, or asks for their data, has to be answered (GDPR 12.3)."""
_SEEMS = {
    "opt-out": "Do they want no more mail?",
    "data-request": "Do they ask for the data that you have about them?",
    "bounce": "Is their address dead?",
    "automatic": "Is it an automatic reply?",
    "not-for-us": "Is it about something else?",
}
_TOGETHER: tuple[SectionId, ...] = ("approve", "unknown", "missed", "leaving")
"""The sections in which the emails of one wave are one line."""


class TaskObject(TypedDict):
    """Something to do, and the command that does it."""

    id: str
    text: str
    due: Instant | None
    command: str


class SectionObject(TypedDict):
    id: SectionId
    count: Count
    items: list[TaskObject]


class SectionsObject(TypedDict):
    sections: list[SectionObject]
    next: str | None


class TodayObject(SectionsObject, AgendaObject):
    """What there is to do, with the agenda. `next` is the first command, `errors` how many the files have."""

    errors: Count


@dataclass(frozen=True, kw_only=True, slots=True)
class TodayText:
    """Says what is in Today. `stopped` emails cannot be made as long as the files have their mistakes."""

    sections: Sequence[Section]
    statuses: Mapping[str, ContactStatus]
    decisions: Mapping[str, Decision]
    now: datetime
    timezone: str
    stopped: int = 0

    @property
    def say(self) -> Sayer:
        return Sayer(self.now, zone(self.timezone))

    def object(self) -> SectionsObject:
        """The object of `outreach --json`: sections with one item a letter or task, and the next command."""
        return {
            "sections": [
                {
                    "id": section.id,
                    "count": len(section.tasks),
                    "items": [
                        {
                            "id": task.id,
                            "text": self.text(section.id, task),
                            "due": instant_text(task.due, self.timezone),
                            "command": self.command(section.id, task),
                        }
                        for task in section.tasks
                    ],
                }
                for section in self.sections
            ],
            "next": self.next(),
        }

    def next(self) -> str | None:
        """The command for the first open task; what goes out next counts once it may go out now."""
        for section in sorted(self.sections, key=lambda each: each.id == "leaving"):
            for task in section.tasks:
                if section.id != "leaving" or _is_due(task):
                    wave = wave_of(task) if section.id == "approve" else None
                    return f"outreach approve {wave}" if wave else self.command(section.id, task)
        return None

    def lines(self) -> Iterator[str]:
        """What is printed, a line a task; the emails of a wave are one."""
        for section in self.sections:
            if section.id == "broken":
                yield self._broken(len(section.tasks))
                continue
            said = [sentence for _, sentence in self.groups(section)]
            yield from said[:MOST]
            if len(said) > MOST:
                yield f"  and {len(said) - MOST} more"

    def groups(self, section: Section) -> list[tuple[list[Task], str]]:
        """The tasks that are said together, in order, each with its sentence."""
        groups: dict[object, list[Task]] = {}
        for task in section.tasks:
            groups.setdefault(_group(section.id, task), []).append(task)
        return [(group, self._together(section.id, group)) for group in groups.values()]

    def name(self, contact: str | None) -> str:
        """What people call a contact; its id where no file names it any more."""
        found = self.statuses.get(contact or "")
        return found.name if found else contact or ""

    # -- one task ------------------------------------------------------------------------------

    def text(self, section: SectionId, task: Task) -> str:
        """What has to be done, in one or two sentences."""
        says: Mapping[SectionId, Callable[[Task], str]] = {
            "approve": lambda each: f"Approve: {self._what(each)}",
            "answer": self._answer,
            "triage": self._triage,
            "refused": self._refused,
            "bounced": lambda each: f"Not delivered: {self.name(each.contact)}. {_reason(each)}",
            "unmatched": self._unmatched,
            "unknown": self._unknown,
            "missed": self._missed,
            "promised": lambda each: f"Promised: {_reason(each)} ({self.name(each.contact)}{self._until(each)})",
            "decide": self._decide,
            "by-hand": self._by_hand,
            "research": lambda each: f"Find an address: {self.name(each.contact)}. {_capital(_reason(each))}",
            "leaving": lambda each: f"Next: {self._what(each)}{self._at(each)}",
            "broken": _problem,
        }
        return says[section](task)

    def command(self, section: SectionId, task: Task) -> str:
        """The command for it. None of them sends, publishes or settles anything by itself."""
        wave, post = wave_of(task), _post_of(task)
        to_send = f"outreach send {wave}" if wave else f"outreach publish {post}"
        late = " --late" if section == "missed" else ""
        story = f"outreach show {task.contact}"
        match section:
            case "approve":
                return f"outreach approve {task.id}"
            case "missed" | "leaving":
                return story if wave and _is_pasted(task) else to_send + late
            case "refused":
                return f"outreach confirm {task.id}" if wave else to_send
            case "unknown":
                return f"outreach confirm {task.id}" if wave else to_send
            case "triage":
                assert isinstance(task.about, KeptMessage)
                return f"outreach sort {task.id} {task.about.proposal}"
            case "unmatched":
                return "outreach status --unmatched"
            case "decide":
                return f"outreach decide {task.id.partition('/')[2]}"
            case "by-hand":
                if task.in_drafts:
                    return "outreach sync"
                if post:
                    return f"outreach correct {task.id}" if task.changed else to_send
                return story if task.contact else "outreach agenda"
            case "broken":
                return "outreach check"
            case "answer" if task.command:
                return task.command
            case _:
                return story

    def _what(self, task: Task) -> str:
        """The email or post by its name: `the email to EFF (wave "lobbying")`."""
        if post := _post_of(task):
            again = ", which is published and was changed since" if task.changed else ""
            return f'the post "{post}" on {_network(task)}{again}'
        wave, step = wave_of(task), step_of(task)
        if wave == REPLY:
            return f"your reply to {self.name(task.contact)}"
        email = "text" if _is_pasted(task) else "email"
        which = f"follow-up {step} to" if step else f"the {email} to"
        return f'{which} {self.name(task.contact)} (wave "{wave}")'

    def _at(self, task: Task) -> str:
        return f", {self.say.moment(task.due)}" if task.due else ""

    def _until(self, task: Task) -> str:
        return f", until {self.say.day(task.due)}" if task.due else ""

    def _answer(self, task: Task) -> str:
        status = self.statuses.get(task.contact or "")
        last = status.last if status else None
        answered = task.due or (last.at if last else None)
        when = f"answered {self.say.day(answered)}" if answered else "they answered"
        wrote = " ".join((last.text or "").split()) if last and last.type in ANSWERS else ""
        short = wrote if len(wrote) <= _MOST_QUOTED else wrote[:_MOST_QUOTED].rsplit(" ", 1)[0] + " ..."
        quoted = f': "{short}"' if short else ""
        others = f", and {task.others} more message{'s' if task.others > 1 else ''} from them" if task.others else ""
        return f"Reply to: {self.name(task.contact)} ({when}{quoted}){others}"

    def _triage(self, task: Task) -> str:
        message = task.about
        assert isinstance(message, KeptMessage)
        said = " ".join((message.text or message.subject).split())
        short = said if len(said) <= _MOST_QUOTED else said[:_MOST_QUOTED].rsplit(" ", 1)[0] + " ..."
        until = message.at + timedelta(days=MONTH)
        law = f" Answer them by {self.say.day(until)}: they have a right to it." if "GDPR" in message.rule else ""
        seems = _SEEMS.get(message.proposal or "", "Is this an answer?")
        return f'Sort: {self.name(task.contact)}, {self.say.day(message.at)}: "{short}" {seems}{law}'

    def _refused(self, task: Task) -> str:
        return f"Refused: {self._what(task)}. {_capital(_reason(task))}"

    def _unmatched(self, task: Task) -> str:
        message = task.about
        assert isinstance(message, KeptMessage)
        return f'Match to a contact: "{message.subject}" from {message.sender}, {self.say.day(message.at)}'

    def _unknown(self, task: Task) -> str:
        if task.in_outbox or task.in_drafts:
            where = "in outbox/" if task.in_outbox else "in your drafts"
            return f"Did you send it? {_capital(self._what(task))} is {where}: written, not sent"
        if task.is_deleted:
            return f"You deleted the draft of {self._what(task)}. Write it again?"
        may = "may or may not be published" if _post_of(task) else "may or may not have been sent"
        return f"Unknown: {self._what(task)} {may}"

    def _missed(self, task: Task) -> str:
        planned = f" It was planned for {self.say.day(task.due)}" if task.due else " Its day has passed"
        if _post_of(task):
            return f"Missed: {self._what(task)}.{planned} and was not published. Choose a new day"
        return f"Missed: {self._what(task)}. {_capital(_reason(task))}"

    def _decide(self, task: Task) -> str:
        decision = self.decisions.get(task.id.partition("/")[2])
        asked = _reason(task).partition(" Answer with: ")[0]
        choices = f" Choose: {', '.join(decision.choices)}" if decision else ""
        return f"Decide: {asked}{choices}"

    def _by_hand(self, task: Task) -> str:
        if _is_not_to_be_sent(task):
            return f"Do not send: {self._what(task)} is in your drafts. {_capital(_reason(task))}"
        if task.in_drafts:
            return f"Send: {self._what(task)} is in your drafts: written, not sent"
        if task.changed:
            return f"Correct: {self._what(task)}"
        if _post_of(task):
            return f"Publish by hand: {self._what(task)}. {_capital(_reason(task))}"
        if wave_of(task):
            return f"Send by hand: {self.name(task.contact)}. {_capital(_reason(task))}"
        if task.contact:
            return f"Change the address: {self.name(task.contact)}. {_capital(_reason(task))}"
        return f"Do: {_reason(task)} (checklist {task.id.split('/')[1]})"

    # -- several of a kind ---------------------------------------------------------------------

    def _together(self, section: SectionId, tasks: Sequence[Task]) -> str:
        """One sentence about these tasks, which belong together."""
        wave = wave_of(tasks[0])
        if len(tasks) == 1 or wave is None:
            return self.text(section, tasks[0])
        group = f'{len(tasks):,} {"texts" if _is_pasted(tasks[0]) else "emails"} of the wave "{wave}"'
        match section:
            case "approve":
                return f"Approve {group}: {self._names(tasks)}. Approving does not send them"
            case "unknown" if tasks[0].in_outbox or tasks[0].in_drafts:
                where = "in outbox/" if tasks[0].in_outbox else "in your drafts"
                return f"Did you send them? {group} are {where}: written, not sent ({self._names(tasks)})"
            case "unknown" if tasks[0].is_deleted:
                return f"You deleted the drafts of {group}: {self._names(tasks)}. Write them again?"
            case "by-hand":
                return f"Send: {group} are in your drafts: written, not sent ({self._names(tasks)})"
            case "unknown":
                return f"Unknown: {group} may or may not have been sent ({self._names(tasks)})"
            case "missed":
                return f"Missed: {group} ({self._names(tasks)}). {_capital(_reason(tasks[0]))}"
            case _:
                return f"Next: {group}{self._span(tasks)}"

    def _names(self, tasks: Sequence[Task]) -> str:
        return some_names([self.name(task.contact) for task in tasks])

    def _span(self, tasks: Sequence[Task]) -> str:
        """`, Tue 13 Jan 09:00 to 09:07`"""
        said = span([task.due for task in tasks if task.due], self.now, self.timezone)
        return f", {said}" if said else ""

    def _broken(self, mistakes: int) -> str:
        what = "1 mistake" if mistakes == 1 else f"{mistakes:,} mistakes"
        verb = "stops" if mistakes == 1 else "stop"
        said = f"{what} {verb} {emails(self.stopped)}" if self.stopped else f"{what} in the files"
        return f"{said}. Run: outreach check"


def today_text(
    sections: Sequence[Section],
    statuses: Iterable[ContactStatus],
    decisions: Iterable[Decision],
    *,
    now: datetime,
    timezone: str,
    stopped: int = 0,
) -> TodayText:
    """Today in words."""
    return TodayText(
        sections=sections,
        statuses={each.id: each for each in statuses},
        decisions={each.id: each for each in decisions},
        now=now,
        timezone=timezone,
        stopped=stopped,
    )


def _group(section: SectionId, task: Task) -> object:
    """What tasks that are said together have in common."""
    wave = wave_of(task)
    if wave is None or not (section in _TOGETHER or task.in_drafts) or _is_not_to_be_sent(task):
        return task.id
    reason = _reason(task) if section == "missed" else ""
    return wave, task.in_outbox, task.in_drafts, task.is_deleted, _is_pasted(task), reason


def _is_not_to_be_sent(task: Task) -> bool:
    """Whether it is in drafts, and they answered or opted out since, or it is paused."""
    return task.in_drafts and isinstance(task.about, PlanItem) and task.about.why in (Why.CONDITION, Why.PAUSED)


def _reason(task: Task) -> str:
    return reason_beside_time(task.about).rstrip(".") if isinstance(task.about, PlanItem) else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _post_of(task: Task) -> str:
    return task.about.post or "" if isinstance(task.about, PlanItem) and task.about.kind is ItemKind.POST else ""


def _network(task: Task) -> str:
    return network_of(task.about.network).label if isinstance(task.about, PlanItem) and task.about.network else ""


def _is_pasted(task: Task) -> bool:
    return isinstance(task.about, PlanItem) and task.about.kind is ItemKind.TASK and is_by_hand(task.about)


def _is_due(task: Task) -> bool:
    return isinstance(task.about, PlanItem) and task.about.state is ItemState.DUE


def _problem(task: Task) -> str:
    assert isinstance(task.about, Problem)
    return f"Fix: {task.about.file}, line {task.about.line}: {task.about.message}"
