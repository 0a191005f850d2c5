"""Plain data -> YAML in the style of the house, which our reading and every YAML 1.1 reader take for the same.

What could be taken for something else (`NO`, `12:30`, `01067`, `"@name"`) stands in quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import yaml
from yaml.resolver import Resolver

WIDTH = 110
_PLAIN = re.compile(r"[^\W_](?:[^\n\t\x00-\x1f\"`\\]*[^\s:\"`\\])?")
_NUMBER_LIKE = re.compile(r"[-+.\d][\d_.,:eExXoO+-]*")
_TIMES = re.compile(r"\d\d-\d\d|\d\d:\d\d-\d\d:\d\d")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_DAY_KEYS = frozenset("collected_on start until from to by agreed_on at".split())
"""Keys whose day stands without quotation marks: every reader of the key takes it for a day."""
_STRANGE = re.compile(
    "[\x00-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ue000-\uf8ff\ufeff\ufff0-\uffff]"
)
_resolver = Resolver()


def scalar(value: Any, *, key: str = "", flow: bool = False) -> str:
    """One value on one line; `flow` where it will stand between `{}` or `[]`."""
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
    return text if _is_plain(text, flow) else _quoted(text)


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


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(c) or (_escaped(c) if _STRANGE.match(c) else c) for c in text) + '"'


def _escaped(character: str) -> str:
    point = ord(character)
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def key_of(name: str) -> str:
    """A key, in quotation marks where it needs them."""
    return scalar(str(name), flow=True)


def flow(value: Any, key: str = "") -> str:
    """A value on one line: `{email: a@b.example, role: press}`, `[one, two]`, or a scalar."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key_of(name)}: {flow(each, name)}" for name, each in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(flow(each) for each in value) + "]"
    return scalar(value, key=key, flow=True)


def entry(key: str, value: Any, indent: int = 0) -> list[str]:
    """The lines of `key: value`, in block style where one line would be long; without line ends."""
    head = f"{' ' * indent}{key_of(key)}:"
    if isinstance(value, Mapping):
        return _mapping(head, value, indent)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _sequence(head, value, indent)
    if isinstance(value, str):
        return _text(head, value, key, indent)
    return [f"{head} {scalar(value, key=key)}"]


def _mapping(head: str, value: Mapping[str, Any], indent: int) -> list[str]:
    nested = any(isinstance(each, Mapping | list | tuple) for each in value.values())
    line = f"{head} {flow(value)}"
    if not value or (indent and not nested and len(line) <= WIDTH):
        return [line]
    return [head, *(line for name, each in value.items() for line in entry(str(name), each, indent + 2))]


def _sequence(head: str, value: Sequence[Any], indent: int) -> list[str]:
    line = f"{head} {flow(value)}"
    if not value or (len(line) <= WIDTH and not any(isinstance(each, Mapping) for each in value)):
        return [line]
    return [head, *(line for each in value for line in item(each, indent + 2))]


def item(value: Any, indent: int) -> list[str]:
    """The lines of one item of a list, `- ` before it."""
    space = " " * indent
    line = f"{space}- {flow(value)}"
    deep = isinstance(value, Mapping) and any(_is_long(each) for each in value.values())
    if not isinstance(value, Mapping) or not value or (len(line) <= WIDTH and not deep):
        return [line]
    lines = [line for name, each in value.items() for line in entry(str(name), each, indent + 2)]
    return [f"{space}- {lines[0].lstrip()}", *lines[1:]]


def _is_long(value: Any) -> bool:
    nested = isinstance(value, list | tuple) and any(isinstance(each, Mapping) for each in value)
    return nested or (isinstance(value, str) and "\n" in value)


def _text(head: str, text: str, key: str, indent: int) -> list[str]:
    line = f"{head} {scalar(text, key=key)}"
    if "\n" not in text and len(line) <= WIDTH:
        return [line]
    if _STRANGE.search(text.replace("\n", "")) or text != text.strip() or not text:
        return [line]
    space = " " * (indent + 2)
    lines = text.split("\n")
    if any(each[:1] in (" ", "\t") or each != each.rstrip() for each in lines) or "\t" in text:
        return [line] if lines[0][:1].isspace() else [f"{head} |-", *_indented(lines, space)]
    if all(each == "" for each in lines[1::2]) and len(lines) % 2:
        return [f"{head} >-", *_folded(lines[::2], space)]
    if len(lines) == 1:
        return [f"{head} >-", *_folded(lines, space)]
    return [f"{head} |-", *_indented(lines, space)]


def _indented(lines: Sequence[str], space: str) -> list[str]:
    return [f"{space}{line}" if line else "" for line in lines]


def _folded(paragraphs: Sequence[str], space: str) -> Iterator[str]:
    """Paragraphs with one empty line between them, wrapped where one space stands; read back they are the same."""
    for at, paragraph in enumerate(paragraphs):
        if at:
            yield from ("", "")
        yield from _wrapped(paragraph, space)


def _wrapped(paragraph: str, space: str) -> list[str]:
    words = re.split(r"(?<! ) (?! )", paragraph)
    lines, line = [], words[0]
    for word in words[1:]:
        if len(line) + 1 + len(word) > WIDTH - len(space):
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}"
    return [f"{space}{each}" for each in [*lines, line]]


def document(values: Mapping[str, Any]) -> str:
    """A whole file: each key in its order."""
    return "".join(f"{line}\n" for name, each in values.items() for line in entry(str(name), each))
