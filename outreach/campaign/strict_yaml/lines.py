"""One line of YAML: what in it needs quotation marks, and the line as it should have been written."""

from __future__ import annotations

import re
from typing import NamedTuple

_ANATOMY = re.compile(
    r"""(?P<lead>[ \t]*(?:-[ \t]+)*)
        (?P<key>(?:"[^"]*"|'[^']*'|[^\s:#"'{}\[\],&*!|>%@`-][^:#]*?)[ \t]*:(?=[ \t]|$)[ \t]*)?
        (?P<value>.*)""",
    re.VERBOSE,
)
_COMMENT = re.compile(r"(?<![ \t])[ \t]++#(?:[ \t].*)?$")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|' + r"'(?:[^']|'')*'")
_FLOW_KEY = re.compile(r"""[ \t]*(?:[\w.-]+|"[^"]*"|'[^']*')[ \t]*:(?=[ \t])[ \t]*""")
_LEADING = "@`%*&!|>?,]}#"
_CLOSING = {"[": "]", "{": "}"}
_DEEPEST = 20


class Parts(NamedTuple):
    """A line taken apart: `lead` is indentation and dashes, `tail` trailing space and comment."""

    lead: str
    key: str
    value: str
    tail: str


def parts_of(line: str) -> Parts:
    found = _ANATOMY.match(line)
    assert found  # every part may be empty
    value = found["value"]
    tail = ""
    if comment := _COMMENT.search(value):
        value, tail = value[: comment.start()], value[comment.start() :]
    stripped = value.rstrip()
    return Parts(found["lead"], found["key"] or "", stripped, value[len(stripped) :] + tail)


def quoted(text: str) -> str:
    """`text` in quotation marks, as YAML 1.1 and 1.2 read it."""
    if '"' in text and "'" not in text:
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def with_value_quoted(line: str) -> str | None:
    """The line with the whole of its value in quotation marks; None if there is none to quote."""
    lead, key, value, tail = parts_of(line)
    return f"{lead}{key}{quoted(value)}{tail}" if value else None


def with_quotes_fixed(line: str) -> str | None:
    """The line with a quotation mark closed, or the quoted beginning of its value taken as text."""
    lead, key, value, tail = parts_of(line)
    fixed = _fixed_quotes(value)
    return f"{lead}{key}{fixed}{tail}" if fixed is not None else None


def _fixed_quotes(value: str) -> str | None:
    if not value or value[0] not in "\"'" or _QUOTED.fullmatch(value):
        return None
    mark = value[0]
    if mark not in value[1:]:
        return quoted(value[1:])
    if value.endswith(mark):  # 'it's' or "the "big" one"
        return quoted(value[1:-1])
    return quoted(value)


def with_flow_fixed(line: str) -> str | None:
    """The line with what needs it quoted inside its `[...]` or `{...}`, and missing brackets closed."""
    lead, key, value, tail = parts_of(line)
    if not value or value[0] not in _CLOSING or value.startswith(("{{", "{%")) or _is_deep(value):
        return None
    fixed, end = _fixed_flow(value, 0)
    if value[end:].strip():
        return None
    return f"{lead}{key}{fixed}{tail}" if fixed != value else None


def _is_deep(value: str) -> bool:
    """Whether more brackets open inside one another than any of our files has."""
    depth = 0
    for character in value:
        depth += (character in "[{") - (character in "]}")
        if depth > _DEEPEST:
            return True
    return False


def _fixed_flow(text: str, at: int) -> tuple[str, int]:
    """The collection that opens at `at`, fixed, and where it ends."""
    closing = _CLOSING[text[at]]
    out = [text[at]]
    is_mapping = text[at] == "{"
    at += 1
    while at < len(text):
        piece, at = _fixed_piece(text, at, is_mapping, closing)
        out.append(piece)
        if at < len(text):
            out.append(text[at])
            at += 1
            if out[-1] == closing:
                return "".join(out), at
    return "".join(out) + closing, at


def _fixed_piece(text: str, at: int, is_mapping: bool, closing: str) -> tuple[str, int]:
    """One entry of a collection up to its comma or closing bracket, fixed, and where it ends."""
    begin = at
    found = _FLOW_KEY.match(text, at) if is_mapping else re.compile(r"[ \t]*").match(text, at)
    if found:
        at = found.end()
    head = text[begin:at]
    if at < len(text) and text[at] in _CLOSING and not text.startswith(("{{", "{%"), at):
        fixed, at = _fixed_flow(text, at)
        return head + fixed, at
    end = _end_of_value(text, at, closing)
    value = text[at:end].rstrip()
    return head + _fixed_flow_value(value) + text[at + len(value) : end], end


def _end_of_value(text: str, at: int, closing: str) -> int:
    found = _QUOTED.match(text, at)
    if found:
        at = found.end()
    while at < len(text):
        if text.startswith("{{", at):
            past = text.find("}}", at)
            at = past + 2 if past > 0 else len(text)
        elif text[at] in (",", closing):
            return at
        else:
            at += 1
    return at


def _fixed_flow_value(value: str) -> str:
    if not value or _QUOTED.fullmatch(value):
        return value
    if value[0] in "\"'":
        return _fixed_quotes(value) or value
    breaks = (
        value[0] in _LEADING or re.search(r"[\[\]{}]", value) or ": " in value or " #" in value or value.endswith(":")
    )
    return quoted(value) if breaks else value


def reason(line: str) -> str:
    """Why the value of this line has to be in quotation marks, as a sentence."""
    value = parts_of(line).value
    if value[:1] in _CLOSING and not value.startswith(("{{", "{%")):
        value = _first_breaking_piece(value)
    if value.startswith(("{{", "{%")):
        return "Put a value that begins with `{{` or `{%` in quotation marks."
    if value[:1] in ('"', "'"):
        return "The quotation marks of this value do not pair up."
    if value[:1] == "#" or re.search(r"\s#", value):
        return "An unquoted `#` begins a comment, so this value is cut off."
    if value[:1] in tuple(_LEADING + "-[{"):
        return f"A value cannot begin with an unquoted `{value[0]}`."
    if re.search(r"[\[\]{}]", value) and ": " not in value:
        return "An unquoted bracket inside a value breaks this line."
    return "An unquoted `: ` inside a value breaks this line."


def _first_breaking_piece(value: str) -> str:
    """Of a `[...]` or `{...}`, the first piece that needs quotation marks."""
    for piece in re.split(r"[\[,{]\s*(?:[\w.-]+:\s+)?", value):
        if piece and _fixed_flow_value(piece.rstrip("]} ")) != piece.rstrip("]} "):
            return piece
    return value
