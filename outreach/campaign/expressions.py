"""Expressions and references, as campaign and posts write them down; nothing is evaluated here."""

from __future__ import annotations

import re
from typing import Any

from outreach.campaign.definitions.definition import Definition, Located, Schema
from outreach.campaign.values.plain import safe_text
from outreach.campaign.values.text import Fault, LocatedText, Text
from outreach.campaign.values.times import length_of
from outreach.model.campaign import Expression
from outreach.model.times import Delay

_REFERENCE = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]*)(?:\s*\+\s*(\S.*))?")


def expression_reader(example: str = '"tier == 0"') -> LocatedText:
    """An expression; reads as its source and line."""
    schema: Schema = {"type": ["string", "boolean"]}
    parse = lambda value: " ".join(safe_text(value).split())  # noqa: E731
    return LocatedText(Text(parse, expected="an expression", example=example, schema=schema))


def expression(found: Located | None, file: str) -> Expression | None:
    """What an expression reader read in `file`, as the noun."""
    return Expression(source=found.value, file=file, line=found.line) if found else None


def _reference(value: str) -> tuple[str, Delay | None]:
    found = _REFERENCE.fullmatch(value.strip())
    if not found:
        raise Fault
    delay = found[2] and Delay(length=length_of(found[2]), text=found[2].strip())
    return found[1], delay or None


def reference() -> Text:
    """`NAME` or `NAME + 3d`; reads as the name and the Delay or None."""
    return Text(
        _reference,
        expected="a name, with a delay if need be",
        example="r-linux + 3d",
        schema={"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]*( *\\+ *[0-9]+ *[smhdw])?$"},
    )


def spread_reference(key: str) -> Any:
    """How a reference stands for `{KEY: name, delay: ...}`."""

    def spread(value: tuple[str, Delay | None]) -> dict[str, Any]:
        return {key: value[0], **({"delay": value[1]} if value[1] else {})}

    return spread


def line_of_either(given: Definition, *keys: str) -> int:
    """The line of the first of `keys` that is there, else of the group."""
    return next((given.where.lines[key] for key in keys if key in given.where.lines), given.where.line)
