"""What follows from a message: the events that make the status true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from outreach.inbox.matching import Known, Sent, bare_subject
from outreach.model.event import Event, EventKind
from outreach.model.mail import Incoming, MailKind, Matched, Sorted
from outreach.model.payload import FromMailPayload, ResolvedPayload

KEPT = 4000
"""Characters of an answer that are kept: what somebody needs to judge it, not an archive."""

_MACHINES = (MailKind.AUTOMATIC, MailKind.TICKET, MailKind.CHALLENGE, MailKind.DELAYED)
_BOUNCES = (MailKind.HARD_BOUNCE, MailKind.SOFT_BOUNCE)


@dataclass(frozen=True, kw_only=True, slots=True)
class When:
    """The aware UTC instant at which a message is read, and who reads it."""

    now: datetime
    by: str

    def at(self, mail: Incoming) -> datetime:
        """When the message was written; a clock that is ahead of ours is not believed."""
        return min(mail.at or self.now, self.now)


def follows(mail: Incoming, sorted_: Sorted, matched: Matched, when: When) -> list[Event]:
    """The events of a message of somebody else's."""
    return list(_follows(mail, sorted_, matched, when))


def _follows(mail: Incoming, sorted_: Sorted, matched: Matched, when: When) -> Iterator[Event]:
    said = (mail.own_text or mail.text)[:KEPT].strip() or mail.subject
    kind = sorted_.kind
    if kind in _BOUNCES:
        report = next((each for each in mail.reports if each.action == "failed"), None)
        address = (report.recipient if report else None) or next(iter(mail.returned_to), None)
        diagnostic = (report.diagnostic if report else "") or said[:300]
        yield _event(EventKind.BOUNCED, mail, matched, when, value=str(kind), address=address, text=diagnostic)
    elif kind in _MACHINES:
        event = _event(
            EventKind.AUTO_REPLIED, mail, matched, when, value=str(kind), address=mail.sender, text=said[:600]
        )
        yield _with_due(event, sorted_)
    elif kind is MailKind.OPT_OUT:
        yield _event(EventKind.OPTED_OUT, mail, matched, when, value=matched.rung, address=mail.sender, text=said)
    else:
        yield _event(EventKind.ANSWERED, mail, matched, when, value=matched.rung, address=mail.sender, text=said)
        if sorted_.proposed is not None:
            yield _event(
                EventKind.PROPOSED, mail, matched, when, value=matched.rung, address=sorted_.proposed, text=said
            )


def evidence(letter: Sent, mail: Incoming, when: When) -> Event:
    """That a letter in doubt did leave: it lies in our own mailbox, or somebody quotes it."""
    return Event.saying(
        EventKind.RESOLVED,
        ResolvedPayload(sent=True, message_id=letter.message_id),
        at=when.at(mail),
        recorded=when.now,
        by=when.by,
        contact=letter.contact,
        wave=letter.wave,
        step=letter.step,
    )


def our_letter(mail: Incoming, known: Known) -> Sent | None:
    """The letter of which this is our own copy. A server that wrote a Message-ID of its own kept ours in References."""
    found = known.by_id.get(mail.message_id)
    if found is not None:
        return found
    for id in mail.answers_to:
        letter = known.by_id.get(id)
        if letter is not None and bare_subject(mail.subject) == bare_subject(letter.subject) == mail.subject.casefold():
            return letter
    return None


def our_replies(mail: Incoming, known: Known, when: When) -> list[Event]:
    """What we wrote ourselves to contacts: it is their turn."""
    contacts = [contact for address in mail.recipients for contact in known.addresses.get(address, ())]
    contacts += [known.writers[address] for address in mail.recipients if address in known.writers]
    contacts += [known.by_id[id].contact for id in mail.answers_to if id in known.by_id]
    contacts += [known.threads[id] for id in mail.answers_to if id in known.threads]
    return [
        Event.saying(
            EventKind.REPLIED_BY_US,
            FromMailPayload(message_id=mail.message_id),
            at=when.at(mail),
            recorded=when.now,
            by=when.by,
            contact=contact,
            address=next(iter(mail.recipients), None),
            text=mail.subject,
        )
        for contact in dict.fromkeys(contacts)
    ]


def _event(
    kind: EventKind, mail: Incoming, matched: Matched, when: When, *, value: str, address: str | None, text: str
) -> Event:
    return Event.saying(
        kind,
        FromMailPayload(by=value, message_id=mail.message_id),
        at=when.at(mail),
        recorded=when.now,
        by=when.by,
        contact=matched.contact,
        wave=matched.wave,
        step=matched.step,
        address=address,
        text=text,
    )


def _with_due(event: Event, sorted_: Sorted) -> Event:
    return replace(event, due=sorted_.away_until)
