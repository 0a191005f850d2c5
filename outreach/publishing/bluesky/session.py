"""A session with a PDS: logged in as rarely as can be, kept after every refresh, never shown.

Refresh tokens are used up by their use, so whoever refreshes does it alone and looks first whether somebody
else just did. Only a definite "no" of the server ends a session; a server that is down ends nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from outreach.connections.http_service import Answer, HttpService, Limits, NoAnswer
from outreach.connections.identities import not_entered, on_the_web
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import InDoubt, NotSent
from outreach.model.secret import SecretKind
from outreach.publishing.refusals import refused

LOGINS_A_DAY = 80
"""Fewer than the 100 a day after which bsky.social was seen to refuse."""
LOGINS_AT_ONCE = 25
"""Fewer than the 30 in five minutes that are documented."""
_DAY = 86_400
_FIVE_MINUTES = 300
_EXPIRED = ("ExpiredToken", "InvalidToken")
_HINT = "Make an app password in the settings of Bluesky, then run `outreach login bluesky`."


class BlueskySession:
    """XRPC as one account, always at the `service` that its secrets were entered for.

    The PDS that an answer names is never asked: nobody entered anything for it. Bluesky's own service forwards
    requests to the PDS of each account (https://docs.bsky.app/docs/advanced-guides/entryway, "Virtual PDS").
    """

    def __init__(
        self, service: str, handle: str, secrets: Secrets, *, limits: Limits | None = None, loopback_only: bool = False
    ) -> None:
        self.handle = handle.removeprefix("@").casefold()
        self._service = HttpService(service, limits=limits, loopback_only=loopback_only)
        self._password = on_the_web(SecretKind.BLUESKY, self._service, self.handle)
        self._session = on_the_web(SecretKind.BLUESKY_SESSION, self._service, self.handle)
        self._secrets = secrets
        self._kept: dict[str, Any] = {}

    @property
    def did(self) -> str:
        """The account's DID. Call after `open`."""
        return str(self._kept["did"])

    def open(self) -> None:
        """Take up the kept session, else log in with the app password. Raises NotSent, SecretsUnusable."""
        if self._kept:
            return
        with self._secrets.alone(self._session):
            if not self._take_up():
                self._log_in(self._secrets.get(self._password))

    def log_in(self, password: Secret) -> None:
        """Log in anew and keep the session. Raises NotSent, SecretsUnusable."""
        with self._secrets.alone(self._session):
            self._take_up()
            self._log_in(password)

    def read(self, nsid: str, query: Mapping[str, Any]) -> Answer:
        """A query, which changes nothing. Raises NotSent where there is no answer to it."""
        try:
            return self._call("GET", nsid, query=query)
        except NoAnswer as error:
            raise NotSent(f"{self._service.host} did not say: {error}.", stops_run=True) from error

    def write(self, nsid: str, value: Any) -> Answer:
        """A procedure with a JSON value. Raises NotSent, or InDoubt where it may have been heard."""
        return self.write_bytes(nsid, json.dumps(value, ensure_ascii=False).encode(), "application/json")

    def write_bytes(self, nsid: str, body: bytes, media_type: str) -> Answer:
        """A procedure with bytes. Raises NotSent, or InDoubt where it may have been heard."""
        try:
            return self._call("POST", nsid, body=body, media_type=media_type)
        except NoAnswer as error:
            sentence = f"{self._service.host}: {error}."
            if error.reached:
                raise InDoubt(sentence) from error
            raise NotSent(sentence, stops_run=True) from error

    def refused(self, answer: Answer) -> NotSent:
        """What an answer is that is no yes."""
        return refused(answer, self._service.host, _HINT)

    # --- tokens ------------------------------------------------------------------------------------

    def _call(self, method: str, nsid: str, *, media_type: str = "", **keys: Any) -> Answer:
        self.open()
        for renewed in (False, True):
            headers = {"Authorization": f"Bearer {self._kept['accessJwt']}"}
            if media_type:
                headers["Content-Type"] = media_type
            used = self._kept["accessJwt"]
            answer = self._service.ask(method, f"/xrpc/{nsid}", headers=headers, hide=[used], **keys)
            if renewed or not _is_expired(answer):
                break
            self._renew(used)
        return answer

    def _renew(self, used: str) -> None:
        """Get a new access token, unless another process has done so meanwhile."""
        with self._secrets.alone(self._session):
            if self._take_up() and self._kept["accessJwt"] != used:
                return
            headers = {"Authorization": f"Bearer {self._kept['refreshJwt']}"}
            answer = self._said("com.atproto.server.refreshSession", headers=headers, hide=[self._kept["refreshJwt"]])
            if answer.status == 200 and _is_session(answer):
                self._keep({**self._kept, **answer.object()})
            elif answer.status in (400, 401):
                self._log_in(self._secrets.get(self._password))
            else:
                raise self.refused(answer)

    def _log_in(self, password: Secret | None) -> None:
        if password is None:
            raise not_entered(self._password, self._secrets)
        now = time.time()
        logins = [each for each in self._kept.get("logins", []) if each > now - _DAY]
        lately = sum(each > now - _FIVE_MINUTES for each in logins)
        if len(logins) >= LOGINS_A_DAY or lately >= LOGINS_AT_ONCE:
            is_day = len(logins) >= LOGINS_A_DAY
            times = f"{len(logins)} times within a day" if is_day else f"{lately} times within five minutes"
            raise NotSent(
                f"outreach logged in to Bluesky {times} and stops before Bluesky does.",
                hint="Try again tomorrow." if is_day else "Try again in five minutes.",
                stops_run=True,
            )
        body = json.dumps({"identifier": self.handle, "password": password.reveal()}).encode()
        headers, hide = {"Content-Type": "application/json"}, [password.reveal()]
        answer = self._said("com.atproto.server.createSession", body=body, headers=headers, hide=hide)
        self._keep({**self._kept, "logins": [*logins, now]})  # a server that was not reached counted nothing
        if answer.status == 401:
            raise NotSent(
                f"Bluesky does not take the password for {self.handle}.", hint=_HINT, permanent=True, stops_run=True
            )
        if answer.status != 200 or not _is_session(answer):
            raise refused(answer, self._service.host, _HINT)
        self._keep({**self._kept, **answer.object()})

    def _said(self, nsid: str, **keys: Any) -> Answer:
        """An answer about a session; without one nothing of ours was published."""
        try:
            return self._service.ask("POST", f"/xrpc/{nsid}", **keys)
        except NoAnswer as error:
            raise NotSent(f"{self._service.host}: {error}.", stops_run=True) from error

    def _take_up(self) -> bool:
        kept = self._secrets.get(self._session)
        try:
            found = json.loads(kept.reveal()) if kept else {}
        except ValueError:
            found = {}
        self._kept = found if isinstance(found, dict) else {}
        return bool(self._kept.get("accessJwt"))

    def _keep(self, session: Mapping[str, Any]) -> None:
        names = ("did", "accessJwt", "refreshJwt", "logins")
        self._kept = {name: each for name in names if (each := session.get(name)) is not None}
        self._secrets.put(self._session, Secret(json.dumps(self._kept)))


def _is_session(answer: Answer) -> bool:
    found = answer.object()
    return all(isinstance(found.get(name), str) and found[name] for name in ("did", "accessJwt", "refreshJwt"))


def _is_expired(answer: Answer) -> bool:
    return answer.status in (400, 401) and answer.object().get("error") in _EXPIRED
