"""What an import would do, or did: every file with its text before and after, and what a person should look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Any, Literal

from outreach.model.found import Cleaned, ColumnNames, Kind, Passage, Question, Refusal, Remark
from outreach.model.records import dataclass


@dataclass(frozen=True, kw_only=True)
class FileChange:
    """A file of the campaign; `before` is None if it is new, `read` the digest of what was read of it."""

    path: str
    before: str | None
    after: str
    read: str | None = None


@dataclass(frozen=True, kw_only=True)
class FileCopy:
    """A file that is taken as it is; `source` is the document that it was, `is_there`: it is there already."""

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
    """The document and its line, `partners.csv line 7`; empty if it is not one line."""
    message: str


@dataclass(frozen=True, kw_only=True)
class Happened:
    """What a list says happened before it was imported: to whom (an id), what, and when (None: it names no day)."""

    contact: str
    what: Literal["we-wrote", "they-wrote", "declines"]
    text: str
    on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NoMail:
    """An address that must never be written to, in small letters, and where it was listed."""

    address: str
    file: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What the rows of the documents came to; each counts once, and the six sum to `rows`."""

    new: int = 0
    known: int = 0
    written_to: int = 0
    no_mail: int = 0
    to_decide: int = 0
    """Nobody is written to until a person has answered whether words of the list mean no."""
    twice: int = 0

    @property
    def rows(self) -> int:
        return self.new + self.known + self.written_to + self.no_mail + self.to_decide + self.twice


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
    unread: tuple[Remark, ...] = ()
    """What was named and cannot be read, where the others were read all the same."""
    documents: Mapping[str, Mapping[Kind, int]] = field(default_factory=dict)
    """The documents that were read: how many of their lines that are not blank became what."""
    copies: tuple[FileCopy, ...] = ()
    tally: Tally = Tally()
    happened: tuple[Happened, ...] = ()
    """What goes into the ledger when the import is written."""
    merges: tuple[tuple[str, str], ...] = ()
    """Contacts of the campaign that are one, as a person answered: the id that stays, and the other's."""
    no_mail: Mapping[str, tuple[NoMail, str]] = field(default_factory=dict)
    """Address -> where it must not be written to was listed, and the id of the contact that has it ("": nobody)."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """Every answer that was given, now or before."""
    edited: tuple[str, ...] = ()
    """Files that somebody changed while this ran: their words stay, and nothing was written to them."""
    left: tuple[str, ...] = ()
    """Files that were not written for another's sake."""

    @property
    def open_questions(self) -> list[Question]:
        """The questions that wait for a person, those that hold most addresses first."""
        return sorted((q for q in self.questions if not q.optional), key=lambda question: -len(question.affects))

    @property
    def open_refusals(self) -> list[Refusal]:
        """What was not taken, and nobody has said that it may be left out."""
        return [each for each in self.refusals if each.id not in self.answers]

    @property
    def paths(self) -> list[str]:
        """Every file that changes or is new."""
        found = [*(change.path for change in self.changes), *(c.path for c in self.copies if not c.is_there)]
        return [path for path in found if path not in self.edited and path not in self.left]
