"""The `outreach` command: every subcommand, and what becomes of an error."""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core

from outreach import __version__
from outreach.cli.commands import COMMANDS, GROUPS, HIDDEN, OLD_NAMES
from outreach.cli.options import CampaignDir, Json
from outreach.cli.output import say_new_name
from outreach.cli.plain_values import take_as_given
from outreach.cli.terminal import guarded, write_line
from outreach.errors import DONE, FAULT_OF_OURS, NEEDS_A_HUMAN, NOTHING_DONE, OutreachError

_TYPERS_CTRL_C = 130  # 128 and the number of SIGINT, as shells have it
_NO_COMMAND = ("", "--version", "--help", "-h")
_LOOKING = ("", "agenda", "status", "report")
"""What makes millions of things and few cycles, and ends: looking for cycles often would take a tenth of it."""
_MANY = 500_000


def _version(wanted: bool) -> None:
    if wanted:
        write_line(f"outreach {__version__}")
        raise typer.Exit


def overview(
    context: typer.Context,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Without a command: what there is to do today."""
    if context.invoked_subcommand is None:
        from outreach.cli.looking import today

        today(campaign_dir, as_json)
        return
    # Options before the command count for it, unless it is given its own.
    given = {"campaign_dir": campaign_dir, "as_json": as_json or None}
    before = {name: value for name, value in given.items() if value is not None}
    context.default_map = {context.invoked_subcommand: before}


class GroupedHelp(typer.core.TyperGroup):
    """Help that lists the commands by what a person wants to do."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        for title, group in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name, command.summary) for name, command in group.items()])


def app(*wanted: str) -> typer.Typer:
    """The program with these commands, or with all."""
    made = typer.Typer(
        name="outreach",
        cls=GroupedHelp,
        help="Personal emails to many organisations, posts, and a record of what happened.",
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    made.callback(invoke_without_command=True)(overview)
    for name in wanted or (*COMMANDS, *HIDDEN, *OLD_NAMES):
        module, _, function = {**COMMANDS, **HIDDEN}[OLD_NAMES.get(name, name)].function.partition(".")
        command = getattr(import_module(f"outreach.cli.{module}"), function)
        is_hidden = name in OLD_NAMES or name in HIDDEN
        made.command(name, hidden=is_hidden)(command)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code. Errors are one sentence and a hint, never a traceback."""
    _have_streams()
    with guarded():
        if sys.platform == "win32":
            hint = "Install WSL (in PowerShell: wsl --install), and install outreach inside it."
            return _say("outreach does not run on Windows itself, but it does in WSL.", hint, NOTHING_DONE)
        return _run(arguments)


@cache
def _built(first: str) -> Callable[..., object]:
    """What Typer builds out of the functions, which takes longer than many a command: so of one, where it is known."""
    take_as_given()
    return typer.main.get_command(app(first) if first in {*COMMANDS, *HIDDEN, *OLD_NAMES} else app())


def _first_word(given: Sequence[str]) -> str:
    """The first word that is no option for every command, "" where there is none."""
    words = iter(given)
    for word in words:
        if word == "--campaign":
            next(words, None)
        elif word != "--json" and not word.startswith("--campaign="):
            return word
    return ""


@contextlib.contextmanager
def _seldom_collected() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(_MANY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _run(arguments: Sequence[str] | None) -> int:
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        first = _first_word(given)
        if first in OLD_NAMES:
            say_new_name(first, OLD_NAMES[first])
        with _seldom_collected() if first in _LOOKING else contextlib.nullcontext():
            result = _built("status" if first in _NO_COMMAND else first)(
                args=given, prog_name="outreach", standalone_mode=False
            )
        sys.stdout.flush()
        if result == _TYPERS_CTRL_C:
            raise KeyboardInterrupt
        return result if isinstance(result, int) else DONE
    except OutreachError as error:
        return _say(str(error), error.hint, error.exit_code)
    except typer.TyperException as error:
        from outreach.cli.usage import usage_error

        return _say(*usage_error(error, given), NOTHING_DONE)
    except (typer.Abort, KeyboardInterrupt):
        return _say("Stopped.", "", NOTHING_DONE)
    except BrokenPipeError:
        return _nobody_reads()
    except SystemExit:  # how Typer leaves where the pipe broke while it wrote, and only there
        return _nobody_reads()
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC and error.filename is None:
            _nobody_reads()  # a file that belongs to the campaign has a name, and an error of its own
            return _say(
                "The output cannot be written: the disk is full.", "Free some space, then run it again.", NEEDS_A_HUMAN
            )
        hint = "Run it again with OUTREACH_DEBUG=1, and report what it prints."
        if os.environ.get("OUTREACH_DEBUG"):
            write_line(traceback.format_exc().rstrip(), aside=True)
            hint = "Report what is printed above."
        return _say(f"This is a fault of outreach itself ({type(error).__name__}: {error}).", hint, FAULT_OF_OURS)


def _have_streams() -> None:
    """A closed standard stream (`>&-`) is one that nobody reads."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - as long as we live


def _nobody_reads() -> int:
    """Whoever read our output has gone (`| head`); nothing is wrong with the campaign."""
    with contextlib.suppress(AttributeError, OSError, ValueError):
        # What is still waiting to be written goes nowhere, and no farewell of Python's complains.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno())  # type: ignore[union-attr]
    return DONE


def _say(sentence: str, hint: str, code: int) -> int:
    with contextlib.suppress(OSError):  # nobody reads it; the exit code says it too
        write_line(f"outreach: {sentence}", aside=True)
        if hint:
            write_line(f"  {hint}", aside=True)
    return code
