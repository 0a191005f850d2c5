"""How values travel through the conversions: as tokens, then letters, then marks.

A *token* is what the skeleton holds. Markdown, the sanitiser and the URL parser each treat some
characters specially, so a token goes through them as one *letter* of a script that no letter to a
contact is written in: a word character to Markdown (a value is a word), never the start of a tag,
legal in a host name. What comes out writes each letter as a *mark*, which says its context too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import chain

from outreach.letters.markup.pieces import Context, Piece, Slot

NUMBERS = 0x1700
_FIRST_NUMBER = 0xE100
_TOKEN = re.compile("\ue000([\ue100-\uf7ff])\ue001")
_SCRIPTS = (range(0x17000, 0x187F8), range(0x20000, 0x2A6E0))  # Tangut; rare ideographs as the reserve
_FIRST_MARK = 0xF0000
_MARK = re.compile("([\U000f0000-\U000ffffd])")
_CONTEXTS = tuple(Context)


class Letters:
    """The letters that stand for the values of one skeleton.

    `counts` says how often each value's token is in it, `source` is the skeleton in letters.
    """

    def __init__(self, skeleton: str) -> None:
        # Supplementary private-use characters mean nothing to a reader, and marks are made of them.
        skeleton = _MARK.sub("\ufffd", skeleton)
        self.counts = Counter(ord(found) - _FIRST_NUMBER for found in _TOKEN.findall(skeleton))
        free = _free_letters(skeleton)
        self._letter_of = {number: next(free) for number in sorted(self.counts)}
        self._number_of = {letter: number for number, letter in self._letter_of.items()}
        self._tables: dict[Context, dict[int, str]] = {}
        self.source = _TOKEN.sub(lambda m: self._letter_of[ord(m[1]) - _FIRST_NUMBER], skeleton)

    def __contains__(self, character: object) -> bool:
        return character in self._number_of

    def within(self, text: str) -> int:
        """How many values `text` holds."""
        return sum(map(self._number_of.__contains__, text)) if self._number_of else 0

    def marked(self, text: str, context: Context) -> str:
        """`text` with every letter as the mark of its value in `context`."""
        table = self._tables.get(context)
        if table is None:
            first = _FIRST_MARK + NUMBERS * _CONTEXTS.index(context)
            table = {ord(letter): chr(first + number) for letter, number in self._number_of.items()}
            self._tables[context] = table
        return text.translate(table)


def _free_letters(skeleton: str) -> Iterator[str]:
    taken = set(skeleton)
    return (letter for letter in map(chr, chain(*_SCRIPTS)) if letter not in taken)


@cache
def _slot(mark: str) -> Slot:
    context, number = divmod(ord(mark) - _FIRST_MARK, NUMBERS)
    return Slot(number, _CONTEXTS[context])


def cut(marked: str) -> tuple[Piece, ...]:
    """`marked` in pieces: its marks as slots, the literals between them where there are any."""
    parts = _MARK.split(marked)
    return tuple(_slot(part) if index % 2 else part for index, part in enumerate(parts) if part)
