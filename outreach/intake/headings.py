"""The headings above each line of a running text: those of Markdown, and lines alone such as `Unsubscribed:`.

Plain text has no marks for headings, so a line that says no and stands alone above contacts is one of what follows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from outreach.intake.no_means_no import says_no, speaks_of_mail
from outreach.model.records import dataclass

ALONE = 7
"""The level of a line alone: below the six of Markdown."""
_MARKED = re.compile(r"(#{1,6})\s")
_ITEM = re.compile(r"[-*+\u2022]\s|\d+[.)]\s|[|>~]")
_MOST_WORDS = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Headings:
    """`levels` of the lines, 0 for no heading; `above`: the positions of the headings that are open at each line.

    `cuts` are the positions of lines alone that can tell of nothing but what follows.
    """

    levels: Sequence[int]
    above: Sequence[tuple[int, ...]]
    cuts: Collection[int]


def headings_of(lines: Sequence[str], begins: Collection[int]) -> Headings:
    """The headings of a text; `begins` are the numbers, from 1, of the lines where a contact or an address begins."""
    levels = [len(match[1]) if (match := _MARKED.match(line)) else 0 for line in lines]
    cuts = set()
    is_open = False
    for at, line in enumerate(lines):
        if levels[at]:
            is_open = False
        elif at + 1 not in begins and _is_alone(lines, at) and _next(lines, at) in begins:
            words = line.strip(" *_\t")
            says = says_no(words.rstrip(" :")) or (words.endswith(":") and speaks_of_mail(words.rstrip(" :")))
            is_marked = words.isupper() or line.lstrip().startswith("**") or words.endswith(":")
            ends = _ends_a_list(lines, at, begins)
            if says and not words.endswith((".", "!", "?")):
                levels[at], is_open = ALONE, True
                cuts |= {at} if is_marked or lines[at + 1].strip() or ends else set()
            elif is_marked or (words[:1].isupper() and words[-1] != "." and (is_open or ends)):
                levels[at], is_open = ALONE, False  # it may say anything: what is not understood is asked about
                cuts |= {at} if is_marked or ends else set()
    above: list[tuple[int, ...]] = [()]
    for at, level in enumerate(levels):
        before = above[-1]
        above.append((*(each for each in before if levels[each] < level), at) if level else before)
    return Headings(levels=levels, above=above, cuts=cuts)


def _is_alone(lines: Sequence[str], at: int) -> bool:
    """Whether a line has nothing above it in its paragraph, no address in it, and the length of a heading."""
    text = lines[at].strip()
    if not text or "@" in text or "://" in text or _ITEM.match(text) or len(text.split()) > _MOST_WORDS:
        return False
    return at == 0 or not lines[at - 1].strip() or text.strip(" *_").endswith(":")


def _ends_a_list(lines: Sequence[str], at: int, begins: Collection[int]) -> bool:
    """Whether the lines above are a list, each of somebody else, so that the line tells of none of them."""
    last = next((number for number in range(at, 0, -1) if lines[number - 1].strip()), 0)
    return not last or (last in begins and last - 1 in begins)


def _next(lines: Sequence[str], at: int) -> int:
    """The number of the next line that holds something, 0 for none."""
    return next((number for number in range(at + 2, len(lines) + 1) if lines[number - 1].strip()), 0)
