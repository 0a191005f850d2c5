"""What a source gives: parts of a campaign found in other people's documents, and what became of each line.

A source (notes in Markdown, a table, a vCard) is read into plain data in the words of the campaign's own
files, so that what writes it needs no knowledge of where it came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from outreach.model.records import dataclass

Kind = Literal["taken", "noted", "not-understood"]


@dataclass(frozen=True, kw_only=True)
class Passage:
    """Lines `line` to `end` (from 1, both included) of a source, and what was done with them."""

    file: str
    line: int
    end: int
    kind: Kind
    read_as: str
    """A word for a person: contact, channel, template, post, date, heading, remark, nothing."""
    to: str = ""
    """Where it stands now: `contacts/ofe.yaml: channels`, `notes/faq.md`; empty if nothing was understood."""


@dataclass(frozen=True, kw_only=True)
class FoundContact:
    """One organisation or person; `values` has the keys and shapes of a file in `contacts/`."""

    id: str
    values: Mapping[str, Any]
    file: str
    line: int
    under: tuple[str, ...] = ()
    """The headings above it, the outermost first."""
    lines: tuple[str, ...] = ()
    """What stands about it in running text, line by line, as it was written."""
    marks: tuple[str, ...] = ()
    """What sets it apart from others without being a word of its values: around its name, or how its row looks."""


@dataclass(frozen=True, kw_only=True)
class FoundText:
    """A file of its own: a template, a post, a checklist or a note.

    `front` has the keys of the front matter (empty for checklists and notes), `name` the file's name without folder.
    """

    folder: Literal["templates", "posts", "checklists", "notes"]
    name: str
    front: Mapping[str, Any]
    body: str
    file: str
    line: int


@dataclass(frozen=True, kw_only=True)
class FoundSetting:
    """A value for campaign.yaml: `path` leads to its key (`("calendar", "avoid")`); lists are added to."""

    path: tuple[str, ...]
    value: Any
    file: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Remark:
    """What a person should know of a source, and can fix in it: the year of "Jan 2-5", the column of a table."""

    file: str
    line: int
    message: str
    hint: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a value stands: line (or row of a sheet) from 1, the sheet of a workbook, the column's label."""

    file: str
    line: int
    sheet: str = ""
    column: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What a person has to decide; `default` holds until then. `id` is the same in every run (`intake.account`).

    `choices` are the words to answer with, `affects` the addresses that wait for the answer. An `optional` one has a
    default that does for good: it does not count as open.
    """

    id: str
    file: str
    line: int
    ask: str
    choices: tuple[str, ...]
    default: str
    affects: tuple[str, ...] = ()
    optional: bool = False

    @property
    def alike(self) -> tuple[str, str, tuple[str, ...]]:
        """What questions have in common that one answer may answer: their file, what they ask, and the choices."""
        return self.file, self.id.rpartition("-")[0], self.choices


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """A value, mostly an address, that was read and not taken; `id` is the same in every run."""

    id: str
    place: Place
    value: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Cleaned:
    """A value that was put right with certainty: `jo [at] x.example` is `jo@x.example`."""

    place: Place
    was: str
    now: str


@dataclass(frozen=True, kw_only=True)
class ColumnNames:
    """What the columns of a table were taken for: their labels -> keys of a contact, or `fields`.

    `samples` are the first values below the labels, so that a person sees which column is meant.
    """

    file: str
    line: int
    columns: Mapping[str, str]
    samples: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Hint:
    """What a source says of the plan and only means something beside other sources.

    A `phase` is whom to write to when, an `audience` whom a template is for, a `condition` what holds the first
    letters back. `sources.markdown.together` makes waves of them.
    """

    about: Literal["phase", "audience", "condition"]
    values: Mapping[str, Any]
    file: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Found:
    """All that one source gave. The passages cover every line of it that is not blank, each exactly once."""

    contacts: tuple[FoundContact, ...] = ()
    texts: tuple[FoundText, ...] = ()
    settings: tuple[FoundSetting, ...] = ()
    passages: tuple[Passage, ...] = ()
    remarks: tuple[Remark, ...] = ()
    repaired: tuple[Passage, ...] = field(default=())
    """Lines whose characters had been decoded wrongly and were put right."""
    columns: tuple[ColumnNames, ...] = ()
    hints: tuple[Hint, ...] = ()
