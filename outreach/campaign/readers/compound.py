"""Readers of what is made of several values: lists, mappings, records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from outreach.campaign.definitions.definition import Located
from outreach.campaign.findings import Finding
from outreach.campaign.readers.reader import MISSING, Reader, Schema, shown, wrong_kind
from outreach.campaign.strict_yaml import Entry, Faulty, Node, Scalar, Sequence
from outreach.campaign.strict_yaml import Mapping as MappingNode
from outreach.words.suggestions import nearest


class _LocatedReader(Reader):
    def __init__(self, inner: Reader) -> None:
        self.inner = inner

    def read(self, node: Node, name: str, findings: list[Finding]) -> Any:
        value = self.inner.read(node, name, findings)
        return value if value is MISSING else Located(value, node.line)

    def schema(self) -> Schema:
        return self.inner.schema()


def located(inner: Reader) -> Reader:
    """What `inner` reads, as `Located`."""
    return _LocatedReader(inner)


class _ListReader(Reader):
    def __init__(self, item: Reader, single: bool) -> None:
        self.item = item
        self.single = single

    def read(self, node: Node, name: str, findings: list[Finding]) -> Any:
        if isinstance(node, Faulty):
            return MISSING
        if isinstance(node, Scalar) and self.single:
            node = Sequence((node,), node.line)
        if not isinstance(node, Sequence):
            findings.append(wrong_kind(node, name, "a list", f"For example `{name}: [one, two]`."))
            return MISSING
        values = []
        for item in node.items:
            if isinstance(item, Scalar) and (item.is_null or not item.text.strip()):
                findings.append(Finding(item.line, "bad-value", f"A line of `{name}` is empty.", "Remove it."))
                continue
            value = self.item.read(item, name, findings)
            if value is not MISSING:
                values.append(value)
        return tuple(values)

    def schema(self) -> Schema:
        item = self.item.schema()
        several: Schema = {"type": "array", "items": item}
        return {"anyOf": [several, item]} if self.single else several


def list_of(item: Reader, *, single: bool = False) -> Reader:
    """A list; reads as a tuple. With `single`, one value is a list of one."""
    return _ListReader(item, single)


class _MappingReader(Reader):
    def __init__(self, value: Reader, nullable: bool) -> None:
        self.value = value
        self.nullable = nullable

    def read(self, node: Node, name: str, findings: list[Finding]) -> Any:
        if isinstance(node, Faulty):
            return MISSING
        if not isinstance(node, MappingNode):
            findings.append(wrong_kind(node, name, "a group of keys", f"For example `{name}: {{key: value}}`."))
            return MISSING
        values: dict[str, Any] = {}
        for entry in node.entries:
            if self.nullable and isinstance(entry.value, Scalar) and entry.value.is_null:
                values[entry.key] = None
                continue
            value = self.value.read(entry.value, entry.key, findings)
            if value is not MISSING:
                values[entry.key] = value
        return values

    def schema(self) -> Schema:
        value = _nullable(self.value.schema()) if self.nullable else self.value.schema()
        return {"type": "object", "additionalProperties": value}


def mapping_of(value: Reader, *, nullable: bool = False) -> Reader:
    """A mapping whose keys are the campaigner's own; with `nullable`, a value may be left empty."""
    return _MappingReader(value, nullable)


_FEW_UNKNOWN, _LONGEST_KEY = 50, 60
"""Of more unknown keys, or longer ones, none was a known key that is misspelt."""


@dataclass(frozen=True, slots=True)
class Key:
    """What stands under one key of a record."""

    reader: Reader
    required: bool = False
    doc: str = ""


@dataclass(slots=True)
class Record:
    """The values of a record that could be read, and the line of every key that was there."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    unknown: int = 0

    def get(self, key: str, default: Any = None) -> Any:
        return self.values.get(key, default)

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def line_of(self, key: str) -> int:
        return self.lines.get(key, self.line)


class RecordReader(Reader):
    """A mapping with known keys; reads as a Record, which may lack what was faulty."""

    def __init__(
        self,
        keys: Mapping[str, Key],
        *,
        what: str,
        hints: Mapping[str, str] | None = None,
        short: tuple[Reader, Callable[[Any], dict[str, Any]]] | None = None,
        unknown: str = "unknown-key",
    ) -> None:
        self.keys = dict(keys)
        self.what = what
        self.hints = dict(hints or {})
        self.short = short
        self.unknown = unknown

    def read(self, node: Node, name: str, findings: list[Finding]) -> Any:
        if isinstance(node, Faulty):
            return MISSING
        if isinstance(node, Scalar) and self.short:
            return self._read_short(node, name, findings)
        if not isinstance(node, MappingNode):
            hint = f"Its keys are: {', '.join(self.keys)}."
            findings.append(wrong_kind(node, name, f"{self.what} with its keys", hint))
            return MISSING
        return self.read_mapping(node, findings)

    def read_mapping(self, node: MappingNode, findings: list[Finding]) -> Record:
        record = Record(node.line)
        excused: set[str] = set()  # keys whose absence another finding explains
        for entry in node.entries:
            if entry.key in self.keys:
                self._take(record, entry.key, entry, findings)
            else:
                excused |= self._unknown(record, entry, findings)
        for key, definition in self.keys.items():
            if definition.required and key not in record.lines and key not in excused:
                hint = f"Add `{key}: ...`" + (f": {definition.doc}." if definition.doc else ".")
                message = f"This {self.what} has no `{key}`."
                findings.append(Finding(node.line, "missing-key", message, hint))
        return record

    def _read_short(self, node: Scalar, name: str, findings: list[Finding]) -> Any:
        assert self.short
        reader, spread = self.short
        value = reader.read(node, name, findings)
        if value is MISSING:
            return MISSING
        values = spread(value)
        return Record(node.line, values, dict.fromkeys(values, node.line))

    def _take(self, record: Record, key: str, entry: Entry, findings: list[Finding]) -> None:
        record.lines[key] = entry.line
        value, definition = entry.value, self.keys[key]
        if isinstance(value, Scalar) and (value.is_null or not value.text.strip()):
            if definition.required:
                hint = f"Write it after `{key}:`."
                findings.append(Finding(entry.line, "missing-key", f"`{key}` of this {self.what} is empty.", hint))
            return
        read = definition.reader.read(value, key, findings)
        if read is not MISSING:
            record.values[key] = read

    def _unknown(self, record: Record, entry: Entry, findings: list[Finding]) -> set[str]:
        """Says that a key is unknown; returns the keys that it leaves unsaid."""
        if entry.key == "<<" and isinstance(entry.value, Faulty):  # a merge key, and none in quotation marks
            return set(self.keys)
        record.unknown += 1
        if isinstance(entry.value, Faulty):  # its fault is a finding already
            return set()
        odd = entry.key in self.hints or record.unknown > _FEW_UNKNOWN or len(entry.key) > _LONGEST_KEY
        found = None if odd else nearest(entry.key, self.keys)
        hint = self.hints.get(entry.key) or (
            f"Did you mean `{found}`?" if found else f"Known keys: {', '.join(self.keys)}."
        )
        message = f"`{shown(entry.key)}` is not a key of a {self.what}."
        findings.append(Finding(entry.line, self.unknown, message.replace(" a e", " an e"), hint))
        if found is None or not self.keys[found].required or found in record.lines:
            return set()
        self._take(record, found, entry, findings)
        return {found}

    def schema(self) -> Schema:
        properties = {key: _property(definition.reader.schema(), definition) for key, definition in self.keys.items()}
        schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
        if required := [key for key, definition in self.keys.items() if definition.required]:
            schema["required"] = required
        return {"anyOf": [schema, self.short[0].schema()]} if self.short else schema


def record(
    keys: Mapping[str, Key],
    *,
    what: str,
    hints: Mapping[str, str] | None = None,
    short: tuple[Reader, Callable[[Any], dict[str, Any]]] | None = None,
    unknown: str = "unknown-key",
) -> RecordReader:
    """A mapping with known keys, called `what` in messages.

    `hints` are said for unknown keys that people are known to write; `short` reads a single value
    where all but one key can be left out, and spreads it over the keys; `unknown` is the code of
    the Problem for an unknown key.
    """
    return RecordReader(keys, what=what, hints=hints, short=short, unknown=unknown)


class _OffReader(Reader):
    """`false` or `none` reads as False, everything else as `inner` reads it."""

    def __init__(self, inner: Reader) -> None:
        self.inner = inner

    def read(self, node: Node, name: str, findings: list[Finding]) -> Any:
        if isinstance(node, Scalar) and node.text.casefold() in ("false", "none", "no", "off"):
            return False
        return self.inner.read(node, name, findings)

    def schema(self) -> Schema:
        return {"anyOf": [{"enum": [False, "none"]}, self.inner.schema()]}


def off_or(inner: Reader) -> Reader:
    """`inner`, or `false`."""
    return _OffReader(inner)


class _EitherReader(Reader):
    """A mapping is read by `mapping`, everything else by `other`."""

    def __init__(self, mapping: Reader, other: Reader, when: type) -> None:
        self.mapping, self.other, self.when = mapping, other, when

    def read(self, node: Node, name: str, findings: list[Finding]) -> Any:
        reader = self.mapping if isinstance(node, self.when) else self.other
        return reader.read(node, name, findings)

    def schema(self) -> Schema:
        return {"anyOf": [self.other.schema(), self.mapping.schema()]}


def mapping_or(mapping: Reader, other: Reader) -> Reader:
    """`mapping` where keys stand, else `other`."""
    return _EitherReader(mapping, other, MappingNode)


def list_or(several: Reader, other: Reader) -> Reader:
    """`several` where a list stands, else `other`."""
    return _EitherReader(several, other, Sequence)


def _property(schema: Schema, definition: Key) -> Schema:
    described = schema if definition.required else _nullable(schema)
    return {"description": definition.doc, **described} if definition.doc else described


def _nullable(schema: Schema) -> Schema:
    """`schema`, where nothing may be written too."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], None]}
    kinds = schema.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return {**schema, "type": [*kinds, *([] if "null" in kinds else ["null"])]}
