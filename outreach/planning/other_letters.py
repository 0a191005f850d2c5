"""What the other letters to a contact, or to its address, mean for one more."""

from __future__ import annotations

from outreach.model.campaign import Wave
from outreach.model.contact import Contact
from outreach.model.past import SentLetter
from outreach.model.recipient import NO_THREAD, Recipient, Thread
from outreach.model.template import Template
from outreach.planning.context import Context
from outreach.planning.sent import is_draft, is_gone
from outreach.templating.expressions import RECEIVED
from outreach.templating.scope import contact_values


def earlier_letter(context: Context, letter: Recipient, *, elsewhere: bool) -> tuple[str, SentLetter] | None:
    """The first letter that this contact or its address got, or may have got, in another way: words, letter.

    `elsewhere`: another wave is before this one, so that a form that was noted without its wave is that one's.
    Of a wave that says `again`, only its own letters count.
    """
    contact, wave = letter.contact, letter.wave
    if not wave.again:
        letters = context.sent_letters.of_contact(contact.id).items()
        others = [sent for (name, step), sent in letters if step == 0 and name != wave.id]
        unnamed = context.sent_letters.unnamed(contact.id) if elsewhere else None
        others += [unnamed] if unnamed is not None else []
        if others:
            sent = min(others, key=lambda sent: (not is_gone(sent), sent.at))
            return _said(context, sent), sent
    address = letter.address
    taken = context.sent_letters.first_to(address, wave.id if wave.again else None) if address else None
    if taken is None or taken[0] == contact.id:
        return None
    gone = "" if context.sent_letters.is_contact(taken[0]) else f"; if it is the same contact, write `was: {taken[0]}`"
    return f"{_said(context, taken[1])}, at the same address as {taken[0]}{gone}", taken[1]


def _said(context: Context, letter: SentLetter) -> str:
    where, day = f"in `{letter.wave}`" if letter.wave else "by hand", context.say.day(letter.at)
    if is_gone(letter):
        return f"already written to {where} on {day}"
    if is_draft(letter):
        return f"its letter {where} was written as a draft on {day}, and comes first"
    return f"the email {where} may have been sent on {day}; say which: `outreach confirm`"


def ended_an_earlier_thread(context: Context, wave: Wave, contact: Contact) -> bool:
    """Whether the contact's answer was to an earlier wave's letter, and this wave writes `again` after it.

    A contact that declined is not written to again whatever the wave says.
    """
    past = context.past(contact)
    if not wave.again or wave.correction_of is not None or past.answered is None or past.outcome == "declines":
        return False
    first = context.sent_letters.letter(contact.id, wave.id, 0)
    if first is not None and first.at <= past.answered:
        return False
    letters = context.sent_letters.of_contact(contact.id).items()
    return any(name != wave.id and is_gone(sent) and sent.at <= past.answered for (name, _), sent in letters)


def thread_of(context: Context, wave: Wave, contact: Contact) -> Thread:
    """The thread that the first letter of a correction goes on with: the letters before it, as they really left."""
    thread = NO_THREAD
    for sent in _corrected(context, wave, contact) if wave.correction_of else ():
        thread = thread_with(context, thread, sent)
    return thread


def thread_with(context: Context, thread: Thread, letter: SentLetter | None) -> Thread:
    """The thread that the letter after this one goes on with; the same one where there is no such letter."""
    if letter is None:
        return thread
    return Thread(
        address=letter.address or thread.address,
        message_ids=(*thread.message_ids, letter.message_id) if letter.message_id else thread.message_ids,
        subject=letter.said,
        sent_on=letter.at.astimezone(context.zone).date(),
    )


def _corrected(context: Context, wave: Wave, contact: Contact) -> list[SentLetter]:
    """The letters that left in the wave that this one corrects, in their order."""
    letters = context.sent_letters.of_contact(contact.id)
    return [sent for (name, _), sent in sorted(letters.items()) if name == wave.correction_of and is_gone(sent)]


def is_corrected(context: Context, wave: Wave, contact: Contact) -> bool:
    """Whether the contact got a letter of the wave that this one corrects, and `to` of it chooses the contact.

    Raises TemplateFault (`bad-expression`).
    """
    if not _corrected(context, wave, contact):
        return False
    carried = [each for each in context.world.carried.get(contact.id, ()) if each.wave == wave.correction_of]

    def received(name: str, version: str | None = None) -> bool:
        return any(each.name == name and version in (None, each.version) for each in carried)

    values = contact_values(contact, context.campaign.language)
    return bool(context.expressions.evaluate(wave.to.source, {**values, RECEIVED: received}))


def quoted(context: Context, name: str | None, contact: Contact) -> Template | str | None:
    """The mail called `name` whose subject a follow-up quotes; only its name where it is broken, as is said there."""
    if name is None or name not in context.versions.names:
        return name
    mail = context.versions.mail(name, contact)
    return name if mail is not None and f"template:{mail.file}" in context.world.blocked else mail
