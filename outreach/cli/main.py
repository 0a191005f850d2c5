"""The `outreach` command: every subcommand, and what becomes of an error."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from outreach import __version__
from outreach.cli import (
    accounts,
    campaign,
    dashboard,
    importing,
    letters,
    log,
    looking,
    mailbox,
    posts,
    publishing,
    records,
    replying,
    reporting,
    schema,
    sending,
    trusting,
    watching,
)
from outreach.cli.options import CampaignDir, Json
from outreach.cli.output import under_old_name
from outreach.cli.terminal import guarded, write_line
from outreach.errors import DONE, FAULT_OF_OURS, NOTHING_DONE, OutreachError

_TYPERS_CTRL_C = 130

app = typer.Typer(
    name="outreach",
    help="Personal emails to many organisations, posts, and a record of what happened.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        write_line(f"outreach {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
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
        looking.today(campaign_dir, as_json)
        return
    # Options before the command count for it, unless it is given its own.
    given = {"campaign_dir": campaign_dir, "as_json": as_json or None}
    before = {name: value for name, value in given.items() if value is not None}
    context.default_map = {context.invoked_subcommand: before}


app.command()(importing.init)
app.command("import")(importing.import_)
app.command()(campaign.check)
app.command()(letters.draft)
app.command()(posts.preview)
app.command()(posts.links)
app.command()(posts.lookup)
app.command("test")(sending.try_out)
app.command()(sending.approve)
app.command()(sending.send)
app.command()(replying.reply)
app.command()(publishing.publish)
app.command()(publishing.correct)
app.command()(publishing.unpublish)
app.command()(sending.confirm)
app.command()(mailbox.sync)
app.command()(mailbox.sort)
app.command()(mailbox.match)
app.command()(watching.run)
app.command()(accounts.login)
app.command()(accounts.doctor)
app.command()(looking.agenda)
app.command()(looking.status)
app.command()(looking.show)
app.command()(log.log)
app.command()(log.decide)
app.command()(log.allow)
app.command()(log.outcome)
app.command()(log.done)
app.command()(log.pause)
app.command()(log.resume)
app.command()(log.suppress)
app.command()(reporting.report)
app.command("access-request")(reporting.access_request)
app.command()(records.backup)
app.command()(records.restore)
app.command()(trusting.trust)
app.command()(schema.schema)
app.command()(dashboard.dashboard)

# Names of older versions: they work as before, and say the new one.
_OLD_NAMES: dict[str, Callable[..., None]] = {
    "adopt": mailbox.sync,
    "assign": mailbox.match,
    "close": log.done,
    "export": reporting.access_request,
    "hold": log.pause,
    "note": log.log,
    "open": log.allow,
    "release": log.resume,
    "resolve": sending.confirm,
    "retract": publishing.unpublish,
}
for _old, _command in _OLD_NAMES.items():
    app.command(_old, hidden=True)(under_old_name(_command, _old))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code. Errors are one sentence and a hint, never a traceback."""
    _have_streams()
    with guarded():
        return _run(arguments)


@cache
def _built() -> Callable[..., object]:
    """The commands as Typer builds them out of the functions, which takes longer than many a command."""
    return typer.main.get_command(app)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        result = _built()(args=None if arguments is None else list(arguments), standalone_mode=False)
        sys.stdout.flush()
        if result == _TYPERS_CTRL_C:
            raise KeyboardInterrupt
        return result if isinstance(result, int) else DONE
    except OutreachError as error:
        return _say(str(error), error.hint, error.exit_code)
    except typer.TyperException as error:
        return _say(f"{error.format_message().rstrip('.?')}.", "See `outreach --help`.", NOTHING_DONE)
    except (typer.Abort, KeyboardInterrupt):
        return _say("Stopped.", "", NOTHING_DONE)
    except BrokenPipeError:
        return _nobody_reads()
    except SystemExit:  # how Typer leaves where the pipe broke while it wrote, and only there
        return _nobody_reads()
    except Exception as error:
        hint = "Run it again with OUTREACH_DEBUG=1, and report what it prints."
        if os.environ.get("OUTREACH_DEBUG"):
            write_line(traceback.format_exc().rstrip(), aside=True)
            hint = "Report what stands above."
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
