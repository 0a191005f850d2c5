"""`lookups.yaml` with what was found: only the lines of what changed are written anew.

Comments, entries written by hand and whatever did not change stay as they are, their dates too; entries of handles
and cards are sorted, each with the comment lines above it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date

from outreach.model.lookups import Card, ServerLimits

HEAD = "# What `outreach lookup` found, with the day on which it was new. Read by drafting; it belongs into Git.\n"
_ENTRY = re.compile(r"""(?P<indent> +)(?P<key>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#'"][^\s]*):(?:\s|$)""")


def handle_lines(did: str, on: date) -> list[str]:
    """What follows an entry's key, and its further lines, for a handle."""
    return [f" {{did: {quoted(did)}, on: {on.isoformat()}}}"]


def card_lines(card: Card) -> list[str]:
    """The same for a card."""
    said = {"title": quoted(card.title), "description": quoted(card.description) if card.description else ""}
    said |= {"thumb": quoted(card.thumb) if card.thumb else "", "on": card.on.isoformat() if card.on else ""}
    return ["", *(f"  {name}: {value}" for name, value in said.items() if value)]


def server_entries(limits: ServerLimits) -> dict[str, list[str]]:
    """The entries of the section `mastodon`."""
    said = {
        "server": quoted(limits.server),
        "characters": limits.characters,
        "per_url": limits.per_url,
        "media": limits.media,
        "description": limits.description,
        "on": limits.on,
    }
    return {name: [f" {value}"] for name, value in said.items() if value is not None}


def quoted(text: str) -> str:
    """As YAML reads it, in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def with_entries(text: str, section: str, entries: Mapping[str, list[str]], *, sort: bool = True) -> str:
    """The text with these entries in the section; those of the same key are replaced, nothing else changes."""
    if not entries:
        return text
    lines = (text or HEAD).rstrip("\n").split("\n")
    start = next((n for n, line in enumerate(lines) if re.match(rf"{section}:\s*(#.*)?$", line)), None)
    if start is None:
        lines += [f"{section}:"]
        start = len(lines) - 1
    end = next((n for n in range(start + 1, len(lines)) if re.match(r"[^\s#]", lines[n])), len(lines))
    while end > start + 1 and not lines[end - 1].startswith(" "):  # comments above the next section are its own
        end -= 1
    indent, blocks, rest = _blocks(lines[start + 1 : end])
    for key, value in entries.items():
        shown = key if re.fullmatch(r"[a-z_][a-z0-9_.-]*", key) and key not in _NOT_TEXT else quoted(key)
        above = _comments(blocks.get(key, []))
        blocks[key] = [*above, f"{indent}{shown}:{value[0]}", *(f"{indent}{line}" for line in value[1:])]
    order = sorted(blocks, key=str.casefold) if sort else list(blocks)
    return (
        "\n".join([*lines[: start + 1], *(line for key in order for line in blocks[key]), *rest, *lines[end:]]) + "\n"
    )


_NOT_TEXT = frozenset(("y", "n", "yes", "no", "off", "true", "false", "null"))
"""What a reader of YAML 1.1 takes for something else. `on` is a key of ours, and read as text."""


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
    if written.startswith('"'):
        return str(json.loads(written))
    return written[1:-1].replace("''", "'") if written.startswith("'") else written


def _comments(block: list[str]) -> list[str]:
    """The lines of a block that a person wrote to say something."""
    return [line for line in block if not line.strip() or line.lstrip().startswith("#")]
