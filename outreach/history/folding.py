"""The fold: all subjects, from the beginning or one event further."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from outreach.history import reducers
from outreach.history.subjects import Subject, SubjectKind, counting, subjects
from outreach.model.event import Event
from outreach.model.ids import VersionId
from outreach.model.past import ContactPast, Past, PostPast

_REDUCERS: Mapping[SubjectKind, Callable[[Any, Event], Any]] = {
    SubjectKind.CONTACT: reducers.contact_after,
    SubjectKind.POST: reducers.post_after,
    SubjectKind.DECISION: reducers.decision_after,
    SubjectKind.GATE: reducers.gate_after,
    SubjectKind.HOLD: reducers.hold_after,
    SubjectKind.ADDRESS: reducers.suppressed_after,
    SubjectKind.MAILBOX: reducers.mailbox_after,
    SubjectKind.APPROVAL: reducers.approval_after,
}


def after(subject: Subject, state: Any, event: Event) -> Any:
    """The state of `subject` after one more event about it that takes nothing back. None: no state."""
    if state is None and subject.kind is SubjectKind.CONTACT:
        state = ContactPast(contact=subject.id)
    elif state is None and subject.kind is SubjectKind.POST:
        version = VersionId.parse(subject.id)
        state = PostPast(post=version.post, network=version.network)
    return _REDUCERS[subject.kind](state, event)


def states_of(events: Iterable[Event]) -> dict[Subject, Any]:
    """The state of every subject of `events`, folded from their beginning. Those without are left out."""
    states: dict[Subject, Any] = {}
    for event in counting(events):
        for subject in subjects(event):
            states[subject] = after(subject, states.get(subject), event)
    return {subject: state for subject, state in states.items() if state is not None}


def past_of(states: Mapping[Subject, Any]) -> Past:
    """The states of all subjects, as a Past. Its `elsewhere` is empty: events know no receipts."""
    by_kind: dict[SubjectKind, dict[str, Any]] = {kind: {} for kind in SubjectKind}
    for subject, state in states.items():
        by_kind[subject.kind][subject.id] = state
    ordered = {kind: dict(sorted(found.items())) for kind, found in by_kind.items()}
    return Past(
        contacts=ordered[SubjectKind.CONTACT],
        posts={(past.post, past.network): past for past in ordered[SubjectKind.POST].values()},
        decisions=ordered[SubjectKind.DECISION],
        gates=ordered[SubjectKind.GATE],
        holds=tuple(ordered[SubjectKind.HOLD].values()),
        suppressed=frozenset(ordered[SubjectKind.ADDRESS]),
        mailbox_read=ordered[SubjectKind.MAILBOX].get(""),
        approvals=ordered[SubjectKind.APPROVAL],
    )


def fold(events: Iterable[Event]) -> Past:
    """All that happened, from the beginning."""
    return past_of(states_of(events))
