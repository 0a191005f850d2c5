"""What stops a letter for good, and what holds it up until somebody mends or releases it."""

from __future__ import annotations

from datetime import datetime

from outreach.model.campaign import Transport, Wave
from outreach.model.contact import Contact
from outreach.model.past import Hold
from outreach.planning.desk import Desk
from outreach.planning.entries import Entry
from outreach.planning.selection import why_no_channel, why_not
from outreach.planning.sent import is_gone
from outreach.planning.states import is_suppressed

SEE_CHECK = "see `outreach check`"
NO_DRAFTS_YET = "emails cannot be put into the drafts of your mailbox yet; use `transport: smtp`, or `outbox`"


def stopped(desk: Desk, wave: Wave, contact: Contact) -> str | None:
    """Why nobody writes to this contact in this wave any more, or None: no means no."""
    past, say = desk.past(contact), desk.say
    if past.opted_out is not None:
        return f"opted out on {say.day(past.opted_out)}"
    suppressed = desk.world.past.suppressed
    if is_suppressed(contact, suppressed) or any(each.address.casefold() in suppressed for each in contact.emails):
        return "asked for no more mail"
    if contact.do_not_contact is not None:
        return why_not(contact)
    if past.closed is not None:
        return f"closed on {say.day(past.closed)}"
    if past.answered is not None and not _ended_an_earlier_thread(desk, wave, contact, past.answered):
        return f"answered on {say.day(past.answered)}"
    if past.answered is None and past.outcome is not None:
        return f"its outcome was noted: {past.outcome}"  # whoever notes one knows of an answer
    if past.bounced is not None:
        return f"bounced on {say.day(past.bounced)}"
    return why_not(contact)


def _ended_an_earlier_thread(desk: Desk, wave: Wave, contact: Contact, answered: datetime) -> bool:
    """Whether the answer was to an earlier wave's letter, and this wave writes `again` after it.

    A contact that declined is not written to again whatever the wave says.
    """
    if not wave.again or desk.past(contact).outcome == "declines":
        return False
    first = desk.departures.letter(contact.id, wave.id, 0)
    if first is not None and first.at <= answered:
        return False
    letters = desk.departures.of_contact(contact.id).items()
    return any(name != wave.id and is_gone(letter) and letter.at <= answered for (name, _), letter in letters)


def obstruct(desk: Desk, entry: Entry, template: str, closed: str | None) -> None:
    """Hold the letter by the template of that name where an error in the files, a brake or its gate does.

    `closed` is why its gate holds it up, None where that is open.
    """
    gated = closed is not None
    fault, brake = _fault(desk, entry, template), brake_on(desk, entry.wave.id, entry.contact.id)
    if fault is not None:
        entry.hold(fault, gated=gated)
        entry.faulty = True
    elif brake is not None:
        since = f"on hold since {desk.say.day(brake.since)}"
        entry.hold(f"{since}: {brake.because}" if brake.because else since, brake.since, gated=gated)
    elif closed is not None:
        entry.hold(closed, gated=True)
    elif desk.campaign.accounts.mail.transport is Transport.IMAP_DRAFTS and not entry.by_hand:
        entry.hold(NO_DRAFTS_YET)
    else:
        _mind_the_refusal(desk, entry)


def _mind_the_refusal(desk: Desk, entry: Entry) -> None:
    """Hold a letter that our mail server refused for good, as long as it would go to the same address."""
    refused = desk.departures.refused(entry.contact.id, entry.wave.id, entry.step)
    if (
        refused is None
        or entry.channel is None
        or entry.channel.address.casefold() != (refused.address or "").casefold()
    ):
        return
    said = f" ({refused.said})" if refused.said else ""
    todo = f"correct the address, or say `outreach resolve {entry.id} --not-sent` to try it again"
    entry.hold(f"refused by your mail server on {desk.say.day(refused.at)}{said}; {todo}", refused.at)


def _fault(desk: Desk, entry: Entry, name: str) -> str | None:
    contact, channel = entry.contact, entry.channel
    abouts = {"campaign": "campaign.yaml", f"wave:{entry.wave.id}": "the wave", f"contact:{contact.id}": "the contact"}
    if entry.step:
        abouts |= {f"follow-up:{name}": "the follow-up", f"follow-up:{entry.wave.id}": "the follow-up"}
    for about, whose in abouts.items():
        if about in desk.world.blocked:
            return f"{whose} has an error; {SEE_CHECK}"
    if name not in desk.shelf.names:
        return f"there is no template {name}; {SEE_CHECK}"
    if channel is None:
        return f"{why_no_channel(contact, name)}; {SEE_CHECK}"
    template = desk.template(name, contact, channel)
    if template is None:
        return f"template {name} has no variant for mail; {SEE_CHECK}"
    if f"template:{template.file}" in desk.world.blocked:
        return f"{template.file} has an error; {SEE_CHECK}"
    for attachment in (*template.attachments, *contact.attachments):
        if f"attachment:{attachment}" in desk.world.blocked:
            return f"the attachment {attachment} has an error; {SEE_CHECK}"
    return None


def brake_on(desk: Desk, wave: str, contact: str) -> Hold | None:
    """The brake that a person put on everything, on the wave or on the contact."""
    targets = ("*", f"wave:{wave}", f"contact:{contact}")
    return next((desk.brakes[target] for target in targets if target in desk.brakes), None)
