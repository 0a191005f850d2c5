"""Login through a provider (OpenID Connect Core 1.0, code flow with PKCE): whose address it vouches for.

Authlib writes the requests, joserfc checks the ID token: its signature by the keys that the provider publishes, issuer,
audience, time and nonce, and that the provider verified the email address. Nothing else of the provider's is used.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from outreach.connections.http_service import HttpService
from outreach.connections.secrets import Secret
from outreach.errors import LoginRefused, NotSent
from outreach.mail.oauth_asking import Bounded
from outreach.model.member import LoginProvider
from outreach.model.records import dataclass

SIGNED = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]
"""How a token may be signed: with a key that only the provider has, so neither `none` nor a shared secret."""
SPARE = 60
"""Seconds by which the two clocks may differ."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """A login on its way: what only this browser's answer can know (`state`), and only its tokens."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    browser: str = field(default_factory=lambda: secrets.token_urlsafe(32))


class Provider:
    """One provider, which sends browsers back to `redirect`. Its methods raise LoginRefused.

    `clock` gives the aware UTC instant.
    """

    def __init__(
        self, login: LoginProvider, secret: Secret | None, redirect: str, clock: Callable[[], datetime]
    ) -> None:
        self._issuer, self._client, self._secret = login.issuer.rstrip("/"), login.client_id, secret
        self._redirect, self._clock, self._adapter = redirect, clock, Bounded()
        self.host = urlsplit(login.issuer).hostname or ""

    def begin(self) -> Begun:
        """What one login begins with."""
        return Begun()

    def page(self, begun: Begun) -> str:
        """The address at which the person logs in."""
        with self._session() as session:
            endpoint = self._endpoint(self._metadata(session), "authorization_endpoint")
            made = session.create_authorization_url(
                endpoint, state=begun.state, nonce=begun.nonce, code_verifier=begun.verifier
            )
        return str(made[0])

    def email(self, begun: Begun, code: str) -> str:
        """The address that the provider verified, for the code that the browser brought back."""
        with self._session() as session:
            metadata = self._metadata(session)
            methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
            if self._secret is None:
                session.token_endpoint_auth_method = "none"
            elif "client_secret_basic" not in methods:
                session.token_endpoint_auth_method = "client_secret_post"
            endpoint = self._endpoint(metadata, "token_endpoint")
            tokens = self._asked(
                lambda: session.fetch_token(
                    endpoint, grant_type="authorization_code", code=code, code_verifier=begun.verifier,
                    allow_redirects=False,
                )
            )  # fmt: skip
            keys = self._object(session, self._endpoint(metadata, "jwks_uri"))
        return self._verified(str(tokens.get("id_token", "")), keys, str(metadata["issuer"]), begun.nonce)

    def _verified(self, token: str, keys: Any, issuer: str, nonce: str) -> str:
        """The address in an ID token, after everything that section 3.1.3.7 of the standard asks of who reads it."""
        wanted: Any = {name: {"essential": True} for name in ("sub", "exp", "iat")}
        for name, value in (("iss", issuer), ("aud", self._client), ("nonce", nonce)):
            wanted[name] = {"essential": True, "value": value}
        registry = jwt.JWTClaimsRegistry(now=int(self._clock().timestamp()), leeway=SPARE, **wanted)
        try:
            claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=SIGNED).claims
            registry.validate(claims)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise LoginRefused(f"its ID token does not hold ({type(error).__name__})") from None
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self._client) != self._client:
            raise LoginRefused("its ID token is for another program")
        if claims.get("email_verified") is not True or not isinstance(claims.get("email"), str):
            raise LoginRefused("the provider did not verify an email address")
        return str(claims["email"])

    # --- what is asked -------------------------------------------------------------------------------

    def _session(self) -> OAuth2Session:
        made = OAuth2Session(
            client_id=self._client,
            client_secret=self._secret.reveal() if self._secret else None,
            scope="openid email",
            redirect_uri=self._redirect,
            code_challenge_method="S256",
        )
        made.trust_env = False  # no proxy, no .netrc and no certificates but this computer's own
        made.adapters.clear()
        for scheme in ("http://", "https://"):
            made.mount(scheme, self._adapter)
        return made

    def _metadata(self, session: OAuth2Session) -> Mapping[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0): that it is who it was asked as, too."""
        found = self._object(session, f"{self._issuer}/.well-known/openid-configuration")
        if str(found.get("issuer", "")).rstrip("/") != self._issuer:
            raise LoginRefused("the provider says that it is another one")
        return found

    def _endpoint(self, metadata: Mapping[str, Any], name: str) -> str:
        return _safe(str(metadata.get(name, "")))

    def _object(self, session: OAuth2Session, address: str) -> Mapping[str, Any]:
        def ask() -> Any:
            response = session.get(_safe(address), withhold_token=True, allow_redirects=False)
            response.raise_for_status()
            return response.json()

        return self._asked(ask)

    def _asked(self, ask: Callable[[], Any]) -> Mapping[str, Any]:
        """The JSON object of an answer. What is raised comes from nothing else: that could carry a secret."""
        why = "the provider did not answer as it should"
        try:
            found = ask()
            if isinstance(found, Mapping):
                return found
        except OAuthError as error:
            why = f"the provider says {str(error.error)[:80]!r}"
        except requests.RequestException:
            why = f"{self.host} could not be reached"
        except (ValueError, OSError):
            pass
        raise LoginRefused(why)


def _safe(address: str) -> str:
    """An address over which secrets may go: https, or http on this computer."""
    try:
        HttpService(address)
    except (NotSent, ValueError):
        raise LoginRefused("an address of the provider is not an https:// one") from None
    return address
