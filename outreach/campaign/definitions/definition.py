"""What a definition is: a pydantic model whose fields are the keys that may be in a group of a YAML file.

    class SenderKeys(Definition, what="sender"):
        name: Annotated[str, line_text("Alex Example")] = key("The name in From", required=True)
        reply_to: Annotated[str | None, email()] = key("Where answers go, if elsewhere")

`read` gives the values as far as they can be read, and a Finding with line, sentence and hint for everything else,
all at once. No sentence of pydantic's own reaches a person. A key that is not given, or is empty, is None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, fields
from datetime import date
from enum import Enum
from functools import cache
from typing import Annotated, Any, ClassVar, NamedTuple, Self, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, SkipValidation, ValidationError, ValidationInfo, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from outreach.campaign.findings import Finding
from outreach.campaign.strict_yaml import Entry, Faulty, Node, Scalar, Sequence, kind_of
from outreach.campaign.strict_yaml import Mapping as MappingNode
from outreach.model.records import dataclass
from outreach.words.suggestions import nearest

Schema = dict[str, Any]
Short = tuple[Any, Callable[[Any], dict[str, Any]]]
Noun = TypeVar("Noun")
_FEW_UNKNOWN, _LONGEST_KEY = 50, 60
"""Of more unknown keys, or longer ones, none was a known key that is misspelt."""
BRANCH = "\0"
"""Begins the names that pydantic gives to the alternatives of a value: they are not keys."""


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key beside its type; `was` are older names, still read, with a hint."""

    required: bool = False
    was: tuple[str, ...] = ()

    def __call__(self, schema: Schema) -> None:
        """Takes the default, which stands for "not given", out of the key's JSON Schema."""
        schema.pop("default", None)


def key(
    doc: str = "", *, required: bool = False, default: Any = None, alias: str | None = None, was: tuple[str, ...] = ()
) -> Any:
    """A key of a Definition; `doc` explains it in schemas and forms, `alias` is its name where Python reserves it."""
    extra: Any = Key(required, was)
    return Field(default, description=doc or None, alias=alias, json_schema_extra=extra)


class Where(NamedTuple):
    """Where a group of keys stands: its line, that of each known key, which hold nothing, how many are unknown."""

    line: int
    lines: Mapping[str, int]
    empty: frozenset[str] = frozenset()
    unknown: int = 0


class Located(NamedTuple):
    """A value and the line on which it stands."""

    value: Any
    line: int


class Known(NamedTuple):
    """A value that was read already, as a part of another one."""

    value: Any


@dataclass(slots=True)
class Reading:
    """One reading of a tree of nodes: what was found, and which nodes are left out because of it."""

    findings: list[Finding]
    faulty: set[int] = field(default_factory=set)
    said: set[Finding] = field(default_factory=set)

    def says(self, finding: Finding) -> None:
        """A finding that leaves no value out: told once, however often the tree is visited."""
        if finding not in self.said:
            self.said.add(finding)
            self.findings.append(finding)


def says(info: ValidationInfo, finding: Finding) -> None:
    """Tells a finding that leaves no value out."""
    reading: Reading = info.context  # type: ignore[assignment]
    reading.says(finding)


def fault(node: Node, say: Callable[[str], Finding]) -> PydanticCustomError:
    """The error that `node` is not what its key expects; `say` makes the Finding from the key's name."""
    return PydanticCustomError("outreach", "outreach", {"node": node, "say": say})


def wrong_kind(node: Node, expected: str, hint: str) -> PydanticCustomError:
    """The error that something else is here than `expected`; `{}` in `hint` is the key's name."""
    return fault(
        node,
        lambda name: Finding(
            node.line,
            "bad-value",
            f"`{name}` has to be {expected}, not {kind_of(node)}.",
            hint.replace("{}", name),
        ),
    )


def is_blank(node: Node) -> bool:
    """Whether nothing is written here."""
    return type(node) is Scalar and (node.is_null or not node.text.strip())


class Definition(BaseModel):
    """The keys of one group, called `what` in sentences.

    `hints` are for unknown keys that people are known to write; `short` reads a single value where all keys but one
    can be left out, and spreads it over the keys; `unknown` is the code of the Problem for an unknown key ("": it is
    none), `first`
    the key that people see first where it is not that of a base class.
    """

    model_config = ConfigDict(json_schema_extra=lambda schema, cls: cls._shape(schema), defer_build=True)

    where: Annotated[Where, SkipValidation] = Where(1, {})

    what: ClassVar[str]
    keys: ClassVar[dict[str, FieldInfo]]
    hints: ClassVar[Mapping[str, str]]
    spreads: ClassVar[Short | None]
    unknown: ClassVar[str]
    _required: ClassVar[tuple[str, ...]]
    _was: ClassVar[dict[str, str]]

    def __init_subclass__(cls, **options: Any) -> None:
        """Leaves the options to `__pydantic_init_subclass__`, which knows the fields."""
        super().__init_subclass__()

    @classmethod
    def __pydantic_init_subclass__(
        cls,
        *,
        what: str = "",
        hints: Mapping[str, str] | None = None,
        short: Short | None = None,
        unknown: str = "unknown-key",
        first: str = "",
        **more: Any,
    ) -> None:
        cls.what, cls.hints, cls.spreads, cls.unknown = what or cls.what, dict(hints or {}), short, unknown
        named = [(info.alias or name, info) for name, info in cls.model_fields.items() if name != "where"]
        cls.keys = dict(sorted(named, key=lambda each: each[0] != first))
        known = {name: info.json_schema_extra for name, info in cls.keys.items()}
        cls._required = tuple(name for name, each in known.items() if isinstance(each, Key) and each.required)
        cls._was = {old: name for name, each in known.items() if isinstance(each, Key) for old in each.was}

    @classmethod
    def read(cls, node: Node, findings: list[Finding], name: str = "") -> Self | None:
        """What is at `node`, which is called `name`; None if it is not a group of keys."""
        if isinstance(node, Faulty):
            return None
        reading = Reading(findings)
        while True:
            try:
                return cls.model_validate(node, context=reading)
            except ValidationError as error:
                for each in error.errors(include_url=False, include_input=False):
                    findings.append(each["ctx"]["say"](_key_of(each["loc"]) or name))
                    reading.faulty.add(id(each["ctx"]["node"]))
                if id(node) in reading.faulty:
                    return None

    @model_validator(mode="before")
    @classmethod
    def _of_node(cls, node: Any, info: ValidationInfo) -> Any:
        if type(node) is Scalar and cls.spreads:
            kind, spread = cls.spreads
            values = {name: Known(value) for name, value in spread(kind.of(node)).items()}
            return {**values, "where": Where(node.line, dict.fromkeys(values, node.line))}
        if type(node) is not MappingNode:
            raise wrong_kind(node, f"{an(cls.what)} with its keys", f"Its keys are: {', '.join(cls.keys)}.")
        reading: Reading = info.context  # type: ignore[assignment]
        lines: dict[str, int] = {}
        given: dict[str, Any] = {}
        empty = set()
        excused: set[str] = set()  # keys whose absence another finding explains
        unknown = 0
        for entry in node.entries:
            name = entry.key
            if name not in cls.keys:
                unknown += name not in cls._was
                name = cls._other_name(entry, node, unknown, reading, excused)
                if name in lines or name not in cls.keys:
                    continue
            lines[name] = entry.line
            value = entry.value
            if _says_nothing(value, name in cls._required):
                empty.add(name)
                if name in cls._required:
                    message = f"`{name}` of this {cls.what} is empty."
                    reading.says(Finding(entry.line, "missing-key", message, f"Write it after `{name}:`."))
            elif type(value) is not Faulty and id(value) not in reading.faulty:
                given[name] = value
        for name in cls._required:
            if name not in lines and name not in excused:
                doc, inner = cls.keys[name].description, cls.keys[name].annotation
                keys = inner._required if isinstance(inner, type) and issubclass(inner, Definition) else ()
                example = f"{{{', '.join(f'{each}: ...' for each in keys)}}}" if keys else "..."
                hint = f"Add `{name}: {example}`" + (f": {doc}." if doc else ".")
                reading.says(Finding(node.line, "missing-key", f"This {cls.what} has no `{name}`.", hint))
        given["where"] = where = Where(node.line, lines, frozenset(empty), unknown)
        for finding in cls.beside(where):
            reading.says(finding)
        return given

    @classmethod
    def _other_name(cls, entry: Entry, node: MappingNode, unknown: int, reading: Reading, excused: set[str]) -> str:
        """Says that a key is unknown, or an old name; returns the key that is meant, "" for none."""
        written = entry.key
        if written in cls._was:
            name = cls._was[written]
            hint = f"Write `{name}:` instead; the old name is still read."
            if any(each.key == name for each in node.entries):
                message = f"`{written}` is the old name of `{name}`, and both are here."
                reading.says(Finding(entry.line, "yaml-duplicate-key", message, "Keep one of the two."))
                return ""
            reading.says(Finding(entry.line, "old-key", f"`{written}` is now `{name}`.", hint))
            return name
        if written == "<<" and isinstance(entry.value, Faulty):  # a merge key, and none in quotation marks
            excused |= set(cls.keys)
            return ""
        if isinstance(entry.value, Faulty) or not cls.unknown:  # its fault is a finding already
            return ""
        odd = written in cls.hints or unknown > _FEW_UNKNOWN or len(written) > _LONGEST_KEY
        found = None if odd else nearest(written, cls.keys)
        hint = cls.hints.get(written) or (
            f"Did you mean `{found}`?" if found else f"Known keys: {', '.join(cls.keys)}."
        )
        message = f"`{shown(written)}` is not a key of {an(cls.what)}."
        reading.says(Finding(entry.line, cls.unknown, message, hint))
        there = {each.key for each in node.entries}
        if found is None or found not in cls._required or found in there:
            return ""
        excused.add(found)
        return found

    @classmethod
    def cells(cls) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The keys that are columns of a table: those of one value, and those of several in a cell."""
        one, several = [], []
        for name, info in [*cls.keys.items(), *((old, cls.keys[new]) for old, new in cls._was.items())]:
            if info.metadata and hasattr(info.metadata[0], "expected"):
                one.append(name)
            elif (inner := get_args(info.annotation)) and hasattr(inner[0], "__metadata__"):
                several.append(name)
        return tuple(one), tuple(several)

    @classmethod
    def beside(cls, where: Where) -> Iterable[Finding]:
        """What is wrong with the keys taken together."""
        return ()

    def line_of(self, name: str) -> int:
        """The line of a key; that of the group where it was not given."""
        return self.where.lines.get(name, self.where.line)

    def __contains__(self, name: str) -> bool:
        """Whether a key was given a value that could be read."""
        return name in self.model_fields_set

    def values(self) -> dict[str, Any]:
        """The values that could be read, by their keys, in the order of the file."""
        names = {info.alias: name for name, info in type(self).model_fields.items() if info.alias}
        order = [(key, names.get(key, key)) for key in self.where.lines]
        return {key: getattr(self, name) for key, name in order if name in self.model_fields_set}

    @classmethod
    def _shape(cls, schema: Schema) -> None:
        """The JSON Schema of an editor: no key that is unknown, and which must be there."""
        schema.pop("title", None)
        schema.pop("description", None)
        schema["properties"].pop("where", None)
        schema["additionalProperties"] = False
        if cls._required:
            schema["required"] = list(cls._required)
        if cls.spreads:
            record = dict(schema)
            schema.clear()
            schema["anyOf"] = [record, cls.spreads[0].schema()]


def plain_values(value: Any) -> Any:
    """Values as plain data: text, numbers, lists and mappings."""
    if isinstance(value, Definition):
        return plain_values(value.values())
    if isinstance(value, Mapping):
        return {key: plain_values(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [plain_values(each) for each in value]
    if isinstance(value, Enum):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


@cache
def _names(noun: type) -> frozenset[str]:
    return frozenset(each.name for each in fields(noun))


def noun(of: type[Noun], given: Definition, **more: Any) -> Noun:
    """A noun of `model` from the values of the same names, with `more`."""
    names = _names(of)  # type: ignore[arg-type]
    same = {name: getattr(given, name) for name in given.model_fields_set if name in names}
    return of(**{**same, **more})


def _key_of(location: tuple[int | str, ...]) -> str:
    """The key at which an error stands, whatever list or alternative of values it is in."""
    return next((each for each in reversed(location) if isinstance(each, str) and not each.startswith(BRANCH)), "")


def an(what: str) -> str:
    """`what` with its article."""
    return f"{'an' if what[:1] in 'aeio' else 'a'} {what}"


def shown(text: str) -> str:
    """`text` short enough for a sentence, without anything invisible."""
    visible = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text.strip()[:60])
    return visible + ("..." if len(text.strip()) > 60 else "")


def json_schema(definition: type[Definition]) -> Schema:
    """JSON Schema (2020-12) of a group as an editor's YAML 1.2 parser sees it, whole and without references."""
    schema = definition.model_json_schema()
    groups = schema.pop("$defs", {})
    return _whole(schema, groups)  # type: ignore[no-any-return]


def _whole(schema: Any, groups: Mapping[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_whole(each, groups) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        rest = {name: each for name, each in schema.items() if name != "$ref"}
        return {**rest, **_whole(groups[schema["$ref"].rpartition("/")[2]], groups)}
    found = {name: _whole(each, groups) for name, each in schema.items()}
    if "properties" in found:
        required = found.get("required", ())
        for name, each in found["properties"].items():
            found["properties"][name] = _property(each, name in required)
    return found


def _says_nothing(value: Node, is_required: bool) -> bool:
    """Whether it counts as not given: nothing, or an empty list where something has to be."""
    if type(value) is Scalar:
        return value.is_null or not value.text.strip()
    return is_required and type(value) is Sequence and not value.items


def _property(schema: Schema, required: bool) -> Schema:
    """The schema of a key's value, without what pydantic makes of its name and type."""
    schema.pop("title", None)
    for each in (schema, *schema.get("anyOf", ())) if required else ():
        if each.get("type") == "array":
            each["minItems"] = 1
    if schema.get("anyOf", ())[1:] == [{"type": "null"}]:
        schema |= schema.pop("anyOf")[0]
    return schema if required else nullable(schema)


def nullable(schema: Schema) -> Schema:
    """`schema`, where nothing may be written too."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], None]}
    kinds = schema.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return {**schema, "type": [*kinds, *([] if "null" in kinds else ["null"])]}
