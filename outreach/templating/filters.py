"""The filters and tests of templates and expressions: each metered, none larger than its bounds.

Most are Jinja2's own. Those that could make much out of little, that read dicts, or that take the
square of their input's length, are written again here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any

from jinja2 import filters as jinja_filters
from jinja2 import pass_context, pass_environment
from jinja2 import tests as jinja_tests
from jinja2.filters import _GroupTuple
from jinja2.runtime import Undefined

from outreach.errors import TemplateFault
from outreach.templating.bounds import (
    MAX_OUTPUT,
    MAX_PIECE,
    Meter,
    SizedList,
    counted,
    plus,
    refuse_long_pieces,
    steps_over,
    too_much,
    weight_of,
    width_of,
)
from outreach.templating.values import LANGUAGE, Later, Missing, NotGiven, Record
from outreach.templating.wording import in_our_words, unfit
from outreach.words.encoded import Encoded
from outreach.words.local_format import STYLES, day_in, number_in


def batch(value: Iterable[Any], linecount: Any, fill_with: Any = None) -> SizedList:
    """Rows of `linecount` things each, the last one filled up."""
    rows = jinja_filters.do_batch(value, width_of(linecount, 1), fill_with)
    return SizedList(SizedList(row) for row in rows)


def sliced(value: Iterable[Any], slices: Any, fill_with: Any = None) -> SizedList:
    """`slices` columns of about the same length."""
    columns = jinja_filters.sync_do_slice(list(value), width_of(slices, 1), fill_with)
    return SizedList(SizedList(column) for column in columns)


@pass_environment
def grouped(
    environment: Any, value: Iterable[Any], attribute: Any, default: Any = None, case_sensitive: bool = False
) -> SizedList:
    """Pairs of a value of `attribute` and the things that have it, sorted by that value."""
    groups = jinja_filters.sync_do_groupby(environment, value, attribute, default, case_sensitive)
    return SizedList(_GroupTuple(key, SizedList(things)) for key, things in groups)


def items(value: Any) -> SizedList:
    """The names of a group of values with the values: `facts|items`, `contact.fields|items`."""
    return SizedList(_pairs(value))


def dictsort(value: Any, case_sensitive: bool = False, by: str = "key", reverse: bool = False) -> SizedList:
    """The same as `items`, sorted by name (`key`) or by `value`."""
    if by not in ("key", "value"):
        unfit("a group of values can be sorted by 'key' or by 'value' only")
    pairs = dict(_pairs(value))
    return SizedList(jinja_filters.do_dictsort(pairs, case_sensitive, by, reverse))  # type: ignore[arg-type]


def _pairs(value: Any) -> Iterable[tuple[Any, Any]]:
    if not isinstance(value, (Record, Undefined)):
        unfit("only a group of values has names, such as facts or contact.fields")
    if isinstance(value, Missing) and not isinstance(value, NotGiven):
        value.refuse()
    # What is undefined is a key of the format that was not given, or in an expression any that is not there.
    return value.data.items() if isinstance(value, Record) else ()


@pass_environment
def joined(environment: Any, value: Any, d: Any = "", attribute: Any = None) -> str:
    """The things of a list, or their `attribute`, as one text with `d` between them."""
    meter: Meter = environment.meter
    if attribute is not None:
        value = map(jinja_filters.make_attrgetter(environment, attribute), value)
    texts = []
    for thing in value:
        meter.step(weight_of(thing))
        texts.append(str(thing))
        meter.charge(len(texts[-1]))
    meter.charge(len(texts) * len(str(d)))
    return str(d).join(texts)


@pass_environment
def summed(environment: Any, value: Any, attribute: Any = None, start: Any = 0) -> Any:
    """The things of a list, or their `attribute`, added to `start`."""
    if attribute is not None:
        value = map(jinja_filters.make_attrgetter(environment, attribute), value)
    for thing in value:
        start = plus(environment.meter, start, thing)
    return start


MAX_PRECISION = 15
LARGEST_WRITTEN = 10**15
_PLAIN_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")

ALLOWED_FILTERS = (
    "abs batch capitalize count d default dictsort e escape filesizeformat first float groupby indent int items "
    "join last length list lower map max min reject rejectattr replace reverse round select selectattr slice sort "
    "string striptags sum title trim truncate unique upper urlencode wordcount wordwrap"
).split()

ALLOWED_TESTS = (
    "boolean defined divisibleby eq equalto even false float ge gt in integer iterable le lower lt "
    "mapping ne none number odd sameas sequence string true undefined upper == != < <= > >= greaterthan "
    "lessthan"
).split()


def at_least(value: Any, step: Any = 50) -> Any:
    """The largest multiple of `step` not above `value`, with a plus: 153 -> "150+"."""
    number, step = int(value), int(step)
    if step <= 0:
        unfit("at_least needs a step above zero")
    return f"{number - number % step}+" if number >= step else str(number)


@pass_context
def day_written(context: Any, value: Any, style: Any = "long") -> str:
    """A day such as 2026-01-13 in the language of the text: "13 January 2026"."""
    if style not in STYLES:
        unfit(f"the filter `date` knows {', '.join(STYLES)}")
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        unfit("the filter `date` needs a day such as 2026-01-13")
    return day_in(context.get(LANGUAGE, "en"), day, style)


@pass_context
def number_written(context: Any, value: Any) -> str:
    """A number in the language of the text: "200.000" in German."""
    if isinstance(value, str) and _PLAIN_NUMBER.fullmatch(value.strip()):
        value = float(value) if "." in value else int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > LARGEST_WRITTEN:
        unfit("the filter `number` needs a number below a quadrillion")
    return number_in(context.get(LANGUAGE, "en"), value)


def escaped(value: Any) -> Any:
    """`value` itself: values are escaped anyway, where and as their place wants it."""
    return value


def url_encoded(value: Any) -> Encoded:
    """`value` percent-encoded, once, wherever it comes to stand."""
    return Encoded(jinja_filters.do_urlencode(value.data if isinstance(value, Record) else value))


def indented(value: Any, width: Any = 4, first: bool = False, blank: bool = False) -> str:
    """Every line but the first moved to the right by `width` spaces, or by a text."""
    before = width if isinstance(width, str) else " " * width_of(width, 0)
    lines = str(value).splitlines()
    _refuse_large(len(lines) * width_of(len(before), 0))
    return "\n".join(
        before + line if (first or number) and (line or blank) else line for number, line in enumerate(lines)
    )


def without_tags(value: Any) -> str:
    """The text without what is between `<` and `>`, runs of spaces made one."""
    text, kept, position = str(value), [], 0
    while (start := text.find("<", position)) >= 0:
        closing = "-->" if text.startswith("<!--", start) else ">"
        end = text.find(closing, start)
        if end < 0:
            break
        kept.append(text[position:start])
        position = end + len(closing)
    kept.append(text[position:])
    return html.unescape(" ".join("".join(kept).split()))


def wrapped(value: Any, width: Any = 79, break_long_words: bool = True, wrapstring: Any = "\n") -> str:
    """Lines of at most `width` characters, joined by `wrapstring`; lines that are there stay apart."""
    width = width_of(width, 1)
    lines = [part for line in str(value).splitlines() for part in _wrapped(line, width, break_long_words)]
    _refuse_large(len(lines) * len(str(wrapstring)))
    return str(wrapstring).join(lines)


def _wrapped(line: str, width: int, break_long_words: bool) -> Iterator[str]:
    row = ""
    for word in line.split():
        if row and len(row) + 1 + len(word) <= width:
            row += f" {word}"
            continue
        if row:
            yield row
        whole = len(word) // width * width if break_long_words and len(word) > width else 0
        yield from (word[start : start + width] for start in range(0, whole, width))
        row = word[whole:]
    if row or not line.strip():
        yield row


@pass_environment
def replaced(environment: Any, value: Any, old: Any, new: Any, count: Any = None) -> str:
    """The text with `new` in the place of each `old`, or of the first `count` of them."""
    text, old, new = str(value), str(old), str(new)
    times = text.count(old)
    if count is not None and not isinstance(count, int):
        unfit("a whole number of replacements is needed here")
    environment.meter.charge((times if count is None or count < 0 else min(times, count)) * len(new))
    return text.replace(old, new, -1 if count is None else count)


def rounded(value: Any, precision: Any = 0, method: Any = "common") -> Any:
    """The number with `precision` places after the point."""
    if not isinstance(precision, int) or abs(precision) > MAX_PRECISION:
        too_much("rounds to an impossible precision")
    return jinja_filters.do_round(value, precision, method)


def trimmed(value: Any, chars: Any = None) -> str:
    """The text without white space, or `chars`, at its ends."""
    refuse_long_pieces([chars])
    return jinja_filters.do_trim(value, chars)


def _refuse_large(characters: int) -> None:
    if characters > MAX_OUTPUT:
        too_much(f"produces more than {MAX_OUTPUT:,} characters")


_OWN: dict[str, Callable[..., Any]] = {
    "at_least": at_least,
    "batch": batch,
    "date": day_written,
    "dictsort": dictsort,
    "e": escaped,
    "escape": escaped,
    "groupby": grouped,
    "indent": indented,
    "items": items,
    "join": joined,
    "number": number_written,
    "replace": replaced,
    "round": rounded,
    "slice": sliced,
    "striptags": without_tags,
    "sum": summed,
    "trim": trimmed,
    "urlencode": url_encoded,
    "wordwrap": wrapped,
}
_ATTRIBUTES = {"groupby": 0, "join": 1, "max": 1, "min": 1, "rejectattr": 0, "selectattr": 0, "sort": 2, "sum": 0}
_ATTRIBUTES |= {"map": 99, "unique": 1}
"""The place of the argument that is called `attribute`; of `map` it is nowhere but by its name."""


@cache
def bounded_filters() -> dict[str, Callable[..., Any]]:
    """The filters of a template by name, each metered by the meter of its environment: one set serves them all."""
    library: dict[str, Any] = dict(jinja_filters.FILTERS)
    functions = {**{name: library[name] for name in ALLOWED_FILTERS}, **_OWN}
    return {name: _metered(name, function) for name, function in functions.items()}


def _metered(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    passes = getattr(function, "jinja_pass_arg", None)

    def call(place: Any, /, *everything: Any, **named: Any) -> Any:
        meter: Meter = getattr(place, "environment", place).meter  # a context knows its environment
        value, arguments = everything[0], everything[1:]
        if isinstance(value, Later) and name not in ("d", "default"):
            return value
        meter.step(sum(map(weight_of, (value, *arguments, *named.values()))))
        if name not in _TAKES_ANYTHING:
            _refuse_nothing(value, name)
        if name in _LISTED:
            value = list(value) if isinstance(value, Iterable) else value
            _refuse_nothing(value, name)
            everything = (value, *arguments)
        _refuse_hidden(name, arguments, named)
        try:
            result = function(place, *everything, **named) if passes else function(*everything, **named)
        except (TemplateFault, RecursionError, MemoryError):
            raise
        except Exception as error:
            unfit(f"the filter `{name}` cannot be used so: {in_our_words(error)}")
        return steps_over(meter, result, 0) if isinstance(result, Iterator) else counted(meter, result)

    call.__name__ = name
    if not passes:
        return pass_environment(call)
    call.jinja_pass_arg = passes  # type: ignore[attr-defined]
    return call


def _refuse_hidden(name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    """Refuse what a filter would do out of sight: a path of many attributes, a filter of our own."""
    at = _ATTRIBUTES.get(name)
    if at is None:
        return
    attribute = named.get("attribute", arguments[at] if len(arguments) > at else None)
    if isinstance(attribute, str) and len(attribute) > MAX_PIECE:
        too_much(f"names an attribute of more than {MAX_PIECE} characters")
    if any(isinstance(each, str) and each.startswith("_") for each in arguments[:2]):
        unfit(f"the filter `{name}` cannot be used for names that begin with an underscore")


_TAKES_ANYTHING = ("d", "default", "list", "first", "last", "length", "count")
_LISTED = ("join", "sum")


def _refuse_nothing(value: Any, name: str) -> None:
    """Neither nothing nor what only Python knows becomes a text: not "None", not "<built-in method>"."""
    for each in value if isinstance(value, (list, tuple)) else (value,):
        if each is None:
            unfit(f"the filter `{name}` gets an empty value")
        if callable(each) and not isinstance(each, (Undefined, Later)):
            unfit(f"the filter `{name}` gets something that is not a value; did you forget `()`?")


@cache
def allowed_tests() -> dict[str, Callable[..., Any]]:
    """The tests (`is defined`) of a template by name, each metered by the meter of its environment."""
    library: dict[str, Any] = dict(jinja_tests.TESTS)
    return {name: _metered_test(library[name]) for name in ALLOWED_TESTS}


def _metered_test(function: Callable[..., Any]) -> Callable[..., Any]:
    @pass_environment
    def call(environment: Any, /, *given: Any, **named: Any) -> Any:
        environment.meter.step(sum(map(weight_of, (*given, *named.values()))))
        return function(*given, **named)

    return call
