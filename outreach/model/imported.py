"""What an import would do, or did: every file with its text before and after, and what a person should look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from outreach.model.found import Cleaned, ColumnNames, Kind, Passage, Question, Refusal, Remark


@dataclass(frozen=True, kw_only=True)
class FileChange:
    """A file of the campaign; `before` is None where it is new, `read` the digest of what was read of it."""

    path: str
    before: str | None
    after: str
    read: str | None = None


@dataclass(frozen=True, kw_only=True)
class FileCopy:
    """A file that is taken as it is; `source` is the document that it was, `is_there`: it stands there already."""

    path: str
    content: bytes
    source: str
    is_there: bool = False


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """A value that stays as it is though a document says otherwise; `file` is where it stands."""

    file: str
    key: str
    kept: Any
    other: Any
    source: str
    """The document and its line, `partners.csv line 7`; empty where it is not one line."""
    message: str


@dataclass(frozen=True, kw_only=True)
class Imported:
    """All of it; `unchanged` are the files that the documents are about and that stay as they are."""

    changes: tuple[FileChange, ...]
    unchanged: tuple[str, ...]
    passages: tuple[Passage, ...]
    remarks: tuple[Remark, ...] = ()
    questions: tuple[Question, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    cleaned: tuple[Cleaned, ...] = ()
    repaired: tuple[Passage, ...] = ()
    columns: tuple[ColumnNames, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    skipped: tuple[str, ...] = ()
    """A sentence for each file of a folder that was not read."""
    documents: Mapping[str, Mapping[Kind, int]] = field(default_factory=dict)
    """The documents that were read: how many of their lines that are not blank became what."""
    copies: tuple[FileCopy, ...] = ()
    edited: tuple[str, ...] = ()
    """Files that somebody changed while this ran: their words stay, and nothing was written to them."""
    left: tuple[str, ...] = ()
    """Files that were not written for another's sake."""

    @property
    def paths(self) -> list[str]:
        """Every file that changes or is new."""
        found = [*(change.path for change in self.changes), *(c.path for c in self.copies if not c.is_there)]
        return [path for path in found if path not in self.edited and path not in self.left]
