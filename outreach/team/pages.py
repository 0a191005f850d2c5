"""The pages before the campaign's own: logging in by a link or through a provider, and logging out.

A link opens a page with a button, and only the button uses it up: mail programs open links to look at them. Whoever
asks for one gets the same answer whether the address is known or not; the message is sent aside, so that the time tells
nothing either.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import field
from datetime import datetime, timedelta
from threading import Lock, Thread
from typing import Any, Protocol

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from outreach.errors import LoginRefused, OutreachError
from outreach.model.member import Role
from outreach.model.records import dataclass
from outreach.tasks.team_login import send_login_link
from outreach.team.door import LASTS, People, TeamDoor
from outreach.team.links import Limit, Links
from outreach.web.guard import Site, Way
from outreach.web.visit import Dashboard, Visit, page_templates, writing_many

ENTRANCES = frozenset(
    {("GET", "/login"), ("POST", "/login/link"), ("GET", "/login/link"), ("POST", "/login/take"),
     ("GET", "/login/provider"), ("GET", "/login/back"), ("GET", "/static/app.css"), ("GET", "/static/icon.svg")}
)  # fmt: skip
"""Where nobody needs to have logged in."""
MOST_LINKS, MOST_ASKED, WITHIN = 3, 20, timedelta(minutes=15)
"""So many links go to one person, and so many are asked for from one place, in that time."""
PATIENCE = timedelta(minutes=10)
"""In which somebody logs in at the provider."""
MOST_BEGUN = 1_000
SENDING = "outreach login link"


class AProvider(Protocol):
    """A login provider (`team/oidc.py`), which is imported only where there is one."""

    host: str

    def begin(self) -> Any:
        """What one login begins with."""

    def page(self, begun: Any) -> str:
        """Where the person logs in."""

    def email(self, begun: Any, code: str) -> str:
        """The verified address, for the code that came back."""


@dataclass(kw_only=True)
class Login:
    """The ways in. `address` is the site's own, `tell` says on the server's terminal what went wrong.

    `begun` are the logins that are on their way at the provider, by their `state`, and until when they may be.
    """

    dashboard: Dashboard
    site: Site
    address: str
    people: People
    door: TeamDoor
    clock: Callable[[], datetime]
    tell: Callable[[str], None]
    by_mail: bool
    provider: AProvider | None = None
    begun: dict[str, tuple[Any, datetime]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.links = Links(self.clock)
        self.per_person = Limit(MOST_LINKS, WITHIN, self.clock)
        self.per_place = Limit(MOST_ASKED, WITHIN, self.clock)

    def routes(self) -> list[BaseRoute]:
        """The routes that a dashboard for one person has not."""
        return [
            Route("/login", self.show, methods=["GET"]),
            Route("/login/link", self.show_link, methods=["GET"]),
            Route("/login/link", self.ask_for_link, methods=["POST"]),
            Route("/login/take", self.take_link, methods=["POST"]),
            Route("/login/provider", self.to_provider, methods=["GET"]),
            Route("/login/back", self.from_provider, methods=["GET"]),
            Way("/logout", writing_many(self.log_out), Role.READ, methods=("POST",)),
        ]

    def show(self, request: Request) -> Response:
        """The ways in."""
        if self.door.session(request.cookies.get(self.site.cookie)) is not None:
            return RedirectResponse("/", 303)
        return self._page(request)

    # --- by a link -----------------------------------------------------------------------------------

    async def ask_for_link(self, request: Request) -> Response:
        """Send a link, if that address is one of ours."""
        async with request.form(max_files=0, max_fields=4) as form:
            email = str(form.get("email", "")).strip()[:320]
        place = request.client.host if request.client else ""
        if self.by_mail and self.per_place.lets_through(place):
            Thread(target=self._send_link, args=(request, email), name=SENDING, daemon=True).start()
        return self._page(request, sent=True)

    def _send_link(self, request: Request, email: str) -> None:
        member = self.people.member(email)
        if member is None or not self.per_person.lets_through(member.email.casefold()):
            return
        words, secret = Visit(request).words, self.links.make(member.email)
        text = words("Open this address within 15 minutes to log in. It works once:")
        if_not = words("If you did not ask for it, you need not do anything.")
        try:
            subject = words("Log in to outreach")
            link = f"{self.address}/login/link?token={secret}"
            send_login_link(self.dashboard.root, member, subject, f"{text}\n\n{link}\n\n{if_not}\n")
        except OutreachError as error:
            self.tell(f"No login link could be sent to {member.email}. {error.in_full}")
        except Exception as fault:  # nobody waits for this thread, so it says so itself
            self.tell(f"No login link could be sent, which is a fault of outreach ({type(fault).__name__}).")

    def show_link(self, request: Request) -> Response:
        """The button that uses a link up."""
        secret = request.query_params.get("token", "")
        member = self.people.member(self.links.whose(secret) or "")
        if member is None:
            return self._page(request, trouble="old-link", status=403)
        return self._page(request, secret=secret, name=member.name)

    async def take_link(self, request: Request) -> Response:
        """Let in whoever has the link, once."""
        async with request.form(max_files=0, max_fields=4) as form:
            email = self.links.take(str(form.get("token", "")))
        return self._let_in(request, email) if email else self._page(request, trouble="old-link", status=403)

    # --- through a provider --------------------------------------------------------------------------

    def to_provider(self, request: Request) -> Response:
        """On to the provider; the cookie makes sure that the browser that comes back is this one."""
        if self.provider is None:
            return RedirectResponse("/login", 303)
        begun, now = self.provider.begin(), self.clock()
        try:
            answer = RedirectResponse(self.provider.page(begun), 303)
        except LoginRefused as error:
            return self._refused(request, error)
        with self.lock:
            kept = [each for each in self.begun.items() if each[1][1] > now]
            self.begun = dict([*kept[1 - MOST_BEGUN :], (begun.state, (begun, now + PATIENCE))])
        self._set_cookie(answer, self._begun_cookie, begun.browser, PATIENCE)
        return answer

    def from_provider(self, request: Request) -> Response:
        """Let in whoever the provider vouches for, if this browser began it, once."""
        said = request.query_params
        with self.lock:
            begun, until = self.begun.pop(said.get("state", ""), (None, self.clock()))
        browser = request.cookies.get(self._begun_cookie, "")
        is_ours = begun is not None and secrets.compare_digest(browser.encode(), begun.browser.encode())
        if begun is None or not is_ours or self.provider is None or until <= self.clock():
            return self._page(request, trouble="not-begun", status=403)
        try:
            if "error" in said or not said.get("code"):
                raise LoginRefused(f"the provider says {said.get('error', 'nothing')[:80]!r}")
            email = self.provider.email(begun, said["code"])
        except LoginRefused as error:
            return self._refused(request, error)
        return self._let_in(request, email)

    # --- in and out ----------------------------------------------------------------------------------

    def log_out(self, visit: Visit, form: FormData) -> Response:
        """End the session, here and in the browser."""
        self.door.log_out(visit.request.cookies.get(self.site.cookie))
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(self.site.cookie, secure=self.site.scheme == "https", httponly=True, samesite="lax")
        return answer

    def _let_in(self, request: Request, email: str) -> Response:
        key = self.door.let_in(email, request.cookies.get(self.site.cookie))
        if key is None:
            return self._page(request, trouble="unknown", email=email, status=403)
        answer = RedirectResponse("/", 303)
        self._set_cookie(answer, self.site.cookie, key, LASTS)
        answer.delete_cookie(self._begun_cookie, secure=self.site.scheme == "https", httponly=True, samesite="lax")
        return answer

    @property
    def _begun_cookie(self) -> str:
        return f"{self.site.cookie}-login"

    def _set_cookie(self, answer: Response, name: str, value: str, lasts: timedelta) -> None:
        answer.set_cookie(
            name, value, max_age=int(lasts.total_seconds()), path="/", secure=self.site.scheme == "https",
            httponly=True, samesite="lax",
        )  # fmt: skip

    def _refused(self, request: Request, error: LoginRefused) -> Response:
        self.tell(error.in_full)
        return self._page(request, trouble="refused", why=str(error), status=403)

    def _page(self, request: Request, *, status: int = 200, **values: Any) -> Response:
        defaults = {"sent": False, "secret": "", "name": "", "trouble": "", "why": "", "email": ""}
        ways = {"by_mail": self.by_mail, "provider": self.provider.host if self.provider else ""}
        template = page_templates().get_template("login.html")
        return HTMLResponse(template.render(t=Visit(request).words, **{**defaults, **ways, **values}), status)
