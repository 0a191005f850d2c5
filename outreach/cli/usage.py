"""What is said of a command line that cannot be understood: what is wrong, and a line that can be pasted."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import typer

from outreach.cli.commands import COMMANDS, OLD_NAMES
from outreach.errors import NoCampaign
from outreach.words.suggestions import nearest

_EXAMPLES = {
    "decide": "outreach decide vote yes",
    "ledger": "outreach ledger move postgresql",
    "login": "outreach login mail",
    "match": "outreach match m12 open-roads",
    "outcome": "outreach outcome open-roads interested",
    "sort": "outreach sort m12 opt-out",
    "suppress": "outreach suppress info@open-roads.example",
}
"""A whole line for commands that one does not understand from the names of what they take."""


def usage_error(error: typer.TyperException, given: Sequence[str]) -> tuple[str, str]:
    """The sentence and the hint for a command line (`given`, without the program) that Typer refused."""
    said = error.format_message().rstrip(".?").replace("Value error, ", "")
    if said.startswith("No such command"):
        return _no_command(given)
    context: Any = getattr(error, "ctx", None)
    if without_value := re.fullmatch(r"Option '(--[^']*)' requires an argument", said):
        command = next((f"outreach {each}" for each in given if each in COMMANDS), "outreach")
        return f"{without_value[1]} needs a value after it.", f"See: {command} --help"
    if context is None:
        return f"{said}.", "See: outreach --help"
    command = "outreach" if context.parent is None else f"outreach {context.info_name}"
    see = f"See: {command} --help"
    kind, parameter = type(error).__name__, getattr(error, "param", None)
    if kind == "NoSuchOption":
        wrong: str = error.option_name  # type: ignore[attr-defined]
        named = next((each for each in context.command.params if _shown(each).strip("[]") == wrong[2:].upper()), None)
        if named is not None:  # `send --wave x`, where the wave is named without an option
            return (
                f"{command} has no option {wrong}.",
                f"Name it directly: {command} {_shown(named).strip('[]')}. {see}",
            )
        near = nearest(wrong, [each for known in context.command.params for each in known.opts if each[:2] == "--"])
        return f"{command} has no option {wrong}.", f"Did you mean {near}? {see}" if near else see
    if kind == "MissingParameter" and parameter is not None:
        example = _EXAMPLES.get(context.info_name) or " ".join(
            [command, *(_example(each) for each in context.command.params if each.required)]
        )
        return f"{command} needs {_shown(parameter)}.", f"For example: {example}. {see}"
    if "valid integer" in said and parameter is not None:
        return f"{parameter.opts[0]} takes a whole number, such as 30.", see
    formats = re.search(r"('[^']*') does not match the formats? '%Y-%m-%d'", said)
    if formats:
        return f"{formats[1]} is not a day.", f"Write it as 2026-01-31. {see}"
    missing = re.search(r"'([^']*)': No such file or directory", said)
    if missing:
        return f"There is no file {missing[1]}.", f"Check how its name is spelled: ls. {see}"
    if said.startswith("Got unexpected extra argument") and _is_campaign(given[-1]):
        return f"{command} does not take {given[-1]!r}.", f"Did you mean: {command} --campaign {shlex.quote(given[-1])}"
    extra = re.fullmatch(r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)", said)
    return (f"{command} does not take {extra[1]!r}." if extra else f"{said}."), see


def _is_campaign(word: str) -> bool:
    from outreach.campaign.place import campaign_in

    with suppress(NoCampaign):
        return bool(campaign_in(Path(word)))
    return False


def _no_command(given: Sequence[str]) -> tuple[str, str]:
    """With the whole line as it was probably meant, so that it can be pasted."""
    at = 2 if given[0] == "--campaign" else next(n for n, each in enumerate(given) if not each.startswith("-"))
    near = nearest(given[at], [*COMMANDS, *OLD_NAMES])
    hint = "See all commands: outreach --help"
    if near is not None:
        meant = ["outreach", *given[:at], OLD_NAMES.get(near, near), *given[at + 1 :]]
        hint = f"Did you mean: {shlex.join(meant)}"
    return f"There is no command {given[at]!r}.", hint


def _shown(parameter: Any) -> str:
    name = parameter.metavar or parameter.name.upper()
    return f"{parameter.opts[0]} {name}" if parameter.opts[0].startswith("--") else name.rstrip(".")


def _example(parameter: Any) -> str:
    """`WAVE` for "WAVE or POST or ID...", `--because "TEXT"` for an option."""
    name = (parameter.metavar or parameter.name.upper()).partition(" ")[0].rstrip(".")
    return f'{parameter.opts[0]} "{name}"' if parameter.opts[0].startswith("--") else name
