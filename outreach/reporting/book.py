"""Events in order, with their author and subject; without the texts of people, so that many fit into memory."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from outreach.history import lineage_of
from outreach.model.contact import Contact
from outreach.model.event import ANSWERS, CONTACTED, WRITTEN_AS_DRAFT, Event, EventKind
from outreach.model.ids import LetterId
from outreach.model.report import Entry, Measured

SHOWN = frozenset(
    {
        *ANSWERS, *CONTACTED, *WRITTEN_AS_DRAFT, EventKind.DRAFT_EDITED, EventKind.IN_DOUBT, EventKind.REFUSED,
        EventKind.RESOLVED, EventKind.BOUNCED, EventKind.OPTED_OUT, EventKind.SUPPRESSED,
        EventKind.OUTCOME, EventKind.CLOSED, EventKind.APPROVED, EventKind.POSTED,
        EventKind.RETRACTED, EventKind.CORRECTED, EventKind.COUNTED,
    }
)  # fmt: skip
"""The kinds of event that a report counts."""
_WORDS = (EventKind.OUTCOME, EventKind.RESOLVED, *CONTACTED, EventKind.COUNTED)


class Noted(NamedTuple):
    """One event in short; `wave` is "" where it names none."""

    number: int
    kind: EventKind
    at: datetime
    wave: str
    step: int
    value: str


class Book:
    """What the report needs of the events: hand each over with `take`, by number."""

    def __init__(self, contacts: Iterable[Contact], is_taken_back: Callable[[Event], bool]) -> None:
        self._is_taken_back = is_taken_back
        self._of: dict[str, list[Noted]] = defaultdict(list)
        self._lineages = _lineages(contacts)
        self.posts: dict[tuple[str, str], list[Noted]] = defaultdict(list)
        self.measured: dict[tuple[str, str], list[Measured]] = defaultdict(list)

    def take(self, event: Event) -> None:
        """One event more."""
        if event.kind not in SHOWN or self._is_taken_back(event):
            return
        value = event.payload.shown if event.kind in _WORDS else ""
        noted = Noted(event.number, event.kind, event.at, event.wave or "", event.step or 0, value)
        if event.contact is not None:
            self._of[event.contact].append(noted)
        if event.post is not None:
            key = (event.post, event.network or "")
            self.posts[key].append(noted)
            if event.numbers:
                self.measured[key].append(
                    Measured(when=value or "noted", at=event.at, numbers=dict(event.numbers), entry=event.number)
                )

    def of_contact(self, contact: str) -> Sequence[Noted]:
        """What happened with a contact, under whatever id it ever had, by number."""
        lineage = self._lineages.get(contact)
        if lineage is None:
            return self._of.get(contact, ())
        return sorted(noted for id in lineage for noted in self._of.get(id, ()))


class Entries(Mapping[int, Entry]):
    """The entries by number, each made when it is asked for: few of hundreds of thousands are.

    `groups` are what each is about, with events by number; of two groups with the same event the later one counts.
    """

    def __init__(self, groups: Iterable[tuple[str, Sequence[Noted]]]) -> None:
        found = {noted.number: group for group in groups for noted in group[1]}
        self._groups = {number: found[number] for number in sorted(found)}

    def __len__(self) -> int:
        return len(self._groups)

    def __iter__(self) -> Iterator[int]:
        return iter(self._groups)

    def __getitem__(self, number: int) -> Entry:
        about, group = self._groups[number]
        noted = group[bisect_left(group, number, key=attrgetter("number"))]
        shown = str(LetterId(wave=noted.wave, contact=about, step=noted.step)) if noted.wave and about else about
        return Entry(number=number, kind=noted.kind.value, at=noted.at, about=shown, value=noted.value)


def _lineages(contacts: Iterable[Contact]) -> dict[str, list[str]]:
    predecessors = {contact.id: contact.was for contact in contacts}
    return {id: lineage_of(id, predecessors) for id, was in predecessors.items() if was}
