"""What Google and Microsoft are asked (OAuth 2.0): where to ask, for the first access, for the next, by a code.

Authlib writes the requests and reads the answers. Around it: endpoints are looked up at the provider itself and must
be on its own hosts, certificates are checked as everywhere here, no redirect is followed, every answer is bounded, and
no word of a request or an answer but the provider's own complaint reaches a message.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from outreach.connections.access_refusals import access_refused
from outreach.connections.certificates import trusted
from outreach.connections.http_service import text_without
from outreach.connections.login_refusals import quoted
from outreach.connections.secrets import Secret
from outreach.connections.web_addresses import is_loopback
from outreach.errors import AccessRefused
from outreach.model.records import dataclass
from outreach.words.mail_providers import OAuthProvider

SECONDS = 30.0
"""For a connection, and for each wait in an answer."""
MOST_BYTES = 1_000_000
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_USUAL_SECONDS = 3600  # where a provider does not say `expires_in`, which RFC 6749, 5.1 only recommends
_COMPLAINTS = (400, 401, 403)
"""Answers that say in JSON what is wrong (RFC 6749, 5.2)."""
_LATER = (408, 425, 429)
"""Answers after which the same request may succeed."""
_PENDING = ("authorization_pending", "slow_down")


@dataclass(frozen=True, kw_only=True, slots=True)
class Client:
    """outreach as a provider knows it: your own client ID. Google's has a secret, which protects nothing."""

    id: str
    secret: Secret | None = None
    tenant: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tokens:
    """What a provider gave: the access token, for how many seconds, and what brings the next one."""

    access: Secret
    seconds: int
    refresh: Secret | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceCode:
    """What a person types at `page`, in any browser, within `seconds`; `interval` seconds are between two questions."""

    device: Secret
    code: str
    page: str
    seconds: int
    interval: int


class Asking:
    """One provider, asked for one user's mailbox. Its methods raise AccessRefused.

    `now` is this computer's clock, in seconds of the Unix era; `skew` by how much it is ahead of the provider's, once
    an answer told that.
    """

    def __init__(
        self, provider: OAuthProvider, client: Client, user: str, now: Callable[[], float] = time.time
    ) -> None:
        self.provider, self.user = provider, user
        self.skew: float | None = None
        self._errors: list[requests.Response] = []
        self._client, self._now, self._adapter = client, now, Bounded()
        self._hidden = [client.secret.reveal()] if client.secret else []

    def page(self, redirect: str, state: str, verifier: str) -> str:
        """The address at which the person says yes (RFC 7636: only who has `verifier` can use the code)."""
        endpoint = self._endpoint("authorization_endpoint")
        parameters = {**dict(self.provider.parameters), "login_hint": self.user}
        with self._session(redirect) as session:
            made = session.create_authorization_url(endpoint, state=state, code_verifier=verifier, **parameters)
        return str(made[0])

    def exchange(self, code: Secret, redirect: str, verifier: str) -> Tokens:
        """The tokens for the code that the browser brought back."""
        self._hidden += [code.reveal(), verifier]
        endpoint = self._endpoint("token_endpoint")
        with self._session(redirect) as session:
            keys = {"grant_type": "authorization_code", "code": code.reveal(), "code_verifier": verifier}
            return self._first(lambda: session.fetch_token(endpoint, allow_redirects=False, **keys))

    def refresh(self, refresh: Secret) -> Tokens:
        """The next tokens. The provider may take the old refresh token for spent from now on."""
        self._hidden.append(refresh.reveal())
        endpoint = self._endpoint("token_endpoint")
        with self._session() as session:
            ask = partial(session.refresh_token, endpoint, refresh_token=refresh.reveal(), allow_redirects=False)
            return self._tokens(self._answer(ask))

    def device_code(self) -> DeviceCode:
        """A code to type in another browser (RFC 8628)."""
        endpoint = self._endpoint("device_authorization_endpoint")
        body = {"client_id": self._client.id, "scope": self.provider.scope}
        found = self._object(
            lambda session: session.post(endpoint, data=body, withhold_token=True, allow_redirects=False)
        )
        texts = [found.get(name) for name in ("device_code", "user_code", "verification_uri")]
        if not all(isinstance(text, str) and text for text in texts):
            raise self._nonsense()
        return DeviceCode(
            device=Secret(str(texts[0])),
            code=str(texts[1]),
            page=str(texts[2]),
            seconds=_number(found.get("expires_in"), 900),
            interval=max(1, _number(found.get("interval"), 5)),
        )

    def device_tokens(self, given: DeviceCode) -> Tokens | int:
        """The tokens once the person has typed the code; till then, the seconds to wait more between two questions."""
        self._hidden.append(given.device.reveal())
        endpoint = self._endpoint("token_endpoint")
        with self._session() as session:
            keys = {"grant_type": DEVICE_GRANT, "device_code": given.device.reveal()}
            try:
                return self._first(lambda: session.fetch_token(endpoint, allow_redirects=False, **keys))
            except _Pending as pending:
                return pending.slower

    # --- what all of them need -----------------------------------------------------------------------

    def _endpoint(self, name: str) -> str:
        """An address of the provider's, as its discovery document names it, on one of its own hosts."""
        issuer = self.provider.issuer.replace("{tenant}", quote(self._client.tenant or "common", safe=""))
        url = f"{issuer}/.well-known/openid-configuration"
        found = self._object(lambda session: session.get(url, withhold_token=True, allow_redirects=False)).get(name)
        parts = urlsplit(found if isinstance(found, str) else "")
        host = parts.hostname or ""
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
        if host not in self.provider.hosts or not is_safe or parts.username or parts.fragment:
            raise self._nonsense()
        return str(found)

    def _session(self, redirect: str | None = None) -> OAuth2Session:
        made = OAuth2Session(
            client_id=self._client.id,
            client_secret=self._client.secret.reveal() if self._client.secret else None,
            token_endpoint_auth_method="client_secret_post" if self._client.secret else "none",
            scope=self.provider.scope,
            redirect_uri=redirect,
            code_challenge_method="S256",
        )
        made.trust_env = False  # no proxy, no .netrc and no certificates but this computer's own
        made.adapters.clear()
        for scheme in ("http://", "https://"):
            made.mount(scheme, self._adapter)
        made.hooks["response"].append(self._looked_at)
        return made

    def _looked_at(self, response: requests.Response, **_: Any) -> None:
        """What an answer tells before it is read: that it is none (Authlib reads any), and what time it is."""
        self._errors += [response] if response.status_code != 200 else []
        if response.status_code not in (200, *_COMPLAINTS):
            raise requests.HTTPError(response=response)
        try:
            theirs = parsedate_to_datetime(response.headers.get("Date", "")).timestamp()
        except (ValueError, TypeError, OverflowError):
            return
        self.skew = self._now() - theirs

    def _first(self, ask: Callable[[], Any]) -> Tokens:
        """The first tokens: on Google's page a person may say yes to less than was asked for (RFC 6749, 3.3)."""
        found = self._answer(ask)
        granted = found.get("scope")
        if isinstance(granted, str) and granted:
            wanted = {_last(scope) for scope in self.provider.scope.split()} - {"offline_access"}
            if not wanted <= {_last(scope) for scope in granted.split()}:
                sentence = f"You did not allow outreach to read and send mail as {self.user} at {self.provider.label}"
                raise AccessRefused(sentence, "", hint="Run `outreach login mail` again, and tick the box for mail.")
        return self._tokens(found)

    def _tokens(self, found: Mapping[str, Any]) -> Tokens:
        access, refresh = found.get("access_token"), found.get("refresh_token")
        if not isinstance(access, str) or not access or not access.isascii() or not access.isprintable():
            raise self._nonsense()
        return Tokens(
            access=Secret(access),
            seconds=_number(found.get("expires_in"), _USUAL_SECONDS),
            refresh=Secret(refresh) if isinstance(refresh, str) and refresh else None,
        )

    def _object(self, ask: Callable[[OAuth2Session], requests.Response]) -> Mapping[str, Any]:
        with self._session() as session:

            def asked() -> Any:
                response = ask(session)
                found = response.json()
                if isinstance(found, dict) and isinstance(found.get("error"), str):
                    raise OAuthError(found["error"], str(found.get("error_description", "")))
                response.raise_for_status()
                return found

            return self._answer(asked)

    def _answer(self, ask: Callable[[], Any]) -> Mapping[str, Any]:
        """The JSON object of an answer. What is raised comes from nothing else: that would carry the tokens."""
        error, description, trouble = "", "", ""
        self._errors.clear()
        try:
            found = ask()
            if isinstance(found, Mapping) and not self._errors:
                return found
        except OAuthError as refused:
            error, description = str(refused.error or ""), str(refused.description or "")
        except requests.HTTPError:
            pass  # it was reached, and says what is wrong in another way
        except requests.Timeout:
            trouble = "no answer in time"
        except requests.exceptions.SSLError:
            trouble = "its certificate cannot be verified"
        except requests.ConnectionError:
            trouble = "no connection"
        except (requests.RequestException, ValueError, OSError):
            pass  # no JSON, or not what an answer looks like
        if error in _PENDING:
            raise _Pending(slower=5 if error == "slow_down" else 0)
        if error:
            provider, hidden = self.provider, tuple(self._hidden)
            raise access_refused(
                label=provider.label, user=self.user, error=error, description=description, hide=hidden,
                skew=self.skew, short_lived=provider.short_lived,
            )  # fmt: skip
        if trouble:
            raise self._unreachable(trouble)
        raise self._answered(self._errors[-1]) if self._errors else self._nonsense()

    def _unreachable(self, why: str) -> AccessRefused:
        hint = "Is this computer online? Then try it again."
        sentence = f"{self.provider.label} cannot be reached for the access to {self.user}"
        return AccessRefused(sentence, why, hint=hint, permanent=False)

    def _answered(self, response: requests.Response) -> AccessRefused:
        """It was reached, and answered with an error that is none of OAuth's."""
        label, status = self.provider.label, response.status_code
        said = f"{status} {response.reason or ''}".strip()
        try:
            found = response.json()
            words = [found.get(name) for name in ("error", "error_description")] if isinstance(found, dict) else []
            said = ": ".join([said, *(word for word in words if isinstance(word, str))])
        except (ValueError, RecursionError):
            pass  # a page for people
        for_now = status >= 500 or status in _LATER
        if 300 <= status < 400:
            sentence = f"Another page answered in the place of {label}"
            hint = "Open a page in your browser: this network may ask you to log in first. Then try it again."
        elif for_now:
            sentence = f"{label} cannot give access to {self.user} for now"
            hint = "The fault is on their side. Try it again in some minutes."
        else:
            sentence = f"{label} did not accept the request for access to {self.user}"
            hint = (
                "Enter the client ID again, with the right directory (tenant) ID: `outreach login mail --new-client`."
            )
        said = quoted(text_without(tuple(self._hidden), said))
        return AccessRefused(sentence, said, hint=hint, permanent=not for_now and status >= 400)

    def _nonsense(self) -> AccessRefused:
        sentence = f"{self.provider.label} did not answer as it should, so nothing was sent"
        return AccessRefused(sentence, "", hint="Try it again later.", permanent=False)


class _Pending(Exception):
    """The person has not typed the code yet; `slower` are the seconds to add between two questions."""

    def __init__(self, *, slower: int) -> None:
        super().__init__("pending")
        self.slower = slower


class Bounded(HTTPAdapter):
    """Checks certificates as everywhere here, and reads so much of an answer and no more."""

    def init_poolmanager(self, *args: Any, **keys: Any) -> None:
        super().init_poolmanager(*args, **{**keys, "ssl_context": trusted(None)})

    def cert_verify(self, *args: Any) -> None:
        """Nothing: the context does."""

    def send(self, request: requests.PreparedRequest, *args: Any, **keys: Any) -> requests.Response:
        until = time.monotonic() + 2 * SECONDS
        response = super().send(request, **{**keys, "stream": True, "timeout": SECONDS})
        body = b""
        try:
            with response.raw as raw:
                for piece in raw.stream(65536, decode_content=True):
                    body += piece
                    if len(body) > MOST_BYTES or time.monotonic() > until:
                        raise requests.ConnectionError("its answer does not end")
        except HTTPError as error:
            raise requests.ConnectionError("the connection broke") from error
        response.raw = io.BytesIO(body)
        return response


def new_secret() -> str:
    """A state or a verifier, by chance (RFC 7636, 4.1: 43 to 128 letters and digits)."""
    return str(generate_token(64))


def _last(scope: str) -> str:
    """What a scope is called without its server: some answers leave that out."""
    return scope.rstrip("/").rpartition("/")[2].casefold()


def _number(value: object, otherwise: int) -> int:
    """A number of seconds in an answer; some servers write it as text."""
    try:
        return max(0, min(int(str(value)), 10**8))
    except ValueError:
        return otherwise
