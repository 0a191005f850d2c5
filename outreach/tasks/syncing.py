"""`outreach sync`: reads the mailbox, so that the status is true without anybody typing it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from outreach.connections.secrets import Secrets
from outreach.errors import CannotTell, UnknownName
from outreach.inbox.following import KEPT, When, evidence, follows, our_letter, our_replies
from outreach.inbox.matching import Known, Sent, is_about_us, known, match, may_concern
from outreach.inbox.reading import read, read_head
from outreach.inbox.sorting import sort
from outreach.ledger.mail import MailRecord
from outreach.ledger.receipts import hand_on
from outreach.mail.mailbox import Letterhead, Mailbox
from outreach.model.campaign import Campaign
from outreach.model.event import Event, EventKind
from outreach.model.ids import LetterId
from outreach.model.mail import Incoming, KeptMessage, MailKind, Matched, Sorted
from outreach.model.past import Past, SentLetter
from outreach.model.payload import UndonePayload
from outreach.planning.gates import opened_by
from outreach.tasks.adapters import mailbox_of
from outreach.tasks.campaign import Loaded
from outreach.tasks.proofs import receipt_for
from outreach.tasks.world import Session, session
from outreach.words.suggestions import nearest

_WRITTEN = (MailKind.ANSWER, MailKind.WRONG_PERSON, MailKind.OPT_OUT)
AT_ONCE = 200
"""Messages after which how far it was read is written down."""
BY_HAND = "a person said so"


@dataclass(kw_only=True, slots=True)
class SyncResult:
    """What a sync found that was new: messages looked at, those that mattered by kind, letters no longer in doubt.

    `malformed` are the places of messages that could not be read; nothing stops for them.
    """

    looked_at: int = 0
    kinds: Counter[MailKind] = field(default_factory=Counter)
    matched: list[tuple[MailKind, Matched]] = field(default_factory=list)
    resolved: list[str] = field(default_factory=list)
    malformed: list[str] = field(default_factory=list)
    waiting: int = 0


def sync(root: Path, *, loaded: Loaded | None = None) -> SyncResult:
    """Read what is new in the mailbox, sort and match it, and write down what follows.

    Asking again changes nothing. Raises MailboxUnreadable (then follow-ups stay held), CampaignUnreadable, and what
    the ledger raises.
    """
    with session(root, loaded) as opened:
        mailbox = mailbox_of(opened.campaign.accounts.mail, root, Secrets(dict(os.environ)))
        try:
            reader = _Reader(opened, mailbox)
            for folder in mailbox.folders():
                reader.read(folder)
        finally:
            mailbox.close()
        opened.record(EventKind.MAILBOX_READ)
        hand_on(opened.ledger, root)
        reader.result.waiting = reader.record.count_waiting()
        return reader.result


class _Reader:
    """Reads folders into the ledger, each message once, whatever folders it lies in."""

    def __init__(self, opened: Session, mailbox: Mailbox) -> None:
        self._opened = opened
        self._mailbox = mailbox
        self._when = When(now=opened.now, by="outreach")
        self.record: MailRecord = opened.ledger.mail()
        self.result = SyncResult()
        self._own: list[tuple[Incoming, str]] = []
        self._know()

    def _know(self) -> None:
        world = self._opened.world()
        self._past: Past = world.past
        self._known: Known = known(world.contacts, world.past.contacts, _our_addresses(world.campaign))
        for message in self.record.messages():
            if message.contact is not None and message.kind in _WRITTEN:
                self._known.threads[message.key] = message.contact
                self._known.writers[message.sender] = message.contact

    def read(self, folder: str) -> None:
        account = self._mailbox.account
        cursor = self.record.cursor(account, folder)
        names: list[str] = []
        found = self._mailbox.new_messages(folder, cursor, lambda name: self.record.has_file(account, folder, name))
        for number, head in enumerate(found, start=1):
            self._take(head)
            cursor = head.cursor or cursor
            names += [head.name] if head.name else []
            if number % AT_ONCE == 0:
                self._keep(folder, cursor, names)
        self._keep(folder, cursor, names)

    def _keep(self, folder: str, cursor: str | None, names: list[str]) -> None:
        """What we wrote comes after what it answers; then how far the folder was read."""
        for mail, place in self._own:
            self._take_ours(mail, place)
        self._own.clear()
        with self._opened.ledger.writing():
            if cursor is not None:
                self.record.keep_cursor(self._mailbox.account, folder, cursor)
            self.record.keep_files(self._mailbox.account, folder, names)
        names.clear()

    def _take(self, head: Letterhead) -> None:
        self.result.looked_at += 1
        try:
            mail = read_head(head.head)
            if not may_concern(mail, self._known):
                return
            if mail.sender not in self._known.ours:
                mail = read(head.whole())
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError):
            # The mail parser of the standard library raises any of these for mail that is broken in a new way.
            self.result.malformed.append(head.place)
            return
        if self.record.knows(mail.message_id):
            return
        if mail.sender in self._known.ours:
            self._own.append((mail, head.place))
        else:
            self._sort(mail, head.place)

    def _sort(self, mail: Incoming, place: str) -> None:
        sorted_, matched = sort(mail), match(mail, self._known)
        if matched is None:
            if is_about_us(mail, self._known) and self._store(mail, place, sorted_, None):
                self.result.kinds[sorted_.kind] += 1
            return
        letter = self._known.by_id.get(matched.letter) if matched.letter else None
        if self._store(mail, place, sorted_, matched, follows(mail, sorted_, matched, self._when), letter):
            self.result.kinds[sorted_.kind] += 1
            self.result.matched.append((sorted_.kind, matched))
        if sorted_.kind in _WRITTEN:
            self._known.learn(mail, matched.contact)

    def _take_ours(self, mail: Incoming, place: str) -> None:
        if self.record.knows(mail.message_id):
            return
        letter = our_letter(mail, self._known)
        if letter is not None:
            if self._in_doubt(letter):
                rule = Sorted(kind=MailKind.OURS, rule="our letter in our own mailbox")
                self._store(mail, place, rule, _matched(letter, "its own copy"), letter=letter)
            return
        events = our_replies(mail, self._known, self._when)
        if events:
            matched = Matched(contact=events[0].contact or "", rung="we wrote to them")
            if self._store(mail, place, Sorted(kind=MailKind.OURS, rule="from our own address"), matched, events):
                self.result.kinds[MailKind.OURS] += 1

    def _in_doubt(self, letter: Sent | None) -> SentLetter | None:
        """The letter as the past knows it, where it is in doubt and this run has not ended that."""
        past = self._past.contacts.get(letter.contact) if letter else None
        if letter is None or past is None or str(_id(letter)) in self.result.resolved:
            return None
        doubts = (each for each in past.letters if each.kind is EventKind.IN_DOUBT)
        return next((each for each in doubts if (each.wave, each.step) == (letter.wave, letter.step)), None)

    def _store(
        self,
        mail: Incoming,
        place: str,
        sorted_: Sorted,
        matched: Matched | None,
        events: Iterable[Event] = (),
        letter: Sent | None = None,
    ) -> bool:
        """Keep a message with what follows; False where another `sync`, at work beside this one, has it already.

        Where `letter` was in doubt, the message proves that it left: that is written down with it.
        """
        message = KeptMessage(
            key=mail.message_id,
            place=place,
            kind=sorted_.kind,
            rule=sorted_.rule,
            rung=matched.rung if matched else None,
            contact=matched.contact if matched else None,
            at=self._when.at(mail),
            sender=mail.sender,
            subject=mail.subject[:300],
            text=(mail.own_text or mail.text)[:KEPT],
            proposed=sorted_.proposed,
        )
        doubt = self._in_doubt(letter)
        if letter is None or doubt is None:
            return self.record.keep(message, events, self._when.now) is not None
        receipt = receipt_for(
            self._opened, _id(letter), at=doubt.at, via="mailbox", proof=letter.message_id, address=doubt.address
        )
        with self._opened.ledger.writing():
            proof = evidence(letter, mail, self._when)
            if self.record.keep(message, [proof, *events], self._when.now) is None:
                return False
            self._opened.ledger.add_receipts([receipt])
        self.result.resolved.append(str(_id(letter)))
        return True


def _id(letter: Sent) -> LetterId:
    return LetterId(wave=letter.wave, contact=letter.contact, step=letter.step)


def _matched(letter: Sent, rung: str) -> Matched:
    return Matched(contact=letter.contact, wave=letter.wave, step=letter.step, letter=letter.message_id, rung=rung)


def _our_addresses(campaign: Campaign) -> list[str]:
    account = campaign.accounts.mail
    named = [
        campaign.sender.email,
        campaign.sender.reply_to,
        account.user,
        account.inbox.user if account.inbox else None,
    ]
    return [address for address in named if address and "@" in address]


# --- unmatched mail ----------------------------------------------------------------------------------


def assign(root: Path, name: str, contact: str) -> KeptMessage:
    """Say whose a message is, in the holding pen or wrongly matched before. Raises UnknownName, CannotTell."""
    with session(root) as opened:
        record = opened.ledger.mail()
        known_contacts = [each.id for each in opened.loaded.folder.contacts]
        if contact not in known_contacts:
            raise UnknownName("contact", contact, nearest(contact, known_contacts))
        message = _named(record, name)
        if message.contact == contact:
            raise CannotTell(f"m{message.number} is {contact}'s already", f"See it with `outreach show {contact}`.")
        past = opened.ledger.past().contacts.get(contact)
        letter = next((each for each in reversed(past.letters) if each.wave), None) if past else None
        matched = Matched(
            contact=contact,
            rung=BY_HAND,
            wave=letter.wave if letter else None,
            step=letter.step if letter else None,
            letter=letter.message_id if letter else None,
        )
        when = When(now=opened.now, by=opened.by)
        events = [
            *_taken_back(opened, record, message),
            *follows(_mail_of(message), _sorted_of(message), matched, when),
        ]
        record.give(message.number, contact, BY_HAND, events)
        return message


def _named(record: MailRecord, name: str) -> KeptMessage:
    number = name.removeprefix("m")
    found = record.message(int(number)) if number.isdecimal() else None
    found = found or next((each for each in record.messages() if each.key in (name, f"<{name}>")), None)
    if found is None:
        waiting = [f"m{each.number}" for each in record.waiting()]
        raise UnknownName("message", name, nearest(name, waiting), waiting)
    return found


def _taken_back(opened: Session, record: MailRecord, message: KeptMessage) -> list[Event]:
    """UNDONE for every event that the message led to under another contact, and every gate that it opened."""
    wanted = set(record.events_of(message.number))
    events = list(opened.ledger.events())
    back = [event for event in events if event.number in wanted and event.kind is not EventKind.UNDONE]
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
    return Sorted(kind=message.kind, rule=message.rule, proposed=message.proposed)
