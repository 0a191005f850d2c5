"""`outreach digest`: Today as a message in your own inbox, once a day.

It is put there over IMAP, or sent to oneself over SMTP where no mailbox is named. One claim a day, under the same
promise as a letter's (tasks/delivery.py): two processes at once and a killed one leave one message, or none and a word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path

from outreach.connections.secrets import Secrets
from outreach.errors import AlreadyClaimed, NoReply
from outreach.ledger.attempts import Attempt
from outreach.ledger.blobs import keep, kept
from outreach.letters.mime import Message, freeze, message_id, thaw
from outreach.mail.transport import Transport as Way
from outreach.model.campaign import Campaign, Transport
from outreach.model.dispatch import Accepted, Found, Parcel
from outreach.model.event import Event, EventKind, Receipt
from outreach.model.ids import DIGEST, LetterId
from outreach.model.payload import LetterPayload
from outreach.model.records import dataclass
from outreach.tasks.adapters import transport_for
from outreach.tasks.campaign import Loaded
from outreach.tasks.clock import is_rehearsal, now
from outreach.tasks.delivery import Delivery, Item, Try, alone
from outreach.tasks.today import TodayResult, today
from outreach.tasks.world import Session, session
from outreach.words.wall_time import resolve, zone

NOTHING = "Nothing waits for you today."


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """Today's list as a message; `sent` whether it went now, `why_not` why it did not."""

    subject: str
    text: str
    to: str
    sent: bool = False
    why_not: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestItem(Item):
    """A day's list as it was frozen."""

    id: LetterId
    frozen: bytes
    message_id: str


def digest(root: Path, *, go: bool = False, loaded: Loaded | None = None) -> Digest:
    """Today's list, and with `go` put into your own inbox unless that was done today.

    Raises CampaignUnreadable, NoReply if there is no way to your own inbox, AccountBusy, NotSent, and what the
    ledger raises.
    """
    seen = today(root, loaded=loaded)
    with session(root, loaded) as opened:
        day = opened.now.astimezone(zone(opened.campaign.timezone)).date()
        made = _made(opened, seen, day)
        found = Digest(subject=made.subject, text=made.text, to=made.recipient_email)
        if not go:
            return found
        id = LetterId(wave=DIGEST, contact="today", step=int(f"{day:%Y%m%d}"))
        way = _way(opened)
        with alone(opened.ledger, way, DIGEST) as transport:
            delivery = _DigestDelivery(opened, transport, now)
            delivery.recover()
            local = opened.now.astimezone(zone(opened.campaign.timezone)).replace(microsecond=0)
            frozen = freeze(made)
            item = DigestItem(
                id=id, digest=keep(root, frozen), date=format_datetime(local), frozen=frozen, message_id=made.message_id
            )
            try:
                unknown = delivery.deliver([item])
            except AlreadyClaimed:
                return replace(found, why_not="it was sent today already")
        return replace(found, why_not=unknown[0].doubt) if unknown else replace(found, sent=delivery.is_out)


def next_digest(campaign: Campaign, after: datetime) -> datetime | None:
    """When the next list is due after the aware instant `after` (aware UTC); None if the campaign wants none."""
    if campaign.digest is None:
        return None
    own = zone(campaign.timezone)
    day = after.astimezone(own).date()
    moments = (resolve(datetime.combine(day + timedelta(days=n), campaign.digest), own).instant for n in range(3))
    return next(moment for moment in moments if moment > after)


def is_due(campaign: Campaign, at: datetime) -> bool:
    """Whether the list of the day is due at the aware instant `at`: from its time on, until the day ends."""
    return campaign.digest is not None and at.astimezone(zone(campaign.timezone)).time() >= campaign.digest


class _DigestDelivery(Delivery[DigestItem, Accepted]):
    """One message a day to ourselves. No receipt tells others of it, and no contact has a part in it."""

    def __init__(self, opened: Session, transport: Way, clock: Callable[[], datetime]) -> None:
        super().__init__(opened, clock)
        self._transport = transport
        self.is_out = False

    def permit(self, items: Sequence[DigestItem], now: datetime, *, claiming: bool) -> None:
        """Nothing forbids a message to oneself."""

    def hand_over(
        self,
        tries: Sequence[Try[DigestItem]],
        mark: Callable[[Sequence[Try[DigestItem]]], None],
        done: Callable[[Try[DigestItem], Accepted], None],
    ) -> None:
        for each in tries:
            self._transport.open()
            done(each, self._transport.send(self._parcel(each), partial(mark, [each])))

    def find(self, each: Try[DigestItem], *, again: bool) -> Accepted | Found:
        found = self._transport.find(self._parcel(each))
        proof = Accepted(via=self._transport.via, reply="", proof=each.item.message_id)
        return proof if found is Found.THERE else found

    def open_attempts(self) -> list[Attempt]:
        return [each for each in self.ledger.unfinished() if each.claim.letter and each.claim.letter.wave == DIGEST]

    def thawed(self, attempt: Attempt) -> DigestItem:
        frozen, id = kept(self.opened.root, attempt.digest), attempt.claim.letter
        assert id is not None
        name = _message_id(self.opened.campaign, id)
        return DigestItem(id=id, digest=attempt.digest, date=attempt.claim.date or "", frozen=frozen, message_id=name)

    def event(self, kind: EventKind, item: DigestItem, at: datetime, said: str = "") -> Event:
        payload = LetterPayload(via=self._transport.via, message_id=item.message_id)
        return Event.saying(kind, payload, at=at, recorded=self.clock(), by="outreach", text=said or None)

    def proved(self, item: DigestItem, proof: Accepted, at: datetime) -> tuple[Event, Receipt | None, str]:
        self.is_out = True
        return self.event(EventKind.ACCEPTED, item, at), None, proof.reply

    def _parcel(self, each: Try[DigestItem]) -> Parcel:
        sender = self.opened.campaign.sender.email
        pieces = partial(thaw, each.item.frozen, each.item.date, lambda sha256: b"")
        return Parcel(
            id=str(each.item.id), message_id=each.item.message_id, sender=sender, recipient=sender, pieces=pieces
        )


def _way(opened: Session) -> Way:
    """Over IMAP into the inbox, else over SMTP to oneself. Raises NoReply."""
    account = opened.campaign.accounts.mail
    if account.inbox is not None and account.inbox.imap:
        from outreach.mail.own_inbox import own_inbox

        return own_inbox(account, opened.root, Secrets(), loopback_only=is_rehearsal())
    if account.transport is Transport.SMTP:
        return transport_for(account, opened.root, loopback_only=is_rehearsal())
    hint = "Add `inbox: {imap: SERVER, user: NAME}` to accounts.mail, or `transport: smtp`."
    raise NoReply("Today's list needs your mailbox, and accounts.mail has none.", hint)


def _made(opened: Session, seen: TodayResult, day: date) -> Message:
    campaign, sender = opened.campaign, opened.campaign.sender
    lines = list(seen.text.lines())
    tasks = sum(len(section.tasks) for section in seen.sections if section.id != "leaving")
    count = "nothing to do" if not tasks else "1 thing to do" if tasks == 1 else f"{tasks:,} things to do"
    following = seen.text.next()
    text = "\n".join([*(f"- {line}" for line in lines), *([f"\nNext: {following}"] if following else [])])
    return Message(
        sender_name=sender.name,
        sender_email=sender.email,
        recipient_name=sender.name,
        recipient_email=sender.email,
        subject=" ".join(f"{campaign.title}: {count}".split()),
        message_id=_message_id(campaign, LetterId(wave=DIGEST, contact="today", step=int(f"{day:%Y%m%d}"))),
        text=f"{text or NOTHING}\n",
        extra_headers=(("Auto-Submitted", "auto-generated"),),
    )


def _message_id(campaign: Campaign, id: LetterId) -> str:
    domain = campaign.sender.email.rpartition("@")[2]
    return message_id(campaign.id, id.wave, id.contact, id.step, domain)
