"""The moment at which a version goes out, from its `at`, `window` and `after`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from outreach.model.campaign import Campaign
from outreach.model.past import Past
from outreach.model.post import AfterPost, PostVersion
from outreach.model.records import dataclass
from outreach.model.times import Window
from outreach.planning.ahead import TOLERANCE, sentence
from outreach.planning.post_timing import problems_of_timing
from outreach.planning.world import World
from outreach.words.said_time import said_moment
from outreach.words.wall_time import resolve, zone
from outreach.words.windows import SEARCH_DAYS, Span, each_moment, last_moment, said_date

GRACE = timedelta(hours=1)
"""How much later than its own time a post still goes out by itself."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """When a version goes out; `due` is an aware UTC instant, None if nobody can know it yet.

    At most one of these says why it does not: `fault` (the files would have to change), `missed` (it
    is too late) and `waits_for` (something else has to happen first). `open` says that it may go out
    now, `until` when it will. `remark` is what was decided about its time.
    """

    due: datetime | None = None
    open: bool = False
    fault: str = ""
    missed: str = ""
    waits_for: str = ""
    until: str = ""
    remark: str = ""


def first_publications(past: Past) -> dict[str, datetime]:
    """When each post was really published, on whichever network that was first; aware UTC."""
    found: dict[str, datetime] = {}
    for (post, _), each in past.posts.items():
        if each.published is not None:
            found[post] = min(found.get(post, each.published), each.published)
    return found


def moment_of(version: PostVersion, world: World, published: Mapping[str, datetime]) -> Moment:
    """When the version goes out, seen from the world's `now`; `published` are the `first_publications`.

    `at` and `window` are wall time in the campaign's zone or the window's own. `after` is counted from
    when the other post was first published, wherever that was. An `at` is missed after GRACE, a window
    when it holds no moment any more; a version that only says `after` is never too late. Nothing
    goes out on days that the calendar avoids. Raises `zoneinfo.ZoneInfoNotFoundError`.
    """
    if version.at is None and version.window is None and version.after is None:
        return Moment(fault="it has no time yet; write `at`, `window` or `after` into its file")
    problems = problems_of_timing(version, world.campaign)
    earliest = _earliest(version.after, published) if version.after else world.now
    if version.at is not None:
        found = _at(version.at, version, earliest, world)
    elif version.window is not None:
        found = _within(version.window, version, earliest, world)
    else:
        found = _following(earliest, world)
    fault = next((problem for problem in problems if problem.is_error), None)
    if fault is not None:
        hint = fault.hint if fault.code == "nonexistent-time" else ""
        due = None if fault.code == "nonexistent-time" else found.due
        return Moment(fault=_clause(fault.message, hint), due=due)
    if version.after is not None and earliest is None and not found.missed:
        return replace(found, waits_for=f"after {version.after.post}, which is not posted yet", open=False)
    if version.after is not None and published.get(version.after.post, world.now) > world.now + TOLERANCE:
        first = said_moment(published[version.after.post], world.campaign.timezone)
        return replace(found, waits_for=sentence(f"{version.after.post} is", first), open=False)
    remark = "; ".join(_clause(problem.message) for problem in problems)
    return replace(found, remark=remark, until=_until(found, world.campaign))


def _earliest(after: AfterPost, published: Mapping[str, datetime]) -> datetime | None:
    """`delay` after the other post was first published; None before that."""
    first = published.get(after.post)
    if first is None:
        return None
    return after.delay.after(first) if after.delay else first


def _at(at: datetime, version: PostVersion, earliest: datetime | None, world: World) -> Moment:
    due = resolve(at, zone(world.campaign.timezone)).instant.astimezone(UTC)
    if world.now > due + GRACE:
        said = said_moment(due, world.campaign.timezone)
        return Moment(due=due, missed=f"it was planned for {said}; choose another time")
    if version.after is not None and earliest is not None and earliest > due:
        reason = (
            f"{_said_after(version.after)} is {said_moment(earliest, world.campaign.timezone)}, later than its own time"
        )
        return Moment(due=due, waits_for=reason)
    return Moment(due=due, open=world.now >= due)


def _within(window: Window, version: PostVersion, earliest: datetime | None, world: World) -> Moment:
    """The first moment of the window from now on, and from `earliest` on."""
    left = _first(window, world.now, world.campaign)
    if left is None:
        reason = f"its last day was {said_date(window.last)}; choose new days"
        return Moment(due=_passed(window, earliest if version.after else None, world.campaign), missed=reason)
    if earliest is None:
        return Moment()
    span = _first(window, max(world.now, earliest), world.campaign)
    if span is None:
        said = said_moment(earliest, world.campaign.timezone)
        after = _said_after(version.after) if version.after else "it"
        return Moment(waits_for=f"{after} is {said}, when its window is over; give it a later last day")
    due = max(span.start, earliest) if version.after else span.start
    return Moment(due=due, open=world.now >= due)


def _passed(window: Window, earliest: datetime | None, campaign: Campaign) -> datetime | None:
    """The moment of a window now over at which it would have gone out; its last one where that is not known."""
    span = _first(window, earliest, campaign) if earliest is not None else None
    if span is not None and earliest is not None:
        return max(span.start, earliest)
    last = last_moment(window, campaign.calendar, campaign.timezone)
    return last.start if last else None


def _following(earliest: datetime | None, world: World) -> Moment:
    """The first moment from `earliest` on that the calendar does not avoid, or again does not avoid."""
    if earliest is None:
        return Moment()
    first = _first(_from(earliest, world.campaign), earliest, world.campaign)
    if first is None:
        return Moment(waits_for="the calendar avoids every day of the year after it")
    due = max(first.start, earliest)
    if world.now <= due:
        return Moment(due=due, open=world.now == due)
    again = _first(_from(world.now, world.campaign), world.now, world.campaign)
    if again is None:
        return Moment(due=due, waits_for="the calendar avoids every day of the coming year")
    return Moment(due=due, open=True) if again.start <= world.now else Moment(due=again.start)


def _from(instant: datetime, campaign: Campaign) -> Window:
    """All the time from the day of `instant` on, as a window."""
    day = instant.astimezone(zone(campaign.timezone)).date()
    return Window(first=day, last=date.fromordinal(min(day.toordinal() + SEARCH_DAYS, date.max.toordinal())))


def _first(window: Window, instant: datetime, campaign: Campaign) -> Span | None:
    """The first span of the window that is not over at `instant`."""
    # Two days earlier in UTC is an earlier day in every zone, and spares the days that are long over.
    first = max(window.first, instant.astimezone(UTC).date() - 2 * _ONE_DAY)
    spans = each_moment(replace(window, first=first), campaign.calendar, campaign.timezone)
    return next((span for span in spans if span.end > instant), None)


def _until(found: Moment, campaign: Campaign) -> str:
    return f"until {said_moment(found.due, campaign.timezone)}" if found.due and not found.open else ""


def _said_after(after: AfterPost) -> str:
    return f"{after.delay.text} after {after.post}" if after.delay else f"the moment after {after.post}"


def _clause(sentence: str, hint: str = "") -> str:
    """A Problem's sentences as a part of a reason: no full stop, and no capital but that of a name."""
    parts = [part.rstrip(".") for part in (sentence, hint) if part]
    return "; ".join(f"t{part[1:]}" if part.startswith("The ") else part for part in parts)
