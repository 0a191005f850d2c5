"""How a person lets outreach into a mailbox: in the browser that comes back by itself, by a pasted address, by a code.

The browser comes back to a server of ours on this computer (RFC 8252, 7.3), which takes one answer: that with the
`state` that only this login knows.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from outreach.connections.access_refusals import access_refused, not_allowed_in_time
from outreach.connections.secrets import Secret
from outreach.errors import AccessRefused, CannotTell
from outreach.mail.oauth import Kept, asking, client_as_secret, kept_in
from outreach.mail.oauth_asking import Asking, DeviceCode, Tokens, new_secret

__all__ = ["Kept", "asking", "by_browser", "by_code", "by_pasting", "client_as_secret", "kept_in"]

PATIENCE = 600.0
"""Seconds in which a person says yes in the browser."""
_LOOK = 0.2
"""Seconds between two looks at the clock."""
_SELDOM = 60
"""Seconds between two questions to a provider that cannot be reached."""
_NOBODY = 47811
"""A port of the other computer at which nobody listens; who did would have a code without its verifier."""
_LONGEST = 8192
_DONE = "outreach has its answer. You can close this window."
_STRANGE = "This address is of no use without the login that outreach began."


def by_browser(asked: Asking, show: Callable[[str], None], now: Callable[[], float] = time.monotonic) -> Tokens:
    """The tokens once the person has said yes; `show` opens the page, and says where it is.

    Raises AccessRefused, also where nobody says anything for PATIENCE seconds.
    """
    state, verifier = new_secret(), new_secret()
    with _Listening(("127.0.0.1", 0), _Redirected) as server:
        redirect = f"http://{asked.provider.redirect}:{server.server_address[1]}/"
        server.state = state
        show(asked.page(redirect, state, verifier))
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        until = now() + PATIENCE
        try:
            while not server.has_answer.wait(_LOOK):
                if now() > until:
                    raise not_allowed_in_time(asked.provider.label, asked.user)
        finally:
            server.shutdown()
        answer = server.answer
    return asked.exchange(_code(asked, answer), redirect, verifier)


def by_pasting(asked: Asking, ask: Callable[[str], str]) -> Tokens:
    """The tokens, where the browser is on another computer: it ends at an address that it cannot open.

    `ask` shows the page's address and gives what was pasted. Raises AccessRefused, CannotTell.
    """
    state, verifier = new_secret(), new_secret()
    redirect = f"http://{asked.provider.redirect}:{_NOBODY}/"
    pasted = ask(asked.page(redirect, state, verifier))
    answer = _answer_in(pasted.strip())
    if answer is None or answer.get("state") != state:
        hint = "Paste the whole address from the browser's address bar, of this login and no earlier one."
        raise CannotTell("That is not the address at which this login ended", hint)
    return asked.exchange(_code(asked, answer), redirect, verifier)


def by_code(
    asked: Asking,
    show: Callable[[DeviceCode], None],
    sleep: Callable[[float], None] = time.sleep,
    now: Callable[[], float] = time.monotonic,
) -> Tokens:
    """The tokens once the person has typed the code that `show` shows, in any browser (RFC 8628).

    A connection that breaks while they do is tried again, and less often (3.5). Raises AccessRefused.
    """
    given = asked.device_code()
    show(given)
    interval, until, trouble = given.interval, now() + given.seconds, None
    while True:
        sleep(interval)
        if now() > until:
            raise trouble or _refused(asked, "expired_token", "")
        try:
            found = asked.device_tokens(given)
        except AccessRefused as refused:
            if refused.permanent:
                raise
            interval, trouble = min(2 * interval, _SELDOM), refused
            continue
        if isinstance(found, Tokens):
            return found
        interval, trouble = interval + found, None


def _code(asked: Asking, answer: Mapping[str, str]) -> Secret:
    """The code in the answer. Raises AccessRefused if it has an error in its place."""
    if not answer.get("code"):
        raise _refused(asked, answer.get("error", "access_denied"), answer.get("error_description", ""))
    return Secret(answer["code"])


def _refused(asked: Asking, error: str, description: str) -> Exception:
    return access_refused(label=asked.provider.label, user=asked.user, error=error, description=description)


def _answer_in(address: str) -> dict[str, str] | None:
    """What an address says behind its `?`; None if it says nothing of a login."""
    try:
        found = {name: values[0] for name, values in parse_qs(urlsplit(address[:_LONGEST]).query).items()}
    except ValueError:
        return None
    return found if "state" in found and ("code" in found or "error" in found) else None


class _Listening(ThreadingHTTPServer):
    """Waits for the browser, which may hold idle connections beside the one that matters.

    `answer` is what it brought, once its `state` was right.
    """

    daemon_threads = True
    state = ""
    answer: Mapping[str, str] = {}

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.has_answer = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a browser that hangs up changes nothing."""


class _Redirected(BaseHTTPRequestHandler):
    timeout = 5
    server_version, sys_version = "outreach", ""

    def do_GET(self) -> None:
        """One question of the browser's: the answer, or anything else (an icon, another program)."""
        assert isinstance(self.server, _Listening)
        found = _answer_in(self.path)
        is_ours = found is not None and found["state"] == self.server.state
        if found and is_ours and not self.server.answer:
            self.server.answer = found
            self.server.has_answer.set()
        data = (_DONE if is_ours else _STRANGE).encode()
        self.send_response(200 if is_ours else 404)
        for name, value in (
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(data))),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("Connection", "close"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the address holds the code."""
