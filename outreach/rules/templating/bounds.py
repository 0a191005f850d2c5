"""What a template may cost: steps, output, sizes of values. A runaway template is one error.

Only the operators and methods listed here and what `filters` lists exist in a template, each with a cost that is
bounded by the sizes of what goes in and what comes out; everything that can repeat (loops, calls,
filters, operators) is metered. So a render ends within a second whatever the template says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

from jinja2.filters import _GroupTuple

from outreach.errors import TemplateFault
from outreach.rules.templating.wording import unfit

MAX_STEPS = 50_000
MAX_OUTPUT = 200_000
MAX_RANGE = 10_000
MAX_INTEGER_BITS = 256

ALLOWED_METHODS: dict[type, frozenset[str]] = {
    str: frozenset(
        "casefold capitalize count endswith find isalpha isdigit islower isupper lower lstrip partition "
        "removeprefix removesuffix rpartition rstrip split splitlines startswith strip swapcase title upper".split()
    ),
    _GroupTuple: frozenset({"grouper", "list"}),
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
    return len(value) if isinstance(value, (str, list, tuple, range)) else 0


def weight_of(value: Any) -> int:
    """The steps that reading all of `value` takes: one for each thing in it and each 100 characters."""
    if isinstance(value, (SizedList, SizedTuple)):
        return 1 + value.total
    if isinstance(value, (list, tuple)):
        return 1 + sum(map(weight_of, value))
    return 1 + size_of(value) // 100


class SizedList(list[Any]):
    """A list made by a template. It knows how much is in it, lists in lists included, because
    a list of itself twice, sixty times over, is small to make and endless to read."""

    def __init__(self, items: Iterable[Any]) -> None:
        super().__init__(items)
        self.total = _total(self)


class SizedTuple(tuple[Any, ...]):
    """The same for `(1, 2)`."""

    total: int

    def __new__(cls, items: Iterable[Any]) -> SizedTuple:
        made = super().__new__(cls, items)
        made.total = _total(made)
        return made


def _total(items: Iterable[Any]) -> int:
    total = sum(map(weight_of, items))
    if total > MAX_RANGE:
        too_much(f"makes a list of more than {MAX_RANGE:,} things")
    return total


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
        unfit("only numbers can be raised to a power")
    whole = isinstance(left, int) and isinstance(right, int)
    if whole and right > 0 and int(left).bit_length() * right > MAX_INTEGER_BITS:
        too_much("raises a number to a power that is too large")
    return left**right


def times(meter: Meter, left: Any, right: Any) -> Any:
    """`left * right`: numbers, or a text repeated a reasonable number of times."""
    for repeated, number in ((left, right), (right, left)):
        if isinstance(repeated, str) and isinstance(number, int):
            meter.charge(len(repeated) * max(number, 0))
        elif isinstance(repeated, (list, tuple)) and isinstance(number, int):
            if weight_of(repeated) * number > MAX_RANGE:
                too_much(f"makes a list of more than {MAX_RANGE:,} things")
            return SizedList(list(repeated) * number)
    whole = isinstance(left, int) and isinstance(right, int)
    if whole and left.bit_length() + right.bit_length() > MAX_INTEGER_BITS:
        too_much("multiplies numbers that are too large")
    return left * right


def plus(meter: Meter, left: Any, right: Any) -> Any:
    """`left + right`, with the size of a joined text or list counted."""
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return SizedList([*left, *right])
    meter.charge(size_of(left) + size_of(right))
    return left + right


def remainder(meter: Meter, left: Any, right: Any) -> Any:
    """`left % right` for numbers; formatting by `%` can ask for any width, so it is not there."""
    if isinstance(left, str):
        unfit("texts are not formatted with %; write the values into the text instead")
    return left % right


OPERATORS: dict[str, Callable[[Meter, Any, Any], Any]] = {
    "**": power,
    "*": times,
    "+": plus,
    "%": remainder,
}
