"""The nearest known word to a mistyped one: the hint of every "did you mean"."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_BEGINNING = 3
"""Letters of a word that may be the beginning of a longer one."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that `word` was most probably meant to be, or None if none is near.

    A word that is far from all of them may be the beginning of one: `leeds` for `leeds-libraries`.
    """
    by_folded = {name.casefold(): str(name) for name in sorted(known)}
    folded = word.casefold()
    found = difflib.get_close_matches(folded, by_folded, n=1, cutoff=0.6)
    if not found and len(folded) >= _BEGINNING:
        found = sorted((name for name in by_folded if name.startswith(folded)), key=len)[:1]
    return by_folded[found[0]] if found else None
