"""Plain data -> YAML, by ruamel.yaml; what could be taken for something else (`NO`, `12:30`, `01067`) is quoted.

Our reading and every reader of YAML 1.1 take what is written here for the same text.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.emitter import RoundTripEmitter, ScalarAnalysis
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, FoldedScalarString, LiteralScalarString
from ruamel.yaml.tag import Tag
from yaml.resolver import Resolver

WIDTH = 110
_PLAIN = re.compile(r"[^\W_](?:[^\n\t\x00-\x1f\"`\\]*[^\s:\"`\\])?")
_NUMBER_LIKE = re.compile(r"[-+.\d][\d_.,:eExXoO+-]*")
_TIMES = re.compile(r"\d\d-\d\d|\d\d:\d\d-\d\d:\d\d")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_DAY_KEYS = frozenset("collected_on not_before start until from to by agreed_on at on".split())
"""Keys whose day stands without quotation marks: every reader of the key takes it for a day."""
_STRANGE = re.compile(
    "[\x00-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ue000-\uf8ff\ufeff\ufff0-\uffff]"
)
_resolver = Resolver()
_TEXT, _NOTHING = Tag(suffix="tag:yaml.org,2002:str"), Tag(suffix="tag:yaml.org,2002:null")
_COMMENT = re.compile(r"""^\s*(#.*)|(?:(?<=[\s{\[,])(?:"(?:[^"\\]|\\.)*"|'[^']*')|\S|\s(?!\#))*+\s(\#.*)""")
"""A comment on a line of its own, or behind a value in whose quotation marks a `#` is one of its characters."""
_BLOCK_TEXT = re.compile(r"(?:^|[:\s-]\s)[>|][-+0-9]*(?:\s+#.*)?$")
_ORDINARY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 .@/_+()-]*[A-Za-z0-9.])?")
"""Text that may stand anywhere without quotation marks, as far as its characters go."""
_ITEM = "\0"
"""Stands for the key of what is an item of a list."""


class OneLine(dict[str, Any]):
    """A group that is between braces, however long."""


class _Text(VersionedResolver):
    """Everything is text, as it is written: a file's own `NO` or `01067` is written back without a thought."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        """The tag of a value; only where nothing is written, it is null."""
        if kind is ScalarNode and implicit[0]:
            return _TEXT if value else _NOTHING
        return super().resolve(kind, value, implicit)


class _Representer(RoundTripRepresenter):
    """Gives all texts one tag, since ruamel.yaml decodes the name of each tag again."""

    def represent_scalar(self, tag: Any, *args: Any, **named: Any) -> ScalarNode:
        """The node of a text or a number."""
        return super().represent_scalar(_TEXT if tag == _TEXT.suffix else tag, *args, **named)


class _Emitter(RoundTripEmitter):
    """Writes what nobody sees as an escape, and each key on the line of its value.

    Ordinary text, which is nearly all there is, is not looked at letter by letter: that took half of a large import.
    """

    def check_simple_key(self) -> bool:
        """Whether a key needs no `? ` before it."""
        return True

    def analyze_scalar(self, scalar: str) -> ScalarAnalysis:
        """In which styles a text may stand."""
        if not _ORDINARY.fullmatch(scalar):
            looked: ScalarAnalysis = super().analyze_scalar(scalar)
            return looked
        return ScalarAnalysis(scalar, False, False, True, True, True, True, True)

    def write_plain(self, text: str, split: bool = True) -> None:
        """A text without quotation marks, on one line."""
        if self.root_context or not _ORDINARY.fullmatch(text):
            super().write_plain(text, split)
        else:
            self.write_indicator(text, True)

    def write_double_quoted(self, text: str, split: bool = True) -> None:
        self.write_indicator(quoted(text), True)


def ruamel(*, dashes_in: int = 2) -> YAML:
    """ruamel.yaml as it is used here; `dashes_in` is how far the items of a list stand in."""
    writer = YAML(typ="rt", pure=True)
    writer.Resolver = _Text
    writer.Representer, writer.Emitter = _Representer, _Emitter
    writer.preserve_quotes = True
    writer.brace_single_entry_mapping_in_flow_sequence = True
    writer.width = 1_000_000  # lines are folded here, so that nothing else is
    writer.indent(mapping=2, sequence=dashes_in + 2, offset=dashes_in)
    return writer


def text_of(tree: Any, writer: YAML) -> str:
    """The lines of ruamel's tree."""
    out = io.StringIO()
    writer.dump(tree, out)
    return out.getvalue()


def document(values: Mapping[str, Any]) -> str:
    """A whole file: each key in its order."""
    return text_of(tree_of(values, top=True), ruamel()) if values else ""


def scalar(value: Any, *, key: str = "", flow: bool = False) -> str:
    """One value on one line; `flow` where it will be between `{}` or `[]`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    if key in _DAY_KEYS and (_DAY.fullmatch(text) or _TIMES.fullmatch(text)):
        return text
    return text if _is_plain(text, flow) else quoted(text)


@lru_cache(maxsize=4096)
def _is_plain(text: str, flow: bool) -> bool:
    if not _PLAIN.fullmatch(text) or _STRANGE.search(text) or ": " in text or " #" in text:
        return False
    if flow and (re.search(r"[,\[\]{}:?]", text) or text[:1] in "?&*!|>%@"):
        return False
    if _NUMBER_LIKE.fullmatch(text) and not _TIMES.fullmatch(text):
        return False
    if text.casefold() in ("y", "n") or len(text) > 400:
        return False
    tag = _resolver.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return bool(tag == "tag:yaml.org,2002:str")


_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}


def quoted(text: str) -> str:
    """`text` in quotation marks, on one line."""
    return '"' + "".join(_ESCAPES.get(c) or (_escaped(c) if _STRANGE.match(c) else c) for c in text) + '"'


def _escaped(character: str) -> str:
    point = ord(character)
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def _in_line(value: Any, key: str = "") -> str:
    """The value on one line, by which it is decided whether it will be on one."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key_of(name)}: {_in_line(each, name)}" for name, each in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_in_line(each) for each in value) + "]"
    return scalar(value, key=key, flow=True)


def key_of(name: str) -> str:
    """A key, in quotation marks where it needs them."""
    return scalar(str(name), flow=True)


def tree_of(value: Any, *, key: str = "", indent: int = 0, flow: bool = False, top: bool = False) -> Any:
    """ruamel's tree of a value under `key`, each part of it in the style in which it stands best.

    `indent` is the column of what holds it, `flow` says that that is between brackets, `top` that it is a file.
    """
    if isinstance(value, Mapping):
        return _mapping(value, key, indent, flow or isinstance(value, OneLine), top)
    if isinstance(value, list | tuple):
        return _list(value, key, indent, flow)
    if isinstance(value, str) and not flow:
        return _text(value, key, indent)
    return _styled(scalar(value, key=key, flow=flow), value)


def _styled(written: str, value: Any) -> Any:
    return DoubleQuotedScalarString(value) if written.startswith('"') else written


def _mapping(value: Mapping[str, Any], key: str, indent: int, flow: bool, top: bool) -> CommentedMap:
    nested = any(isinstance(each, Mapping | list | tuple) for each in value.values())
    in_item = key == _ITEM
    deep = any(_is_long(each) for each in value.values()) if in_item else nested
    fits = len(f"{' ' * indent}- {_in_line(value)}" if in_item else _head(key, indent) + _in_line(value)) <= WIDTH
    tree = CommentedMap()
    flow = flow or not value or (not top and fits and not deep and (in_item or indent > 0))
    for name, each in value.items():
        written = key_of(name)
        tree[_styled(written, name)] = tree_of(each, key=str(name), indent=indent + (0 if top else 2), flow=flow)
    if flow:
        tree.fa.set_flow_style()
    return tree


def _list(value: Sequence[Any], key: str, indent: int, flow: bool) -> CommentedSeq:
    fits = len(_head(key, indent) + _in_line(value)) <= WIDTH
    flow = flow or key == _ITEM or not value or (fits and not any(isinstance(each, Mapping) for each in value))
    tree = CommentedSeq([tree_of(each, key="" if flow else _ITEM, indent=indent + 2, flow=flow) for each in value])
    if flow:
        tree.fa.set_flow_style()
    return tree


def _head(key: str, indent: int) -> str:
    return f"{' ' * indent}{key_of(key)}: "


def _is_long(value: Any) -> bool:
    nested = isinstance(value, list | tuple) and any(isinstance(each, Mapping) for each in value)
    return nested or (isinstance(value, str) and "\n" in value)


def _text(text: str, key: str, indent: int) -> Any:
    """A text on its line, or below it where it is long: folded where that is read back as it was."""
    written = scalar(text, key=key)
    line = _head(key, indent) + written
    lines = text.split("\n")
    short = key == _ITEM or (len(lines) == 1 and len(line) <= WIDTH)
    if short or not text or text != text.strip() or _STRANGE.search(text.replace("\n", "")):
        return _styled(written, text)
    if any(each[:1] in (" ", "\t") or each != each.rstrip() for each in lines) or "\t" in text:
        return _styled(written, text) if lines[0][:1].isspace() else LiteralScalarString(text)
    if len(lines) == 1 or (len(lines) % 2 and not any(lines[1::2])):
        return _folded(text, indent + 2)
    return LiteralScalarString(text)


def _folded(text: str, indent: int) -> Any:
    """The text, folded at single spaces, so that it is read back as it was."""
    begin = 0
    folds = []
    spaces = [found.start() for found in re.finditer(r"(?<![ \n]) (?![ \n])|\n|\Z", text)]
    for at, following in pairwise(spaces):
        if text[at] == "\n":
            begin = at + 1
        elif following - begin > WIDTH - indent:
            folds.append(at)
            begin = at + 1
    folded: Any = FoldedScalarString(text)
    folded.fold_pos = folds
    return folded


def comments_of(lines: list[str]) -> Iterator[str]:
    """Every comment of lines of YAML; a line of a text below `>` or `|` is none."""
    text: int | None = None
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if text is not None and (not line.strip() or indent > text):
            continue
        text = indent if _BLOCK_TEXT.search(line) else None
        if found := _COMMENT.match(line):
            yield (found[1] or found[2]).rstrip()
