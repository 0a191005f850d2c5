"""Values that are legal YAML and yet lost: taken for a comment, or torn apart by a comma."""

from __future__ import annotations

import re
from typing import Any

from outreach.files.findings import Finding
from outreach.files.strict_yaml.lines import parts_of, quoted, with_value_quoted

SUSPECT_COMMENT = re.compile(r"(?:^|[\s\[,{:-])#\w")
COMMENT_IN_FLOW = re.compile(r"(?:^|[\[,{:])\s*#\w")
_VALUE = re.compile(r"[ \t]*#(?=\w)")
_REST = re.compile(r"[ \t]+#(?=\w)")


def beside_comment(line: str, event: Any, offset: int) -> Finding | None:
    """What a `#word` after the plain scalar of `event`, in its last line, takes away."""
    mark = event.end_mark
    rest = line[mark.column :]
    hint = (with_value_quoted(line) or "").strip()
    if event.value and _REST.match(rest):
        message = "What follows the `#` is read as a comment and left out."
        return Finding(mark.line + offset, "yaml-comment", message, hint)
    if not event.value and _VALUE.match(rest):
        message = "The value begins with an unquoted `#`, so it is read as a comment and lost."
        return Finding(mark.line + offset, "yaml-unquoted", message, hint)
    return None


def swallowed_in_flow(line: str, number: int) -> Finding:
    """A `#word` inside a list of several lines."""
    parts = parts_of(line)
    hint = "Put it in quotation marks."
    if not parts.key and parts.value.startswith("#"):
        hint = (parts.lead + quoted(parts.value.rstrip(",")) + ",").strip()
    message = "An unquoted `#` begins a comment, so this value is lost."
    return Finding(number, "yaml-unquoted", message, hint)


def torn_by_comma(line: str, key: Any, value: Any, before: Any, offset: int) -> Finding | None:
    """An empty `value` whose `key`, in `{...}`, has no `:`: the end of the unquoted value `before`."""
    mark = key.end_mark
    if line[mark.column :].lstrip().startswith(":") or mark.index != value.start_mark.index:
        return None
    hint = "Put a value that holds a comma in quotation marks."
    begin = getattr(before, "start_mark", None)
    if begin is not None and begin.line == mark.line and not getattr(before, "style", True):
        torn = line[begin.column : mark.column]
        hint = (line[: begin.column] + quoted(torn) + line[mark.column :]).strip()
    return Finding(mark.line + offset, "yaml-unquoted", "An unquoted comma tears this value apart.", hint)
