"""What labels and headings of notes mean, by the one vocabulary, and the language that notes are written in.

Words are compared without accents, case, punctuation and what is in parentheses.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

import regex

from outreach.words.phrases import languages, phrases

_PARENTHESES = regex.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NO_WORD = regex.compile(r"[^\p{L}\p{N}/&+-]+")
_ACCENTS = regex.compile(r"\p{M}+")
_ARTICLES = ("your ", "our ", "the ", "my ", "ihre ", "ihr ", "unsere ", "unser ", "der ", "die ", "das ", "mein ")


def folded(text: str) -> str:
    """`text` as it is compared: without case, accents, punctuation and what is in parentheses."""
    bare = _PARENTHESES.sub(" ", text)
    bare = bare if bare.strip(" :*") else text.strip("()[]")
    without = _ACCENTS.sub("", unicodedata.normalize("NFKD", bare.casefold().replace("ß", "ss")))
    return _NO_WORD.sub(" ", without).strip(" -/&+")


@lru_cache(maxsize=1)
def _labels() -> Mapping[str, str]:
    """Folded label -> what it means in notes: the words of notes before those of columns."""
    found: dict[str, str] = {}
    for table in ("labels", "columns"):
        for key in languages()["en"][table]:
            for word in phrases(table, key):
                found.setdefault(folded(word), key)
    return found


def meaning(label: str) -> str:
    """What `label` means: `channels`, `personal_text`, `subject` and so on, "" for a label of their own."""
    words = folded(label)
    for article in ("", *_ARTICLES):
        if article and not words.startswith(article):
            continue
        bare = words.removeprefix(article)
        if found := _labels().get(bare):
            return found
    for part in words.split("/"):
        if "/" in words and (found := _labels().get(part.strip())):
            return found
    return _by_beginning(words)


def _by_beginning(words: str) -> str:
    """Longer labels that begin as a known one: `why they matter`, `notes on approach`."""
    for count in (3, 2):
        beginning = " ".join(words.split()[:count])
        if beginning != words and (found := _labels().get(beginning)) and len(words.split()) <= 7:
            return found
    first = words.split(" ", 1)[0]
    if first in ("why", "warum", "pourquoi", "wieso", "weshalb", "background", "hintergrund") and first != words:
        return "internal_notes"
    if first in ("avoid", "vermeiden", "hashtags", "best", "betreff", "subject", "optimal", "title") and first != words:
        return _labels()[first]
    return ""


_FUNCTION_WORDS = {
    "de": frozenset("und der die das den dem für mit nicht wir ist zu von ein eine auf sie ihr ihre im".split()),
    "en": frozenset("the and of to for with is we a an on you your in not it that this are".split()),
    "fr": frozenset("le la les et des du pour avec est nous une dans vous votre sur que qui pas au".split()),
    "es": frozenset("el los las y del para con es una en su que por no se al nos como más".split()),
}
_LEAST = 8
_CLEARLY = 3


def language_of(lines: Iterable[str]) -> str | None:
    """The language that a document is written in, by its function words; None if that is not clear."""
    words = [word for line in lines for word in regex.findall(r"\p{L}+", line.casefold())]
    counts = {language: sum(word in known for word in words) for language, known in _FUNCTION_WORDS.items()}
    first, second = sorted(counts, key=lambda language: counts[language], reverse=True)[:2]
    return first if counts[first] >= _LEAST and counts[first] >= _CLEARLY * counts[second] else None
