"""Values made of several: lists, groups of a campaigner's own keys, one thing or another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from outreach.campaign.definitions.definition import (
    BRANCH,
    Definition,
    Known,
    Reading,
    Schema,
    is_blank,
    nullable,
    wrong_kind,
)
from outreach.campaign.findings import Finding
from outreach.campaign.strict_yaml import Faulty, Node, Scalar, Sequence
from outreach.campaign.strict_yaml import Mapping as MappingNode
from outreach.model.records import dataclass


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list, read as a tuple; with `single`, one value is a list of one."""

    single: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_before_validator_function(self._items, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Schema:
        several = handler(schema)
        return {"anyOf": [several, several["items"]]} if self.single else several

    def _items(self, node: Node, info: ValidationInfo) -> list[Node]:
        if isinstance(node, Scalar) and self.single:
            return [node]
        if not isinstance(node, Sequence):
            raise wrong_kind(node, "a list", "For example `{}: [one, two]`.")
        reading: Reading = info.context  # type: ignore[assignment]
        kept: list[Node] = []
        for item in node.items:
            if is_blank(item):
                message = f"A line of `{info.field_name}` is empty."
                reading.says(Finding(item.line, "bad-value", message, "Remove it."))
            elif not isinstance(item, Faulty) and id(item) not in reading.faulty:
                kept.append(item)
        return kept


@dataclass(frozen=True, slots=True)
class GroupOf:
    """A group whose keys are the campaigner's own; with `empty`, a value may be left out."""

    empty: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_before_validator_function(self._entries, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Schema:
        found = handler(schema)
        value = found["additionalProperties"]
        return {**found, "additionalProperties": nullable(value) if self.empty else value}

    def _entries(self, node: Node, info: ValidationInfo) -> dict[str, Node | Known]:
        if not isinstance(node, MappingNode):
            raise wrong_kind(node, "a group of keys", "For example `{}: {key: value}`.")
        reading: Reading = info.context  # type: ignore[assignment]
        return {
            entry.key: Known(None) if self.empty and is_null(entry.value) else entry.value
            for entry in node.entries
            if not isinstance(entry.value, Faulty) and id(entry.value) not in reading.faulty
        }


@dataclass(frozen=True, slots=True)
class Either:
    """One of several kinds of value; `which` names the one that is at a node."""

    which: Callable[[Node], str]
    kinds: Mapping[str, Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        choices = {BRANCH + name: handler.generate_schema(kind) for name, kind in self.kinds.items()}
        return core_schema.tagged_union_schema(choices, discriminator=lambda node: BRANCH + self.which(node))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Schema:
        return {"anyOf": handler(schema)["oneOf"]}


def is_null(node: Node) -> bool:
    """Whether no value is here, not even one without letters."""
    return type(node) is Scalar and node.is_null


def group_or(group: Any, other: Any) -> Either:
    """`group` where keys stand, else `other`."""
    return Either(lambda node: "group" if type(node) is MappingNode else "other", {"other": other, "group": group})


def list_or(several: Any, other: Any) -> Either:
    """`several` where a list stands, else `other`."""
    return Either(lambda node: "list" if type(node) is Sequence else "other", {"other": other, "list": several})


class _Off:
    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(lambda node: False)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Schema:
        return {"enum": [False, "none"]}


def off_or(inner: type[Definition]) -> Either:
    """`inner`, or `false` or `none`, which read as False."""
    return Either(_off, {"off": Annotated[Any, _Off()], "on": inner})


def _off(node: Node) -> str:
    return "off" if type(node) is Scalar and node.text.casefold() in ("false", "none", "no", "off") else "on"
