"""The reasons that hold or stop a letter, one function each. `recipients` says in which order they apply."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from outreach.history import renamed
from outreach.model.campaign import Transport, Wave
from outreach.model.contact import Contact
from outreach.model.ids import REPLY
from outreach.model.past import Past
from outreach.model.recipient import Recipient, Why
from outreach.planning.context import NOTHING, Context
from outreach.planning.other_letters import ended_an_earlier_thread
from outreach.planning.states import is_suppressed
from outreach.planning.versions import why_no_channel
from outreach.planning.world import World
from outreach.words.mail_server_words import TOO_LARGE

SEE_CHECK = "see `outreach check`"
NO_MAILBOX = "emails go into the drafts of your mailbox, and accounts.mail names no `imap` server"


class Against(NamedTuple):
    """One thing against a letter: what kind, the sentence without its full stop, and what else is known of it."""

    why: Why
    reason: str
    since: datetime | None = None
    about: str = ""
    taken_by: str | None = None
    decision: str | None = None


def not_written_to(contact: Contact) -> Iterator[Against]:
    """That nobody writes to this contact, by what its own file says."""
    if contact.do_not_contact is not None:
        reason = contact.do_not_contact
        said = reason if reason.casefold().startswith("do not contact") else f"do not contact: {reason}"
        yield Against(Why.LEFT_OUT, said)
    if contact.missing is not None:
        yield Against(Why.LEFT_OUT, f"still to research: {contact.missing}")
    if contact.via is not None:
        yield Against(Why.LEFT_OUT, f"reached through {contact.via}, not directly")


def no_means_no(context: Context, wave: Wave, contact: Contact) -> Iterator[Against]:
    """That nobody writes to this contact in this wave any more, or ever."""
    past, day, suppressed = context.past(contact), context.say.day, context.world.past.suppressed
    if past is NOTHING and not suppressed:
        yield from not_written_to(contact)
        return
    if past.opted_out is not None:
        yield Against(Why.LEFT_OUT, f"they opted out on {day(past.opted_out)}")
    if suppressed and (
        is_suppressed(contact, suppressed) or any(each.address.casefold() in suppressed for each in contact.emails)
    ):
        yield Against(Why.LEFT_OUT, "they asked for no more mail")
    if contact.do_not_contact is not None:
        yield from not_written_to(contact)
    if past.closed is not None:
        yield Against(Why.LEFT_OUT, f"finished on {day(past.closed)}")
    if past.answered is not None and not ended_an_earlier_thread(context, wave, contact):
        yield Against(Why.LEFT_OUT, f"they answered on {day(past.answered)}")
    if past.answered is None and past.outcome is not None:  # whoever notes one knows of an answer
        yield Against(Why.LEFT_OUT, f"you recorded an outcome: {past.outcome}")
    if past.bounced is not None:
        yield Against(Why.LEFT_OUT, f"their address bounced on {day(past.bounced)}")
    yield from not_written_to(contact)


def faults_of(context: Context, letter: Recipient) -> Iterator[Against]:
    """Errors in the files that touch this letter, but for those that only show when it is rendered."""
    contact, name, version = letter.contact, letter.template or "", letter.version
    yield from _blocked(context, letter)
    if name not in context.versions.names:
        yield Against(Why.PROBLEM, f"the template {name} does not exist; {SEE_CHECK}", about=f"wave:{letter.wave.id}")
    elif letter.channel is None:
        yield Against(Why.PROBLEM, why_no_channel(contact, name), about=f"letter:{letter.id}")
    elif version is None:
        reason = f"the template {name} has no version for email; {SEE_CHECK}"
        if letter.by_hand:
            reason = f"the template {name} has no version for their form or account, and none for email; {SEE_CHECK}"
        yield Against(Why.PROBLEM, reason, about=f"wave:{letter.wave.id}")


def _blocked(context: Context, letter: Recipient) -> Iterator[Against]:
    """The errors in the files, by what they block (`Problem.about`)."""
    blocked = context.world.blocked
    if not blocked:
        return
    wave, contact, version = letter.wave, letter.contact, letter.version
    whose = {"campaign": "campaign.yaml", "sender": "the sender", f"wave:{wave.id}": "the wave"}
    whose |= {f"contact:{contact.id}": "the contact"}
    if letter.step:
        whose |= {f"follow-up:{letter.template}": "the follow-up", f"follow-up:{wave.id}": "the follow-up"}
    if version is not None:
        carried = (*version.attachments, *contact.attachments)
        whose |= {f"template:{version.file}": version.file}
        whose |= {f"attachment:{each}": f"the attachment {each}" for each in carried}
    for about in (about for about in whose if about in blocked):
        said = "the sender's name or address is not right yet" if about == "sender" else f"{whose[about]} has an error"
        yield Against(Why.PROBLEM, f"{said}; {SEE_CHECK}", about=about)


def paused(context: Context, wave: str, contact: Contact) -> Iterator[Against]:
    """That a person holds everything, the wave or the contact."""
    pause = context.pause(wave, contact.id)
    if pause is not None:
        since = f"paused since {context.say.day(pause.since)}"
        yield Against(Why.PAUSED, f"{since}: {pause.because}" if pause.because else since, pause.since)


CAUSES = {
    "quota": "their mailbox is full",
    "size": "the email is too large for them",
    "policy": "their server refuses mail like yours",
    "temporary": "their server did not accept it in time",
}
"""Why a letter came back although its address may be good."""
_MAY_BE = {
    "opt-out": "they seem to want no more mail",
    "data-request": "they seem to ask for their data",
    "bounce": "their address may be dead",
}


def waits_for_a_person(context: Context, contact: Contact) -> Iterator[Against]:
    """That a message of theirs has to be sorted first, or a letter to them came back."""
    past, day = context.past(contact), context.say.day
    for each in past.to_sort:
        if each.word in _MAY_BE:
            reason = f"{_MAY_BE[each.word]} (message of {day(each.at)}); sort it with `outreach sort`"
            yield Against(Why.CONDITION, reason, each.at)
    if past.came_back is not None:
        why = CAUSES.get(past.came_back.cause, "it was not delivered")
        yield Against(
            Why.CONDITION, f"the last email to them came back on {day(past.came_back.at)}: {why}", past.came_back.at
        )


def waits_for_its_day(context: Context, contact: Contact) -> Iterator[Against]:
    """That they are not to be written to before a day."""
    if contact.not_before is not None and context.today < contact.not_before:
        yield Against(Why.CONDITION, f"not before {context.say.date(contact.not_before)}, as their file says")


def no_way_out(context: Context, letter: Recipient) -> Iterator[Against]:
    """That its way out leads into a mailbox that campaign.yaml does not name."""
    account = context.campaign.accounts.mail
    is_named = account.inbox is not None and account.inbox.imap is not None
    if letter.by_mail and account.transport is Transport.IMAP_DRAFTS and not is_named:
        yield Against(Why.CONDITION, NO_MAILBOX)


def refused(context: Context, letter: Recipient) -> Iterator[Against]:
    """That our mail server refused it for good, as long as it would go to the same address.

    One that was too large may go once it is smaller: approved again after that.
    """
    letter_back = context.sent_letters.refused(letter.contact.id, letter.wave.id, letter.step)
    if letter_back is None or letter.channel is None:
        return
    if letter.channel.address.casefold() == (letter_back.address or "").casefold():
        what, approval = letter_back.said or "", context.world.past.approvals.get(letter.id)
        if TOO_LARGE.search(what):
            if approval is not None and approval.digest and approval.at is not None and approval.at > letter_back.at:
                return
            todo = "make its attachments smaller and approve it again, or"
        elif "[LIMIT]" in what.upper():
            todo = "delete emails in your mailbox that you do not need, then"
        elif "5.2.2" in what:
            todo = "their mailbox is full: wait, then"
        else:
            todo = "fix what it says, then" if letter_back.via == Transport.IMAP_DRAFTS else "correct the address, or"
        todo = f"{todo} try again: `outreach confirm {letter.id} --not-sent`"
        said = f" ({letter_back.said})" if letter_back.said else ""
        day = context.say.day(letter_back.at)
        yield Against(Why.REFUSED, f"refused by your mail server on {day}{said}; {todo}", letter_back.at)


def why_no_reply(world: World, past: Past, contact: Contact, *, confirmed: bool) -> str | None:
    """Why a reply must not leave to `contact` at `world.now`, or None. Window and pace do not count.

    `confirmed`: somebody said that it goes there though they want no more mail. `past` is as for `why_not_now`.
    """
    context = Context(replace(world, contacts=(contact,), past=renamed(past, (contact,))))
    if pause := next(paused(context, REPLY, contact), None):
        return pause.reason
    return None if confirmed else wants_no_mail(context, contact)


def wants_no_mail(context: Context, contact: Contact) -> str | None:
    """Why nobody should write to this contact at all, or None: they opted out, or the files say so."""
    opted_out, suppressed = context.past(contact).opted_out, context.world.past.suppressed
    if opted_out is not None:
        return f"they opted out on {context.say.day(opted_out)}"
    if is_suppressed(contact, suppressed):
        return "they asked for no more mail"
    if contact.do_not_contact is not None:
        return next(not_written_to(contact)).reason
    return None


def why_not_now(world: World, past: Past, wave: str, contact: Contact) -> str | None:
    """Why a letter of `wave` must not leave to `contact` at `world.now`, or None.

    `past` is what the ledger knows of this contact, the pauses and the suppressed at this instant. Asked
    again when the letter is claimed and when its last byte is about to be sent (design: no means no).
    """
    context = Context(replace(world, contacts=(contact,), past=renamed(past, (contact,))))
    found = next((each for each in world.campaign.waves if each.id == wave), None)
    if found is None:
        return f"the wave {wave} no longer exists"
    reasons = chain(
        no_means_no(context, found, contact),
        waits_for_its_day(context, contact),
        paused(context, wave, contact),
        waits_for_a_person(context, contact),
    )
    return next((against.reason for against in reasons), None)
