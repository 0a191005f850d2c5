"""In which time zone a contact is, where that is certain.

Source: `zone.tab` of the tz database (public domain), which the `tzdata` package brings.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files

from outreach.model.contact import Contact
from outreach.words.wall_time import zone

# Clocks that have agreed since then count as one: of Berlin and Büsingen, not of Madrid and the Canaries.
_SINCE = datetime(2025, 1, 1, tzinfo=UTC)
_DAYS = 3 * 365


def certain_zone(contact: Contact) -> str | None:
    """The IANA name of the zone a contact is in: its own `timezone`, else that of its country.

    None if it names neither, or a country whose clocks differ.
    """
    return contact.timezone or (zone_of_country(contact.country) if contact.country else None)


@cache
def zone_of_country(country: str) -> str | None:
    """The first zone of a country (ISO 3166-1 alpha-2), if all of its clocks have agreed since 2025; else None."""
    names = _zones().get(country, [])
    clocks = [zone(name) for name in names]
    for day in range(_DAYS if len(clocks) > 1 else 0):
        instant = _SINCE + timedelta(days=day)
        if len({instant.astimezone(clock).utcoffset() for clock in clocks}) > 1:
            return None
    return names[0] if names else None


@cache
def _zones() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            country, _, name, *_ = line.split("\t")
            found.setdefault(country, []).append(name)
    return found
