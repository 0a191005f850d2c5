"""A real authorization server on this computer, made of Authlib's own parts: discovery, codes with PKCE, devices.

Refresh tokens are taken once (rotation): who brings a spent one ends all access of that consent, as RFC 9700 (4.14)
asks of servers. It keeps what it was asked, so that a test can say what never came.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749 import AuthorizationServer, OAuth2Request, grants
from authlib.oauth2.rfc6749.errors import InvalidRequestError
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc8628 import DeviceAuthorizationEndpoint, DeviceCodeGrant
from joserfc import jwt
from joserfc.jwk import RSAKey

from outreach.words.mail_providers import OAUTH, OAuthProvider

CLIENT, CLIENT_SECRET = "client-of-ours", "client-secret-canary"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass
class Client:
    """The one client that was made: at Google with a secret, at Microsoft without."""

    secret: str
    client_id: str = CLIENT

    def get_client_id(self) -> str:
        return self.client_id

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def get_default_redirect_uri(self) -> str:
        return ""

    def check_redirect_uri(self, uri: str) -> bool:
        parts = urlsplit(uri)
        if (parts.scheme, parts.path) == ("https", "/login/back"):
            return True  # a team's dashboard
        return parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost") and parts.path == "/"

    def check_client_secret(self, secret: str) -> bool:
        return secret == self.secret

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == ("client_secret_post" if self.secret else "none")

    def check_response_type(self, kind: str) -> bool:
        return kind == "code"

    def check_grant_type(self, kind: str) -> bool:
        return kind in ("authorization_code", "refresh_token", DEVICE)


@dataclass
class Consent:
    """What somebody said yes to. `family` is all access that came of it; `redirect` and `challenge` go with a code."""

    user: str
    scope: str
    family: str
    redirect: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""
    nonce: str = ""
    is_spent: bool = False

    def get_redirect_uri(self) -> str:
        return self.redirect

    def get_scope(self) -> str:
        return self.scope

    def check_client(self, client: Client) -> bool:
        return True


@dataclass
class Device:
    """A code that waits for somebody to type it."""

    user_code: str
    scope: str
    until: float

    def get_client_id(self) -> str:
        return CLIENT

    def get_scope(self) -> str:
        return self.scope

    def get_user_code(self) -> str:
        return self.user_code

    def is_expired(self) -> bool:
        return time.time() > self.until


@dataclass
class Authorizing:
    """The running server. `user` is whoever sits before the browser; None says no. `clock` is how wrong its own is.

    `grants` is the scope that it says it gave, where that is not what was asked for. `ends_early` are seconds by which
    an access token ends before its `lifetime`, as one that was revoked does. `refuses` is an error and its description
    that the next question for tokens gets in the place of an answer.
    """

    issuer: str = ""
    user: str | None = "alex@sender.test"
    lifetime: int = 3600
    ends_early: int = 0
    grants: str = ""
    begins: float = -4000.0
    clock: float = 0.0
    now: Callable[[], float] = time.time
    refuses: tuple[str, str] | None = None
    status: int = 0
    token_endpoint: str = ""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    codes: dict[str, Consent] = field(default_factory=dict)
    refresh_tokens: dict[str, Consent] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    devices: dict[str, Device] = field(default_factory=dict)
    typed: dict[str, tuple[str, bool]] = field(default_factory=dict)
    slow_downs: int = 0
    key: bytes = field(default_factory=lambda: os.urandom(32))
    signing: Any = None
    """The key of ID tokens (joserfc), whose public half is published; made at the first use."""
    forged: Callable[[Authorizing, dict[str, Any]], str] | None = None
    """What makes the ID token out of its claims, in the place of an honest signature."""
    says_issuer: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)

    def granted(self, kind: str) -> list[dict[str, str]]:
        """What was asked for with that grant."""
        return [form for path, form in self.asked if path == "/token" and form.get("grant_type") == kind]

    def revoke(self) -> None:
        """Somebody takes all access back, or changes the password."""
        self.ended |= {consent.family for consent in self.refresh_tokens.values()}

    def signing_key(self) -> Any:
        """The provider's own key."""
        if self.signing is None:
            self.signing = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)
        return self.signing

    def id_token(self, consent: Consent) -> str:
        """Who logged in (OpenID Connect Core 1.0, section 2)."""
        now = int(self.now() + self.clock)
        claims = {
            "iss": self.issuer, "sub": "user-1", "aud": CLIENT, "iat": now, "exp": now + 600, "nonce": consent.nonce,
            "email": consent.user, "email_verified": True,
        }  # fmt: skip
        if self.forged is not None:
            return self.forged(self, claims)
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signing_key())

    def access_token(self, user: str) -> str:
        """A token (JWT, HS256) as Dovecot checks it without asking anybody."""
        now = self.now() + self.clock
        claims = {
            "sub": user,
            "email": user,
            "iss": "test",
            "iat": int(now + self.begins),
            "nbf": int(now + self.begins),
        }
        head, body = (
            base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=")
            for each in (
                {"alg": "HS256", "typ": "JWT"},
                {**claims, "exp": int(now + self.lifetime - self.ends_early), "jti": generate_token(8)},
            )
        )
        mark = hmac.new(self.key, head + b"." + body, hashlib.sha256).digest()
        return (head + b"." + body + b"." + base64.urlsafe_b64encode(mark).rstrip(b"=")).decode()


class _Request(OAuth2Request):
    def __init__(self, method: str, uri: str, form: dict[str, str], headers: Any) -> None:
        super().__init__(method, uri, headers=headers)
        self.payload = BasicOAuth2Payload({**dict(parse_qsl(urlsplit(uri).query)), **form})
        self._form = form

    @property
    def args(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.uri).query))

    @property
    def form(self) -> dict[str, str]:
        return self._form


class _Server(AuthorizationServer):
    def __init__(self, of: Authorizing, client: Client) -> None:
        super().__init__()
        self.of, self.client = of, client
        self.register_token_generator("default", self._made)
        self.register_grant(_Codes, [_RequiredChallenge(required=True)])
        self.register_grant(_Refreshing)
        self.register_grant(_Devices)
        self.register_endpoint(_DeviceEndpoint)

    def query_client(self, client_id: str) -> Client | None:
        return self.client if client_id == CLIENT else None

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        earlier = request.refresh_token
        family = earlier.family if earlier else generate_token(8)
        user = getattr(request.user, "user", request.user)
        self.of.refresh_tokens[token["refresh_token"]] = Consent(user, token["scope"], family)

    def _made(self, *, user: Any, scope: str, **_: Any) -> dict[str, Any]:
        who, user = user, getattr(user, "user", user)
        access = self.of.access_token(user)
        refresh = f"refresh-canary-{generate_token(12)}"
        kind = {"token_type": "Bearer", "expires_in": self.of.lifetime, "scope": self.of.grants or scope}
        token = {"id_token": self.of.id_token(who)} if "openid" in scope.split() else {}
        return {"access_token": access, "refresh_token": refresh, **kind, **token}

    def send_signal(self, *args: Any, **keys: Any) -> None:
        pass

    def create_oauth2_request(self, request: _Request) -> _Request:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> tuple[int, bytes, list[tuple[str, str]]]:
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        return status, data, list(headers)


class _RequiredChallenge(CodeChallenge):
    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        if not grant.request.payload.data.get("code_challenge"):
            raise InvalidRequestError("A code_challenge is required.")
        super().validate_code_challenge(grant, redirect_uri)


class _Codes(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_post", "none")

    def save_authorization_code(self, code: str, request: _Request) -> None:
        data = request.payload.data
        self.server.of.codes[code] = Consent(
            user=request.user, scope=data["scope"], family="", redirect=data["redirect_uri"],
            code_challenge=data["code_challenge"], code_challenge_method=data["code_challenge_method"],
            nonce=data.get("nonce", ""),
        )  # fmt: skip

    def query_authorization_code(self, code: str, client: Client) -> Consent | None:
        return self.server.of.codes.get(code)

    def delete_authorization_code(self, authorization_code: Consent) -> None:
        codes = self.server.of.codes
        for code in [each for each, known in codes.items() if known is authorization_code]:
            del codes[code]

    def authenticate_user(self, authorization_code: Consent) -> str | Consent:
        code = authorization_code
        return code if "openid" in code.scope.split() else code.user


class _Refreshing(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_post", "none")
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Consent | None:
        of = self.server.of
        found = of.refresh_tokens.get(refresh_token)
        if found is not None and found.is_spent:
            of.ended.add(found.family)  # it was stolen, by whoever came first or by this one
        return None if found is None or found.family in of.ended else found

    def authenticate_user(self, refresh_token: Consent) -> str:
        return refresh_token.user

    def revoke_old_credential(self, refresh_token: Consent) -> None:
        refresh_token.is_spent = True


class _DeviceEndpoint(DeviceAuthorizationEndpoint):
    CLIENT_AUTH_METHODS = ("none",)

    def get_verification_uri(self) -> str:
        return f"{self.server.of.issuer}/type"

    def save_device_credential(self, client_id: str, scope: str, data: dict[str, Any]) -> None:
        until = time.time() + data["expires_in"]
        self.server.of.devices[data["device_code"]] = Device(data["user_code"], scope, until)


class _Devices(DeviceCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ("none",)

    def query_device_credential(self, device_code: str) -> Device | None:
        return self.server.of.devices.get(device_code)

    def query_user_grant(self, user_code: str) -> tuple[str, bool] | None:
        return self.server.of.typed.get(user_code)

    def should_slow_down(self, credential: Device) -> bool:
        self.server.of.slow_downs -= 1
        return self.server.of.slow_downs >= 0


def _handler(of: Authorizing, server: _Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("GET", {})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self._answer("POST", dict(parse_qsl(self.rfile.read(length).decode())))

        def _answer(self, method: str, form: dict[str, str]) -> None:
            with of.lock:
                path = urlsplit(self.path).path
                of.asked.append((path, form or dict(parse_qsl(urlsplit(self.path).query))))
                status, data, headers = self._made(method, path, form)
            self.send_response_only(of.status or status)
            self.send_header("Date", formatdate(of.now() + of.clock, usegmt=True))
            for name, value in (*headers, ("Content-Length", str(len(data)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def _made(self, method: str, path: str, form: dict[str, str]) -> tuple[int, bytes, list[tuple[str, str]]]:
            request = _Request(method, f"{of.issuer}{self.path}", form, self.headers)
            if path.endswith("/.well-known/openid-configuration"):
                return 200, json.dumps(self._discovered()).encode(), [("Content-Type", "application/json")]
            if path == "/authorize":
                grant = server.get_consent_grant(request, of.user)
                return server.create_authorization_response(request, of.user, grant)
            if of.refuses and path in ("/token", "/device"):
                (error, description), of.refuses = of.refuses, None
                body = {"error": error, "error_description": description}
                return 400, json.dumps(body).encode(), [("Content-Type", "application/json")]
            if path == "/token":
                return server.create_token_response(request)
            if path == "/keys":
                keys = {"keys": [of.signing_key().as_dict(private=False)]}
                return 200, json.dumps(keys).encode(), [("Content-Type", "application/json")]
            if path == "/device":
                return server.create_endpoint_response("device_authorization", request)
            return 404, b"nothing", []

        def _discovered(self) -> dict[str, Any]:
            return {
                "issuer": of.says_issuer or of.issuer,
                "jwks_uri": f"{of.issuer}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
                "authorization_endpoint": f"{of.issuer}/authorize",
                "token_endpoint": of.token_endpoint or f"{of.issuer}/token",
                "device_authorization_endpoint": f"{of.issuer}/device",
            }

        def log_message(self, *args: Any) -> None:
            pass

    return Handler


@contextmanager
def authorizing(auth: str, *, servers: frozenset[str] = frozenset({"localhost"})) -> Iterator[Authorizing]:
    """A server in the place of `auth` (`google` or `microsoft`), whose mail servers are on this computer."""
    real = OAUTH[auth]
    with identifying("" if real.has_device_flow else CLIENT_SECRET) as of, pytest.MonkeyPatch.context() as patch:
        patch.setitem(OAUTH, auth, here(real, of.issuer, servers))
        yield of


@contextmanager
def identifying(secret: str = CLIENT_SECRET) -> Iterator[Authorizing]:
    """A server that says who somebody is, to a client that has that secret."""
    of = Authorizing()
    client = Client(secret)
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(of, _Server(of, client))) as http:
        of.issuer = f"http://localhost:{http.server_address[1]}"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield of
        http.shutdown()
        thread.join(5)


def here(real: OAuthProvider, issuer: str, servers: frozenset[str]) -> OAuthProvider:
    """A provider as it is, but for where it is."""
    keys = {name: getattr(real, name) for name in real.__dataclass_fields__}
    return OAuthProvider(**{**keys, "issuer": issuer, "hosts": frozenset({"localhost"}), "servers": servers})


def put_key(of: Authorizing, folder: Path) -> None:
    """The key with which Dovecot checks tokens, where it looks for it."""
    file = folder / "keys" / "default" / "HS256" / "default"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(base64.b64encode(of.key))
