"""A finding in a campaign's files: where it is, what is wrong, what would fix it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from outreach.model.records import dataclass


class Level(StrEnum):
    """An error blocks exactly the letters and posts it touches; a warning blocks nothing."""

    ERROR = "error"
    WARNING = "warning"


LEVELS: dict[str, Level] = {
    # reading files
    "not-utf-8": Level.ERROR,
    "bad-character": Level.ERROR,
    "unreadable-file": Level.ERROR,
    "folder-refused": Level.ERROR,
    "yaml-syntax": Level.ERROR,
    "yaml-unquoted": Level.ERROR,
    "yaml-comment": Level.WARNING,
    "yaml-duplicate-key": Level.ERROR,
    "yaml-alias": Level.ERROR,
    "yaml-merge-key": Level.ERROR,
    "yaml-tag": Level.ERROR,
    "yaml-depth": Level.ERROR,
    "no-front-matter-end": Level.ERROR,
    "csv-shape": Level.ERROR,
    # keys and values
    "unknown-key": Level.ERROR,
    "old-key": Level.WARNING,
    "unknown-column": Level.WARNING,
    "missing-key": Level.ERROR,
    "bad-value": Level.ERROR,
    "bad-address": Level.ERROR,
    "unsafe-text": Level.ERROR,
    "bad-expression": Level.ERROR,
    "bad-file-name": Level.ERROR,
    "duplicate-id": Level.ERROR,
    "unknown-reference": Level.ERROR,
    "unknown-network": Level.ERROR,
    "nonexistent-time": Level.ERROR,
    "ambiguous-time": Level.WARNING,
    "window-without-moment": Level.ERROR,
    "inside-avoid": Level.ERROR,
    "not-yet": Level.WARNING,
    # whom we reach
    "unreachable": Level.ERROR,
    "no-usable-address": Level.ERROR,
    "duplicate-address": Level.WARNING,
    "duplicate-domain": Level.WARNING,
    "empty-wave": Level.WARNING,
    "selected-twice": Level.WARNING,
    # what we write
    "template-syntax": Level.ERROR,
    "template-failed": Level.ERROR,
    "template-bound": Level.ERROR,
    "template-missing": Level.ERROR,
    "missing-variable": Level.ERROR,
    "empty-variable": Level.ERROR,
    "private-variable": Level.ERROR,
    "value-later": Level.WARNING,
    "placeholder": Level.ERROR,
    "foreign-value": Level.ERROR,
    "foreign-name": Level.WARNING,
    "context-leaked": Level.ERROR,
    "empty-text": Level.ERROR,
    "unclosed-tag": Level.ERROR,
    "text-lost": Level.ERROR,
    "bad-link": Level.ERROR,
    "header-mismatch": Level.ERROR,
    "cc-outside-team": Level.ERROR,
    "attachment-missing": Level.ERROR,
    "attachment-damaged": Level.ERROR,
    "attachment-too-large": Level.ERROR,
    "attachment-claim": Level.ERROR,
    "too-long": Level.ERROR,
    "media-unusable": Level.ERROR,
    "alt-text": Level.ERROR,
    "mention-unresolved": Level.WARNING,
    "card-unknown": Level.WARNING,
    "handle-moved": Level.ERROR,
    "document-missing": Level.WARNING,
    "language-fallback": Level.WARNING,
    "angle-unused": Level.WARNING,
    "same-angle": Level.WARNING,
    "image-dropped": Level.WARNING,
    "network-without-account": Level.WARNING,
    # what the law asks (docs/law.md)
    "legal-basis": Level.WARNING,
    "source-and-objection": Level.WARNING,
    "notice-overdue": Level.WARNING,
    "retention": Level.WARNING,
    "consent-country": Level.WARNING,
    "register-number": Level.ERROR,
    "lobby-register": Level.WARNING,
    "political-advertising": Level.WARNING,
    "public-names": Level.WARNING,
    "many-mentions": Level.WARNING,
    # what happened
    "receipt-unreadable": Level.ERROR,
    "receipt-key": Level.ERROR,
    "suppressions-unreadable": Level.ERROR,
}
"""Every code with its level; each has its paragraph in `docs/problems.md`."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Problem:
    """One finding.

    `file` is relative to the campaign folder with forward slashes; `line` counts from 1 and is 1
    where the whole file is meant. `about` names what an error blocks, as `kind:id` with such as `campaign`, `wave:ID`,
    `contact:ID`, `letter:ID`, `template:FILE`, `post:ID` or `attachment:NAME`. `only_warns` says it as a warning
    although its code is an error's.
    """

    file: str
    line: int
    code: str
    message: str
    hint: str = ""
    about: str = "campaign"
    only_warns: bool = False

    def __post_init__(self) -> None:
        if self.code not in LEVELS:
            raise ValueError(f"unlisted problem code {self.code!r}")

    @property
    def level(self) -> Level:
        return Level.WARNING if self.only_warns else LEVELS[self.code]

    @property
    def is_error(self) -> bool:
        return self.level is Level.ERROR


def blocked(problems: Iterable[Problem]) -> frozenset[str]:
    """What the errors among `problems` block, as the `about` of each."""
    return frozenset(problem.about for problem in problems if problem.is_error)
