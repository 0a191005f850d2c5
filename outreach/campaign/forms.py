"""The fields of a form for a kind of file, from the definition that reads it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from outreach.campaign.definitions.definition import Definition, json_schema
from outreach.campaign.splicing import REMOVED
from outreach.campaign.strict_yaml import Node, Scalar, Sequence
from outreach.model.records import dataclass


class FieldKind(StrEnum):
    """How a value is asked for."""

    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    YES_OR_NO = "yes-or-no"
    CHOICE = "choice"
    SEVERAL = "several"
    GROUP = "group"


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One field: the key, what it is for, a value as an example ("" for none), and what may be chosen."""

    key: str
    explanation: str
    kind: FieldKind
    required: bool = False
    example: str = ""
    choices: tuple[str, ...] = ()
    pattern: str = ""


def form_fields(definition: type[Definition]) -> tuple[Field, ...]:
    """A field for each key, in the order of the definition."""
    schema = json_schema(definition)
    properties = schema.get("properties") or schema["anyOf"][0]["properties"]
    required = schema.get("required", ())
    return tuple(
        Field(
            key=key,
            explanation=info.description or "",
            kind=_kind(properties[key], info.metadata[0] if info.metadata else None),
            required=key in required,
            example=getattr(info.metadata[0], "example", "").strip('"') if info.metadata else "",
            choices=tuple(str(each) for each in properties[key].get("enum", ()) if each is not None),
            pattern=properties[key].get("pattern", ""),
        )
        for key, info in definition.keys.items()
    )


def _kind(schema: dict[str, Any], value: Any) -> FieldKind:
    kinds = {"enum": FieldKind.CHOICE, "properties": FieldKind.GROUP, "additionalProperties": FieldKind.GROUP}
    for name, kind in kinds.items():
        if name in schema:
            return kind
    types = {schema["type"]} if isinstance(schema.get("type"), str) else set(schema.get("type", ()))
    if schema.get("items") or any("items" in each for each in schema.get("anyOf", ())):
        return FieldKind.SEVERAL
    if schema.get("format") == "date":
        return FieldKind.DAY
    if "integer" in types and "string" not in types:
        return FieldKind.NUMBER
    if "boolean" in types and "number" not in types:
        return FieldKind.YES_OR_NO
    return FieldKind.TEXT if getattr(value, "expected", "") == "a text" else FieldKind.LINE


LINES = ("titles",)
"""The keys of several values that are each a line; others stand in one, with commas between them."""


def as_typed(key: str, node: Node | None) -> str | None:
    """A value of a file as a field of a form shows it; None for one that no field can show."""
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return ""
    texts = [each.text for each in (node.items if isinstance(node, Sequence) else (node,)) if isinstance(each, Scalar)]
    apart = "\n" if key in LINES else ", "
    is_whole = len(texts) == (len(node.items) if isinstance(node, Sequence) else 1)
    is_plain = not any("\n" in text or (isinstance(node, Sequence) and apart in text) for text in texts)
    return apart.join(texts) if is_whole and is_plain else None


def as_written(field: Field, text: str) -> Any:
    """What is typed into a field, as a file has it; REMOVED for nothing."""
    text = text.replace("\r\n", "\n").strip()
    if field.key in LINES:
        return [line.strip() for line in text.splitlines() if line.strip()] or REMOVED
    if field.key == "hashtags":
        return [word.lstrip("#") for word in text.replace(",", " ").split() if word.lstrip("#")] or REMOVED
    if field.kind is FieldKind.SEVERAL:
        return [word.strip() for word in text.split(",") if word.strip()] or REMOVED
    if field.kind is FieldKind.YES_OR_NO and text in ("true", "false"):
        return text == "true"
    return text or REMOVED
