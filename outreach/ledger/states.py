"""The state table: what the events come to, by subject, changed in the transaction that adds an event."""

from __future__ import annotations

from typing import Any

from outreach.history import Subject, SubjectKind, after, states_of, subjects, takes_back, undone_number
from outreach.ledger import statements
from outreach.ledger.database import Database
from outreach.ledger.rows import StrangeRow, event_of, state_of, state_text
from outreach.model.event import APPROVALS, Event, EventKind
from outreach.model.ids import VersionId

_KINDS: dict[SubjectKind, tuple[EventKind, ...]] = {
    SubjectKind.DECISION: (EventKind.DECIDED,),
    SubjectKind.GATE: (EventKind.OPENED,),
    SubjectKind.HOLD: (EventKind.HELD, EventKind.RELEASED),
    SubjectKind.ADDRESS: (EventKind.SUPPRESSED, EventKind.OPTED_OUT),
    SubjectKind.MAILBOX: (EventKind.MAILBOX_READ,),
    SubjectKind.APPROVAL: APPROVALS,
}


class States:
    """The states that new events touch: read once, written once. What was written last is known the next time."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._touched: dict[Subject, Any] = {}
        self._known: dict[Subject, Any] = {}

    def forget(self) -> None:
        """Others may have changed what was written last."""
        self._touched, self._known = {}, {}

    def take(self, event: Event) -> None:
        """Change what `event`, stored already, is about."""
        if takes_back(event):
            for subject in self._taken_back(event):
                self._touched[subject] = states_of(self._events_of(subject)).get(subject)
            return
        for subject in subjects(event):
            if subject not in self._touched:
                self._touched[subject] = self._read(subject)
            self._touched[subject] = after(subject, self._touched[subject], event)

    def write(self) -> None:
        """Put what changed into the table."""
        gone = [subject for subject, state in self._touched.items() if state is None]
        kept = [(s.kind, s.id, state_text(s.kind, state)) for s, state in self._touched.items() if state is not None]
        if gone:
            self._db.executemany(statements.REMOVE_STATE, gone)
        self._db.executemany(statements.PUT_STATE, kept)
        self._touched, self._known = {}, self._touched

    def _read(self, subject: Subject) -> Any:
        if subject in self._known:
            return self._known[subject]
        row = self._db.execute(statements.STATE, subject).fetchone()
        return state_of(subject.kind, row[0]) if row else None

    def _taken_back(self, event: Event) -> tuple[Subject, ...]:
        number = undone_number(event)
        if number is None:
            return subjects(event)
        row = self._db.execute(statements.EVENT, (number,)).fetchone()
        return subjects(event_of(row)) if row else ()

    def _events_of(self, subject: Subject) -> list[Event]:
        """All events that bear on a subject, among others."""
        rows = self._of_kind(EventKind.UNDONE)
        if subject.kind is SubjectKind.CONTACT:
            rows += self._db.execute(statements.EVENTS_OF_CONTACT, (subject.id, 0)).fetchall()
        elif subject.kind is SubjectKind.POST:
            post = VersionId.parse(subject.id).post
            rows += self._db.execute(statements.EVENTS_OF_POST, (post, 0)).fetchall()
        else:
            rows += [row for kind in _KINDS[subject.kind] for row in self._of_kind(kind)]
        return [event_of(row) for row in {row[0]: row for row in rows}.values()]

    def _of_kind(self, kind: EventKind) -> list[tuple[Any, ...]]:
        return self._db.execute(statements.EVENTS_OF_KIND, (kind,)).fetchall()


def read_states(db: Database) -> dict[Subject, Any]:
    """The whole table."""
    kinds = {str(kind): kind for kind in SubjectKind}
    rows = db.execute(statements.STATES).fetchall()
    if not {kind for kind, _, _ in rows} <= kinds.keys():
        raise StrangeRow("state")
    return {Subject(kinds[kind], id): state_of(kinds[kind], body) for kind, id, body in rows}


def read_states_to_send(db: Database, contacts: list[str]) -> dict[Subject, Any]:
    """The part of the table that bears on sending to these contacts."""
    found = {}
    for kind, id, body in db.execute(statements.STATES_TO_SEND).fetchall():
        found[Subject(SubjectKind(kind), id)] = state_of(SubjectKind(kind), body)
    for id in contacts:
        row = db.execute(statements.STATE, (SubjectKind.CONTACT, id)).fetchone()
        if row:
            found[Subject(SubjectKind.CONTACT, id)] = state_of(SubjectKind.CONTACT, row[0])
    return found


def rebuild(db: Database) -> None:
    """Make the table again, inside a transaction."""
    events = map(event_of, db.execute(statements.EVENTS, (0,)).fetchall())
    db.execute(statements.REMOVE_STATES)
    rows = [(s.kind, s.id, state_text(s.kind, state)) for s, state in states_of(events).items()]
    db.executemany(statements.PUT_STATE, rows)
