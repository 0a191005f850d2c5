"""A server that is asked over HTTP, and its answers: with one bit that matters, whether a request may have reached it.

The networks' own packages ask (`publishing/*/wire.py`). What was not even connected was surely not heard; whatever
breaks later may have been.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from outreach.connections.web_addresses import is_loopback
from outreach.errors import NotSent
from outreach.model.records import dataclass

MOST_BYTES = 8_000_000
CONNECT_SECONDS = 15.0
ANSWER_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a server said; `headers` have lower-case names."""

    status: int
    headers: Mapping[str, str]
    data: bytes

    def json(self) -> Any:
        """The body as JSON. Raises NoAnswer if it is none: then nobody knows what was meant."""
        with suppress(ValueError, RecursionError):  # not raised from it: it carries the body, and maybe a secret
            return _parsed(self.data)
        raise NoAnswer("its answer is not JSON", reached=True)

    def object(self) -> dict[str, Any]:
        """The body as a JSON object, {} where it is none: for what merely explains an error."""
        try:
            found = _parsed(self.data)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def objects(value: object) -> list[dict[str, Any]]:
    """The objects in a JSON array; none if it is not an array."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def member(value: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The object that a JSON object has under a name; an empty one if it has none."""
    found = value.get(name)
    return found if isinstance(found, dict) else {}


class NoAnswer(Exception):
    """No answer that could be read; `reached` whether the request may have been heard."""

    def __init__(self, why: str, *, reached: bool) -> None:
        super().__init__(why)
        self.reached = reached


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Seconds for making a connection and for the whole of an answer."""

    connect: float = CONNECT_SECONDS
    answer: float = ANSWER_SECONDS


class HttpService:
    """One server. Raises NotSent for an address that is not a `https://` one (`http://` only to this computer)."""

    def __init__(self, url: str, *, limits: Limits | None = None, loopback_only: bool = False) -> None:
        parts = urlsplit(url)
        self.host = parts.hostname or ""
        self.url = url.rstrip("/")
        self.is_encrypted = parts.scheme == "https"
        self.port = (443 if self.is_encrypted else 80) if parts.port is None else parts.port
        self._limits = limits or Limits()
        here = is_loopback(self.host)
        if not self.host or parts.scheme not in ("http", "https") or (parts.scheme == "http" and not here):
            sentence, hint = f"{url} is not an https:// address, so nothing was sent.", "Correct it in campaign.yaml."
            raise NotSent(sentence, hint=hint, permanent=True, stops_run=True)
        if loopback_only and not here:
            raise NotSent(
                f"Under OUTREACH_NOW nothing is sent to {self.host}.",
                hint="Unset OUTREACH_NOW, or name a server on this computer.",
                stops_run=True,
            )


def _parsed(data: bytes) -> Any:
    """JSON, in which halves of characters (`\\ud800`) are question marks: nothing could write them down."""
    found = json.loads(data)
    if b"\\ud" in data.lower():
        found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    return found


def without_secrets(answer: Answer, secrets: Sequence[str]) -> Answer:
    """A complaint without the secrets, however its JSON writes them; what is not a complaint stays as it is."""
    if answer.status < 300:
        return answer
    try:
        text = json.dumps(_parsed(answer.data), ensure_ascii=False)
    except (ValueError, RecursionError):
        text = answer.data.decode("utf-8", "surrogateescape")
    return replace(answer, data=text_without(secrets, text).encode("utf-8", "surrogateescape"))


def text_without(secrets: Sequence[str], text: str) -> str:
    """A text without the secrets, as they are and as JSON writes them, in capitals or not."""
    for secret in filter(None, secrets):
        for form in (secret, json.dumps(secret, ensure_ascii=False)[1:-1]):
            text = re.sub(re.escape(form), "[secret]", text, flags=re.IGNORECASE)
    return text
