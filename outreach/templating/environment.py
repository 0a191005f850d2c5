"""The sandbox: Jinja2 with metered steps, plain data, and values kept apart from the text.

Every `{{ ... }}` goes through the filter `_value`, which writes a *token* in its place and keeps
the value. What comes out is a skeleton: the template's own words with tokens. It is turned from
Markdown into text and HTML once, and the values are joined in afterwards, raw or escaped, so that
no value can ever be read as Markdown, HTML or template source.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import nodes, pass_context
from jinja2.lexer import TokenStream
from jinja2.runtime import LoopContext, Macro, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace as JinjaNamespace

from outreach.errors import TemplateFault
from outreach.templating import bounds, filters
from outreach.templating.instrument import Instrument, refuse
from outreach.templating.source import SourceParser, refuse_depth, refuse_tangles
from outreach.templating.values import Absent, Later, Missing, NotGiven, Record
from outreach.templating.wording import unfit
from outreach.words.encoded import Encoded

_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")
TOKEN_START, TOKEN_END = "\ue000", "\ue001"
TOKEN_BASE = 0xE100
MAX_VALUES = 0x1700


class Captured(str):
    """What a macro or `{% set %}` block produced: its plain text, and the skeleton behind it.

    Written out untouched it is template text, Markdown and all; anything done to it is done to
    the plain text, with the values in it.
    """

    skeleton: str


class Namespace(JinjaNamespace):
    """What `namespace()` makes. It is never written out: one that holds itself twice, sixty times over, has no end."""

    def __repr__(self) -> str:
        unfit("a namespace cannot be written into a sentence")


class Written:
    """One value written by a template."""

    __slots__ = ("from_contact", "line", "path", "text")

    def __init__(self, text: str, path: str, line: int, from_contact: bool) -> None:
        self.text = text
        self.path = path
        self.line = line
        self.from_contact = from_contact


@cache
def token(number: int) -> str:
    """The three characters that stand for value `number` in a skeleton."""
    return f"{TOKEN_START}{chr(TOKEN_BASE + number)}{TOKEN_END}"


def expand(skeleton: str, values: list[Written]) -> str:
    """`skeleton` with every token replaced by its value's plain text."""
    if TOKEN_START not in skeleton:
        return skeleton
    head, *rest = skeleton.split(TOKEN_START)
    return head + "".join(values[ord(piece[0]) - TOKEN_BASE].text + piece[2:] for piece in rest)


class Sandbox(ImmutableSandboxedEnvironment):
    """One environment for templates (`markdown`: values become tokens) or expressions."""

    intercepted_binops = frozenset(bounds.OPERATORS)
    meter: bounds.Meter

    def __init__(self, undefined: type[Undefined]) -> None:
        super().__init__(undefined=undefined, keep_trailing_newline=True, optimized=False, cache_size=0)
        self.meter = bounds.Meter()
        self.filters.clear()
        self.filters.update(filters.bounded_filters())
        self.tests.clear()
        self.tests.update(filters.allowed_tests())
        self.globals = {"range": bounds.bounded_range, "namespace": Namespace}
        self.internal_filters: dict[str, Any] = {
            "_value": self._value,
            "_steps": self._steps,
            "_captured": self._captured,
            "_joined": self._joined,
            "_sized": self._sized,
            "_sized_tuple": self._sized_tuple,
            "_sliced": self._sliced,
            "_weighed": self._weighed,
        }

    # -- compiling -------------------------------------------------------------------------

    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        refuse_tangles(self.lexer.tokeniter(source, name, filename, state))
        return super()._tokenize(source, name, filename, state)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = SourceParser(self, source, name, filename).parse()
        self.prepare(tree)
        return tree

    def prepare(self, tree: nodes.Node) -> None:
        """Refuse what templates do not have, then meter what they do.

        Raises TemplateSyntaxError with its line.
        """
        refuse_depth(tree)
        refuse(tree, set(self.filters) - set(self.internal_filters), set(self.tests))
        self.filters.update(self.internal_filters)
        Instrument().visit(tree)

    # -- running ---------------------------------------------------------------------------

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Record):
            value = obj.lookup(attribute)
            return self._looked_up(value) if isinstance(value, Missing) else value
        if isinstance(obj, Later):
            return obj.child(attribute)
        if isinstance(obj, Missing):
            obj.refuse()
        if isinstance(obj, Absent):
            return obj
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Record):
            value = obj.lookup(argument)
            return self._looked_up(value) if isinstance(value, Missing) else value
        if isinstance(obj, Later):
            return obj.child(argument)
        if isinstance(obj, Missing):
            obj.refuse()
        if isinstance(obj, Absent):
            return obj
        return super().getitem(obj, argument)

    def _looked_up(self, value: Missing) -> Undefined:
        return Absent(name=value.path) if issubclass(self.undefined, Absent) else value

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        for kind, names in bounds.ALLOWED_METHODS.items():
            if isinstance(obj, kind):
                return attr in names
        return isinstance(obj, (LoopContext, Namespace)) and not attr.startswith("_")

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        raise TemplateFault(
            "template-failed",
            f"`{attribute}` cannot be asked of {_called(obj)}",
            hint="The filters and methods there are: outreach help format",
        )

    def wrap_str_format(self, value: Any) -> None:
        """Formatting can ask for any width, so `.format` is not there."""
        name = getattr(value, "__name__", "")
        if name in ("format", "format_map") and isinstance(getattr(value, "__self__", None), str):
            self.unsafe_undefined("", name)

    def call(self, context: Any, function: Any, *arguments: Any, **named: Any) -> Any:
        of = getattr(function, "__self__", None)
        self.meter.step(sum(map(bounds.weight_of, (of, *arguments, *named.values()))))
        if isinstance(of, str):
            bounds.refuse_long_pieces((*arguments, *named.values()))
        result = super().call(context, function, *arguments, **named)
        if isinstance(function, Macro):
            return self._captured(context, result)
        return bounds.counted(self.meter, result)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        self.meter.step()
        if isinstance(left, (Later, Undefined)) or isinstance(right, (Later, Undefined)):
            return self.binop_table[operator](left, right)
        return bounds.whole(bounds.OPERATORS[operator](self.meter, bounds.whole(left), bounds.whole(right)))

    # -- the filters that `Instrument` puts in --------------------------------------------

    @pass_context
    def _value(self, context: Any, value: Any, path: str, line: int, plain: bool, from_contact: bool) -> str:
        meter = self.meter
        meter.step()
        if type(value) is str and value.isascii():  # as most are; `_text_of` would say the same
            text = value.rstrip("\n")
        elif isinstance(value, Captured):
            meter.charge(len(value))
            return value.skeleton
        else:
            text = self._text_of(value, path, line)
        if plain and not text.strip():
            raise _empty(path, line)
        if not text:
            return ""
        meter.charge(len(text))
        number = len(meter.values)
        if number >= MAX_VALUES:
            bounds.too_much(f"writes more than {MAX_VALUES:,} values")
        meter.values.append(Written(text, path, line, from_contact))
        return token(number)

    def _text_of(self, value: Any, path: str, line: int) -> str:
        if isinstance(value, Encoded):
            return value  # so that a link around it does not encode it again
        if isinstance(value, str):
            _refuse_private_use(value, path, line)
            return str(value).rstrip("\n")  # a YAML block ends with a line break that nobody meant
        if value is None:
            raise _empty(path, line)
        if isinstance(value, (bool, int, float)):
            return str(value)
        if isinstance(value, Later):
            self.meter.will_come(value.path, line)
            return str(value)
        if isinstance(value, Missing):
            value.refuse()
        if isinstance(value, Undefined):  # {{ 'x' if condition }} where the condition does not hold
            return ""
        kind = "a list" if isinstance(value, (list, tuple)) else "not a text"
        raise TemplateFault(
            "template-failed",
            f"{path} is {kind}, so it cannot be written into a sentence",
            hint="Join a list with {{ ...|join(', ') }}, or name one value of it.",
            line=line,
        )

    @pass_context
    def _steps(self, context: Any, items: Any, characters: int) -> Any:
        if isinstance(items, Missing) and not isinstance(items, NotGiven):
            items.refuse()
        if isinstance(items, (str, Record)):
            unfit("a loop needs a list")
        if isinstance(items, NotGiven):
            return ()
        return bounds.steps_over(self.meter, items, characters)

    @pass_context
    def _captured(self, context: Any, skeleton: Any) -> Captured:
        self.meter.charge(len(skeleton))
        captured = Captured(expand(skeleton, self.meter.values))
        captured.skeleton = str(skeleton)
        return captured

    @pass_context
    def _sized(self, context: Any, items: Any) -> bounds.SizedList:
        self.meter.step(len(items))
        return bounds.SizedList(items)

    @pass_context
    def _sized_tuple(self, context: Any, items: Any) -> bounds.SizedTuple:
        self.meter.step(len(items))
        return bounds.SizedTuple(items)

    @pass_context
    def _weighed(self, context: Any, value: Any) -> Any:
        """`value` about to be compared or looked into: that costs what reading it costs."""
        self.meter.step(bounds.weight_of(value))
        return value

    @pass_context
    def _sliced(self, context: Any, value: Any, start: Any, stop: Any, step: Any) -> Any:
        if not isinstance(value, (str, list, tuple, range)):
            unfit("only a text or a list can be cut into pieces")
        return bounds.counted(self.meter, value[start:stop:step])

    @pass_context
    def _joined(self, context: Any, pieces: Any) -> str:
        texts = [self._text_of(piece, "part of this expression", 0) for piece in pieces]
        self.meter.charge(sum(map(len, texts)))
        return "".join(texts)


def _refuse_private_use(text: str, path: str, line: int) -> None:
    """Characters without a meaning of their own are what stands for values here."""
    if not text.isascii() and _PRIVATE_USE.search(text):
        raise TemplateFault(
            "unsafe-text",
            f"`{path}` holds a character for private use, which no reader can see",
            hint="Write it again in plain characters.",
            line=line,
        )


def _empty(path: str, line: int) -> TemplateFault:
    hint = f"Give {path} a value, or write {{% if {path} %}} ... {{% endif %}} around it."
    if " " in path:
        hint = "If it may be missing, write: {% if ... %} ... {% endif %}."
    return TemplateFault("empty-variable", f"`{path}` is empty", hint=hint, line=line, variable=path)


def _called(value: Any) -> str:
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, (list, tuple)) else "this value"
