"""What a run of `publish` would do or did, as sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from outreach.model.action import Action, ActionResult
from outreach.model.event import Event
from outreach.model.post import Edition
from outreach.planning.posts import submit_page

MOST_OF_A_REPLY = 100
_COMMAND = re.compile(r"`(outreach [^`]+)`")


class TextByHand(Protocol):
    """A text that a person publishes."""

    @property
    def edition(self) -> Edition: ...
    @property
    def text(self) -> str: ...


class Publishing(Protocol):
    """What came of a run."""

    @property
    def actions(self) -> tuple[Action, ...]: ...
    @property
    def acted(self) -> bool: ...
    @property
    def by_hand(self) -> tuple[TextByHand, ...]: ...


def publish_pages(result: Publishing) -> Iterator[str]:
    """Every line for people: texts to paste, each edition, the sum, and the next command."""
    for waiting in result.by_hand:
        yield from _pasted(waiting)
    for action in result.actions:
        yield from _line(action)
    planned = [action.id for action in result.actions if action.result is ActionResult.PLANNED]
    if planned:
        yield f"WOULD PUBLISH {_posts(len(planned))} FOR REAL: {', '.join(planned)}. Nothing was published."
        yield "Next: outreach publish --go"
        return
    done = sum(action.result is ActionResult.DONE for action in result.actions)
    trouble = [action for action in result.actions if action.result in (ActionResult.FAILED, ActionResult.UNKNOWN)]
    if result.acted:
        yield f"{_posts(done)} out, {len(trouble)} not sure or not done."
    else:
        yield f"Nothing would be published now: {done} of {len(result.actions)} are out, the others wait."
    if trouble:
        yield "Next: outreach publish --go, once the reasons above are mended"
    elif result.by_hand:
        yield f"Next: outreach publish {result.by_hand[0].edition.id} --url https://... once it stands there"
    else:
        yield f"Next: {_mending(result.actions)}"


def _mending(actions: Iterable[Action]) -> str:
    """The command that the first reason names, where one does."""
    named = (_COMMAND.search(action.reason) for action in actions if action.result is ActionResult.HELD)
    return next((found[1] for found in named if found), "outreach agenda")


def _pasted(waiting: TextByHand) -> Iterable[str]:
    edition = waiting.edition
    yield f"--- {edition.id}: paste this at {submit_page(edition)}"
    yield from (f"Title: {title}" for title in edition.titles)
    if edition.link:
        yield f"Link: {edition.link}"
    yield waiting.text
    yield "---"


def _line(action: Action) -> Iterable[str]:
    if action.result is ActionResult.DONE:
        yield f"  {action.id}  published  {action.reason or action.receipt or ''}"
    elif action.result is not ActionResult.PLANNED:
        yield f"  {action.id}  {action.result}: {action.reason}"


def _posts(number: int) -> str:
    return "1 post" if number == 1 else f"{number} posts"


def engagement_lines(
    counted: Mapping[str, Mapping[str, float]], replies: Iterable[Event], troubles: Iterable[str]
) -> Iterator[str]:
    """What the networks said about our posts: numbers, new replies, and what could not be asked."""
    for id, numbers in counted.items():
        yield f"  {id}  {', '.join(f'{number:g} {name}' for name, number in numbers.items())}"
    for reply in replies:
        whose = f"{reply.contact} (@{reply.address})" if reply.contact else f"@{reply.address}"
        yield f"  {reply.name}  {whose} replied: {shortened(reply.text or '')}  {reply.url}"
    yield from (f"  posts were not asked about: {trouble}" for trouble in troubles)


def engagement_object(
    counted: Mapping[str, Mapping[str, float]], replies: Iterable[Event], troubles: Iterable[str]
) -> dict[str, Any]:
    """The same for `--json`."""
    said = [
        {"post": reply.name, "contact": reply.contact, "by": reply.address, "url": reply.url, "text": reply.text}
        for reply in replies
    ]
    counts = {id: dict(numbers) for id, numbers in counted.items()}
    return {"counts": counts, "replies": said, "troubles": list(troubles)}


def shortened(text: str) -> str:
    """The beginning of a text, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= MOST_OF_A_REPLY else f"{line[: MOST_OF_A_REPLY - 1]}…"
