"""Where a letter ends and advice to its writer begins: a heading, a rule, the signature; asked where unsure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import regex

from outreach.intake.notes.account import Account
from outreach.intake.notes.words import folded
from outreach.intake.vocabulary import folded as name_form
from outreach.intake.vocabulary import words_of
from outreach.words.phrases import phrases

_SIGNATURE = 6
"""Lines of a signature at the most, each of a few words."""
_ADVICE = regex.compile(r"^\s*(?:[*_]{1,2}[^*_]|[-+*]\s|\d+[.)]\s|>|#|\|)")


@lru_cache(maxsize=2)
def _closings() -> frozenset[str]:
    return frozenset(folded(phrase) for phrase in phrases("texts", "closing"))


def end_of_letter(account: Account, title: str, first: int, last: int, ends: Sequence[tuple[int, str]]) -> int:
    """The last line of the letter on lines `first` to `last`; what is behind it is a note.

    `ends` are the rules and headings on the way. A heading ends it, and so does a rule behind the signature or before
    a heading; anywhere else a person is asked, and until then only what comes before is the letter.
    """
    if not first:
        return last
    for line, kind in ends:
        if not first < line <= last:
            continue
        before = _text_before(account, line, first)
        certain = kind == "heading" or _signed(account, first, before) or _heads(account, line, last)
        if certain or not _is_all(account, title, line):
            return before
    signed = _signature_end(account, first, last)
    behind = [number for number in range(signed + 1, last + 1) if _words(account, number)]
    if signed and behind and not _is_all(account, title, behind[0]):
        return signed
    return last


def _words(account: Account, number: int) -> str:
    return account.document.source[number - 1].strip()


def _text_before(account: Account, line: int, first: int) -> int:
    return next((number for number in range(line - 1, first - 1, -1) if _words(account, number)), first)


def _heads(account: Account, line: int, last: int) -> bool:
    following = next((_words(account, number) for number in range(line + 1, last + 1) if _words(account, number)), "#")
    return following.startswith("#")


def is_closing(text: str) -> bool:
    """Whether a line is the closing words of a letter."""
    bare = folded(regex.split(r"[,!.]", text.strip("*_> "))[0])
    return len(text.split()) <= 8 and bare in _closings()


def _signature_end(account: Account, first: int, last: int) -> int:
    """The last line of the signature below the last closing words; 0 if nobody signed."""
    closing = next((n for n in range(last, first, -1) if is_closing(_words(account, n))), 0)
    if not closing:
        return 0
    end = closing
    for number in range(closing + 1, min(last, closing + _SIGNATURE + 2) + 1):
        text = _words(account, number)
        if not text:
            continue
        if (
            _ADVICE.match(account.document.source[number - 1])
            or len(text.split()) > 8
            or text.endswith(":")
            or _is_remark(text)
        ):
            break
        end = number
    return _with_postscript(account, end, last)


def _is_remark(text: str) -> bool:
    """`Note: not before Monday` below a signature is for who sends the letter."""
    label, colon, _ = text.partition(":")
    return bool(colon) and name_form(label) in words_of("note")


def _with_postscript(account: Account, end: int, last: int) -> int:
    following = next((number for number in range(end + 1, last + 1) if _words(account, number)), 0)
    label = regex.split(r"[:\s]", _words(account, following).strip("*_"))[0].rstrip(".:") if following else ""
    if not label or folded(label) not in {folded(phrase).rstrip(".") for phrase in phrases("texts", "postscript")}:
        return end
    while following < last and _words(account, following + 1):
        following += 1
    return following


def _signed(account: Account, first: int, before: int) -> bool:
    """Whether the text that ends on line `before` has its closing words near its end."""
    return any(is_closing(_words(account, number)) for number in range(max(first + 1, before - _SIGNATURE), before + 1))


def _is_all(account: Account, title: str, line: int) -> bool:
    answer = account.values.ask(
        "letter-end",
        account.place(line),
        f"{title}\n{_words(account, line)}",
        ask=f"Does the letter{f' `{title}`' if title else ''} end before line {line} ({_words(account, line)[:60]})?",
        choices=("ends-here", "goes-on"),
        default="ends-here",
    )
    return answer == "goes-on"
