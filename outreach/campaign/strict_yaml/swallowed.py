"""Values that are legal YAML and yet lost: taken for a comment, or torn apart by a comma."""

from __future__ import annotations

import re
from typing import Any

from outreach.campaign.findings import Finding
from outreach.campaign.strict_yaml.lines import parts_of, quoted, with_value_quoted

SUSPECT_COMMENT = re.compile(r"(?<![^\s\[,{:-])#\w")  # its rarest character first
COMMENT_IN_FLOW = re.compile(r"(?:^|[\[,{:])\s*#\w")
_VALUE = re.compile(r"[ \t]*#(?=\w)")
_COLON = re.compile(r"\s*:")
_LONGEST_SHOWN = 1000
_REST = re.compile(r"[ \t]+#(?=\w)")


def beside_comment(line: str, event: Any, offset: int) -> Finding | None:
    """What a `#word` after the plain scalar of `event`, in its last line, takes away."""
    mark = event.end_mark
    if event.value and _REST.match(line, mark.column):
        message = "Everything after the `#` is a comment, and is ignored."
        return Finding(mark.line + offset, "yaml-comment", message, (with_value_quoted(line) or "").strip())
    if not event.value and _VALUE.match(line, mark.column):
        message = "The value begins with an unquoted `#`, so it is read as a comment and lost."
        return Finding(mark.line + offset, "yaml-unquoted", message, (with_value_quoted(line) or "").strip())
    return None


def swallowed_in_flow(line: str, number: int) -> Finding:
    """A `#word` inside a list of several lines."""
    parts = parts_of(line)
    hint = "Put it in quotation marks."
    if not parts.key and parts.value.startswith("#"):
        hint = (parts.lead + quoted(parts.value.rstrip(",")) + ",").strip()
    message = "An unquoted `#` begins a comment, so this value is lost."
    return Finding(number, "yaml-unquoted", message, hint)


def torn_by_comma(line: str, key: Any, value: Any, before: Any) -> str | None:
    """How to mend an empty `value` whose `key`, in `{...}`, has no `:`: the end of the unquoted value `before`."""
    mark = key.end_mark
    if mark.index != value.start_mark.index or _COLON.match(line, mark.column):
        return None
    begin = getattr(before, "start_mark", None)
    if begin is None or begin.line != mark.line or getattr(before, "style", True) or len(line) > _LONGEST_SHOWN:
        return "Put a value that holds a comma in quotation marks."
    torn = line[begin.column : mark.column]
    return (line[: begin.column] + quoted(torn) + line[mark.column :]).strip()
