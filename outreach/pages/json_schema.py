"""JSON Schemas (draft 2020-12) of what `--json` prints, made from the return types of the functions that build it.

    class LinkObject(TypedDict):
        file: str
        line: Line
        url: str | None

The keys of a TypedDict are required unless they are `NotRequired`; mypy checks that the function returns them.
Metadata says what a type cannot: `Annotated[str, Schema(pattern=...)]`. pydantic could do the same, but before
Python 3.12 it takes only the TypedDict of typing_extensions, which every `outreach status` would then import.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date, datetime
from enum import EnumType
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

_PLAIN: Mapping[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    Any: {},
}


class Schema:
    """What JSON Schema says of a value beyond its type: `Annotated[int, Schema(minimum=0)]`."""

    def __init__(self, **more: Any) -> None:
        self.more = more


class Fields:
    """Of a dict that `asdict` made: its keys are the fields of this dataclass, and `more` (name -> type)."""

    def __init__(self, of: type, **more: Any) -> None:
        self.of, self.more = of, more


Count = Annotated[int, Schema(minimum=0)]
Line = Annotated[int, Schema(minimum=1)]
Digest = Annotated[str, Schema(pattern="^[0-9a-f]{64}$")]
Instant = Annotated[str, Schema(format="date-time")]
"""ISO 8601 with offset."""
Day = Annotated[str, Schema(format="date")]


def json_schema(of: Any) -> dict[str, Any]:
    """The schema of a type, whole and without references. Raises KeyError for a type that no object has yet."""
    origin, parts = get_origin(of), get_args(of)
    if origin is Annotated:
        return _annotated(parts[0], of.__metadata__)
    if origin is NotRequired:
        return json_schema(parts[0])
    if origin is Literal:
        return {"enum": list(parts)}
    if origin in (Union, UnionType):
        return _any_of([json_schema(part) for part in parts])
    if origin in (list, tuple):
        return {"type": "array", "items": json_schema(parts[0])}
    if origin in (dict, Mapping):
        return _mapping(*parts)
    if isinstance(of, EnumType):
        return {"enum": _words(of)}
    if is_typeddict(of):
        return _object(get_type_hints(of, include_extras=True), of.__doc__)
    return _object(_fields(of)) if is_dataclass(of) else dict(_PLAIN[of])


def _words(enum: Any) -> list[str]:
    return [str(each) for each in enum]


def _annotated(of: Any, metadata: tuple[Any, ...]) -> dict[str, Any]:
    fields = next((each for each in metadata if isinstance(each, Fields)), None)
    found = json_schema(of) if fields is None else _object(_fields(fields.of) | fields.more)
    for each in metadata:
        found |= each.more if isinstance(each, Schema) else {}
    return found


def _fields(of: Any) -> dict[str, Any]:
    """The fields of a dataclass with their types; its whole numbers count something."""
    counts = {int: Count, tuple[int, ...]: list[Count]}
    return {name: counts.get(each, each) for name, each in get_type_hints(of, include_extras=True).items()}


def _object(keys: Mapping[str, Any], doc: str | None = None) -> dict[str, Any]:
    about = {"description": " ".join(doc.split())} if doc else {}
    required = sorted(name for name, of in keys.items() if get_origin(of) is not NotRequired)
    return {
        "type": "object",
        **about,
        "properties": {name: json_schema(of) for name, of in keys.items()},
        "required": required,
    }


def _mapping(key: Any, value: Any) -> dict[str, Any]:
    """A dict whose keys are an enum has all of them."""
    if isinstance(key, EnumType):
        return _object(dict.fromkeys(_words(key), value))
    shape = json_schema(value)
    return {"type": "object", **({"additionalProperties": shape} if shape else {})}


def _any_of(shapes: list[dict[str, Any]]) -> dict[str, Any]:
    """One of these. All that is said of a text, a number or an object says nothing of null."""
    first, *others = shapes
    if others != [_PLAIN[NoneType]]:
        return {"anyOf": shapes}
    return {**first, "type": [first["type"], "null"]} if "type" in first else {"enum": [*first["enum"], None]}
