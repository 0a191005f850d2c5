"""Where the block begins that a template never closes: Jinja2 only says where the template ends."""

from __future__ import annotations

from jinja2 import Environment, TemplateSyntaxError

_BLOCKS = frozenset("autoescape block call filter for if macro set with".split())


def line_of_unclosed(environment: Environment, source: str) -> int | None:
    """The line of `source` (from 1) on which the innermost block begins that has no end; None if all have."""
    opened: list[tuple[str, int]] = []
    try:
        for line, words in _tags(environment, source):
            name = words[0] if words else ""
            if name in _BLOCKS and not (name == "set" and "=" in words):
                opened.append((name, line))
            elif name.startswith("end") and (not opened or opened.pop()[0] != name.removeprefix("end")):
                return None  # an end of something else, which Jinja2 itself finds
    except TemplateSyntaxError:
        return None
    return opened[-1][1] if opened else None


def _tags(environment: Environment, source: str) -> list[tuple[int, list[str]]]:
    """The words of every `{% ... %}`, with its line."""
    tags: list[tuple[int, list[str]]] = []
    inside = False
    for line, kind, value in environment.lex(source):
        if kind == "block_begin":
            tags.append((line, []))
            inside = True
        elif kind == "block_end":
            inside = False
        elif inside and kind not in ("whitespace",):
            tags[-1][1].append(value)
    return tags
