"""One skeleton -> its shape, and the promise that no value is lost on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from outreach.letters.markup.conversion import converted
from outreach.letters.markup.html_part import html_part
from outreach.letters.markup.letters import Letters, cut
from outreach.letters.markup.pieces import Context, LostValue, Piece, Shape
from outreach.letters.markup.text_part import text_part


@lru_cache(maxsize=256)
def shape(skeleton: str, *, language: str) -> Shape:
    """What all letters of `skeleton` share; takes milliseconds, so the latest are kept for the next letter.

    `skeleton` is Markdown in which value n (0 <= n < 0x1700) is U+E000, chr(0xE100 + n), U+E001;
    `language` is the BCP 47 tag of its text. Markdown as in the `markdown` package, and what `dialect`
    says; of raw HTML only a few tags survive, of links only http, https and mailto. Any thread may call.

    Raises LostValue when a value would not be in both parts as often as it is in the skeleton,
    TemplateFault (`template-bound`) for a text that would take longer than a moment to convert.
    """
    letters = Letters(skeleton)
    tree = converted(letters)
    text, html = cut(text_part(tree, letters)), cut(html_part(tree, letters, language))
    wrong = {number for pieces in (text, html) for number in _differences(letters.counts, _counts(pieces))}
    if wrong:
        raise LostValue(sorted(wrong))
    return Shape(text, html, tuple(tree.pictures))


def _counts(pieces: Iterable[Piece]) -> Counter[int]:
    return Counter(
        piece.number for piece in pieces if not isinstance(piece, str) and piece.context is not Context.HTML_SHOWN
    )


def _differences(wanted: Counter[int], found: Counter[int]) -> Iterable[int]:
    return [number for number in wanted | found if wanted[number] != found[number]]
