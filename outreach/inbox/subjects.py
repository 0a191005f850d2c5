"""Subjects as they are compared: without what mail programs put before them."""

from __future__ import annotations

import re
from functools import lru_cache

from outreach.words.phrases import folded, phrases

_TAG = re.compile(r"^\W*[\[({<*]\s*[^\])}>*]{1,40}\s*[\])}>*]+\s*:?\s*")
_AHEAD = re.compile(r"^\s*([^\s:\[(]{1,14}(?:\s[^\s:\[(]{1,14})?)\s*(?:[\[(]\s*\d+\s*[\])])?\s*:\s*")
_REPEATED = 12


@lru_cache(maxsize=1)
def _prefixes() -> frozenset[str]:
    return frozenset(folded(each) for key in ("reply_prefixes", "forward_prefixes") for each in phrases("mail", key))


@lru_cache(maxsize=4096)
def bare_subject(subject: str) -> str:
    """A subject without `Re:`, `AW:`, `[EXTERN]` and the like, casefolded, with single spaces."""
    said = " ".join(folded(subject).split())
    for _ in range(_REPEATED):
        found = _AHEAD.match(said)
        if found and found[1] in _prefixes():
            said = said[found.end() :]
        elif (tag := _TAG.match(said)) and said[tag.end() :].strip():
            said = said[tag.end() :]
        else:
            return said.strip()
    return said.strip()


def is_reply(subject: str) -> bool:
    """Whether the subject begins as an answer's does, in any language, behind whatever was put before it."""
    said = " ".join(folded(subject).split())
    for _ in range(_REPEATED):
        found = _AHEAD.match(said)
        if found and found[1] in _prefixes():
            return True
        tag = _TAG.match(said)
        if not tag or not said[tag.end() :].strip():
            return False
        said = said[tag.end() :]
    return False


@lru_cache(maxsize=4096)
def possible_subjects(subject: str) -> tuple[str, ...]:
    """What the subject of the letter that it answers may have been, the likeliest first.

    A prefix that no language file has, a server's "Undeliverable:", a translated word: each is tried without.
    """
    found = [bare_subject(subject)]
    for _ in range(_REPEATED):
        before, colon, rest = found[-1].partition(":")
        if not colon or len(before) > 60 or not bare_subject(rest):
            break
        found.append(bare_subject(rest))
    return tuple(dict.fromkeys(found))
