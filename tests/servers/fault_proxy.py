"""A proxy before an HTTP server, which breaks what it is told to break, before or after the server has heard it.

A fault is `WHERE WHAT`: WHERE is a part of a request line (`POST /api/v1/statuses`), WHAT is one of `drop-before`,
`drop-after`, `late-after=SECONDS` (the server hears it that much later, and nobody answers), `status-after=CODE`,
`status-before=CODE`, `truncate-after`, `garbage-after`, `kill-before=PID`, `kill-after=PID`. Each strikes once.
"""

from __future__ import annotations

import http.client
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class FaultProxy:
    """A running proxy. `heard` are the request lines that reached the server."""

    def __init__(self, upstream: str, port: int) -> None:
        self.url = f"http://localhost:{port}"
        self.upstream = upstream
        self.faults: list[tuple[str, str]] = []
        self.heard: list[str] = []
        self.late: list[threading.Thread] = []
        self._lock = threading.Lock()

    def will(self, where: str, *faults: str) -> None:
        """From now on, the next requests like `where` meet these faults, one each."""
        self.faults += [(where, fault) for fault in faults]

    def fault_for(self, line: str) -> str:
        with self._lock:
            for number, (where, fault) in enumerate(self.faults):
                if where in line:
                    del self.faults[number]
                    return fault
        return ""

    def settle(self) -> None:
        """Wait until what is late has landed."""
        for thread in self.late:
            thread.join()

    def forward(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Ask the server itself."""
        parts = urlsplit(self.upstream)
        with closing(http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)) as connection:
            kept = {name: value for name, value in headers.items() if name.lower() not in ("host", "connection")}
            connection.request(method, path, body=body, headers=kept)
            answer = connection.getresponse()
            data = answer.read().replace(self.upstream.encode(), self.url.encode())
            self.heard.append(f"{method} {path}")
            dropped = ("content-length", "transfer-encoding", "connection", "content-encoding")
            said = {name: value for name, value in answer.getheaders() if name.lower() not in dropped}
            return answer.status, said, data


@contextmanager
def fault_proxy(upstream: str) -> Iterator[FaultProxy]:
    """A proxy before `upstream` on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    proxy = FaultProxy(upstream, server.server_address[1])
    server.proxy = proxy  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.settle()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        proxy: FaultProxy = self.server.proxy  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        name, _, value = proxy.fault_for(f"{self.command} {self.path}").partition("=")
        request = (self.command, self.path, {**dict(self.headers.items()), "Accept-Encoding": "identity"}, body)
        if name == "kill-before":
            os.kill(int(value), signal.SIGKILL)
            return self._hang_up()
        if name == "drop-before":
            return self._hang_up()
        if name == "status-before":
            return self._say(int(value), {}, b'{"error": "so far and no further"}')
        if name == "late-after":
            late = threading.Timer(float(value), proxy.forward, request)
            proxy.late.append(late)
            late.start()
            return self._hang_up()
        status, headers, data = proxy.forward(*request)
        if name == "kill-after":
            os.kill(int(value), signal.SIGKILL)
        if name in ("drop-after", "kill-after"):
            return self._hang_up()
        if name == "status-after":
            return self._say(int(value), {}, b"<html>Bad Gateway</html>")
        if name == "garbage-after":
            data = b"<html>" + data[: len(data) // 2]
        self._say(status, headers, data, whole=name != "truncate-after")
        return None

    do_GET = do_POST = do_PUT = do_DELETE = _serve

    def _say(self, status: int, headers: dict[str, str], data: bytes, *, whole: bool = True) -> None:
        with suppress(OSError):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data if whole else data[: len(data) // 2])
        if not whole:
            self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True

    def log_message(self, *args: object) -> None:
        """Say nothing."""
