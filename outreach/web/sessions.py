"""Who may come in: the token of the address that was opened, once, and the session that it is exchanged for."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import field
from threading import Lock
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from outreach.model.member import Member, Role
from outreach.model.records import dataclass

_LENGTH = 32
_NOT_YOU = (
    "The dashboard opens only with the address that `outreach dashboard` printed, and that address works once. "
    "Stop it with Ctrl-C and start it again for a new one."
)
_MOST_ACTS = 50
"""So many acts of a session can be undone, the latest first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """Something that was done on a page and can be taken back: what it was, in words, and how.

    `needs` are the roles that it took, and that taking it back takes.
    """

    text: str
    undo: Callable[[], object]
    needs: frozenset[Role] = frozenset()
    id: str = field(default_factory=lambda: secrets.token_urlsafe(8))


@dataclass(kw_only=True, slots=True)
class Notice:
    """What the next page says first; `kind` is "good" or "bad". `act` is what its Undo button takes back."""

    kind: str
    text: str
    act: Act | None = None


@dataclass(kw_only=True, slots=True)
class BrowserSession:
    """One browser that came in. It lives as long as the dashboard runs, or until its person logs out.

    `member` is who logged in, with the roles of this moment; None in a dashboard for one person. `asked_about` are the
    contacts of others to whom this person writes anyway. `form_token` is in every form; `language` is None if
    the browser's own choice holds. `opened` are the digests of the emails that were opened one by one.
    """

    member: Member | None = None
    asked_about: set[str] = field(default_factory=set)
    form_token: str = field(default_factory=lambda: secrets.token_urlsafe(_LENGTH))
    language: str | None = None
    has_keys: bool = True
    notice: Notice | None = None
    acts: list[Act] = field(default_factory=list)
    offers: dict[str, Any] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)

    def taken_notice(self) -> Notice | None:
        """The notice, which is said once."""
        notice, self.notice = self.notice, None
        return notice

    def did(self, act: Act) -> None:
        """Remember what can be undone."""
        self.acts = [*self.acts[1 - _MOST_ACTS :], act]

    def offer(self, what: Any) -> str:
        """A word that stands for exactly this, once: what a button does that was shown with it."""
        word = secrets.token_urlsafe(_LENGTH)
        self.offers = {**dict(list(self.offers.items())[1 - _MOST_ACTS :]), word: what}
        return word

    def offered(self, form: Mapping[str, str]) -> Any | None:
        """What the `word` of a form stands for, which it goes on to do."""
        return self.offers.get(form.get("word", ""))

    def taken_offer(self, word: str) -> Any | None:
        """What the word stands for; None if it was used already, so that no click counts twice."""
        return self.offers.pop(word, None)

    def taken_act(self, id: str) -> Act | None:
        """The act of that id, which can be undone once: a double click finds it gone."""
        found = next((act for act in self.acts if act.id == id), None)
        self.acts = [act for act in self.acts if act is not found]
        return found


class Doorkeeper(Protocol):
    """Knows the browsers that came in, and what to say to others."""

    def session(self, key: str | None) -> BrowserSession | None:
        """The session of that cookie."""

    def turned_away(self, request: Request) -> Response:
        """The answer to a browser that has no session."""


class Door:
    """Lets a browser in with the token, once, and knows it again by its cookie."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(_LENGTH)
        self._is_used = False
        self._sessions: dict[str, BrowserSession] = {}
        self._lock = Lock()

    def enter(self, token: str) -> str | None:
        """The cookie's value for whoever has the token and is the first to show it; else None."""
        with self._lock:
            is_right = secrets.compare_digest(token.encode(), self.token.encode())
            if self._is_used or not is_right:
                return None
            self._is_used = True
            key = secrets.token_urlsafe(_LENGTH)
            self._sessions[key] = BrowserSession()
            return key

    def session(self, key: str | None) -> BrowserSession | None:
        return self._sessions.get(key or "")

    def turned_away(self, request: Request) -> Response:
        return PlainTextResponse(_NOT_YOU, 403)
