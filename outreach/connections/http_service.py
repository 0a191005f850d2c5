"""Asking a server over HTTP, with one bit that matters: whether the request may have reached it.

One connection per question, nothing followed, nothing repeated, and a limit for the whole of it. What was not
even connected was surely not heard; whatever breaks later may have been.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import ssl
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from outreach.connections.reaching import Unreachable, addresses_of, connected, cut_off, why
from outreach.connections.web_addresses import IPAddress
from outreach.errors import NotSent

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
        """The body as JSON. Raises NoAnswer where it is none: then nobody knows what was meant."""
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
    """The objects in a JSON array; none where it is no array."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def member(value: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The object that a JSON object has under a name; an empty one where it has none."""
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
    """One server. Raises NotSent for an address that is no `https://` one (`http://` only to this computer)."""

    def __init__(self, url: str, *, limits: Limits | None = None, loopback_only: bool = False) -> None:
        parts = urlsplit(url)
        self.host = parts.hostname or ""
        self.url = url.rstrip("/")
        self.is_encrypted = parts.scheme == "https"
        self.port = (443 if self.is_encrypted else 80) if parts.port is None else parts.port
        self._limits = limits or Limits()
        here = is_loopback(self.host)
        if not self.host or parts.scheme not in ("http", "https") or (parts.scheme == "http" and not here):
            raise NotSent(f"{url} is no https:// address, so nothing was sent.", permanent=True, stops_run=True)
        if loopback_only and not here:
            raise NotSent(
                f"Under OUTREACH_NOW nothing is sent to {self.host}.",
                hint="Unset OUTREACH_NOW, or name a server on this computer.",
                stops_run=True,
            )

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        hide: Sequence[str] = (),
    ) -> Answer:
        """One question and its answer, whatever its status. Raises NoAnswer.

        `hide` are secrets in the question: a server that repeats one in its complaint is not quoted with it.
        """
        target = quote(path, safe="/:@%") + (f"?{urlencode(query, doseq=True)}" if query else "")
        sent = {"Accept": "application/json", "User-Agent": "outreach", **(headers or {})}
        until = time.monotonic() + self._limits.connect + self._limits.answer
        with ExitStack() as stack:
            connection = stack.enter_context(closing(self._unconnected()))
            try:
                self._connect(connection, until, stack)
            except (OSError, Unreachable) as error:
                said = str(error) if isinstance(error, Unreachable) else why(error)
                raise NoAnswer(f"it cannot be reached ({said})", reached=False) from error
            try:
                connection.request(method, target, body=body, headers=sent)
                with connection.getresponse() as response:
                    return without_secrets(self._read(response, until), hide)
            except (OSError, http.client.HTTPException) as error:
                said = "no answer in time" if time.monotonic() >= until else why(error)
                raise NoAnswer(f"the connection broke before it answered ({said})", reached=True) from error

    def _unconnected(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self.is_encrypted else http.client.HTTPConnection
        return kind(self.host, self.port)

    def _connect(self, connection: http.client.HTTPConnection, until: float, stack: ExitStack) -> None:
        """Connect, within the limit for that, with a cord on the stack that ends the connection when all time is up.

        Raises Unreachable, OSError.
        """
        soon = time.monotonic() + self._limits.connect
        known = [address] if (address := literal(self.host)) else addresses_of(self.host, self._limits.connect)
        tube = connected(known, connection.port, soon, at_most=self._limits.connect)
        connection.sock = tube
        stack.enter_context(cut_off(tube, until))
        if self.is_encrypted:
            tube.settimeout(max(0.1, soon - time.monotonic()))
            connection.sock = ssl.create_default_context().wrap_socket(tube, server_hostname=self.host)
        connection.sock.settimeout(self._limits.answer)

    def _read(self, response: http.client.HTTPResponse, until: float) -> Answer:
        data = b""
        while piece := response.read1(65536):
            data += piece
            if len(data) > MOST_BYTES:
                break
        if len(data) > MOST_BYTES or time.monotonic() >= until:
            raise NoAnswer("its answer does not end", reached=True)
        if response.length:
            raise NoAnswer("its answer was cut short", reached=True)
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(status=response.status, headers=headers, data=data)


def _parsed(data: bytes) -> Any:
    """JSON, in which halves of characters (`\\ud800`) are question marks: nothing could write them down."""
    found = json.loads(data)
    if b"\\ud" in data.lower():
        found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    return found


def without_secrets(answer: Answer, secrets: Sequence[str]) -> Answer:
    """A complaint without the secrets, however its JSON writes them; what is no complaint stays as it is."""
    if answer.status < 300:
        return answer
    try:
        data = json.dumps(_parsed(answer.data), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        data = answer.data
    for secret in filter(None, secrets):
        for form in (secret, json.dumps(secret, ensure_ascii=False)[1:-1]):
            data = data.replace(form.encode(), b"[secret]")
    return replace(answer, data=data)


def is_loopback(host: str) -> bool:
    """Whether a host is this computer, by its name."""
    if host == "localhost":
        return True
    address = literal(host)
    return address is not None and address.is_loopback


def literal(host: str) -> IPAddress | None:
    """The address that a host is written as, None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
