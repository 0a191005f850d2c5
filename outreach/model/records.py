"""`dataclass` as this program has it: Python's own, whose methods are made when they are first used.

Python compiles six methods for each frozen dataclass while its module is imported: a third of the time that a short
command takes, and most of the methods are never called. Here a class is made without them; whichever is called first
is taken over from a twin of the same name and fields, which Python's own `dataclass` makes then.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cache, partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(kind=None, /, *, frozen=False, kw_only=False, slots=False, order=False):
        """As `dataclasses.dataclass`, with those of its options that this program uses."""
        if kind is None:
            return partial(dataclass, frozen=frozen, kw_only=kw_only, slots=slots, order=order)
        body = {name: each for name, each in kind.__dict__.items() if name not in ("__dict__", "__weakref__")}
        cls = _slotted(kind, body) if slots else kind

        def twin(wanted):
            """With the method `wanted`, and those that Python only makes together with it."""
            of = {"init": wanted == "__init__", "repr": wanted == "__repr__", "eq": wanted in _COMPARING}
            same = _class_of(kind, dict(body))
            return dataclasses.dataclass(**of, frozen=frozen, kw_only=kw_only, order=order and of["eq"])(same)

        for name in ("__init__", "__repr__", *(_COMPARING if order else _COMPARING[:1])):
            if name not in body:
                setattr(cls, name, _first_use(cls, name, twin))
        if body.get("__hash__") is None:
            cls.__hash__ = _first_use(cls, "__hash__", twin) if frozen else None
        for name in _ASKED:
            setattr(cls, name, _Asked(cls, name, twin))
        if frozen:
            cls.__setattr__ = cls.__delattr__ = _refuse
            if slots:
                cls.__getstate__, cls.__setstate__ = _state, _take_state
        return cls


_COMPARING = ("__eq__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__")
_ASKED = ("__dataclass_fields__", "__dataclass_params__", "__match_args__")


Record = TypeVar("Record")


def replace(record: Record, /, **changes: Any) -> Record:
    """As `dataclasses.replace`, for records with several slots; that looks at each field in turn."""
    cls: Any = record.__class__
    if _is_closed(cls) and not hasattr(cls, "__post_init__"):
        copied: Record = _copying(cls)(record)
        try:
            for name, value in changes.items():
                setattr(copied, name, value)
        except AttributeError as error:
            raise TypeError(f"no field of {cls.__name__}: {error}") from error
        copied.__class__ = cls
        return copied
    names, values = _named(cls)
    made: Record = cls(**dict(zip(names, values(record), strict=True), **changes))
    return made


@cache
def _is_closed(cls: Any) -> bool:
    """Whether all its slots are its own and nobody may set one."""
    return cls.__setattr__ is _refuse and "__slots__" in cls.__dict__ and cls.__bases__ == (object,)


@cache
def _opened(cls: Any) -> type:
    """An open class of the same slots: what is one of them may become one of the other."""
    return type(cls.__name__, (), {"__slots__": cls.__slots__})


@cache
def _copying(cls: Any) -> Callable[[Any], Any]:
    """What copies an object of a closed class, as one of the open class."""
    lines = [f"copied.{name} = record.{name}" for name in cls.__slots__]
    return _function("copy(record)", ["copied = _new(_open)", *lines, "return copied"], cls, {})


def _function(head: str, lines: list[str], cls: Any, known: dict[str, Any]) -> Callable[..., Any]:
    known |= {"_become": object.__setattr__, "_new": object.__new__, "_frozen": cls, "_open": _opened(cls)}
    exec("\n ".join([f"def {head}:", *lines]), known)
    made: Callable[..., Any] = known[head.partition("(")[0]]
    return made


@cache
def _named(cls: type) -> tuple[list[str], Callable[[Any], tuple[Any, ...]]]:
    names = [slot.__name__ for slot in _slots(cls)]
    return names, attrgetter(*names)


def _class_of(kind: type, body: dict[str, Any]) -> type:
    made: type = type(kind)(kind.__name__, kind.__bases__, body)
    made.__qualname__ = kind.__qualname__
    return made


def _slotted(kind: type, body: dict[str, Any]) -> type:
    names = [name for name, each in kind.__annotations__.items() if not str(each).startswith("ClassVar")]
    above = {name for each in kind.__mro__[1:] for name in each.__dict__.get("__slots__", ())}
    own = {name: each for name, each in body.items() if name not in names}
    return _class_of(kind, {**own, "__slots__": tuple(name for name in names if name not in above)})


def _take_over(cls: type, twin: type) -> None:
    for name in ("__init__", "__repr__", *_COMPARING, *_ASKED):
        if name in twin.__dict__ and (twin.__dict__[name] is not None or name not in cls.__dict__):
            setattr(cls, name, twin.__dict__[name])
    if _is_closed(cls) and "__init__" in twin.__dict__ and not hasattr(cls, "__post_init__"):
        cls.__init__ = _filling(cls)  # type: ignore[misc]


def _filling(cls: Any) -> Callable[..., None]:
    """Python's own `__init__` asks `object` for each field of a frozen class, which takes three times as long.

    This one fills the new object as one of an open class of the same slots, which it is until all are filled.
    """
    known: dict[str, Any] = {}
    takes, lines = [""], ["_become(self, '__class__', _open)"]
    for field in dataclasses.fields(cls):
        name, value = field.name, field.name
        given = field.default if field.default_factory is dataclasses.MISSING else field.default_factory
        takes.append(name if given is dataclasses.MISSING else f"{name}=_default_{name}")
        known[f"_default_{name}"] = given
        if field.default_factory is not dataclasses.MISSING:
            value = f"_default_{name}() if {name} is _default_{name} else {name}"
        lines.append(f"self.{name} = {value}")
    if cls.__dataclass_fields__ and dataclasses.fields(cls)[0].kw_only:
        takes.insert(1, "*")
    made = _function(f"__init__(self{', '.join(takes)})", [*lines, "self.__class__ = _frozen"], cls, known)
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def _first_use(cls: type, name: str, twin: Callable[[str], type]) -> Callable[..., Any]:
    """A method that is replaced by the true one as soon as it is called."""

    def method(self: Any, /, *given: Any, **named: Any) -> Any:
        _take_over(cls, twin(name))
        return getattr(cls, name)(self, *given, **named)

    return method


class _Asked:
    """What `dataclasses.fields` and the like look for, until they do."""

    def __init__(self, cls: type, name: str, twin: Callable[[str], type]) -> None:
        self._of = cls, name, twin

    def __get__(self, instance: object, owner: type) -> Any:
        cls, name, twin = self._of
        _take_over(cls, twin(name))
        return cls.__dict__[name]


def _refuse(self: Any, name: str, *value: Any) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot {'assign to' if value else 'delete'} field {name!r}")


@cache
def _slots(cls: type) -> tuple[Any, ...]:
    return tuple(getattr(cls, name) for each in reversed(cls.__mro__) for name in each.__dict__.get("__slots__", ()))


def _state(self: Any) -> list[Any]:
    return [slot.__get__(self) for slot in _slots(self.__class__)]


def _take_state(self: Any, state: list[Any]) -> None:
    cls = self.__class__
    if _is_closed(cls):  # as `_filling`, since a campaign keeps hundreds of thousands
        names = "".join(f"self.{name}, " for name in cls.__slots__)
        lines = ["_become(self, '__class__', _open)", f"{names} = state", "self.__class__ = _frozen"]
        cls.__setstate__ = _function("__setstate__(self, state)", lines, cls, {})
        cls.__setstate__(self, state)
        return
    for slot, value in zip(_slots(self.__class__), state, strict=True):
        slot.__set__(self, value)
