"""From an account in campaign.yaml to its servers and the identities of its secrets: the one door.

Whoever connects takes host, port and trust from here, and asks for the secret under the identity that is made of the
very same. So no key of campaign.yaml can send a secret to another server than the one that it was entered for.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from outreach.connections.certificates import Authority, authority_in
from outreach.connections.http_service import HttpService
from outreach.connections.secrets import Secrets
from outreach.connections.web_addresses import is_loopback
from outreach.errors import SecretNotEntered
from outreach.model.campaign import Auth, MailAccount
from outreach.model.member import LoginProvider
from outreach.model.records import dataclass
from outreach.model.secret import UNENCRYPTED, SecretIdentity, SecretKind, nearest_entered, told_apart
from outreach.words.mail_providers import OAuthProvider

SMTP_PORTS = {"starttls": 587, "tls": 465, "none": 25}
IMAP_PORTS = {"tls": 993, "none": 143}
IMAP_STARTTLS = 143  # the port on which a connection begins in plain text (RFC 9051, 2.1)


@dataclass(frozen=True, kw_only=True, slots=True)
class MailServer:
    """One mail server of an account. `security` is `starttls`, `tls`, or `none` for a server on this computer."""

    kind: SecretKind
    host: str
    port: int
    security: str
    user: str | None
    authority: Authority | None
    auth: Auth = Auth.PASSWORD

    @property
    def identity(self) -> SecretIdentity | None:
        """Of its password; None if none is ever sent: without a user, and to SMTP without encryption."""
        is_plain = self.security == "none"
        if not self.user or (is_plain and self.kind is SecretKind.SMTP):
            return None
        own = f"ca={self.authority.digest}" if self.authority else ""
        trust = UNENCRYPTED if is_plain else own
        return SecretIdentity(kind=self.kind, user=self.user, host=self.host, port=self.port, trust=trust)


def outgoing(account: MailAccount, root: Path) -> MailServer:
    """The server that takes the account's letters in. Raises CaFileUnusable."""
    host = account.host or ""
    is_plain = account.insecure_loopback and is_loopback(host) and account.auth is Auth.PASSWORD
    security = "none" if is_plain else account.security or "starttls"
    return MailServer(
        kind=SecretKind.SMTP,
        host=host,
        port=account.port or SMTP_PORTS[security],
        security=security,
        user=account.user,
        authority=_authority(account, root, security, account.auth),
        auth=account.auth,
    )


def incoming(account: MailAccount, root: Path) -> MailServer | None:
    """The account's IMAP server, if its mailbox is at one. Raises CaFileUnusable."""
    inbox = account.inbox
    if inbox is None or not inbox.imap:
        return None
    auth = inbox.auth or account.auth
    is_plain = account.insecure_loopback and is_loopback(inbox.imap) and auth is Auth.PASSWORD
    security = "none" if is_plain else "tls"
    port = inbox.port or IMAP_PORTS[security]
    if security == "tls" and port == IMAP_STARTTLS:
        security = "starttls"
    return MailServer(
        kind=SecretKind.IMAP,
        host=inbox.imap,
        port=port,
        security=security,
        user=inbox.user or account.user,
        authority=_authority(account, root, security, auth),
        auth=auth,
    )


def oauth_access(provider: OAuthProvider, user: str) -> SecretIdentity:
    """The access to a user's mailbox, under the server that gave it."""
    return on_the_web(SecretKind.OAUTH, HttpService(provider.issuer), user)


def oauth_client(provider: OAuthProvider) -> SecretIdentity:
    """How that server knows outreach: one client ID for all accounts there."""
    return on_the_web(SecretKind.OAUTH_CLIENT, HttpService(provider.issuer), "")


def login_client(login: LoginProvider) -> SecretIdentity:
    """The secret by which a login provider knows `outreach serve`. Raises NotSent for an address that is not safe."""
    return on_the_web(SecretKind.OIDC_CLIENT, HttpService(login.issuer), login.client_id)


def bluesky_password(account: Mapping[str, str]) -> SecretIdentity:
    """The app password for the account's service. Raises NotSent for a service that may not be asked."""
    handle = account["handle"].removeprefix("@").casefold()
    return on_the_web(SecretKind.BLUESKY, HttpService(account["service"]), handle)


def mastodon_token(account: Mapping[str, str]) -> SecretIdentity:
    """The access token for the account's server. Raises NotSent for a server that may not be asked."""
    user = account.get("account", "").removeprefix("@").partition("@")[0]
    return on_the_web(SecretKind.MASTODON, HttpService(account["server"]), user)


SECRETS_OF_NETWORKS = {"bluesky": bluesky_password, "mastodon": mastodon_token}
"""By network, whose secret an account needs."""


def on_the_web(kind: SecretKind, service: HttpService, user: str) -> SecretIdentity:
    """A secret for one server that is asked over HTTP, as that server is reached."""
    trust = "" if service.is_encrypted else UNENCRYPTED
    return SecretIdentity(kind=kind, user=user, host=service.host, port=service.port, trust=trust)


def not_entered(identity: SecretIdentity, secrets: Secrets) -> SecretNotEntered:
    """To be raised where that secret is not there; it says what was entered instead. Raises SecretsUnusable."""
    near = nearest_entered(identity, secrets.entered())
    old_variable = secrets.old_variable(identity)
    return SecretNotEntered(
        identity.what,
        str(identity),
        identity.login,
        entered=told_apart(near, identity) if near else None,
        renamed=(old_variable, identity.variable) if old_variable else None,
    )


def _authority(account: MailAccount, root: Path, security: str, auth: Auth) -> Authority | None:
    """The campaign's own, but never for a server that is shown an access token: those have public certificates."""
    is_own = account.ca_file and security != "none" and auth is Auth.PASSWORD
    return authority_in(root, account.ca_file) if account.ca_file and is_own else None
