"""Logging in to a Mastodon server with OAuth: the person says yes in the browser and brings back a code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from outreach.connections.http_service import HttpService, NoAnswer
from outreach.connections.secrets import Secret
from outreach.errors import NotSent
from outreach.model.records import dataclass
from outreach.publishing.mastodon.client import HINT, wire
from outreach.publishing.refusals import refused

SCOPES = ["read:accounts", "read:statuses", "write:statuses", "write:media"]
"""Not `profile`, which would be enough for Mastodon from 4.3 on: other servers tell us who we are only for these."""
_APPLICATION = ("client_id", "client_secret")
_TOKEN = ("access_token",)


@dataclass(frozen=True, kw_only=True, slots=True)
class Application:
    """outreach as one server knows it. `secret` is the application's own."""

    id: str
    secret: Secret
    page: str
    """Where the person says yes."""


def register(server: str, *, loopback_only: bool = False) -> Application:
    """Make outreach known to a server. Raises NotSent."""
    service = HttpService(server, loopback_only=loopback_only)
    opened = wire(service)
    sdk = opened.sdk()
    keys: dict[str, Any] = {"scopes": SCOPES, "api_base_url": service.url, "session": opened, "user_agent": "outreach"}
    found = _asked(service, lambda: opened.ask(lambda: sdk.create_app("outreach", **keys)), _APPLICATION)
    sdk.client_id = found["client_id"]  # handed to it as an argument, it would read a file of that name
    page = sdk.auth_request_url(scopes=SCOPES)
    return Application(id=found["client_id"], secret=Secret(found["client_secret"]), page=page)


def exchange(server: str, application: Application, code: Secret, *, loopback_only: bool = False) -> Secret:
    """The access token for the code that the person brought back. Raises NotSent."""
    service, typed = HttpService(server, loopback_only=loopback_only), code.reveal().strip()
    opened = wire(service, hide=[typed, application.secret.reveal()])
    sdk = opened.sdk()
    sdk.client_id, sdk.client_secret = application.id, application.secret.reveal()
    found = _asked(service, lambda: opened.ask(lambda: sdk.log_in(code=typed, scopes=SCOPES)), _TOKEN)
    return Secret(found["access_token"])


def _asked(service: HttpService, ask: Callable[[], tuple[Any, Any]], expected: Sequence[str]) -> dict[str, str]:
    """An answer that has texts under the `expected` names. Raises NotSent."""
    try:
        answer = ask()[0]
        if not 200 <= answer.status < 300:
            raise refused(answer, service.host, HINT)
        found = answer.json()
    except NoAnswer as error:
        raise NotSent(f"{service.host}: {error}.", stops_run=True) from error
    if not isinstance(found, dict) or not all(isinstance(found.get(name), str) for name in expected):
        hint = "Correct the server in accounts.mastodon, then: outreach login mastodon"
        raise NotSent(f"{service.host} is not a Mastodon server.", hint=hint, stops_run=True)
    return found
