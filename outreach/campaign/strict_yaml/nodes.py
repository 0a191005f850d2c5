"""What a YAML file is made of, each piece with the line (from 1) on which it begins."""

from __future__ import annotations

from typing import NamedTuple, Union


class Scalar(NamedTuple):
    """One value as written; `plain` means that it stands without quotation marks."""

    text: str
    plain: bool
    line: int

    @property
    def is_null(self) -> bool:
        """Whether nothing is written here: no value, `~` or `null`."""
        return self.plain and self.text in ("", "~", "null")


class Sequence(NamedTuple):
    items: tuple[Node, ...]
    line: int


class Entry(NamedTuple):
    """`key: value`; `line` is the key's."""

    key: str
    line: int
    value: Node


class Mapping(NamedTuple):
    entries: tuple[Entry, ...]
    line: int


class Faulty(NamedTuple):
    """Something whose fault is already a finding: whoever reads it says nothing more."""

    line: int


Node = Union[Scalar, Sequence, Mapping, Faulty]  # noqa: UP007 - the classes above refer to it by name


def kind_of(node: Node) -> str:
    """What `node` is, as a campaigner would say it."""
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Mapping):
        return "a group of keys"
    return "one value"
