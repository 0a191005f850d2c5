"""`completion`: lets a shell complete commands, options, and the contacts, waves and posts of the campaign."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from outreach.cli.commands import COMMANDS
from outreach.cli.options import found_root
from outreach.cli.output import say
from outreach.errors import OutreachError, UnknownName

SCRIPTS = {
    "bash": """\
# Add this line to ~/.bashrc:  eval "$(outreach completion bash)"
_outreach_complete() {
  local IFS=$'\\n'
  COMPREPLY=($(outreach complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _outreach_complete outreach""",
    "zsh": """\
# Add this line to ~/.zshrc, after compinit:  eval "$(outreach completion zsh)"
_outreach_complete() {
  local -a found
  found=("${(@f)$(outreach complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  [[ -n "$found" ]] && compadd -- $found || _files
}
compdef _outreach_complete outreach""",
    "fish": """\
# Save this as ~/.config/fish/completions/outreach.fish:  outreach completion fish > FILE
complete -c outreach -a '(outreach complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'""",
}
TAKES = {
    "approve": ("wave", "post"),
    "correct": ("post",),
    "decide": ("decision",),
    "done": ("contact",),
    "erase": ("contact",),
    "access-request": ("contact",),
    "allow": ("wave", "post"),
    "log": ("contact", "post"),
    "match": ("contact",),
    "merge": ("contact",),
    "outcome": ("contact",),
    "pause": ("wave", "contact", "post"),
    "preview": ("wave", "contact", "post"),
    "publish": ("post",),
    "reply": ("contact",),
    "resume": ("wave", "contact", "post"),
    "send": ("wave",),
    "show": ("contact", "wave", "post"),
    "suppress": ("contact",),
    "test": ("contact", "wave"),
    "unpublish": ("post",),
}
"""Which names of the campaign stand behind a command."""
OPTIONS_THAT_NAME = {"--wave": ("wave",), "--contact": ("contact",), "--for": ("contact",)}


def completion(
    shell: Annotated[str, typer.Argument(metavar="SHELL", help="bash, zsh or fish.")],
) -> None:
    """Let your shell complete commands, contacts and waves."""
    if shell not in SCRIPTS:
        raise UnknownName("shell", shell, None, SCRIPTS)
    say(SCRIPTS[shell])


def complete(words: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Print what may stand in the place of the last word, one on a line; a shell asks for it."""
    with suppress(OutreachError, OSError):  # nothing may be said while somebody types
        for each in candidates(words or [""]):
            say(each)


def candidates(words: list[str]) -> list[str]:
    """What may stand in the place of the last of `words`, of which it begins like."""
    *before, last = words
    if not before:
        return _beginning(last, COMMANDS)
    command, previous = before[0], before[-1]
    if previous == "--campaign":
        return []
    if previous in OPTIONS_THAT_NAME:
        return _beginning(last, _names(before, OPTIONS_THAT_NAME[previous]))
    if last.startswith("-"):
        return _beginning(last, _options(command))
    if command == "help":
        from outreach.cli.helping import pages, topics

        return _beginning(last, [*topics(), *pages(), *COMMANDS])
    return _beginning(last, _names(before, TAKES.get(command, ())))


def _beginning(last: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if name.startswith(last)]


def _options(command: str) -> list[str]:
    from outreach.cli.main import app

    if command not in COMMANDS:
        return []
    built = typer.main.get_command(app(command))
    found = getattr(built, "commands", {})[command]
    return sorted({name for each in found.params for name in each.opts if name.startswith("--")} | {"--help"})


def _names(before: list[str], kinds: tuple[str, ...]) -> list[str]:
    """The ids of these kinds in the campaign, in the order of its files."""
    if not kinds:
        return []
    from outreach.tasks.campaign import load

    folder = load(found_root(_named(before))).folder
    campaign = folder.campaign
    found = {
        "contact": [each.id for each in folder.contacts],
        "wave": [each.id for each in campaign.waves] if campaign else [],
        "post": [each.id for each in folder.posts],
        "decision": [each.id for each in campaign.decisions] if campaign else [],
    }
    return list(dict.fromkeys(name for kind in kinds for name in found[kind]))


def _named(before: list[str]) -> Path | None:
    """The folder that stands behind --campaign, if there is one."""
    places = [number for number, word in enumerate(before[:-1]) if word == "--campaign"]
    return Path(before[places[-1] + 1]) if places else None
