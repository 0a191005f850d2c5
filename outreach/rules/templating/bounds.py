"""What a template may cost: steps, output, sizes of values. A runaway template is one error.

Only the filters, tests and methods listed here exist in a template, each with a cost that is
bounded by the sizes of what goes in and what comes out; everything that can repeat (loops, calls,
filters, operators) is metered. So a render ends within a second whatever the template says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

from jinja2 import filters as jinja_filters
from jinja2 import tests as jinja_tests

from outreach.errors import TemplateFault
from outreach.rules.templating.values import Later

MAX_STEPS = 50_000
MAX_OUTPUT = 200_000
MAX_RANGE = 10_000
MAX_INTEGER_BITS = 256
MAX_PRECISION = 15

ALLOWED_FILTERS = (
    "abs capitalize count d default first float int join last length list lower map max min reject "
    "rejectattr replace reverse round select selectattr sort string sum title trim truncate unique upper "
    "urlencode wordcount"
).split()

ALLOWED_TESTS = (
    "boolean defined divisibleby eq equalto even false float ge gt in integer iterable le lower lt "
    "mapping ne none number odd sameas sequence string true undefined upper == != < <= > >= greaterthan "
    "lessthan"
).split()

ALLOWED_METHODS: dict[type, frozenset[str]] = {
    str: frozenset(
        "casefold capitalize count endswith find isalpha isdigit islower isupper lower lstrip partition "
        "removeprefix removesuffix rpartition rstrip split splitlines startswith strip swapcase title upper".split()
    ),
    tuple: frozenset({"count", "index"}),
    list: frozenset({"count", "index"}),
}


def too_much(what: str) -> NoReturn:
    """Raise the one fault of a template that costs too much."""
    raise TemplateFault(
        "template-bound",
        f"the template {what}",
        hint="A letter needs a few hundred steps; look for a loop, range or repetition that is too large.",
    )


class Meter:
    """Counts one render: steps taken, characters produced, values written, values still to come."""

    __slots__ = ("later", "output", "steps", "values")

    def __init__(self) -> None:
        self.steps = 0
        self.output = 0
        self.values: list[Any] = []
        self.later: dict[str, int] = {}

    def step(self, cost: int = 1) -> None:
        self.steps += cost
        if self.steps > MAX_STEPS:
            too_much(f"takes more than {MAX_STEPS:,} steps")

    def charge(self, characters: int) -> None:
        self.output += characters
        if self.output > MAX_OUTPUT:
            too_much(f"produces more than {MAX_OUTPUT:,} characters")

    def will_come(self, path: str, line: int = 0) -> None:
        """Note that a value which can only come later was used, on `line` where it was written out."""
        self.later[path] = line or self.later.get(path, 0)


def size_of(value: Any) -> int:
    """Roughly how much there is of `value`: characters, items, or nothing."""
    return len(value) if isinstance(value, (str, list, tuple)) else 0


class SizedList(list[Any]):
    """A list written in a template. It knows how much is in it, lists in lists included, because
    a list of itself twice, sixty times over, is small to make and endless to read."""

    def __init__(self, items: Iterable[Any]) -> None:
        super().__init__(items)
        self.total = sum(map(_total, self))
        if self.total > MAX_RANGE:
            too_much(f"makes a list of more than {MAX_RANGE:,} things")


def _total(value: Any) -> int:
    if isinstance(value, SizedList):
        return 1 + value.total
    return 1 + sum(map(_total, value)) if isinstance(value, (list, tuple)) else 1


def bounded_range(*numbers: int) -> range:
    """`range` as templates have it: at most 10,000 numbers."""
    numbers_of = range(*numbers)
    if len(numbers_of) > MAX_RANGE:
        too_much(f"asks for a range of more than {MAX_RANGE:,} numbers")
    return numbers_of


def steps_over(meter: Meter, items: Iterable[Any], characters: int) -> Iterator[Any]:
    """`items`, each costing a step and the `characters` its loop body writes."""
    for item in items:
        meter.step()
        meter.charge(characters)
        yield item


def power(meter: Meter, left: Any, right: Any) -> Any:
    """`left ** right` for small numbers only."""
    if not isinstance(left, (int, float)) or not isinstance(right, (int, float)):
        raise TypeError("only numbers can be raised to a power")
    whole = isinstance(left, int) and isinstance(right, int)
    if whole and right > 0 and int(left).bit_length() * right > MAX_INTEGER_BITS:
        too_much("raises a number to a power that is too large")
    return left**right


def times(meter: Meter, left: Any, right: Any) -> Any:
    """`left * right`: numbers, or a text repeated a reasonable number of times."""
    for text, number in ((left, right), (right, left)):
        if isinstance(text, (str, list, tuple)) and isinstance(number, int):
            meter.charge(len(text) * max(number, 0))
    whole = isinstance(left, int) and isinstance(right, int)
    if whole and left.bit_length() + right.bit_length() > MAX_INTEGER_BITS:
        too_much("multiplies numbers that are too large")
    return left * right


def plus(meter: Meter, left: Any, right: Any) -> Any:
    """`left + right`, with the size of a joined text or list counted."""
    meter.charge(size_of(left) + size_of(right))
    return left + right


def remainder(meter: Meter, left: Any, right: Any) -> Any:
    """`left % right` for numbers; formatting by `%` can ask for any width, so it is not there."""
    if isinstance(left, str):
        raise TypeError("texts are not formatted with %; write the values into the text instead")
    return left % right


OPERATORS: dict[str, Callable[[Meter, Any, Any], Any]] = {
    "**": power,
    "*": times,
    "+": plus,
    "%": remainder,
}


def at_least(value: Any, step: Any = 50) -> Any:
    """The largest multiple of `step` not above `value`, with a plus: 153 -> "150+"."""
    if isinstance(value, Later):
        return value
    number, step = int(value), int(step)
    if step <= 0:
        raise ValueError("at_least needs a step above zero")
    return f"{number - number % step}+" if number >= step else str(number)


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


def bounded_filters(meter_of: Callable[[], Meter]) -> dict[str, Callable[..., Any]]:
    """The filters of a template by name, each metered by the meter of the running render."""
    own: dict[str, Any] = {"at_least": at_least}
    library: dict[str, Any] = dict(jinja_filters.FILTERS)
    functions = {**{name: library[name] for name in ALLOWED_FILTERS}, **own}
    return {name: _metered(name, function, meter_of) for name, function in functions.items()}


def _metered(name: str, function: Callable[..., Any], meter_of: Callable[[], Meter]) -> Callable[..., Any]:
    passes = getattr(function, "jinja_pass_arg", None)

    def call(*everything: Any, **named: Any) -> Any:
        meter = meter_of()
        first = 1 if passes else 0
        value, arguments = everything[first], everything[first + 1 :]
        if isinstance(value, Later) and name not in ("d", "default"):
            return value
        meter.step(1 + size_of(value) // 100)
        _before(meter, name, value, arguments, named)
        result = function(*everything, **named)
        if isinstance(result, str):
            meter.charge(len(result))
        elif isinstance(result, Iterator):
            return steps_over(meter, result, 0)
        return result

    call.__name__ = name
    if passes:
        call.jinja_pass_arg = passes  # type: ignore[attr-defined]
    return call


def allowed_tests() -> dict[str, Callable[..., Any]]:
    """The tests (`is defined`) of a template by name."""
    library: dict[str, Any] = dict(jinja_tests.TESTS)
    return {name: library[name] for name in ALLOWED_TESTS}
