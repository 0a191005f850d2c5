"""Reads what is inside a template's tags."""

from __future__ import annotations

import re

_TAG = re.compile(r"\{[{%](.*?)(?:[%}]\}|\Z)", re.DOTALL)
"""It begins with a letter of its own, so that a long text without tags is passed over at once."""


_UNREAD = re.compile(r"\{#.*?(?:#\}|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
"""Comments, which no reader sees."""


def tags_name(body: str, pattern: re.Pattern[str]) -> bool:
    """Whether a tag of the template holds `pattern`; words outside of tags, and comments, do not count."""
    return any(pattern.search(tag[1]) for tag in _TAG.finditer(_UNREAD.sub("", body)))
