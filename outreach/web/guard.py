"""Who may ask, and what every answer says about itself.

In this order, on every method and path, static files too: the Host is ours (so that no other site's name leads here,
which is how DNS rebinding works), the browser came in with the token, and what writes comes from our own pages.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from outreach.tasks.uploads import MOST_BYTES as MOST_UPLOADED
from outreach.web.sessions import Door

ENTRANCE = "/enter"
MOST_BYTES = 64_000
"""What a form may hold."""
UPLOADS = ("/look-at-files", "/begin")
"""Where files come in."""
READING = ("GET", "HEAD")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
FRAME_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "frame-ancestors 'self'; base-uri 'none'"
)
"""For a letter's HTML: it may look as it does in a mail program, and do and load nothing."""

_NOT_HERE = "This is not the dashboard's address."
_NOT_YOU = (
    "The dashboard opens only with the address that `outreach dashboard` printed, and that address works once. "
    "Stop it with Ctrl-C and start it again for a new one."
)
_NOT_OURS = "This was not asked for by a page of the dashboard."
_TOO_MUCH = "This is more than a form of the dashboard holds."


class Guard:
    """Stands before every route."""

    def __init__(self, app: ASGIApp, *, door: Door, port: int) -> None:
        self._app = app
        self._door = door
        self._hosts = frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))
        self._cookie = cookie_name(port)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        refused = self._refused(scope)
        answer = refused or self._app
        await answer(scope, receive, _sealed(send))

    def _refused(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if len(headers.getlist("host")) != 1 or headers["host"].lower() not in self._hosts:
            return PlainTextResponse(_NOT_HERE, 403)
        if scope["path"] == ENTRANCE and scope["method"] == "GET":
            return None
        session = self._door.session(HTTPConnection(scope).cookies.get(self._cookie))
        if session is None:
            return PlainTextResponse(_NOT_YOU, 403)
        scope["browser_session"] = session
        if scope["method"] in READING:
            return None
        return _refused_to_write(headers, scope["path"])


def cookie_name(port: int) -> str:
    """Cookies know no ports, so that each dashboard of a computer needs a name of its own."""
    return f"outreach-{port}"


def _refused_to_write(headers: Headers, path: str) -> Response | None:
    """What writes says that it comes from here, and nothing that it says is against it."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    ours = f"http://{headers['host'].lower()}"
    if origin not in (None, "null", ours) or site not in (None, "same-origin"):
        return PlainTextResponse(_NOT_OURS, 403)
    if origin != ours and site != "same-origin":  # under `no-referrer`, a form says "Origin: null"
        return PlainTextResponse(_NOT_OURS, 403)
    length = headers.get("content-length", "")
    most = MOST_UPLOADED if path in UPLOADS else MOST_BYTES
    if not length.isdecimal() or int(length) > most:
        return PlainTextResponse(_TOO_MUCH, 413)
    return None


def _sealed(send: Send) -> Send:
    """The same `send`, which adds what every answer says. A frame has said its own policy already."""

    async def sealed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("Content-Security-Policy", POLICY)
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Referrer-Policy"] = "no-referrer"
            headers["Cache-Control"] = "no-store"
            headers["Cross-Origin-Opener-Policy"] = "same-origin"
            headers["Cross-Origin-Resource-Policy"] = "same-origin"
        await send(message)

    return sealed
