"""`outreach sync`: reads the mailbox, so that the status is true without anybody typing it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from outreach.connections.secrets import Secrets
from outreach.errors import FolderUnreadable, FrozenBytesLost, MailboxUnreadable
from outreach.history.reducers import DRAFTS
from outreach.inbox.authentication import findings, in_words
from outreach.inbox.following import (
    KEPT,
    WRITTEN,
    When,
    evidence,
    follows,
    is_out_of_scope,
    our_letter,
    our_replies,
)
from outreach.inbox.html_words import text_of_html
from outreach.inbox.known import Known, Sent, known, who_we_are
from outreach.inbox.matching import by_token, is_about_us, match, may_concern, with_words
from outreach.inbox.quoting import own_text
from outreach.inbox.reading import read, read_head
from outreach.inbox.sorting import answers_reach_list, sort
from outreach.inbox.strangers import Strangers
from outreach.ledger.blobs import kept
from outreach.ledger.mail import MailRecord
from outreach.ledger.receipts import hand_on
from outreach.letters.mime import view
from outreach.mail.mailbox import Letterhead, Mailbox
from outreach.model.campaign import Campaign
from outreach.model.event import Event, EventKind
from outreach.model.ids import LetterId
from outreach.model.mail import Incoming, KeptMessage, MailKind, Matched, Sorted
from outreach.model.past import Past, SentLetter
from outreach.model.records import dataclass
from outreach.planning.world import World
from outreach.tasks.adapters import mailbox_of
from outreach.tasks.approval_answers import Asks, first_asked
from outreach.tasks.campaign import Loaded
from outreach.tasks.draft_fates import DraftFate, draft_fates, record_fates
from outreach.tasks.progress import report
from outreach.tasks.sent_already import copies_of, record_copies
from outreach.tasks.suppressing import Forgotten
from outreach.tasks.world import Session, session
from outreach.words.wall_time import resolve, zone

AT_ONCE = 1_000
"""Messages after which how far it was read is written down."""
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError)
"""The mail parser of the standard library raises any of these for mail that is broken in a new way."""
_UNREADABLE = Sorted(kind=MailKind.ANSWER, rule="it cannot be read here: open it in your mail program")


@dataclass(kw_only=True, slots=True)
class SyncResult:
    """What a sync found that was new: messages looked at, those that mattered by kind, letters no longer in doubt.

    `malformed` are the places of messages that could not be read, `unread` folders; nothing stops for them. `adopted`
    are letters of which only the copy in Sent was known, `drafts` what is new of the drafts in our mailbox. `trouble`
    is why one of several mailboxes could not be read.
    """

    looked_at: int = 0
    kinds: Counter[MailKind] = field(default_factory=Counter)
    matched: list[tuple[Sorted, Matched]] = field(default_factory=list)
    resolved: list[str] = field(default_factory=list)
    adopted: list[str] = field(default_factory=list)
    drafts: list[DraftFate] = field(default_factory=list)
    malformed: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    waiting: int = 0
    trouble: MailboxUnreadable | None = None


def sync(root: Path, *, loaded: Loaded | None = None) -> SyncResult:
    """Read what is new in the mailboxes, sort and match it, and write down what follows.

    Asking again changes nothing. Raises MailboxUnreadable if no mailbox can be read; where some can, the result
    says which cannot. Either way follow-ups stay held. Raises CampaignUnreadable, and what the ledger raises.
    """
    with session(root, loaded) as opened, ExitStack() as stack:
        account, secrets = opened.campaign.accounts.mail, Secrets(dict(os.environ))
        result, troubles, boxes = SyncResult(), list[MailboxUnreadable](), list[tuple[Mailbox, str | None]]()
        accounts, world = list(account.each_inbox()) or [account], opened.world()
        for each in accounts:
            try:
                is_own = each.inbox == account.inbox  # the one into whose drafts letters go
                if is_own and (drafts := record_fates(opened, draft_fates(opened, world, secrets))):
                    result.drafts, world = drafts, opened.world()
                mailbox = mailbox_of(each, root, secrets)
                stack.callback(mailbox.close)
                if copies := copies_of(opened, world, mailbox):
                    record_copies(opened, copies)
                    result.adopted += [str(copy.letter) for copy in copies]
                    world = opened.world()
                boxes.append((mailbox, each.inbox.checked_by if each.inbox else None))
            except MailboxUnreadable as trouble:
                troubles.append(trouble)
        if since := _first_day(opened, world):
            _read_mailboxes(opened, boxes, since, result, troubles)
        if len(troubles) == len(accounts):
            raise troubles[0]
        result.trouble = troubles[0] if troubles else None
        if not troubles:
            opened.record(EventKind.MAILBOX_READ)
        hand_on(opened.ledger, root)
        opened.pass_on_suppressions()
        result.waiting = opened.ledger.mail().count_waiting()
        return result


def _read_mailboxes(
    opened: Session,
    boxes: Iterable[tuple[Mailbox, str | None]],
    since: date,
    result: SyncResult,
    troubles: list[MailboxUnreadable],
) -> None:
    """Read them all, first what was sent from them: it is ours, also where a copy of it is in an inbox.

    Beside each mailbox stands the name by which its server signs what it finds out about senders.
    """
    sent: list[tuple[Mailbox, str | None, dict[str, list[Letterhead]]]] = []
    for mailbox, checked_by in boxes:
        try:
            sent.append((mailbox, checked_by, _in_sent(opened, mailbox, since)))
        except MailboxUnreadable as trouble:
            troubles.append(trouble)
    ours = {id for _, _, folders in sent for heads in folders.values() for head in heads if (id := _id_in(head))}
    for mailbox, checked_by, folders in sent:
        try:
            reader = _Reader(opened, mailbox, result, ours, checked_by)
            for folder in mailbox.folders():
                reader.read(folder, since, folders.get(folder))
        except MailboxUnreadable as trouble:
            troubles.append(trouble)


def _in_sent(opened: Session, mailbox: Mailbox, since: date) -> dict[str, list[Letterhead]]:
    """What is new in the folders for what was sent; one that cannot be opened is named when its turn comes."""
    found = {}
    for folder in filter(mailbox.is_sent, mailbox.folders()):
        with suppress(FolderUnreadable):
            found[folder] = list(_new(opened.ledger.mail(), mailbox, folder, since))
    return found


def _new(record: MailRecord, mailbox: Mailbox, folder: str, since: date | None) -> Iterator[Letterhead]:
    cursor = record.cursor(mailbox.account, folder)
    return mailbox.new_messages(folder, cursor, lambda name: record.has_file(mailbox.account, folder, name), since)


def _id_in(head: Letterhead) -> str:
    with suppress(*_BROKEN):
        return read_head(head.head).message_id
    return ""


class _Reader:
    """Reads folders into the ledger, each message once, whatever folders it is in."""

    def __init__(
        self, opened: Session, mailbox: Mailbox, result: SyncResult, ours: Collection[str], checked_by: str | None
    ) -> None:
        """`ours` are the Message-IDs of what is in the Sent folders of all mailboxes."""
        self._opened = opened
        self._checked_by = checked_by
        self._ours = ours
        self._mailbox = mailbox
        self._when = When(now=opened.now, by="outreach")
        self.record: MailRecord = opened.ledger.mail()
        self.result = result
        self._own: list[tuple[Incoming, Letterhead]] = []
        self._forgotten = Forgotten(opened.root)
        self._asks = Asks(opened)
        self._know()

    def _know(self) -> None:
        world = self._opened.world()
        campaign = world.campaign
        self._past: Past = world.past
        answered, names = zip(*((each.reply_to, each.name) for each in campaign.everybody), strict=True)
        us = who_we_are(_our_addresses(campaign), campaign.team, answered, names)
        self._known: Known = known(world.contacts, world.past.contacts, us, first_start(world), world.address_keys)
        self._strangers = Strangers(self._known, self._ours)
        self._digests = self._opened.ledger.sent_digests()
        self._texts: dict[str, tuple[str, ...]] = {}
        for message in self.record.messages():
            if message.contact is not None and message.sender and message.kind in (*WRITTEN, MailKind.OURS):
                self._known.threads[message.key] = message.contact
                if message.kind in WRITTEN:
                    self._known.writers[message.sender] = message.contact

    def read(self, folder: str, since: date, heads: Iterable[Letterhead] | None) -> None:
        """Read what is new in a folder; one that cannot be opened is named, unless it is where answers arrive.

        `heads` is what is new there, where that was read already.
        """
        try:
            self._read(folder, _new(self.record, self._mailbox, folder, since) if heads is None else heads)
        except FolderUnreadable as error:
            if folder.casefold() == "inbox":
                raise
            self.result.unread.append(error.folder)

    def _read(self, folder: str, heads: Iterable[Letterhead]) -> None:
        cursor = self.record.cursor(self._mailbox.account, folder)
        names: list[str] = []
        for number, head in enumerate(heads, start=1):
            self._take(head)
            report("messages", self.result.looked_at)
            cursor = head.cursor or cursor
            names += [head.name] if head.name else []
            if number % AT_ONCE == 0:
                self._keep(folder, cursor, names)
        self._keep(folder, cursor, names)

    def _keep(self, folder: str, cursor: str | None, names: list[str]) -> None:
        """What we wrote comes after what it answers; then how far the folder was read."""
        for mail, head in self._own:
            self._take_ours(mail, head)
        self._own.clear()
        with self._opened.ledger.writing():
            if cursor is not None:
                self.record.keep_cursor(self._mailbox.account, folder, cursor)
            self.record.keep_files(self._mailbox.account, folder, names)
        names.clear()

    def _take(self, head: Letterhead) -> None:
        self.result.looked_at += 1
        if not head.is_sent and not self._asks.are_open and self._strangers.has(head.head):
            return
        try:
            mail = read_head(head.head)
            if self._forgotten.covers((mail.sender, *mail.recipients), mail.at):
                return
            if (kind := self._asks.take(mail, head, self._checked_by)) is not None:
                self.result.kinds[kind] += 1
                return
            is_ours = head.is_sent or mail.message_id in self._ours or self._known.is_ours(mail.sender)
            if not is_ours and not may_concern(mail, self._known):
                return
        except _BROKEN:
            self.result.malformed.append(head.place)
            return
        if is_ours and not mail.from_daemon:  # whoever of us wrote what is in a shared Sent folder
            if not self.record.knows(mail.message_id):
                self._own.append((mail, head))
            return
        whole: Incoming | None = None
        with suppress(*_BROKEN):
            whole = read(head.whole())
        if not self.record.knows(mail.message_id):
            self._sort(whole or mail, head, is_whole=whole is not None)

    def _sort(self, mail: Incoming, head: Letterhead, *, is_whole: bool) -> None:
        mail = replace(mail, at=min(mail.at or self._when.now, self._when.now))
        matched, sorted_ = match(mail, self._known), _UNREADABLE
        try:
            if matched is not None and is_whole:
                written = self._written_to(matched.contact)
                mail = replace(mail, own_text=own_text(mail.text, written))
                matched = with_words(mail, matched, self._known, written)
            if (unsubscribes := by_token(mail, self._known) is not None) or is_whole:
                sorted_ = sort(mail, matched, unsubscribes=unsubscribes, names=self._known.us.names)
        except _BROKEN:
            sorted_ = _UNREADABLE
        if sorted_ is _UNREADABLE:
            self.result.malformed.append(head.place)
        if self._checked_by and (checked := in_words(findings(head.head, self._checked_by), self._checked_by)):
            sorted_ = replace(sorted_, rule=f"{sorted_.rule}; {checked}")
        if to_list := answers_reach_list(mail):
            sorted_ = replace(sorted_, rule=f"{sorted_.rule}; {to_list}")
        if matched is not None and is_out_of_scope(mail, sorted_, matched, self._known):
            return
        if matched is None:
            if is_about_us(mail, self._known) and self._store(mail, head.place, sorted_, None):
                self.result.kinds[sorted_.kind] += 1
            return
        letter = self._known.by_id.get(matched.letter) if matched.letter else None
        if self._store(mail, head.place, sorted_, matched, follows(mail, sorted_, matched, self._when), letter):
            self.result.kinds[sorted_.kind] += 1
            self.result.matched.append((sorted_, matched))
        if sorted_.kind in WRITTEN:
            self._known.learn(mail, matched.contact)

    def _written_to(self, contact: str) -> tuple[str, ...]:
        """What our letters to a contact say, as text and as HTML shows it: none of it is theirs."""
        if contact not in self._texts:
            found: list[str] = []
            for id, digest in self._digests.items():
                if id.contact == contact:
                    with suppress(FrozenBytesLost, ValueError, LookupError, AttributeError):
                        seen = view(kept(self._opened.root, digest))
                        found += [seen.text, *([text_of_html(seen.html)] if seen.html else [])]
            self._texts[contact] = tuple(found)
        return self._texts[contact]

    def _take_ours(self, mail: Incoming, head: Letterhead) -> None:
        if self.record.knows(mail.message_id):
            return
        letter = our_letter(mail, self._known)
        if letter is not None:
            doubt, in_sent = self._in_doubt(letter), head.is_sent or mail.message_id in self._ours
            if doubt is not None and (in_sent or doubt.via != DRAFTS):  # elsewhere it may be a draft that was moved
                rule = Sorted(kind=MailKind.OURS, rule="our letter in our own mailbox")
                of = Matched(contact=letter.contact, wave=letter.wave, step=letter.step, rung="its own copy")
                self._store(mail, head.place, rule, replace(of, letter=letter.message_id), letter=letter)
            return
        events = our_replies(mail, self._known, self._when)
        if events:
            matched = Matched(contact=events[0].contact or "", rung="we wrote to them")
            if self._store(mail, head.place, Sorted(kind=MailKind.OURS, rule="from our own address"), matched, events):
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
        """Keep a message with what follows; False if another `sync`, at work beside this one, has it already.

        Where `letter` was in doubt, the message proves that it left: that is written down with it.
        """
        message = KeptMessage(
            key=mail.message_id,
            place=place,
            kind=sorted_.kind,
            rule=sorted_.rule,
            rung=matched.rung if matched else None,
            contact=matched.contact if matched else None,
            at=self._when.at(mail, matched.at if matched else None),
            sender=mail.sender,
            subject=mail.subject[:300],
            text=(mail.own_text or mail.text)[:KEPT],
            proposed=sorted_.proposed,
            proposal=sorted_.proposal,
            reply_to=mail.reply_to if mail.reply_to != mail.sender else "",
            references=mail.references,
        )
        doubt = self._in_doubt(letter)
        if letter is None or doubt is None:
            return self.record.keep(message, events, self._when.now) is not None
        receipt = self._opened.receipt(
            _id(letter), at=doubt.at, via="mailbox", proof=letter.message_id, address=doubt.address
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


def _our_addresses(campaign: Campaign) -> list[str]:
    account = campaign.accounts.mail
    named = [address for each in campaign.everybody for address in (each.email, each.reply_to)]
    named += [account.user, *(inbox.user for inbox in account.inboxes)]
    return [address for address in named if address and "@" in address]


def _first_day(opened: Session, world: World) -> date | None:
    """The day before anything of the campaign may have left: what the mailbox got earlier is not an answer."""
    known = [*(claim.at for claim in opened.ledger.claims()), *(receipt.at for receipt in world.receipts)]
    known += [letter.at for past in world.past.contacts.values() for letter in past.letters]
    known += [each for each in (first_start(world), first_asked(opened)) if each is not None]
    first = min(known, default=None)
    return (first - timedelta(days=1)).date() if first else None


def first_start(world: World) -> datetime | None:
    """The earliest start of a wave, as an aware UTC instant; None if no wave names one."""
    starts = [wave.start for wave in world.campaign.waves if wave.start]
    return min((resolve(each, zone(world.campaign.timezone)).instant for each in starts), default=None)
