"""One contact's part of the report: its letters, the answers, and what is planned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from outreach.model.contact import Contact
from outreach.model.event import ANSWERS, CONTACTED, WRITTEN_AS_DRAFT, EventKind
from outreach.model.ids import LetterId
from outreach.model.past import ContactPast, SentLetter
from outreach.model.plan import ItemState, Plan, PlanItem
from outreach.model.recipient import Why
from outreach.model.report import WITHHELD, ContactLine, Happening, LetterLine, Statement
from outreach.model.state import ContactState
from outreach.planning.sent import SentLetters
from outreach.planning.status import ContactStatus
from outreach.planning.world import World
from outreach.reporting.book import Book, Noted

_HAPPENED = (
    *ANSWERS,
    EventKind.OUTCOME,
    EventKind.BOUNCED,
    EventKind.OPTED_OUT,
    EventKind.SUPPRESSED,
    EventKind.CLOSED,
)
_OF_LETTERS = (*CONTACTED, *WRITTEN_AS_DRAFT, EventKind.IN_DOUBT, EventKind.REFUSED, EventKind.RESOLVED)
_HELD = (ItemState.HELD, ItemState.MISSED, ItemState.IN_DOUBT)


class Reader:
    """Looks things up for the report; `hidden` are the contacts that it does not name, `start` its first instant."""

    def __init__(
        self,
        world: World,
        plan: Plan,
        book: Book,
        carried: Mapping[LetterId, tuple[str, ...]],
        start: datetime | None,
    ) -> None:
        self.world, self.plan, self.book, self.start = world, plan, book, start
        self.contacts = {contact.id: contact for contact in world.contacts}
        self.names = {contact.id: contact.name for contact in world.contacts}
        self.hidden: set[str] = set()
        self._carried = carried
        self._sent_letters = SentLetters(world)
        self._waves = {wave.id: wave for wave in world.campaign.waves}
        self._templates = {(each.wave.id, each.contact.id): each.template for each in plan.recipients if not each.step}
        self._items: dict[str, list[PlanItem]] = defaultdict(list)
        self._letters: dict[str, list[LetterLine]] = {}
        for item in plan.items:
            if item.contact is not None and item.wave is not None:
                self._items[item.contact].append(item)

    def is_in_time(self, at: datetime) -> bool:
        """Whether it falls into the report's time."""
        return self.start is None or at >= self.start

    def shown(self, status: ContactStatus) -> tuple[str, str]:
        """A contact's id and name as the report has them: who wants no more mail is named nowhere."""
        if status.state is ContactState.OPTED_OUT:
            self.hidden.add(status.id)
            return "", WITHHELD
        return status.id, status.name

    def open_items(self, contact: str) -> list[PlanItem]:
        """Its letters that have not left."""
        return [item for item in self._items.get(contact, ()) if item.state is not ItemState.DONE]

    def noted(self, contact: str) -> Sequence[Noted]:
        """What happened with it in the report's time."""
        noted = self.book.of_contact(contact)
        return noted if self.start is None else [each for each in noted if self.is_in_time(each.at)]

    def letters(self, status: ContactStatus) -> list[LetterLine]:
        """Its letters that left in the report's time, or may have, or were refused."""
        if status.id not in self._letters:
            entries = defaultdict(list)
            for noted in self.book.of_contact(status.id):
                if noted.kind in _OF_LETTERS:
                    entries[noted.wave, noted.step].append(noted.number)
            found = [
                self._letter(status, each, tuple(entries.get((each.wave, each.step), ())))
                for each in self._sent(status.id)
                if self.is_in_time(each.at)
            ]
            self._letters[status.id] = sorted(found, key=lambda letter: (letter.at, letter.wave, letter.step))
        return self._letters[status.id]

    def _sent(self, contact: str) -> Iterator[SentLetter]:
        past = self.world.past.contacts.get(contact) or ContactPast(contact=contact)
        known = self._sent_letters.of_contact(contact)
        yield from known.values()
        for letter in past.letters:
            if not letter.wave or (letter.wave, letter.step) not in known:
                yield letter

    def _letter(self, status: ContactStatus, letter: SentLetter, entries: tuple[int, ...]) -> LetterLine:
        id, name = self.shown(status)
        subject = letter.said if letter.kind in CONTACTED and letter.wave and id else ""
        return LetterLine(
            contact=id,
            name=name,
            wave=letter.wave,
            step=letter.step,
            at=letter.at,
            result=letter.kind.value,
            via=letter.via,
            template=self._template(status.id, letter),
            subject=subject or "",
            carried=self._carried.get(letter.id_of(status.id), ()),
            entries=entries,
        )

    def _template(self, contact: str, letter: SentLetter) -> str:
        """The template that the wave names for the contact today; "" where it names none."""
        wave = self._waves.get(letter.wave)
        if wave is None or contact not in self.contacts:
            return ""
        if letter.step:
            return wave.follow_up.template if wave.follow_up else ""
        return self._templates.get((letter.wave, contact)) or ""

    def happenings(self, status: ContactStatus) -> list[Happening]:
        """What came back from it in the report's time."""
        id, name = self.shown(status)
        return [
            Happening(contact=id, name=name, what=n.kind.value, at=n.at, value=n.value, entry=n.number)
            for n in self.noted(status.id)
            if n.kind in _HAPPENED
        ]


def is_gone(letter: LetterLine) -> bool:
    """Whether it surely left."""
    return letter.result in CONTACTED


def contact_line(reader: Reader, status: ContactStatus) -> ContactLine:
    """The contact's row."""
    id, name = reader.shown(status)
    contact = reader.contacts[status.id]
    gone = [letter for letter in reader.letters(status) if is_gone(letter)]
    noted = reader.noted(status.id)
    answers = [each.at for each in noted if each.kind in ANSWERS]
    return ContactLine(
        id=id,
        name=name,
        kind=str(contact.kind),
        tier=status.tier,
        state=str(status.state),
        outcome=status.outcome or "",
        wave=status.wave or "",
        turn=status.turn,
        letters=len(gone),
        first=gone[0].at if gone else None,
        latest=gone[-1].at if gone else None,
        via=", ".join(dict.fromkeys(letter.via for letter in gone)),
        templates=tuple(dict.fromkeys(letter.template for letter in gone if letter.template)),
        carried=tuple(dict.fromkeys(each for letter in gone for each in letter.carried)),
        answered=max(answers, default=None),
        answers=len(answers),
        bounced=max((each.at for each in noted if each.kind is EventKind.BOUNCED), default=None),
        statement=_statement(contact) if id else None,
        entries=tuple(each.number for each in noted),
        **_next(reader, status.id if id else ""),
    )


def reason_of(item: PlanItem) -> str:
    """Why an item is held or waits; of a pause only that it is one, since its words are a note of ours."""
    return item.reason.partition(": ")[0] if item.why is Why.PAUSED else item.reason


def _next(reader: Reader, contact: str) -> dict[str, Any]:
    item = next(iter(reader.open_items(contact)), None)
    if item is None:
        return {}
    what = "first letter" if not item.step else f"follow-up {item.step}"
    held = reason_of(item) if item.state in _HELD else ""
    return {"next": f"{what} of {item.wave}", "due": item.due, "held": held}


def _statement(contact: Contact) -> Statement | None:
    said = contact.public_statement
    return Statement(quote=said.quote, url=said.url or "") if said else None
