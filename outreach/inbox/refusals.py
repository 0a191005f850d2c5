"""Whether a sentence asks for no more mail, as the `examples` of each language teach it.

People find a thousand ways to say no. So each language has sentences of both kinds; what tells them apart is learned
when it is first asked for: words by their beginnings, two that follow each other, and which of our lists have a word in
it, which means the same in every language. It only proposes.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from itertools import combinations, pairwise
from zlib import crc32

from outreach.words.phrases import WITHOUT_SPACES, finder, folded, phrases

_LISTS = (
    *(("mail", key) for key in ("opt_out", "not_opt_out", "opt_out_words", "erasure", "data_request", "personal",
                                "polite", "instead", "away", "receipt")),
    *(("refusal", key) for key in ("no", "unwilling", "complaint", "negations", "reaching", "lists", "leaving", "only",
                                   "on_paper", "waits", "us", "not_no", "harmless", "undecided", "yes", "later")),
)  # fmt: skip
"""Lists of words for one thing each: a sentence that has one of them says it, in whichever language."""
_WORD = re.compile(r"\w+")
_RUN_ON = re.compile(WITHOUT_SPACES)
_STEM = 5
_ROUNDS, _PACE = 15, 0.5
"""How often the examples are gone through, and how much is learned from each."""


def wish(sentence: str) -> float:
    """How much a `folded` sentence asks for no more mail: above 0 it is likelier than not. Few words prove little."""
    weights, signs = _learned(), _signs(sentence)
    return sum(weights.get(sign, 0.0) for sign in signs) / math.sqrt(len(signs)) - 1 / len(signs)


def _signs(sentence: str) -> list[str]:
    """What can be learned from in a `folded` sentence."""
    words = _WORD.findall(sentence)
    stems = ["^", *(word[:_STEM] for word in words), "$"]
    said = [key for table, key in _LISTS if finder(table, key).search(sentence)] + ["?"] * ("?" in sentence)
    found = {*stems[1:-1], *map(" ".join, pairwise(stems))}
    found.update((*(f":{one}" for one in said), *(f":{one}:{two}" for one, two in combinations(said, 2))))
    if _RUN_ON.search(sentence):
        text = "".join(words)
        found.update(text[at : at + size] for size in (2, 3) for at in range(len(text) - size + 1))
    return sorted(found)


@lru_cache(maxsize=1)
def _learned() -> Mapping[str, float]:
    """What each sign says, by logistic regression; the examples in an order that is always the same."""
    kinds = (("no_more", 1.0), ("other", 0.0))
    examples = [(text, truth) for key, truth in kinds for text in phrases("examples", key)]
    known = [(_signs(folded(text)), truth) for text, truth in sorted(examples, key=lambda one: crc32(one[0].encode()))]
    weights: dict[str, float] = defaultdict(float)
    for _ in range(_ROUNDS):
        for signs, truth in known:
            share = 1 / math.sqrt(len(signs))
            step = _PACE * share * (truth - 1 / (1 + math.exp(-share * sum(weights[sign] for sign in signs))))
            for sign in signs:
                weights[sign] += step
    return weights
