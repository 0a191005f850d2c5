"""The desk at which letters are planned: the world, and what is looked up in it again and again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Protocol

from outreach.model.campaign import Expression, Wave
from outreach.model.contact import Channel, Contact
from outreach.model.past import ContactPast
from outreach.model.template import Template, Variant
from outreach.planning.saying import Sayer
from outreach.planning.selection import TemplateShelf, variant_for
from outreach.planning.sent import Departures
from outreach.planning.world import World
from outreach.templating.expressions import Expressions
from outreach.words.calendar import Openings
from outreach.words.wall_time import resolve, zone
from outreach.words.zones_of_countries import certain_zone


class GateAnswer(Protocol):
    """What a gate says: whether it holds, and if not the term that is unmet or not known."""

    @property
    def holds(self) -> bool: ...

    @property
    def reason(self) -> str: ...


Gate = Callable[[Expression, str], GateAnswer]
"""Asks a gate; its name in the ledger is `wave:ID`, `follow-up:WAVE` or `after:WAVE`."""


class Desk:
    """Looks up and remembers, for one plan. Not thread-safe."""

    def __init__(self, world: World, gate: Gate) -> None:
        self.world = world
        self.now = world.now
        self.campaign = world.campaign
        self.zone = zone(world.campaign.timezone)
        self.say = Sayer(world.now, self.zone)
        self.brakes = {hold.target: hold for hold in world.past.holds}
        self.departures = Departures(world)
        self.expressions = Expressions()
        self.shelf = TemplateShelf(world.templates, world.campaign.language)
        self._gate = gate
        self._answers: dict[str, GateAnswer] = {}
        self._templates: dict[tuple[str, Variant, str | None], Template | None] = {}
        self._openings: dict[str, Openings] = {}
        self._ends = {wave.id: self._end(wave) for wave in world.campaign.waves}

    def past(self, contact: Contact) -> ContactPast:
        """What happened with a contact."""
        return self.world.past.contacts.get(contact.id) or ContactPast(contact=contact.id)

    def gate(self, expression: Expression | None, name: str) -> str | None:
        """Why the gate holds the letters up, or None where it is open. Asked once in a plan."""
        if expression is None:
            return None
        if name not in self._answers:
            self._answers[name] = self._gate(expression, name)
        answer = self._answers[name]
        return None if answer.holds else answer.reason

    def openings(self, contact: Contact) -> Openings:
        """The calendar on the clocks that count for this contact."""
        calendar = self.campaign.calendar
        name = (certain_zone(contact) if calendar.recipient_time else None) or self.campaign.timezone
        if name not in self._openings:
            self._openings[name] = Openings(calendar, zone(name), home=self.zone)
        return self._openings[name]

    def recipient_zone(self, contact: Contact) -> str | None:
        """The contact's own zone, where it is certain and another than the campaign's."""
        name = certain_zone(contact)
        return name if name != self.campaign.timezone else None

    def starts(self, wave: Wave) -> datetime:
        """The wave's `start` (aware UTC), now where it has none."""
        return resolve(wave.start, self.zone).instant if wave.start is not None else self.now

    def ends(self, wave: Wave) -> datetime | None:
        """The instant at which the day after the wave's `until` begins, None where it has none."""
        return self._ends[wave.id]

    def _end(self, wave: Wave) -> datetime | None:
        if wave.until is None:
            return None
        return resolve(datetime.combine(wave.until + timedelta(days=1), time.min), self.zone).instant

    def channel(self, name: str, contact: Contact, first: str | None = None) -> Channel | None:
        """The channel of a letter by the template `name`: a mail address, else one for a person's hand.

        `first` is the template of the letter that it follows.
        """
        return self.shelf.channel_for(contact, name, first=first)

    def template(self, name: str, contact: Contact, channel: Channel) -> Template | None:
        """The template `name` as it is written for that channel."""
        key = (name, variant_for(channel), contact.language)
        if key not in self._templates:
            self._templates[key] = self.shelf.find(*key)
        return self._templates[key]
