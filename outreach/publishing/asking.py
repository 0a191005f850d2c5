"""A question to a server that anybody may ask: what a Mastodon server allows."""

from __future__ import annotations

from typing import Any

from outreach.connections.http_service import Answer, HttpService, Limits, NoAnswer
from outreach.errors import NotSent
from outreach.model.lookups import ServerLimits

LIMITS = Limits(connect=5.0, answer=10.0)


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

    def limits(self, url: str) -> ServerLimits:
        """What a Mastodon server allows (`GET /api/v2/instance`). Raises Unanswered."""
        answer = self._ask("/api/v2/instance")
        settings = answer.object().get("configuration")
        if answer.status != 200 or not isinstance(settings, dict):
            raise Unanswered(f"{self.host} does not say what it allows (it answers {answer.status}).")
        return ServerLimits(
            server=url,
            characters=_number(settings, "statuses", "max_characters", 1),
            per_url=_number(settings, "statuses", "characters_reserved_per_url", 1),
            media=_number(settings, "statuses", "max_media_attachments", 0),
            description=_number(settings, "media_attachments", "description_limit", 1),
        )

    def _ask(self, path: str, **query: str) -> Answer:
        try:
            return self._service.ask("GET", path, query=query or None)
        except NoAnswer as error:
            raise Unanswered(f"{self.host}: {error}.") from error


def _number(settings: dict[str, Any], group: str, name: str, least: int) -> int | None:
    found = settings.get(group)
    value = found.get(name) if isinstance(found, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= least else None
