"""Access to a mailbox at Google or Microsoft: what is stored, which servers may see it, and how it is renewed.

What is kept is under one identity for each user and provider (`connections.identities.oauth_access`), with the mail
servers that `outreach login` named. It is shown to these and no other, and only if they are the provider's own: an
address in a campaign's files decides nothing here.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

from outreach.connections.access_refusals import access_refused
from outreach.connections.identities import MailServer, oauth_access, oauth_client
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import AccessNotGiven, NotTheirServer, OAuthNotInstalled
from outreach.model.records import dataclass
from outreach.model.secret import SecretIdentity
from outreach.words.mail_providers import OAUTH, OAuthProvider

SPARE = 120.0
"""Seconds before its end at which an access token is renewed: a login may take some."""
_BACK = 60.0
"""Seconds by which the clock may go back before a token's age says nothing any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What is kept of an access. `since` and `until` are on this computer's clock, `servers` names of identities."""

    access: Secret
    refresh: Secret | None
    since: float
    until: float
    servers: tuple[str, ...] = ()

    def is_fresh(self, now: float) -> bool:
        """Whether the access token should still do; no clock but this computer's is asked."""
        return self.since - _BACK <= now < self.until - SPARE

    def as_secret(self) -> Secret:
        """As it is stored."""
        return Secret(
            json.dumps(
                {
                    "access": self.access.reveal(),
                    "refresh": self.refresh.reveal() if self.refresh else None,
                    "since": self.since,
                    "until": self.until,
                    "servers": list(self.servers),
                }
            )
        )


def kept_in(secret: Secret | None) -> Kept | None:
    """What was stored; None if nothing was, or nothing that can be read."""
    try:
        found: Any = json.loads(secret.reveal()) if secret else None
        return Kept(
            access=Secret(str(found["access"])),
            refresh=Secret(str(found["refresh"])) if found["refresh"] else None,
            since=float(found["since"]),
            until=float(found["until"]),
            servers=tuple(map(str, found["servers"])),
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def provider_at(server: MailServer) -> OAuthProvider | None:
    """Who gives access to that mail server, None if it takes a password. Raises NotTheirServer."""
    provider = OAUTH.get(server.auth)
    if provider is not None and (server.host not in provider.servers or server.security == "none"):
        raise NotTheirServer(server.host, provider.label, server.auth)
    return provider


class Access:
    """The right to log in to one mail server of a provider. Its methods raise NoAccess and SecretsUnusable.

    `now` is this computer's clock, in seconds of the Unix era.
    """

    def __init__(
        self, server: MailServer, provider: OAuthProvider, secrets: Secrets, now: Callable[[], float] = time.time
    ) -> None:
        self._server, self._provider, self._secrets, self._now = server, provider, secrets, now
        self._user = server.user or ""
        self._identity: SecretIdentity = oauth_access(provider, self._user)

    def token(self) -> Secret:
        """An access token that has not ended yet, renewed where it has."""
        kept = self._kept()
        return kept.access if kept.is_fresh(self._now()) else self._renewed(kept.access)

    def token_instead_of(self, refused: Secret) -> Secret:
        """Another access token, since the mail server refused that one."""
        return self._renewed(refused)

    def _kept(self) -> Kept:
        """What is kept for exactly this server. Raises AccessNotGiven."""
        kept, wanted = kept_in(self._secrets.get(self._identity, environment=False)), self._server.identity
        if kept is None or wanted is None or wanted.name not in kept.servers:
            given_for = tuple(name.rpartition("@")[2] for name in kept.servers) if kept else ()
            place = wanted.place if wanted else self._server.host
            raise AccessNotGiven(self._user, self._provider.label, place, given_for)
        return kept

    def _renewed(self, old: Secret) -> Secret:
        """The next access token, asked for by one process at a time.

        A provider may take a refresh token only once (rotation), and end all access where it comes twice. So whoever
        waited for the lock looks first whether another process has renewed it, and what comes is stored before it is
        used.
        """
        with self._secrets.alone(self._identity):
            kept = self._kept()
            if kept.access != old and kept.is_fresh(self._now()):
                return kept.access
            if kept.refresh is None:
                raise access_refused(label=self._provider.label, user=self._user, error="invalid_grant")
            tokens = asking(self._provider, self._user, self._secrets, self._now).refresh(kept.refresh)
            now = self._now()
            refresh = tokens.refresh or kept.refresh
            new = replace(kept, access=tokens.access, refresh=refresh, since=now, until=now + tokens.seconds)
            self._secrets.put(self._identity, new.as_secret())
            return new.access


def access_to(server: MailServer, secrets: Secrets) -> Access | None:
    """The access to that mail server, None if it takes a password. Raises NotTheirServer."""
    provider = provider_at(server)
    return Access(server, provider, secrets) if provider else None


def asking(provider: OAuthProvider, user: str, secrets: Secrets, now: Callable[[], float] = time.time) -> Any:
    """The provider, to be asked with the client ID that was entered (`oauth_asking.Asking`).

    Raises AccessRefused if none was entered, and OAuthNotInstalled.
    """
    module = oauth_asking(provider)
    client = client_in(provider, secrets)
    if client is None:
        raise access_refused(label=provider.label, user=user, error="invalid_client", description="none was entered")
    return module.Asking(provider, client, user, now)


def client_in(provider: OAuthProvider, secrets: Secrets) -> Any:
    """The client ID that was entered for a provider (`oauth_asking.Client`), or None. Raises OAuthNotInstalled."""
    secret = secrets.get(oauth_client(provider))
    try:
        found: Any = json.loads(secret.reveal()) if secret else None
        own = Secret(str(found["secret"])) if found["secret"] else None
        return oauth_asking(provider).Client(id=str(found["id"]), secret=own, tenant=str(found["tenant"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def client_as_secret(id: str, secret: str, tenant: str) -> Secret:
    """A client ID as it is stored."""
    return Secret(json.dumps({"id": id, "secret": secret or None, "tenant": tenant}))


def oauth_asking(provider: OAuthProvider) -> Any:
    """The module that asks providers. Raises OAuthNotInstalled without the extra `oauth`."""
    try:
        return import_module("outreach.mail.oauth_asking")
    except ModuleNotFoundError as error:
        raise OAuthNotInstalled(provider.label) from error
