"""The numbers of the replies to a contact, and which of them left."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from outreach.ledger.blobs import kept_if_there
from outreach.letters.mime import envelope
from outreach.model.contact import Contact
from outreach.model.event import Event, EventKind
from outreach.model.ids import REPLY
from outreach.model.past import ContactPast, SentLetter
from outreach.model.payload import ReplyPayload
from outreach.tasks.world import Session


def numbered_replies(
    opened: Session, contact: Contact, past: ContactPast
) -> list[tuple[int, Event, SentLetter | None]]:
    """The replies to a contact: the number of each, what was written last, and the letter that it became.

    Of two contacts that became one both may have a first reply: the second of them has the next number that is free.
    """
    events, letters = replies_written_to(opened, contact), replies_left(past)
    begun: dict[tuple[int, object], list[Event]] = {}
    for event in events:
        begun.setdefault((event.step or 0, answers_of(event)), []).append(event)
    left = {key: next(filter(None, (_left_as(opened, each, letters) for each in begun[key])), None) for key in begun}
    newest = {answers: step for step, answers in begun}
    taken, found = {each.step for each in letters}, []
    for (step, answers), letter in left.items():
        if letter is None and newest[answers] != step:
            continue  # it was written again under another number
        number = letter.step if letter else step
        if letter is None and number in taken:
            number = next(n for n in count(1) if n not in taken and not any(n == other for other, _ in begun))
        taken.add(number)
        found.append((number, begun[step, answers][-1], letter))
    return found


def replies_written_to(opened: Session, contact: Contact) -> list[Event]:
    """What was written to a contact as a reply, also under its former ids."""
    names = (contact.id, *contact.was)
    return [each for each in opened.ledger.of_kind(EventKind.REPLY_WRITTEN) if each.contact in names]


def replies_left(past: ContactPast) -> list[SentLetter]:
    """The replies that were sent, or may have been, or lie in drafts."""
    return [each for each in past.letters if each.wave == REPLY and each.kind is not EventKind.REFUSED]


def answers_of(event: Event) -> object:
    """The key of the message that a written reply answers."""
    return event.payload.stored()[0]


def _left_as(opened: Session, written: Event, letters: Iterable[SentLetter]) -> SentLetter | None:
    """The letter that a written reply became: by its Message-ID, by its number where that is not known of one."""
    said = written.payload
    assert isinstance(said, ReplyPayload)
    frozen = kept_if_there(opened.root, said.digest)
    id = envelope(frozen).message_id if frozen else ""
    same = (each for each in letters if id and each.message_id == id)
    unsure = (each for each in letters if each.step == written.step and (not id or not each.message_id))
    return next(same, None) or next(unsure, None)
