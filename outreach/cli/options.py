"""The options that every command has, and the campaign they name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from outreach.cli.output import announce
from outreach.errors import OutreachError

CampaignDir = Annotated[
    Path | None,
    typer.Option("--campaign", metavar="DIR", help="The campaign's folder. Default: found from here upwards."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")]


def campaign_root(named: Path | None, *, aside: bool = False) -> Path:
    """The campaign's folder: as named, as in $OUTREACH_CAMPAIGN, or found from here upwards.

    Its `campaign.yaml` may be named as well. The first line that the command then says is the brake, while
    one is on; `aside`, on standard error, where its output is a document for others. Raises NoCampaign, or
    OutreachError for another file.
    """
    root = _found(named)
    announce(lambda: _in_the_way(root), aside=aside)
    return root


def _found(named: Path | None) -> Path:
    from outreach.files.campaign import FILE
    from outreach.files.folder import campaign_in, find_root

    named = named or (Path(os.environ["OUTREACH_CAMPAIGN"]) if os.environ.get("OUTREACH_CAMPAIGN") else None)
    if named is None:
        return find_root(Path.cwd())
    if named.is_file():
        if named.name != FILE:
            sentence = f"{named} is a file, and not a campaign's folder."
            raise OutreachError(sentence, hint="Name the folder that holds its campaign.yaml.")
        named = named.parent
    return campaign_in(named)


def _in_the_way(root: Path) -> list[str]:
    """The brakes that are on, and what left from elsewhere, in words."""
    from outreach.pages.plans import brake_lines
    from outreach.tasks.looking import standing_in_the_way

    return list(brake_lines(standing_in_the_way(root)))
