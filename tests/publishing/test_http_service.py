"""A question to a network over HTTP or HTTPS: who may be asked, how long it may take, and whether it was heard.

The same for each network's own package, over its session of ours.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from outreach.connections.http_service import Answer, HttpService, Limits, NoAnswer
from outreach.errors import NotSent
from outreach.publishing.bluesky.wire import Wire as BlueskyWire
from outreach.publishing.mastodon.client import wire as mastodon_wire

LIMITS = Limits(connect=1, answer=1)
Ask = Callable[[str], Answer]


def ask_mastodon(url: str) -> Answer:
    made = mastodon_wire(HttpService(url), LIMITS)
    sdk = made.sdk()
    return made.ask(lambda: sdk.status("1"))[0]


def ask_bluesky(url: str) -> Answer:
    made = BlueskyWire(HttpService(url), LIMITS)
    return made.answer_to(lambda c: c.com.atproto.identity.resolve_handle({"handle": "a.test"}))


@pytest.fixture(params=[ask_mastodon, ask_bluesky])
def ask(request: pytest.FixtureRequest) -> Ask:
    found: Ask = request.param
    return found


class _Kind(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"host": "%s"}' % self.headers["Host"].encode())

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class _Dripping(_Kind):
    """A byte of its headers now and then, for ever."""

    def do_GET(self) -> None:
        while not self.server.stopped.wait(0.2):  # type: ignore[attr-defined]
            self.wfile.write(b"H")


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], context: ssl.SSLContext | None = None) -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        server.handle_error = lambda *args: None  # type: ignore[method-assign]
        server.stopped = threading.Event()  # type: ignore[attr-defined]
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.stopped.set()  # type: ignore[attr-defined]
        server.shutdown()
        thread.join()


@pytest.fixture
def authority(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """What a server of the name `localhost` needs, and the certificate of who says so."""
    authority, path = trustme.CA(), tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context, path


def test_a_trusted_server_is_asked_by_its_name(
    ask: Ask, authority: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[1]))
    with serving(_Kind, authority[0]) as port:
        answer = ask(f"https://localhost:{port}")
        assert answer.object() == {"host": f"localhost:{port}"}


def test_a_server_that_is_not_trusted_hears_nothing(ask: Ask, authority: tuple[ssl.SSLContext, Path]) -> None:
    with serving(_Kind, authority[0]) as port:
        with pytest.raises(NoAnswer, match=r"cannot be reached \(its certificate is ") as trouble:
            ask(f"https://localhost:{port}")
        assert not trouble.value.reached


def test_a_server_of_another_name_hears_nothing(
    ask: Ask, authority: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[1]))
    reason = r"cannot be reached \(its certificate is for another address\)"
    with serving(_Kind, authority[0]) as port, pytest.raises(NoAnswer, match=reason) as trouble:
        ask(f"https://127.0.0.1:{port}")
    assert not trouble.value.reached


def test_a_server_without_encryption_hears_nothing(ask: Ask) -> None:
    reason = r"cannot be reached \(no encrypted connection: (wrong version number|http request)\)"
    with serving(_Kind) as port, pytest.raises(NoAnswer, match=reason) as trouble:
        ask(f"https://127.0.0.1:{port}")
    assert not trouble.value.reached


@pytest.mark.parametrize("is_secure", [False, True])
def test_headers_that_drip_end_when_all_time_is_up(
    ask: Ask, authority: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch, is_secure: bool
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[1]))
    scheme, context = ("https", authority[0]) if is_secure else ("http", None)
    with serving(_Dripping, context) as port:
        before = time.monotonic()
        with pytest.raises(NoAnswer, match="no answer in time") as trouble:
            ask(f"{scheme}://localhost:{port}")
        assert time.monotonic() - before < LIMITS.connect + LIMITS.answer + 1
        assert trouble.value.reached


@pytest.mark.parametrize("url", ["http://social.example", "ftp://localhost", "social.example", "https://", ""])
def test_only_https_is_asked(url: str) -> None:
    with pytest.raises(NotSent, match="is not an https:// address"):
        HttpService(url)


@pytest.mark.parametrize(
    ("host", "asked"),
    [("social.example", "social.example"), ("bücher.example", "xn--bcher-kva.example"),
     ("xn--bcher-kva.example", "xn--bcher-kva.example")],
)  # fmt: skip
def test_a_name_that_nobody_knows_is_said(ask: Ask, host: str, asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: object, **keys: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NoAnswer, match=f"the name {asked} is not known") as trouble:
        ask(f"https://{host}")
    assert not trouble.value.reached


def test_a_resolver_that_nobody_answers_is_left_when_time_is_up(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    end = threading.Event()

    def silent(*args: object, **keys: object) -> list[object]:
        end.wait(60)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    before = time.monotonic()
    with pytest.raises(NoAnswer, match="did not resolve in time"):
        ask("https://social.example")
    end.set()
    assert time.monotonic() - before < LIMITS.connect + 1
