"""A post as it will go out: the record of the wire, a page, cards for the terminal; and what a run of `publish` did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from textwrap import wrap
from typing import Any, Literal, NotRequired, Protocol, TypedDict

from outreach.model.action import Action, ActionResult
from outreach.model.post import PostVersion
from outreach.model.publication import PostSync
from outreach.networks.composing import Composed
from outreach.networks.registry import KNOWN, network_of
from outreach.pages.json_schema import Count, Digest
from outreach.planning.posts import submit_page

_WIDTH = 66


def post_name(id: str) -> str:
    """What people call a version of a post: `launch (Mastodon)`."""
    post, _, network = id.partition("/")
    return f"{post} ({KNOWN[network].label if network in KNOWN else network})"


class NamedObject(TypedDict):
    titles: NotRequired[list[str]]
    link: NotRequired[str]


class PostRecord(NamedObject):
    post: str
    network: str
    digest: Digest
    parts: list[dict[str, Any]]


class SizeObject(TypedDict):
    """How much a part counts for its network; `limit` is null where none is known."""

    count: Count
    limit: int | None
    bytes: Count


class PostObject(PostRecord):
    """A post as it will go out. `parts` are sent to the network as they are here, `texts` is what people read."""

    id: str
    kind: Literal["post"]
    texts: list[str]
    counts: list[SizeObject]
    alt_texts: list[str]
    notifies: list[str]
    notified: list[str]
    unresolved: list[str]
    effects: list[str]
    not_known_yet: list[str]


class PostReplyObject(TypedDict):
    """A reply to a post of ours; `contact` is null where it is nobody's that is known."""

    post: str
    contact: str | None
    by: str
    url: str
    text: str


class EngagementObject(TypedDict):
    """What the networks said of our posts: numbers and addresses of parts that are gone, both by post, new replies, and
    what could not be asked.
    """

    counts: dict[str, dict[str, float]]
    replies: list[PostReplyObject]
    gone: dict[str, list[str]]
    troubles: list[str]


def post_record(post: Composed) -> PostRecord:
    """What is in the draft file: the wire record of each part, without createdAt and what follows from it."""
    version = post.version
    named: NamedObject = {}
    if post.titles:
        named["titles"] = list(post.titles)
    if post.link:
        named["link"] = post.link
    return {
        "post": version.post,
        "network": version.network,
        "digest": post.digest,
        **named,
        "parts": [dict(record) for record in post.records],
    }


def post_object(post: Composed) -> PostObject:
    """The same for `--json`, with counts and whom it notifies."""
    return {
        "id": post.id,
        "kind": "post",
        **post_record(post),
        "texts": list(post.parts),
        "counts": [{"count": size.value, "limit": size.limit, "bytes": size.bytes} for size in post.counts],
        "alt_texts": [medium.alt for medium in post.version.media],
        "notifies": list(post.notifies),
        "notified": list(post.notified),
        "unresolved": list(post.unresolved),
        "effects": list(post.effects),
        "not_known_yet": list(post.later),
    }


def post_page(post: Composed) -> str:
    """The post to read, or to paste where a person publishes it. Ends with one newline."""
    version = post.version
    lines = [f"# {version.post} on {version.network}", ""]
    lines += [f"- {line}" for line in _facts(post)]
    for number, text in enumerate(post.parts, start=1):
        head = f"{number} of {len(post.parts)}, {_size(post, number - 1)}" if len(post.parts) > 1 else _size(post, 0)
        lines += ["", f"--- {head}", "", text]
    return "\n".join(lines).rstrip() + "\n"


def post_cards(post: Composed) -> Iterator[str]:
    """Each part as a card with its counts, for the terminal."""
    version = post.version
    yield f"{version.post} on {version.network}"
    yield from (f"  {line}" for line in _facts(post))
    for number, text in enumerate(post.parts):
        title = f" {number + 1}/{len(post.parts)} · {_size(post, number)} "
        yield f"  ┌{title:─<{_WIDTH}}"
        for paragraph in text.split("\n"):
            lines = wrap(paragraph, _WIDTH - 2, break_long_words=False, break_on_hyphens=False) or [""]
            yield from (f"  │ {line}" for line in lines)
        yield f"  └{'─' * _WIDTH}"


def _facts(post: Composed) -> Iterator[str]:
    version = post.version
    if network_of(version.network).is_manual:
        yield f"By hand: {submit_page(post.version)}"
    for title in post.titles:
        yield f"Title: {title}"
    if post.link:
        yield f"Link: {post.link}"
    yield from post.effects
    if post.notified:
        yield f"This notifies {', '.join(f'@{handle}' for handle in post.notified)}"
    for medium, fitted in zip(version.media, post.media, strict=False):
        size = f", {fitted.width}x{fitted.height}" if fitted.width else ""
        yield f"Picture: {medium.file}{size}, {fitted.size:,} bytes; {medium.alt}"
    yield from (f"@{handle} was not looked up, so the post waits: `outreach lookup`" for handle in post.unresolved)
    yield from (f"@{handle} belongs to no account and stays plain text" for handle in post.nobodys)
    yield from (
        f"{contact} has no account there: the name stays plain text, and nobody is notified" for contact in post.unnamed
    )
    yield from (f"Not known yet: {path}" for path in post.later)


def _size(post: Composed, number: int) -> str:
    size = post.counts[number]
    return f"{size.value:,} of {size.limit:,}" if size.limit is not None else f"{size.value:,} characters"


MOST_OF_A_REPLY = 100
_COMMAND = re.compile(r"`(outreach [^`]+)`")


class TextByHand(Protocol):
    """A text that a person publishes."""

    @property
    def version(self) -> PostVersion: ...
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
    @property
    def before(self) -> frozenset[str]: ...
    @property
    def named(self) -> bool: ...
    @property
    def note(self) -> str: ...


def publish_pages(result: Publishing) -> Iterator[str]:
    """Every line for people: texts to paste, each version, the sum, and the next command."""
    if result.note:
        yield result.note
    for waiting in result.by_hand:
        version = waiting.version
        yield f"--- {version.id}: paste this at {submit_page(version)}"
        yield from (f"Title: {title}" for title in version.titles)
        if version.link:
            yield f"Link: {version.link}"
        yield waiting.text
        yield "---"
    for action in result.actions:
        if action.id in result.before and not result.named and not _COMMAND.search(action.reason):
            continue  # what is new is listed, and whatever was asked for by name
        if action.result is ActionResult.DONE:
            yield f"  {action.id}  published  {action.reason or action.receipt or ''}"
        elif action.result is not ActionResult.PLANNED:
            yield f"  {action.id}  {action.result}: {action.reason}"
    planned = [action.id for action in result.actions if action.result is ActionResult.PLANNED]
    if planned:
        yield from (f"  {id}  new" for id in planned)
        yield f"Preview: {_posts(len(planned))} to publish: {', '.join(planned)}. Nothing was published."
        yield "Next: outreach publish --go"
        return
    done = sum(action.result is ActionResult.DONE for action in result.actions)
    trouble = [action for action in result.actions if action.result in (ActionResult.FAILED, ActionResult.UNKNOWN)]
    if result.acted:
        new = done - len(result.before)
        known = f", {_posts(len(result.before))} before" if result.before else ""
        yield f"{_posts(new)} out now{known}; {len(trouble)} not sure or not done."
    else:
        if not result.actions:
            yield "There is no post to publish. To write one: outreach dashboard, or outreach help posts"
            return
        others = ", the others wait" if done < len(result.actions) else ""
        yield f"Nothing would be published now: {done} of {len(result.actions)} are out{others}."
    if trouble:
        yield "Next: outreach publish --go, once the reasons above are fixed"
    elif result.by_hand:
        yield f"Next: outreach publish {result.by_hand[0].version.id} --url https://... once it is published"
    else:
        # The command that the first reason names, where one does.
        reasons = (each.reason for each in result.actions if each.result in (ActionResult.HELD, ActionResult.DONE))
        named = (found[1] for found in map(_COMMAND.search, reasons) if found)
        yield from (f"Next: {command}" for command in islice(named, 1))


def _posts(number: int) -> str:
    return "1 post" if number == 1 else f"{number} posts"


_ONE = {"likes": "like", "reposts": "repost", "replies": "reply", "quotes": "quote"}
"""What a network counts, said of one."""


def engagement_lines(synced: PostSync) -> Iterator[str]:
    """What the networks said about our posts: numbers, new replies, what is gone, and what could not be asked."""
    for id, numbers in synced.counted.items():
        said = (f"{number:g} {_ONE.get(name, name) if number == 1 else name}" for name, number in numbers.items())
        yield f"  {id}  {', '.join(said)}"
    for reply in synced.replies:
        whose = f"{reply.contact} (@{reply.address})" if reply.contact else f"@{reply.address}"
        yield f"  {reply.name}  {whose} replied: {shortened(reply.text or '')}  {reply.url}"
    for id, parts in synced.gone.items():
        yield f"  {id}  no longer there: {', '.join(part.url or part.id for part in parts)}"
        yield f"    To record that it was taken down, and take down what is left of it: outreach unpublish {id} --go"
    yield from (f"  posts were not checked: {trouble}" for trouble in synced.troubles)


def engagement_object(synced: PostSync) -> EngagementObject:
    """The same for `--json`."""
    said: list[PostReplyObject] = [
        {
            "post": reply.name or "",
            "contact": reply.contact,
            "by": reply.address or "",
            "url": reply.url or "",
            "text": reply.text or "",
        }
        for reply in synced.replies
    ]
    return {
        "counts": {id: dict(numbers) for id, numbers in synced.counted.items()},
        "replies": said,
        "gone": {id: [part.url or part.id for part in parts] for id, parts in synced.gone.items()},
        "troubles": list(synced.troubles),
    }


def shortened(text: str) -> str:
    """The beginning of a text, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= MOST_OF_A_REPLY else f"{line[: MOST_OF_A_REPLY - 1]}…"
