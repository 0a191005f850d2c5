"""A PDS with an AppView behind it: `app.bsky.feed` is answered here, everything else by the real PDS.

It counts the posts that were asked for at once, refuses more than 25 as Bluesky does, and knows only what it is told.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.servers.fault_proxy import FaultProxy

MOST_AT_ONCE = 25


@dataclass(kw_only=True)
class AppView:
    """A running server. `gone` are posts that it does not have (any more)."""

    url: str
    upstream: FaultProxy
    asked: list[int] = field(default_factory=list)
    replies: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def reply(self, to: str, handle: str, text: str) -> None:
        """Somebody replies."""
        uri = f"at://did:plc:{handle}/app.bsky.feed.post/{len(self.replies)}{len(text)}"
        post = {"uri": uri, "author": {"did": f"did:plc:{handle}", "handle": handle}, "record": {"text": text}}
        self.replies.setdefault(to, []).append({"post": {**post, "indexedAt": "2026-11-01T10:00:00.000Z"}})

    def answer(self, nsid: str, query: dict[str, list[str]]) -> tuple[int, Any]:
        if nsid == "app.bsky.feed.getPosts":
            uris = query["uris"]
            self.asked.append(len(uris))
            if len(uris) > MOST_AT_ONCE:
                return 400, {"error": "InvalidRequest", "message": "uris must not have more than 25 elements"}
            return 200, {"posts": [self._post(uri) for uri in uris if uri not in self.gone]}
        (uri,) = query["uri"]
        if uri in self.gone:
            return 400, {"error": "NotFound", "message": f"Post not found: {uri}"}
        unseen = [{"$type": "app.bsky.feed.defs#blockedPost", "uri": "at://x", "blocked": True}]
        return 200, {"thread": {"post": self._post(uri), "replies": [*unseen, *self.replies.get(uri, [])]}}

    def _post(self, uri: str) -> dict[str, Any]:
        replies = len(self.replies.get(uri, []))
        return {"uri": uri, "likeCount": 2, "repostCount": 1, "replyCount": replies, "quoteCount": 0}


@contextmanager
def running_appview(pds_url: str) -> Iterator[AppView]:
    """A server on a free port before the PDS."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    port = server.server_address[1]
    state = AppView(url=f"http://localhost:{port}", upstream=FaultProxy(pds_url, port))
    server.state = state  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        state: AppView = self.server.state  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        nsid = parts.path.rpartition("/")[2]
        if nsid.startswith("app.bsky."):
            status, value = state.answer(nsid, parse_qs(parts.query))
            headers, data = {"Content-Type": "application/json"}, json.dumps(value).encode()
        else:
            asked = {**dict(self.headers.items()), "Accept-Encoding": "identity"}
            status, headers, data = state.upstream.forward(self.command, self.path, asked, body)
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = _serve

    def log_message(self, *args: object) -> None:
        """Say nothing."""
