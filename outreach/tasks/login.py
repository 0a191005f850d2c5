"""`outreach login mail`: try the password, then keep it where only its owner finds it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from outreach.connections.identities import incoming, outgoing
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import CannotTell
from outreach.model.campaign import MailAccount, Transport
from outreach.model.secret import SecretIdentity
from outreach.tasks.adapters import try_mail_server, try_mailbox
from outreach.tasks.campaign import load
from outreach.words.mail_providers import MailProvider, provider_of, suggested_lines


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
