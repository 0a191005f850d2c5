"""Days and numbers as they are written in a language (Unicode's CLDR, by Babel)."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from babel import Locale

Style = Literal["short", "medium", "long", "full"]
_UNITS = {"d": "day", "w": "week", "mo": "month", "y": "year"}
STYLES: tuple[str, ...] = get_args(Style)


def day_in(language: str, day: date, style: Style = "long") -> str:
    """The day in `language` (BCP 47): `13. Januar 2026`. An unknown language is written as English."""
    from babel.dates import format_date

    return str(format_date(day, style, locale=_locale(language)))


def number_in(language: str, number: float) -> str:
    """The number in `language`: `1.234,5`, with up to three places after the point."""
    from babel.numbers import format_decimal

    return str(format_decimal(number, locale=_locale(language)))


def time_in(language: str, length: str) -> str:
    """A time such as `2y`, `6mo`, `3w` or `90d` in `language`: `2 Jahre`."""
    from babel.units import format_unit

    unit = length.lstrip("0123456789 ")
    number = int(length.removesuffix(unit))
    return str(format_unit(number, f"duration-{_UNITS[unit]}", length="long", locale=_locale(language)))


@cache
def _locale(language: str) -> Locale:
    from babel import Locale, UnknownLocaleError

    for tag in (language, language.partition("-")[0], "en"):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError("English is always known")
