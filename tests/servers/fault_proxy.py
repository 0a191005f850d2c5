"""A proxy before an HTTP server, which breaks what it is told to break, before or after the server has heard it.

A fault is `WHERE WHAT`: WHERE is a part of a request line (`POST /api/v1/statuses`), WHAT is one of `drop-before`,
`drop-after`, `late-after=SECONDS` (the server hears it that much later, and nobody answers), `status-after=CODE`,
`status-before=CODE`, `truncate-after`, `garbage-after`, `kill-before=PID`, `kill-after=PID`. Each strikes once.
`will_say` puts a whole answer of the test's own in the place of the server's.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

ECHO = b"ECHO"


@dataclass(frozen=True, kw_only=True)
class Said:
    """An answer in the place of the server's; `heard` whether the server carries out what was asked.

    What was asked for with `Authorization` comes back in the place of ECHO. `pause` is in seconds, before each byte.
    """

    status: int
    data: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    heard: bool = False
    pause: float = 0.0


class FaultProxy:
    """A running proxy. `heard` are the request lines that reached the server."""

    def __init__(self, upstream: str, port: int) -> None:
        self.url = f"http://localhost:{port}"
        self.upstream = upstream
        self.faults: list[tuple[str, str]] = []
        self.heard: list[str] = []
        self.late: list[threading.Thread] = []
        self.answers: list[tuple[str, Said]] = []
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

    def will_say(self, where: str, *answers: Said) -> None:
        """From now on, the next requests like `where` get these answers, one each."""
        self.answers += [(where, answer) for answer in answers]

    def answer_for(self, line: str) -> Said | None:
        with self._lock:
            for number, (where, answer) in enumerate(self.answers):
                if where in line:
                    del self.answers[number]
                    return answer
        return None

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
    server.stopped = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.settle()
        server.stopped.set()  # type: ignore[attr-defined]
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
        if (answer := proxy.answer_for(f"{self.command} {self.path}")) is not None:
            return self._say_instead(answer, request)
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

    def _say_instead(self, answer: Said, request: tuple[str, str, dict[str, str], bytes]) -> None:
        if answer.heard:
            self.server.proxy.forward(*request)  # type: ignore[attr-defined]
        asked = f"{self.headers.get('Authorization', '')} {request[3].decode(errors='replace')}"
        data = answer.data.replace(ECHO, json.dumps(asked)[1:-1].encode())
        if not answer.pause:
            return self._say(answer.status, dict(answer.headers), data)
        head = f"HTTP/1.1 {answer.status} Slow\r\nX-Slow: {'x' * 500}\r\nContent-Length: {len(data)}\r\n\r\n"
        with suppress(OSError):
            for byte in head.encode() + data:
                self.wfile.write(bytes([byte]))
                if self.server.stopped.wait(answer.pause):  # type: ignore[attr-defined]
                    break
        return self._hang_up()

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
