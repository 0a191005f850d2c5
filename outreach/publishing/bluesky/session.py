"""A session with a PDS: logged in as rarely as can be, kept after every refresh, never shown.

Refresh tokens are used up by their use, so whoever refreshes does it alone and looks first whether somebody
else just did. Only a definite "no" of the server ends a session; a server that is down ends nothing.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

from outreach.connections.http_service import Answer, HttpService, Limits, NoAnswer
from outreach.connections.identities import not_entered, on_the_web
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import InDoubt, NotSent
from outreach.model.secret import SecretKind
from outreach.publishing.refusals import refused

LOGINS_A_DAY = 80
"""Fewer than the 100 a day after which bsky.social was seen to refuse, although it documents 300
(https://github.com/bluesky-social/bsky-docs/issues/183, read on 2026-11-30)."""
LOGINS_AT_ONCE = 25
"""Fewer than the 30 in five minutes that are documented
(https://docs.bsky.app/docs/advanced-guides/rate-limits, read on 2026-11-30)."""
_DAY = 86_400
_FIVE_MINUTES = 300
_EXPIRED = ("ExpiredToken", "InvalidToken")
_HINT = "Make an app password in the settings of Bluesky, then run `outreach login bluesky`."
_TOKENS = ("did", "accessJwt", "refreshJwt")
_PLAIN = re.compile(r"(?!.*:::)[!-~]{1,10000}")
"""What can be in a header, and between the `:::` of the SDK's session string."""
Call = Callable[[Any], object]
"""One request, made with the SDK's `Client`, to which AS_IT_IS is given."""
AS_IT_IS: dict[str, Any] = {"ignore_session_check": True}
"""Given to every call: the SDK would renew the session by this computer's clock, outside our lock."""


class BlueskySession:
    """The SDK's client as one account, always at the `service` that its secrets were entered for.

    The PDS that an answer names is never asked: nobody entered anything for it. Bluesky's own service forwards
    requests to the PDS of each account (https://docs.bsky.app/docs/advanced-guides/entryway, "Virtual PDS").
    """

    def __init__(
        self, service: str, handle: str, secrets: Secrets, *, limits: Limits | None = None, loopback_only: bool = False
    ) -> None:
        self.handle = handle.removeprefix("@").casefold()
        self._service = HttpService(service, loopback_only=loopback_only)
        self._limits = limits or Limits()
        self._password = on_the_web(SecretKind.BLUESKY, self._service, self.handle)
        self._session = on_the_web(SecretKind.BLUESKY_SESSION, self._service, self.handle)
        self._secrets = secrets
        self._kept: dict[str, Any] = {}
        self._wire: Any = None

    @property
    def did(self) -> str:
        """The account's DID. Call after `open`."""
        return str(self._kept["did"])

    def open(self) -> None:
        """Take up the kept session, else log in with the app password. Raises NotSent, SecretsUnusable."""
        if self._kept.get("accessJwt"):
            return
        with self._secrets.alone(self._session):
            if not self._take_up():
                self._log_in(self._secrets.get(self._password))

    def log_in(self, password: Secret) -> None:
        """Log in again and keep the session. Raises NotSent, SecretsUnusable."""
        with self._secrets.alone(self._session):
            self._take_up()
            self._log_in(password)

    def read(self, call: Call) -> Answer:
        """A query, which changes nothing. Raises NotSent if there is no answer to it."""
        try:
            return self._call(call)
        except NoAnswer as error:
            raise NotSent(f"{self._service.host} gave no answer: {error}.", stops_run=True) from error

    def write(self, call: Call) -> Answer:
        """A procedure. Raises NotSent, or InDoubt if it may have been heard."""
        try:
            return self._call(call)
        except NoAnswer as error:
            sentence = f"{self._service.host}: {error}."
            if error.reached:
                raise InDoubt(sentence) from error
            raise NotSent(sentence, stops_run=True) from error

    def write_json(self, nsid: str, value: Mapping[str, Any]) -> Answer:
        """A procedure whose JSON goes out as it is: the SDK's models would drop every `null`. Raises as `write`."""
        body, headers = json.dumps(value, ensure_ascii=False).encode(), {"Content-Type": "application/json"}
        return self.write(lambda client: client.invoke_procedure(nsid, content=body, headers=headers, **AS_IT_IS))

    def refused(self, answer: Answer) -> NotSent:
        """What an answer is that is not a yes."""
        return refused(answer, self._service.host, _HINT)

    # --- tokens ------------------------------------------------------------------------------------

    def _call(self, call: Call) -> Answer:
        self.open()
        for renewed in (False, True):
            used = self._kept["accessJwt"]
            answer: Answer = self._opened().answer_to(call, hide=[used])
            if renewed or not _is_expired(answer):
                break
            self._renew(used)
        return answer

    def _opened(self) -> Any:
        """The client's transport; the SDK is imported with it."""
        if self._wire is None:
            self._wire = import_module("outreach.publishing.bluesky.wire").Wire(self._service, self._limits)
            self._wire.client.on_session_change(lambda change, session: self._changed(change.value, session))
        return self._wire

    def _renew(self, used: str) -> None:
        """Get a new access token, unless another process has done so meanwhile."""
        with self._secrets.alone(self._session):
            if self._take_up() and self._kept["accessJwt"] != used:
                return
            refresh = self._kept["refreshJwt"]
            headers = {"Authorization": f"Bearer {refresh}"}
            ask = self._said(lambda c: c.com.atproto.server.refresh_session(headers=headers, **AS_IT_IS), [refresh])
            if ask.status == 200 and _is_session(ask.object()):
                self._keep({**self._kept, **ask.object()})
                self._take_up()
            elif ask.status in (400, 401):
                self._log_in(self._secrets.get(self._password))
            else:
                raise self.refused(ask)

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
        said, self._wire = password.reveal(), None  # a client without the old session, which it would send along
        answer = self._said(lambda c: c.login(self.handle, said, fetch_bsky_profile=False), [said])
        self._keep({**self._kept, "logins": [*logins, now]})  # a server that was not reached counted nothing
        if answer.status == 401:
            raise NotSent(
                f"Bluesky does not take the password for {self.handle}.", hint=_HINT, permanent=True, stops_run=True
            )
        if answer.status != 200 or not _is_session(answer.object()):
            raise self.refused(answer)
        self._keep({**self._kept, **answer.object()})  # also where the SDK's models refused an unusual answer
        self._take_up()

    def _said(self, call: Call, hide: Sequence[str]) -> Answer:
        """An answer about a session; without one nothing of ours was published."""
        try:
            answer: Answer = self._opened().answer_to(call, hide=hide)
        except NoAnswer as error:
            raise NotSent(f"{self._service.host}: {error}.", stops_run=True) from error
        return answer

    def _changed(self, event: str, session: Any) -> None:
        """Keep what the SDK made of the session, so that no refresh token is lost that was used up."""
        if event != "import":
            tokens = {"did": session.did, "accessJwt": session.access_jwt, "refreshJwt": session.refresh_jwt}
            self._keep({**self._kept, **tokens})

    def _take_up(self) -> bool:
        """Give the client the session that was kept, where there is one."""
        kept = self._secrets.get(self._session)
        try:
            found = json.loads(kept.reveal()) if kept else {}
        except (ValueError, RecursionError):
            found = {}
        self._kept = found if isinstance(found, dict) else {}
        if not _is_session(self._kept):
            return False
        self._opened().take_up(self.handle, *(self._kept[name] for name in _TOKENS))
        return True

    def _keep(self, session: Mapping[str, Any]) -> None:
        self._kept = {name: each for name in (*_TOKENS, "logins") if (each := session.get(name)) is not None}
        self._secrets.put(self._session, Secret(json.dumps(self._kept)))


def _is_session(found: Mapping[str, Any]) -> bool:
    return all(isinstance(found.get(name), str) and _PLAIN.fullmatch(found[name]) for name in _TOKENS)


def _is_expired(answer: Answer) -> bool:
    return answer.status in (400, 401) and answer.object().get("error") in _EXPIRED
