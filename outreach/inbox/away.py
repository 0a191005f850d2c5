"""Until when somebody is away, as their automatic reply says it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from outreach.inbox.phrases import MONTHS, RETURNS

LONGEST = timedelta(days=370)
"""A date farther off than this is no return date."""

_LEAD = "|".join(re.escape(word) for word in sorted(RETURNS, key=len, reverse=True))
_BEFORE = re.compile(rf"(?<!\w)(?:{_LEAD})(?!\w)[\s:,]*(?:the |den |dem |le |el |il |am |dia |do )?", re.IGNORECASE)
_WEEKDAY = re.compile(r"[^\W\d]{2,14}[\s,.]+(?:the |den |dem |le |el |il )?", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})\s?[./]\s?(\d{1,2})(?:\s?[./]\s?(\d{4}|\d{2})?)?")
_DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|\.|º|°)?\s+(?:de |of |d')?([^\W\d]{3,14})\.?(?:\s+(?:de |del )?(\d{4}))?"
)
_MONTH_DAY = re.compile(r"([^\W\d]{3,14})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?")


def away_until(text: str, at: datetime | None) -> date | None:
    """The last date that follows a word such as "until" or "back on"; None where none is named.

    `at` is when the reply was sent (aware): a date without its year is the next such day after it, and what lies
    before it or more than a year ahead is none.
    """
    if at is None:
        return None
    sent = at.date()
    found = [day for day in _dates(text[:4000], sent) if sent <= day <= sent + LONGEST]
    return max(found, default=None)


def _dates(text: str, sent: date) -> Iterator[date]:
    for lead in _BEFORE.finditer(text):
        rest = text[lead.end() : lead.end() + 50]
        weekday = _WEEKDAY.match(rest)
        day = _read(rest, sent) or (_read(rest[weekday.end() :], sent) if weekday else None)
        if day is not None:
            yield day


def _read(text: str, sent: date) -> date | None:
    if match := _ISO.match(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMBERS.match(text):
        return _with_year(match[3], int(match[2]), int(match[1]), sent)
    if (match := _DAY_MONTH.match(text)) and (month := MONTHS.get(match[2].casefold())):
        return _with_year(match[3], month, int(match[1]), sent)
    if (match := _MONTH_DAY.match(text)) and (month := MONTHS.get(match[1].casefold())):
        return _with_year(match[3], month, int(match[2]), sent)
    return None


def _with_year(year: str | None, month: int, day: int, sent: date) -> date | None:
    if year:
        return _day(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this = _day(sent.year, month, day)
    return this if this is None or this >= sent else _day(sent.year + 1, month, day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
