"""What `--json` prints is what `outreach schema --output` says, and holds no key that stands in no schema."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from outreach.cli.commands import COMMANDS, OLD_NAMES

FORMATS = FormatChecker(formats=())
_FIRST, _LAST = 30, 5


@FORMATS.checks("date-time", raises=ValueError)
def has_offset(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("date", raises=ValueError)
def is_day(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


def check_object(arguments: Sequence[str], out: str) -> None:
    """Fails unless the object that this command line printed, if any, is what its schema says."""
    if not out.startswith("{"):
        return
    name = next((each for each in arguments if each in COMMANDS or each in OLD_NAMES), "today")
    validator(OLD_NAMES.get(name, name)).validate(_fewer(json.loads(out)))


@cache
def validator(command: str) -> Draft202012Validator:
    """Of what a command prints; unlike a script that will meet keys of later versions, it takes no others."""
    schema = closed(schemas()[command])
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FORMATS)


@cache
def schemas() -> dict[str, Any]:
    from outreach.tasks.schemas import output_schemas

    return output_schemas()


def closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    no_more = {"additionalProperties": False} if "properties" in schema else {}
    return {**no_more, **{name: closed(each) for name, each in schema.items()}}


def _fewer(value: Any) -> Any:
    """The same with shorter lists: of 5,000 contacts the first and the last ones say enough."""
    if isinstance(value, dict):
        return {name: _fewer(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_fewer(each) for each in (value[:_FIRST] + value[_FIRST:][-_LAST:])]
    return value
