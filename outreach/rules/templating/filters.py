"""The filters and tests of templates and expressions: each metered, none larger than its bounds.

Most are Jinja2's own. Those that could make much out of little, that read dicts, or that take the
square of their input's length, are written anew here.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from jinja2 import filters as jinja_filters
from jinja2 import pass_environment
from jinja2 import tests as jinja_tests
from jinja2.filters import _GroupTuple
from jinja2.runtime import Undefined

from outreach.errors import TemplateFault
from outreach.rules.encoded import Encoded
from outreach.rules.templating.bounds import MAX_OUTPUT, Meter, SizedList, size_of, steps_over, too_much, weight_of
from outreach.rules.templating.values import Later, Missing, NotGiven, Record
from outreach.rules.templating.wording import in_our_words, unfit

MAX_PRECISION = 15
MAX_WIDTH = 1000
"""Characters in a line, things in a row, rows: more than any letter has."""

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


def escaped(value: Any) -> Any:
    """`value` itself: values are escaped anyway, where and as their place wants it."""
    return value


def url_encoded(value: Any) -> Encoded:
    """`value` percent-encoded, once, wherever it comes to stand."""
    return Encoded(jinja_filters.do_urlencode(value.data if isinstance(value, Record) else value))


def batch(value: Iterable[Any], linecount: Any, fill_with: Any = None) -> SizedList:
    """Rows of `linecount` things each, the last one filled up."""
    rows = jinja_filters.do_batch(value, _width(linecount, 1), fill_with)
    return SizedList(SizedList(row) for row in rows)


def sliced(value: Iterable[Any], slices: Any, fill_with: Any = None) -> SizedList:
    """`slices` columns of about the same length."""
    columns = jinja_filters.sync_do_slice(list(value), _width(slices, 1), fill_with)
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


def indented(value: Any, width: Any = 4, first: bool = False, blank: bool = False) -> str:
    """Every line but the first moved to the right by `width` spaces, or by a text."""
    before = width if isinstance(width, str) else " " * _width(width, 0)
    lines = str(value).splitlines()
    _refuse_large(len(lines) * _width(len(before), 0))
    return "\n".join(
        before + line if (first or number) and (line or blank) else line for number, line in enumerate(lines)
    )


def without_tags(value: Any) -> str:
    """The text without what stands between `<` and `>`, runs of spaces made one."""
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
    width = _width(width, 1)
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


def _width(value: Any, lowest: int) -> int:
    if isinstance(value, Missing):
        value.refuse()
    if not isinstance(value, int) or value < lowest:
        unfit(f"a whole number from {lowest} to {MAX_WIDTH:,} is needed here")
    if value > MAX_WIDTH:
        too_much(f"asks for a width or number above {MAX_WIDTH:,}")
    return value


def _refuse_large(characters: int) -> None:
    if characters > MAX_OUTPUT:
        too_much(f"produces more than {MAX_OUTPUT:,} characters")


_OWN: dict[str, Callable[..., Any]] = {
    "at_least": at_least,
    "batch": batch,
    "dictsort": dictsort,
    "e": escaped,
    "escape": escaped,
    "groupby": grouped,
    "indent": indented,
    "items": items,
    "slice": sliced,
    "striptags": without_tags,
    "urlencode": url_encoded,
    "wordwrap": wrapped,
}


def bounded_filters(meter_of: Callable[[], Meter]) -> dict[str, Callable[..., Any]]:
    """The filters of a template by name, each metered by the meter of the running render."""
    library: dict[str, Any] = dict(jinja_filters.FILTERS)
    functions = {**{name: library[name] for name in ALLOWED_FILTERS}, **_OWN}
    return {name: _metered(name, function, meter_of) for name, function in functions.items()}


def _metered(name: str, function: Callable[..., Any], meter_of: Callable[[], Meter]) -> Callable[..., Any]:
    passes = getattr(function, "jinja_pass_arg", None)

    def call(*everything: Any, **named: Any) -> Any:
        meter = meter_of()
        first = 1 if passes else 0
        value, arguments = everything[first], everything[first + 1 :]
        if isinstance(value, Later) and name not in ("d", "default"):
            return value
        meter.step(sum(map(weight_of, (value, *arguments))))
        if name not in _TAKES_ANYTHING:
            _refuse_nothing(value, name)
        if name == "join":
            value = list(value) if isinstance(value, Iterable) else value
            _refuse_nothing(value, name)
            everything = (*everything[:first], value, *arguments)
        _before(meter, name, value, arguments, named)
        try:
            result = function(*everything, **named)
        except (TemplateFault, RecursionError, MemoryError):
            raise
        except Exception as error:
            unfit(f"the filter `{name}` cannot be used so: {in_our_words(error)}")
        if isinstance(result, str):
            meter.charge(len(result))
        elif isinstance(result, Iterator):
            return steps_over(meter, result, 0)
        elif type(result) is list:
            return SizedList(result)
        return result

    call.__name__ = name
    if passes:
        call.jinja_pass_arg = passes  # type: ignore[attr-defined]
    return call


_TAKES_ANYTHING = ("d", "default", "list", "first", "last", "length", "count")


def _refuse_nothing(value: Any, name: str) -> None:
    """Neither nothing nor what only Python knows becomes a text: not "None", not "<built-in method>"."""
    for each in value if isinstance(value, (list, tuple)) else (value,):
        if each is None:
            unfit(f"the filter `{name}` gets an empty value")
        if callable(each) and not isinstance(each, (Undefined, Later)):
            unfit(f"the filter `{name}` gets something that is no value; was `()` forgotten?")


def _before(meter: Meter, name: str, value: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    """Refuse the few filters whose output can be far larger than their input, before they run."""
    if name == "replace" and len(arguments) >= 2:
        old, new = str(arguments[0]), str(arguments[1])
        meter.charge((str(value).count(old) + 1) * len(new))
    elif name == "join":
        separator = str(arguments[0] if arguments else named.get("d", ""))
        meter.charge(size_of(value) * len(separator))
    elif name == "round":
        precision = arguments[0] if arguments else named.get("precision", 0)
        if not isinstance(precision, int) or abs(precision) > MAX_PRECISION:
            too_much("rounds to an impossible precision")


def allowed_tests() -> dict[str, Callable[..., Any]]:
    """The tests (`is defined`) of a template by name."""
    library: dict[str, Any] = dict(jinja_tests.TESTS)
    return {name: library[name] for name in ALLOWED_TESTS}
