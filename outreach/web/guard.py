"""Who may ask, and what every answer says about itself.

In this order, on every method and path, static files too: the Host is ours (so that no other site's name leads here,
which is how DNS rebinding works), the browser came in, and what writes comes from our own pages. Which role a person
needs is beside each route (`Way`).
"""

from __future__ import annotations

from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from outreach.errors import NotAllowed
from outreach.model.member import Role
from outreach.model.records import dataclass
from outreach.tasks.person import acting_as
from outreach.tasks.uploads import MOST_BYTES as UPLOADED
from outreach.web.sessions import BrowserSession, Doorkeeper

ENTRANCE = "/enter"
MOST_BYTES = 64_000
"""What a form may hold."""
MOST_TYPED = 640_000
"""What one with a long text may hold: in a browser's form a letter such as ж counts six bytes, one such as 字 nine."""
TYPED = ("/save-text", "/write-reply", "/log", "/save-contact", "/save-words")
"""Where people type, or paste, long texts."""
UPLOADS = ("/look-at-files", "/begin", "/save-post")
"""Where files come in."""
READING = ("GET", "HEAD")
TOO_MUCH = "/too-much"
"""The page that says that a form held too much."""

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
_NOT_OURS = "This was not asked for by a page of the dashboard."
_TOO_MUCH = "This is more than a form of the dashboard holds."


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """Where the pages are: which Host headers are ours, over which scheme browsers come, and the name of the cookie.

    `entrances` are the methods and paths at which nobody needs a session.
    """

    hosts: frozenset[str]
    cookie: str
    scheme: str = "http"
    entrances: frozenset[tuple[str, str]] = frozenset({("GET", ENTRANCE)})


def this_computer(port: int) -> Site:
    """A dashboard for one person. Cookies know no ports, so that each of a computer needs a name of its own for it."""
    hosts = frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))
    return Site(hosts=hosts, cookie=f"outreach-{port}")


class Way(Route):
    """A route, and the roles that somebody who logged in needs for it."""

    def __init__(self, path: str, endpoint: Any, *needs: Role, methods: tuple[str, ...] = ("GET",)) -> None:
        super().__init__(path, endpoint, methods=methods)
        self.needs = frozenset(needs)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer who has the roles. Raises NotAllowed, which becomes a page."""
        member = scope["browser_session"].member
        for role in sorted(self.needs - member.roles) if member is not None else ():
            raise NotAllowed(role)
        scope["needs"] = self.needs
        await super().handle(scope, receive, send)


class Guard:
    """Stands before every route."""

    def __init__(self, app: ASGIApp, *, door: Doorkeeper, site: Site) -> None:
        self._app = app
        self._door = door
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        refused = self._refused(scope)
        answer = refused or self._app
        session = scope.get("browser_session")
        with acting_as(session.member if session else None):
            await answer(scope, receive, _sealed(send))

    def _refused(self, scope: Scope) -> Response | None:
        request = Request(scope)
        headers = request.headers
        if len(headers.getlist("host")) != 1 or headers["host"].lower() not in self._site.hosts:
            return PlainTextResponse(_NOT_HERE, 403)
        session = self._door.session(request.cookies.get(self._site.cookie))
        if session is None and (scope["method"], scope["path"]) not in self._site.entrances:
            return self._door.turned_away(request)
        scope["browser_session"] = session or BrowserSession()
        if scope["method"] in READING:
            return None
        refused = _refused_to_write(headers, self._site.scheme)
        if refused is None and (most := _most(headers, scope["path"])):
            if session is None:
                return PlainTextResponse(_TOO_MUCH, 413)
            # A page can say it in the reader's language. Nothing of the form is kept.
            scope.update({"method": "GET", "path": TOO_MUCH, "query_string": f"most={most}".encode()})
        return refused


def _refused_to_write(headers: Headers, scheme: str) -> Response | None:
    """What writes says that it comes from here, and nothing that it says is against it."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    ours = f"{scheme}://{headers['host'].lower()}"
    if origin not in (None, "null", ours) or site not in (None, "same-origin"):
        return PlainTextResponse(_NOT_OURS, 403)
    if origin != ours and site != "same-origin":  # under `no-referrer`, a form says "Origin: null"
        return PlainTextResponse(_NOT_OURS, 403)
    return None


def _most(headers: Headers, path: str) -> int:
    """How many bytes the form may hold, where it holds more or does not say how many; else 0."""
    length = headers.get("content-length", "")
    most = UPLOADED if path in UPLOADS else MOST_TYPED if path in TYPED else MOST_BYTES
    return 0 if length.isdecimal() and int(length) <= most else most


def _sealed(send: Send) -> Send:
    """The same `send`, which adds what every answer says.

    A frame has said its own policy already, and a file of the pages that it may be kept.
    """

    async def sealed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("Content-Security-Policy", POLICY)
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Referrer-Policy"] = "no-referrer"
            headers.setdefault("Cache-Control", "no-store")
            headers["Cross-Origin-Opener-Policy"] = "same-origin"
            headers["Cross-Origin-Resource-Policy"] = "same-origin"
        await send(message)

    return sealed
