"""`trust`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from outreach.cli.options import CampaignDir, Json, found_root
from outreach.cli.output import print_object, say
from outreach.errors import CannotTell, NoCampaign
from outreach.pages.answers import RemoteObject, TrustedObject, TrustedPathObject, TrustObject


def trust(
    path: Annotated[
        str | None,
        typer.Argument(metavar="[PATH]", help="A file or folder outside, or a Git remote. Without it: the list."),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Allow it no longer.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Allow a path outside the folder, or a Git remote."""
    from outreach.tasks.trusting import allow, allow_remote, allowed, is_remote, remotes

    try:
        campaign = found_root(campaign_dir)
    except NoCampaign:
        if campaign_dir is not None:
            raise
        campaign = None
    whose = f"the campaign in {campaign}" if campaign is not None else "all of your campaigns on this computer"
    if path is None:
        if undo:
            raise CannotTell("--undo needs a path", "See the list: outreach trust")
        found = allowed(campaign)
        if as_json:
            paths: list[TrustedPathObject] = [{"path": each, "every_campaign": every} for each, every in found]
            print_object(TrustedObject(paths=paths, remotes=remotes()))
            return
        for each, every in found:
            say(f"  {each}{'  (for all campaigns)' if every else ''}")
        for url in remotes():
            say(f"  {url}  (Git remote)")
        if not found and not remotes():
            say("No path outside the campaign and no Git remote is allowed yet. To allow one: outreach trust PATH")
        else:
            say("To withdraw one: outreach trust PATH --undo")
        return
    if is_remote(campaign, path):
        allow_remote(path, undo=undo)
        if as_json:
            print_object(RemoteObject(remote=path, allowed=not undo))
            return
        say(f"outreach {'no longer reads' if undo else 'reads'} what other computers sent from {path}.")
        say("Next: outreach send")
        return
    real = allow(campaign, Path(path), undo=undo)
    if as_json:
        print_object(TrustObject(path=str(real), campaign=str(campaign) if campaign else None, allowed=not undo))
        return
    say(f"{real} may {'no longer ' if undo else ''}be read by {whose}.")
    say("Next: outreach check")
