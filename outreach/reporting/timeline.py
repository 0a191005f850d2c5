"""All that happened with one contact, in one line: letters, answers, calls, and posts that named it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from outreach.history.subjects import approved_id
from outreach.model.event import APPROVALS, Event
from outreach.model.mail import KeptMessage
from outreach.model.past import PostPast
from outreach.networks.composing import Composed


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """One thing that happened at `at` (aware UTC).

    `kind` is an event's, a message's, or `published` of a post that named the contact. `about` is the letter or
    post, `text` what was said, `value` an outcome or how it left, `url` where it can be seen.
    """

    at: datetime
    kind: str
    by: str = ""
    about: str = ""
    value: str = ""
    text: str = ""
    url: str = ""


def timeline(
    events: Iterable[Event],
    messages: Iterable[KeptMessage],
    posts: Iterable[Composed],
    published: Mapping[tuple[str, str], PostPast],
    contact: str,
) -> list[Moment]:
    """Everything, the latest first."""
    found = [_of_event(event) for event in events]
    found += [_of_message(message) for message in messages]
    for post in posts:
        happened = published.get((post.version.post, str(post.version.network)))
        if contact in post.notifies and happened is not None and happened.published is not None:
            found.append(Moment(at=happened.published, kind="published", about=post.id, url=happened.url or ""))
    return sorted(found, key=lambda moment: moment.at, reverse=True)


def _of_event(event: Event) -> Moment:
    is_about_one = event.wave or event.post
    return Moment(
        at=event.at,
        kind=event.kind.in_words,
        by=event.by,
        about=approved_id(event) if is_about_one else "",
        value="" if event.kind in APPROVALS else event.payload.shown,
        text=event.text or "",
        url=event.url or "",
    )


def _of_message(message: KeptMessage) -> Moment:
    said = "\n\n".join(part for part in (message.subject, message.text) if part)
    return Moment(at=message.at, kind=str(message.kind), by=message.sender, about=message.place, text=said)
