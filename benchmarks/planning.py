"""How the time to plan letters grows: ten times the contacts should take about ten times as long.

    python benchmarks/planning.py [CONTACTS]

Plans a campaign over CONTACTS (10,000) and over ten times as many: two waves, the second with its own
pace, half of the contacts in other time zones, a fifth at one provider, a tenth already written to.
Absolute numbers differ between machines, the ratio hardly does.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock

from outreach.planning.letters import plan_letters

from outreach.model.campaign import Calendar, Campaign, Expression, FollowUp, Pace, Sender, TemplateChoice, Wave
from outreach.model.contact import Channel, ChannelKind, Contact
from outreach.model.event import EventKind
from outreach.model.past import ContactPast, Past, SentLetter
from outreach.model.template import Template
from outreach.model.times import Delay, Hours, YearlySpan
from outreach.planning.world import World

NOW = datetime(2026, 1, 13, 9, tzinfo=UTC)
ZONES = ("Europe/Lisbon", "Asia/Kathmandu", "Pacific/Apia", "America/New_York", "Australia/Lord_Howe")


@dataclass(frozen=True)
class Open:
    holds: bool = True
    reason: str = ""


def contact(number: int) -> Contact:
    domain = "provider.example" if number % 5 == 0 else f"verein-{number}.example"
    return Contact(
        id=f"c{number}",
        name=f"Förderverein {number}",
        file="contacts/all.csv",
        tier=number % 2,
        timezone=ZONES[number % len(ZONES)] if number % 2 else None,
        channels=(Channel(kind=ChannelKind.EMAIL, address=f"info{number}@{domain}"),),
    )


def wave(name: str, tier: int, pace: Pace | None = None) -> Wave:
    to = Expression(source=f"tier == {tier}", file="campaign.yaml", line=1)
    follow_up = FollowUp(after=Delay(length=timedelta(days=14), text="14d"), template="letter")
    start, choices = datetime(2026, 1, 1), (TemplateChoice(template="letter"),)
    return Wave(id=name, to=to, templates=choices, start=start, follow_up=follow_up, pace=pace)


def campaign() -> Campaign:
    return Campaign(
        id="c",
        title="C",
        sender=Sender(name="Alex Example", email="alex@example.org"),
        timezone="Europe/Brussels",
        calendar=Calendar(
            days=(2, 3, 4),
            hours=Hours(opens=clock(9), closes=clock(17)),
            holidays=("BE",),
            avoid=(YearlySpan(first=(12, 24), last=(1, 1)),),
            recipient_time=True,
        ),
        pace=Pace(per_hour=200, per_day=1000),
        waves=(wave("first", 0), wave("second", 1, Pace(per_hour=300, per_day=2000, gap=(timedelta(seconds=5),) * 2))),
    )


def world(contacts: int) -> World:
    everybody = tuple(contact(number) for number in range(contacts))
    pasts = {}
    for number in range(0, contacts, 10):
        at = NOW - timedelta(days=20) + timedelta(seconds=number)
        letter = SentLetter(wave="first", step=0, kind=EventKind.ACCEPTED, at=at, via="outbox")
        pasts[f"c{number}"] = ContactPast(contact=f"c{number}", letters=(letter,))
    template = Template(name="letter", file="templates/letter.md", body="Dear {{ contact.name }}", subject="Hello")
    past = Past(contacts=pasts, mailbox_read=NOW)
    return World(
        campaign=campaign(),
        contacts=everybody,
        templates=(template,),
        posts=(),
        checklists=(),
        past=past,
        now=NOW,
    )


def seconds(contacts: int) -> float:
    planned = world(contacts)
    start = time.process_time()
    items, left_out = plan_letters(planned, lambda expression, name: Open())
    taken = time.process_time() - start
    states = Counter(str(item.state) for item in items)
    last = max((item.due for item in items if item.due is not None), default=NOW)
    print(f"{contacts} contacts: {taken:.2f} s; {dict(states)}, {len(left_out)} left out, last {date.isoformat(last)}")
    return taken


def main() -> None:
    contacts = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    few = min(seconds(contacts) for _ in range(3))
    print(f"ratio {seconds(contacts * 10) / few:.1f}")


if __name__ == "__main__":
    main()
