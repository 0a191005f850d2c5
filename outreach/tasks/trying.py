"""`outreach test`: a letter as it will be, to ourselves and nobody else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from outreach.errors import NothingToApprove, UnknownName
from outreach.letters.letter import Letter
from outreach.letters.mime import Message, build
from outreach.mail.transport import Transport
from outreach.model.campaign import Campaign
from outreach.model.dispatch import SENT_AS, TEST_SUBJECT, Accepted, Parcel
from outreach.model.event import EventKind
from outreach.model.ids import LetterId
from outreach.model.member import Role
from outreach.model.payload import ApprovedPayload
from outreach.model.plan import ItemKind, ItemState
from outreach.model.records import dataclass
from outreach.tasks.adapters import transport_for
from outreach.tasks.clock import is_rehearsal
from outreach.tasks.letters import rendered
from outreach.tasks.person import needs
from outreach.tasks.world import Session, session
from outreach.words.suggestions import nearest
from outreach.words.wall_time import zone


@dataclass(frozen=True, kw_only=True, slots=True)
class Tested:
    """A letter that went to ourselves: which one, under which subject, where to, and how."""

    letter: Letter
    subject: str
    to: str
    accepted: Accepted


def try_out(root: Path, name: str) -> list[Tested]:
    """Send the open letter of a contact, or one per template of a wave, to the sender's own address.

    No claim is made and nothing counts as contacted; the ledger remembers which bytes were tested. Raises
    UnknownName, NothingToApprove, CampaignUnreadable, and what the account raises.
    """
    with session(root) as opened:
        world, plan = opened.planned()
        waves = [wave.id for wave in world.campaign.waves]
        known = [*waves, *(contact.id for contact in world.contacts)]
        items = [item for item in plan.items if (item.kind is ItemKind.LETTER and item.state is not ItemState.DONE)]
        if name not in known and name not in [item.id for item in items]:
            raise UnknownName("wave or contact", name, nearest(name, known), known)
        wanted = {item.id for item in items if name in (item.wave, item.contact, item.id)}
        letters = [each.letter for each in rendered(opened, world, plan, lambda i: i.id in wanted).letters.values()]
        if not letters:
            raise NothingToApprove(name, "all its emails were sent, or none can be made")
        chosen = _one_per_template(letters) if name in waves else letters[:1]
        transport = transport_for(opened.campaign.accounts.mail, root, loopback_only=is_rehearsal())
        try:
            transport.open()
            tested = []
            for letter in chosen:
                message = _to_ourselves(opened.campaign, letter, opened.now)
                id = f"tests/{letter.wave}-{letter.contact}-{opened.now:%Y%m%dT%H%M%S}/{letter.step}"
                accepted = _to_us(transport, opened, message, id)
                opened.record(EventKind.TESTED, ApprovedPayload(digest=letter.digest), letter=LetterId.parse(letter.id))
                tested.append(
                    Tested(letter=letter, subject=message.subject, to=message.recipient_email, accepted=accepted)
                )
            return tested
        finally:
            transport.close()


def send_to_us(opened: Session, message: Message, id: str) -> Accepted:
    """Send a message to one of us: it claims nothing, and nobody was contacted. Raises what the account raises."""
    transport = transport_for(opened.campaign.accounts.mail, opened.root, loopback_only=is_rehearsal())
    try:
        transport.open()
        return _to_us(transport, opened, message, id)
    finally:
        transport.close()


def _to_us(transport: Transport, opened: Session, message: Message, id: str) -> Accepted:
    needs(Role.SEND)
    return transport.send(_parcel(message, id, opened.campaign, opened.now), lambda: None)


def _one_per_template(letters: Iterable[Letter]) -> list[Letter]:
    return list({letter.template: letter for letter in reversed(list(letters))}.values())[::-1]


def _to_ourselves(campaign: Campaign, letter: Letter, now: datetime) -> Message:
    """The letter with our own address, another Message-ID and a subject that says what it is."""
    message, sender = letter.message, campaign.sender
    seed = hashlib.sha256(f"{message.message_id} {now.isoformat()}".encode()).hexdigest()[:32]
    return replace(
        message,
        recipient_name=sender.name,
        recipient_email=sender.email,
        cc=(),
        subject=f"[{TEST_SUBJECT} {letter.contact}] {message.subject}",
        message_id=f"<test-{seed}@{sender.email.rpartition('@')[2]}>",
        in_reply_to=None,
        references=(),
        extra_headers=((SENT_AS, message.sender_email),),
    )


def _parcel(message: Message, id: str, campaign: Campaign, now: datetime) -> Parcel:
    local = now.astimezone(zone(campaign.timezone)).replace(microsecond=0)
    date = f"Date: {format_datetime(local)}\r\n".encode("ascii")
    return Parcel(
        id=id,
        message_id=message.message_id,
        sender=message.sender_email,
        recipient=message.recipient_email,
        pieces=lambda: [date, *build(message)],
    )
