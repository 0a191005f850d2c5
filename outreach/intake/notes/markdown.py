"""Notes in Markdown -> parts of a campaign."""

from __future__ import annotations

from collections.abc import Sequence

from outreach.intake.account import Account
from outreach.intake.notes.parsing import parse
from outreach.intake.notes.reading import read
from outreach.intake.notes.together import waves_of
from outreach.model.found import Found

__all__ = ["read_notes", "together"]


def read_notes(name: str, text: str, account: Account | None = None) -> Found:
    """What the notes `text` give to a campaign; `name` is their file's, as it is shown and kept as the source.

    Raises SourceTooLarge for more headings or lines than notes have.
    """
    return read(parse(name, text), account)


def together(founds: Sequence[Found]) -> tuple[Found, ...]:
    """The same, with the waves that only all of them together tell: tiers of one, templates of another.

    To be called once with all sources of one import, before what they found is merged.
    """
    return waves_of(founds)
