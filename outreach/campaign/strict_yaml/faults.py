"""Where a text stops being YAML."""

from __future__ import annotations

from typing import Any, NamedTuple

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # PyYAML without libyaml is slower and says the same


class SyntaxFault(NamedTuple):
    """Where the parser gave up; lines and columns count from 0, `begun` is where its construct began."""

    line: int
    column: int
    begun: int
    problem: str
    context: str


def first_fault(text: str) -> SyntaxFault | None:
    """Where `text` stops being YAML (None: nowhere)."""
    try:
        for _ in yaml.parse(text, Loader=LOADER):
            pass
    except yaml.YAMLError as error:
        return fault_of(error, text)
    return None


def fault_of(error: yaml.YAMLError, text: str) -> SyntaxFault:
    """Where and why the parser of `text` gave up."""
    if isinstance(error, yaml.reader.ReaderError):
        before = text[: error.position] if isinstance(error.position, int) else ""
        return SyntaxFault(before.count("\n"), 0, 0, error.reason, "")
    if not isinstance(error, yaml.MarkedYAMLError):
        return SyntaxFault(0, 0, 0, str(error), "")
    mark = error.problem_mark or error.context_mark
    begun = error.context_mark or mark
    if mark is None or begun is None:
        return SyntaxFault(0, 0, 0, str(error.problem), str(error.context))
    return SyntaxFault(mark.line, mark.column, begun.line, error.problem or "", error.context or "")
