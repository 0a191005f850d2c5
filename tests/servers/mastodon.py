"""A small server of the Mastodon API that is stricter, and less kind, than most: it counts what it made by itself.

Its `manners` say how it treats an Idempotency-Key (`honours`, `ignores`, `stumbles`: a 500 on the repeat), whether
it drops what it said it took (`drops`), how it writes ids (`numbers`, `ulids`, `flakes`, `short`: from 9 on) and what
language it scolds in. `as_gotosocial`, `as_akkoma`, `as_pixelfed` and `as_sharkey` give it the manners of others, by
their sources (November 2026).
"""

from __future__ import annotations

import html
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

TOKEN = "a-token-that-nobody-may-see"
CODE = "a-code-from-the-browser"
_ULID = "01J{:023X}"


@dataclass(kw_only=True)
class Mastodon:
    """A running server."""

    url: str
    key_is: str = "honours"
    ids_are: str = "numbers"
    drops: bool = False
    refuses: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    scolds: str = "文字数の上限を超えています"
    polls_needed: int = 2
    ahead: timedelta = timedelta(0)
    """By how much its clock is ahead of ours."""
    stands_still: datetime | None = None
    """The instant at which its clock stopped."""
    dates: str = "milliseconds"
    """How exactly it dates statuses, as `datetime.isoformat` calls it."""
    acct: str = "campaign"
    """What it calls our account in statuses."""
    edits_nothing: bool = False
    """Whether it says yes to an edit, and that is all."""
    refuses_the_same: bool = False
    """Whether it refuses an edit that changes nothing, as GoToSocial does."""
    tells_sources: bool = True
    """Whether it tells what was written, beside how it shows it."""
    draws: Callable[[str], str] = field(default_factory=lambda: shown)
    """How it shows a text, in HTML."""
    domain: str = "social.hive.example"
    """That of its accounts, which is not its host."""
    is_lenient: bool = False
    """Whether it posts a reply to what is not there by itself."""
    posts_with: str | None = "outreach"
    """The application as which it knows the token; None where statuses do not say."""
    knows_language: bool = True
    has_v2: bool = True
    """Whether it answers `GET /api/v2/instance`, which Akkoma does not."""
    allows: dict[str, Any] = field(default_factory=lambda: {"configuration": {}})
    """What its instance says that it allows."""
    most_at_once: int = 80
    """A page of more statuses is refused."""
    sends_pages: bool = False
    """Whether it says what went wrong in HTML to whoever does not ask for JSON, as Laravel does."""
    is_slow_with: bytes = b"video/"
    """The media that it goes on with after it took them."""
    statuses: dict[str, dict[str, Any]] = field(default_factory=dict)
    media: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    edits: list[str] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    numbers: Iterator[int] = field(default_factory=lambda: count(110_000))

    def texts(self) -> list[str]:
        """What stands there, the oldest first."""
        return [status["text"] for status in self.statuses.values()]

    def chain(self) -> list[tuple[str, str | None]]:
        """Each text with the one that it replies to."""
        return [
            (each["text"], self.statuses[each["in_reply_to_id"]]["text"] if each["in_reply_to_id"] else None)
            for each in self.statuses.values()
        ]

    def reply(self, to: str, acct: str, text: str) -> None:
        """Somebody else replies."""
        with self.lock:
            self._make({"status": [text], "in_reply_to_id": [to]}, acct)

    def post(self, fields: dict[str, list[str]], key: str) -> tuple[int, dict[str, Any]]:
        text = fields.get("status", [""])[0]
        if self.refuses is not None:
            return self.refuses, {"error": self.scolds}
        if len(text) > 500 or (not text and "media_ids[]" not in fields):
            return 422, {"error": self.scolds}
        unready = [id for id in fields.get("media_ids[]", []) if self.media.get(id, {}).get("left", 1) > 0]
        parent = fields.get("in_reply_to_id", [None])[0]
        is_lost = parent is not None and parent not in self.statuses
        if unready or (is_lost and not self.is_lenient):
            return 422, {"error": self.scolds}
        if is_lost:
            fields = {**fields, "in_reply_to_id": [None]}  # type: ignore[list-item]
        if key and key in self.keys and self.key_is == "honours":
            found = self.statuses.get(self.keys[key])
            return (200, found) if found else (404, {"error": self.scolds})
        if key and key in self.keys and self.key_is == "stumbles":
            return 500, {"error": "Something went wrong"}
        status = self._make(fields, "campaign")
        if key:
            self.keys[key] = status["id"]
        if self.drops:
            del self.statuses[status["id"]]
        return 200, status

    def attached(self, fields: dict[str, list[str]]) -> list[dict[str, Any]]:
        """The media that were uploaded before and are named now."""
        return [self.media[each] | {"id": each} for each in fields.get("media_ids[]", [])]

    def edit(self, status: dict[str, Any], fields: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        """What is not named is as it was, but for media."""
        new = {"text": fields["status"][0], "content": self.draws(fields["status"][0])}
        new |= {"content_type": fields.get("content_type", [status["content_type"]])[0]}
        known = ("spoiler_text", "language") if self.knows_language else ("spoiler_text",)
        new |= {name: fields[name][0] for name in known if name in fields}
        new |= {"sensitive": fields["sensitive"][0] == "1"} if "sensitive" in fields else {}
        old = {name: status[name] for name in new}
        alts = [each["description"] for each in status["media_attachments"]]
        media = self.attached(fields)
        if self.refuses_the_same and new == old and alts == [each["description"] for each in media]:
            return 422, {"error": "status was not changed"}
        if not self.edits_nothing:
            status |= {**new, "media_attachments": media, "edited_at": datetime.now(UTC).isoformat()}
        return 200, status

    def _make(self, fields: dict[str, list[str]], acct: str) -> dict[str, Any]:
        number = next(self.numbers)  # never twice, whatever was deleted meanwhile
        ids = {"numbers": str(number), "ulids": _ULID.format(number), "flakes": f"B0{number:015}x",
               "short": str(number - 110_000 + 9)}  # fmt: skip
        id = ids[self.ids_are]
        text = fields["status"][0]
        status = {
            "id": id,
            "created_at": ((self.stands_still or datetime.now(UTC)) + self.ahead)
            .isoformat(timespec=self.dates)
            .replace("+00:00", "Z"),
            "in_reply_to_id": fields.get("in_reply_to_id", [None])[0],
            "content": self.draws(text),
            "text": text,
            "content_type": fields.get("content_type", ["text/markdown"])[0],
            "visibility": fields.get("visibility", ["public"])[0],
            "spoiler_text": fields.get("spoiler_text", [""])[0],
            "language": fields.get("language", [None])[0] if self.knows_language else None,
            "sensitive": fields.get("sensitive", ["0"])[0] == "1",
            "edited_at": None,
            "url": f"{self.url}/@{acct}/{id}",
            "account": {"id": "7", "acct": self.acct} if acct == "campaign" else {"id": "9", "acct": acct},
            "application": self.posts_with and {"name": self.posts_with},
            "favourites_count": 3,
            "reblogs_count": 2,
            "replies_count": 0,
            "quotes_count": 0,
            "media_attachments": self.attached(fields),
        }
        self.statuses[id] = status
        if status["in_reply_to_id"] in self.statuses:
            self.statuses[status["in_reply_to_id"]]["replies_count"] += 1
        return status


def shown(text: str) -> str:
    """The HTML in which it shows a text."""
    shown = re.sub(r"@(\w+)@[\w.]+", r'<a href="https://x.example"><span>@\1</span></a>', html.escape(text))
    return "".join(f"<p>{part}</p>" for part in shown.split("\n\n")).replace("\n", "<br />")


def shown_as_gotosocial(text: str) -> str:
    """The same as GoToSocial shows it: what looks like an entity is one, mail addresses and links are links."""
    drawn = html.escape(html.unescape(text), quote=False)
    drawn = re.sub(r"(?<![\w@])([\w.+-]+@[\w-]+\.[\w.]+\w)", r'<a href="mailto:\1" rel="nofollow">\1</a>', drawn)
    drawn = re.sub(
        r"(?<![\w@])@(\w+)@([\w.-]+\w)", r'<span class="h-card"><a href="https://\2/@\1">@\1</a></span>', drawn
    )
    drawn = re.sub(r"(?<!\")https?://([^\s<]+[\w/])", r'<a href="\g<0>" rel="nofollow">\1</a>', drawn)
    return f"<p>{drawn}</p>".replace("\n", "<br>")


def shown_oddly(text: str) -> str:
    """A text that nobody knows again."""
    return f"<p>{len(text)} marks of {html.escape(text[:1])}</p>"


def shown_as_akkoma(text: str) -> str:
    """The same as Akkoma shows it: links whole, names of accounts in cards, lines in one paragraph."""
    drawn = html.escape(text, quote=False)
    drawn = re.sub(r"https?://[^\s<]+[\w/]", r'<a href="\g<0>" rel="ugc">\g<0></a>', drawn)
    card = r'<span class="h-card"><a class="u-url mention" href="https://\2/users/\1">@<span>\1</span></a></span>'
    drawn = re.sub(r"(?<![\w@/])@(\w+)@([\w.-]+\w)", card, drawn)
    drawn = re.sub(r"(?<![\w&/])#(\w+)", r'<a class="hashtag" data-tag="\1" href="https://x.example">#\1</a>', drawn)
    return drawn.replace("\n", "<br>")


def as_gotosocial(server: Mastodon) -> None:
    """It knows no Idempotency-Key, names no application, and refuses an edit that changes nothing."""
    server.key_is, server.ids_are, server.posts_with, server.refuses_the_same = "ignores", "ulids", None, True
    server.draws = shown_as_gotosocial
    statuses = {"max_characters": 5000, "max_media_attachments": 6, "characters_reserved_per_url": 25}
    server.allows = {"configuration": {"statuses": statuses, "media_attachments": {"description_limit": 500}}}


def as_akkoma(server: Mastodon) -> None:
    """It has neither v2 nor `configuration`, keeps no language, and posts a reply to nothing by itself."""
    server.ids_are, server.posts_with, server.knows_language, server.has_v2 = "flakes", None, False, False
    server.is_lenient, server.draws = True, shown_as_akkoma
    server.allows = {"max_toot_chars": 5000, "description_limit": 5000, "upload_limit": 16_000_000}


def as_pixelfed(server: Mastodon) -> None:
    """It tells no source, gives 24 statuses at once, goes on with each picture, and answers people with pages.

    It calls each status `web`, whatever it calls our token.
    """
    server.key_is, server.tells_sources, server.most_at_once, server.sends_pages = "ignores", False, 24, True
    server.is_slow_with, server.dates, server.posts_with = b"image/", "seconds", "web"


def as_sharkey(server: Mastodon) -> None:
    """It sends plain text, tells no source and no language, and knows no Idempotency-Key."""
    server.key_is, server.ids_are, server.posts_with, server.knows_language = "ignores", "flakes", None, False
    server.tells_sources, server.draws = False, str


@contextmanager
def running_mastodon() -> Iterator[Mastodon]:
    """A server on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    state = Mastodon(url=f"http://localhost:{server.server_address[1]}")
    server.state = state  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def _state(self) -> Mastodon:
        return self.server.state  # type: ignore[attr-defined, no-any-return]

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        self.link = ""
        with self._state.lock:
            if parts.path in ("/api/v1/apps", "/oauth/token"):
                status, value = self._log_in(parts.path, dict(parse_qsl(body.decode())))
            elif parts.path == "/api/v2/instance" and self._state.has_v2:
                status, value = 200, {"domain": self._state.domain, **self._state.allows}
            elif parts.path == "/api/v1/instance":
                status, value = 200, {"uri": self._state.domain, **self._state.allows}
            elif self.headers.get("Authorization") != f"Bearer {TOKEN}":
                status, value = 401, {"error": "The access token is invalid"}
            else:
                status, value = self._answer(self.command, parts.path, parse_qs(parts.query), body)
            said = {**self._state.headers, **({"Link": self.link} if self.link else {})}
        data = json.dumps(value).encode()
        if status >= 400 and self._state.sends_pages and "json" not in self.headers.get("Accept", ""):
            data = b"<!doctype html><title>Not found</title>"
        with suppress(OSError):
            self.send_response(status)
            for name, text in said.items():
                self.send_header(name, text)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = _serve

    def _log_in(self, path: str, asked: dict[str, str]) -> tuple[int, Any]:
        if path == "/api/v1/apps":
            return 200, {"client_id": "client", "client_secret": "client-secret"}
        if (asked["code"], asked["client_secret"]) != (CODE, "client-secret"):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": TOKEN, "scope": asked["scope"]}

    def _answer(self, method: str, path: str, query: dict[str, list[str]], body: bytes) -> tuple[int, Any]:
        state, id = self._state, path.rstrip("/").rpartition("/")[2]
        if path == "/api/v1/accounts/verify_credentials":
            return 200, {"id": "7", "acct": "campaign"}
        if path == "/api/v1/apps/verify_credentials":
            return (200, {"name": "outreach"}) if state.posts_with else (403, {"error": state.scolds})
        if path == "/api/v1/accounts/7/statuses":
            mine = [each for each in reversed(state.statuses.values()) if each["account"]["id"] == "7"]
            before = query.get("max_id", [None])[0]
            if before is not None:
                mine = [each for each in mine if each["id"] < before]
            limit = int(query.get("limit", ["20"])[0])
            if limit > state.most_at_once:
                return 422, {"error": state.scolds}
            if len(mine) > limit:
                self.link = f'<{state.url}{path}?max_id={mine[limit - 1]["id"]}>; rel="next"'
            return 200, mine[:limit]
        if method == "POST" and path == "/api/v2/media":
            return self._upload(body)
        if path.startswith("/api/v1/media/"):
            state.media[id]["left"] -= 1
            return (206 if state.media[id]["left"] > 0 else 200), {"id": id}
        if method == "POST" and path == "/api/v1/statuses":
            return state.post(parse_qs(body.decode()), self.headers.get("Idempotency-Key", ""))
        return self._about_one(method, path, body)

    def _about_one(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        state = self._state
        match = re.fullmatch(r"/api/v1/statuses/(\w+)(/context|/source)?", path)
        if not match or match[1] not in state.statuses:
            return 404, {"error": "Record not found"}
        status = state.statuses[match[1]]
        if match[2] == "/source":
            said = {"id": match[1], "text": status["text"], "spoiler_text": status["spoiler_text"]}
            return (200, said) if state.tells_sources else (404, {"error": "Record not found"})
        if match[2]:
            below = [each for each in state.statuses.values() if each["in_reply_to_id"] == match[1]]
            return 200, {"ancestors": [], "descendants": below}
        if method == "DELETE":
            return 200, state.statuses.pop(match[1])
        if method == "PUT":
            fields = parse_qs(body.decode(), keep_blank_values=True)
            state.edits.append(match[1])
            return state.edit(status, fields)
        return 200, status

    def _upload(self, body: bytes) -> tuple[int, Any]:
        state = self._state
        description = re.search(rb'name="description"\r\n\r\n(.*?)\r\n--', body, re.DOTALL)
        id = str(len(state.media) + 1)
        slow = state.is_slow_with in body
        alt = description[1].decode() if description else ""
        state.media[id] = {"description": alt, "left": state.polls_needed if slow else 0}
        return (202 if slow else 200), {"id": id}

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string((timestamp or time.time()) + self._state.ahead.total_seconds())

    def log_message(self, *args: object) -> None:
        """Say nothing."""
