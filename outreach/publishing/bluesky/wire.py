"""The transport below the SDK: one request on one connection, and what is known of it whatever the SDK says.

"Published once" rests on three things that the SDK does not tell: whether a byte of *this* request was written (after
TLS), the answer as it came, and that all of it ends in time. So whichever exception the SDK raises is ignored: an
answer is judged by itself, a request without one was sent or not, and what was never asked is a mistake of ours.

Imported by name when a session opens: httpx and the SDK take about a second.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, closing
from typing import Any

import httpcore
import httpx
from atproto import Client, Request, Session

from outreach.connections.http_service import (
    MOST_BYTES,
    Answer,
    HttpService,
    Limits,
    NoAnswer,
    text_without,
    without_secrets,
)
from outreach.connections.reaching import addresses_of, connected, cut_off, why
from outreach.connections.server_dates import hear

_QUOTED = re.compile(r":? *(bytearray\()?\bb['\"].*", re.DOTALL)


class Wire(httpx.BaseTransport):
    """Carries the requests of one client to one server, and nowhere else."""

    def __init__(self, service: HttpService, limits: Limits) -> None:
        self._service = service
        self._limits = limits
        self._asked = self.sent = False
        self._answer: Answer | None = None
        self._trust = ssl.create_default_context() if service.is_encrypted else None
        request = Request(transport=self, trust_env=False, headers={"Accept-Encoding": "identity"})
        request.add_additional_header("User-Agent", "outreach")
        self.client = Client(service.url, request)

    def answer_to(self, call: Callable[[Client], object], hide: Sequence[str] = ()) -> Answer:
        """What the server said to the one request that `call` makes with the client. Raises NoAnswer.

        `hide` are secrets in the request: a server that repeats one in its complaint is not quoted with it.
        """
        self._asked, self.sent, self._answer = False, False, None
        broken: Exception | None = None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # the SDK hands blobs to httpx in an old way
                call(self.client)
        except Exception as error:
            broken = error
        return self._judged(broken, hide)

    def _judged(self, broken: Exception | None, hide: Sequence[str]) -> Answer:
        if self._answer is not None:
            return without_secrets(self._answer, hide)
        if broken is None or not self._asked:
            raise broken or AssertionError("the SDK asked nothing")
        # Not raised from it: what the SDK raises carries whole answers, and maybe a secret.
        raise self._no_answer(broken, hide)

    def take_up(self, handle: str, did: str, access: str, refresh: str) -> None:
        """Go on with a session that was kept; nobody is asked."""
        kept = Session(handle, did, access, refresh, self._service.url)
        self.client.login(session_string=kept.export(), fetch_bsky_profile=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request, its whole answer read. Raises what breaks on the way."""
        self._asked = True
        until = time.monotonic() + self._limits.connect + self._limits.answer
        url, own = request.url, self._service
        host = httpx.URL(own.url).host  # as httpx writes it: `xn--bcher-kva` is `bücher`
        if (url.scheme == "https", url.host, url.port or own.port) != (own.is_encrypted, host, own.port):
            raise httpx.UnsupportedProtocol("another server than the one that the password was entered for")
        waits = {"connect": self._limits.connect, "read": self._limits.answer, "write": self._limits.answer}
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        asked = httpcore.Request(
            request.method, target, headers=request.headers.raw, content=request.read(), extensions={"timeout": waits}
        )
        with ExitStack() as stack:
            doors = _Doors(self, self._limits.connect, until, stack)
            pool = httpcore.ConnectionPool(ssl_context=self._trust, network_backend=doors)
            answer = stack.enter_context(closing(stack.enter_context(pool).handle_request(asked)))
            headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
            hear(headers)
            if headers.get("content-encoding", "identity") != "identity":
                raise NoAnswer("its answer is compressed, and outreach did not ask for that", reached=True)
            self._answer = Answer(status=answer.status, headers=headers, data=_read(answer.iter_stream(), until))
        # Without the other headers httpx finds no redirect to follow: 307 and 308 would ask for the same post again.
        shown = {"content-type": headers.get("content-type", "")}
        return httpx.Response(answer.status, headers=shown, content=self._answer.data)

    def _no_answer(self, broken: Exception, hide: Sequence[str]) -> NoAnswer:
        if isinstance(broken, NoAnswer):
            return NoAnswer(str(broken), reached=broken.reached)
        cause: BaseException = broken
        while cause.__cause__ is not None:
            cause = cause.__cause__
        said = why(cause) if isinstance(cause, Exception) else type(cause).__name__
        # h11 quotes the bytes of an answer that is not HTTP ("illegal status line: bytearray(b'...')"), maybe a secret.
        said = text_without(hide, _QUOTED.sub("", said))
        if self.sent:
            return NoAnswer(f"the connection broke before it answered ({said})", reached=True)
        return NoAnswer(f"it cannot be reached ({said})", reached=False)


class _Doors(httpcore.NetworkBackend):
    """Connects, with a limit for finding the name, one for connecting, and a cord that ends all of it in time."""

    def __init__(self, wire: Wire, seconds: float, until: float, stack: ExitStack) -> None:
        self._wire = wire
        self._seconds = seconds
        self._until = until
        self._stack = stack

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore.NetworkStream:
        soon = time.monotonic() + self._seconds
        tube = connected(addresses_of(host, self._seconds), port, soon, at_most=self._seconds)
        self._stack.enter_context(cut_off(tube, self._until))
        return _Stream(tube, self._wire, self._until)


class _Stream(httpcore.NetworkStream):
    """A connection that says when the first byte of a request was written on it."""

    def __init__(self, tube: socket.socket, wire: Wire, until: float) -> None:
        self._tube = tube
        self._wire = wire
        self._until = until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._tube.settimeout(timeout)
        data = self._tube.recv(max_bytes)
        if not data and time.monotonic() >= self._until:  # the cord was pulled
            raise TimeoutError
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._wire.sent = True
        self._tube.settimeout(timeout)
        try:
            self._tube.sendall(buffer)
        except OSError as error:  # httpcore reads an answer that came before all was written
            raise httpcore.WriteError from error

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        self._tube.settimeout(timeout)
        return _Stream(ssl_context.wrap_socket(self._tube, server_hostname=server_hostname), self._wire, self._until)

    def close(self) -> None:
        self._tube.close()

    def get_extra_info(self, info: str) -> Any:
        return None


def _read(pieces: Iterable[bytes], until: float) -> bytes:
    """All of an answer. Raises NoAnswer if that is too much."""
    data = b""
    for piece in pieces:
        data += piece
        if len(data) > MOST_BYTES or time.monotonic() >= until:
            raise NoAnswer("its answer does not end", reached=True)
    return data
