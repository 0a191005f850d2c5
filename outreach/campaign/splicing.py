"""Single entries of a YAML file changed: theirs is the only text that is written again, every other byte stays.

An entry is a key with its value, or an item of a list, that begins on a line of its own; for keys between braces it
is the entry around them. ruamel.yaml reads and writes it, so that its comments and quotation marks stay too.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingOf
from enum import Enum
from functools import partial
from typing import Any, Final, NamedTuple

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from outreach.campaign.strict_yaml import Mapping, Node, Scalar, read_yaml
from outreach.campaign.strict_yaml import Sequence as SequenceNode
from outreach.campaign.writing import OneLine, comments_of, document, ruamel, scalar, text_of, tree_of

_LINE_END = re.compile(r"(\r\n|\r|\n)")
_MOST_KEYS = 1_000_000
Step = str | int
Change = Callable[[Any], Any]


class Removed(Enum):
    """The value of a key that is to go."""

    REMOVED = "removed"


REMOVED: Final = Removed.REMOVED


class Lossy(Exception):
    """A comment would be lost."""


class _Edit(NamedTuple):
    """Lines `begin` to `until` (from 1) become `lines`; none are replaced where `until` is before `begin`."""

    begin: int
    until: int
    lines: list[str]


class _Span(NamedTuple):
    """Lines of an entry, and the column of its key or, in a list, of its dash (-1: the file)."""

    begin: int
    until: int
    column: int


def changed(
    text: str,
    path: tuple[Step, ...],
    changes: MappingOf[str, Any],
    *,
    order: Sequence[str] | None = (),
    apart: bool = False,
) -> str | None:
    """`text` with other values for some keys of the group at `path` (keys, and places in lists).

    The place behind the last item of a list is that of a new one.

    New keys come behind those that are before them in `order`, None being that of the alphabet, and each behind an
    empty line if they stand `apart`. The answer is None if a comment would be lost, or the file is written in a
    form that is not understood.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    parts = _LINE_END.split(text.removeprefix(mark))
    lines, ends = parts[::2], [*parts[1::2], ""]
    node, findings = read_yaml("\n".join(lines), most_keys=_MOST_KEYS)
    if any(finding.code != "yaml-comment" for finding in findings):
        return None
    try:
        edits = _Splicer(lines, changes, order, apart).edits(node, path)
    except (Lossy, YAMLError):
        return None
    usual = Counter(ends[:-1]).most_common(1)[0][0] if len(ends) > 1 else "\n"
    for begin, until, written in sorted(edits, key=lambda edit: edit.begin, reverse=True):
        new = [usual] * len(written)
        if written and until == len(lines):  # what ends the file has no more of an end than before
            new[-1], before = (ends[-1], "") if until >= begin else (ends[-1], usual)
            if before and lines[-1]:
                ends[-1] = before
        lines[begin - 1 : until], ends[begin - 1 : until] = written, new
    after, _ = read_yaml("\n".join(lines), most_keys=_MOST_KEYS)
    if _without(after, path, changes) != _without(node, path, changes):
        return None
    return mark + "".join(line + end for line, end in zip(lines, ends, strict=True))


class _Splicer:
    def __init__(
        self, lines: list[str], changes: MappingOf[str, Any], order: Sequence[str] | None, apart: bool
    ) -> None:
        self._gap = [""] if apart else []
        self._lines = lines
        self._changes = changes
        self._order = order

    def edits(self, root: Node | None, path: tuple[Step, ...]) -> list[_Edit]:
        """The edits that make the changes."""
        last = len(self._lines) - (self._lines[-1] == "")
        if root is None or (isinstance(root, Scalar) and not root.text):
            return [_Edit(last + 1, last, document(_nested(path, self._changes)).splitlines())]
        span = _Span(1, last, -1)
        found = self._inside(root, span, path)
        return [self._again(span, lambda tree: self._apply(tree, path))] if found is None else found

    def _inside(self, node: Node, holder: _Span, path: tuple[Step, ...]) -> list[_Edit] | None:
        """The edits in what an entry holds; None if it is between brackets, or is one value."""
        if isinstance(node, Mapping) and (spans := self._keys(node, holder)):
            if not path:
                return self._of_keys(spans)
            span = spans.get(str(path[0]))
            if span is None:
                values = _nested(path[1:], self._changes)
                return self._new({str(path[0]): values}, spans)
            value: Node = next(each.value for each in node.entries if each.key == path[0])
            key = str(path[0])
            change: Change = lambda tree: _with(tree, key, self._apply(tree[key], path[1:], key))  # noqa: E731
        elif isinstance(node, SequenceNode) and path and (items := self._items(node, holder)):
            if int(path[0]) == len(items):
                return [self._item(items[-1], path[1:])]
            span, value = items[int(path[0])], node.items[int(path[0])]
            change = lambda tree: self._apply(tree, path[1:])  # noqa: E731
        else:
            return None
        inner = self._inside(value, span, path[1:])
        return [self._again(span, change)] if inner is None else inner

    def _keys(self, node: Mapping, holder: _Span) -> dict[str, _Span]:
        """The spans of the keys, none if they are not below one another."""
        columns = {self._begin(each.line, each.key) for each in node.entries}
        begins = [each.line for each in node.entries]
        column = columns.pop() if len(columns) == 1 else None
        if column is None or column <= holder.column or len({*begins}) < len(begins) or self._in_brackets(begins[0]):
            return {}
        if holder.column >= 0 and begins[0] == holder.begin and not self._is_dash(holder):
            return {}
        ends = [*(line - 1 for line in begins[1:]), holder.until]
        spans = zip(begins, ends, strict=True)
        found = [_Span(begin, self._trimmed(begin, end, column), column) for begin, end in spans]
        return {each.key: span for each, span in zip(node.entries, found, strict=True)}

    def _items(self, node: SequenceNode, holder: _Span) -> list[_Span]:
        """The spans of the items, none if they are not below one another."""
        begins = [each.line for each in node.items]
        columns = {len(line) - len(line.lstrip()) for line in (self._lines[begin - 1] for begin in begins)}
        dashed = all(re.match(r"\s*-\s", self._lines[begin - 1]) for begin in begins)
        if not dashed or len(columns) != 1 or len({*begins}) < len(begins) or begins[0] == holder.begin > 1:
            return []
        column = columns.pop()
        ends = [*(line - 1 for line in begins[1:]), holder.until]
        spans = zip(begins, ends, strict=True)
        return [_Span(begin, self._trimmed(begin, end, column), column) for begin, end in spans]

    def _item(self, last: _Span, path: tuple[Step, ...]) -> _Edit:
        """A new item, behind the last one of its list."""
        written = text_of(tree_of([_nested(path, self._changes)]), ruamel(dashes_in=0)).splitlines()
        return _Edit(last.until + 1, last.until, [f"{' ' * last.column}{line}" if line else "" for line in written])

    def _begin(self, number: int, key: str) -> int | None:
        """The column at which a key begins its line; None if something else is before it."""
        line = self._lines[number - 1]
        column = len(re.match(r"\s*(?:-\s+)?", line)[0])  # type: ignore[index]
        return column if line[column : column + 1] in ('"', "'") or line.startswith(key, column) else None

    def _is_dash(self, span: _Span) -> bool:
        return self._lines[span.begin - 1][span.column : span.column + 1] == "-"

    def _in_brackets(self, number: int) -> bool:
        before = (line.strip() for line in reversed(self._lines[: number - 1]))
        line = next((line for line in before if line and not line.startswith("#")), "")
        return line.endswith(("{", "[")) and not self._lines[number - 1].lstrip().startswith("-")

    def _trimmed(self, begin: int, end: int, column: int) -> int:
        """The last line without empty ones and comments that belong to what follows."""
        while end > begin:
            line = self._lines[end - 1]
            stripped = line.lstrip()
            if stripped and not (stripped.startswith("#") and len(line) - len(stripped) <= column):
                break
            end -= 1
        return end

    def _of_keys(self, spans: dict[str, _Span]) -> list[_Edit]:
        plain = self._in_one_line(spans)
        edits = self._whole(plain, spans)
        for key, value in self._changes.items():
            if key not in spans or key in plain:
                continue
            span = spans[key]
            lines = self._lines[span.begin - 1 : span.until]
            if value is not REMOVED:
                edits.append(self._again(span, partial(_renewed, key=key, value=value)))
            elif any(comments_of(lines)) or lines[0][: span.column].strip():
                raise Lossy  # the comment, or the dash of the item
            else:
                edits.append(_Edit(span.begin, span.until, []))
        new = {key: value for key, value in self._changes.items() if key not in spans and value is not REMOVED}
        return [*edits, *self._new(new, spans)]

    def _in_one_line(self, spans: dict[str, _Span]) -> dict[str, Any]:
        """Changes that are written again whole, all at once: what is in one line, without a comment."""
        return {
            key: value
            for key, value in self._changes.items()
            if isinstance(value, OneLine)
            and (span := spans.get(key)) is not None
            and not any(comments_of(self._lines[span.begin - 1 : span.until]))
            and not self._lines[span.begin - 1][: span.column].strip()
        }

    def _whole(self, values: MappingOf[str, Any], spans: dict[str, _Span]) -> list[_Edit]:
        found = zip(values, self._written(values, spans), strict=True)
        return [_Edit(spans[key].begin, spans[key].until, lines) for key, lines in found]

    def _written(self, values: MappingOf[str, Any], spans: dict[str, _Span]) -> list[list[str]]:
        """The lines of each value, as deep as the keys that are there."""
        if not values:
            return []
        column = next(iter(spans.values())).column
        tree = CommentedMap({_key(key): tree_of(each, key=key, indent=column) for key, each in values.items()})
        entries = _entries(text_of(tree, ruamel()).splitlines())
        return [[f"{' ' * column}{line}" if line else "" for line in lines] for lines in entries]

    def _new(self, values: MappingOf[str, Any], spans: dict[str, _Span]) -> list[_Edit]:
        """Lines for new keys, behind the keys that they follow."""
        if not values:
            return []
        order = sorted({*spans, *values}, key=str.casefold) if self._order is None else list(self._order)
        at = {name: number for number, name in enumerate(order)}
        others = max((span.until for name, span in spans.items() if name not in at), default=0)
        # For each key the last line of all that are before it in the order.
        untils = (spans[name].until if name in spans else 0 for name in order)
        before = list(itertools.accumulate(untils, max, initial=others))
        places: dict[int, list[tuple[int, list[str]]]] = {}
        for key, lines in zip(values, self._written(values, spans), strict=True):
            last = before[at.get(key, -1)]
            after = last or self._before(next(iter(spans.values())))
            places.setdefault(after, []).append((at.get(key, -1), [*self._gap, *lines]))
        return [
            _Edit(after + 1, after, [line for _, lines in sorted(new, key=lambda each: each[0]) for line in lines])
            for after, new in places.items()
        ]

    def _before(self, first: _Span) -> int:
        """The line behind which a key comes that belongs before the first one, and before what is said of that."""
        if self._lines[first.begin - 1][: first.column].strip():
            return first.until  # the dash of the item is there
        after = first.begin - 1
        while first.column and self._lines[after - 1].lstrip().startswith("#"):
            after -= 1
        return after

    def _again(self, span: _Span, change: Change) -> _Edit:
        """The entry as ruamel writes it, changed."""
        lines = self._lines[span.begin - 1 : span.until]
        column = max(span.column, 0)
        prefix = lines[0][:column]
        if self._is_dash(span) and span.column >= 0:
            prefix = re.match(r"\s*-\s+", lines[0])[0]  # type: ignore[index]
            column = len(prefix)
        cut = [lines[0][len(prefix) :]]
        cut += [line[column:] if not line[:column].strip() else line.lstrip() for line in lines[1:]]
        dashes = next((len(line) - len(line.lstrip()) for line in cut[1:] if line.lstrip().startswith("- ")), 2)
        writer = ruamel(dashes_in=min(dashes, 4))
        tree = writer.load("\n".join(cut) + "\n")
        written = text_of(change(tree), writer).rstrip("\n").split("\n")
        if Counter(comments_of(cut)) - Counter(comments_of(written)):
            raise Lossy
        more = [f"{' ' * column}{line}" if line else "" for line in written[1:]]
        return _Edit(span.begin, span.until, [prefix + written[0], *more])

    def _apply(self, tree: Any, path: tuple[Step, ...], key: str = "") -> Any:
        """ruamel's tree with the changes in the group at `path`."""
        flow = isinstance(tree, CommentedMap | CommentedSeq) and bool(tree.fa.flow_style())
        if not isinstance(tree, CommentedMap) or (path and path[0] not in tree):
            if isinstance(tree, CommentedSeq) and path:
                if path[0] == len(tree):
                    tree.append(tree_of(_nested(path[1:], self._changes), flow=flow))
                    return tree
                tree[path[0]] = self._apply(tree[path[0]], path[1:])
                return tree
            values = _nested(path, self._changes)
            if not isinstance(tree, CommentedMap):
                return tree_of(values, key=key, indent=0)
            tree[_key(str(path[0]))] = tree_of(values[str(path[0])], key=str(path[0]), indent=2, flow=flow)
        elif path:
            tree[path[0]] = self._apply(tree[path[0]], path[1:], str(path[0]))
        else:
            for name, value in self._changes.items():
                if value is REMOVED:
                    tree.pop(name, None)
                elif name in tree:
                    tree[name] = _merged(tree[name], value, name, flow)
                else:
                    tree[_key(name)] = tree_of(value, key=name, indent=2, flow=flow)
        return tree


def _with(tree: CommentedMap, key: str, value: Any) -> CommentedMap:
    tree[key] = value
    return tree


def _renewed(tree: CommentedMap, *, key: str, value: Any) -> CommentedMap:
    return _with(tree, key, _merged(tree[key], value, key))


def _merged(old: Any, new: Any, key: str, flow: bool = False) -> Any:
    """ruamel's tree of `new`, with what did not change as it is in `old`."""
    if isinstance(old, CommentedMap) and isinstance(new, MappingOf) and new:
        flow = bool(old.fa.flow_style())
        for name in [name for name in old if name not in new]:
            del old[name]
        for name, value in new.items():
            if name in old:
                old[name] = _merged(old[name], value, name, flow)
            else:
                old[_key(name)] = tree_of(value, key=name, indent=4, flow=flow)
        return old
    if isinstance(old, CommentedSeq) and isinstance(new, list | tuple) and new:
        flow = bool(old.fa.flow_style()) and not any(isinstance(each, MappingOf) for each in new)
        if flow == bool(old.fa.flow_style()):
            del old[len(new) :]
            for at, value in enumerate(new):
                if at < len(old):
                    old[at] = _merged(old[at], value, "", flow)
                else:
                    old.append(tree_of([value], key=key, indent=2, flow=flow)[0])
            return old
    if old is None and new is None:
        return old
    written = scalar(new, key=key, flow=flow) if not isinstance(new, MappingOf | list | tuple) else None
    if isinstance(old, str) and written is not None and str(old) == str(new):
        return old
    return tree_of(new, key=key, indent=0, flow=flow)


def _key(name: str) -> Any:
    return next(iter(tree_of({name: ""}, flow=True)))


def _nested(path: tuple[Step, ...], changes: MappingOf[str, Any]) -> dict[str, Any]:
    """The changes as the value of what is at the beginning of `path`."""
    values = {key: value for key, value in changes.items() if value is not REMOVED}
    for step in reversed(path):
        values = {str(step): values}
    return values


def _entries(lines: list[str]) -> list[list[str]]:
    """The lines of a document, entry by entry."""
    found: list[list[str]] = []
    for line in lines:
        if line[:1] not in ("", " "):
            found.append([])
        found[-1].append(line)
    return found


def _without(node: Node | None, path: tuple[Step, ...], changes: MappingOf[str, Any]) -> Any:
    """What the file says beside the changes; an empty group on the way to them is as good as none."""
    if isinstance(node, Mapping):
        inner = [(each.key, each.value) for each in node.entries if path or each.key not in changes]
        found = [(key, _without(each, path[1:], changes) if path[:1] == (key,) else _said(each)) for key, each in inner]
        return tuple((key, each) for key, each in sorted(found, key=lambda each: each[0]) if each is not None) or None
    if isinstance(node, SequenceNode) and path:
        items = (
            _without(each, path[1:], changes) if at == path[0] else (_said(each),) for at, each in enumerate(node.items)
        )
        return tuple(each for each in items if each is not None) or None
    return None if node is None or isinstance(node, Scalar) else _said(node)


def _said(node: Node) -> Any:
    """A node without its lines."""
    if isinstance(node, Mapping):
        return tuple(sorted((each.key, _said(each.value)) for each in node.entries))
    if isinstance(node, SequenceNode):
        return tuple(_said(each) for each in node.items)
    return (node.text, node.plain) if isinstance(node, Scalar) else None
