"""Days as notes write them, and the year they mean.

A year is never guessed. It is the one written with the day; else, where the document says on which day or in which
month it was written (`Last updated: December 14, 2025`), or names days with their years, the year is taken from there:
of the possible years the one that puts the day nearest after the document's own date, since plans are for what comes.
Where a document names two years that would both do and no date of its own, its reader is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import regex

from outreach.intake.notes.words import folded
from outreach.model.records import dataclass

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jaenner janner janvier enero gennaio januari",
            "february feb februar feber fevrier febrero febbraio februari",
            "march mar marz maerz mrz mars marzo maart",
            "april apr avril abril aprile",
            "may mai mayo maggio mei",
            "june jun juni juin junio giugno",
            "july jul juli juillet julio luglio",
            "august aug aout agosto augustus",
            "september sep sept septembre septiembre settembre",
            "october oct oktober okt octobre octubre ottobre",
            "november nov novembre noviembre",
            "december dec dezember dez decembre diciembre dicembre",
        ),
        1,
    )
    for name in names.split()
}
_LONG = [28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
_MONTH = r"(?P<m{n}>[\p{{L}}]{{3,10}})\.?"
_DAY = r"(?P<d{n}>[0-3]?\d)(?:\.|st|nd|rd|th|er)?(?!\d|:\d|%|\p{{L}})"
_YEAR = r"(?P<y{n}>(?:19|20)\d\d)"
_TO = r"\s*(?:[-\u2013\u2014]|to|bis|until|through|till|au|al)\s*"
_CUT = (
    # 2026-01-02 to 2026-01-05
    rf"(?<!\d)(?P<iso1>20\d\d-\d\d-\d\d)(?!\d)(?:{_TO}(?P<iso2>20\d\d-\d\d-\d\d))?",
    # 2.-5. Januar 2026, 2 to 5 January, 28. Dezember bis 3. Januar, 2. Januar
    rf"(?<![\d.:])(?:{_DAY.format(n=1)}\s*(?:{_MONTH.format(n=1)})?\s*{_YEAR.format(n=1)}?{_TO})?"
    rf"{_DAY.format(n=2)}\s*(?:of |de )?{_MONTH.format(n=2)}(?:,?\s+{_YEAR.format(n=2)})?",
    # 02.01.2026 - 05.01.2026, 2.1.-5.1.
    r"(?<![\d.])(?P<nd1>[0-3]?\d)\.(?P<nm1>[01]?\d)\.(?P<ny1>20\d\d)?"
    rf"(?:{_TO}(?P<nd2>[0-3]?\d)\.(?P<nm2>[01]?\d)\.(?P<ny2>20\d\d)?)?(?!\d)",
    # Jan 2-5, January 28 to February 3, 2026, Jan 21+
    rf"{_MONTH.format(n=1)}\s+{_DAY.format(n=1)}(?:,?\s+{_YEAR.format(n=1)})?"
    rf"(?:{_TO}(?:{_MONTH.format(n=2)}\s+)?{_DAY.format(n=2)}(?:,?\s+{_YEAR.format(n=2)})?)?(?P<open>\s*\+)?",
    # September-October 2026, August, late December, Mitte Dezember, December (24-31)
    rf"(?:(?P<part>early|mid|late|end of|beginning of|anfang|mitte|ende|début|mi|fin)[\s-]+)?{_MONTH.format(n=1)}"
    rf"(?:{_TO}{_MONTH.format(n=2)})?(?:\s+{_YEAR.format(n=1)})?"
    r"(?:\s*\((?P<inner1>[0-3]?\d)\.?\s*[-\u2013]\s*(?P<inner2>[0-3]?\d)\.?\))?",
)
_PATTERNS = tuple(regex.compile(pattern, regex.IGNORECASE) for pattern in _CUT)
_BETWEEN = regex.compile(
    r"(\b(?:between|zwischen|entre|from|vom)\b[^;\n]{3,25}?\s)((?:and|und|et|y|to|bis)\b(?:\s+(?:the|dem|den|zum|le|el)\b)?)",
    regex.IGNORECASE,
)
_PARTS = {
    "early": (1, 10), "beginning of": (1, 10), "anfang": (1, 10), "debut": (1, 10),
    "mid": (11, 20), "mitte": (11, 20), "mi": (11, 20),
    "late": (21, 31), "end of": (21, 31), "ende": (21, 31), "fin": (21, 31),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Days from `first` to `last`, both (month, day) and included; a year only where one is written.

    `is_open`: from the first day on. `at`: where in the text it stands.
    """

    first: tuple[int, int]
    last: tuple[int, int]
    year: int | None = None
    is_open: bool = False
    at: tuple[int, int] = (0, 0)

    def days(self, year: int) -> tuple[date, date]:
        """First and last day, where the first is in `year`."""
        return date(year, *self.first), date(year + (self.last < self.first), *self.last)


def spans(text: str) -> Iterator[Span]:
    """The days named in `text`, in order: `Jan 2-5`, `2. bis 5. Jänner 2026`, `late December`, `August`."""
    found: list[Span] = []
    text = _BETWEEN.sub(_dashed, text)
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < span.at[1] and span.at[0] < match.end() for span in found):
                continue
            if span := _span(match):
                found.append(span)
    yield from sorted(found, key=lambda span: span.at)


def _dashed(match: regex.Match[str]) -> str:
    """`between X and Y` as `between X -  Y`, of the same length."""
    return f"{match[1]}-{' ' * (len(match[2]) - 1)}"


def _span(match: regex.Match[str]) -> Span | None:
    part = match.groupdict()
    if part.get("iso1"):
        first, last = date.fromisoformat(part["iso1"]), date.fromisoformat(part.get("iso2") or part["iso1"])
        return _checked(match, (first.month, first.day), (last.month, last.day), first.year)
    if part.get("nd1"):
        first_day = (int(part["nm1"]), int(part["nd1"]))
        last_day = (int(part["nm2"]), int(part["nd2"])) if part.get("nd2") else first_day
        return _checked(match, first_day, last_day, _number(part.get("ny1") or part.get("ny2")))
    months = [_MONTHS.get(folded(part[key])) for key in ("m1", "m2") if part.get(key)]
    if not months or None in months:
        return None
    year = _number(part.get("y1") or part.get("y2"))
    days = [int(part[key]) for key in ("d1", "d2") if part.get(key)]
    first_month, last_month = int(months[0] or 0), int(months[-1] or 0)
    if days:
        both = (first_month, days[0]), (last_month, days[-1])
        return _checked(match, *both, year, is_open=bool(part.get("open")))
    begin, end = _PARTS.get(folded(part.get("part") or ""), (1, 31))
    if part.get("inner1"):
        begin, end = int(part["inner1"]), int(part["inner2"])
    if match.group().islower() and not part.get("part"):  # "may", "march" as words of a sentence
        return None
    return _checked(match, (first_month, begin), (last_month, min(end, _last_day(last_month))), year)


def _checked(
    match: regex.Match[str], first: tuple[int, int], last: tuple[int, int], year: int | None, *, is_open: bool = False
) -> Span | None:
    for month, day in (first, last):
        if not 1 <= month <= 12 or not 1 <= day <= _last_day(month, leap=True):
            return None
    return Span(first=first, last=last, year=year, is_open=is_open, at=match.span())


def _last_day(month: int, *, leap: bool = False) -> int:
    return {2: 28 + leap, 4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31)


def _number(text: str | None) -> int | None:
    return int(text) if text else None


_WRITTEN = regex.compile(
    r"\b(?:last updated?|updated|last modified|date|as of|written|version|stand|datum|aktualisiert|zuletzt|mis à jour|"
    r"v\d[\d.]*)\b",
    regex.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """What a document says of its own time: when it was written, and the years that it names with a day or month."""

    written: date | None = None
    years: frozenset[int] = frozenset()

    def year_of(self, span: Span) -> int | None:
        """The year that `span` means; None if nobody can tell."""
        if span.year:
            return span.year
        if self.written:
            year = self.written.year
            return year if span.days(year)[1] >= self.written else year + 1
        return next(iter(self.years)) if len(self.years) == 1 else None


def calendar_of(lines: Iterable[str]) -> Calendar:
    """The time of a document with these lines."""
    written: date | None = None
    years: set[int] = set()
    for text in lines:
        if "20" not in text:
            continue
        for span in spans(text):
            if span.year:
                years.add(span.year)
                if _WRITTEN.search(text[: span.at[0]]) and span.first == span.last:
                    written = max(written or date.min, date(span.year, *span.first))
    return Calendar(written=written, years=frozenset(years))
