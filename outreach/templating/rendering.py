"""One template turned into a skeleton and its values, with every fault at its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice
from types import CodeType
from typing import Any

from jinja2 import Template as JinjaTemplate
from jinja2 import TemplateSyntaxError
from jinja2.exceptions import SecurityError, UndefinedError

from outreach.errors import TemplateFault
from outreach.model.records import dataclass
from outreach.templating.bounds import Meter, too_much
from outreach.templating.environment import Sandbox, Written, expand
from outreach.templating.instrument import NotThere
from outreach.templating.values import Missing
from outreach.templating.wording import in_our_words

MAX_SOURCE = 50_000
_LONGEST_SENTENCE = 300
_AT_ONCE = 100
"""Pieces of output that are counted together, since most letters have fewer. None is longer than its template."""
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A skeleton, the values of its tokens, and the values that can only come later: path -> line (from 1)."""

    skeleton: str
    values: list[Written]
    later: dict[str, int]

    def plain(self) -> str:
        """The text with its values in it."""
        return expand(self.skeleton, self.values)


class Renderer:
    """Compiles template sources once and renders them as often as asked. Not thread-safe."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(undefined=Missing)
        self._compiled: dict[str, JinjaTemplate] = {}

    def will_come(self, path: str) -> None:
        """To be told to a Scope: notes in the running render that a value can only come later."""
        self.sandbox.meter.will_come(path)

    def compile(self, source: str) -> JinjaTemplate:
        """The compiled template.

        Raises TemplateFault (`template-syntax`) with the line of `source`.
        """
        found = self._compiled.get(source)
        if found is None:
            found = self._compiled[source] = _compile(self.sandbox, source)
        return found

    def render(self, source: str, scope: Mapping[str, Any]) -> Rendered:
        """`source` rendered with the names in `scope`.

        Raises TemplateFault: syntax, missing or empty values, a bound, or what went wrong inside.
        """
        template = self.compile(source)
        meter = self.sandbox.meter = Meter()
        try:
            pieces: list[str] = []
            # With `shared`, Jinja2 does not copy the names once more.
            context = template.new_context({**template.globals, **scope}, shared=True)
            writing = template.root_render_func(context)
            while some := list(islice(writing, _AT_ONCE)):
                meter.charge(sum(map(len, some)))
                pieces += some
        except Exception as error:
            raise _translated(error, template) from error
        later = {path: line or _line_naming(source, path) for path, line in meter.later.items()}
        return Rendered("".join(pieces), meter.values, later)


def _line_naming(source: str, path: str) -> int:
    """The line of `source` that names all parts of `path`, such as an `if` over it; 1 where none does."""
    parts = [re.compile(rf"(?<![\w-]){re.escape(part)}(?![\w-])") for part in path.split(".")]
    lines = enumerate(source.split("\n"), start=1)
    found = [(number, line) for number, line in lines if all(part.search(line) for part in parts)]
    inside = [number for number, line in found if "{%" in line or "{{" in line]
    return next(iter([*inside, *(number for number, _ in found)]), 1)


def _compile(sandbox: Sandbox, source: str) -> JinjaTemplate:
    for number, text in enumerate(source.split("\n"), start=1):
        if not text.isascii() and _PRIVATE_USE.search(text):
            raise TemplateFault(
                "unsafe-text",
                "the template holds a character for private use, which no reader can see",
                hint="Write the line again in plain characters.",
                line=number,
            )
    if len(source) > MAX_SOURCE:
        raise TemplateFault(
            "template-bound",
            f"the template is longer than {MAX_SOURCE:,} characters",
            hint="A letter has a few thousand; attach a file, or link to one, for more.",
        )
    try:
        program = _program(source)
        sandbox.filters.update(sandbox.internal_filters)
        # A plain dict: each render copies it, and Jinja2's own map of maps takes ten times as long.
        return JinjaTemplate.from_code(sandbox, program, dict(sandbox.globals))
    except TemplateSyntaxError as error:
        raise syntax_fault(error) from error
    except (RecursionError, MemoryError, SyntaxError, OverflowError, ValueError) as error:
        raise TemplateFault(
            "template-syntax", "the template is nested too deeply to be read", hint="Take it apart."
        ) from error


@lru_cache(maxsize=500)
def _program(source: str) -> CodeType:
    """What a template compiles to: of its source alone, since every sandbox has the same names."""
    return Sandbox(undefined=Missing).compile(source)


def syntax_fault(error: TemplateSyntaxError) -> TemplateFault:
    """Jinja2's own sentence, made one of ours."""
    sentence = (error.message or "it cannot be read").rstrip(".").replace("'end of template'", "end")
    if len(sentence) > _LONGEST_SENTENCE:  # it quotes a text or a name that never ends
        sentence = f"{sentence[:_LONGEST_SENTENCE]}..."
    return TemplateFault(
        "template-syntax",
        sentence[0].lower() + sentence[1:],
        hint=error.hint
        if isinstance(error, NotThere)
        else "A placeholder is written {{ contact.name }}, a condition {% if ... %} ... {% endif %}.",
        line=error.lineno or 0,
    )


def _translated(error: Exception, template: JinjaTemplate) -> TemplateFault:
    line = _line_of(error, template)
    if isinstance(error, TemplateFault):
        error.line = error.line or line
        return error
    if isinstance(error, (RecursionError, MemoryError)):
        try:
            too_much("calls itself without end")
        except TemplateFault as fault:
            fault.line = line
            return fault
    if isinstance(error, SecurityError):
        sentence = "the template uses something that does not exist here"
    elif isinstance(error, UndefinedError):
        return TemplateFault("missing-variable", (error.message or "a value is missing").rstrip("."), line=line)
    else:
        sentence = f"the template fails here: {in_our_words(error)}"
    return TemplateFault("template-failed", sentence, hint="See: outreach help templates", line=line)


def _line_of(error: BaseException, template: JinjaTemplate) -> int:
    """The template line that raised, from the traceback; 0 if no frame of it is there."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals.get("__jinja_template__") is template:
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line
