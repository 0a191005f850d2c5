"""`backup` and `restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import print_object, say
from outreach.pages.answers import FileObject


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
    say(f"The ledger, its receipts and frozen letters are in {file}. It holds personal data: keep it safe.")
    say("Next: outreach restore FILE, on the other computer")


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
    say(f"The ledger of {file} is back.")
    say("Next: outreach status")
