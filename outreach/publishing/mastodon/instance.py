"""What a Mastodon server says of itself to anybody: what it allows, and the domain of its accounts."""

from __future__ import annotations

import re
from typing import Any

from outreach.connections.http_service import Answer, HttpService, NoAnswer, member
from outreach.errors import NotSent
from outreach.model.lookups import ServerLimits
from outreach.publishing.asking import LIMITS, Unanswered
from outreach.publishing.mastodon.client import MastodonClient, wire

_OLD_NAMES = ("max_toot_chars", "max_characters"), ("max_media_attachments",), ("description_limit",)
"""What servers without `configuration` (Pleroma, Akkoma) call what they allow, in `GET /api/v1/instance`."""
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:\d{1,5})?", re.IGNORECASE)


def limits_of(url: str, *, loopback_only: bool = False) -> ServerLimits:
    """What the server at an address allows. Raises Unanswered.

    By `GET /api/v2/instance`, else by that of v1.
    """
    try:
        service = HttpService(url, loopback_only=loopback_only)
    except (NotSent, ValueError) as error:
        raise Unanswered(str(error), getattr(error, "hint", "")) from error
    asked = wire(service, LIMITS)
    sdk = asked.sdk()
    try:
        for ask in (sdk.instance_v2, sdk.instance_v1):
            answer: Answer = asked.ask(ask)[0]
            if answer.status == 200 and (settings := _settings(answer.object())) is not None:
                break
        else:
            raise Unanswered(f"{service.host} does not say what it allows (it answers {answer.status}).")
    except NoAnswer as error:
        raise Unanswered(f"{service.host}: {error}.") from error
    return ServerLimits(
        server=url,
        characters=_number(settings, "statuses", "max_characters", 1),
        per_url=_number(settings, "statuses", "characters_reserved_per_url", 1),
        media=_number(settings, "statuses", "max_media_attachments", 0),
        description=_number(settings, "media_attachments", "description_limit", 1),
    )


def domain_of(client: MastodonClient) -> str:
    """The domain in the handles of the server's own accounts, which need not be its host (LOCAL_DOMAIN).

    Its host, where it does not say. Raises NotSent if it does not answer.
    """
    said = client.read(lambda m: m.instance_v2()).object().get("domain")
    return said.lower() if isinstance(said, str) and _DOMAIN.fullmatch(said) else client.host


def _settings(said: dict[str, Any]) -> dict[str, Any] | None:
    """What a server says under `configuration`, or what it says instead of it, under the same names."""
    if isinstance(said.get("configuration"), dict):
        return member(said, "configuration")
    characters, media, description = ([said[name] for name in names if name in said] for names in _OLD_NAMES)
    if not characters:
        return None
    statuses = {"max_characters": characters[0], **({"max_media_attachments": media[0]} if media else {})}
    return {"statuses": statuses, "media_attachments": {"description_limit": description[0]} if description else {}}


def _number(settings: dict[str, Any], group: str, name: str, least: int) -> int | None:
    value = member(settings, group).get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= least else None
