"""`dashboard` and `serve`: the campaign in a browser, on this computer only, or for a team."""

from __future__ import annotations

import contextlib
import sys
from typing import Annotated

import typer

from outreach.cli.options import CampaignDir, Json, begun_or_empty, campaign_root
from outreach.cli.output import print_object, say
from outreach.cli.terminal import write_line
from outreach.pages.answers import AddressObject


def dashboard(
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, metavar="N", help="The port. Default: one that is free.")
    ] = 0,
    no_open: Annotated[bool, typer.Option("--no-open", help="Print the address, and do not open a browser.")] = False,
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


def serve(
    address: Annotated[
        str, typer.Option("--address", metavar="URL", help="Where browsers find it: https://outreach.example.org")
    ],
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, metavar="N", help="The port that the proxy forwards to.")
    ] = 8765,
    bind: Annotated[
        str, typer.Option("--bind", metavar="IP", help="The address of this computer that the proxy forwards to.")
    ] = "127.0.0.1",
    proxy: Annotated[
        list[str] | None,
        typer.Option(
            "--proxy",
            metavar="IP",
            help="The proxy's address or network: its X-Forwarded-For is believed. May be repeated.",
        ),
    ] = None,
    plain_http: Annotated[
        bool, typer.Option("--plain-http", help="Listen at another --bind than this computer, without TLS.")
    ] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Open the campaign to your team, behind a login."""
    from outreach.team.serving import Where, serve_team

    def ready(bound: str) -> None:
        if as_json:
            print_object(AddressObject(address=address))
        else:
            say(f"Your team can log in at {address}. The proxy forwards to {bound}. Ctrl-C ends it.")
        sys.stdout.flush()

    where = Where(address=address, bind=bind, port=port, proxies=proxy or (), plain_http=plain_http)
    with contextlib.suppress(KeyboardInterrupt):
        serve_team(campaign_root(campaign_dir), where, ready, lambda line: write_line(line, aside=True))
    if not as_json:
        say("The dashboard is closed.")
