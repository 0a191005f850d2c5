"""What is wrong with the time a post is to go out, found without a clock."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise

from outreach.model.campaign import Calendar, Campaign
from outreach.model.post import PostVersion
from outreach.model.problem import Problem
from outreach.model.times import Window
from outreach.words.wall_time import wall_time_problem, zone
from outreach.words.windows import WEEKDAYS, Span, avoided, describe, each_moment, nearest_moment, said_date


def problems_of_timing(version: PostVersion, campaign: Campaign) -> list[Problem]:
    """The Problems of a version's `at` and `window`; `at` is wall time in the campaign's zone.

    Codes: `nonexistent-time`, `ambiguous-time`, `inside-avoid` and `window-without-moment`.
    """
    problems: list[Problem] = []
    if version.at is not None:
        problems += _of_time(version.at, version, campaign)
    if version.window is not None:
        problems += _of_window(version.window, version, campaign)
    return problems


def _of_time(at: datetime, version: PostVersion, campaign: Campaign) -> list[Problem]:
    about = f"post:{version.post}"
    clock = wall_time_problem(at, campaign.timezone, file=version.file, line=version.line, about=about)
    problems = [clock] if clock else []
    if span := avoided(at.date(), campaign.calendar.avoid):
        reason = f": {span.why}" if span.why else ""
        problems.append(
            Problem(
                file=version.file,
                line=version.line,
                code="inside-avoid",
                message=f"{said_date(at)} is in a time that the calendar avoids"
                f" ({_yearly(span.first)} to {_yearly(span.last)}{reason}).",
                hint="Choose another day, or change `calendar: avoid` in campaign.yaml.",
                about=about,
            )
        )
    return problems


def _of_window(window: Window, version: PostVersion, campaign: Campaign) -> list[Problem]:
    calendar, zone_name = campaign.calendar, campaign.timezone
    if next(each_moment(window, calendar, zone_name), None) is not None:
        return []
    nearest = nearest_moment(window, calendar, zone_name)
    zones = [zone(zone_name), zone(window.timezone or zone_name)]
    named = f"; the nearest is {describe(nearest, zones)}" if nearest else ""
    return [
        Problem(
            file=version.file,
            line=window.line,
            code="window-without-moment",
            message=f"The window from {window.first} to {window.last}{_terms(window)} has no time for it{named}.",
            hint=_hint(window, calendar, nearest, zone_name),
            about=f"post:{version.post}",
        )
    ]


def _hint(window: Window, calendar: Calendar, nearest: Span | None, zone_name: str) -> str:
    if nearest is None:
        return "Look at its `days` and `hours`, and at `calendar: avoid` in campaign.yaml."
    day = nearest.start.astimezone(zone(window.timezone or zone_name)).date()
    key = "to" if day > window.last else "from"
    others = "another day or hour" if window.days or window.hours else "another time"
    if _wholly_avoided(window, calendar):
        return f"All of it is avoided by the calendar: write `{key}: {day}`, or allow {others}."
    return f"Write `{key}: {day}`, or allow {others}."


def _wholly_avoided(window: Window, calendar: Calendar) -> bool:
    days = range(window.first.toordinal(), min(window.last.toordinal(), window.first.toordinal() + 366) + 1)
    return bool(days) and all(avoided(date.fromordinal(day), calendar.avoid) for day in days)


def _terms(window: Window) -> str:
    """The window's own restrictions in words: " (Tuesday to Thursday, 08:00-10:00 America/New_York)"."""
    terms = []
    if window.days:
        terms.append(_days(sorted(set(window.days))))
    if window.hours:
        terms.append(f"{window.hours} {window.timezone}" if window.timezone else str(window.hours))
    return f" ({', '.join(terms)})" if terms else ""


def _days(days: list[int]) -> str:
    names = [WEEKDAYS[day - 1] for day in days]
    if len(days) > 2 and all(right - left == 1 for left, right in pairwise(days)):
        return f"{names[0]} to {names[-1]}"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _yearly(day: tuple[int, int]) -> str:
    return f"{day[0]:02d}-{day[1]:02d}"
