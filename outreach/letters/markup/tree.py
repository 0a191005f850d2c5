"""Sanitised HTML as a small tree, and the only tags and attributes that get so far."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import field
from html.parser import HTMLParser
from typing import TypeAlias

from outreach.model.records import dataclass

HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
BLOCKS = HEADINGS | {"p", "ul", "ol", "blockquote", "pre", "hr", "table"}
TABLE_PARTS = frozenset({"thead", "tbody", "tr", "th", "td"})
INLINE = frozenset({"br", "strong", "em", "a", "code", "del"})
TAGS = BLOCKS | TABLE_PARTS | INLINE | {"li"}
READ_AS = {"b": "strong", "i": "em", "s": "del", "h5": "h4", "h6": "h4", "div": "", "img": ""}
"""Tags that are read but never written: as another, as a mere border of blocks, as their `alt` text."""
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "img": {"alt"}}
DEEPEST = 60
"""Tags nested deeper than that are left out, their text is kept."""

_WITHOUT_SCHEME = re.compile(r"[A-Za-z0-9][\w.-]*[./][^\s:]+")
"""`host/plan`, `example.org/plan`: an address whose https:// was forgotten."""
_TARGET = re.compile(r"(?i:https?://|mailto:).")
_VOID = frozenset({"br", "hr", "img"})
_KEPT_EMPTY = frozenset({"br", "tr", "th", "td"})


@dataclass(slots=True)
class Node:
    """One element; `tag` is "" for the whole and for a mere border of blocks.

    The whole knows the `pictures` that are in it as no more than their `alt` texts.
    """

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


Child: TypeAlias = "Node | str"


def parse(sanitised: str, letters: Container[str]) -> Node:
    """The tree of `sanitised`, in which text stands only inside paragraphs and other blocks.

    Mail has no address of its own that a link could be relative to: a link's target is a whole one, or
    starts with one of `letters`, and then `fill` looks at the value.
    """
    builder = _Builder(letters)
    builder.feed(sanitised)
    builder.close()
    return builder.root()


def paragraphs(children: Iterable[Child]) -> Iterator[Node]:
    """`children` as blocks: runs of text between blocks become paragraphs, empty ones vanish."""
    run: list[Child] = []
    for child in children:
        if isinstance(child, str) or child.tag in INLINE:
            run.append(child)
        else:
            yield from _paragraph(run)
            run = []
            yield child
    yield from _paragraph(run)


def _paragraph(run: list[Child]) -> Iterator[Node]:
    if _says_something(run):
        yield Node("p", children=run)


def words(children: Iterable[Child]) -> str:
    """The bare text of `children`."""
    return "".join(child if isinstance(child, str) else words(child.children) for child in children)


def first_number(ordered_list: Node) -> int:
    """The number of its first item."""
    start = ordered_list.attributes.get("start", "")
    return int(start) if start.isascii() and start.isdigit() and len(start) < 10 else 1


class _Builder(HTMLParser):
    def __init__(self, letters: Container[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._letters = letters
        self._open = [Node("")]

    def root(self) -> Node:
        while len(self._open) > 1:
            self._end()
        root = self._open[0]
        root.children = list(paragraphs(root.children))
        return root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "img":
            self._open[0].pictures.append(attributes.get("alt", ""))
            self.handle_data(attributes.get("alt", ""))
            return
        self._open.append(Node(READ_AS.get(tag, tag), attributes))
        if tag in _VOID:
            self._end()

    def handle_endtag(self, tag: str) -> None:
        tag = READ_AS.get(tag, tag)
        if any(node.tag == tag for node in self._open[1:]):
            while self._end() != tag:
                pass

    def handle_data(self, data: str) -> None:
        children = self._open[-1].children
        if children and isinstance(children[-1], str):
            data = children.pop() + data  # type: ignore[operator]
        children.append(data)

    def _end(self) -> str:
        """Closes the innermost element and hands it, or only what it holds, to the one around it."""
        node = self._open.pop()
        around = self._open[-1].children
        if node.tag in ("", "blockquote"):
            node.children = list(paragraphs(node.children))
        elif node.tag not in INLINE and any(map(_is_block, node.children)):
            node.children = [child for child in node.children if not isinstance(child, str) or child.strip()]
        if node.tag == "" or len(self._open) > DEEPEST or self._is_dead_link(node):
            around += [*node.children, *self._lost_target(node)]
        elif node.tag in _KEPT_EMPTY or _says_something([node]):
            around.append(node)
        return node.tag

    def _lost_target(self, node: Node) -> list[Child]:
        """What a link without its scheme (`host/plan`) leads to, for the reader to make something of."""
        target = node.attributes.get("href", "").strip()
        known = (
            self._is_dead_link(node)
            and _WITHOUT_SCHEME.fullmatch(target)
            and not any(c in self._letters for c in target)
        )
        return [f" <{target}>"] if known and words(node.children).strip() != target else []

    def _is_dead_link(self, node: Node) -> bool:
        target = node.attributes.get("href", "").strip()
        return node.tag == "a" and target[:1] not in self._letters and not _TARGET.match(target)


def _is_block(child: Child) -> bool:
    return not isinstance(child, str) and child.tag not in INLINE


def _says_something(children: Iterable[Child]) -> bool:
    return any(
        bool(child.strip()) if isinstance(child, str) else child.tag in ("a", "hr") or _says_something(child.children)
        for child in children
    )
