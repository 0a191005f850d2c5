"""The tree -> plain text as a person would type it, in marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from outreach.letters.markup.letters import Letters
from outreach.letters.markup.links import Link
from outreach.letters.markup.pieces import Context
from outreach.letters.markup.tree import BLOCKS, INLINE, TABLE_PARTS, Child, Node, first_number, paragraphs

_SPACES = re.compile(r"[ \t\n\r\f]+")
_LOOSE = BLOCKS - {"ul", "ol"}
"""What sets the items of a list apart by blank lines."""
_AROUND = {"strong": "*", "em": "_", "del": "~"}


def text_part(root: Node, letters: Letters) -> str:
    """The text, marks in place of values; paragraphs on a line each, exactly one newline at its end."""
    text = "\n\n".join(_Writer(letters).blocks(root.children))
    return "\n".join(line.rstrip(" ") for line in text.split("\n")).strip("\n") + "\n"


class _Writer:
    def __init__(self, letters: Letters) -> None:
        self._letters = letters

    def blocks(self, children: Iterable[Child]) -> Iterator[str]:
        """The text of each block; text between blocks is a block too."""
        for node in paragraphs(children):
            text = self._block(node)
            if text.strip("\n"):
                yield text

    def _block(self, node: Node) -> str:
        if node.tag == "hr":
            return "---"
        if node.tag == "pre":
            return self._marked(self._verbatim(node)).strip("\n")
        if node.tag in ("ul", "ol"):
            return self._list(node)
        if node.tag == "blockquote":
            return _prefixed("\n\n".join(self.blocks(node.children)), "> ", "> ")
        if node.tag == "table":
            return "\n".join(self._rows(node))
        if node.tag == "p" or not _holds_blocks(node):
            return self.line(node.children)
        return "\n\n".join(self.blocks(node.children))

    def line(self, children: Iterable[Child]) -> str:
        """Text without blocks on one line, or on several where it has line breaks."""
        return "\n".join(line.strip(" ") for line in self._inline(children).split("\n")).strip("\n")

    def _inline(self, children: Iterable[Child]) -> str:
        written = "".join(
            self._marked(_SPACES.sub(" ", child)) if isinstance(child, str) else self._element(child)
            for child in children
        )
        return re.sub(" {2,}", " ", written)

    def _element(self, node: Node) -> str:
        if node.tag == "br":
            return "\n"
        if node.tag == "a":
            return self._link(node)
        inside = self._inline(node.children)
        if node.tag not in _AROUND:
            return inside if node.tag in INLINE else f" {inside} "
        words = inside.strip(" \n")
        if not words or self._is_bare_link(node):
            return inside  # a sign next to an address would be read as a part of it
        before, _, after = inside.partition(words)
        return f"{before}{_AROUND[node.tag]}{words}{_AROUND[node.tag]}{after}"

    def _link(self, node: Node) -> str:
        link = Link(node)
        label, shown = self._inline(node.children).strip(" \n"), link.shown(self._letters)
        return shown if link.bare or not label else f"{label} <{shown}>"

    def _is_bare_link(self, node: Node) -> bool:
        children = node.children
        return len(children) == 1 and not isinstance(children[0], str) and _is_bare(children[0])

    def _list(self, node: Node) -> str:
        number = first_number(node)
        items, apart = [], False
        for item in node.children:
            if isinstance(item, str) or item.tag != "li":
                item = Node("li", children=[item])
            marker = "- " if node.tag == "ul" else f"{number}. "
            number += 1
            loose = any(not isinstance(child, str) and child.tag in _LOOSE for child in item.children)
            apart = apart or loose
            text = ("\n\n" if loose else "\n").join(self.blocks(item.children))
            items.append(_prefixed(text, marker, " " * len(marker)))
        return ("\n\n" if apart else "\n").join(items)

    def _rows(self, node: Node) -> Iterator[str]:
        for child in node.children:
            if isinstance(child, str) or child.tag not in TABLE_PARTS:
                yield self.line([child])
            elif child.tag == "tr":
                cells = [[cell] if isinstance(cell, str) else cell.children for cell in child.children]
                yield " | ".join(self.line(cell).replace("\n", " ") for cell in cells)
            else:
                yield from self._rows(child)

    def _verbatim(self, node: Node) -> str:
        return "".join(
            child if isinstance(child, str) else "\n" if child.tag == "br" else self._verbatim(child)
            for child in node.children
        )

    def _marked(self, text: str) -> str:
        return self._letters.marked(text, Context.TEXT)


def _is_bare(node: Node) -> bool:
    return node.tag == "a" and Link(node).bare


def _holds_blocks(node: Node) -> bool:
    return any(not isinstance(child, str) and (child.tag in BLOCKS or _holds_blocks(child)) for child in node.children)


def _prefixed(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    return "\n".join([first + lines[0], *(rest + line for line in lines[1:])])
