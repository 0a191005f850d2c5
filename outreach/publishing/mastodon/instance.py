"""What a Mastodon server says of itself to anybody: what it allows, and the domain of its accounts."""

from __future__ import annotations

import re
from typing import Any

from outreach.connections.http_service import Answer, HttpService, NoAnswer, member
from outreach.errors import NotSent
from outreach.model.lookups import ServerLimits
from outreach.publishing.asking import LIMITS, Unanswered
from outreach.publishing.mastodon.client import MastodonClient, wire

_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:\d{1,5})?", re.IGNORECASE)


def limits_of(url: str, *, loopback_only: bool = False) -> ServerLimits:
    """What the server at an address allows (`GET /api/v2/instance`). Raises Unanswered."""
    try:
        service = HttpService(url, loopback_only=loopback_only)
    except (NotSent, ValueError) as error:
        raise Unanswered(str(error), getattr(error, "hint", "")) from error
    asked = wire(service, LIMITS)
    try:
        answer: Answer = asked.ask(asked.sdk().instance_v2)[0]
    except NoAnswer as error:
        raise Unanswered(f"{service.host}: {error}.") from error
    settings = answer.object().get("configuration")
    if answer.status != 200 or not isinstance(settings, dict):
        raise Unanswered(f"{service.host} does not say what it allows (it answers {answer.status}).")
    return ServerLimits(
        server=url,
        characters=_number(settings, "statuses", "max_characters", 1),
        per_url=_number(settings, "statuses", "characters_reserved_per_url", 1),
        media=_number(settings, "statuses", "max_media_attachments", 0),
        description=_number(settings, "media_attachments", "description_limit", 1),
    )


def domain_of(client: MastodonClient) -> str:
    """The domain in the handles of the server's own accounts, which need not be its host (LOCAL_DOMAIN).

    Its host, where it does not say. Raises NotSent where it does not answer.
    """
    said = client.read(lambda m: m.instance_v2()).object().get("domain")
    return said.lower() if isinstance(said, str) and _DOMAIN.fullmatch(said) else client.host


def _number(settings: dict[str, Any], group: str, name: str, least: int) -> int | None:
    value = member(settings, group).get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= least else None
