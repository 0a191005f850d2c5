"""`outreach login mail`: try the password, then keep it where only its owner finds it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from outreach.channels.registry import try_mail_server, try_mailbox
from outreach.channels.secrets import Secret, Secrets
from outreach.errors import CannotTell
from outreach.model.campaign import MailAccount, Transport
from outreach.rules.mail_providers import MailProvider, provider_of, suggested_lines
from outreach.tasks.campaign import load


@dataclass(frozen=True, kw_only=True, slots=True)
class MailLogin:
    """What a login needs: whose account, at which servers, and what is known of the provider."""

    account: MailAccount
    provider: MailProvider | None

    @property
    def names(self) -> list[str]:
        """`USER@HOST` of every server that takes the same password."""
        inbox = self.account.inbox
        found: dict[str, None] = {}
        if self.account.user and self.account.host:
            found[f"{self.account.user}@{self.account.host}"] = None
        if inbox is not None and inbox.imap and (inbox.user or self.account.user):
            found[f"{inbox.user or self.account.user}@{inbox.imap}"] = None
        return list(found)


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedIn:
    """Where the secret is now, in words, and what was tried with it."""

    where: str
    tried: tuple[str, ...]


def mail_login(root: Path) -> MailLogin:
    """What `login mail` is about. Raises CannotTell where campaign.yaml names no account, CampaignUnreadable."""
    campaign = load(root).campaign
    account, address = campaign.accounts.mail, campaign.sender.email
    provider = provider_of(account.user or address)
    login = MailLogin(account=account, provider=provider)
    if not login.names:
        lines = suggested_lines(address, provider) if provider else ""
        hint = f"Add to campaign.yaml:\n{lines}" if lines else "Add `host` and `user` to accounts.mail."
        raise CannotTell("campaign.yaml names no mail account with a `user`", hint)
    return login


def log_in(root: Path, login: MailLogin, secret: Secret, *, token: bool = False) -> LoggedIn:
    """Try the secret at every server of the account, then store it. Raises NotSent, MailboxUnreadable.

    Nothing is stored unless it works everywhere.
    """
    kind = "mail-token" if token else "mail"
    trial = _Trial({f"{kind}:{name}": secret for name in login.names})
    tried = []
    if login.account.transport is Transport.SMTP and login.account.user:
        try_mail_server(login.account, root, trial)
        tried.append(f"sending through {login.account.host}")
    if login.account.inbox is not None and login.account.inbox.imap:
        try_mailbox(login.account, root, trial)
        tried.append(f"reading {login.account.inbox.imap}")
    secrets = Secrets(dict(os.environ))
    where = ""
    for name in login.names:
        where = secrets.put(f"{kind}:{name}", secret)
    return LoggedIn(where=where, tried=tuple(tried))


class _Trial(Secrets):
    """Secrets that are only tried."""

    def __init__(self, given: dict[str, Secret]) -> None:
        super().__init__({}, keyring=False)
        self._given = given

    def get(self, name: str) -> Secret | None:
        return self._given.get(name)
