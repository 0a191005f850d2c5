"""Single keys of a file changed, and every other line of it, comments too, left as a person wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from enum import Enum
from typing import Any, Final

from outreach.campaign.strict_yaml.nodes import Mapping
from outreach.campaign.strict_yaml.writing import entry

_BLOCK_SCALAR = re.compile(r":\s+[>|][-+0-9]*\s*$")
_COMMENT = re.compile(r"(?:^|\s)#")


class Removed(Enum):
    """The value of a key that is to go."""

    REMOVED = "removed"


REMOVED: Final = Removed.REMOVED


def with_entries(
    text: str, mapping: Mapping, changes: MappingOf[str, Any], *, end: int | None = None, order: Sequence[str] = ()
) -> str | None:
    """`text` with other values for some keys of the block mapping `mapping`, new keys in the place that `order` says.

    `end` is the last line of the mapping (default: of the text). None where that cannot be done without losing
    a comment, or where the mapping is written between braces.
    """
    lines = text.split("\n")
    last = len(lines) if end is None else end
    indent = _indent(lines, mapping)
    if indent is None:
        return None
    spans = _spans(lines, mapping, last, indent)
    edits: list[tuple[int, int, list[str]]] = []
    for key, value in sorted(changes.items(), key=lambda each: order.index(each[0]) if each[0] in order else -1):
        if key in spans:
            begin, until = spans[key]
            if _has_comment(lines[begin - 1 : until]):
                return None
            written = [] if value is REMOVED else entry(key, value, indent)
            edits.append((begin, until, _dashed(written, lines[begin - 1], indent)))
            if not written and _begins_item(lines[begin - 1]):
                return None
        elif value is not REMOVED:
            after = _place(key, spans, order, mapping)
            edits.append((after + 1, after, entry(key, value, indent)))
    # From the end, so that line numbers stay true; of two new keys in one place, the second first.
    for _, (begin, until, written) in sorted(enumerate(edits), key=lambda each: (each[1][0], each[0]), reverse=True):
        lines[begin - 1 : until] = written
    return "\n".join(lines)


def _indent(lines: Sequence[str], mapping: Mapping) -> int | None:
    """The column of the keys; None where they do not all stand below one another."""
    if not mapping.entries:
        return 0
    columns = set()
    for each in mapping.entries:
        shape = re.match(r"(\s*(?:-\s+)?)[\"']?" + re.escape(each.key), lines[each.line - 1])
        columns.add(len(shape[1]) if shape else None)
    found = columns.pop() if len(columns) == 1 else None
    single = len({each.line for each in mapping.entries}) == len(mapping.entries)
    return found if single else None


def _spans(lines: Sequence[str], mapping: Mapping, last: int, indent: int) -> dict[str, tuple[int, int]]:
    """Key -> its first and last line, without comments and empty lines that belong to what follows."""
    begins = [each.line for each in mapping.entries]
    spans = {}
    for each, following in zip(mapping.entries, [*begins[1:], last + 1][: len(begins)], strict=True):
        until = following - 1
        while until > each.line and _is_between(lines[until - 1], indent):
            until -= 1
        spans[each.key] = (each.line, until)
    return spans


def _is_between(line: str, indent: int) -> bool:
    stripped = line.lstrip()
    return not stripped or (stripped.startswith("#") and len(line) - len(stripped) <= indent)


def _has_comment(lines: Sequence[str]) -> bool:
    if _BLOCK_SCALAR.search(lines[0]):
        return False
    without_quotes = [re.sub(r"\"[^\"]*\"|'[^']*'", "", line) for line in lines]
    return any(_COMMENT.search(line) for line in without_quotes)


def _begins_item(line: str) -> bool:
    return line.lstrip().startswith("- ")


def _dashed(written: list[str], before: str, indent: int) -> list[str]:
    """The lines, the first with the `- ` that the key before had."""
    if not written or not _begins_item(before):
        return written
    return [before[:indent] + written[0][indent:], *written[1:]]


def _place(key: str, spans: MappingOf[str, tuple[int, int]], order: Sequence[str], mapping: Mapping) -> int:
    """The line after which a new key belongs: behind the keys that stand before it in `order`."""
    before = set(order[: order.index(key)]) if key in order else set(spans)
    there = [until for name, (_, until) in spans.items() if name in before or name not in order]
    return max(there) if there else mapping.line - 1
