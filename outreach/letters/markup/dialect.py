"""What campaigners type, put as strictly as the `markdown` package wants it.

That package follows the Markdown of 2004. People write as their editors and forges taught them, so
here, and never inside code: a list may follow a paragraph's line without a blank line between; two
spaces nest a list; `•` and `1)` are list markers; a line that was left short ends there ("Best
regards," and "Alex" stay two lines); `#word` is not a heading and `--` above a signature underlines none.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple

from outreach.letters.markup.letters import Letters

SHORT = 40
"""A line of fewer characters was ended on purpose."""
VALUE = 12
"""What one value counts for in a line's length, in characters."""
DEEPEST = 10
"""Lists and quotes nested deeper than that are not told apart."""

_ITEM = re.compile(r"(?P<marker>[-*+•]|(?P<number>\d{1,9})[.)])(?P<gap> +)(?=\S)")
_RULE = re.compile(r"([-*_])(?: *\1){2,} *$")
_HEADING = re.compile(r"#{1,6}(?: |$)")
_HASHTAG = re.compile(r"#{1,6}[^#\s]")
_FENCE = re.compile(r"(`{3,}|~{3,})[^`]*$")
_UNDERLINE = re.compile(r"(?:=+|-+) *$")
_SIGNATURE = re.compile(r"-- *$")
_SEPARATOR = re.compile(r"(?=[^|]*\|)(?=[|:\- ]*+$)[|: ]*+-")
_QUOTE = re.compile(r"> ?")
_DEFINITION = re.compile(r"\[[^\]]+\]: *\S")


class _Last(Enum):
    """What the line before was."""

    BLANK = auto()
    TEXT = auto()
    CODE = auto()
    OTHER = auto()


class _Item(NamedTuple):
    """An open list item: the column of its marker, that of its content, and its kind."""

    marker: int
    content: int
    ordered: bool


def strict(letters: Letters) -> str:
    """The source of `letters`, in Markdown that the `markdown` package reads as it was meant."""
    source = letters.source.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    return "\n".join(_Reader(source.split("\n"), letters, 0).read())


class _Reader:
    """Reads the lines of one container: the letter, or what a quote holds."""

    def __init__(self, lines: list[str], letters: Letters, level: int) -> None:
        self.lines = lines
        self.letters = letters
        self.level = level
        self.out: list[str] = []
        self.items: list[_Item] = []
        self.last = _Last.BLANK
        self.short = False

    def read(self) -> list[str]:
        index = 0
        while index < len(self.lines):
            index = self._block(index)
        return self.out

    def _block(self, index: int) -> int:
        """Reads what starts at line `index`; returns the index of the line after it."""
        line = self.lines[index]
        body = line.lstrip(" ")
        indent = len(line) - len(body)
        if not body.strip():
            self._emit("", _Last.BLANK)
        elif not self.items and indent >= 4 and self.last in (_Last.BLANK, _Last.CODE):
            self._emit(line, _Last.CODE)
        elif fence := _FENCE.match(body):
            return self._fence(index, indent, fence[1])
        elif self._is_table(index, indent):
            return self._table(index)
        elif body.startswith(">") and self.level < DEEPEST:
            return self._quote(index, indent)
        elif not ((item := _ITEM.match(body)) and not _RULE.match(body) and self._item(body, indent, item)):
            self._text(body, indent)
        return index + 1

    def _emit(self, line: str, last: _Last) -> None:
        self.out.append(line)
        self.last = last

    def _part(self) -> None:
        """A blank line, so that what comes is not read as part of what was."""
        if self.last is not _Last.BLANK:
            self._emit("", _Last.BLANK)

    def _close(self, indent: int) -> _Item | None:
        """Ends the items that a block at column `indent` is not part of; returns the outermost."""
        ended = None
        while self.items and indent < self.items[-1].marker + 2:
            ended = self.items.pop()
        return ended

    @property
    def _inside(self) -> str:
        return "    " * min(len(self.items), DEEPEST)

    def _item(self, body: str, indent: int, found: re.Match[str]) -> bool:
        """Writes a list item, unless the line only looks like one ("... in\\n2014. That was")."""
        ordered = found["number"] is not None
        fresh = not self.items
        if fresh and self.last is _Last.TEXT and ordered and int(found["number"]) != 1:
            return False
        sibling = self._close(indent)
        if fresh or (sibling and sibling.ordered != ordered):
            self._part()
        marker = f"{found['number']}." if ordered else "-"
        content = body[found.end() :]
        if _HASHTAG.match(content):
            content = "\\" + content
        self._emit(f"{self._inside}{marker} {content}", _Last.TEXT)
        self.short = self._is_short(body)
        gap = len(found["gap"]) if len(found["gap"]) <= 4 else 1
        self.items.append(_Item(indent, indent + len(found["marker"]) + gap, ordered))
        return True

    def _text(self, body: str, indent: int) -> None:
        starts = bool(_HEADING.match(body) or (_RULE.match(body) and not self._underlines(body)))
        if self.items and (starts or self.last is not _Last.TEXT):
            self._close(indent)
            if not self.items:
                self._part()
        if self.items and self.last is not _Last.TEXT and indent >= self.items[-1].content + 4:
            self._emit(self._inside + " " * (indent - self.items[-1].content) + body, _Last.CODE)
        elif starts:
            self._emit(self._inside + body, _Last.OTHER)
            self._part()  # else the package splits what follows once for each heading
        elif self._underlines(body):
            self._emit(self._inside + body, _Last.OTHER)
            self._part()  # as above
        elif _DEFINITION.match(body):
            self._emit(self._inside + body, _Last.OTHER)
        else:
            self._ordinary(body)

    def _ordinary(self, body: str) -> None:
        if self.last is _Last.TEXT and self.short and not self.out[-1].endswith("  "):
            self.out[-1] += "  "
        if _SIGNATURE.match(body) or _HASHTAG.match(body):
            body = "\\" + body
        self._emit(self._inside + body, _Last.TEXT)
        self.short = self._is_short(body)

    def _underlines(self, body: str) -> bool:
        """Whether this line makes the one before a heading."""
        return self.last is _Last.TEXT and bool(_UNDERLINE.match(body)) and not _SIGNATURE.match(body)

    def _is_short(self, body: str) -> bool:
        return len(body.rstrip()) + (VALUE - 1) * self.letters.within(body) < SHORT

    def _quote(self, index: int, indent: int) -> int:
        """Reads a run of quoted lines as a letter of their own."""
        if self.items:
            self._close(indent)
        self._part()
        quoted = []
        while index < len(self.lines) and self.lines[index].lstrip(" ").startswith(">"):
            quoted.append(_QUOTE.sub("", self.lines[index].lstrip(" "), count=1))
            index += 1
        for line in _Reader(quoted, self.letters, self.level + 1).read():
            self._emit(f"{self._inside}> {line}" if line else f"{self._inside}>", _Last.OTHER)
        return index

    def _fence(self, index: int, indent: int, fence: str) -> int:
        """Reads a fenced block; one that is never closed ends with its container."""
        if self.items:
            self._close(indent)
        self._part()
        closing = re.compile(rf" *{re.escape(fence[0])}{{{len(fence)},}} *$")
        end = index + 1
        while end < len(self.lines) and not closing.match(self.lines[end]):
            end += 1
        code = [re.sub(f"^ {{0,{indent}}}", "", line) for line in self.lines[index + 1 : end]]
        if self.items or self.level:
            # The package knows fences in neither lists nor quotes, but indented code in both.
            code = [f"{self._inside}    {line}" if line.strip() else "" for line in code]
        else:
            code = [fence, *code, fence]
        self.out += [*code, ""]
        self.last = _Last.BLANK
        return end + 1

    def _is_table(self, index: int, indent: int) -> bool:
        if "|" not in self.lines[index] or index + 1 == len(self.lines):
            return False
        inside = self.items and indent >= self.items[-1].marker + 2
        return not inside and bool(_SEPARATOR.match(self.lines[index + 1]))

    def _table(self, index: int) -> int:
        self.items.clear()
        self._part()
        while index < len(self.lines) and self.lines[index].strip():
            self._emit(self.lines[index].strip(), _Last.OTHER)
            index += 1
        return index
