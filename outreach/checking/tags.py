"""What stands in a template's tags."""

from __future__ import annotations

import re

_BEGINS = ("{{", "{%")
_ENDS = re.compile(r"(\{[{%]|[%}]\})")


def tags_name(body: str, pattern: re.Pattern[str]) -> bool:
    """Whether a tag of the template holds `pattern`; words outside of tags do not count."""
    inside = False
    for piece in _ENDS.split(body):
        if piece in _BEGINS or piece in ("}}", "%}"):
            inside = piece in _BEGINS
        elif inside and pattern.search(piece):
            return True
    return False
