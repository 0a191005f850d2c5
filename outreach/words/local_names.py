"""Countries and languages by their names in every language that Unicode's CLDR knows (Babel has its data)."""

from __future__ import annotations

import pickle
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

Kind = Literal["territories", "languages"]

# Asked first, and in this order where a word names one country in one language and another in the next.
_USUAL = "en de fr es it nl pt pl sv da nb fi cs sk hu ro el bg hr tr uk".split()


def folded(name: str) -> str:
    """`name` as it is compared: small letters, no accents, one space between words.

    Only accents go: the marks of Indic scripts and Japanese are letters of the word.
    """
    letters = unicodedata.normalize("NFKD", name.casefold().replace("ł", "l"))
    if letters.replace(" ", "").isalnum():
        return " ".join(letters.split())
    kept = (c for c in letters if unicodedata.combining(c) < 200)
    return " ".join("".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in kept).split())


def code_of(name: str, kind: Kind, *, everywhere: bool = True) -> str | None:
    """The code (`DE`, `de`) that `name` means in some language; None if it means none, or more than one.

    To ask `everywhere` reads 331 languages, which takes a fifth of a second the first time; else the most usual ones.
    """
    word = folded(name)
    for language in _USUAL:
        if found := _names(language, kind).get(word):
            return found
    return _everywhere(kind).get(word) if everywhere else None


@cache
def _names(language: str, kind: Kind) -> dict[str, str]:
    # The language's own data alone: a `Locale` lays it over what it inherits, which takes four times as long and adds
    # no name. Babel's `load(merge_inherited=False)` would leave what it read in its cache, in the place of the whole.
    data = files("babel") / "locale-data" / f"{language}.dat"
    names: Mapping[str, str] = pickle.loads(data.read_bytes()).get(kind, {})
    return {folded(name): code for code, name in names.items() if len(code) == 2}


@cache
def _everywhere(kind: Kind) -> dict[str, str]:
    from babel.localedata import locale_identifiers

    meanings: defaultdict[str, set[str]] = defaultdict(set)
    for language in locale_identifiers():
        if "_" in language and language != "zh_Hant":
            continue  # a region or script, whose names are those of its language, nearly all
        for name, code in _names(language, kind).items():
            meanings[name].add(code)
    return {name: codes.pop() for name, codes in meanings.items() if len(codes) == 1}
