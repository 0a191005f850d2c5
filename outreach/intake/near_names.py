"""Pairs of names that are nearly the same: a letter, a space or a legal form apart."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from outreach.words.phrases import folded

MOST = 50
"""Pairs that are proposed; more are a list that nobody reads."""
_LIKE = 88.0
_WORD_LIKE = 72.0
"""Percent of the letters (normalised Levenshtein) of the whole names, and of two words that differ."""
_CROWD = 60
"""Names in one bucket; a word that more of them have says nothing."""
_FORMS = re.compile(
    r"\b(?:e ?v|i ?g|gmbh|ggmbh|ug|ag|kg|se|ltd|limited|llc|inc|incorporated|plc|cic|asbl|aisbl|vzw|ivzw|sprl|srl|sarl|"
    r"sa|s l|bv|nv|b ?v|n ?v|stichting|sp z o o|onlus|aps|ets|ong|ngo|ry|as|ab|oy|the|der|die|das|le|la|les|el|il)\b"
)
_BRACKETS = re.compile(r"\s*[(\[][^)\]]{1,20}[)\]]\s*$")


def near(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The pairs, each once, the likest first; not those that differ in a number or in a whole word."""
    from rapidfuzz.distance import Levenshtein

    bare = {name: _bare(name) for name in names}
    buckets: dict[str, list[str]] = defaultdict(list)
    for name, words in bare.items():
        squeezed = words.replace(" ", "")
        for key in {squeezed[:4], squeezed[-5:], *(word for word in words.split() if len(word) > 4)}:
            if len(key) > 3:
                buckets[key].append(name)
    found: dict[tuple[str, str], float] = {}
    for bucket in buckets.values():
        for at, one in enumerate(bucket[:_CROWD]):
            for other in bucket[at + 1 : _CROWD]:
                if (one, other) in found or not _alike(bare[one], bare[other]):
                    continue
                a, b = bare[one].replace(" ", ""), bare[other].replace(" ", "")
                likeness = 100 * Levenshtein.normalized_similarity(a, b)
                if likeness >= _LIKE:
                    found[one, other] = likeness
    yield from sorted(found, key=lambda pair: (-found[pair], pair))[:MOST]


def _bare(name: str) -> str:
    """Small letters without accents, without a legal form, an article or an abbreviation in brackets."""
    plain = re.sub(r"[^\w]+", " ", folded(_BRACKETS.sub("", name)).replace(".", ""))
    return " ".join(_FORMS.sub(" ", plain).split()) or " ".join(plain.split())


def _alike(one: str, other: str) -> bool:
    """Whether the words that differ may be one word spelt in two ways: `North` and `South`, `1` and `2` are not."""
    from rapidfuzz.distance import Levenshtein

    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    if one.replace(" ", "") == other.replace(" ", ""):
        return True
    a, b = one.split(), other.split()
    if len(a) != len(b):
        return False
    differ = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    return len(differ) == 1 and 100 * Levenshtein.normalized_similarity(*differ[0]) >= _WORD_LIKE
