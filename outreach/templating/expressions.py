"""Expressions of campaign.yaml: `tier == 0`, `decision('reddit') in ['go']`.

Jinja2 expressions in the sandbox over plain data. A missing key never raises, it makes its comparison
false. Gates (`needs`, `or`, goals) are expressions with terms of their own: see `planning/gates`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import CodeType
from typing import Any

from jinja2 import Template, TemplateSyntaxError, nodes

from outreach.errors import TemplateFault
from outreach.model.campaign import Expression
from outreach.model.contact import Contact
from outreach.model.problem import Problem
from outreach.templating.bounds import Meter
from outreach.templating.environment import Sandbox
from outreach.templating.instrument import NotThere
from outreach.templating.rendering import syntax_fault
from outreach.templating.scope import CONTACT_KEYS, OLD_KEYS, READ_KEYS, contact_values
from outreach.templating.source import SourceParser, refuse_depth
from outreach.templating.values import Absent
from outreach.templating.wording import in_our_words
from outreach.words.suggestions import nearest

MAX_STEPS = 20_000
"""For one contact: a wave looks at thousands of them."""


class Expressions:
    """Compiles expressions once and evaluates them for many contacts. Not thread-safe."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(undefined=Absent)
        self._compiled: dict[str, Callable[[Mapping[str, Any]], Any]] = {}
        self._names: dict[str, frozenset[str]] = {}
        # Many contacts share the few values that a wave asks for, and a text of 1 is not a number 1.
        self._known: dict[tuple[str, tuple[tuple[str, Any], ...]], bool] = {}

    def holds(self, source: str, contact: Contact, language: str) -> bool:
        """Whether the expression over a contact's keys holds for `contact`.

        `language` is the campaign's, for contacts that name none.
        Raises TemplateFault (`bad-expression`) where it cannot be read or compared.
        """
        names = self._names.get(source)
        if names is None:
            names = self._names[source] = _free_names(parse(source)) & READ_KEYS
        values = contact_values(contact, language, names)
        try:
            return self._known[source, tuple(values.items())]
        except KeyError:
            held = self._known[source, tuple(values.items())] = bool(self.evaluate(source, values))
            return held
        except TypeError:  # a value that cannot be a key, such as the free fields
            return bool(self.evaluate(source, values))

    def evaluate(self, source: str, names: Mapping[str, Any]) -> Any:
        """The value of the expression with these names. Raises TemplateFault (`bad-expression`)."""
        run = self._compiled.get(source)
        if run is None:
            run = self._compiled[source] = self._compile(source)
        self.sandbox.meter = Meter(MAX_STEPS)
        try:
            return run(names)
        except TemplateFault as fault:
            raise _bad(source, str(fault).replace("the template ", "it ", 1)) from fault
        except Exception as error:
            raise _bad(source, in_our_words(error)) from error

    def _compile(self, source: str) -> Callable[[Mapping[str, Any]], Any]:
        program = _program(source)
        self.sandbox.filters.update(self.sandbox.internal_filters)
        template = Template.from_code(self.sandbox, program, self.sandbox.make_globals(None))

        def run(names: Mapping[str, Any]) -> Any:
            context = template.new_context(dict(names))
            for _ in template.root_render_func(context):
                pass
            return context.vars["result"]

        return run


def _read(source: str) -> nodes.Expr:
    try:
        parser = SourceParser(Sandbox(undefined=Absent), source, state="variable")
        expression = parser.parse_expression()
        if not parser.stream.eos:
            found = parser.stream.current.value
            wrong = "to compare, write == and not =" if found == "=" else f"{found!r} does not belong there"
            raise TemplateSyntaxError(wrong, 1)
        refuse_depth(expression)
    except TemplateSyntaxError as error:
        raise _unreadable(source, error) from error
    except (RecursionError, MemoryError, ValueError, OverflowError) as error:  # the last resort: see `source`
        raise _bad(source, "it is nested too deeply") from error
    return expression


@lru_cache(maxsize=2000)
def parse(source: str) -> nodes.Expr:
    """The syntax tree of `source`, which stays as it is.

    Raises TemplateFault (`bad-expression`).
    """
    return _read(source)


@lru_cache(maxsize=2000)
def _program(source: str) -> CodeType:
    """What an expression compiles to: of its source alone, since every sandbox has the same names.

    Raises TemplateFault (`bad-expression`).
    """
    sandbox = Sandbox(undefined=Absent)
    assign = nodes.Assign(nodes.Name("result", "store"), _read(source), lineno=1)
    tree = nodes.Template([assign], lineno=1)
    tree.set_environment(sandbox)
    try:
        sandbox.prepare(tree)
        return sandbox.compile(tree)
    except TemplateSyntaxError as error:
        raise _unreadable(source, error) from error
    except (RecursionError, MemoryError, SyntaxError, ValueError, OverflowError) as error:
        raise _bad(source, "it is nested too deeply") from error


def old_keys(source: str) -> list[str]:
    """The old names of a contact's keys that an expression uses; none if it cannot be read."""
    try:
        return sorted(_free_names(parse(source)) & OLD_KEYS.keys())
    except TemplateFault:
        return []


def _bad(source: str, reason: str, hint: str = "") -> TemplateFault:
    return TemplateFault(
        "bad-expression",
        f"the expression {short(source)!r} cannot be used: {reason}",
        hint=hint or "Compare a key with a value, texts in quotes: tier == 0 and 'research' in tags",
    )


def short(source: str, most: int = 120) -> str:
    """`source`, or as much of it as stands well in a sentence."""
    return source if len(source) <= most else f"{source[: most - 3]}..."


def _unreadable(source: str, error: TemplateSyntaxError) -> TemplateFault:
    return _bad(source, str(syntax_fault(error)), error.hint if isinstance(error, NotThere) else "")


RECEIVED = "received"
"""The question that only the `to` of a correction may ask: `received('brief', version='1.0')`."""


def selection_fault(expressions: Expressions, source: str, *, corrects: bool = False) -> TemplateFault | None:
    """What is wrong with an expression over a contact's keys, if anything; `corrects`: of a wave that corrects one."""
    more = {RECEIVED: lambda name, version=None: False} if corrects else {}
    try:
        tree = parse(source)
        expressions.evaluate(source, more)
    except TemplateFault as fault:
        return fault
    for name in sorted(_free_names(tree)):
        if name not in READ_KEYS and name not in more:
            near = nearest(name, CONTACT_KEYS)
            return _bad(source, f"a contact has no key {name!r}" + (f"; did you mean {near!r}?" if near else ""))
    return None


def all_nodes(tree: nodes.Expr, kind: type[Any]) -> list[Any]:
    """The nodes of that kind in an expression, the expression itself among them."""
    found = list(tree.find_all(kind))
    return [tree, *found] if isinstance(tree, kind) else found


def _free_names(tree: nodes.Expr) -> frozenset[str]:
    return frozenset(node.name for node in all_nodes(tree, nodes.Name))


def problem_of(expression: Expression, fault: TemplateFault, about: str) -> Problem:
    """A fault of an expression as a Problem at its place in the file."""
    sentence = f"{str(fault)[0].upper()}{str(fault)[1:]}"
    return Problem(
        file=expression.file,
        line=expression.line,
        code=fault.code,
        message=sentence if sentence[-1] in ".?" else f"{sentence}.",
        hint=fault.hint,
        about=about,
    )
