"""What an event is about, and which events no longer count because a later one took them back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from outreach.history.address_marks import normalised
from outreach.model.event import APPROVALS, CONTACTED, FROM_MAIL, NOTED, Event, EventKind
from outreach.model.ids import LetterId, VersionId
from outreach.model.payload import ResolvedPayload, UndonePayload

UNDOABLE = (
    *FROM_MAIL, *NOTED, EventKind.DECIDED, EventKind.OPENED, EventKind.OUTCOME, EventKind.CLOSED, EventKind.SUPPRESSED,
)  # fmt: skip
"""What a person said, and may take back. What became of a letter never is."""


class SubjectKind(StrEnum):
    """What an event can be about."""

    CONTACT = "contact"
    POST = "post"
    DECISION = "decision"
    GATE = "gate"
    HOLD = "hold"
    ADDRESS = "address"
    MAILBOX = "mailbox"
    APPROVAL = "approval"


class Subject(NamedTuple):
    """One thing that events are about. The id of a version of a post is `POST/NETWORK`."""

    kind: SubjectKind
    id: str


def subjects(event: Event) -> tuple[Subject, ...]:
    """What `event` is about, and whose state it therefore changes; nothing for UNDONE, and for what is only written."""
    if event.kind in (EventKind.UNDONE, EventKind.REPLY_WRITTEN):
        return ()
    if event.kind in APPROVALS:
        return (Subject(SubjectKind.APPROVAL, approved_id(event)),)
    found = []
    if event.contact is not None:
        found.append(Subject(SubjectKind.CONTACT, event.contact))
    if event.post is not None:
        found.append(Subject(SubjectKind.POST, str(VersionId(post=event.post, network=event.network or ""))))
    if event.kind is EventKind.DECIDED:
        found.append(Subject(SubjectKind.DECISION, event.payload.names or ""))
    elif event.kind is EventKind.OPENED:
        found.append(Subject(SubjectKind.GATE, event.payload.names or ""))
    elif event.kind in (EventKind.HELD, EventKind.RELEASED):
        found.append(Subject(SubjectKind.HOLD, held_target(event)))
    elif event.kind is EventKind.MAILBOX_READ:
        found.append(Subject(SubjectKind.MAILBOX, ""))
    elif event.kind in (EventKind.SUPPRESSED, EventKind.OPTED_OUT) and (address := _suppressed(event)):
        found.append(Subject(SubjectKind.ADDRESS, address))
    return tuple(found)


def approved_id(event: Event) -> str:
    """What an approval is about: `WAVE/CONTACT/STEP` or `POST/NETWORK`."""
    if event.post is not None:
        return str(VersionId(post=event.post, network=event.network or ""))
    return str(LetterId(wave=event.wave or "", contact=event.contact or "", step=event.step or 0))


def held_target(event: Event) -> str:
    """What HELD or RELEASED is about: its name (`*`, `wave:ID`, ...), else what is in its fields."""
    if event.payload.names:
        return event.payload.names
    fields = {"contact": event.contact, "post": event.post, "wave": event.wave}
    return next((f"{kind}:{value}" for kind, value in fields.items() if value), "*")


def _suppressed(event: Event) -> str | None:
    """The channel that is not to be used any more, as `Channel.identity` writes it (`email:info@fsfe.example`)."""
    if event.kind is EventKind.SUPPRESSED and event.payload.names:
        return event.payload.names
    return f"email:{normalised(event.address)}" if event.address else None


def takes_back(event: Event) -> bool:
    """Whether earlier events no longer count because of this one."""
    return event.kind is EventKind.UNDONE or is_resolved(event, sent=False)


def is_resolved(event: Event, *, sent: bool) -> bool:
    """Whether the event says that a letter or post was sent, or that it was not."""
    if event.kind is not EventKind.RESOLVED:  # asked of every event: payloads are made for the few that matter
        return False
    return isinstance(payload := event.payload, ResolvedPayload) and payload.sent is sent


def undone_number(event: Event) -> int | None:
    """The number of the event that an UNDONE takes back; None for anything else."""
    if event.kind is not EventKind.UNDONE:
        return None
    number = payload.number if isinstance(payload := event.payload, UndonePayload) else None
    return number if number is not None and number < event.number else None


def counting(events: Iterable[Event]) -> list[Event]:
    """The events that count, by number: without those taken back and without the UNDONE themselves."""
    ordered = sorted(events, key=lambda event: event.number)
    is_taken_back = taken_back(filter(takes_back, ordered))
    return [event for event in ordered if not is_taken_back(event)]


def taken_back(taking: Iterable[Event]) -> Callable[[Event], bool]:
    """Whether an event no longer counts, given those that take others back (`takes_back`), by number."""
    undone: set[int] = set()
    not_sent: dict[tuple[str | None, ...], int] = {}
    for event in taking:
        number = undone_number(event)
        if number is not None:
            undone.add(number)
        elif event.kind is EventKind.RESOLVED:
            not_sent[_letter(event)] = event.number
    return lambda event: _is_taken_back(event, undone, not_sent)


def _is_taken_back(event: Event, undone: set[int], not_sent: Mapping[tuple[str | None, ...], int]) -> bool:
    if event.kind is EventKind.UNDONE or (event.number in undone and event.kind in UNDOABLE):
        return True
    of_letter = (*CONTACTED, EventKind.BOUNCED, EventKind.CAME_BACK)
    return event.kind in of_letter and event.wave is not None and event.number < not_sent.get(_letter(event), 0)


def _letter(event: Event) -> tuple[str | None, ...]:
    return (event.wave, event.contact, event.post, event.network, str(event.step or 0))


def why_not_undo(events: Iterable[Event], number: int) -> str | None:
    """Why event `number` cannot be undone, as a sentence; None if it can be."""
    known = list(events)
    event = next((event for event in known if event.number == number), None)
    if event is None:
        return f"There is no event {number}."
    if event.kind is EventKind.UNDONE:
        return f"Event {number} undid another one; note that one again instead."
    if event.kind not in UNDOABLE:
        return f"Event {number} ({event.kind}) happened and cannot be undone; only what a person noted or decided can."
    if any(undone_number(other) == number for other in known):
        return f"Event {number} is undone already."
    return None
