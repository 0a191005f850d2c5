"""A round of `run`, as sentences and as a JSON object."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol, TypedDict

from outreach.model.action import Action, ActionResult
from outreach.model.event import Event
from outreach.model.mail import MailKind
from outreach.model.plan import Plan, PlanItem
from outreach.pages.json_schema import Instant
from outreach.pages.mail import kinds_line
from outreach.pages.plan_objects import ItemObject, agenda_object
from outreach.pages.plans import agenda_lines, item_line
from outreach.pages.sending import ActionObject


def ahead_lines(ahead: Plan, timezone: str, *, go: bool, width: int | None) -> Iterator[str]:
    """The next 24 hours."""
    if not ahead.items:
        yield "The next 24 hours: nothing."
        return
    doing = "what is approved goes out" if go else "nothing goes out without --go"
    yield f"The next 24 hours ({doing}):"
    yield from agenda_lines(ahead, timezone, everything=False, width=width)


def reminder_lines(items: Iterable[PlanItem]) -> Iterator[str]:
    """What a person has to do now."""
    for item in items:
        yield f"  {item.state}  {item_line(item)}"


def told_lines(actions: Iterable[Action]) -> Iterator[str]:
    """What went out, and what did not though it was tried."""
    for action in actions:
        if action.result is ActionResult.DONE:
            yield f"  {action.id}  done  {action.receipt}"
        else:
            yield f"  {action.id}  {action.result}: {action.reason}"


class AheadObject(TypedDict):
    """The items of the next 24 hours, and those that wait for a person."""

    ahead: list[ItemObject]
    reminders: list[ItemObject]


class RunObject(AheadObject):
    """One look of `run --once`: what came in (`news`), what could not be done, and with --go what went out."""

    at: Instant
    troubles: list[str]
    news: str
    actions: list[ActionObject]


class WorkerObject(TypedDict):
    """What `worker --once` did: what went out or was tried, and what could not be done."""

    actions: list[ActionObject]
    troubles: list[str]


def ahead_object(ahead: Plan, reminders: Iterable[PlanItem]) -> AheadObject:
    """The items of the next 24 hours and those a person is reminded of, as in `agenda --json`."""
    reminded = replace(ahead, items=tuple(reminders))
    return {"ahead": [*agenda_object(ahead)["items"]], "reminders": [*agenda_object(reminded)["items"]]}


class Numbers(Protocol):
    """What the networks said of our posts."""

    @property
    def counted(self) -> Mapping[str, Mapping[str, float]]: ...
    @property
    def replies(self) -> tuple[Event, ...]: ...
    @property
    def troubles(self) -> tuple[str, ...]: ...


def came_in(kinds: Counter[MailKind] | None, posts: Numbers | None) -> str:
    """`Came in: 2 answers, 1 reply to a post.`, and what could not be asked; "" for nothing."""
    news = [kinds_line(kinds)] if kinds else []
    if posts is not None and posts.replies:
        news.append(f"{len(posts.replies)} {'reply' if len(posts.replies) == 1 else 'replies'} to posts")
    said = [f"Came in: {', '.join(news)}."] if news else []
    return " ".join([*said, *(posts.troubles if posts is not None else ())])
