"""A calendar asked about one instant at a time: what the openings, worked out by stretches, are compared with."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from outreach.model.campaign import Calendar
from outreach.words.calendar import Openings, why_closed


def allowed(instant: datetime, calendar: Calendar, zone: ZoneInfo) -> bool:
    """Whether a letter may leave at `instant` (aware), by the clocks of `zone`."""
    return why_not(instant, calendar, zone) is None


def next_moment(instant: datetime, calendar: Calendar, zone: ZoneInfo) -> datetime | None:
    """The first allowed instant (aware UTC) at or after `instant`, or None within 800 days."""
    return Openings(calendar, zone).at_or_after(instant)


def why_not(instant: datetime, calendar: Calendar, zone: ZoneInfo) -> str | None:
    """Why no letter may leave at `instant` (aware) by the clocks of `zone`, or None.

    The reason that lasts longest is said: a time to avoid, a public holiday, the weekday, the hour.
    """
    local = instant.astimezone(zone)
    reason = why_closed(local.date(), calendar)
    if reason is not None:
        return reason
    hours = calendar.hours
    if hours is None:
        return None
    if local.time() < hours.opens:
        return f"it is {local:%H:%M}, before {hours.opens:%H:%M}"
    if hours.closes != time.min and local.time() >= hours.closes:
        return f"it is {local:%H:%M}, after {hours.closes:%H:%M}"
    return None
