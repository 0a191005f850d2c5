"""The filters that read and make lists, with what they cost; see `filters`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jinja2 import filters as jinja_filters
from jinja2 import pass_environment
from jinja2.filters import _GroupTuple
from jinja2.runtime import Undefined

from outreach.templating.bounds import Meter, SizedList, plus, weight_of, width_of
from outreach.templating.values import Missing, NotGiven, Record
from outreach.templating.wording import unfit


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


def joined(meter: Meter, environment: Any, value: Any, d: Any = "", attribute: Any = None) -> str:
    """The things of a list, or their `attribute`, as one text with `d` between them."""
    if attribute is not None:
        value = map(jinja_filters.make_attrgetter(environment, attribute), value)
    texts = []
    for thing in value:
        meter.step(weight_of(thing))
        texts.append(str(thing))
        meter.charge(len(texts[-1]))
    meter.charge(len(texts) * len(str(d)))
    return str(d).join(texts)


def summed(meter: Meter, environment: Any, value: Any, attribute: Any = None, start: Any = 0) -> Any:
    """The things of a list, or their `attribute`, added to `start`."""
    if attribute is not None:
        value = map(jinja_filters.make_attrgetter(environment, attribute), value)
    for thing in value:
        start = plus(meter, start, thing)
    return start
