"""How long, deep and large the source of a template or expression may be, before anything is made of it.

The parser, the compiler and Python's own compiler each call themselves for what is inside something else, and
Python ends such a descent with a RecursionError. What is refused here stays far away from that, and the fault
names its line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from jinja2 import TemplateSyntaxError, nodes
from jinja2.parser import Parser

DEEPEST = 100
"""Steps from the outermost thing of a template to the innermost: filters in a row, signs, `else` of `if`s."""
MOST_BRACKETS = 30
"""Brackets inside one another."""
MOST_BLOCKS = 15
"""`{% if %}`, `{% for %}` and the like inside one another; Python takes 20 loops."""
MOST_TOKENS = 5_000
"""Words, signs and values in all of the tags together."""
LONGEST_NUMBER, LONGEST_NAME = 77, 200
"""Characters; 77 digits are what 256 bits hold."""

_BLOCKS = frozenset("for if macro set with".split())
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_BEFORE_A_VALUE = frozenset(("not", "-", "+"))


def refuse_tangles(tokens: Iterable[tuple[int, str, str]]) -> None:
    """Look at the tokens that Jinja2's lexer gives (line, kind, text). Raises TemplateSyntaxError with its line."""
    count = brackets = blocks = signs = elses = 0
    tag: list[str] = []
    for line, kind, text in tokens:
        if kind in ("data", "whitespace", "comment", "comment_begin", "comment_end", "raw_begin", "raw_end"):
            continue
        if kind in ("variable_begin", "block_begin"):
            brackets = signs = elses = 0
            tag = []
            continue
        if kind == "block_end":
            blocks += _opened(tag)
        tag.append(text)
        count += 1
        brackets += (text in _OPENING) - (text in _CLOSING) if kind == "operator" else 0
        signs += text in _BEFORE_A_VALUE and _BEFORE_A_VALUE.issuperset(tag[-2:-1])
        elses += kind == "name" and text == "else"
        if count > MOST_TOKENS:
            raise TemplateSyntaxError(f"it holds more than {MOST_TOKENS:,} names, values and signs", line)
        if brackets > MOST_BRACKETS or blocks > MOST_BLOCKS or signs > DEEPEST or elses > DEEPEST:
            raise _too_deep(line)
        if kind in ("integer", "float") and len(text) > LONGEST_NUMBER:
            raise TemplateSyntaxError(f"a number has more than {LONGEST_NUMBER} digits", line)
        if kind == "name" and len(text) > LONGEST_NAME:
            raise TemplateSyntaxError(f"a name has more than {LONGEST_NAME} characters", line)


def refuse_depth(tree: nodes.Node) -> None:
    """Refuse what is nested too deeply to be compiled. Raises TemplateSyntaxError with its line."""
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > DEEPEST:
            raise _too_deep(node.lineno)
        waiting += [(child, depth + 1) for child in node.iter_child_nodes()]


def _opened(tag: list[str]) -> int:
    """1 for the words of a tag that opens a block, -1 for one that ends it."""
    name = tag[0] if tag else ""
    if name in _BLOCKS:
        return 0 if name == "set" and "=" in tag else 1
    return -1 if name.startswith("end") else 0


def _too_deep(line: int) -> TemplateSyntaxError:
    return TemplateSyntaxError("it is nested too deeply to be read", line)


class SourceParser(Parser):
    """Jinja2's parser, but for chains of `or` and `and`: a hundred names in one are not a deeper than two."""

    def parse_or(self) -> nodes.Expr:
        return self._chain("name:or", nodes.Or, self.parse_and)

    def parse_and(self) -> nodes.Expr:
        return self._chain("name:and", nodes.And, self.parse_not)

    def _chain(self, joint: str, kind: type[nodes.Or | nodes.And], parse_part: Callable[[], nodes.Expr]) -> nodes.Expr:
        parts = [parse_part()]
        while self.stream.skip_if(joint):
            parts.append(parse_part())
        while len(parts) > 1:
            pairs = zip(parts[::2], parts[1::2], strict=False)
            odd = parts[len(parts) // 2 * 2 :]
            parts = [*(kind(left, right, lineno=left.lineno) for left, right in pairs), *odd]
        return parts[0]
