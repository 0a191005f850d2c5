"""Mastodon.py over a session of ours, which knows whether a request was sent, and keeps the answer as it came.

Mastodon.py says the same (`MastodonNetworkError`) of a server that was never reached and of one that posted and whose
answer was lost; it raises on a 200 whose rate-limit header it cannot read; its session follows a 307 and posts twice.
So what it raises counts for nothing here. What counts is the raw answer, and without one whether a byte was sent.
"""

from __future__ import annotations

import io
import ssl
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
from mastodon import Mastodon, MastodonNetworkError
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from outreach.connections.http_service import (
    MOST_BYTES,
    Answer,
    HttpService,
    Limits,
    NoAnswer,
    text_without,
    without_secrets,
)
from outreach.connections.reaching import Unreachable, addresses_of, connected, cut_off, why
from outreach.connections.server_dates import hear
from outreach.model.records import dataclass

Value = TypeVar("Value")
_MOST_REDIRECTS = 3
_MOST_WORDS = 200


@dataclass(kw_only=True, slots=True)
class _Question:
    """What became of the latest request, which has time until an instant of `time.monotonic`.

    `trouble` is why there is no answer: the end of a sentence.
    """

    until: float = 0.0
    is_sent: bool = False
    answer: Answer | None = None
    trouble: str = ""


class Wire(requests.Session):
    """A session with one server, and what became of its latest question. `hide` are secrets that it may repeat."""

    def __init__(self, service: HttpService, limits: Limits, hide: Sequence[str] = ()) -> None:
        super().__init__()
        self.trust_env = False  # no proxy, no .netrc and no certificates but this computer's own
        self.max_redirects = _MOST_REDIRECTS
        self.headers["Accept-Encoding"] = "identity"
        self.headers["Accept"] = "application/json"  # without it some say "not found" with a page for people
        self.limits = limits
        self.service = service
        self._hide = hide
        self._also: Mapping[str, str] = {}
        self.now = _Question()
        self.adapters.clear()
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter(self))

    def sdk(self, token: str = "") -> Mastodon:
        """Mastodon.py on this wire: it checks no versions, sleeps for no limit and sends nothing again by itself."""
        made = _Plain(
            api_base_url=self.service.url,
            session=self,
            ratelimit_method="throw",
            version_check_mode="none",
            mastodon_version="4.4.0",
            user_agent="outreach",
        )
        made.mastodon_major, made.mastodon_minor = 4, 4  # else it uploads to the old /api/v1/media
        made.access_token = token or None  # its constructor would read a file of that name
        return made

    def ask(self, call: Callable[[], Value], also: Mapping[str, str] | None = None) -> tuple[Answer, Value | None]:
        """The raw answer to what is called, and what Mastodon.py makes of it (None if it raises).

        `also` are form fields that it does not know. Raises NoAnswer.
        """
        self._also = also or {}
        self.now = _Question(until=time.monotonic() + self.limits.connect + self.limits.answer)
        value = None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of endpoints that are about to go
                value = call()
        except Exception as error:
            if self.now.answer is None and not self.now.trouble:
                if not isinstance(error, MastodonNetworkError):
                    raise  # nothing was asked: a mistake of ours
                self.now.trouble = "it cannot be asked so"
        # Raised out here: what Mastodon.py raises holds whole answers, and maybe a secret.
        now = self.now
        if now.answer is None:
            raise NoAnswer(text_without(self._hide, now.trouble)[:_MOST_WORDS], reached=now.is_sent)
        return without_secrets(now.answer, self._hide), value

    def request(self, method: Any, url: Any, *args: Any, **keys: Any) -> requests.Response:
        """As `Session.request`, with the fields that Mastodon.py does not know."""
        url = str(url).rstrip("/")  # it asks for /api/v2/instance/, which is not the same everywhere
        if self._also and method in ("POST", "PUT"):
            keys["data"] = {**(keys.get("data") or {}), **self._also}
        return super().request(method, url, *args, **keys)

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Where to ask instead: only for what changes nothing, and only at the same server."""
        target = super().get_redirect_target(resp)
        is_harmless = resp.request.method == "GET"
        return target if target and is_harmless and self.is_own(urljoin(str(resp.url), target)) else None

    def is_own(self, url: str) -> bool:
        """Whether an address is on the server that the secrets were entered for, reached in the same way."""
        parts, service = urlsplit(url), self.service
        host = urlsplit(requests.Request("GET", service.url).prepare().url or "").hostname  # `ü` is `xn--`
        scheme = "https" if service.is_encrypted else "http"
        port = (443 if service.is_encrypted else 80) if parts.port is None else parts.port
        return (parts.scheme, parts.hostname, port) == (scheme, host, service.port)


class _Plain(Mastodon):
    """Mastodon.py, to which a server cannot name another one that gets the code and the application's secret."""

    def oauth_authorization_server_info(self) -> Any:
        """Nothing: the token is asked for at `/oauth/token` of the server itself."""
        return {}

    def _Mastodon__try_cast_to_type(self, value: Any, override_type: Any = None) -> tuple[Any, Any]:
        """The answer as it came. Only the raw one counts, and making objects of 40 statuses takes 0.1 s."""
        return value, None


class _Adapter(HTTPAdapter):
    """Sends one request over a connection of its own, and reads all of its answer in time."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._reached = ExitStack()
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **keys: Any) -> None:
        """As in `HTTPAdapter`, with connections that tell what they do."""
        super().init_poolmanager(*args, **keys)
        plain = type("Plain", (HTTPConnectionPool,), {"ConnectionCls": self._telling(HTTPConnection)})
        encrypted = type("Encrypted", (HTTPSConnectionPool,), {"ConnectionCls": self._telling(HTTPSConnection)})
        self.poolmanager.pool_classes_by_scheme = {"http": plain, "https": encrypted}

    def cert_verify(self, *args: Any) -> None:
        """Nothing: certificates are checked where the connection is made, by the authorities of this computer."""

    def send(self, request: requests.PreparedRequest, *args: Any, **keys: Any) -> requests.Response:
        """One request and the whole of its answer."""
        wire = self._wire
        wire.now = now = _Question(until=wire.now.until)
        if not wire.is_own(str(request.url)):
            now.trouble = "it names another server, which was not asked"
            raise requests.exceptions.InvalidURL(now.trouble)
        self.poolmanager.clear()  # a connection that was used before may be dead: "sent" would mean nothing
        request.headers["Connection"] = "close"
        try:
            with ExitStack() as self._reached:
                response = super().send(request, **{**keys, "stream": True, "timeout": wire.limits.answer})
                body = self._body(response)
        except Exception as error:
            said = "no answer in time" if time.monotonic() >= now.until else why(_origin(error))
            now.trouble = now.trouble or f"the connection broke before it answered ({said})"
            raise
        response.raw = io.BytesIO(body)
        headers = {name.lower(): value for name, value in response.headers.items()}
        hear(headers)
        now.answer = Answer(status=response.status_code, headers=headers, data=body)
        return response

    def _body(self, response: requests.Response) -> bytes:
        body = b""
        # urllib3 raises where less came than was promised
        for piece in response.raw.stream(65536, decode_content=True):
            body += piece
            if len(body) > MOST_BYTES:
                break
        response.raw.close()
        if len(body) > MOST_BYTES or time.monotonic() >= self._wire.now.until:
            self._wire.now.trouble = "its answer does not end"
            raise requests.exceptions.ConnectionError(self._wire.now.trouble)
        return body

    def _telling(self, kind: type[HTTPConnection]) -> type[HTTPConnection]:
        """A kind of connection that is made as all of ours are, and marks the first byte that it sends."""
        adapter, wire = self, self._wire

        class Telling(kind):  # type: ignore[misc, valid-type]
            def connect(self) -> None:
                try:
                    self.sock = adapter.dial(self.host, self.port)
                except (OSError, Unreachable) as error:
                    said = str(error) if isinstance(error, Unreachable) else why(error)
                    wire.now.trouble = f"it cannot be reached ({said})"
                    raise
                self.is_verified = True

            def send(self, data: Any) -> None:
                if self.sock is None:
                    self.connect()
                wire.now.is_sent = True
                super().send(data)

        return Telling

    def dial(self, host: str, port: int) -> Any:
        """A connection that is cut off when the time of the question is up. Raises Unreachable, OSError."""
        wire = self._wire
        soon = min(time.monotonic() + wire.limits.connect, wire.now.until)
        tube = connected(addresses_of(host, wire.limits.connect), port, soon, at_most=wire.limits.connect)
        self._reached.enter_context(cut_off(tube, wire.now.until))
        self._reached.callback(tube.close)  # whatever urllib3 keeps of it: `run` asks for months
        if wire.service.is_encrypted:
            tube.settimeout(max(0.1, soon - time.monotonic()))
            tube = ssl.create_default_context().wrap_socket(tube, server_hostname=host)
            self._reached.callback(tube.close)
        tube.settimeout(wire.limits.answer)
        return tube


def _origin(error: BaseException) -> Exception:
    """What was raised first: requests and urllib3 wrap it."""
    while (before := error.__cause__ or error.__context__) is not None:
        error = before
    return error if isinstance(error, Exception) else RuntimeError(str(error))
