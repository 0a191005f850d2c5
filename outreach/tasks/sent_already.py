"""Letters that were sent but are not in this ledger: after a restore, or from a second computer.

A letter's Message-ID follows from campaign, wave, step and contact. So the copies in Sent say which letters left,
whatever the ledger knows, also under a contact's former id and a former domain of the sender.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from outreach.errors import MailboxUnreadable
from outreach.history.address_marks import is_person_token
from outreach.inbox.reading import read_head
from outreach.letters.mime import message_id
from outreach.mail.mailbox import Mailbox
from outreach.model.campaign import Campaign, Transport, Wave
from outreach.model.contact import Contact
from outreach.model.event import Event, EventKind
from outreach.model.ids import LetterId
from outreach.model.payload import LetterPayload
from outreach.model.records import dataclass
from outreach.planning.context import Context
from outreach.planning.recipients import decide
from outreach.planning.touches import MAILBOX_AGE
from outreach.planning.world import World
from outreach.tasks.adapters import mailbox_of
from outreach.tasks.world import Session

VIA = "sent"
"""The `via` of a letter of which only the copy in Sent is known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """The copy of a letter: when it was dated (aware UTC), where it went, and its subject."""

    letter: LetterId
    message_id: str
    at: datetime
    address: str
    subject: str


def copies_of(opened: Session, world: World, mailbox: Mailbox) -> list[Copy]:
    """The copies of letters that the ledger does not know, the earliest of each. Raises MailboxUnreadable."""
    wanted = _unknown_letters(world)
    found: dict[LetterId, Copy] = {}
    if not wanted:
        return []
    record = opened.ledger.mail()
    cursors = {folder: record.cursor(mailbox.account, folder) for folder in mailbox.folders()}
    for head in mailbox.copies(wanted, cursors, lambda folder, name: record.has_file(mailbox.account, folder, name)):
        mail = read_head(head.head)
        ids = (mail.message_id, *mail.answers_to)
        letter = next((wanted[local] for id in ids if (local := local_part(id)) in wanted), None)
        if letter is None or (letter in found and mail.at and found[letter].at <= mail.at):
            continue
        found[letter] = Copy(
            letter=letter,
            message_id=mail.message_id,
            at=min(mail.at or opened.now, opened.now),
            address=next(iter(mail.recipients), ""),
            subject=mail.subject,
        )
    return list(found.values())


def left_already(opened: Session, world: World) -> dict[str, datetime]:
    """Letters (`WAVE/CONTACT/STEP`) that this ledger does not know and whose copies are in Sent, and since when.

    Raises MailboxUnreadable if Sent cannot be looked at and was not within a day: then nothing may leave.
    """
    account = opened.campaign.accounts.mail
    if not sees_sent(opened.campaign):
        return {}
    try:
        found: dict[str, datetime] = {}
        for each in account.each_inbox():
            mailbox = mailbox_of(each, opened.root)
            try:
                found |= {str(copy.letter): copy.at for copy in copies_of(opened, world, mailbox)}
            finally:
                mailbox.close()
        return found
    except MailboxUnreadable:
        read = world.past.mailbox_read
        if read is not None and opened.now - read <= MAILBOX_AGE:
            return {}
        raise


def sees_sent(campaign: Campaign) -> bool:
    """Whether the campaign's mailbox shows what left: one is named, and letters leave."""
    account = campaign.accounts.mail
    return account.inbox is not None and account.transport is not Transport.OUTBOX


def record_copies(opened: Session, copies: list[Copy]) -> None:
    """Write down that these letters left, with their receipts."""
    if not copies:
        return
    with opened.ledger.writing():
        opened.ledger.append_all(_left(opened, copy) for copy in copies)
        opened.ledger.add_receipts(
            opened.receipt(each.letter, at=each.at, via=VIA, proof=each.message_id, address=each.address)
            for each in copies
        )


def local_part(id: str) -> str:
    """What is before the @ of a Message-ID, without the bracket."""
    return id.partition("@")[0].lstrip("<")


def _left(opened: Session, copy: Copy) -> Event:
    return Event.saying(
        EventKind.ADOPTED,
        LetterPayload(via=VIA, message_id=copy.message_id),
        at=copy.at,
        recorded=opened.now,
        by="outreach",
        letter=copy.letter,
        address=copy.address or None,
        text=copy.subject,
    )


def _unknown_letters(world: World) -> dict[str, LetterId]:
    """The letters that the plan would write and the ledger does not know, by the local part of their Message-ID."""
    decided = decide(Context(replace(world, verdicts=None)))
    return dict(pair for each in decided.recipients if not each.step for pair in _of(world, each.wave, each.contact))


def _of(world: World, wave: Wave, contact: Contact) -> Iterator[tuple[str, LetterId]]:
    past = world.past.contacts.get(contact.id)
    known = {letter.step for letter in past.letters if letter.wave == wave.id} if past else set()
    for step in range(1 + (wave.follow_up.times if wave.follow_up else 0)):
        if step not in known:
            for name in (contact.id, *(each for each in contact.was if not is_person_token(each))):
                id = message_id(world.campaign.id, wave.id, name, step, "x")
                yield local_part(id), LetterId(wave=wave.id, contact=contact.id, step=step)
