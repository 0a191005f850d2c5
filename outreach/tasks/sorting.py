"""`outreach sort` and `outreach match`: say what a message is or which contact it belongs to, and undo its effects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from outreach.errors import CannotTell, UnknownName
from outreach.inbox.following import When, follows, follows_sorting
from outreach.ledger.mail import MailRecord
from outreach.model.event import FROM_MAIL, Event, EventKind
from outreach.model.mail import SORT_WORDS, Incoming, KeptMessage, Matched, Sorted, SortWord
from outreach.model.payload import UndonePayload
from outreach.planning.gates import opened_by
from outreach.tasks.world import Session, session
from outreach.words.suggestions import nearest

BY_HAND = "a person said so"


def sort_message(root: Path, name: str, word: str) -> KeptMessage:
    """Say what a message is. What it led to before is taken back, and so is every gate that this opened.

    Raises UnknownName (the message, the word), CannotTell (it belongs to no contact, or that was said already).
    """
    return sort_messages(root, [name], word)[0]


def sort_messages(root: Path, names: Iterable[str], word: str) -> list[KeptMessage]:
    """Say the same of several messages, one after another. Raises as `sort_message`; those before stay sorted."""
    if word not in SORT_WORDS:
        raise UnknownName("word", word, nearest(word, SORT_WORDS), SORT_WORDS)
    wanted: SortWord = word
    with session(root) as opened:
        return [_sort(opened, name, wanted) for name in names]


def _sort(opened: Session, name: str, wanted: SortWord) -> KeptMessage:
    record = opened.ledger.mail()
    message = named(record, name)
    if message.sorted == wanted:
        raise CannotTell(f"{message.name} is sorted as {wanted} already", "outreach sort --undo takes that back.")
    if message.contact is None and wanted != "not-for-us":
        hint = f"Say first who it belongs to: outreach match {message.name} CONTACT"
        raise CannotTell(f"{message.name} belongs to no contact yet", hint)
    events = []
    if message.contact is not None:
        said = follows_sorting(
            _mail_of(message), wanted, _whose(opened, message.contact), _by_person(opened), _sorted_of(message)
        )
        events = [*_taken_back(opened, record, message), *said]
    record.sort(message.number, wanted, events)
    _follow(opened, events)
    return replace(message, sorted=wanted)


def unsort_message(root: Path, name: str) -> KeptMessage:
    """Take back what a person said that a message is: it counts as when it was read.

    Raises UnknownName, CannotTell.
    """
    with session(root) as opened:
        record = opened.ledger.mail()
        message = named(record, name)
        if message.sorted is None:
            raise CannotTell(f"{message.name} is not sorted", "outreach status --answers lists the messages.")
        events: list[Event] = []
        if message.contact is not None:
            events = [*_taken_back(opened, record, message), *_as_before(opened, record, message)]
        record.sort(message.number, None, events)
        _follow(opened, events)
        return replace(message, sorted=None)


def _as_before(opened: Session, record: MailRecord, message: KeptMessage) -> list[Event]:
    """What the message led to when it was read, said once more; of one that a person matched, what follows from it."""
    wanted = set(record.events_of(message.number))
    read = [
        event
        for event in opened.ledger.events()
        if event.number in wanted and event.kind in FROM_MAIL and event.by == "outreach"
    ]
    if not read:
        assert message.contact is not None
        return follows(_mail_of(message), _sorted_of(message), _whose(opened, message.contact), _by_person(opened))
    first = [event for event in read if event.recorded == read[0].recorded]
    return [replace(event, number=0, recorded=opened.now, contact=message.contact) for event in first]


def assign(root: Path, name: str, contact: str) -> KeptMessage:
    """Say whose a message is, in the holding pen or wrongly matched before. Raises UnknownName, CannotTell."""
    with session(root) as opened:
        record = opened.ledger.mail()
        known_contacts = [each.id for each in opened.loaded.folder.contacts]
        if contact not in known_contacts:
            raise UnknownName("contact", contact, nearest(contact, known_contacts))
        message = named(record, name)
        if message.contact == contact:
            raise CannotTell(f"{message.name} is {contact}'s already", f"See it with `outreach show {contact}`.")
        matched, when, mail = _whose(opened, contact), _by_person(opened), _mail_of(message)
        follow = (
            follows_sorting(mail, message.sorted, matched, when, _sorted_of(message))
            if message.sorted
            else follows(mail, _sorted_of(message), matched, when)
        )
        events = [*_taken_back(opened, record, message), *follow]
        record.give(message.number, contact, BY_HAND, events)
        _follow(opened, events)
        return message


def _follow(opened: Session, events: Iterable[Event]) -> None:
    """Tell clones and other campaigns of a no that was said, or taken back."""
    payloads = [event.payload for event in events]
    numbers = {each.number for each in payloads if isinstance(each, UndonePayload)}
    opened.lift_suppressions([event for event in opened.ledger.events() if event.number in numbers])
    opened.pass_on_suppressions()


def unassign(root: Path, name: str) -> None:
    """Take back whose a message is: it waits in the holding pen again, and what it led to no longer counts.

    Raises UnknownName.
    """
    with session(root) as opened:
        record = opened.ledger.mail()
        message = named(record, name)
        events = list(_taken_back(opened, record, message))
        record.give(message.number, None, None, events)
        _follow(opened, events)


def named(record: MailRecord, name: str) -> KeptMessage:
    """The message that commands call m12, or by its Message-ID. Raises UnknownName."""
    number = name.removeprefix("m")
    found = record.message(int(number)) if number.isdecimal() and len(number) < 10 else None
    found = found or next((each for each in record.messages() if each.key in (name, f"<{name}>")), None)
    if found is None:
        open_ones = [each.name for each in record.messages() if each.proposal or each.contact is None]
        raise UnknownName("message", name, nearest(name, open_ones), open_ones[:20])
    return found


def _by_person(opened: Session) -> When:
    return When(now=opened.now, by=opened.by)


def _whose(opened: Session, contact: str) -> Matched:
    """The contact, with the latest letter to it."""
    past = opened.ledger.past().contacts.get(contact)
    letter = next((each for each in reversed(past.letters) if each.wave), None) if past else None
    if letter is None:
        return Matched(contact=contact, rung=BY_HAND)
    return Matched(
        contact=contact,
        rung=BY_HAND,
        wave=letter.wave,
        step=letter.step,
        letter=letter.message_id,
    )


def _taken_back(opened: Session, record: MailRecord, message: KeptMessage) -> Iterable[Event]:
    """UNDONE for every event that the message led to and that still counts, and every gate that it opened."""
    wanted = set(record.events_of(message.number))
    events = list(opened.ledger.events())
    undone = {event.payload.number for event in events if isinstance(event.payload, UndonePayload)}
    back = [
        event
        for event in events
        if event.number in wanted and event.kind is not EventKind.UNDONE and event.number not in undone
    ]
    gates = opened_by(opened.world(), events, [event.number for event in back]) if back else []
    return [
        opened.event(
            EventKind.UNDONE,
            UndonePayload(number=event.number, of=event.payload.names if event.kind is EventKind.OPENED else None),
            contact=event.contact,
        )
        for event in (*back, *gates)
    ]


def _mail_of(message: KeptMessage) -> Incoming:
    return Incoming(
        message_id=message.key,
        sender=message.sender,
        subject=message.subject,
        at=message.at,
        text=message.text,
        own_text=message.text,
    )


def _sorted_of(message: KeptMessage) -> Sorted:
    return Sorted(kind=message.kind, rule=message.rule, proposed=message.proposed, certain=message.proposal is None)
