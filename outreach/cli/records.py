"""`backup`, `restore` and `ledger move`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Literal

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import print_object, say
from outreach.pages.answers import FileObject, LedgerObject


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Save the campaign's history to a file."""
    from outreach.tasks.records import backup as back_up

    back_up(campaign_root(campaign_dir), file)
    if as_json:
        print_object(FileObject(file=str(file)))
        return
    say(f"The campaign's history is in {file}. It contains personal data: keep it safe.")
    say(f"To use it on another computer: outreach restore {shlex.quote(str(file))}")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Restore the history from a backup."""
    from outreach.tasks.records import restore as bring_back

    bring_back(campaign_root(campaign_dir), file)
    if as_json:
        print_object(FileObject(file=str(file)))
        return
    say(f"The history from {file} is restored.")
    say("Next: outreach status")


def ledger(
    action: Annotated[Literal["move"], typer.Argument(metavar="move")],
    to: Annotated[Literal["postgresql", "sqlite"], typer.Argument(metavar="TO", help="postgresql or sqlite")],
    go: Annotated[bool, typer.Option("--go", help="Do it; without it, say what would be moved")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Move the campaign's history to PostgreSQL, or back."""
    from outreach.tasks.records import move

    moved = move(campaign_root(campaign_dir), to, go=go)
    if as_json:
        print_object(LedgerObject(ledger=moved.ledger, events=moved.events, to=moved.to, moved=moved.done))
        return
    if not moved.done:
        say(f"{moved.events} events would be moved to {moved.to}. Nothing was changed.")
        say(f"Next: outreach ledger move {to} --go")
        return
    say(f"The ledger is at {moved.to} now, with {moved.events} events. The old one is sealed: it sends nothing.")
    if moved.left:
        place, _, schema = moved.left.rpartition(", schema ")
        say(f"Its tables are still in PostgreSQL at {place}, and name people. When all computers have moved, drop")
        say(f'them there: DROP SCHEMA "{schema}" CASCADE;')
    say(f"Next: write `ledger: {to}` into campaign.yaml, in a line of its own")
