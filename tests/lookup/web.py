"""A small web on this computer, with pages that behave and pages that do not; and a canary that nobody may touch."""

from __future__ import annotations

import gzip
import http.server
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

PAGE = b"<html><head><title>A page</title></head><body>words</body></html>"


@dataclass
class Web:
    """What it answers, by path: status, headers, body; and what it was asked for."""

    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self, path: str, body: bytes = PAGE, media_type: str = "text/html", **headers: str) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (200, {"Content-Type": media_type, **named}, body)
        return self.url + path

    def redirect(self, path: str, to: str, status: int = 302) -> str:
        self.pages[path] = (status, {"Location": to}, b"")
        return self.url + path


@contextmanager
def small_web() -> Iterator[Web]:
    """The web, answering until the end."""
    web = Web()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.asked.append((self.path, self.headers.get("Host", "")))
            if self.path == "/drip":
                self._drip()
                return
            status, headers, body = web.pages.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def _drip(self) -> None:
            """A header that never ends, a letter at a time."""
            try:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                for _ in range(200):
                    self.wfile.write(b"a")
                    self.wfile.flush()
                    time.sleep(0.05)
            except OSError:
                pass

        def log_message(self, *args: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        web.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield web
        finally:
            server.shutdown()


class Canary:
    """Counts who connects, on every address of this computer."""

    def __init__(self, tube: socket.socket) -> None:
        self.port = tube.getsockname()[1]
        self.connections = 0
        self._tube = tube
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                self._tube.accept()[0].close()
            except OSError:
                return
            self.connections += 1


@contextmanager
def canary() -> Iterator[Canary]:
    """A server on a port of this computer, IPv4 and IPv6."""
    dual = socket.has_dualstack_ipv6()
    tube = (
        socket.create_server(("", 0), family=socket.AF_INET6, dualstack_ipv6=True)
        if dual
        else socket.create_server(("", 0))
    )
    with tube:
        yield Canary(tube)


def bomb(size: int) -> bytes:
    """`size` zero bytes, packed."""
    return gzip.compress(bytes(size))
