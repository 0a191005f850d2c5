"""What must never reach a header: names and subjects are data, and single lines of it."""

from __future__ import annotations

import re

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_SEPARATOR = re.compile("[\u2028\u2029\x85\n\r]")
_OVERRIDE = re.compile("[\u202a-\u202e\u2066-\u2069]")
_HALF = re.compile("[\ud800-\udfff]")
# RFC 2047 allows no space inside an encoded-word, but Python's header parser joins what it finds
# between `=?` and the next `?=`; on 3.11.7 and 3.12.1 such a word can write a header line of its own.
_ENCODED_WORD = re.compile(r"=\?.*\?=", re.DOTALL)


def header_fault(text: str) -> str | None:
    """Why `text` must not be in a name or subject, as a phrase ("holds a line break"), or None.

    Refused: control characters, line separators, the characters that embed, isolate or override a
    direction of writing (right-to-left scripts themselves are legal), half characters, and encoded-words
    (RFC 2047), which mail programs would decode into something that was never looked at.
    """
    if text.isascii() and text.isprintable() and "=?" not in text:
        return None
    if found := _SEPARATOR.search(text):
        return f"holds a line break{_code_point(found)}"
    if found := _CONTROL.search(text):
        return f"holds a control character{_code_point(found)}"
    if found := _OVERRIDE.search(text):
        return f"holds a character that turns the direction of writing around{_code_point(found)}"
    if _HALF.search(text):
        return "holds half a character"
    if _ENCODED_WORD.search(text):
        return "holds an encoded-word (`=?...?=`), which mail programs would decode"
    return None


def without_overrides(text: str) -> str:
    """`text` as it reads without the characters that turn the direction of writing around."""
    return _OVERRIDE.sub("", text)


def _code_point(found: re.Match[str]) -> str:
    return f" (U+{ord(found.group()):04X})"
