"""In which language a report speaks: English, in which its sentences are in these modules, or that of a catalogue."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from outreach.words.windows import MONTHS


class Say(Protocol):
    """Says sentences in one language; the catalogue of the browser has the others (`outreach.web.catalogue`)."""

    @property
    def language(self) -> str:
        """Its code: `de`."""

    def __call__(self, sentence: str, **values: object) -> str:
        """A sentence of a report, its `{names}` filled in."""

    def found(self, sentence: str) -> str | None:
        """A sentence that was put together elsewhere; None if it is known in English only."""


class _English:
    language = "en"

    def __call__(self, sentence: str, **values: object) -> str:
        return sentence.format(**values) if values else sentence

    def found(self, sentence: str) -> str | None:
        return sentence


ENGLISH: Say = _English()


def month_name(day: date, say: Say) -> str:
    """`November 2026`."""
    return f"{say(MONTHS[day.month - 1])} {day.year}"
