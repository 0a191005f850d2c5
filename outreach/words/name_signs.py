"""What a text has wherever it has a name, in whatever writing: to look for that first takes a hundredth of the time.

Letters of ASCII stay as they are in every writing. Of a name that has none, the letters without accents do, but where
the text escapes them (`&#1046;`, `%D0`, `\\u0416`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from outreach.model.records import dataclass

PLAIN = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "đ": "d", "Đ": "D"}
)
"""Letters that people write without their marks, and how."""
_ESCAPES = re.compile(r"&#|%[0-9A-Fa-f]{2}|\\[ux]")


@dataclass(frozen=True, slots=True)
class Signs:
    """Pieces of a name that all stand in every text that has it; the longest first. None: every text may have it."""

    pieces: tuple[str, ...]
    may_be_escaped: bool = False

    @property
    def longest(self) -> str:
        """The most telling piece."""
        return self.pieces[0] if self.pieces else ""

    def allow(self, text: str, folded: str) -> bool:
        """Whether the name may stand in a text; `folded` is that in small letters."""
        for piece in self.pieces:  # asked a million times
            if piece not in folded:
                return self.may_be_escaped and _ESCAPES.search(text) is not None
        return True

    def covers(self, other: Signs) -> bool:
        """Whether these allow every text that the other ones allow."""
        is_less = all(any(piece in more for more in other.pieces) for piece in self.pieces)
        return is_less and (self.may_be_escaped or not other.may_be_escaped)


@lru_cache(maxsize=20_000)
def signs_of(word: str) -> Signs:
    """The signs of a name, an address or an id."""
    folded = word.lower()
    if plain := {*re.findall(r"[a-z0-9]+", folded)}:
        return Signs(tuple(sorted(plain, key=lambda each: (-len(each), each))))
    kept = "".join(each if _is_kept(each) else " " for each in folded).split()
    return Signs(tuple(sorted({*kept}, key=lambda each: (-len(each), each))), True)


def any_allows(signs: Iterable[Signs], text: str) -> bool:
    """Whether any of several names may stand in the text."""
    folded = text.lower()
    return any(each.allow(text, folded) for each in signs)


def _is_kept(letter: str) -> bool:
    """Whether a letter is the same however accents are written, and in capitals."""
    same = unicodedata.normalize("NFKD", letter) == letter and letter.upper().lower() == letter
    return letter.isalnum() and same and ord(letter) not in PLAIN and letter not in "ςσ"
