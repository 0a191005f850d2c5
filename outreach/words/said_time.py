"""An instant as people say it: `Tue 13 Jan 2026 09:00 CET`."""

from __future__ import annotations

from datetime import datetime

from outreach.words.wall_time import zone, zone_label
from outreach.words.windows import MONTHS, WEEKDAYS


def said_moment(instant: datetime, zone_name: str) -> str:
    """The aware `instant` on the clocks of the zone of that IANA name.

    Raises `zoneinfo.ZoneInfoNotFoundError` for an unknown zone.
    """
    local = instant.astimezone(zone(zone_name))
    return f"{said_day(local)} {local:%H:%M} {zone_label(local)}"


def said_day(local: datetime) -> str:
    """The day of a local time, short: `Tue 13 Jan 2026`."""
    return f"{WEEKDAYS[local.weekday()][:3]} {local.day} {MONTHS[local.month - 1][:3]} {local.year}"
