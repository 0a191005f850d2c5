"""What somebody wrote themselves: without quotations, without what we wrote, without their signature."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import dropwhile

from outreach.words.phrases import compiled, finder, folded, phrases

LONGEST, MOST_LINES = 60_000, 2_000
"""Characters and lines of a text that are looked at: nobody writes an answer that is longer."""
SHORTEST = 8
"""So many words in a row that are in our letter are ours; people do repeat shorter pieces of it."""
_SIGNATURE = re.compile(r"^-- ?$")
_RULE = re.compile(r"^\s*_{10,}\s*$")
_ADDRESSED = re.compile(r"^.{0,200}<[^<>\s]+@[^<>\s]+>.{0,60}[:\uff1a]\s*$")
_WORD = re.compile(r"\w+")
_MOST_WORDS = 20_000
_LABELLED = re.compile(r"^\W{0,4}([^:\uff1a\d]{1,24}?)\W{0,3}[:\uff1a]\s*(.*)$")
_HEADERS = ("header_from", "header_sent", "header_to", "header_subject")


def own_text(text: str, ours: Sequence[str] = ()) -> str:
    """What is left of a text. `ours` are the texts of our letters, which count as quoted however they are there.

    Where all of it seems to be quoted, what is below the quotation counts, and then what is not ours.
    """
    lines = [line.rstrip() for line in text[:LONGEST].replace("\r\n", "\n").split("\n")][:MOST_LINES]
    start = next((number for number in range(len(lines)) if begins_quotation(lines, number)), len(lines))
    signed = next((number for number, line in enumerate(lines) if _SIGNATURE.match(line)), len(lines))
    top = [line for line in lines[: min(start, signed)] if not _is_quoted(line)]
    kept = without(top, ours)
    if start < len(lines) and not _says(kept):
        kept = without(_below(lines[start:]), ours)
    elif start < len(lines):
        kept += without(_between(lines[start:]), ours)
    return "\n".join(kept).strip()


def is_first_or_below_marks(text: str) -> bool:
    """Whether what somebody wrote is above what they quote, or below lines that are all marked as quoted (`>`).

    Below a quotation without marks, as of a message that was passed on, nobody can tell who wrote what.
    """
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    lines = list(dropwhile(_is_quoted, lines))
    if not lines or not begins_quotation(lines, 0):
        return True
    marked = next((number for number, line in enumerate(lines) if _is_quoted(line)), len(lines))
    return marked < min(len(lines), 3) and _is_introduction(" ".join(lines[:marked]))


def begins_quotation(lines: Sequence[str], number: int) -> bool:
    """Whether a quotation begins with this line: an introduction, a row of `From:` lines, "Original message"."""
    line = lines[number]
    if not line.strip() or len(line) > 600:
        return False
    if _RULE.match(line) or _originals().search(folded(line)) or _ADDRESSED.match(line):
        return True
    if _is_introduction(line):
        return True
    following = lines[number + 1] if number + 1 < len(lines) else ""
    if _is_quoted(following) and not _is_quoted(line):
        following = ""  # the introduction itself is marked as quoted
    if following.strip() and _is_introduction(f"{line} {following}") and re.search(r"\d", line):
        return True
    return _is_header_block(lines[number : number + 7])


def _is_introduction(line: str) -> bool:
    """`On 3 May, Kim wrote:`, in the languages: a day or an address, the verb, and a colon at the end."""
    said = folded(line).strip()
    if not said.endswith(":") or len(said) > 400 or not re.search(r"[\d@]", said):
        return False
    return finder("mail", "wrote").search(said[-160:]) is not None


def _is_header_block(lines: Sequence[str]) -> bool:
    """`From:` first, and at least one more of these lines directly below it, with or without an address."""
    labels = [_label(line) for line in lines if line.strip()]
    if not labels or labels[0] != "header_from":
        return False
    return any(label and label != "header_from" for label in labels[1:4])


def _label(line: str) -> str:
    found = _LABELLED.match(line)
    return _labels().get(" ".join(folded(found[1]).replace("*", "").split()), "") if found else ""


@lru_cache(maxsize=1)
def _labels() -> dict[str, str]:
    return {folded(word): key for key in reversed(_HEADERS) for word in phrases("mail", key)}


@lru_cache(maxsize=1)
def _originals() -> re.Pattern[str]:
    """`----- Original message -----`, alone on its line but for dashes."""
    return re.compile(rf"^\W*(?:{compiled(phrases('mail', 'original_message')).pattern})\W*$")


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith((">", "|"))


def _says(lines: Iterable[str]) -> bool:
    return any(_WORD.search(line) or re.search(r"[^\x00-\x7f]", line) for line in lines)


def _between(rest: Sequence[str]) -> list[str]:
    """What is between and after `>` lines: answers below the piece that they answer."""
    if not any(_is_quoted(line) for line in rest):
        return []
    first = next(number for number, line in enumerate(rest) if _is_quoted(line))
    after = [line for line in rest[first:] if not _is_quoted(line)]
    return _unsigned(after)


def _below(rest: Sequence[str]) -> list[str]:
    """As `_between`; of a quotation without marks, whatever is not a header line of it."""
    if any(_is_quoted(line) for line in rest):
        return _between(rest)
    return _unsigned(
        [line for line in rest if not _label(line) and not _is_introduction(line) and not _RULE.match(line)]
    )


def _unsigned(lines: list[str]) -> list[str]:
    signed = next((number for number, line in enumerate(lines) if _SIGNATURE.match(line)), len(lines))
    return lines[:signed]


# --- what we wrote -----------------------------------------------------------------------------------


def without(lines: Sequence[str], ours: Sequence[str]) -> list[str]:
    """The lines without those that are in our letters, also where they were wrapped otherwise.

    Words are ours in runs of `SHORTEST` that follow one another in a letter as they do here. A short line (a
    greeting, a signature) goes with them where it equals one of ours and touches such a run.
    """
    if not ours:
        return list(lines)
    words = [(number, word) for number, line in enumerate(lines) for word in _WORD.findall(folded(line))][:_MOST_WORDS]
    runs = _Runs(ours)
    is_ours = runs.marked([word for _, word in words])
    theirs: dict[int, int] = {}
    taken: dict[int, int] = {}
    for (number, _), mine in zip(words, is_ours, strict=True):
        (taken if mine else theirs)[number] = (taken if mine else theirs).get(number, 0) + 1
    gone = {number for number in taken if theirs.get(number, 0) <= taken[number] // 5}
    gone |= _touching(lines, gone, runs.lines)
    return [line for number, line in enumerate(lines) if number not in gone]


def _touching(lines: Sequence[str], gone: set[int], ours: frozenset[str]) -> set[int]:
    """Lines equal to one of ours beside one that is gone, over empty lines too."""
    more: set[int] = set()
    for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        near = False
        for number in order:
            said = " ".join(_WORD.findall(folded(lines[number])))
            if number in gone:
                near = True
            elif said and near and said in ours and len(said.split()) >= 2:
                more.add(number)
            elif said:
                near = False
    return more


class _Runs:
    """The words of our letters, by where each run of `SHORTEST` of them begins."""

    def __init__(self, ours: Sequence[str]) -> None:
        self._words = [_WORD.findall(folded(text))[:_MOST_WORDS] for text in ours]
        self._begins: dict[tuple[str, ...], list[tuple[int, int]]] = {}
        for letter, words in enumerate(self._words):
            for at in range(len(words) - SHORTEST + 1):
                places = self._begins.setdefault(tuple(words[at : at + SHORTEST]), [])
                if len(places) < 20:
                    places.append((letter, at))
        self.lines = frozenset(
            " ".join(_WORD.findall(folded(line))) for text in ours for line in text.splitlines() if line.strip()
        )

    def marked(self, words: Sequence[str]) -> list[bool]:
        """Of each word, whether it is ours."""
        marks = [False] * len(words)
        at = 0
        while at <= len(words) - SHORTEST:
            places = self._begins.get(tuple(words[at : at + SHORTEST]), ())
            length = max((self._length(words, at, *place) for place in places), default=0)
            marks[at : at + length] = [True] * length
            at += length or 1
        return marks

    def _length(self, words: Sequence[str], at: int, letter: int, begin: int) -> int:
        mine, length = self._words[letter], SHORTEST
        while at + length < len(words) and begin + length < len(mine) and words[at + length] == mine[begin + length]:
            length += 1
        return length
