"""Values put into a campaign.yaml that a person wrote: its lines and comments stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from outreach.campaign.splicing import changed
from outreach.campaign.strict_yaml import Mapping as MappingNode
from outreach.campaign.strict_yaml import Node, Scalar, read_yaml
from outreach.campaign.strict_yaml import Sequence as SequenceNode
from outreach.campaign.text import normal
from outreach.campaign.values.plain import free_value
from outreach.model.records import dataclass

Outcome = Literal["added", "there", "differs"]


@dataclass(frozen=True, kw_only=True)
class Put:
    """The file's text with a value at `path`, or without it: `there` already, or it `differs` from what stands."""

    text: str
    outcome: Outcome
    path: tuple[str, ...]
    standing: Any = None


def put(text: str, path: tuple[str, ...], value: Any, *, replace: bool = False) -> list[Put]:
    """`text` with `value` at `path`: missing keys are added, lists are added to, a mapping is put key by key.

    A value that is there already stays, unless `replace` says that nobody wrote it. The last Put has the text.
    """
    if isinstance(value, Mapping) and value and _is_mapping(text, path):
        done: list[Put] = []
        for key, each in value.items():
            done += put(done[-1].text if done else text, (*path, str(key)), each, replace=replace)
        return done
    there, rest = _walk(text, path)
    if there is None:
        return [Put(text=text, outcome="differs", path=path)]
    standing = _value_of(there, rest[0])
    if standing is None or (isinstance(standing, Scalar) and standing.is_null):
        nested = value
        for each in reversed(rest[1:]):
            nested = {each: nested}
        return [_written(text, path[: len(path) - len(rest)], rest[0], nested, path)]
    if len(rest) > 1:
        return [Put(text=text, outcome="differs", path=path, standing=plain(standing))]
    if isinstance(value, list | tuple) and not replace:
        return _into_list(text, path, standing, value)
    if said(plain(standing)) == said(value):
        return [Put(text=text, outcome="there", path=path)]
    if replace:
        return [_written(text, path[:-1], rest[0], value, path)]
    return [Put(text=text, outcome="differs", path=path, standing=plain(standing))]


def _is_mapping(text: str, path: tuple[str, ...]) -> bool:
    there, rest = _walk(text, path)
    return there is not None and len(rest) == 1 and isinstance(_value_of(there, rest[0]), MappingNode)


def _walk(text: str, path: tuple[str, ...]) -> tuple[MappingNode | None, tuple[str, ...]]:
    """The deepest group on the way that is there, and the rest of the way from it."""
    node, _ = read_yaml(normal(text))
    if node is None or (isinstance(node, Scalar) and not node.text):
        node = MappingNode((), 1)
    if not isinstance(node, MappingNode):
        return None, path
    for at, key in enumerate(path[:-1]):
        inner = _value_of(node, key)
        if not isinstance(inner, MappingNode):
            return node, path[at:]
        node = inner
    return node, path[-1:]


def _value_of(node: MappingNode, key: str) -> Node | None:
    return next((each.value for each in node.entries if each.key == key), None)


def plain(node: Node) -> Any:
    """A node as plain data, its numbers as numbers."""
    if isinstance(node, MappingNode):
        return {each.key: plain(each.value) for each in node.entries}
    if isinstance(node, SequenceNode):
        return [plain(each) for each in node.items]
    return free_value(node.text, node.plain) if isinstance(node, Scalar) else None


def said(value: Any) -> Any:
    """`value` so that what means the same is the same, however it was written."""
    if isinstance(value, Mapping):
        return {str(key): said(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [said(each) for each in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _written(text: str, group: tuple[str, ...], key: str, value: Any, path: tuple[str, ...]) -> Put:
    """`key: value` in the group; what is new in the file stands apart."""
    done = changed(text, group, {key: value}, apart=not group)
    if done is None:
        there, rest = _walk(text, (*group, key))
        standing = _value_of(there, key) if there is not None and len(rest) == 1 else None
        return Put(text=text, outcome="differs", path=path, standing=plain(standing) if standing else None)
    return Put(text=done, outcome="added", path=path)


def _into_list(text: str, path: tuple[str, ...], standing: Node, values: Sequence[Any]) -> list[Put]:
    there = plain(standing) if isinstance(standing, SequenceNode) else [plain(standing)]
    new, differing = [], []
    for value in values:
        twin = next((each for each in there if _same_item(each, value)), None)
        if twin is None:
            new.append(value)
        elif _binding(twin) != _binding(value):
            differing.append(Put(text=text, outcome="differs", path=(*path, _name_of(value)), standing=twin))
    if not new:
        return [*differing, Put(text=text, outcome="there", path=path)]
    return [*differing, _written(text, path[:-1], path[-1], [*there, *new], path)]


def _name_of(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    return str(next((value[key] for key in ("id", "name", "from") if key in value), next(iter(value.values()), "")))


def _binding(value: Any) -> Any:
    """What of an item has an effect: of two reasons for one span of days, the first will do."""
    return (
        {key: each for key, each in said(value).items() if key != "why"} if isinstance(value, Mapping) else said(value)
    )


def _same_item(one: Any, other: Any) -> bool:
    """Whether two items are one: by their `id`, `name` or days where they have such, else if they are equal."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for keys in (("id",), ("name",), ("from", "to")):
            if all(key in one and key in other for key in keys):
                return all(said(one[key]) == said(other[key]) for key in keys)
    return bool(said(one) == said(other))
