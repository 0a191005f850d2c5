"""Until when somebody is away, as their automatic reply says it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache

from outreach.words.phrases import compiled, folded, phrases, tables

LONGEST = timedelta(days=370)
"""A date farther off than this is not a return date."""

_ARTICLE = r"(?:the |den |dem |le |el |il |am |dia |do |el dia |ao |al |h?a-)?"
_WEEKDAY = re.compile(r"[^\W\d]{2,14}[\s,.]+(?:the |den |dem |le |el |il |der )?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})\s?[./-]\s?(\d{1,2})(?:\s?[./-]\s?(\d{4}|\d{2})?)?")
_DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|\.|º|°|o|a)?\s+(?:de |of |d')?([^\W\d]{3,14})\.?(?:,?\s+(?:de |del )?(\d{4}))?"
)
_MONTH_DAY = re.compile(r"([^\W\d]{3,14})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?")
_ANY_DAY = re.compile(r"(?<![\d./-])\d{1,2}(?=[\s.])")
_CJK = re.compile(r"(?:(\d{4})[年년]\s?)?(\d{1,2})[月월]\s?(\d{1,2})[日일号號]")


def away_until(text: str, at: datetime | None) -> date | None:
    """The last date that follows a word such as "until" or "back on"; None if none is named.

    `at` is when the reply was sent (aware): a date without its year is the next such day after it, and what lies
    before it or more than a year ahead is none.
    """
    if at is None:
        return None
    sent = at.date()
    found = [day for day in _dates(folded(text[:4000]), sent) if sent <= day <= sent + LONGEST]
    return max(found, default=None)


@lru_cache(maxsize=1)
def _before() -> re.Pattern[str]:
    return re.compile(rf"(?:{compiled(phrases('mail', 'until')).pattern})[\s:,]*{_ARTICLE}")


@lru_cache(maxsize=1)
def _months() -> Mapping[str, int]:
    """The names of the months in every language, those of its own language first where two use one word."""
    lists = [mail["months"] for mail in tables("mail").values() if "months" in mail]
    named = [(folded(name), number) for names in lists for number, each in enumerate(names, 1) for name in each.split()]
    return dict(reversed(named))


def _dates(text: str, sent: date) -> Iterator[date]:
    for lead in _before().finditer(text):
        rest = text[lead.end() : lead.end() + 50]
        weekday = _WEEKDAY.match(rest)
        day = _read(rest, sent) or (_read(rest[weekday.end() :], sent) if weekday else None)
        if day is not None:
            yield day
        before = text[max(0, lead.start() - 40) : lead.start()]  # Turkish and Finnish say "5 January until"
        yield from filter(None, (_read(before[found.start() :], sent) for found in _ANY_DAY.finditer(before)))
    for found in _CJK.finditer(text):
        day = _with_year(found[1], int(found[2]), int(found[3]), sent)
        if day is not None:
            yield day


def _read(text: str, sent: date) -> date | None:
    if match := _ISO.match(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMBERS.match(text):
        day, month = int(match[1]), int(match[2])
        if month > 12 >= day:  # 12/15/2026
            day, month = month, day
        return _with_year(match[3], month, day, sent)
    months = _months()
    if (match := _DAY_MONTH.match(text)) and (month_named := months.get(match[2])):
        return _with_year(match[3], month_named, int(match[1]), sent)
    if (match := _MONTH_DAY.match(text)) and (month_named := months.get(match[1])):
        return _with_year(match[3], month_named, int(match[2]), sent)
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
