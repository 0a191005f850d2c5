"""Small campaigns from beginning to end: planned, sent, interrupted, planned again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from outreach.model.campaign import Calendar, Pace, Wave
from outreach.model.contact import Contact
from outreach.model.event import EventKind
from outreach.model.past import ContactPast, Past, SentLetter
from outreach.model.plan import ItemKind, ItemState, PlanItem
from outreach.model.times import Delay, Hours, YearlySpan
from outreach.planning.touches import QUIET
from outreach.planning.world import World
from outreach.words.wall_time import zone
from tests.planning.campaigns import campaign, contact, email, follow_up, form, template, wave
from tests.planning.letter_plans import Planned, plan
from tests.words.calendars import allowed

TRANSITIONS = {
    "Europe/Berlin": ("2026-03-29", "2026-10-25"),
    "Europe/Lisbon": ("2026-03-29", "2026-10-25"),
    "Europe/Dublin": ("2026-03-29", "2026-10-25"),
    "Africa/Casablanca": ("2026-02-15", "2026-03-22"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),
    "Pacific/Apia": ("2011-09-24", "2011-12-30"),  # the second is the day that Apia skipped
    "Asia/Kathmandu": ("1986-01-01", "2026-03-29"),
    "America/Asuncion": ("2024-03-24", "2024-10-06"),
    "Pacific/Chatham": ("2026-04-05", "2026-09-27"),
}
DOWN = st.sampled_from([timedelta(0), timedelta(hours=1), timedelta(days=3)])
names = st.sampled_from(sorted(TRANSITIONS))


@dataclass
class Course:
    """A campaign in its course: the world as it is, and everything that left."""

    world: World
    left: list[tuple[datetime, PlanItem]] = field(default_factory=list)

    def send(self, items: list[PlanItem]) -> None:
        """Let what is due leave now."""
        now = self.world.now
        pasts: dict[str, ContactPast] = dict(self.world.past.contacts)
        for item in items:
            assert item.contact is not None
            assert item.wave is not None
            assert item.step is not None
            self.left.append((now, item))
            kind = EventKind.ACCEPTED if item.kind is ItemKind.LETTER else EventKind.FORM_SENT
            sent = SentLetter(wave=item.wave, step=item.step, kind=kind, at=now, via="smtp")
            past = pasts.get(item.contact, ContactPast(contact=item.contact))
            pasts[item.contact] = replace(past, letters=(*past.letters, sent))
        self.world = replace(self.world, past=replace(self.world.past, contacts=pasts))

    def go_to(self, now: datetime, answering: str | None) -> None:
        """It is later; the mailbox has just been read, and somebody may have answered."""
        past = replace(self.world.past, mailbox_read=now)
        if answering is not None:
            known = past.contacts.get(answering, ContactPast(contact=answering))
            past = replace(past, contacts={**past.contacts, answering: replace(known, answered=now)})
        self.world = replace(self.world, past=past, now=now)


@st.composite
def calendars(draw: Any, day: datetime) -> Calendar:
    opens = draw(st.integers(0, 20))
    closes = draw(st.integers(opens + 1, 23))
    avoided = [day + timedelta(days=n) for n in (draw(st.integers(-2, 6)), draw(st.integers(7, 9)))]
    first, last = ((moment.month, moment.day) for moment in avoided)
    return Calendar(
        days=tuple(sorted(draw(st.sets(st.integers(1, 7), max_size=4)))),
        hours=draw(st.sampled_from([None, Hours(opens=time(opens, 30), closes=time(closes, 45))])),
        avoid=draw(st.sampled_from([(), (YearlySpan(first=first, last=last),)])),
        recipient_time=draw(st.booleans()),
    )


@st.composite
def contacts(draw: Any, number: int) -> Contact:
    ident = f"c{number}"
    domain = draw(st.sampled_from(["big.example", f"{ident}.example"]))
    channels = draw(st.sampled_from([(email(f"{ident}@{domain}"),)] * 3 + [(form(),)]))
    return contact(
        ident, tier=draw(st.integers(0, 1)), timezone=draw(st.sampled_from([None]) | names), channels=channels
    )


@st.composite
def courses(draw: Any) -> Course:
    """A campaign of one or two waves around a change of its zone's clocks."""
    home = draw(names)
    change = datetime.fromisoformat(draw(st.sampled_from(TRANSITIONS[home])))
    start = change + timedelta(hours=draw(st.integers(-60, 30)))
    following = follow_up("again")
    following = replace(following, after=Delay(length=timedelta(days=draw(st.integers(1, 4))), text=""))
    waves: list[Wave] = [wave("one", to=draw(st.sampled_from(["tier == 0", "tier <= 1"])), start=start)]
    second = wave("two", to="tier <= 1", again=draw(st.booleans()), start=start + timedelta(hours=1))
    waves += draw(st.sampled_from([[], [second]]))
    waves = [replace(each, follow_up=draw(st.sampled_from([None, following]))) for each in waves]
    pace = Pace(
        per_hour=draw(st.integers(1, 4)),
        per_day=draw(st.integers(1, 6)),
        per_domain_per_hour=draw(st.integers(1, 2)),
        gap=draw(st.sampled_from([(timedelta(0), timedelta(0)), (timedelta(seconds=90), timedelta(seconds=140))])),
    )
    now = (start + timedelta(hours=draw(st.integers(-40, 40)))).replace(tzinfo=UTC)
    return Course(
        World(
            campaign=campaign(*waves, timezone=home, calendar=draw(calendars(change)), pace=pace),
            contacts=tuple(draw(contacts(number)) for number in range(draw(st.integers(1, 6)))),
            templates=(template(), template("again")),
            posts=(),
            checklists=(),
            past=Past(mailbox_read=now),
            now=now,
        )
    )


def clocks_of(world: World, item: PlanItem) -> str:
    own = next(each for each in world.contacts if each.id == item.contact).timezone
    return (own if world.campaign.calendar.recipient_time else None) or world.campaign.timezone


def check_everybody_is_there_once(world: World, found: Planned) -> None:
    items = Counter(item.id for item in found.items)
    assert set(items.values()) <= {1}
    out = Counter((each.wave, each.contact) for each in found.left_out if not each.reason.startswith("no follow-up"))
    assert set(out.values()) <= {1}
    for each in world.campaign.waves:
        for one in world.contacts:
            if each.to.source == "tier <= 1" or one.tier == 0:
                assert items[f"{each.id}/{one.id}/0"] + out[each.id, one.id] == 1


def check_times(world: World, times: list[tuple[datetime, PlanItem]]) -> None:
    """Allowed by the calendar, and within the pace; `times` are those of letters that left or will."""
    calendar, pace, home = world.campaign.calendar, world.campaign.pace, zone(world.campaign.timezone)
    mails = sorted((at, item.contact or "") for at, item in times if item.kind is ItemKind.LETTER)
    for at, item in times:
        assert allowed(at, calendar, zone(clocks_of(world, item)))
        assert allowed(at, Calendar(avoid=calendar.avoid), home)
    domains = {one.id: one.emails[0].address.partition("@")[2] for one in world.contacts if one.emails}
    for number, (at, who) in enumerate(mails):
        hour = [other for moment, other in mails[: number + 1] if moment > at - timedelta(hours=1)]
        assert len(hour) <= pace.per_hour
        assert sum(domains[other] == domains[who] for other in hour) <= pace.per_domain_per_hour
        assert number == 0 or at - mails[number - 1][0] >= pace.gap[0]
    days = Counter(at.astimezone(home).date() for at, _ in mails)
    assert not days or max(days.values()) <= pace.per_day


def check_one_touch_at_a_time(times: list[tuple[datetime, PlanItem]]) -> None:
    for who in {item.contact for _, item in times}:
        own = sorted((at, item.wave or "", item.step) for at, item in times if item.contact == who)
        for (before, one, _), (after, two, _) in pairwise(own):
            assert one == two or after - before >= QUIET


def next_now(found: Planned, now: datetime, down: timedelta) -> datetime | None:
    dues = [item.due for item in found.items if item.state is ItemState.WAITING and item.due is not None]
    return max(now + timedelta(seconds=1), min(dues) + down) if dues else None


@given(courses(), st.lists(st.tuples(DOWN, st.none() | st.integers(0, 5)), min_size=3, max_size=12))
def test_nothing_twice_nothing_dropped_nothing_at_a_wrong_time(course: Course, events: list[Any]) -> None:
    for turn in range(40):
        world = course.world
        found = plan(world)
        assert plan(world).items == found.items
        check_everybody_is_there_once(world, found)
        open_items = [item for item in found.items if item.state in (ItemState.DUE, ItemState.WAITING)]
        assert all(item.due is not None for item in open_items)
        assert all((item.state is ItemState.DUE) == (item.due <= world.now) for item in open_items if item.due)
        answered = {name for name, past in world.past.contacts.items() if past.answered}
        gone = [(at, item) for at, item in course.left]
        planned = [(item.due, item) for item in open_items if item.due is not None]
        check_times(world, gone + planned)
        check_one_touch_at_a_time(gone + planned)
        assert {item.id for _, item in gone} == {item.id for item in found.items if item.state is ItemState.DONE}
        assert not any(item.contact in answered and item.wave == "one" for item in open_items)
        course.send([item for item in open_items if item.state is ItemState.DUE])
        down, who = events[turn % len(events)]
        now = next_now(found, world.now, down)
        if now is None:
            break
        course.go_to(now, world.contacts[who].id if who is not None and who < len(world.contacts) else None)
    ids = [item.id for _, item in course.left]
    assert len(ids) == len(set(ids))


@given(courses())
def test_with_nobody_answering_everything_leaves(course: Course) -> None:
    for _ in range(200):
        found = plan(course.world)
        course.send([item for item in found.items if item.state is ItemState.DUE])
        states = Counter(item.state for item in found.items)
        now = next_now(found, course.world.now, timedelta(0))
        if now is None and not states[ItemState.DUE]:
            break
        course.go_to(now or course.world.now + timedelta(seconds=1), None)
    held = [item.reason for item in found.items if item.state not in (ItemState.DONE,)]
    assert all(reason.startswith("the calendar has no free time") for reason in held)
