"""All that happened with one contact, in one line: letters, answers, calls, and posts that named it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from outreach.history import UNDOABLE, undone_number
from outreach.inbox.quoting import own_text
from outreach.model.event import CONTACTED, FROM_MAIL, Event, EventKind
from outreach.model.ids import LetterId
from outreach.model.mail import KeptMessage
from outreach.model.past import PostPast
from outreach.model.payload import LetterPayload
from outreach.model.records import dataclass
from outreach.networks.composing import Composed

_NOT_SHOWN = (EventKind.UNDONE, EventKind.COMMITTING, EventKind.TO_SORT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """One thing that happened at `at` (aware UTC).

    `kind` is an event's, a message's, `outbox` of an email that was only saved, or `published` of a post that named
    the contact. `subject` is an email's, `text` what was said, `quoted` what they quoted below it, `value` an outcome.
    `number` is the event's where it can be undone; one that was is `undone_by` somebody. `letter` was sent and can be
    read. `url` is where it can be seen, `name` what a message is called, `due` until when something was promised.
    """

    at: datetime
    kind: str
    by: str = ""
    subject: str = ""
    value: str = ""
    text: str = ""
    quoted: str = ""
    url: str = ""
    name: str = ""
    number: int | None = None
    undone_by: str = ""
    letter: LetterId | None = None
    due: date | None = None

    @property
    def group(self) -> str:
        """`emails` that we sent, `answers`, or `notes`."""
        if self.letter is not None:
            return "emails"
        return "answers" if self.name or self.kind in ("reply", "they-called", "answered") else "notes"


def timeline(
    events: Iterable[Event],
    messages: Iterable[KeptMessage],
    posts: Iterable[Composed],
    published: Mapping[tuple[str, str], PostPast],
    contact: str,
) -> list[Moment]:
    """Everything, the latest first. What a message led to is said by the message."""
    events, messages = list(events), list(messages)
    undone = {number: event.by for event in events if (number := undone_number(event)) is not None}
    read = {message.at for message in messages}
    found = [
        _of_event(event, undone)
        for event in events
        if event.kind not in _NOT_SHOWN and not (event.kind in FROM_MAIL and event.at in read)
    ]
    found += [_of_message(message) for message in messages]
    for post in posts:
        happened = published.get((post.version.post, str(post.version.network)))
        if contact in post.notifies and happened is not None and happened.published is not None:
            found.append(Moment(at=happened.published, kind="published", value=post.id, url=happened.url or ""))
    return sorted(found, key=lambda moment: moment.at, reverse=True)


def _of_event(event: Event, undone: Mapping[int, str]) -> Moment:
    via = event.payload.via if isinstance(event.payload, LetterPayload) else ""
    is_sent = event.kind in CONTACTED and event.wave is not None and event.contact is not None and bool(via)
    letter = LetterId(wave=event.wave or "", contact=event.contact or "", step=event.step or 0) if is_sent else None
    text, quoted = cut(event.text or "")
    return Moment(
        at=event.at,
        kind="outbox" if via == "outbox" else str(event.kind),
        by=event.by if event.by != "outreach" else "",
        subject=text if is_sent else "",
        value=event.payload.shown if event.kind in (EventKind.OUTCOME, EventKind.DECIDED) else "",
        text="" if is_sent else text,
        quoted=quoted,
        url=event.url or "",
        number=event.number if event.kind in UNDOABLE and event.number not in undone else None,
        undone_by=undone.get(event.number, "") if event.kind in UNDOABLE else "",
        letter=letter,
        due=event.due,
    )


def _of_message(message: KeptMessage) -> Moment:
    text, quoted = cut(message.text)
    return Moment(
        at=message.at, kind=str(message.kind), by=message.sender, subject=message.subject, text=text, quoted=quoted,
        name=message.name, value=message.sorted or "",
    )  # fmt: skip


def cut(text: str) -> tuple[str, str]:
    """What somebody wrote, and what they quoted below it."""
    own = own_text(text)
    at = text.find(own.split("\n", 1)[0]) if own else -1
    if at < 0 or len(own) + 8 > len(text.strip()) or not text[at:].startswith(own):
        return text, ""
    return own, text[at + len(own) :].strip()
