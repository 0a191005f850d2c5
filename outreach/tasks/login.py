"""`outreach login`: try the secret, then keep it where only its owner finds it, outside the campaign."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from outreach.connections.identities import bluesky_password, incoming, mastodon_token, outgoing
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import CannotTell
from outreach.model.campaign import MailAccount, Transport
from outreach.model.secret import SecretIdentity
from outreach.tasks.adapters import (
    exchange_code,
    register_application,
    try_bluesky,
    try_mail_server,
    try_mailbox,
    try_mastodon,
)
from outreach.tasks.campaign import load
from outreach.tasks.clock import is_rehearsal
from outreach.words.mail_providers import MailProvider, provider_of, suggested_lines

_ASK = {
    "bluesky": ("handle", "Add `bluesky: {handle: you.bsky.social}` to accounts in campaign.yaml."),
    "mastodon": ("server", "Add `mastodon: {server: https://...}` to accounts in campaign.yaml."),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class MailLogin:
    """What a login needs: whose account, at which servers, and what is known of the provider.

    `servers` are all that will get the password, and the only ones.
    """

    account: MailAccount
    provider: MailProvider | None
    servers: tuple[SecretIdentity, ...]

    @property
    def names(self) -> list[str]:
        """`USER@HOST` of every server that takes the same password."""
        return list(dict.fromkeys(f"{each.user}@{each.host}" for each in self.servers))


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedIn:
    """Where the secret is now, in words, and what was tried with it."""

    where: str
    tried: tuple[str, ...]


def mail_login(root: Path) -> MailLogin:
    """What `login mail` is about.

    Raises CannotTell where campaign.yaml names no server that takes a password, CaFileUnusable, CampaignUnreadable.
    """
    campaign = load(root).campaign
    account, address = campaign.accounts.mail, campaign.sender.email
    provider = provider_of(account.user or address)
    servers = [outgoing(account, root) if account.host else None, incoming(account, root)]
    identities = tuple(identity for server in servers if server and (identity := server.identity))
    if not identities:
        lines = suggested_lines(address, provider) if provider else ""
        hint = f"Add to campaign.yaml:\n{lines}" if lines else "Add `host` and `user` to accounts.mail."
        raise CannotTell("campaign.yaml names no mail account with a `user`", hint)
    return MailLogin(account=account, provider=provider, servers=identities)


def log_in(root: Path, login: MailLogin, secret: Secret, *, token: bool = False) -> LoggedIn:
    """Try the secret at every server of the account, then store it. Raises NotSent, MailboxUnreadable.

    Nothing is stored unless it works everywhere.
    """
    identities = [each.as_token if token else each for each in login.servers]
    protocols = {each.protocol for each in identities}
    trial = _Trial(dict.fromkeys(identities, secret))
    tried = []
    if login.account.transport is Transport.SMTP and "SMTP" in protocols:
        try_mail_server(login.account, root, trial)
        tried.append(f"sending through {login.account.host}")
    if login.account.inbox is not None and "IMAP" in protocols:
        try_mailbox(login.account, root, trial)
        tried.append(f"reading {login.account.inbox.imap}")
    secrets = Secrets(dict(os.environ))
    where = [secrets.put(identity, secret) for identity in identities]
    return LoggedIn(where=where[-1], tried=tuple(tried))


class _Trial(Secrets):
    """Secrets that are only tried."""

    def __init__(self, given: dict[SecretIdentity, Secret]) -> None:
        super().__init__({}, keyring=False)
        self._given = given

    def get(self, identity: SecretIdentity) -> Secret | None:
        return self._given.get(identity)


def log_in_to_bluesky(root: Path, asked: Callable[[str], str]) -> str:
    """Try an app password and keep it with its session; where, in words. `asked` puts a question to the person.

    Raises CannotTell where campaign.yaml names no account, NotSent, SecretsUnusable.
    """
    account = _account(root, "bluesky")
    identity = bluesky_password(account)
    password = _secret(asked(f"{_going_to(identity)}\nApp password of {identity.user}"))
    secrets = Secrets()
    try_bluesky(account, password, secrets, loopback_only=is_rehearsal())
    return secrets.put(identity, password)


def log_in_to_mastodon(root: Path, asked: Callable[[str], str], *, token: bool = False) -> str:
    """Get an access token through the browser (or take a `token`), try it and keep it; where, in words.

    Raises CannotTell where campaign.yaml names no account, NotSent, SecretsUnusable.
    """
    account = _account(root, "mastodon")
    server, going = account["server"], _going_to(mastodon_token(account))
    if token:
        found = _secret(asked(f"{going}\nAccess token for {server}"))
    else:
        application = register_application(server, loopback_only=is_rehearsal())
        code = _secret(asked(f"{going}\nOpen {application.page}\nsay yes, and paste the code that it shows"))
        found = exchange_code(server, application, code, loopback_only=is_rehearsal())
    return try_mastodon(account, found, Secrets(), loopback_only=is_rehearsal())


def _going_to(identity: SecretIdentity) -> str:
    return f"The {identity.what} will be kept for {identity.in_full}, and sent to no other server."


def _secret(typed: str) -> Secret:
    if not typed.strip():
        raise CannotTell("Nothing was typed, so nothing was tried", "Run the same command again.")
    return Secret(typed.strip())


def _account(root: Path, network: str) -> dict[str, str]:
    accounts = load(root).campaign.accounts
    found = accounts.bluesky if network == "bluesky" else accounts.mastodon
    needed, hint = _ASK[network]
    if not found or needed not in found:
        raise CannotTell(f"campaign.yaml names no account on {network}", hint)
    return dict(found)
