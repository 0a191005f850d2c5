"""`dashboard`: the campaign in a browser, on this computer only."""

from __future__ import annotations

import contextlib
import sys
from typing import Annotated

import typer

from outreach.cli.options import CampaignDir, Json, begun_or_empty
from outreach.cli.output import print_object, say
from outreach.pages.answers import AddressObject


def dashboard(
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, metavar="N", help="The port. Default: one that is free.")
    ] = 0,
    no_open: Annotated[bool, typer.Option("--no-open", help="Only print the address; open no browser.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Open the campaign in your browser."""
    from outreach.connections.browser import open_browser
    from outreach.web.serving import serve

    def ready(address: str) -> None:
        if as_json:
            print_object(AddressObject(address=address))
        else:
            say(f"The dashboard is open at {address}")
            say("The address works once, on this computer only. Ctrl-C ends it.")
        sys.stdout.flush()
        if not no_open and not as_json and sys.stdout.isatty():
            open_browser(address)

    with contextlib.suppress(KeyboardInterrupt):
        serve(begun_or_empty(campaign_dir), port, ready)
    if not as_json:
        say("The dashboard is closed.")
