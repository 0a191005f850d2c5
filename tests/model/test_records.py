"""`outreach.model.records.dataclass` makes what Python's own `dataclass` makes, when it is asked for."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import field
from typing import Any, ClassVar

import pytest

from outreach.model import records

OPTIONS = [
    {},
    {"frozen": True},
    {"kw_only": True, "slots": True},
    {"frozen": True, "kw_only": True},
    {"frozen": True, "slots": True},
    {"frozen": True, "kw_only": True, "slots": True},
    {"frozen": True, "kw_only": True, "slots": True, "order": True},
]


def made(decorate: Callable[..., Any], options: dict[str, bool]) -> tuple[Any, Any]:
    """A class with every kind of field that this program has, and one below it."""

    @decorate(**options)
    class Base:
        """A noun."""

        kind: ClassVar[str] = "noun"
        name: str
        tags: tuple[str, ...] = ()
        lines: dict[str, int] = field(default_factory=dict, compare=False, repr=False)

        def __str__(self) -> str:
            return self.name

    @decorate(**options)
    class Below(Base):
        """One below it, with a field of its own."""

        number: int = 0

        def __post_init__(self) -> None:
            if self.number < 0:
                raise ValueError("below nothing")

        def __repr__(self) -> str:
            return f"Below {self.number}"

    return Base, Below


def outcome(of: Callable[[], object]) -> object:
    try:
        return of()
    except Exception as error:
        return type(error), str(error).replace("made.<locals>.", "")


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_a_class_behaves_as_the_one_that_python_makes(options: dict[str, bool]) -> None:
    asked: list[Callable[[Any, Any], object]] = [
        lambda base, below: base(name="a") == base(name="a", lines={"b": 1}),
        lambda base, below: base(name="a") == base(name="b"),
        lambda base, below: base(name="a") == below(name="a"),
        lambda base, below: hash(base(name="a")) == hash(base(name="a", lines={"b": 1})),
        lambda base, below: base(name="a") < base(name="b"),
        lambda base, below: below(name="a", number=2) >= below(name="a", number=1),
        lambda base, below: repr(base(name="a", tags=("b",))),
        lambda base, below: repr(below(name="a", number=3)),
        lambda base, below: str(below(name="a")),
        lambda base, below: base(),
        lambda base, below: base("a", ("b",)).tags,
        lambda base, below: base(name="a", other=1),
        lambda base, below: below(name="a", number=-1),
        lambda base, below: setattr(base(name="a"), "name", "b"),
        lambda base, below: delattr(base(name="a"), "name"),
        lambda base, below: [(each.name, each.type, each.compare) for each in dataclasses.fields(below)],
        lambda base, below: dataclasses.asdict(below(name="a", number=1)),
        lambda base, below: dataclasses.replace(below(name="a", number=1), name="b").name,
        lambda base, below: dataclasses.replace(below(name="a"), number=-1),
        lambda base, below: dataclasses.is_dataclass(below),
        lambda base, below: (base.__doc__, base.__qualname__, base.__match_args__, base.kind),
        lambda base, below: hasattr(base(name="a"), "__dict__"),
        lambda base, below: below.__dict__.get("__slots__"),
        lambda base, below: copy.deepcopy(below(name="a", tags=("b",))) == below(name="a", tags=("b",)),
    ]  # fmt: skip
    for ask in asked:  # each of classes that nobody has used yet
        ours, pythons = made(records.dataclass, options), made(dataclasses.dataclass, options)
        assert outcome(lambda: ask(*ours)) == outcome(lambda: ask(*pythons))  # noqa: B023


@records.dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What a cache holds."""

    name: str
    tags: tuple[str, ...] = ()


def test_what_was_pickled_comes_back_before_anything_else_was_asked_of_its_class() -> None:
    fresh = Kept.__new__(Kept)
    fresh.__setstate__(["a", ("b", "c")])  # type: ignore[attr-defined]  # as unpickling does
    assert fresh == Kept(name="a", tags=("b", "c")) == pickle.loads(pickle.dumps(fresh))


def test_a_changed_record_is_the_one_that_python_makes() -> None:
    base, _ = made(records.dataclass, {"frozen": True, "kw_only": True, "slots": True})
    before = base(name="a", tags=("b",), lines={"c": 1})

    assert records.replace(before, name="d") == dataclasses.replace(before, name="d")
    assert records.replace(before, name="d").lines is before.lines
    with pytest.raises(TypeError):
        records.replace(before, other=1)
