"""One question over HTTP or HTTPS: who may be asked, how long it may take, and whether it was heard."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from outreach.connections.http_service import HttpService, Limits, NoAnswer
from outreach.errors import NotSent

LIMITS = Limits(connect=1, answer=1)


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
    authority: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[1]))
    with serving(_Kind, authority[0]) as port:
        answer = HttpService(f"https://localhost:{port}", limits=LIMITS).ask("GET", "/")
        assert answer.object() == {"host": f"localhost:{port}"}


def test_a_server_that_is_not_trusted_hears_nothing(authority: tuple[ssl.SSLContext, Path]) -> None:
    with serving(_Kind, authority[0]) as port:
        with pytest.raises(NoAnswer, match=r"cannot be reached \(its certificate: ") as trouble:
            HttpService(f"https://localhost:{port}", limits=LIMITS).ask("GET", "/")
        assert not trouble.value.reached


def test_a_server_of_another_name_hears_nothing(
    authority: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[1]))
    with serving(_Kind, authority[0]) as port, pytest.raises(NoAnswer, match="cannot be reached") as trouble:
        HttpService(f"https://127.0.0.1:{port}", limits=LIMITS).ask("GET", "/")
    assert not trouble.value.reached


@pytest.mark.parametrize("is_secure", [False, True])
def test_headers_that_drip_end_when_all_time_is_up(
    authority: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch, is_secure: bool
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[1]))
    scheme, context = ("https", authority[0]) if is_secure else ("http", None)
    with serving(_Dripping, context) as port:
        before = time.monotonic()
        with pytest.raises(NoAnswer, match="no answer in time") as trouble:
            HttpService(f"{scheme}://localhost:{port}", limits=LIMITS).ask("GET", "/")
        assert time.monotonic() - before < LIMITS.connect + LIMITS.answer + 1
        assert trouble.value.reached


@pytest.mark.parametrize("url", ["http://social.example", "ftp://localhost", "social.example", "https://", ""])
def test_only_https_is_asked(url: str) -> None:
    with pytest.raises(NotSent, match="is no https:// address"):
        HttpService(url)


def test_a_name_that_nobody_knows_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: object, **keys: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NoAnswer, match=r"the name social\.example is not known") as trouble:
        HttpService("https://social.example", limits=LIMITS).ask("GET", "/")
    assert not trouble.value.reached


def test_a_resolver_that_nobody_answers_is_left_when_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    end = threading.Event()

    def silent(*args: object, **keys: object) -> list[object]:
        end.wait(60)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    before = time.monotonic()
    with pytest.raises(NoAnswer, match="did not resolve in time"):
        HttpService("https://social.example", limits=LIMITS).ask("GET", "/")
    end.set()
    assert time.monotonic() - before < LIMITS.connect + 1
