"""What follow-ups go on with: the letters before each, as they really left."""

from __future__ import annotations

from outreach.letters.materials import Thread
from outreach.model.plan import ItemState, Plan
from outreach.planning.sent import Departures
from outreach.planning.world import World
from outreach.words.wall_time import zone


def threads(world: World, plan: Plan) -> dict[tuple[str, str, int], Thread]:
    """The thread of each follow-up that has not left, by wave, contact and step, in the plan's order."""
    departures = Departures(world)
    return {
        (item.wave, item.contact, item.step): _thread(departures, world, item.wave, item.contact, item.step)
        for item in plan.items
        if item.wave is not None and item.contact is not None and item.step and item.state is not ItemState.DONE
    }


def _thread(departures: Departures, world: World, wave: str, contact: str, step: int) -> Thread:
    letters = [departures.letter(contact, wave, number) for number in range(step)]
    before = next((letter for letter in reversed(letters) if letter is not None), None)
    if before is None:
        return Thread()
    return Thread(
        address=next((letter.address for letter in reversed(letters) if letter is not None and letter.address), None),
        message_ids=tuple(letter.message_id for letter in letters if letter is not None and letter.message_id),
        subject=before.said,
        sent_on=before.at.astimezone(zone(world.campaign.timezone)).date(),
    )
