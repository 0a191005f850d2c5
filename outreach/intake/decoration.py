"""What people put around a name to set it apart: `NOT Perry Holt`, `Elm Club (raus!)`, `~~Oak Union~~`, `✗ Ash Trust`.

One reading for every format. A mark is no part of the name, and what it means is asked about (`doubts`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from outreach.words.phrases import finder, folded, phrases

_LONGEST = 200
_PLAIN = re.compile(r"[^\W_][\w.,'&/+@]*(?: [\w.,'&/+@]+)*")
"""Most names and addresses: nothing is around them but, perhaps, a word before."""
_OVERLAY = re.compile("[\u0335\u0336\u0338]")
"""Strokes over the sign before: how text without formats is struck out."""
_STRUCK = re.compile(r"~~\s*(?P<name>[^~]*\w[^~]*?)\s*~~")
_WRAPPED = re.compile(r"(--+|==+|\[|\(|-(?=\S))\s*(?P<name>[^\[\]()<>~]*\w)\s*(--+|==+|\]|\)|(?<=\S)-)")
_CLOSING = {"[": "]", "(": ")"}
_ORDINARY = frozenset(
    "\"'\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a()[]<>&.,:;/|_~`\u00b4@\u00a1\u00bf\u00b7\u2022"
    "\u2023\u25aa\u25cf\u2013\u2014\u2192%+-\u00a7\u2116#"
)
"""Signs that belong to names, to sentences or to lists."""
_BEFORE = re.compile(r"(?P<mark>[^\W\d_][\w'\u2019]*(?: [^\W\d_][\w'\u2019]*)?)\s*[:\u2013\u2014-]+\s+(?=\S)")
_BRACKETS = re.compile(r"\s*[(\[](?P<mark>[^()\[\]]{1,60})[)\]]\s*")
_BEHIND = re.compile(r"(?:\s+[\u2013\u2014-]+\s+|,\s+|\s+(?=[A-Z]+!))(?P<mark>[^\u2013\u2014,@]{2,40})$")


def undecorated(text: str) -> tuple[str, tuple[str, ...]]:
    """The name, and each mark around it as it is written."""
    name, marks = text.strip(), []
    if (_PLAIN.fullmatch(name) and not _word_before(name)) or len(name) > _LONGEST:
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
    if name.startswith("~~") or name.endswith("~~"):
        return name.strip("~ "), "~~"
    found = _WRAPPED.fullmatch(name)
    if found and _CLOSING.get(found[1], found[1]) == found[3]:
        return found["name"], name
    begins = next((at for at, sign in enumerate(name) if not _is_sign(sign)), 0)
    if begins:
        return name[begins:].strip(), name[:begins].strip()
    ends = next((at for at, sign in enumerate(reversed(name)) if not _is_sign(sign)), 0)
    if ends and name[-ends:].strip() not in ("!", "?"):
        return name[:-ends].strip(), name[-ends:].strip()
    if word := _word_before(name):
        return name[len(word) :].lstrip(" :-\u2013\u2014"), word
    before = _BEFORE.match(name)  # a word alone: `Skund Radio - ...` has no refusal in it
    before = before if before and folded(before["mark"]) in _refusing() else None
    for found in filter(None, (before, *_BRACKETS.finditer(name), _BEHIND.search(name))):
        if found is before or is_refusal(found["mark"]):
            return f"{name[: found.start()]} {name[found.end() :]}".strip(), found["mark"]
    return name, ""


def _word_before(name: str) -> str:
    """The word before a name that refuses, in capitals as the name is not, or the `x` of a list: `NOT Perry Holt`."""
    first, _, rest = name.partition(" ")
    if first in ("x", "X"):
        return first if rest[:1].isupper() else ""
    is_loud = len(first) > 1 and first.isupper() and rest != "" and not rest.isupper()
    return first if is_loud and first.strip(":!-").casefold() in _refusing() else ""


def _is_sign(sign: str) -> bool:
    """Whether a character is a mark and no letter, digit or sign of names: a dagger, a cross, a star."""
    return not (sign.isalnum() or sign in _ORDINARY) and (sign in " \ufe0f" or unicodedata.category(sign)[0] in "SP")


@lru_cache(maxsize=4096)
def is_refusal(words: str) -> bool:
    """Whether a few words beside a name refuse: by a word known for it alone, a negation, or a cry in small letters."""
    plain = folded(words)
    if plain.strip(" .!?:-") in _refusing():
        return True
    if finder("refusal", "not_no", "undecided", "facts").search(plain):
        return False
    is_cry = words.rstrip().endswith("!") and words.strip(" (").islower() and len(words.split()) <= 4
    return is_cry or finder("refusal", "no", "unwilling").search(plain) is not None


@lru_cache(maxsize=1)
def _refusing() -> frozenset[str]:
    lists = ("no_alone", "unwilling_alone", "negations")
    return frozenset(folded(word) for key in lists for word in phrases("refusal", key)) | {"x"}
