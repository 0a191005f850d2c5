"""A gate's source -> its terms and clauses, each with the text as it was written.

A *term* is what is asked of the facts: `posts['r-linux'].upvotes`, `decision('reddit')`. A *clause*
is one of the parts that `and` joins. Both are cut out of the source by Jinja2's own lexer, so that a
reason quotes what stands in the file; what a term means is read from its syntax tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from jinja2 import TemplateSyntaxError, nodes

from outreach.errors import TemplateFault
from outreach.rules.expressions import GATE_FUNCTIONS, Expressions

TABLES = ("contacts", "posts")
_CLOSING = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """One thing asked: `subject` is a table or a function, `path` what stands after it, in order."""

    text: str
    name: str
    subject: str
    path: tuple[str, ...]
    keywords: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Clause:
    """A part of a gate: as written, and with each term replaced by its `name`."""

    text: str
    source: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadGate:
    """A gate that was read. It holds when all of its clauses do."""

    terms: tuple[Term, ...]
    clauses: tuple[Clause, ...]


class _Token(NamedTuple):
    start: int
    end: int
    kind: str
    text: str
    depth: int


class _Spot(NamedTuple):
    """Where a term stands in the source."""

    start: int
    end: int
    term: Term


_reader = Expressions()


@lru_cache(maxsize=32_768)
def read_gate(source: str) -> ReadGate:
    """The terms and clauses of a gate.

    Raises TemplateFault (`bad-expression`) where it cannot be read, or names something that is no term.
    """
    tree = _reader.parse(source)
    tokens = _tokens(source)
    spots = _spots(source, tokens)
    known = {spot.term.subject for spot in spots}
    for name in [tree] if isinstance(tree, nodes.Name) else tree.find_all(nodes.Name):
        if name.name not in known:
            raise unusable(source, f"there is no {name.name!r}")
    clauses = tuple(_clause(source, start, end, spots) for start, end in _joined_by_and(source, tokens))
    return ReadGate(terms=tuple(spot.term for spot in spots), clauses=clauses)


def unusable(source: str, reason: str) -> TemplateFault:
    """The fault of a gate that cannot be asked."""
    return TemplateFault(
        "bad-expression",
        f"the gate {source!r} cannot be used: {reason}",
        hint="Ask for what is known: posts['ID'].likes >= 50 and decision('ID') == 'go'",
    )


def _tokens(source: str) -> list[_Token]:
    """What Jinja2 reads, with columns; brackets have the depth outside of them."""
    found: list[_Token] = []
    column = depth = 0
    try:
        for _, kind, text in _reader.sandbox.lexer.tokeniter(source, None, state="variable"):
            if text in _CLOSING.values() and kind == "operator":
                depth -= 1
            if kind != "whitespace":
                found.append(_Token(column, column + len(text), kind, text, depth))
            if text in _CLOSING and kind == "operator":
                depth += 1
            column += len(text)
    except TemplateSyntaxError as error:
        raise unusable(source, str(error.message)) from error
    return found


def _spots(source: str, tokens: list[_Token]) -> list[_Spot]:
    found: list[_Spot] = []
    position = 0
    while position < len(tokens):
        last = _end_of_term(tokens, position)
        if last is not None:
            start, end = tokens[position].start, tokens[last].end
            found.append(_Spot(start, end, _term(source, source[start:end], f"term_{len(found)}")))
            position = last
        position += 1
    return found


def _end_of_term(tokens: list[_Token], first: int) -> int | None:
    """The index of the last token of the term that begins at `first`, if one does."""
    token, before = tokens[first], tokens[first - 1].text if first else ""
    if token.kind != "name" or before in (".", "|"):  # an attribute, or a filter such as `count`
        return None
    if token.text in GATE_FUNCTIONS:
        return _closing(tokens, first + 1) if _is(tokens, first + 1, "(") else None
    if token.text not in TABLES:
        return None
    last = first
    while True:
        if _is(tokens, last + 1, "["):
            last = _closing(tokens, last + 1)
        elif _is(tokens, last + 1, ".") and last + 2 < len(tokens):
            last += 2
        else:
            return last


def _is(tokens: list[_Token], position: int, text: str) -> bool:
    return position < len(tokens) and tokens[position].kind == "operator" and tokens[position].text == text


def _closing(tokens: list[_Token], opening: int) -> int:
    depth = tokens[opening].depth
    return next(i for i in range(opening + 1, len(tokens)) if tokens[i].depth == depth)


def _term(source: str, text: str, name: str) -> Term:
    node: nodes.Node = _reader.parse(text)
    path: list[str] = []
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        path.insert(0, node.attr if isinstance(node, nodes.Getattr) else _constant(source, node.arg))
        node = node.node
    keywords: list[tuple[str, Any]] = []
    if isinstance(node, nodes.Call):
        path = [_constant(source, argument) for argument in node.args]
        keywords = [(pair.key, _value(source, pair.value)) for pair in node.kwargs]
        node = node.node
    if not isinstance(node, nodes.Name):  # pragma: no cover - a term begins with its name
        raise unusable(source, f"{text} is no term")
    _ask_shape(source, text, node.name, path, keywords)
    return Term(text=text, name=name, subject=node.name, path=tuple(path), keywords=tuple(keywords))


def _ask_shape(source: str, text: str, subject: str, path: list[str], keywords: list[tuple[str, Any]]) -> None:
    """Refuse a term that names no single value. Raises TemplateFault."""
    shapes = {"posts": (2, 3), "contacts": (2, 2)}
    least, most = shapes.get(subject, (1, 1))
    if not least <= len(path) <= most:
        example = {"posts": "posts['ID'].likes", "contacts": "contacts['ID'].answered"}.get(subject, f"{subject}('ID')")
        raise unusable(source, f"{text} names no value; write {example}")
    if keywords and subject != "count":
        raise unusable(source, f"{subject} takes nothing but a name")


def _constant(source: str, node: nodes.Expr) -> str:
    value = _value(source, node)
    if not isinstance(value, str):
        raise unusable(source, "names stand in quotes")
    return value


def _value(source: str, node: nodes.Expr) -> Any:
    if isinstance(node, nodes.Const):
        return node.value
    if isinstance(node, nodes.Neg) and isinstance(node.node, nodes.Const) and isinstance(node.node.value, int | float):
        return -node.node.value
    if isinstance(node, nodes.List | nodes.Tuple):
        return tuple(_value(source, item) for item in node.items)
    raise unusable(source, "names and values inside of brackets are written out")


def _joined_by_and(source: str, tokens: list[_Token]) -> list[tuple[int, int]]:
    """Where the clauses stand: the whole source, unless `and` is all that joins its parts."""
    outer = [token for token in tokens if token.depth == 0 and token.kind == "name"]
    if any(token.text in ("or", "if") for token in outer):
        return [(0, len(source))]
    joints = [token for token in outer if token.text == "and"]
    starts = [0, *(joint.end for joint in joints)]
    return list(zip(starts, [*(joint.start for joint in joints), len(source)], strict=True))


def _clause(source: str, start: int, end: int, spots: list[_Spot]) -> Clause:
    inside = [spot for spot in spots if start <= spot.start < end]
    replaced, position = "", start
    for spot in inside:
        replaced += source[position : spot.start] + spot.term.name
        position = spot.end
    replaced += source[position:end]
    return Clause(text=source[start:end].strip(), source=replaced.strip(), terms=tuple(spot.term for spot in inside))
