"""The options that every command has, and the campaign they name."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from outreach.cli.output import announce, say_new_name
from outreach.cli.terminal import agrees, write_line
from outreach.errors import OtherOwner, OutreachError

CampaignDir = Annotated[
    Path | None,
    typer.Option("--campaign", metavar="DIR", help="The campaign's folder. Default: this folder or one above it."),
]


def _with_new_names(expression: str | None) -> str | None:
    """Say, aside, the names of today of old keys in an expression."""
    if expression:
        from outreach.templating.expressions import old_keys
        from outreach.templating.scope import OLD_KEYS

        for name in old_keys(expression):
            say_new_name(name, OLD_KEYS[name])
    return expression


To = Annotated[
    str | None,
    typer.Option(
        "--to", metavar="EXPR", help="Only contacts for which this holds: 'tier == 0'.", callback=_with_new_names
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")]


def campaign_root(named: Path | None, *, aside: bool = False) -> Path:
    """The campaign's folder: as named, as in $OUTREACH_CAMPAIGN, or found from here upwards.

    Its `campaign.yaml` may be named as well. The first line that the command then says is the pause, while
    one is on; `aside`, on standard error, where its output is a document for others. Raises as `found_root`.
    """
    root = found_root(named)
    announce(lambda: _in_the_way(root), aside=aside)
    return root


def begun_or_empty(named: Path | None) -> Path:
    """As `campaign_root`; or the folder itself, named or this one, if nothing is in it yet. Raises as `found_root`."""
    from outreach.errors import NoCampaign
    from outreach.storage import entries, is_folder

    try:
        return campaign_root(named)
    except NoCampaign:
        folder = named or Path.cwd()
        if os.environ.get("OUTREACH_CAMPAIGN") or not is_folder(folder, "") or entries(folder, ""):
            raise
        return folder.resolve()


def found_root(named: Path | None) -> Path:
    """As `campaign_root`, which says nothing. Raises NoCampaign, OtherOwner, or OutreachError for another file."""
    from outreach.campaign.place import FILE, campaign_in, find_root

    named = named or (Path(os.environ["OUTREACH_CAMPAIGN"]) if os.environ.get("OUTREACH_CAMPAIGN") else None)
    if named is None:
        root = find_root(Path.cwd())
        _ask_about_owner(root)
        return root
    if named.is_file():
        if named.name != FILE:
            sentence = f"{named} is a file, and not a campaign's folder."
            raise OutreachError(sentence, hint="Name the folder that holds its campaign.yaml.")
        named = named.parent
    return campaign_in(named)


def _ask_about_owner(root: Path) -> None:
    """A folder that was named is meant; one that was only found here may be anybody's. Raises OtherOwner."""
    from outreach.tasks.trusting import allow_folder, other_owner

    owner = other_owner(root)
    if owner is None:
        return
    if not _is_terminal():
        raise OtherOwner(str(root), owner)
    write_line(f"The campaign folder {root} belongs to {owner}, not to you.", aside=True)
    if not agrees("Do you know where it comes from, and use it from now on?", aside=True):
        raise OtherOwner(str(root), owner)
    allow_folder(root)


def _is_terminal() -> bool:
    """Whether a person can be asked; not on standard output, which may go to a file."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def _in_the_way(root: Path) -> list[str]:
    """What is paused, and what left from elsewhere, in words."""
    from outreach.tasks.world import standing_in_the_way

    past = standing_in_the_way(root)
    if not past.holds and not past.elsewhere:
        return []
    from outreach.pages.plans import pause_lines

    return list(pause_lines(past))
