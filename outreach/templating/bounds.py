"""What a template may cost: steps, output, sizes of values. A runaway template is one error.

Only the operators and methods listed here and what `filters` lists exist in a template, each with a cost that is
bounded by the sizes of what goes in and what comes out; everything that can repeat (loops, calls,
filters, tests, operators) is metered by the sizes of all that it is given and of what it makes. No whole number
of more than 256 bits is ever there, so that no calculation takes longer than another. So a render ends within a
fraction of a second whatever the template says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

from jinja2.filters import _GroupTuple

from outreach.errors import TemplateFault
from outreach.templating.values import Missing
from outreach.templating.wording import unfit

MAX_STEPS = 20_000
MAX_OUTPUT = 200_000
MAX_RANGE = 10_000
MAX_INTEGER_BITS = 256
MAX_DEPTH = 20
"""Lists inside one another: Python reads, compares and hashes each inside the other's call."""
MAX_PIECE = 100
"""Characters to look for from the end of a text, or to strip off it: Python compares each with each."""
CHARACTERS_IN_A_STEP = 50
MAX_WIDTH = 1000
"""Characters in a line, things in a row, rows: more than any letter has."""

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
    """Counts one render: steps taken (of `most`), characters produced, values written, values still to come."""

    __slots__ = ("later", "most", "output", "steps", "values")

    def __init__(self, most: int = MAX_STEPS) -> None:
        self.most = most
        self.steps = 0
        self.output = 0
        self.values: list[Any] = []
        self.later: dict[str, int] = {}

    def step(self, cost: int = 1) -> None:
        self.steps += cost
        if self.steps > self.most:
            too_much(f"takes more than {self.most:,} steps")

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
    """The steps that reading all of `value` takes: one for each thing in it and each 50 characters."""
    if isinstance(value, str):
        return 1 + len(value) // CHARACTERS_IN_A_STEP
    if isinstance(value, (SizedList, SizedTuple)):
        return 1 + value.total
    if isinstance(value, (list, tuple)):
        return 1 + sum(map(weight_of, value))
    return 1 + size_of(value)


def whole(value: Any) -> Any:
    """`value` itself, unless it is a whole number that is too large to calculate with."""
    if isinstance(value, int) and value.bit_length() > MAX_INTEGER_BITS:
        too_much(f"makes a whole number of more than {MAX_INTEGER_BITS} bits")
    return value


def counted(meter: Meter, value: Any) -> Any:
    """`value`, just made, with what it holds counted: a text, a list that knows its size, a number."""
    if isinstance(value, str):
        meter.charge(len(value))
    elif isinstance(value, (list, tuple)):
        meter.step(len(value))
        if type(value) is list:
            value = SizedList(value)
        elif type(value) is tuple:
            value = SizedTuple(value)
    return whole(value)


def refuse_long_pieces(pieces: Iterable[Any]) -> None:
    """Refuse a separator or a set of characters that a text is searched for, where it is longer than any."""
    if any(isinstance(piece, str) and len(piece) > MAX_PIECE for piece in pieces):
        too_much(f"looks for a piece of more than {MAX_PIECE} characters in a text")


def width_of(value: Any, lowest: int) -> int:
    """`value` as a width or a number of things. Raises TemplateFault if it is none from `lowest` on."""
    if isinstance(value, Missing):
        value.refuse()
    if not isinstance(value, int) or value < lowest:
        unfit(f"a whole number from {lowest} to {MAX_WIDTH:,} is needed here")
    if value > MAX_WIDTH:
        too_much(f"asks for a width or number above {MAX_WIDTH:,}")
    return value


class SizedList(list[Any]):
    """A list made by a template. It knows how much is in it, lists in lists included, because
    a list of itself twice, sixty times over, is small to make and endless to read."""

    def __init__(self, items: Iterable[Any]) -> None:
        super().__init__(items)
        self.total, self.depth = _measured(self)


class SizedTuple(tuple[Any, ...]):
    """The same for `(1, 2)`."""

    total: int
    depth: int

    def __new__(cls, items: Iterable[Any]) -> SizedTuple:
        made = super().__new__(cls, items)
        made.total, made.depth = _measured(made)
        return made


def _measured(items: list[Any] | tuple[Any, ...]) -> tuple[int, int]:
    """How much there is in a list, and how many lists are inside one another. Raises TemplateFault."""
    if len(items) > MAX_RANGE or (total := sum(map(weight_of, items))) > MAX_RANGE:
        too_much(f"makes a list of more than {MAX_RANGE:,} things")
    depth = 1 + max(map(_depth_of, items), default=0)
    if depth > MAX_DEPTH:
        too_much(f"nests lists more than {MAX_DEPTH} deep")
    return total, depth


def _depth_of(value: Any) -> int:
    if isinstance(value, (SizedList, SizedTuple)):
        return value.depth
    return 1 + max(map(_depth_of, value), default=0) if isinstance(value, (list, tuple)) else 0


def bounded_range(*numbers: int) -> range:
    """`range` as templates have it: at most 10,000 numbers."""
    numbers_of = range(*map(whole, numbers))
    try:
        many = len(numbers_of) > MAX_RANGE
    except OverflowError:  # more than a computer counts
        many = True
    if many:
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
    of_whole = isinstance(left, int) and isinstance(right, int)
    if of_whole and right > 0 and int(left).bit_length() * right > MAX_INTEGER_BITS:
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
            meter.step(len(repeated) * max(number, 0))
            return SizedList(list(repeated) * number)
    return left * right


def plus(meter: Meter, left: Any, right: Any) -> Any:
    """`left + right`, with the size of a joined text or list counted."""
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        meter.step(len(left) + len(right))
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
    "-": lambda meter, left, right: left - right,
    "/": lambda meter, left, right: left / right,
    "//": lambda meter, left, right: left // right,
    "%": remainder,
}
"""All that Jinja2 has. What they are given and what they make is looked at by whoever calls them (see `whole`)."""
