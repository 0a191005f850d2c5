"""Serving the dashboard on this computer, to this computer, until Ctrl-C."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.types import ASGIApp
from uvicorn import Config, Server

from outreach.errors import PortTaken
from outreach.tasks.campaign import is_begun
from outreach.tasks.dashboard import open_for_looking
from outreach.tasks.uploads import clear_uploads
from outreach.web.application import application
from outreach.web.guard import ENTRANCE, this_computer
from outreach.web.sessions import Door
from outreach.web.visit import dashboard_of

HOST = "127.0.0.1"
_PATIENCE = 2
"""Seconds that an answer under way gets when the dashboard ends."""


def serve(root: Path, port: int, ready: Callable[[str], None], hold_of: Callable[[Server], None] | None = None) -> None:
    """Serve until Ctrl-C; `ready` is told the address as soon as it can be opened.

    `port` 0 takes a free one. `hold_of` is given the server, for whoever wants to end it. Raises
    CampaignUnreadable, PortTaken, and what the ledger raises. In a folder without a campaign the pages offer to begin
    one.
    """
    begun = is_begun(root)
    if begun:
        open_for_looking(root)
        clear_uploads(root)
    with listening(HOST, port) as tube:
        chosen, door, dashboard = tube.getsockname()[1], Door(), dashboard_of(root)
        if begun:
            dashboard.keeper.seen()
        address = f"http://{HOST}:{chosen}{ENTRANCE}?token={door.token}"
        app = application(dashboard, this_computer(chosen), door)
        server = TellingServer(settings(app), lambda: ready(address))
        if hold_of is not None:
            hold_of(server)
        try:
            server.run(sockets=[tube])
        finally:
            dashboard.jobs.end()


class TellingServer(Server):
    """A server that says when it can be asked."""

    def __init__(self, config: Config, tell: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = tell

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        await super().startup(sockets)
        self._tell()


def settings(app: ASGIApp, proxies: Sequence[str] = ()) -> Config:
    """How it is served. What `X-Forwarded-For` says is believed where one of `proxies` (addresses) says it."""
    return Config(
        app,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        access_log=False,  # it would print the token
        use_colors=False,  # the terminal is given no codes but those of the cli
        log_level="error" if os.environ.get("OUTREACH_DEBUG") else "critical",
        server_header=False,
        ws="none",
        lifespan="off",
        timeout_graceful_shutdown=_PATIENCE,
    )


def listening(host: str, port: int) -> socket.socket:
    """A socket that takes connections at that address of this computer. Raises PortTaken."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=128)
    except (OSError, OverflowError) as error:
        raise PortTaken(port) from error
