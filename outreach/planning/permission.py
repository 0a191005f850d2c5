"""The last question before a letter leaves: has anything happened since it was planned that forbids it?"""

from __future__ import annotations

from dataclasses import replace

from outreach.history import renamed
from outreach.model.contact import Contact
from outreach.model.past import Past
from outreach.planning.desk import Desk
from outreach.planning.obstacles import brake_on, stopped
from outreach.planning.world import World


class _Open:
    """A gate that holds: it was asked when the plan was made, and once open it stays open."""

    holds = True
    reason = ""


def why_not_now(world: World, past: Past, wave: str, contact: Contact) -> str | None:
    """Why a letter of `wave` must not leave to `contact` at `world.now`, or None.

    `past` is what the ledger knows of this contact, the brakes and the suppressed at this instant. Asked
    again when the letter is claimed and when its last byte is about to be sent (design: no means no).
    """
    small = replace(world, contacts=(contact,), past=renamed(past, (contact,)))
    desk = Desk(small, lambda expression, name: _Open())
    found = next((each for each in world.campaign.waves if each.id == wave), None)
    if found is None:
        return f"there is no wave {wave} any more"
    brake = brake_on(desk, wave, contact.id)
    if brake is not None:
        return f"on hold since {desk.say.day(brake.since)}" + (f": {brake.because}" if brake.because else "")
    return stopped(desk, found, contact)
