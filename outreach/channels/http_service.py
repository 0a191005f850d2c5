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
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

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
        try:
            return json.loads(self.data)
        except ValueError as error:
            raise NoAnswer("its answer is not JSON", reached=True) from error

    def object(self) -> dict[str, Any]:
        """The body as a JSON object, {} where it is none: for what merely explains an error."""
        try:
            found = json.loads(self.data)
        except ValueError:
            return {}
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
        self._port = parts.port
        self._tls = parts.scheme == "https"
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
    ) -> Answer:
        """One question and its answer, whatever its status. Raises NoAnswer."""
        target = quote(path, safe="/:@%") + (f"?{urlencode(query, doseq=True)}" if query else "")
        until = time.monotonic() + self._limits.connect + self._limits.answer
        with closing(self._connection()) as connection:
            try:
                connection.connect()
            except (OSError, ssl.SSLError) as error:
                raise NoAnswer(f"it cannot be reached ({_why(error)})", reached=False) from error
            try:
                connection.sock.settimeout(self._limits.answer)
                sent = {"Accept": "application/json", "User-Agent": "outreach", **(headers or {})}
                connection.request(method, target, body=body, headers=sent)
                with connection.getresponse() as response:
                    return self._read(response, until)
            except (OSError, http.client.HTTPException) as error:
                raise NoAnswer(f"the connection broke before it answered ({_why(error)})", reached=True) from error

    def _connection(self) -> http.client.HTTPConnection:
        if self._tls:
            return http.client.HTTPSConnection(self.host, self._port, timeout=self._limits.connect)
        return http.client.HTTPConnection(self.host, self._port, timeout=self._limits.connect)

    def _read(self, response: http.client.HTTPResponse, until: float) -> Answer:
        data = b""
        while piece := response.read1(65536):
            data += piece
            if len(data) > MOST_BYTES or time.monotonic() > until:
                raise NoAnswer("its answer does not end", reached=True)
        if response.length:
            raise NoAnswer("its answer was cut short", reached=True)
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(status=response.status, headers=headers, data=data)


def is_loopback(host: str) -> bool:
    """Whether a host is this computer, by its name."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).strip().lower()
