"""The `outreach` command: every subcommand, and what becomes of an error."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from outreach import __version__
from outreach.cli import campaign, letters, schema
from outreach.cli.options import CampaignDir, Json
from outreach.errors import FAULT_OF_OURS, NOTHING_DONE, OutreachError

app = typer.Typer(
    name="outreach",
    help="Reach many organisations properly: personal letters, timely posts, an honest record.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"outreach {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def overview(
    context: typer.Context,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version and stop.")
    ] = False,
) -> None:
    """Without a command: how the campaign stands, and what to do next."""
    if context.invoked_subcommand is None:
        campaign.overview(campaign_dir, as_json)


app.command()(campaign.check)
app.command()(letters.draft)
app.command()(schema.schema)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code. Errors are one sentence and a hint, never a traceback."""
    try:
        result = app(args=None if arguments is None else list(arguments), standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except OutreachError as error:
        return _say(str(error), error.hint, error.exit_code)
    except typer.TyperException as error:
        return _say(f"{error.format_message().rstrip('.?')}.", "See `outreach --help`.", NOTHING_DONE)
    except (typer.Abort, KeyboardInterrupt):
        return _say("Stopped.", "", NOTHING_DONE)
    except BrokenPipeError:
        # Whoever read our output has gone; nothing is wrong with the campaign.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("OUTREACH_DEBUG"):
            raise
        sentence = f"This is a fault of outreach itself ({type(error).__name__}: {error})."
        return _say(sentence, "Run it again with OUTREACH_DEBUG=1, and report what it prints.", FAULT_OF_OURS)


def _say(sentence: str, hint: str, code: int) -> int:
    typer.echo(f"outreach: {sentence}", err=True)
    if hint:
        typer.echo(f"  {hint}", err=True)
    return code
