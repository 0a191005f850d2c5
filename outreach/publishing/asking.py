"""A question to a server that anybody may ask: whose a handle is."""

from __future__ import annotations

import re

from outreach.connections.http_service import Answer, HttpService, Limits, NoAnswer
from outreach.errors import NotSent

DIRECTORY = "https://public.api.bsky.app"
"""Bluesky's AppView, which resolves handles for everybody."""
LIMITS = Limits(connect=5.0, answer=10.0)
_DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]{1,2000}")


class Unanswered(Exception):
    """A server that cannot be asked, or does not say: a sentence. `hint` says what would mend it."""

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.hint = hint


class Server:
    """One server that is asked. Raises Unanswered where it may not be."""

    def __init__(self, url: str, *, loopback_only: bool = False) -> None:
        try:
            self._service = HttpService(url, limits=LIMITS, loopback_only=loopback_only)
        except (NotSent, ValueError) as error:
            raise Unanswered(str(error), getattr(error, "hint", "")) from error
        self.host = self._service.host

    def did_of(self, handle: str) -> str | None:
        """The DID of a handle, None where it has none (`com.atproto.identity.resolveHandle`). Raises Unanswered."""
        answer = self._ask("/xrpc/com.atproto.identity.resolveHandle", handle=handle)
        found = answer.object()
        did = found.get("did")
        if answer.status == 200 and isinstance(did, str) and _DID.fullmatch(did):
            return did
        if answer.status == 404 or (
            answer.status == 400 and found.get("error") in ("InvalidRequest", "HandleNotFound")
        ):
            return None
        raise Unanswered(f"{self.host} does not say whose handle that is (it answers {answer.status}).")

    def _ask(self, path: str, **query: str) -> Answer:
        try:
            return self._service.ask("GET", path, query=query or None)
        except NoAnswer as error:
            raise Unanswered(f"{self.host}: {error}.") from error
