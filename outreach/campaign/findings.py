"""What is wrong in one file, before it is known what that blocks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from outreach.model.problem import Problem


class Finding(NamedTuple):
    """One fault at one line (counted from 1) of the file that is being read."""

    line: int
    code: str
    message: str
    hint: str = ""


def too_much_to_read() -> Finding:
    """The last resort, where a file is beyond reach (see `outreach.errors.BEYOND_REACH`)."""
    message = "This file cannot be read: something in it is too deep or too large."
    return Finding(1, "unreadable-file", message, "Look for brackets, quotes or numbers that go on and on.")


_BREAKING = frozenset(("yaml-syntax", "yaml-alias", "yaml-merge-key", "yaml-tag", "yaml-depth"))


def without_consequences(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, without those that only follow from broken YAML: one mistake is one Problem.

    What is on a broken line is not judged, and where the structure is broken, keys may only
    seem to be missing, or, near by, to be unknown.
    """
    found = list(findings)
    broken = {finding.line for finding in found if finding.code in _BREAKING}
    unread = broken | {finding.line for finding in found if finding.code == "yaml-unquoted"}
    if not unread:
        return found
    near = {line + step for line in broken for step in range(-2, 3)}
    return [
        finding
        for finding in found
        if finding.code.startswith("yaml-")
        or not (
            finding.line in unread
            or (broken and finding.code == "missing-key")
            or (finding.code == "unknown-key" and finding.line in near)
        )
    ]


_LONGEST = 1000


def _readable(sentence: str) -> str:
    """A sentence that quotes a line of the file, which may be any length."""
    return sentence if len(sentence) <= _LONGEST else f"{sentence[: _LONGEST - 3]}..."


def as_problems(findings: Iterable[Finding], file: str, about: str) -> list[Problem]:
    """The findings of `file` as Problems that block `about`, in the order of their lines."""
    return [
        Problem(file=file, line=line, code=code, message=_readable(message), hint=_readable(hint), about=about)
        for line, code, message, hint in sorted(findings, key=lambda finding: finding.line)
    ]
