"""`outreach reply`: an answer to somebody's message, in its thread, written by a person and sent once.

    write     their message quoted, from a text or a template; kept as `reply/CONTACT/N`, nothing is sent
    approve   `outreach approve reply/CONTACT/N`, as for any letter
    go        sent once (tasks/reply_sending.py)

One message gets one reply: whoever writes to it again writes the same `N`, until that was sent; a second one is asked
for with `again`. So the claim on `N` is the claim on the message. It goes to where the message came from (From or
Reply-To), where that is the contact's; anything else has to be said.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from email.utils import getaddresses
from pathlib import Path

from outreach.errors import (
    AskFirst,
    NoReply,
    NothingToApprove,
    UnknownName,
)
from outreach.inbox.subjects import bare_subject
from outreach.ledger.blobs import kept
from outreach.letters.approving import ApprovalState, Rendered, Reviewed, Verdict, review
from outreach.letters.letter import Letter
from outreach.letters.making import reply_subject
from outreach.letters.merger import Merger
from outreach.letters.mime import ADDRESS, Message, envelope, view
from outreach.letters.quoting import in_thread, quoted_below
from outreach.model.campaign import Expression, Wave
from outreach.model.contact import Channel, ChannelKind, Contact
from outreach.model.event import WRITTEN_AS_DRAFT, Event, EventKind
from outreach.model.ids import REPLY, LetterId
from outreach.model.mail import BY_LIST, TO_LIST, KeptMessage
from outreach.model.past import Approval, ContactPast, SentLetter
from outreach.model.payload import ApprovedPayload, ReplyPayload
from outreach.model.plan import ItemKind, ItemState, PlanItem
from outreach.model.recipient import Recipient, Thread
from outreach.model.records import dataclass
from outreach.model.template import Template, Variant
from outreach.planning.against import wants_no_mail
from outreach.planning.context import Context
from outreach.planning.gates import facts_of
from outreach.planning.triage import is_human
from outreach.planning.versions import Versions
from outreach.planning.world import World
from outreach.tasks.approving import freeze_letter
from outreach.tasks.campaign import Loaded
from outreach.tasks.reply_numbers import answers_of, numbered_replies, replies_left, replies_written_to
from outreach.tasks.world import Session, session
from outreach.words.mail_providers import FREE_MAIL, SHARED_HOSTS
from outreach.words.suggestions import nearest
from outreach.words.wall_time import zone


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplyOrder:
    """A reply that is to be written: to whom, with what text (Markdown) or from which template.

    `message` is the message to answer (`m12`), None: their last one. `again`: they get a second reply to it. `cc`: who
    of our team gets a copy. `to` is where it goes, where that was asked for; `to_opted_out`: a person confirmed that
    they want it though they opted out.
    """

    contact: str
    text: str | None = None
    template: str | None = None
    message: str | None = None
    again: bool = False
    to: str | None = None
    to_opted_out: bool = False
    cc: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenReply:
    """A reply as it is kept: its id, the contact's name, its frozen bytes with their digest, and what it answers."""

    id: LetterId
    name: str
    digest: str
    frozen: bytes
    answers: str
    at: datetime
    to_opted_out: bool = False
    is_approved: bool = False


def message_to_answer(root: Path, name: str, message: str | None = None) -> KeptMessage:
    """The message that a reply would answer, for an editor to show. Raises UnknownName, NoReply, CampaignUnreadable."""
    with session(root) as opened:
        return _message(opened, contact_of(opened.world(), name), message)


def write_reply(root: Path, order: ReplyOrder, *, loaded: Loaded | None = None) -> WrittenReply:
    """Write a reply and keep it, unapproved and unsent; one that was written to the same message before is replaced.

    Raises UnknownName, NoReply, AskFirst, CampaignUnreadable, and what the ledger raises: then nothing was written.
    """
    with session(root, loaded) as opened:
        world = opened.world()
        contact = contact_of(world, order.contact)
        answered = _message(opened, contact, order.message)
        refusal = wants_no_mail(Context(world), contact)
        if refusal is not None and not order.to_opted_out:
            raise AskFirst(f"{contact.name} {refusal}. Do you want to answer all the same?", "--to-opted-out")
        past = world.past.contacts.get(contact.id, ContactPast(contact=contact.id))
        address = _address(world, contact, past, answered, order.to)
        with opened.ledger.writing():  # two at once answer one message once
            id = _id(opened, contact, past, answered, again=order.again)
            message = _made(opened, world, contact, past, answered, order, id, address)
            digest = freeze_letter(root, message)
            said = ReplyPayload(answers=answered.key, digest=digest, to_opted_out=refusal is not None)
            opened.record(EventKind.REPLY_WRITTEN, said, letter=id, address=address, text=message.subject)
        event = max(replies_written_to(opened, contact), key=lambda each: each.number)
        return _written(opened, id, event, contact)


def open_replies(opened: Session, world: World) -> list[WrittenReply]:
    """The replies that are written and have not been sent, of contacts that files name."""
    writers = {event.contact for event in opened.ledger.of_kind(EventKind.REPLY_WRITTEN)}
    found = []
    for contact in world.contacts if writers else ():
        if writers.isdisjoint((contact.id, *contact.was)):
            continue
        past = world.past.contacts.get(contact.id, ContactPast(contact=contact.id))
        for number, event, letter in numbered_replies(opened, contact, past):
            if letter is None:
                found.append(_written(opened, LetterId(wave=REPLY, contact=contact.id, step=number), event, contact))
    return sorted(found, key=lambda each: each.id)


def review_reply(opened: Session, world: World, id: str, *, withdraw: bool) -> Reviewed:
    """The reply whole, and whether it can be approved. Raises UnknownName, NothingToApprove."""
    written = {str(each.id): each for each in open_replies(opened, world)}
    if id not in written:
        pasts = world.past.contacts
        if id in {str(each.id_of(contact)) for contact, past in pasts.items() for each in past.letters}:
            raise NothingToApprove(id, "it was sent, or may have been")
        raise UnknownName("reply", id, nearest(id, written), list(written))
    found = written[id]
    seen = view(found.frozen)
    message = Message(
        sender_name=getaddresses([dict(seen.headers)["From"]])[0][0],
        sender_email=seen.sender,
        recipient_name=seen.recipient_name,
        recipient_email=seen.recipient,
        subject=seen.subject,
        message_id=seen.message_id,
        text=seen.text,
        html=seen.html,
        cc=envelope(found.frozen).cc,
    )
    approval = world.past.approvals.get(id, Approval())
    item = PlanItem(id=id, kind=ItemKind.LETTER, state=ItemState.DUE, zone=world.campaign.timezone)
    letter = Letter(wave=REPLY, contact=found.id.contact, step=found.id.step, template="your reply", message=message)
    state = ApprovalState.HOLDS if found.is_approved else ApprovalState.NONE
    shown = Rendered(item=item, letter=letter, approval=approval, state=state)
    if found.is_approved and not withdraw:
        return Reviewed(id=id, verdict=Verdict.UNCHANGED, letter=shown)
    return review(id, shown, withdraw=withdraw)


def record_review(opened: Session, world: World, reviewed: Iterable[Reviewed]) -> None:
    """Write down what was approved: the bytes as they were written."""
    digests = {str(each.id): each.digest for each in open_replies(opened, world)}
    kinds = {Verdict.APPROVED: EventKind.APPROVED, Verdict.WITHDRAWN: EventKind.WITHDRAWN}
    for each in reviewed:
        if each.verdict in kinds:
            id = LetterId.parse(each.id)
            digest = digests[each.id] if each.verdict is Verdict.APPROVED else None
            opened.record(kinds[each.verdict], ApprovedPayload(digest=digest), letter=id)


def contact_of(world: World, name: str) -> Contact:
    """The contact of that id. Raises UnknownName."""
    contacts = {contact.id: contact for contact in world.contacts}
    if name not in contacts:
        raise UnknownName("contact", name, nearest(name, contacts), list(contacts))
    return contacts[name]


def _message(opened: Session, contact: Contact, name: str | None) -> KeptMessage:
    """The message that is answered: the last one that a person of theirs wrote, or the one that was named."""
    names = {contact.id, *contact.was}
    theirs = [each for each in opened.ledger.mail().messages() if each.contact in names]
    found = [each for each in theirs if (name is None and is_human(each)) or name == each.name]
    if not found:
        hint = "Read the mailbox with `outreach sync`, or write from your mail program."
        raise NoReply(f"There is no message {name or ''} from {contact.name} to answer.".replace("  ", " "), hint)
    return max(found, key=lambda each: (each.at, each.number))


def _address(world: World, contact: Contact, past: ContactPast, answered: KeptMessage, wanted: str | None) -> str:
    """Where the reply goes: Reply-To, else From, where it is the contact's own; else where a person said.

    An address at a domain that is this contact's alone is its own, too, unless it may be a mailing list.
    """
    places = [each for each in (answered.reply_to, answered.sender) if ADDRESS.fullmatch(each)]
    others = [each.address.casefold() for one in world.contacts if one.id != contact.id for each in one.emails]
    own = {person.email.casefold() for person in contact.people if person.email}
    own |= {letter.address.casefold() for letter in past.letters if letter.address}
    own -= set(others)  # it may be another contact's by now
    own |= {each.address.casefold() for each in contact.emails}
    if wanted is not None:
        if wanted.casefold() not in {*own, *places}:
            known = ", ".join(dict.fromkeys([*places, *sorted(own)]))
            hint = f"Add the address to the contact first, or use one of: {known}"
            raise NoReply(f"{wanted} is not an address of {contact.name}, and the message came from another one.", hint)
        return wanted
    domains = {address.rpartition("@")[2] for address in own} - FREE_MAIL - SHARED_HOSTS
    domains -= {address.rpartition("@")[2] for address in others}
    by_list = answered.sender if answered.rule.endswith(BY_LIST) else ""
    unsure = answered.reply_to if answered.rule.endswith(TO_LIST) else by_list
    for address in places:
        is_near = address != unsure and address.casefold().rpartition("@")[2] in domains
        if address.casefold() in own or is_near:
            return address
    to = places[0] if places else "ADDRESS"
    if to == by_list:
        raise AskFirst(f"{to} is a mailing list. Do you want to answer to all of its members?", f"--to {to}")
    came = f"The message came from {answered.sender}, which is not a known address of {contact.name}."
    if to.casefold() == answered.sender.casefold():
        raise AskFirst(f"{came} Do you want to answer there?", f"--to {to}")
    asks = f"It asks for answers to {to}, which is not a known address either. Do you want to answer to {to}?"
    raise AskFirst(f"{came} {asks}", f"--to {to}")


def _id(opened: Session, contact: Contact, past: ContactPast, answered: KeptMessage, *, again: bool) -> LetterId:
    """The id of the reply to that message: one that is written already, unless it may have left."""
    numbered = numbered_replies(opened, contact, past)
    to_it = [(number, letter) for number, event, letter in numbered if answers_of(event) == answered.key]
    if open_ones := [number for number, letter in to_it if letter is None]:
        return LetterId(wave=REPLY, contact=contact.id, step=open_ones[-1])
    letters, last = replies_left(past), [number for number, _, _ in numbered]
    if to_it and not again:
        letter = to_it[-1][1]
        assert letter is not None
        if letter.kind in WRITTEN_AS_DRAFT:
            raise in_drafts(contact, letter)
        raise NoReply(
            f"You answered this message of {contact.name} on {letter.at.day} {letter.at:%b}.",
            "To send a second reply to it, add --again.",
        )
    if not to_it and not again and (other := _sent_elsewhere(letters, last, answered)):
        if other.kind in WRITTEN_AS_DRAFT:
            raise in_drafts(contact, other)
        on = f"{other.at.day} {other.at:%b}"
        raise NoReply(
            f"You may have answered this message of {contact.name} from another computer on {on}.",
            "To send a second reply to it, add --again.",
        )
    return LetterId(wave=REPLY, contact=contact.id, step=1 + max([0, *last, *(each.step for each in letters)]))


def _sent_elsewhere(replies: Sequence[SentLetter], here: Container[int], answered: KeptMessage) -> SentLetter | None:
    """A reply that another computer wrote after that message came: a receipt does not say which one it answers."""
    return next((each for each in reversed(replies) if each.step not in here and each.at >= answered.at), None)


def in_drafts(contact: Contact, letter: SentLetter) -> NoReply:
    """A reply is in drafts, or did: nobody sent it, and it is not written again by itself."""
    again = f"outreach confirm {letter.id_of(contact.id)} --not-sent"
    if letter.kind is EventKind.DRAFT_DELETED:
        return NoReply(f"You deleted the draft of your reply to {contact.name}.", f"To write it again: {again}")
    hint = f"Send it from your mail program. Or delete it there, then write it again: {again}"
    return NoReply(f"Your reply to {contact.name} is in your drafts.", hint)


def _made(
    opened: Session,
    world: World,
    contact: Contact,
    past: ContactPast,
    answered: KeptMessage,
    order: ReplyOrder,
    id: LetterId,
    address: str,
) -> Message:
    """The reply as a message, with every promise that a letter keeps. Raises NoReply, UnknownName."""
    campaign = world.campaign
    before = _letter_before(past, answered)
    own = next((wave for wave in campaign.waves if before is not None and wave.id == before.wave), None)
    here = Expression(source="true", file="campaign.yaml", line=1)
    wave = replace(own, id=REPLY) if own is not None else Wave(id=REPLY, to=here, templates=())
    template = _template(world, contact, order)
    merger = Merger(opened.loaded.materials(facts_of(world)), parse_every_letter=True)
    ids = answered.references or ((before.message_id,) if before is not None and before.message_id else ())
    made = merger.make(
        Recipient(
            wave=wave,
            contact=replace(contact, attachments=()),
            step=id.step,
            template=template.name,
            version=template,
            channel=Channel(kind=ChannelKind.EMAIL, address=address),
            thread=Thread(message_ids=ids, subject=answered.subject),
        )
    )
    if not isinstance(made, Letter):
        found = next(iter(merger.problems()), None)
        why = found.message if found else "It cannot be made."
        raise NoReply(f"The reply was not written. {why}", found.hint if found and found.hint else "Correct the text.")
    if made.later:
        raise NoReply(f"The value {made.later[0]} is not known yet.", "Write the reply without it.")
    person = next((each for each in contact.people if (each.email or "").casefold() == answered.sender), None)
    real = answered.key if not answered.key.endswith("@no-id>") else None
    ours = before.said if before is not None and order.template is None else None
    message = in_thread(
        replace(made.message, recipient_name=person.name if person and person.name else contact.name),
        subject=reply_subject(answered.subject) if bare_subject(answered.subject) else "",
        otherwise=reply_subject(ours) if ours else made.message.subject,
        answers=real,
        before=ids,
    )
    language = template.language or contact.language or campaign.language
    at, wrote = answered.at.astimezone(zone(campaign.timezone)), person.name if person else answered.sender
    return quoted_below(message, wrote=wrote or answered.sender, at=at, text=answered.text, language=language)


def _letter_before(past: ContactPast, answered: KeptMessage) -> SentLetter | None:
    """The letter that their message answers: by its thread, else the last one that left."""
    by_id = {letter.message_id: letter for letter in past.letters if letter.message_id}
    named = [by_id[id] for id in answered.references if id in by_id]
    return next(iter(reversed(named or [each for each in past.letters if each.wave and each.wave != REPLY])), None)


def _template(world: World, contact: Contact, order: ReplyOrder) -> Template:
    """The template that was named, or one made of a text, in which nothing is a variable."""
    if order.template is not None:
        versions = Versions(world.templates, world.campaign.language, world.campaign.fallback)
        found = versions.mail(order.template, contact) if order.template in versions.names else None
        if found is None or found.variant is not Variant.MAIL:
            raise UnknownName("template", order.template, nearest(order.template, versions.names), list(versions.names))
        return replace(found, subject=found.subject or "Re:", cc=(*found.cc, *order.cc))
    text = order.text or ""
    if not text.strip():
        raise NoReply("The reply has no text.", "Write one: --text FILE, or --template NAME")
    if any(mark in text for mark in ("{{", "{%", "{#")):
        text = text.replace("{", "{{ '{' }}")  # what a person types is never run
    return Template(name=REPLY, file="your reply", body=text, subject="Re:", cc=order.cc)


def _written(opened: Session, id: LetterId, event: Event, contact: Contact) -> WrittenReply:
    """The reply of that id, as it was written last, also under a former id of the contact. Raises FrozenBytesLost."""
    names = [(name, step) for name in (contact.id, *contact.was) for step in {id.step, event.step or 0}]
    said = event.payload
    assert isinstance(said, ReplyPayload)
    approvals = opened.ledger.past().approvals
    return WrittenReply(
        id=id,
        name=contact.name,
        digest=said.digest,
        frozen=kept(opened.root, said.digest),
        answers=said.answers or "",
        at=event.at,
        to_opted_out=said.to_opted_out,
        is_approved=any(
            approvals.get(str(LetterId(wave=REPLY, contact=name, step=step)), Approval()).digest == said.digest
            for name, step in names
        ),
    )
