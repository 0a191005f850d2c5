"""Markdown -> Document, by the tokens of a CommonMark parser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from outreach.errors import SourceTooLarge
from outreach.intake.outline import Block, BlockKind, Document, Line, Link, Section
from outreach.intake.pages import Reader

if TYPE_CHECKING:
    from markdown_it.token import Token

MOST_HEADINGS = 5_000
"""Notes on people one can write to by hand have some dozens; a book has some hundreds."""
MOST_LINES = 200_000

_BOX = re.compile(r"\[([ xX])\]\s+")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_FRONT_MATTER_ENDS_BY = 60
_HTML_TABLE = re.compile(r"<table\b.*?</table>", re.IGNORECASE | re.DOTALL)
_TREE = re.compile(r"^[│ \t]*[├└]─*[ \t]*", re.MULTILINE)
"""The branches of a tree, as it is drawn between marks of code."""
_HTML_WORDS = re.compile(r"<(?:t[dh]|li|dt|dd|p|a)\b", re.IGNORECASE)


def parse(name: str, text: str) -> Document:
    """The document. Raises SourceTooLarge for more headings or lines than notes have."""
    source = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(source) > MOST_LINES:
        raise SourceTooLarge(name, f"{len(source):,} lines", f"{MOST_LINES:,}")
    whole = "\n".join(_without_front_matter(source))
    # An empty line ends HTML in Markdown, and no table in a page.
    tokens = _tokens(_HTML_TABLE.sub(lambda table: re.sub(r"\n(?=[ \t]*\n)", "\n<!-- -->", table[0]), whole))
    headings = sum(token.type == "heading_open" for token in tokens)
    if headings > MOST_HEADINGS:
        raise SourceTooLarge(name, f"{headings:,} headings", f"{MOST_HEADINGS:,}")
    return Document(name=name, source=tuple(source), top=_sections(tokens, source))


def front_matter_end(source: Sequence[str]) -> int:
    """The line that ends a front matter, 0 if there is none."""
    if not source or source[0].rstrip() != "---":
        return 0
    for number, line in enumerate(source[1:_FRONT_MATTER_ENDS_BY], 2):
        if line.rstrip() == "---":
            return number if all(":" in each or not each[:1].isalpha() for each in source[1 : number - 1]) else 0
    return 0


def _without_front_matter(source: Sequence[str]) -> list[str]:
    end = front_matter_end(source)
    return [""] * end + list(source[end:])


def _tokens(text: str) -> list[Token]:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table").parse(text)


def _sections(tokens: Sequence[Token], source: Sequence[str]) -> Section:
    top = Section(level=0, title="", line=1, end=len(source))
    here = top
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if _is_heading(token):
            here = _heading(token, tokens[position + 1], here)
            position += 3
            continue
        end = _closing(tokens, position)
        here.blocks += _Blocks(tokens[position : end + 1]).read()
        position = end + 1
    _close(top)
    return top


def _is_heading(token: Token) -> bool:
    """A heading, but no paragraph that a line of hyphens below turned into one: that was meant to divide."""
    first, last = token.map or (0, 0)
    return token.type == "heading_open" and not (token.markup == "-" and last - first > 2)


def _heading(opening: Token, inline: Token, here: Section) -> Section:
    level = int(opening.tag[1:])
    while here.level >= level:
        assert here.parent is not None
        here = here.parent
    lines = _lines(inline)
    first = (opening.map or (0, 1))[0] + 1
    links = tuple(link for line in lines for link in line.links)
    title = " ".join(line.text for line in lines).strip()
    section = Section(level=level, title=title, line=first, end=first, links=links, parent=here)
    here.children.append(section)
    return section


def _close(top: Section) -> None:
    """Gives every section its last line: the one before the next section of its level or above."""
    waiting = [top]
    while waiting:
        section = waiting.pop()
        for child, following in zip_longest(section.children, section.children[1:]):
            child.end = following.line - 1 if following else section.end
        waiting += section.children


def _closing(tokens: Sequence[Token], position: int) -> int:
    """The index of the token that closes the one at `position`."""
    depth = 0
    for index in range(position, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index
    return len(tokens) - 1


class _Blocks:
    """The blocks of one element of the document and of all that is nested in it."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._items: list[Token] = []  # the items that are open, the innermost last
        self._begun: set[int] = set()  # those whose first paragraph was read
        self._header: list[str] = []
        self._cells: list[Line] = []
        self._row: tuple[int, int] = (0, 0)
        self._in_head = False

    def read(self) -> Iterator[Block]:
        for token in self._tokens:
            if token.type == "list_item_open":
                self._items.append(token)
            elif token.type == "list_item_close":
                self._items.pop()
            elif _is_text(token):
                yield from self._within(token)
            elif token.type in ("fence", "code_block", "html_block", "hr"):
                yield self._verbatim(token)
            elif token.type.startswith(("thead", "tr_")):
                yield from self._table(token)
            elif token.type == "inline":
                yield from self._inline(token)

    def _verbatim(self, token: Token) -> Block:
        first, last = token.map or (0, 1)
        kind: BlockKind = "fence" if token.type in ("fence", "code_block") else "other"
        content = token.content if kind == "fence" else ""
        return Block(kind=kind, line=first + 1, end=max(last, first + 1), content=content, depth=len(self._items))

    def _within(self, token: Token) -> Iterator[Block]:
        """What a piece of a web page in the notes says, or a tree, each block on the line where its words stand."""
        first, at, begin = (token.map or (0, 1))[0] + 1 + (token.type == "fence"), 0, 0
        if token.type == "html_block":
            reader = Reader()
            reader.feed(token.content)
            inner = _tokens(reader.finished())
        else:
            inner = _tokens(_TREE.sub("- ", token.content))
        while begin < len(inner):
            end = _closing(inner, begin)
            for block in _Blocks(inner[begin : end + 1]).read():
                word = next(iter(re.findall(r"\w+", block.text)), "")
                at = max(token.content.find(word, at), at)
                line = first + token.content.count("\n", 0, at)
                lines = tuple(replace(each, number=line) for each in block.lines)
                yield replace(block, line=line, end=line, lines=lines)
            begin = end + 1

    def _table(self, token: Token) -> Iterator[Block]:
        if token.type.startswith("thead"):
            self._in_head = token.nesting == 1
        elif token.nesting == 1:
            self._row, self._cells = tuple(token.map or self._row), []  # type: ignore[assignment]
        elif self._in_head:
            self._header = [cell.text for cell in self._cells]
            yield Block(kind="other", line=self._row[0] + 1, end=self._row[1], lines=tuple(self._cells))
        else:
            cells, header = tuple(self._cells), tuple(self._header)
            yield Block(kind="row", line=self._row[0] + 1, end=self._row[1], lines=cells, header=header)

    def _inline(self, token: Token) -> Iterator[Block]:
        if token.map is None or self._is_cell(token):
            lines = _lines(token, self._row[0] + 1)
            text = "\n".join(line.text for line in lines)
            links = tuple(link for line in lines for link in line.links)
            self._cells.append(Line(number=self._row[0] + 1, text=text, lead=lines[0].lead, links=links))
            return
        first, last = token.map
        item = self._items[-1] if self._items else None
        begins = item is not None and id(item) not in self._begun
        lines = _lines(token)
        ticked = None
        if begins and item is not None:
            self._begun.add(id(item))
            if box := _BOX.match(lines[0].text):
                ticked = box[1] != " "
                whole = lines[0]
                lead = whole.lead.removeprefix(box[0])
                lines[0] = Line(number=whole.number, text=whole.text[box.end() :], lead=lead, links=whole.links)
        yield Block(
            kind="item" if begins else "paragraph",
            line=first + 1,
            end=max(last, first + 1),
            lines=tuple(lines),
            depth=len(self._items),
            number=item.info if begins and item is not None else "",
            ticked=ticked,
        )

    def _is_cell(self, token: Token) -> bool:
        return any(each.type == "table_open" for each in self._tokens[:1])


def _is_text(token: Token) -> bool:
    """Whether a piece of a page, or what is between marks of code, is words for people: a table, a tree."""
    if token.type == "html_block":
        return _HTML_WORDS.search(token.content) is not None
    return token.type == "fence" and "@" in token.content and _TREE.search(token.content) is not None


class _LineMaker:
    """The words of one line, piece by piece."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.text = ""
        self.lead = ""
        self.strong = 0
        self.leading = True
        self.links: list[Link] = []
        self.opened: list[tuple[str, int]] = []

    def add(self, words: str) -> None:
        if self.leading and not self.strong and words.strip(" *_\u2022\u2192>-\u2013~"):
            self.leading = False
        self.text += words
        if self.leading and self.strong:
            self.lead = self.text.strip()

    def made(self) -> Line:
        text = self.text.strip()
        return Line(number=self.number, text=text, lead=self.lead, links=tuple(self.links))


def _lines(inline: Token, number: int | None = None) -> list[Line]:
    """The lines of an inline token, of which there is at least one."""
    start = number if number is not None else (inline.map or (0, 1))[0] + 1
    makers = [_LineMaker(start)]
    for token in inline.children or ():
        here = makers[-1]
        if token.type in ("softbreak", "hardbreak") or (token.type == "html_inline" and _BREAK.match(token.content)):
            following = _LineMaker(here.number + (token.type != "html_inline"))
            following.strong, following.opened = here.strong, []
            makers.append(following)
        elif token.type in ("strong_open", "strong_close"):
            here.strong += token.nesting
            if token.nesting == -1 and not here.strong and here.lead:
                here.leading = False
        elif token.type == "link_open":
            here.opened.append((str(token.attrGet("href") or ""), len(here.text)))
        elif token.type == "link_close":
            if here.opened:
                target, begun = here.opened.pop()
                here.links.append(Link(label=here.text[begun:].strip(), target=target))
        elif token.content and token.type != "html_inline":
            here.add(token.content)
    return [maker.made() for maker in makers]
