"""Parse events -> nodes, one pass without recursion; what is legal YAML but not ours is a finding."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

import yaml

from outreach.campaign.findings import Finding
from outreach.campaign.strict_yaml.faults import LOADER, SyntaxFault, fault_of
from outreach.campaign.strict_yaml.lines import parts_of, quoted, with_value_quoted
from outreach.campaign.strict_yaml.nodes import Entry, Faulty, Mapping, Node, Scalar, Sequence


class Frame:
    """A collection that is being read."""

    __slots__ = ("event", "faulty", "items", "key", "key_event", "keys", "last", "merging")

    def __init__(self, event: Any, is_mapping: bool) -> None:
        self.event = event
        self.items: list[Any] = []
        self.keys: dict[str, int] | None = {} if is_mapping else None
        self.key: str | None = None
        self.key_event: Any = None
        self.merging = False  # whether the key is `<<` without quotation marks
        self.faulty = False
        self.last: Any = None  # the event of the value read last


DEEPEST = 20
MOST_KEYS = 20_000  # of one mapping
_HOPELESS = 100  # deeper than this the parser itself becomes slow, and newer ones of libyaml's give up


def compose(
    text: str, offset: int = 0, most_keys: int = MOST_KEYS
) -> tuple[Node | None, list[Finding], SyntaxFault | None]:
    """The root of `text`, what is wrong in it, and where it stopped being YAML (None: nowhere).

    `offset` is added to every line of nodes and findings, not to those of the SyntaxFault.
    """
    composer = _Composer(text, offset, most_keys)
    try:
        for event in yaml.parse(text, Loader=LOADER):
            if not composer.take(event):
                break
    except yaml.YAMLError as error:
        fault = fault_of(error, text)
        if not composer.ends_at_depth(fault):
            return None, composer.all_findings(), fault
    return composer.root, composer.all_findings(), None


class _Composer:
    def __init__(self, text: str, offset: int, most_keys: int) -> None:
        self.findings: list[Finding] = []
        self.root: Node | None = None
        self._text = text
        self._most_keys = most_keys
        self._offset = offset + 1
        self._stack: list[Frame] = []
        self._depth_skipped = 0
        self._documents = 0
        self._shared: dict[int, Finding] = {}  # the first anchor or alias of each item of the file
        self._merged: set[int] = set()
        self._said: set[tuple[int, str, str]] = set()
        lines = self.lines if "#" in text else ()  # fixed files are read again and again: megabytes pass fast
        self._hashes = frozenset(n for n, line in enumerate(lines) if "#" in line and SUSPECT_COMMENT.search(line))

    @cached_property
    def lines(self) -> list[str]:
        return self._text.split("\n")

    def take(self, event: Any) -> bool:
        """Reads one event; False ends the reading."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            if not self._depth_skipped:
                return self._scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            return self._begin(event, kind is yaml.MappingStartEvent)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._end(event)
        elif kind is yaml.AliasEvent:
            self._alias(event)
        elif kind is yaml.DocumentStartEvent:
            return self._document(event)
        return True

    def all_findings(self) -> list[Finding]:
        """Everything found; what is shared is one mistake of each contact, in which it is used."""
        return self.findings + [f for item, f in self._shared.items() if item not in self._merged]

    @property
    def _item(self) -> int:
        """Which item of a list at the root is being read (0 if there is none)."""
        root = self._stack[0] if self._stack else None
        return len(root.items) if root is not None and root.keys is None else 0

    def _anchored(self, event: Any) -> bool:
        """Whether `event` has an anchor, which then is said once for each item."""
        if event.anchor is None:
            return False
        self._share(event.start_mark.line, "Anchors (`&name`) and aliases (`*name`)", "&")
        return True

    def _share(self, line: int, what: str, sign: str) -> None:
        """Say of this item that something in it is shared, unless that was said."""
        if self._item not in self._shared:
            hint = self._quoted_line(
                line, f"Write the value out; if the `{sign}` was meant as text, put it in quotation marks"
            )
            message = f"{what} are not used in campaign files."
            self._shared[self._item] = Finding(line + self._offset, "yaml-alias", message, hint)

    def _document(self, event: Any) -> bool:
        self._documents += 1
        if self._documents < 2:
            return True
        message = "A second document begins here (`---`); a file holds one."
        self._add(event.start_mark.line, "yaml-syntax", message, "Remove the line, or make two files.")
        return False

    def _scalar(self, event: Any) -> bool:
        """Reads a key or a value; False ends the reading."""
        line = event.start_mark.line
        frame = self._stack[-1] if self._stack else None
        anchored = self._anchored(event)
        if frame is not None and frame.keys is not None and frame.key_event is None:
            return self._key(frame, event)
        node: Node = Scalar(event.value, not event.style, line + self._offset)
        if anchored:
            node = Faulty(line + self._offset)
        elif event.tag is not None:
            node = self._tagged(event)
        elif not event.style and event.end_mark.line in self._hashes:
            finding = beside_comment(self.lines[event.end_mark.line], event, self._offset)
            if finding is not None:
                self.findings.append(finding)
                node = Faulty(node.line) if not event.value else node
        if frame is None or not self._is_torn(frame, event):
            self._give(node, event)
        return True

    def _key(self, frame: Frame, event: Any) -> bool:
        assert frame.keys is not None
        line = event.start_mark.line
        frame.key_event, key = event, event.value
        frame.merging = key == "<<" and not event.style
        if event.tag is not None:
            self._tagged(event)
            frame.key = None
        elif frame.merging:
            message = "The merge key `<<` is not used in campaign files."
            self._merged.add(self._item)
            self._add(line, "yaml-merge-key", message, "Write the keys out where they belong.")
            frame.key = "<<"
        elif not key.strip():
            self._add(line, "yaml-syntax", "This is a value without a key.", "Write `key: value`.")
            frame.key = None
        elif key in frame.keys:
            message = f"`{key}` is here twice; the first is in line {frame.keys[key]}."
            self._add(line, "yaml-duplicate-key", message, "Keep one of the two.")
            frame.key = None
        elif len(frame.keys) >= self._most_keys:
            self._add(
                line, "yaml-depth", f"This part has more than {self._most_keys:,} keys.", "Split it into several files."
            )
            self._depth_skipped, frame.faulty = 1, True
            return self._give_up()
        else:
            frame.keys[key] = line + self._offset
            frame.key = key
        return True

    def _tagged(self, event: Any) -> Faulty:
        line = event.start_mark.line
        hint = "If the `!` was meant as text, put the value in quotation marks"
        self._add(line, "yaml-tag", "Tags (`!name`) are not used in campaign files.", hint, quoted=True)
        return Faulty(line + self._offset)

    def _alias(self, event: Any) -> None:
        if self._depth_skipped:
            return
        line = event.start_mark.line
        frame = self._stack[-1] if self._stack else None
        if frame is None or not frame.merging:
            self._share(line, "Aliases (`*name`) and anchors (`&name`)", "*")
        if frame is not None and frame.keys is not None and frame.key_event is None:
            frame.key_event, frame.key, frame.merging = event, None, False
            return
        self._give(Faulty(line + self._offset), event)

    def _begin(self, event: Any, is_mapping: bool) -> bool:
        if self._depth_skipped:
            self._depth_skipped += 1
            return self._depth_skipped < _HOPELESS or self._give_up()
        if len(self._stack) >= DEEPEST:
            self._refuse_depth(event.start_mark.line)
        else:
            self._stack.append(Frame(event, is_mapping))
        return True

    def _end(self, event: Any) -> None:
        if self._depth_skipped:
            self._depth_skipped -= 1
            if not self._depth_skipped:
                self._close(Faulty(event.start_mark.line + self._offset), event)
            return
        frame = self._stack.pop()
        start = frame.event.start_mark
        line = start.line + self._offset
        node: Node
        if self._anchored(frame.event):
            node = Faulty(line)
        elif frame.event.tag is not None:
            node = self._tagged(frame.event)
        elif frame.faulty or (frame.event.flow_style and self._comment_inside(start.line, event.end_mark.line)):
            node = Faulty(line)
        elif frame.keys is None:
            node = Sequence(tuple(frame.items), line)
        else:
            node = Mapping(tuple(frame.items), line)
        self._close(node, frame.event)

    def _refuse_depth(self, line: int) -> None:
        message = f"This is nested more than {DEEPEST} levels deep."
        self._add(line, "yaml-depth", message, "Campaign files need four levels at most.")
        self._depth_skipped = 1
        own = 2 if self._stack and self._stack[0].keys is None else 1
        for frame in self._stack[own:]:  # the value that is so deep, but not its contact
            frame.faulty = True

    def ends_at_depth(self, fault: SyntaxFault) -> bool:
        """Whether the parser stopped at what is too deep; it looks ahead, so that may be the first heard of it."""
        if not self._depth_skipped:
            if "nesting depth" not in fault.problem:
                return False
            self._refuse_depth(fault.line)
        if self._stack:
            self._give_up()
        return True

    def _give_up(self) -> bool:
        """Closes everything that is open, so that what was read so far counts."""
        innermost = self._stack[-1]
        if innermost.keys is None or innermost.key_event is not None:
            self._give(Faulty(innermost.event.start_mark.line + self._offset), innermost.event)
        while self._stack:
            frame = self._stack.pop()
            line = frame.event.start_mark.line + self._offset
            items = tuple(frame.items)
            whole = Sequence(items, line) if frame.keys is None else Mapping(items, line)
            self._close(Faulty(line) if frame.faulty else whole, frame.event)
        return False

    def _close(self, node: Node, event: Any) -> None:
        """Hands a finished collection to the one around it, where it may wrongly stand as a key."""
        frame = self._stack[-1] if self._stack else None
        if frame is None or frame.keys is None or frame.key_event is not None:
            self._give(node, event)
            return
        line = event.start_mark.line
        if self.lines[line][event.start_mark.column :].startswith("{") and frame.event.flow_style:
            message = "Put a value that begins with `{{` in quotation marks."
            self._add(line, "yaml-unquoted", message, "", quoted=True)
        elif not isinstance(node, Faulty):
            message = "A key has to be one word, not a list or a group of keys."
            self._add(line, "yaml-syntax", message, "Write `key: value`.")
        frame.key_event, frame.key = event, None
        frame.faulty = bool(frame.event.flow_style)

    def _give(self, node: Node, event: Any) -> None:
        if not self._stack:
            self.root = node
            return
        frame = self._stack[-1]
        frame.last = event
        if frame.keys is None:
            frame.items.append(node)
            return
        if frame.key is not None:
            value = Faulty(node.line) if frame.merging else node
            frame.items.append(Entry(frame.key, frame.key_event.start_mark.line + self._offset, value))
        frame.key_event, frame.key, frame.merging = None, None, False

    def _is_torn(self, frame: Frame, event: Any) -> bool:
        """Whether this empty value follows a key without `:`, of a value that an unquoted comma tore apart."""
        key: Any = frame.key_event
        if event.style or event.value or type(key) is not yaml.ScalarEvent or not frame.event.flow_style:
            return False
        last: Any = key.end_mark
        hint = torn_by_comma(self.lines[last.line], key, event, frame.last)
        if hint is None:
            return False
        self._add(last.line, "yaml-unquoted", "An unquoted comma tears this value apart.", hint)
        frame.key_event = frame.key = None
        return True

    def _comment_inside(self, begin: int, end: int) -> bool:
        """Whether a `#word` inside a list of several lines was swallowed as a comment."""
        for number in range(begin, end):
            if number in self._hashes and COMMENT_IN_FLOW.search(self.lines[number]):
                self.findings.append(swallowed_in_flow(self.lines[number], number + self._offset))
                return True
        return False

    def _quoted_line(self, line: int, sentence: str) -> str:
        return f"{sentence}{': ' if sentence else ''}{(with_value_quoted(self.lines[line]) or '').strip()}"

    def _add(self, line: int, code: str, message: str, hint: str, *, quoted: bool = False) -> None:
        """Note a mistake, once for each line; the hint of a `quoted` one shows the line as it should be."""
        if (line, code, message) not in self._said:
            self._said.add((line, code, message))
            hint = self._quoted_line(line, hint) if quoted else hint
            self.findings.append(Finding(line + self._offset, code, message, hint))


SUSPECT_COMMENT = re.compile(r"(?<![^\s\[,{:-])#\w")  # its rarest character first
COMMENT_IN_FLOW = re.compile(r"(?:^|[\[,{:])\s*#\w")
_VALUE = re.compile(r"[ \t]*#(?=\w)")
_COLON = re.compile(r"\s*:")
_LONGEST_SHOWN = 1000
_REST = re.compile(r"[ \t]+#(?=\w)")


def beside_comment(line: str, event: Any, offset: int) -> Finding | None:
    """What a `#word` after the plain scalar of `event`, in its last line, takes away."""
    mark = event.end_mark
    if event.value and _REST.match(line, mark.column):
        message = "Everything after the `#` is a comment, and is ignored."
        return Finding(mark.line + offset, "yaml-comment", message, (with_value_quoted(line) or "").strip())
    if not event.value and _VALUE.match(line, mark.column):
        message = "The value begins with an unquoted `#`, so it is read as a comment and lost."
        return Finding(mark.line + offset, "yaml-unquoted", message, (with_value_quoted(line) or "").strip())
    return None


def swallowed_in_flow(line: str, number: int) -> Finding:
    """A `#word` inside a list of several lines."""
    parts = parts_of(line)
    hint = "Put it in quotation marks."
    if not parts.key and parts.value.startswith("#"):
        hint = (parts.lead + quoted(parts.value.rstrip(",")) + ",").strip()
    message = "An unquoted `#` begins a comment, so this value is lost."
    return Finding(number, "yaml-unquoted", message, hint)


def torn_by_comma(line: str, key: Any, value: Any, before: Any) -> str | None:
    """How to fix an empty `value` whose `key`, in `{...}`, has no `:`: the end of the unquoted value `before`."""
    mark = key.end_mark
    if mark.index != value.start_mark.index or _COLON.match(line, mark.column):
        return None
    begin = getattr(before, "start_mark", None)
    if begin is None or begin.line != mark.line or getattr(before, "style", True) or len(line) > _LONGEST_SHOWN:
        return "Put a value that holds a comma in quotation marks."
    torn = line[begin.column : mark.column]
    return (line[: begin.column] + quoted(torn) + line[mark.column :]).strip()
