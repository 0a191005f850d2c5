"""Broken YAML: find the line where the mistake is, and go on as if it had been fixed.

A parser says where it could not go on, which may be far from the mistake. So likely fixes of the
lines around are tried, and the one after which the parser comes further names the mistake.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from outreach.campaign.findings import Finding
from outreach.campaign.strict_yaml.events import MOST_KEYS, compose
from outreach.campaign.strict_yaml.faults import SyntaxFault, first_fault
from outreach.campaign.strict_yaml.lines import (
    parts_of,
    reason,
    with_flow_fixed,
    with_quotes_fixed,
    with_value_quoted,
)
from outreach.campaign.strict_yaml.nodes import Node

_FIXES = 25
_TRIES = 40
_EFFORT = 20_000_000  # characters parsed again for one mistake, so that a huge broken file ends soon
_LINES_BACK = 300
_LONG = 24  # a value of so many characters is rather a text that runs on than a short one
_UNTEXTUAL = tuple("-@`%*&!|>[{\"'#?,")
_SEPARATORS = {0x2028: " ", 0x2029: " "}


class _Fix(NamedTuple):
    at: int
    lines: list[str]
    code: str
    message: str
    hint: str
    drops: bool = False  # whether the line is left out


def read_yaml(text: str, first_line: int = 1, *, most_keys: int = MOST_KEYS) -> tuple[Node | None, list[Finding]]:
    """The root of `text` (None if it is empty or beyond repair) and everything wrong in it.

    `first_line` is the line of the file on which `text` begins, `most_keys` how many one mapping may
    have. Where a mistake could be fixed, the nodes are those of the fixed text, so that the rest can
    still be looked at.
    """
    text, fixed = _without_separators(text, first_line)
    lines = text.split("\n")
    tries = 0
    while True:
        node, found, fault = compose("\n".join(lines), first_line - 1, most_keys)
        if fault is None:
            return node, sorted([*fixed, *found])
        tries += 1
        fix = _fix(lines, fault) if tries <= _FIXES else None
        if fix is None:
            fixed.append(_unfixed(lines, fault, first_line))
            return None, sorted([*fixed, *(f for f in found if f.line < fault.line + first_line)])
        if all(finding.line != fix.at + first_line for finding in fixed):  # one line, one mistake
            fixed.append(Finding(fix.at + first_line, fix.code, fix.message, fix.hint))
        lines = fix.lines


def _without_separators(text: str, first_line: int) -> tuple[str, list[Finding]]:
    """YAML 1.1 takes U+2028 and U+2029 for line ends, which no editor shows: they are refused."""
    if "\u2028" not in text and "\u2029" not in text:
        return text, []
    findings = [
        Finding(number, "unsafe-text", "This line holds an invisible line separator.", "Type the line again.")
        for number, line in enumerate(text.split("\n"), start=first_line)
        if "\u2028" in line or "\u2029" in line
    ]
    return text.translate(_SEPARATORS), findings


def _unfixed(lines: list[str], fault: SyntaxFault, first_line: int) -> Finding:
    keyless = "could not find expected ':'" in fault.problem
    index = min(fault.begun if keyless else fault.line, len(lines) - 1)
    while index > 0 and not lines[index].strip():
        index -= 1
    message = f"This is not YAML: {fault.problem or fault.context}."
    return Finding(index + first_line, "yaml-syntax", message, "Look at the indentation, quotes and brackets here.")


def _fix(lines: list[str], fault: SyntaxFault) -> _Fix | None:
    """The first fix after which everything can be read, else the one that lets most be read."""
    size = sum(map(len, lines)) + 1
    best: tuple[tuple[bool, tuple[int, int, int]], _Fix] | None = None
    for fix in islice(_candidates(lines, fault), max(6, min(_TRIES, _EFFORT // size))):
        after = first_fault("\n".join(fix.lines))
        if after is None and not fix.drops:
            return fix
        reached = _place(after) if after else (len(lines), len(lines), 0)
        if reached <= _place(fault) or reached[1] <= fix.at:
            continue
        rank = (not fix.drops, reached)  # what leaves a line out is the last resort
        if best is None or rank > best[0]:
            best = rank, fix
    return best[1] if best else None


def _place(fault: SyntaxFault) -> tuple[int, int, int]:
    """How far the parser understood: an open quote or bracket runs on, but was understood where it began."""
    runs_on = "quoted scalar" in fault.context or "flow" in fault.context
    return (fault.begun if runs_on else fault.line), fault.line, fault.column


def _candidates(lines: list[str], fault: SyntaxFault) -> Iterator[_Fix]:
    if any(line.startswith("\t") or "\t" in parts_of(line).lead for line in lines[fault.begun : fault.line + 1]):
        yield from _untabbed(lines)
    for index in _suspects(lines, fault):
        yield from _fixes_of(lines, index, fault.line, near=index in (fault.line, fault.begun))


def _suspects(lines: list[str], fault: SyntaxFault) -> list[int]:
    """The lines to look at: where the parser stopped, where its construct began, then backwards."""
    last = min(fault.line, len(lines) - 1)
    order = [last, fault.begun, *range(last - 1, max(-1, last - _LINES_BACK), -1)]
    return [index for index in dict.fromkeys(order) if 0 <= index < len(lines) and lines[index].strip()]


def _fixes_of(lines: list[str], index: int, fault_line: int, near: bool) -> Iterator[_Fix]:
    line = lines[index]
    if (fixed := with_quotes_fixed(line)) is not None:
        yield _unquoted(lines, index, fixed)
    if (fixed := with_flow_fixed(line)) is not None:
        yield _flow(lines, index, fixed)
    if not near:
        if index == fault_line - 1:
            yield from _respaced(lines, index)
        return
    yield from _run_on(lines, index)
    if parts_of(line).key and (fixed := with_value_quoted(line)) is not None:
        yield _unquoted(lines, index, fixed)
    yield from _respaced(lines, index)
    yield from _reindented(lines, index)
    if not parts_of(line).key:
        if line.lstrip()[:1] in _UNTEXTUAL and (fixed := with_value_quoted(line)) is not None:
            yield _unquoted(lines, index, fixed)
        message = "This line has no `key:` in front of it."
        hint = "Write `key: value`, or indent the line if it continues the text above."
        yield _Fix(index, _replaced(lines, index, ""), "yaml-syntax", message, hint, drops=True)


def _replaced(lines: list[str], index: int, line: str) -> list[str]:
    return [*lines[:index], line, *lines[index + 1 :]]


def _unquoted(lines: list[str], index: int, fixed: str) -> _Fix:
    return _Fix(index, _replaced(lines, index, fixed), "yaml-unquoted", reason(lines[index]), fixed.strip())


def _flow(lines: list[str], index: int, fixed: str) -> _Fix:
    code, message = "yaml-unquoted", reason(lines[index])
    if fixed.startswith(lines[index].rstrip()):
        code, message = "yaml-syntax", "A bracket that opens in this line is not closed."
    return _Fix(index, _replaced(lines, index, fixed), code, message, fixed.strip())


def _run_on(lines: list[str], index: int) -> Iterator[_Fix]:
    """An unquoted text over several lines, one of which holds a `: `."""
    begin = index
    while begin > 0 and _is_continuation(lines, begin):
        begin -= 1
    head = parts_of(lines[begin])
    if begin == index or not head.key or not head.value or head.value[0] in "\"'[{|>":
        return
    if " " not in parts_of(lines[index]).key.strip() and len(head.value) < _LONG:
        return  # rather a key that is indented too far
    end = index
    while end + 1 < len(lines) and lines[end + 1].strip() and _width(lines[end + 1]) >= _width(lines[index]):
        end += 1
    run = [head.value, *(line.strip() for line in lines[begin + 1 : end + 1])]
    fixed = f"{head.lead}{head.key}>-"
    indented = [f"{' ' * (len(head.lead) + 2)}{text}" for text in run[1:]]
    first = f"{' ' * (len(head.lead) + 2)}{run[0]}"
    # One line more than before: the joined first line keeps the numbers of those that follow.
    joined = [fixed, f"{first} {indented[0].strip()}", *indented[1:]]
    yield _Fix(
        index,
        [*lines[:begin], *joined, *lines[end + 1 :]],
        "yaml-unquoted",
        "An unquoted `: ` inside a text of several lines breaks it.",
        f"Begin the text with `{fixed.strip()}` and put all of it, indented, on the lines below.",
    )


def _is_continuation(lines: list[str], index: int) -> bool:
    line = lines[index]
    before = parts_of(lines[index - 1])
    return (bool(line.strip()) and "-" not in parts_of(line).lead and _width(line) > len(before.lead)) or (
        bool(line.strip()) and not before.key and _width(line) == _width(lines[index - 1])
    )


def _width(line: str) -> int:
    return len(line) - len(line.lstrip())


def _untabbed(lines: list[str]) -> Iterator[_Fix]:
    """Every tab in the indentation as two spaces: one mistake, whatever the number of lines."""
    tabbed = [index for index, line in enumerate(lines) if "\t" in line[: _width(line)]]
    if not tabbed:
        return
    for width in (2, 4):
        untabbed = [line[: _width(line)].replace("\t", " " * width) + line.lstrip() for line in lines]
        hint = f"Indent with spaces: {untabbed[tabbed[0]].rstrip()}"
        yield _Fix(tabbed[0], untabbed, "yaml-syntax", "This line is indented with a tab.", hint)


def _respaced(lines: list[str], index: int) -> Iterator[_Fix]:
    """`key:value` without the space, which YAML does not take for a key."""
    lead, key, value, tail = parts_of(lines[index])
    name, colon, rest = value.partition(":")
    if not key and colon and rest and name.replace("_", "").replace("-", "").isalnum():
        fixed = f"{lead}{name}: {rest}{tail}"
        message = "A space is missing after the `:`, so this line is not read as a key."
        yield _Fix(index, _replaced(lines, index, fixed), "yaml-syntax", message, fixed.strip())


def _reindented(lines: list[str], index: int) -> Iterator[_Fix]:
    """The line at the depth of one of the lines before it."""
    line = lines[index]
    depths = [len(parts_of(before).lead) for before in lines[max(0, index - 8) : index] if before.strip()]
    widths = [_width(before) for before in lines[max(0, index - 8) : index] if before.lstrip().startswith("-")]
    for depth in dict.fromkeys([*reversed(depths), *reversed(widths)]):
        if depth != _width(line):
            fixed = " " * depth + line.lstrip()
            message = "This line is not indented like the lines it belongs to."
            hint = f"Indent it with {depth} spaces: {fixed.rstrip()}" if depth else f"Begin it at the margin: {fixed}"
            yield _Fix(index, _replaced(lines, index, fixed), "yaml-syntax", message, hint)
