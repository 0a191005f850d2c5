"""Finds out which account has a handle: asks the account's own service, never the host that the handle names."""

from __future__ import annotations

import re
from collections.abc import Callable

from outreach.connections.http_service import HttpService, Limits, NoAnswer
from outreach.errors import NotSent
from outreach.publishing.asking import LIMITS, Unanswered
from outreach.publishing.bluesky.session import AS_IT_IS
from outreach.publishing.bluesky.wire import Wire

DIRECTORY = "https://public.api.bsky.app"
"""Bluesky's AppView, which resolves handles for everybody."""
_DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]{1,2000}")
_NOBODY = ("InvalidRequest", "HandleNotFound")


def directory(
    service: str | None, *, limits: Limits = LIMITS, loopback_only: bool = False
) -> Callable[[str], str | None]:
    """Asks `service`, or Bluesky's own directory, for the DID of a handle; None if it belongs to no account.

    Raises Unanswered, at once where the service may not be asked, and then where it does not say.
    """
    try:
        server = HttpService(service or DIRECTORY, loopback_only=loopback_only)
    except (NotSent, ValueError) as error:
        raise Unanswered(str(error), getattr(error, "hint", "")) from error
    wire = Wire(server, limits)

    def did_of(handle: str) -> str | None:
        query = {"handle": handle}
        try:
            answer = wire.answer_to(lambda client: client.com.atproto.identity.resolve_handle(query, **AS_IT_IS))
        except NoAnswer as error:
            raise Unanswered(f"{server.host}: {error}.") from error
        found = answer.object()
        did = found.get("did")
        if answer.status == 200 and isinstance(did, str) and _DID.fullmatch(did):
            return did
        if answer.status in (400, 404) and found.get("error") in _NOBODY:
            return None
        raise Unanswered(f"{server.host} does not say who has that handle (it answers {answer.status}).")

    return did_of
