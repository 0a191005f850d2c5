"""What people put around a name to set it apart: `NOT Perry Holt`, `Elm Club (raus!)`, `~~Oak Union~~`, `✗ Ash Trust`.

One reading for every format. A mark is no part of the name, and what it means is asked about (`doubts`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from outreach.words.phrases import compiled, folded, phrases

_OVERLAY = re.compile("[\u0335\u0336\u0338]")
"""Strokes over the sign before: how text without formats is struck out."""
_WRAPPED = re.compile(r"(--+|==+|\[|\(|-(?=\S))\s*(?P<name>[^\[\]()<>~]*\w)\s*(--+|==+|\]|\)|(?<=\S)-)")
_STRUCK = re.compile(r"~~\s*(?P<name>[^~]*\w[^~]*?)\s*~~")
_CLOSING = {"[": "]", "(": ")"}
_ORDINARY = frozenset("\"'\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a()[]<>&.,:;/|_~`\u00b4@\u00a1\u00bf\u00b7\u2022\u2023\u25aa\u25cf\u2013\u2014\u2192%+\u00a7\u2116")
"""Signs that belong to names, to sentences or to lists."""
_BEFORE = re.compile(r"(?P<mark>[^\W\d_][\w'\u2019]*(?: [^\W\d_][\w'\u2019]*)?)\s*[:!\u2013\u2014-]+\s+(?=\S)")
_CROSS = re.compile(r"[xX] (?=[A-Z\u00c0-\u017d])")
_BRACKETS = re.compile(r"\s*[(\[](?P<inside>[^()\[\]]{1,60})[)\]]\s*")
_BEHIND = re.compile(r"\s+[\u2013\u2014-]+\s+(?P<mark>[^\u2013\u2014]{2,40})$|,\s+(?P<word>[^\W\d_]{2,20}!+)$|\s+(?P<cry>[A-Z]{2,12}!+)$")


def undecorated(text: str) -> tuple[str, tuple[str, ...]]:
    """The name, and each mark around it as it is written."""
    name, marks = text.strip(), []
    if len(name) > 200 or not any(sign.isalnum() for sign in name):
        return text, ()
    if _OVERLAY.search(name):
        name, marks = _OVERLAY.sub("", name), [text]
    for _ in range(4):
        bare, mark = _once(name)
        if not mark or not any(sign.isalnum() for sign in bare):
            break
        name = bare
        marks.append(mark)
    return (name, tuple(marks)) if marks else (text, ())


def _once(name: str) -> tuple[str, str]:
    """The name without its outermost mark, and that mark; "" for none."""
    if found := _STRUCK.search(name):
        return " ".join(f"{name[: found.start()]} {found['name']} {name[found.end() :]}".split()), found[0]
    found = _WRAPPED.fullmatch(name)
    if found and _CLOSING.get(found[1], found[1]) == found[3]:
        return found["name"], name
    bare = name.lstrip(" ")
    size = next((at for at, sign in enumerate(bare) if not _is_sign(sign)), 0)
    if size and bare[0] != "#":
        return bare[size:].strip(), bare[:size].strip()
    ending = next((at for at, sign in enumerate(reversed(bare)) if not _is_sign(sign)), 0)
    if ending and bare[-ending:].strip() not in ("!", "?"):
        return bare[:-ending].strip(), bare[-ending:].strip()
    if found := _CROSS.match(bare):
        return bare[found.end() :], "x"
    first, _, rest = bare.partition(" ")
    if rest and first.isupper() and len(first) > 1 and not rest.isupper() and first.strip(":!-").casefold() in _refusing():
        return rest.lstrip(" :-\u2013\u2014"), first
    found = _BEFORE.match(bare)
    if found and is_refusal(found["mark"]):
        return bare[found.end() :], found["mark"]
    for found in _BRACKETS.finditer(bare):
        if is_refusal(found["inside"]):
            return f"{bare[: found.start()]} {bare[found.end() :]}".strip(), found["inside"]
    found = _BEHIND.search(bare)
    mark = (found["mark"] or found["word"] or found["cry"]) if found else ""
    return (bare[: found.start()], mark) if found and is_refusal(mark) else (name, "")


def _is_sign(sign: str) -> bool:
    """Whether a character is a mark and no letter, digit or sign of names: a dagger, a cross, a star."""
    return not (sign.isalnum() or sign.isspace() or sign in _ORDINARY or sign == "-") and (
        unicodedata.category(sign)[0] in "SPC" and sign not in "\u200b\u200d\ufeff"
    )


@lru_cache(maxsize=4096)
def is_refusal(words: str) -> bool:
    """Whether a few words beside a name refuse: by a word known for it alone, a negation, or a cry in small letters."""
    plain = folded(words)
    bare = plain.strip(" .!?:-")
    if bare in _refusing():
        return True
    if _finder("not_no", "undecided", "facts").search(plain):
        return False
    if _finder("no", "unwilling").search(plain):
        return True
    return words.rstrip().endswith("!") and words.strip(" (").islower() and len(words.split()) <= 4


@lru_cache(maxsize=1)
def _refusing() -> frozenset[str]:
    lists = ("no_alone", "unwilling_alone", "negations")
    return frozenset(folded(word) for key in lists for word in phrases("refusal", key))


@lru_cache(maxsize=2)
def _finder(*keys: str) -> re.Pattern[str]:
    return compiled([phrase for key in keys for phrase in phrases("refusal", key)])
