"""A document as sections of blocks of lines: what a parser of Markdown gives, and nothing of its syntax."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

BlockKind = Literal["paragraph", "item", "row", "fence", "other"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link with its words; for a bare address both are the same."""

    label: str
    target: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of words without its marks: `text` is all of it, `lead` what of its beginning is bold."""

    number: int
    text: str
    lead: str = ""
    links: tuple[Link, ...] = ()

    @property
    def rest(self) -> str:
        """The text behind the lead."""
        return self.text[len(self.lead) :].strip() if self.text.startswith(self.lead) else self.text


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Lines `line` to `end` of the document: a paragraph, an item of a list, a row of a table, a fence.

    The lines of a row are its cells, `header` the words above them. `depth` is that of nested lists, 0 outside.
    `ticked` is None if there is no box to tick; `content` is a fence's text as written.
    """

    kind: BlockKind
    line: int
    end: int
    lines: tuple[Line, ...] = ()
    depth: int = 0
    number: str = ""
    ticked: bool | None = None
    header: tuple[str, ...] = ()
    content: str = ""

    @property
    def text(self) -> str:
        """The words, one line."""
        return " ".join(line.text for line in self.lines).strip()


@dataclass(kw_only=True, slots=True, eq=False)
class Section:
    """A heading with what follows it up to the next; `children` are those of the deeper headings in it.

    The document itself is a section of level 0 without a heading. `line` to `end` include the children.
    """

    level: int
    title: str
    line: int
    end: int
    links: tuple[Link, ...] = ()
    blocks: list[Block] = field(default_factory=list)
    children: list[Section] = field(default_factory=list)
    parent: Section | None = None

    def walk(self) -> Iterator[Section]:
        """This section and all below it, in the order of the document."""
        waiting = [self]
        while waiting:
            section = waiting.pop()
            yield section
            waiting += reversed(section.children)

    def above(self) -> Iterator[Section]:
        """The sections it is in, the nearest first."""
        section = self.parent
        while section is not None:
            yield section
            section = section.parent

    @property
    def own_end(self) -> int:
        """The last line before its first child."""
        return self.children[0].line - 1 if self.children else self.end


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A document: its file's name, its lines as written, and what they are."""

    name: str
    source: tuple[str, ...]
    top: Section

    def raw(self, line: int, end: int) -> str:
        """Lines `line` to `end` as written."""
        return "\n".join(self.source[line - 1 : end])
