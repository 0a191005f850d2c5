"""Logging in to a Mastodon server with OAuth: the person says yes in the browser and brings back a code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from outreach.connections.http_service import HttpService, NoAnswer
from outreach.connections.secrets import Secret
from outreach.errors import NotSent
from outreach.publishing.mastodon.client import HINT
from outreach.publishing.refusals import refused

SCOPES = "read:statuses profile write:statuses write:media"
NOWHERE = "urn:ietf:wg:oauth:2.0:oob"
"""The server shows the code instead of sending it somewhere."""

_APPLICATION = ("client_id", "client_secret")
_TOKEN = ("access_token",)
_SECRETS = ("code", "client_secret")


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
    found = _asked(
        service, "/api/v1/apps", {"client_name": "outreach", "redirect_uris": NOWHERE, "scopes": SCOPES}, _APPLICATION
    )
    query = {"client_id": found["client_id"], "scope": SCOPES, "redirect_uri": NOWHERE, "response_type": "code"}
    page = f"{service.url}/oauth/authorize?{urlencode(query)}"
    return Application(id=str(found["client_id"]), secret=Secret(str(found["client_secret"])), page=page)


def exchange(server: str, application: Application, code: Secret, *, loopback_only: bool = False) -> Secret:
    """The access token for the code that the person brought back. Raises NotSent."""
    fields = {
        "grant_type": "authorization_code",
        "code": code.reveal().strip(),
        "client_id": application.id,
        "client_secret": application.secret.reveal(),
        "redirect_uri": NOWHERE,
        "scope": SCOPES,
    }
    return Secret(
        str(_asked(HttpService(server, loopback_only=loopback_only), "/oauth/token", fields, _TOKEN)["access_token"])
    )


def _asked(service: HttpService, path: str, fields: dict[str, str], expected: Sequence[str]) -> dict[str, object]:
    """An answer that has texts under the `expected` names. Raises NotSent."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    hide = [fields[name] for name in _SECRETS if name in fields]
    try:
        answer = service.ask("POST", path, body=urlencode(fields).encode(), headers=headers, hide=hide)
        if answer.status != 200:
            raise refused(answer, service.host, HINT)
        found = answer.json()
    except NoAnswer as error:
        raise NotSent(f"{service.host}: {error}.", stops_run=True) from error
    if not isinstance(found, dict) or not all(isinstance(found.get(name), str) for name in expected):
        raise NotSent(f"{service.host} does not speak Mastodon's API.", stops_run=True)
    return found
