"""The day that words of any language name: `3 May 2025`, `3.5.`, `janvier`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from outreach.words.phrases import folded, languages

_DATE = re.compile(
    r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d\d?)-(?P<d>\d\d?)(?!\d)"
    r"|\b(?P<d2>\d\d?)[./-](?P<m2>\d\d?)[./-](?P<y2>(?:19|20)?\d\d)(?!\d)"
    r"|\b(?:(?P<d3>\d\d?)(?:st|nd|rd|th|er|º|°|\.)? ?(?:of |de |d'|da )?)?(?P<name>[^\W\d]{3,12})\.?"
    r"(?: (?P<d4>\d\d?)(?!\d)(?:st|nd|rd|th)?)?,?(?: ?(?:de |del )?(?P<y4>(?:19|20)\d\d))?"
    r"|\b(?P<y5>20\d\d)\b"
)


_ALONE = re.compile(
    r"(?:(?P<weekday>[^\W\d]+)\.?,? ?)?"
    r"(?P<day>\d\d?(?:st|nd|rd|th|er|\.)?(?:[./-]?\d\d?\.?(?:[./-]?(?:(?:19|20)\d\d|\d\d))?"
    r"| (?:de |of )?(?P<month>[^\W\d]{3,12})\.?,?(?: (?:de |del )?(?:19|20)\d\d)?)|(?:19|20)\d\d-\d\d-\d\d)?"
)


def is_day(text: str) -> bool:
    """Whether words are a day and nothing else: `di 17/3`, `Monday, 3 May`, `12.5.2026`."""
    found = _ALONE.fullmatch(folded(text).strip(" .:,"))
    if found is None or not (found["day"] or found["weekday"]):
        return False
    day, month = found["day"] or "", found["month"]
    is_date = bool(re.search(r"[./-]\d", day)) or month in _months()
    return (is_date or not day) and (found["weekday"] is None or found["weekday"] in _weekdays())


@lru_cache(maxsize=1)
def _weekdays() -> frozenset[str]:
    from babel.dates import get_day_names

    tags = [tag for tag, language in languages().items() if language["complete"]]
    names = [
        *(get_day_names("wide", locale=tag) for tag in tags),
        *(get_day_names("short", locale=tag) for tag in tags),
    ]
    names += [get_day_names("abbreviated", locale=tag) for tag in tags]
    return frozenset(folded(name).strip(".") for each in names for name in each.values())


@lru_cache(maxsize=1)
def _months() -> Mapping[str, int]:
    lists = [language["mail"]["months"] for language in languages().values() if "months" in language.get("mail", {})]
    return {folded(each): at for names in lists for at, name in enumerate(names, 1) for each in name.split()}


def named_day(plain: str, today: date, *, ahead: bool) -> date | None:
    """The first day that a folded text names. Without a year: the next such day, or the last one if not `ahead`."""
    at = 0
    while (found := _DATE.search(plain, at)) is not None:
        at = found.start() + (len(found["name"]) if found["name"] and not found["d3"] else 1)
        part = found.groupdict()
        month = _months().get(part["name"], 0) if part["name"] else int(part["m"] or part["m2"] or 1)
        day = int(part["d"] or part["d2"] or part["d3"] or part["d4"] or 1)
        year = next((int(part[key]) for key in ("y", "y2", "y4", "y5") if part[key]), None)
        try:
            if year is not None:
                return date(year + 2000 if year < 100 else year, month, day)
            this = date(today.year, month, day)
            if ahead:
                return this if this > today else date(today.year + 1, month, day)
            return this if this <= today else date(today.year - 1, month, day)
        except ValueError:
            continue
    return None
