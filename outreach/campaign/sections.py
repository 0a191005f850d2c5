"""Files of a few sections that outreach writes and people edit: only the lines of what changed are written again.

Comments, entries and sections written by hand and whatever did not change stay as they are; entries are sorted,
each with the comment lines above it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from outreach.campaign.strict_yaml import Mapping as MappingNode
from outreach.campaign.strict_yaml import read_yaml
from outreach.campaign.strict_yaml.writing import key_of

_ENTRY = re.compile(r"""(?P<indent> +)(?P<key>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#'"](?:(?!\s#|:\s).)*?):(?:\s|$)""")
_COMMENT = re.compile(r"""(?:(?<=[\s{\[,])(?:"(?:[^"\\]|\\.)*"|'[^']*')|\S|\s(?!\#))*+\s(\#.*)""")
"""A comment behind a value, in whose quotation marks a `#` is one of its characters."""


def with_entries(
    text: str, section: str, entries: Mapping[str, list[str]], *, head: str = "", sort: bool = True
) -> str:
    """The text with these entries in the section; those of the same key are replaced, nothing else changes.

    What an entry says is a list: what stands behind its key's colon, then its further lines. An empty text begins
    with `head`. Whoever calls this reads the text again, and does not use it where it says something else than it
    should: a section between braces is not changed here.
    """
    if not entries:
        return text
    lines = (text or head).rstrip("\n").split("\n") if text or head else []
    start = next((n for n, line in enumerate(lines) if re.match(rf"{section}:\s*(#.*)?$", line)), None)
    if start is None:
        lines += [f"{section}:"]
        start = len(lines) - 1
    end = next((n for n in range(start + 1, len(lines)) if re.match(r"[^\s#]", lines[n])), len(lines))
    while end > start + 1 and not lines[end - 1].startswith(" "):  # comments above the next section are its own
        end -= 1
    indent, blocks, rest = _blocks(lines[start + 1 : end])
    for key, value in entries.items():
        shown = key if key == "on" else key_of(key)  # a key of ours, which every reader takes for text
        above = _comments(blocks.get(key, []), indent)
        blocks[key] = [*above, f"{indent}{shown}:{value[0]}", *(f"{indent}{line}" for line in value[1:])]
    order = sorted(blocks, key=str.casefold) if sort else list(blocks)
    return (
        "\n".join([*lines[: start + 1], *(line for key in order for line in blocks[key]), *rest, *lines[end:]]) + "\n"
    )


def _blocks(lines: list[str]) -> tuple[str, dict[str, list[str]], list[str]]:
    """The indent of a section, its entries with the comments above each, and what follows the last."""
    found = (match["indent"] for line in lines if (match := _ENTRY.match(line)))
    indent = next(found, "  ")
    blocks: dict[str, list[str]] = {}
    above: list[str] = []
    current: list[str] | None = None
    for line in lines:
        match = _ENTRY.match(line)
        if match and match["indent"] == indent:
            current = blocks[_key(match["key"])] = [*above, line]
            above = []
        elif current is not None and (len(line) - len(line.lstrip()) > len(indent)) and not above:
            current.append(line)
        else:
            above.append(line)
    return indent, blocks, above


def _key(written: str) -> str:
    if "\\" in written:
        node, _ = read_yaml(f"{written}:")
        return node.entries[0].key if isinstance(node, MappingNode) and node.entries else written
    if written.startswith('"'):
        return written[1:-1]
    return written[1:-1].replace("''", "'") if written.startswith("'") else written


def _comments(block: list[str], indent: str) -> list[str]:
    """What a person wrote into the lines of an entry that is written again, as lines above it."""
    found = []
    for line in block:
        if not line.strip() or line.lstrip().startswith("#"):
            found.append(line)
        elif comment := _COMMENT.match(line):
            found.append(f"{indent}{comment[1]}")
    return found
