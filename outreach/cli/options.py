"""The options that every command has, and the campaign they name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

CampaignDir = Annotated[
    Path | None,
    typer.Option("--campaign", metavar="DIR", help="The campaign's folder. Default: found from here upwards."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")]


def campaign_root(named: Path | None) -> Path:
    """The campaign's folder: as named, as in $OUTREACH_CAMPAIGN, or found from here upwards.

    Raises NoCampaign.
    """
    from outreach.files.folder import campaign_in, find_root

    named = named or (Path(os.environ["OUTREACH_CAMPAIGN"]) if os.environ.get("OUTREACH_CAMPAIGN") else None)
    return find_root(Path.cwd()) if named is None else campaign_in(named)
