"""A gate's source -> its terms and clauses, each with the text as it was written.

A *term* is what is asked of the facts: `posts['r-linux'].upvotes`, `decision('reddit')`. A *clause*
is one of the parts that `and` joins. Both are cut out of the source by Jinja2's own lexer, so that a
reason quotes what is in the file; what a term means is read from its syntax tree.
"""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from jinja2 import TemplateSyntaxError, nodes

from outreach.errors import TemplateFault
from outreach.model.outcome import OUTCOMES
from outreach.model.records import dataclass
from outreach.planning.gates.terms import ASKABLE, Term, no_such, unusable
from outreach.templating.expressions import Expressions, parse
from outreach.templating.scope import OLD_KEYS
from outreach.templating.source import refuse_tangles

MOST_PARTS = 100
"""Things that one gate may ask for: each part of it is looked at by itself."""

_CLOSING = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Clause:
    """A part of a gate: as written, and in `source` with each term and number replaced by a name.

    So gates that differ only in what they name and how many they want are one expression, compiled once.
    """

    text: str
    source: str
    terms: tuple[Term, ...]
    numbers: Mapping[str, int | float] = field(default_factory=dict)


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
    """Where a term is in the source."""

    start: int
    end: int
    term: Term


_reader = Expressions()


@lru_cache(maxsize=32_768)
def read_gate(source: str) -> ReadGate:
    """The terms and clauses of a gate.

    Raises TemplateFault (`bad-expression`) where it cannot be read, or names something that is not something to ask.
    """
    tokens = _tokens(source)
    spots = _spots(source, tokens)
    places = _joined_by_and(source, tokens)
    if max(len(spots), len(places)) > MOST_PARTS:
        raise unusable(source, f"it asks for more than {MOST_PARTS} things")
    numbers = _free_numbers(tokens, spots)
    _ask_names(source, tokens, spots, numbers)
    clauses = tuple(_clause(source, start, end, spots, numbers) for start, end in places)
    return ReadGate(terms=tuple(spot.term for spot in spots), clauses=clauses)


def old_words(source: str) -> dict[str, str]:
    """The old names of keys and outcomes in a gate, each with that of today; none if it cannot be read."""
    try:
        terms = read_gate(source).terms
    except TemplateFault:
        return {}
    found = {key: OLD_KEYS[key] for term in terms for key, _ in term.keywords if key in OLD_KEYS}
    if any(term.subject == "contacts" and term.path[-1] == "outcome" for term in terms):
        quoted = re.findall(r"""(["'])(.*?)\1""", source)
        found |= {each.was: each.word for each in OUTCOMES if each.was in {text for _, text in quoted}}
    return found


def _ask_names(source: str, tokens: list[_Token], spots: list[_Spot], numbers: list[_Token]) -> None:
    """Refuse what is not an expression, and names that are not a term. Raises TemplateFault."""
    shape = _clause(source, 0, len(source), spots, numbers)
    names = _names_in(shape.source)
    if names is None:
        parse(source)  # says what is wrong in the words that are in the file
    ours = {spot.term.name for spot in spots} | shape.numbers.keys()
    written = {token.text for token in tokens if token.kind == "name"}
    foreign = [name for name in names or () if name not in ours or name in written]
    if foreign:
        raise unusable(source, no_such("", foreign[0], ASKABLE))


@lru_cache(maxsize=4096)
def _names_in(shape: str) -> tuple[str, ...] | None:
    """The free names of an expression, None if it is none. Thousands of gates have one shape."""
    try:
        tree = parse(shape)
    except TemplateFault:
        return None
    return tuple(name.name for name in ([tree] if isinstance(tree, nodes.Name) else tree.find_all(nodes.Name)))


def _tokens(source: str) -> list[_Token]:
    """What Jinja2 reads, with columns; brackets have the depth outside of them."""
    found: list[_Token] = []
    column = depth = 0
    try:
        read = list(_reader.sandbox.lexer.tokeniter(source, None, state="variable"))
        refuse_tangles(read)
        for _, kind, text in read:
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
            found.append(_Spot(start, end, _term(source, tokens[position : last + 1], f"term_{len(found)}")))
            position = last
        position += 1
    return found


def _end_of_term(tokens: list[_Token], first: int) -> int | None:
    """The index of the last token of the term that begins at `first`, if one does."""
    token, before = tokens[first], tokens[first - 1].text if first else ""
    if token.kind != "name" or before in (".", "|"):  # an attribute, or a filter such as `count`
        return None
    if token.text not in ASKABLE:
        return None
    if not ASKABLE[token.text].is_table:
        return _closing(tokens, first + 1) if _is(tokens, first + 1, "(") else None
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
    """The index of the bracket that closes the one at `opening`; of the last token where none does."""
    depth = tokens[opening].depth
    return next((i for i in range(opening + 1, len(tokens)) if tokens[i].depth == depth), len(tokens) - 1)


def _term(source: str, tokens: list[_Token], name: str) -> Term:
    text = source[tokens[0].start : tokens[-1].end]
    plain = _plain_path(tokens)
    if plain is not None:
        return _shaped(source, Term(text=text, name=name, subject=tokens[0].text, path=tuple(plain)))
    return _shaped(source, _parsed_term(source, text, name))


def _plain_path(tokens: list[_Token]) -> list[str] | None:
    """The path of a term written in the usual way, such as `posts['a'].likes` or `decision('a')`; else None.

    It says what the syntax tree would say, without making one for each of thousands of gates.
    """
    path: list[str] = []
    rest = tokens[1:]
    while rest:
        if rest[0].text == "." and len(rest) > 1 and rest[1].kind == "name":
            path.append(rest[1].text)
            rest = rest[2:]
        elif _brackets(rest) in ("[]", "()") and rest[1].kind == "string" and "\\" not in rest[1].text:
            if rest[0].text == "(" and (path or len(rest) > 3):
                return None
            path.append(rest[1].text[1:-1])
            rest = rest[3:]
        else:
            return None
    return path


def _brackets(tokens: list[_Token]) -> str:
    return tokens[0].text + tokens[2].text if len(tokens) > 2 else ""


def _parsed_term(source: str, text: str, name: str) -> Term:
    node: nodes.Node = parse(text)
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
        raise unusable(source, f"{text} is not something that a condition can ask")
    return Term(text=text, name=name, subject=node.name, path=tuple(path), keywords=tuple(keywords))


def _shaped(source: str, term: Term) -> Term:
    """The term, if it names one value. Raises TemplateFault."""
    asked = ASKABLE[term.subject]
    least, most = asked.parts
    if not least <= len(term.path) <= most:
        raise unusable(source, f"{term.text} names no value; write {asked.example}")
    if term.keywords and not asked.takes_keys:
        raise unusable(source, f"{term.subject} takes only a name")
    reason = asked.misnamed(term)
    if reason is not None:
        raise unusable(source, reason)
    return term


def _constant(source: str, node: nodes.Expr) -> str:
    value = _value(source, node)
    if not isinstance(value, str):
        raise unusable(source, "put names in quotes")
    return value


def _value(source: str, node: nodes.Expr) -> Any:
    if isinstance(node, nodes.Const):
        return node.value
    if isinstance(node, nodes.Neg) and isinstance(node.node, nodes.Const) and isinstance(node.node.value, int | float):
        return -node.node.value
    if isinstance(node, nodes.List | nodes.Tuple):
        return tuple(_value(source, item) for item in node.items)
    raise unusable(source, "write the names and values in brackets as they are")


def _joined_by_and(source: str, tokens: list[_Token]) -> list[tuple[int, int]]:
    """Where the clauses stand: the whole source, unless `and` is all that joins its parts."""
    outer = [token for token in tokens if token.depth == 0 and token.kind == "name"]
    if any(token.text in ("or", "if") for token in outer):
        return [(0, len(source))]
    joints = [token for token in outer if token.text == "and"]
    starts = [0, *(joint.end for joint in joints)]
    return list(zip(starts, [*(joint.start for joint in joints), len(source)], strict=True))


def _clause(source: str, start: int, end: int, spots: list[_Spot], numbers_in_it: list[_Token]) -> Clause:
    """The part of the source with names in the place of its terms and numbers."""
    inside = [spot for spot in spots if start <= spot.start < end]
    free = [token for token in numbers_in_it if start <= token.start < end]
    numbers = {f"number_{place}": literal_eval(token.text) for place, token in enumerate(free)}
    pieces = [(spot.start, spot.end, spot.term.name) for spot in inside]
    pieces += [(token.start, token.end, name) for token, name in zip(free, numbers, strict=True)]
    replaced, position = "", start
    for first, last, name in sorted(pieces):
        replaced += source[position:first] + name
        position = last
    replaced += source[position:end]
    terms = tuple(spot.term for spot in inside)
    return Clause(text=source[start:end].strip(), source=replaced.strip(), terms=terms, numbers=numbers)


def _free_numbers(tokens: list[_Token], spots: list[_Spot]) -> list[_Token]:
    """The numbers that are outside of terms, but not where one stands for an attribute (`x.0`)."""
    found = []
    for before, token in pairwise([_Token(0, 0, "", "", 0), *tokens]):
        is_free = token.kind in ("integer", "float") and before.text != "."
        if is_free and not any(spot.start <= token.start < spot.end for spot in spots):
            found.append(token)
    return found
