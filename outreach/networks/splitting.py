"""A body's parts, and where a part that is too long would be cut."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import regex

from outreach.networks.base import Limits
from outreach.networks.entities import never_cut
from outreach.networks.graphemes import GRAPHEME, stand_alone
from outreach.networks.measuring import measure
from outreach.networks.registry import network_of

SEPARATOR = "---"
"""The line that starts the next part of a thread."""

_SENTENCE = regex.compile(r"""(?:(?<![.!?…])[.!?…]++["'»”’)\]]*+(?=\s+[^\p{Ll}\s])|[。！？]+[」』）]*|\n)""")  # noqa: RUF001
_SPACE = regex.compile(r"\s+")
MOST_PARTS = 200
"""Parts into which one text is cut: more, and its content warning leaves no room, or it is a book."""
_NEAR = 400
"""Characters behind the last possible cut that are looked at, since a link or a sentence goes on there."""
_FEW = 10


def parts(body: str, network: str) -> list[str]:
    """The parts of a thread: on networks with threads a line `---` starts the next one.

    Blank lines at a part's edges are taken off, empty parts left out; everything else stays as it
    is. Elsewhere the body is one part, its own `---` lines part of the text. White space after the
    three hyphens cannot be seen and so does not matter; before them it does.
    """
    return [text for text, _ in _parts(body, network)]


def part_lines(body: str, network: str) -> list[int]:
    """For each of `parts`, the line of `body` (from 1) on which its text begins."""
    return [line for _, line in _parts(body, network)]


def split_point(text: str, network: str, *, content_warning: str | None = None, limits: Limits | None = None) -> int:
    """Where a text that is too long would be cut: `text[:index]` fits; `len(text)` if all of it does.

    The end of a paragraph is preferred, then of a sentence, if they leave at least half of what
    fits; then the end of a word, then any place. Never inside a grapheme, link, mention, hashtag or
    number: where one of these is itself too long, or the content warning leaves no room, 0 says
    that the text cannot be cut. White space after the cut stays with the head if it fits there.
    """

    def fits(end: int) -> bool:
        return measure(text[:end], network, content_warning=content_warning, limits=limits).fits

    size = 2 * ((limits or network_of(network).limits).characters or len(text))
    if len(text) <= _FEW * size and fits(len(text)):
        return len(text)
    while size < len(text) and fits(size):
        size *= 2
    if size >= len(text) and fits(len(text)):
        return len(text)
    # What is far behind has no say in where this cut is: a whole book is read once, and not once for each part.
    text = text[: size + _NEAR]
    cuts = [cut for cut in _safe_cuts(text) if cut <= size]
    furthest = _last_that_fits(cuts, fits)
    end = _best(text, cuts, furthest, fits)
    space = _SPACE.match(text, end)
    return space.end() if space and end and space.end() in cuts and fits(space.end()) else end


def split(text: str, network: str, *, content_warning: str | None = None, limits: Limits | None = None) -> list[str]:
    """The text in pieces that fit; joined, they are the text again, white space at the cuts included.

    Raises ValueError if it cannot be cut (see `split_point`), or only into more pieces than a thread has.
    """
    return list(_pieces(text, network, content_warning, limits))


@lru_cache(maxsize=64)  # a post is looked at for its length, and composed
def _pieces(text: str, network: str, content_warning: str | None, limits: Limits | None) -> tuple[str, ...]:
    pieces: list[str] = []
    while text:
        if len(pieces) == MOST_PARTS:
            raise ValueError(f"a thread has at most {MOST_PARTS} parts")
        end = split_point(text, network, content_warning=content_warning, limits=limits)
        if end == 0:
            raise ValueError("a link, mention, hashtag or number is longer than the network allows")
        pieces.append(text[:end])
        text = text[end:]
    return tuple(pieces)


def _parts(body: str, network: str) -> Iterator[tuple[str, int]]:
    lines, has_threads = body.split("\n"), network_of(network).has_threads
    breaks = [n for n, line in enumerate(lines) if has_threads and line.rstrip() == SEPARATOR]
    start = 0
    for end in [*breaks, len(lines)]:
        filled = [n for n in range(start, end) if lines[n].strip()]
        if filled:
            yield "\n".join(lines[filled[0] : filled[-1] + 1]), filled[0] + 1
        start = end + 1


def _safe_cuts(text: str) -> list[int]:
    """The grapheme boundaries after the start of `text` that are not inside a link or the like."""
    cuts, wholes = [], never_cut().finditer(text)
    whole = next(wholes, None)
    ends = range(1, len(text) + 1) if stand_alone(text) else (each.end() for each in GRAPHEME.finditer(text))
    for end in ends:
        while whole and whole.end() <= end:
            whole = next(wholes, None)
        if not (whole and whole.start() < end):
            cuts.append(end)
    return cuts


def _last_that_fits(cuts: Sequence[int], fits: Callable[[int], bool]) -> int:
    """The last of the cuts that fits, by halving; 0 if none does."""
    low, high = -1, len(cuts)
    while high - low > 1:
        middle = (low + high) // 2
        if fits(cuts[middle]):
            low = middle
        else:
            high = middle
    return cuts[low] if low >= 0 else 0


def _best(text: str, cuts: Sequence[int], furthest: int, fits: Callable[[int], bool]) -> int:
    """The cut of the best kind up to `furthest`, which is the last that is left."""
    within = set(cuts[: bisect_right(cuts, furthest)])
    spaces = list(_SPACE.finditer(text))
    ends_of = {
        "paragraph": [match.start() for match in spaces if match[0].count("\n") > 1],
        "sentence": [match.end() - (match[0] == "\n") for match in _SENTENCE.finditer(text)],
        "word": [match.start() for match in spaces],
    }
    for kind, ends in ends_of.items():
        least = 1 if kind == "word" else max(1, furthest // 2)
        for end in reversed(ends):
            # Shortening can make a text count more: what was no link may become one at its end.
            if end >= least and end in within and text[:end].strip() and fits(end):
                return end
    return furthest
