"""How long something is kept: `2y`, `6mo`, `3w`, `90d`, counted on the calendar."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta


def kept_until(last: date, keep_for: str) -> date:
    """The last day on which something from `last` is kept; `keep_for` as campaign.yaml has it, such as `2y`.

    A month or year that has no such day ends on its last one: 29 February 2024 and `1y` is 28 February 2025. Beyond the
    year 9999 it is the last day that there is.
    """
    text = keep_for.strip()
    unit = text.lstrip("0123456789").strip()
    number = int(text.removesuffix(unit))
    if unit in ("d", "w"):
        days = number * (7 if unit == "w" else 1)
        return last + timedelta(days=min(days, (date.max - last).days))
    months = last.year * 12 + last.month - 1 + number * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(last.day, monthrange(year, month + 1)[1]))
