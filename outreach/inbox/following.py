"""What follows from a message: the events that make the status true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from outreach.inbox.known import Known, Sent
from outreach.inbox.sorting import is_mass_mail
from outreach.inbox.subjects import bare_subject, is_reply
from outreach.model.event import Event, EventKind
from outreach.model.mail import BOUNCES, Incoming, MailKind, Matched, Sorted, SortWord
from outreach.model.past import BY_LAW
from outreach.model.payload import FromMailPayload, OutcomePayload, PlainPayload, ResolvedPayload
from outreach.model.records import dataclass
from outreach.words.retention import kept_until

KEPT = 4000
"""Characters of an answer that are kept: what somebody needs to judge it, not an archive."""

WRITTEN = (MailKind.ANSWER, MailKind.WRONG_PERSON, MailKind.OPT_OUT, MailKind.DATA_REQUEST)
"""Kinds of messages that a person wrote."""
_MACHINES = (MailKind.AUTOMATIC, MailKind.TICKET, MailKind.CHALLENGE, MailKind.DELAYED)
_ANSWERED_TOO = (MailKind.OPT_OUT, MailKind.DATA_REQUEST)
"""What is an answer until somebody confirms what it seems to be."""
_CLOCKS = timedelta(minutes=2)
"""Two clocks may differ by so much; dates of messages have no fractions of seconds either."""
ONE_MONTH = "1mo"
"""Within a month somebody who asks for their data, or to be deleted, gets an answer (GDPR 12.3)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class When:
    """The aware UTC instant at which a message is read, and who reads it."""

    now: datetime
    by: str

    def at(self, mail: Incoming, letter: datetime | None = None) -> datetime:
        """When the message was written: not in the future, and not before the `letter` that it answers."""
        written = min(mail.at or self.now, self.now)
        return written if letter is None else max(written, letter + timedelta(microseconds=1))


def is_out_of_scope(mail: Incoming, sorted_: Sorted, matched: Matched, known: Known) -> bool:
    """Whether a message outside any thread has nothing to do with us: older than our letter, or sent to many."""
    if matched.thread or matched.proof:
        return False
    since = known.since(matched.contact)
    if since is None or (mail.at is not None and mail.at < since - _CLOCKS):
        return True
    return sorted_.kind in WRITTEN and is_mass_mail(mail, known.us.names) and not mail.invites


def follows(mail: Incoming, sorted_: Sorted, matched: Matched, when: When) -> list[Event]:
    """The events of a message of somebody else's."""
    return list(_follows(mail, sorted_, _Says(mail=mail, matched=matched, when=when)))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Says:
    """A message, whose it is, and when: what all of its events have in common."""

    mail: Incoming
    matched: Matched
    when: When

    def event(self, kind: EventKind, *, sign: str = "", address: str | None = None, text: str | None = None) -> Event:
        return Event.saying(
            kind,
            FromMailPayload(by=sign or self.matched.rung, message_id=self.mail.message_id),
            at=self.when.at(self.mail, self.matched.at),
            recorded=self.when.now,
            by=self.when.by,
            contact=self.matched.contact,
            wave=self.matched.wave,
            step=self.matched.step,
            address=(self.mail.sender if address is None else address) or None,
            text=self.said if text is None else text,
        )

    @property
    def said(self) -> str:
        return (self.mail.own_text or self.mail.text)[:KEPT].strip() or self.mail.subject


def _follows(mail: Incoming, sorted_: Sorted, says: _Says) -> Iterator[Event]:
    kind = sorted_.kind
    if kind in BOUNCES:
        yield _undelivered(mail, sorted_, says)
    elif not sorted_.certain:
        if kind in _ANSWERED_TOO:
            yield says.event(EventKind.ANSWERED)
        yield replace(says.event(EventKind.TO_SORT, sign=str(sorted_.proposal)), due=sorted_.away_until)
    elif kind in _MACHINES:
        event = says.event(EventKind.AUTO_REPLIED, sign=str(kind), text=says.said[:600])
        yield replace(event, due=sorted_.away_until)
    elif kind is MailKind.OPT_OUT:
        yield says.event(EventKind.OPTED_OUT)
    else:
        yield says.event(EventKind.ANSWERED)
        if sorted_.proposed is not None:
            yield says.event(EventKind.PROPOSED, address=sorted_.proposed)


def _undelivered(mail: Incoming, sorted_: Sorted, says: _Says) -> Event:
    """A dead address, a letter that came back although its address may be good, or what only seems to be either."""
    report = next((each for each in mail.reports if each.diagnostic or each.recipient), None)
    address = (report.recipient if report else "") or next(iter(mail.returned_to), "")
    diagnostic = (report.diagnostic if report else "") or says.said[:300]
    if not sorted_.certain:
        return says.event(EventKind.TO_SORT, sign="bounce", address=address, text=diagnostic)
    if sorted_.kind is MailKind.SOFT_BOUNCE:
        return says.event(EventKind.CAME_BACK, sign=sorted_.cause, address=address, text=diagnostic)
    how = f"{sorted_.kind} unverified" if says.matched.proof == "unverified" else str(sorted_.kind)
    return says.event(EventKind.BOUNCED, sign=how, address=address, text=diagnostic)


def follows_sorting(mail: Incoming, word: SortWord, matched: Matched, when: When, sorted_: Sorted) -> list[Event]:
    """The events of a message of which a person said what it is."""
    says = _Says(mail=mail, matched=matched, when=when)
    match word:
        case "automatic":
            return [replace(says.event(EventKind.AUTO_REPLIED, sign="automatic"), due=sorted_.away_until)]
        case "opt-out":
            no = says.event(EventKind.OPTED_OUT)
            wants = "(GDPR 17" in sorted_.rule
            return [no, *([_by_law(no, f"17: erase them (outreach erase {no.contact})")] if wants else [])]
        case "bounce":
            return [
                says.event(EventKind.BOUNCED, sign=str(MailKind.HARD_BOUNCE), address=next(iter(mail.returned_to), ""))
            ]
        case "not-for-us":
            return []
    answered = says.event(EventKind.ANSWERED)
    if word == "wrong-contact":
        outcome = OutcomePayload(word="wrong-contact")
        events = [answered, _noted(EventKind.OUTCOME, answered, outcome)]
        return events + ([says.event(EventKind.PROPOSED, address=sorted_.proposed)] if sorted_.proposed else [])
    if word == "data-request":
        return [
            answered,
            _by_law(answered, "15: send them the data that you keep about them (outreach access-request)"),
        ]
    return [answered]


def _by_law(asked: Event, what: str) -> Event:
    """A task until one month after they asked (GDPR Art. 12(3))."""
    promise = _noted(EventKind.PROMISE, asked, None)
    return replace(promise, due=kept_until(asked.at.date(), ONE_MONTH), text=f"{BY_LAW} {what}")


def _noted(kind: EventKind, answered: Event, payload: OutcomePayload | None) -> Event:
    """What goes along with an answer, at the same instant."""
    said = payload or PlainPayload()
    return Event.saying(
        kind, said, at=answered.at, recorded=answered.recorded, by=answered.by, contact=answered.contact
    )


def evidence(letter: Sent, mail: Incoming, when: When) -> Event:
    """That a letter in doubt did leave: it is in our own mailbox, or somebody quotes it."""
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
        same = letter is not None and bare_subject(mail.subject) == bare_subject(letter.subject)
        if same and not is_reply(mail.subject):
            return letter
    return None


def our_replies(mail: Incoming, known: Known, when: When) -> list[Event]:
    """What one of us wrote to contacts: it is their turn. What we write to one another is nobody's turn."""
    theirs = [address for address in mail.recipients if not known.is_ours(address)]
    contacts = [contact for address in theirs for contact in known.addresses.get(address, ())]
    contacts += [known.writers[address] for address in theirs if address in known.writers]
    if theirs:
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
            address=next(iter(theirs), None),
            text=mail.subject,
        )
        for contact in dict.fromkeys(contacts)
        if _is_new(mail, known, contact)
    ]


def _is_new(mail: Incoming, known: Known, contact: str) -> bool:
    """Whether what we wrote belongs to this campaign: in a thread, or since its first letter to the contact."""
    if any(id in known.by_id or id in known.threads for id in mail.answers_to):
        return True
    since = known.since(contact)
    return since is not None and (mail.at is None or mail.at >= since)
