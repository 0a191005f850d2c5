"""Who is let in: the people of campaign.yaml, as it is now, and the sessions of those who logged in."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from outreach import storage
from outreach.campaign.campaign_yaml import load_campaign
from outreach.campaign.place import FILE
from outreach.model.member import Member
from outreach.web.guard import READING
from outreach.web.sessions import BrowserSession

LASTS = timedelta(hours=12)
"""A session ends then, whether it is used or not."""
_EXPIRED = "You are not logged in any more. Load the page again."


class People:
    """Who may log in, asked again for every request: whoever is taken out of the file is out at once.

    While campaign.yaml cannot be read, that is nobody.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: tuple[bytes, tuple[Member, ...]] = b"", ()

    def member(self, email: str) -> Member | None:
        """The person with that address."""
        try:
            content = storage.read(self._root, FILE)
        except OSError:
            return None
        if content != self._known[0]:
            campaign, _ = load_campaign(self._root)
            self._known = content, campaign.people if campaign else ()
        wanted = email.strip().casefold()
        return next((each for each in self._known[1] if each.email.casefold() == wanted), None)


class TeamDoor:
    """The sessions, which only this process knows; `clock` gives the aware UTC instant."""

    def __init__(self, people: People, clock: Callable[[], datetime]) -> None:
        self._people, self._clock = people, clock
        self._sessions: dict[str, tuple[str, datetime, BrowserSession]] = {}
        self._lock = Lock()

    def let_in(self, email: str, before: str | None) -> str | None:
        """The new cookie of a person who proved the address; None for one who is none of ours.

        It is never a cookie that the browser brought: `before` ends.
        """
        if self._people.member(email) is None:
            return None
        now, key = self._clock(), secrets.token_urlsafe(32)
        with self._lock:
            kept = {name: each for name, each in self._sessions.items() if each[1] > now and name != before}
            self._sessions = {**kept, key: (email, now + LASTS, BrowserSession())}
        return key

    def session(self, key: str | None) -> BrowserSession | None:
        """The session of that cookie, with the roles that its person has now."""
        email, until, session = self._sessions.get(key or "", ("", None, None))
        if session is None or until is None or self._clock() >= until:
            return None
        session.member = self._people.member(email)
        return session if session.member is not None else None

    def log_out(self, key: str | None) -> None:
        """End the session of that cookie."""
        with self._lock:
            self._sessions.pop(key or "", None)

    def turned_away(self, request: Request) -> Response:
        """On to the login, for whoever wants to see a page."""
        if request.method in READING and "hx-request" not in request.headers:
            return RedirectResponse("/login", 303)
        return PlainTextResponse(_EXPIRED, 403, headers={"HX-Redirect": "/login"})
