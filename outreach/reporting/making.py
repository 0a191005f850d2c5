"""The report, put together from the world, its plan, today's statuses and the book of events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain

from outreach.model.event import ANSWERS, WRITTEN_AS_DRAFT, EventKind
from outreach.model.ids import LetterId, VersionId
from outreach.model.plan import ItemKind, ItemState, Plan, PlanItem
from outreach.model.report import (
    WITHHELD,
    GoalLine,
    Happening,
    LetterLine,
    PlannedLine,
    PostLine,
    Report,
    Week,
)
from outreach.model.state import ContactState
from outreach.planning.gates import facts_of
from outreach.planning.gates.asking import Asker
from outreach.planning.status import ContactStatus, no_longer_listed
from outreach.planning.world import World
from outreach.reporting.book import Book, Entries
from outreach.reporting.lines import Reader, contact_line, reason_of
from outreach.reporting.tallies import outcome_counts, state_counts, tier_groups, totals, wave_groups
from outreach.words.wall_time import zone

Carried = Mapping[LetterId, tuple[str, ...]]
"""What each letter carried, with versions."""


def make_report(
    world: World,
    plan: Plan,
    statuses: Sequence[ContactStatus],
    book: Book,
    carried: Carried,
    since: date | None = None,
) -> Report:
    """The whole report, for those who run the campaign. What happened counts from the day `since` on."""
    start = datetime.combine(since, time(), zone(world.campaign.timezone)) if since else None
    reader = Reader(world, plan, book, carried, start)
    lines = [contact_line(reader, each) for each in statuses]
    letters = tuple(letter for each in statuses for letter in reader.letters(each))
    happenings = tuple(found for each in statuses for found in reader.happenings(each))
    posts = tuple(_posts(reader))
    counted = (*totals(reader, statuses, posts),)
    states = state_counts(reader, statuses)
    tiers, waves = tier_groups(reader, statuses), wave_groups(reader, statuses)
    return Report(
        campaign=world.campaign.id,
        title=world.campaign.title,
        now=world.now,
        timezone=world.campaign.timezone,
        language=world.campaign.language,
        since=since,
        public=False,
        states=states,
        totals=counted,
        outcomes=outcome_counts(reader, statuses),
        tiers=tiers,
        waves=waves,
        goals=tuple(_goals(world)),
        contacts=tuple(lines),
        letters=tuple(sorted(letters, key=lambda letter: (letter.at, letter.contact, letter.wave, letter.step))),
        happenings=tuple(sorted(happenings, key=lambda found: (found.at, found.entry))),
        planned=tuple(_planned(reader)),
        posts=posts,
        weeks=tuple(_weeks(world, letters, happenings)),
        withheld=sum(each.state is ContactState.OPTED_OUT for each in statuses),
        entries=_entries(reader, statuses),
    )


def _entries(reader: Reader, statuses: Iterable[ContactStatus]) -> Entries:
    book, unlisted = reader.book, no_longer_listed(reader.world.contacts, reader.world.past)
    return Entries(
        chain(
            ((reader.shown(each)[0], book.of_contact(each.id)) for each in statuses),
            (("", book.of_contact(id)) for id in unlisted),
            ((str(VersionId(post=key[0], network=key[1])), noted) for key, noted in book.posts.items()),
        )
    )


def _goals(world: World) -> Iterable[GoalLine]:
    if not world.campaign.goals:  # the facts of thousands of contacts take a tenth of a second
        return
    asker = Asker(facts_of(world))
    for goal in world.campaign.goals:
        value, reason = asker.measure(goal.measure.source)
        yield GoalLine(
            name=goal.name, measure=goal.measure.source, target=goal.target, by=goal.by, value=value, reason=reason
        )


def _is_sending(item: PlanItem) -> bool:
    """Whether it is a letter or post that has not left; a person's own tasks are in no report."""
    return item.state is not ItemState.DONE and (item.wave is not None or item.kind is ItemKind.POST)


def _planned(reader: Reader) -> Iterable[PlannedLine]:
    for item in reader.plan.items:
        if _is_sending(item):
            hidden = item.contact in reader.hidden
            yield PlannedLine(
                id=WITHHELD if hidden else item.id,
                state=str(item.state),
                due=item.due,
                reason="" if hidden else reason_of(item),
                name="" if hidden else reader.names.get(item.contact or "", ""),
            )


def _posts(reader: Reader) -> Iterable[PostLine]:
    planned = {(item.post, item.network): item for item in reader.plan.items if item.kind is ItemKind.POST}
    for (post, network), item in planned.items():
        key = (post or "", network or "")
        past = reader.world.past.posts.get(key)
        series = [each for each in reader.book.measured.get(key, ()) if reader.is_in_time(each.at)]
        yield PostLine(
            id=item.id,
            network=key[1],
            state=str(item.state),
            url=(past.url or "") if past else "",
            published=past.published if past else None,
            numbers=dict(past.numbers) if past else {},
            series=tuple(sorted(series, key=lambda each: (each.at, each.entry))),
            entries=tuple(noted.number for noted in reader.book.posts.get(key, ()) if reader.is_in_time(noted.at)),
        )


def _weeks(world: World, letters: Iterable[LetterLine], happenings: Iterable[Happening]) -> Iterable[Week]:
    """Every week from the first letter or answer to the last, those in which nothing happened too."""
    place = zone(world.campaign.timezone)

    def monday(at: datetime) -> date:
        day = at.astimezone(place).date()
        return day - timedelta(days=day.weekday())

    not_gone = (EventKind.REFUSED, EventKind.IN_DOUBT, *WRITTEN_AS_DRAFT)
    gone = [monday(letter.at) for letter in letters if letter.result not in not_gone]
    came = [monday(found.at) for found in happenings if found.what in ANSWERS]
    first, last = min([*gone, *came], default=None), max([*gone, *came], default=None)
    while first is not None and last is not None and first <= last:
        yield Week(monday=first, letters=gone.count(first), answers=came.count(first))
        first += timedelta(days=7)
