"""What is looked up again and again while one plan is made."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import cached_property

from outreach.model.campaign import Expression, Transport, Wave
from outreach.model.contact import Contact
from outreach.model.event import EventKind
from outreach.model.past import ContactPast, Hold, SentLetter
from outreach.planning.gates import Answer, Gate
from outreach.planning.saying import Sayer
from outreach.planning.sent import SentLetters, is_gone
from outreach.planning.versions import Versions
from outreach.planning.world import World
from outreach.templating.expressions import Expressions
from outreach.words.calendar import Openings
from outreach.words.wall_time import resolve, zone
from outreach.words.zones_of_countries import certain_zone

NOTHING = ContactPast(contact="")
"""The past of a contact with which nothing happened."""


class Context:
    """The world of one plan, and what was looked up in it. Not thread-safe."""

    def __init__(self, world: World, gate: Gate | None = None) -> None:
        self.world = world
        self.now = world.now
        self.campaign = world.campaign
        self.zone = zone(world.campaign.timezone)
        self.today = world.now.astimezone(self.zone).date()
        self.say = Sayer(world.now, self.zone)
        self._gate = gate
        self._answers: dict[str, Answer] = {}
        self._pauses = {hold.target: hold for hold in world.past.holds}
        self._openings: dict[str, Openings] = {}

    # Made when they are asked for: whether one letter may go now needs none of them.

    @cached_property
    def sent_letters(self) -> SentLetters:
        """What left already, and what may have."""
        return SentLetters(self.world)

    @cached_property
    def expressions(self) -> Expressions:
        """The expressions of the campaign, compiled once."""
        return Expressions()

    @cached_property
    def versions(self) -> Versions:
        """The templates by name."""
        return Versions(self.world.templates, self.campaign.language, self.campaign.fallback)

    @cached_property
    def _ends(self) -> dict[str, datetime | None]:
        return {wave.id: self._end(wave) for wave in self.campaign.waves}

    def past(self, contact: Contact) -> ContactPast:
        """What happened with a contact."""
        return self.world.past.contacts.get(contact.id, NOTHING)

    def unmet(self, expression: Expression | None, name: str) -> Answer | None:
        """The gate's answer where it holds the letters up, None if it is open. Asked once in a plan."""
        if expression is None or self._gate is None:
            return None
        if name not in self._answers:
            self._answers[name] = self._gate(expression, name)
        answer = self._answers[name]
        return None if answer.holds else answer

    def pause(self, wave: str, contact: str) -> Hold | None:
        """The pause that a person put on everything, on the wave or on the contact."""
        if not self._pauses:
            return None
        targets = ("*", f"wave:{wave}", f"contact:{contact}")
        return next((self._pauses[target] for target in targets if target in self._pauses), None)

    def waits_for_word(self, letter: SentLetter) -> bool:
        """Whether a letter was written to outbox/, or to drafts, by a campaign that sends in another way now."""
        way = self.campaign.accounts.mail.transport
        if letter.kind is EventKind.IN_DRAFTS:
            return way is not Transport.IMAP_DRAFTS
        return is_gone(letter) and letter.via == Transport.OUTBOX and way is not Transport.OUTBOX

    def openings(self, contact: Contact) -> Openings:
        """The calendar on the clocks that count for this contact."""
        calendar = self.campaign.calendar
        name = (certain_zone(contact) if calendar.recipient_time else None) or self.campaign.timezone
        if name not in self._openings:
            self._openings[name] = Openings(calendar, zone(name), home=self.zone)
        return self._openings[name]

    def is_open(self, contact: Contact, at: datetime) -> bool:
        """Whether a letter to this contact may leave at an aware instant, by the calendar."""
        return self.openings(contact).at_or_after(at) == at

    def recipient_zone(self, contact: Contact) -> str | None:
        """The contact's own zone, where it is certain and another than the campaign's."""
        name = certain_zone(contact)
        return name if name != self.campaign.timezone else None

    def starts(self, wave: Wave) -> datetime:
        """The wave's `start` (aware UTC), now where it has none."""
        return resolve(wave.start, self.zone).instant if wave.start is not None else self.now

    def ends(self, wave: Wave) -> datetime | None:
        """The instant at which the day after the wave's `until` begins, None if it has none."""
        return self._ends[wave.id]

    def _end(self, wave: Wave) -> datetime | None:
        if wave.until is None:
            return None
        return resolve(datetime.combine(wave.until + timedelta(days=1), time.min), self.zone).instant
