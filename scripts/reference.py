"""Writes the generated pages of the manual: docs/commands.md from the command line, docs/json.md from the schemas.

`make reference` runs it; tests/test_manual.py fails while a page is out of date.
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import typer.main

from outreach.cli.commands import GROUPS, OLD_NAMES
from outreach.cli.main import app
from outreach.tasks.schemas import output_schemas

DOCS = Path(__file__).resolve().parent.parent / "docs"
COMMON = ("--campaign", "--json", "--help")
"""Options of every command, which are explained once."""

COMMANDS_HEAD = """\
# Commands

<!-- Made by scripts/reference.py (make reference). Change the command's own help instead. -->

`outreach` alone shows what there is to do today. `outreach help COMMAND` explains one command, `outreach help` lists
topics, and `outreach completion bash` (or `zsh`, `fish`) lets your shell complete commands, contacts, waves and posts.

Every command has `--help` and `--campaign DIR` (the campaign's folder, where it is not the one you are in); all but
`help` and `completion` have `--json` (one [object](json.md) for scripts). A command that sends, publishes or rewrites
your files shows a preview; `--go` does it.
"""
JSON_HEAD = """\
# What --json prints

<!-- Made by scripts/reference.py (make reference) from the types in outreach/pages. -->

With `--json` a command prints one object on standard output and everything else on standard error. These keys stay; new
ones may be added. `text?` is a text or `null`; a key marked `sometimes` is there only where it applies. A `time` is ISO
8601 with its offset from UTC, a `day` is like 2026-01-06. `today` is what `outreach` alone prints; `outreach schema`
prints the JSON Schemas of the files, and `outreach schema --output COMMAND` that of one of these objects.
"""


def known_commands() -> dict[str, Any]:
    """Typer's command of each name, old names too."""
    return dict(typer.main.get_command(app()).commands)  # type: ignore[attr-defined]


def commands_page() -> str:
    """Every command with its arguments and options, in the groups of `outreach --help`."""
    known = known_commands()
    lines = COMMANDS_HEAD.splitlines()
    for title, group in GROUPS.items():
        lines += ["", f"## {title}"]
        for name, command in group.items():
            lines += ["", f"### {name}", "", *_of_command(name, command.summary, known[name])]
    lines += ["", "## Old names", "", "These still work, and say the new name.", "", "| old | new |", "|---|---|"]
    lines += [f"| `{old}` | [`{new}`](#{new}) |" for old, new in OLD_NAMES.items()]
    return "\n".join(lines) + "\n"


def _of_command(name: str, summary: str, command: Any) -> list[str]:
    context = command.context_class(command)
    shown = [each for each in command.params if not each.hidden and not {*each.opts} & {*COMMON}]
    rows = [
        (re.sub(r" <.*>$", "", spelled), said.replace(" [required]", "").replace("[required]", ""))
        for spelled, said in (each.get_help_record(context) or ("", "") for each in shown)
    ]
    arguments = [spelled for spelled, _ in rows if not spelled.startswith("-")]
    usage = " ".join(["outreach", name, *arguments, *(["[OPTIONS]"] if len(rows) > len(arguments) else [])])
    lines = [f"{summary.removesuffix(' ...')}.", "", "```", usage, "```"]
    more = inspect.cleandoc(command.help or "").partition("\n")[2].strip()
    if more:
        lines += ["", more]
    if rows:
        lines += ["", "| | |", "|---|---|"]
        lines += [f"| `{_cell(spelled)}` | {_cell(said)} |" for spelled, said in rows]
    return lines


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def json_page() -> str:
    """Every object that `--json` prints, key by key."""
    lines = JSON_HEAD.splitlines()
    alike: dict[str, list[str]] = {}
    for name, schema in sorted(output_schemas().items()):
        if name not in OLD_NAMES:
            alike.setdefault("\n".join(_shape(schema, "")), []).append(name)
    for shape, names in alike.items():
        lines += ["", f"## {', '.join(names)}", "", "```", shape, "```"]
    return "\n".join(lines) + "\n"


def _shape(schema: dict[str, Any], indent: str) -> list[str]:
    """The keys of an object, a line each; of one that has several forms, one form after the other."""
    if "anyOf" in schema:
        first, *others = (_shape(each, indent) for each in schema["anyOf"])
        return [*first, *(line for each in others for line in (f"{indent}or", *each))]
    lines = [f"{indent}# {schema['description']}"] if "description" in schema else []
    for key, value in schema.get("properties", {}).items():
        said, inner = _kind(value)
        sometimes = "" if key in schema.get("required", ()) else "sometimes "
        lines += [f"{indent}{key}: {sometimes}{said}", *_shape(inner, indent + "  ")]
    return lines


def _kind(schema: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A value in words, and the object whose keys are to be listed below it."""
    if "anyOf" in schema:
        return "object", schema
    if "enum" in schema:
        return " | ".join("null" if each is None else str(each) for each in schema["enum"]), {}
    kinds = schema.get("type", "any value")
    if isinstance(kinds, list):
        said, inner = _kind({**schema, "type": kinds[0]})
        return f"{said}?", inner
    if kinds == "array":
        said, inner = _kind(schema.get("items", {}))
        return f"list of {said}", inner
    if kinds == "object" and isinstance(schema.get("additionalProperties"), dict):
        said, inner = _kind(schema["additionalProperties"])
        return f"object of names to {said}", inner
    return _PLAIN.get(schema.get("format", kinds), kinds), schema if kinds == "object" else {}


_PLAIN = {"date-time": "time", "date": "day", "string": "text", "integer": "number", "boolean": "true | false"}
PAGES = {"commands.md": commands_page, "json.md": json_page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
