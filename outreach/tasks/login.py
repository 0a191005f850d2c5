"""`outreach login mail`: try the password, or get access from Google or Microsoft; then keep it for its owner alone."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field
from pathlib import Path

from outreach.connections.http_service import HttpService
from outreach.connections.identities import incoming, oauth_access, oauth_client, outgoing
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import CannotTell, NoMailAccount, NoPasswordNeeded
from outreach.model.campaign import Auth, MailAccount, Transport
from outreach.model.records import dataclass
from outreach.model.secret import SecretIdentity
from outreach.tasks.adapters import oauth_consent, settings_for, try_mail_server
from outreach.tasks.campaign import load
from outreach.tasks.clock import is_rehearsal
from outreach.words.mail_providers import OAUTH, MailProvider, OAuthProvider, provider_of, suggested_lines


@dataclass(kw_only=True, slots=True)
class MailLogin:
    """One login: all servers that get the same secret, and the only ones; and what is known of the provider.

    `sending` is the account if letters leave there, `reading` it with each mailbox that is read with this secret.
    """

    auth: Auth
    provider: MailProvider | None
    servers: list[SecretIdentity] = field(default_factory=list)
    sending: MailAccount | None = None
    reading: list[MailAccount] = field(default_factory=list)

    @property
    def user(self) -> str:
        """Whose secret it is."""
        return self.servers[0].user

    @property
    def names(self) -> list[str]:
        """`USER@HOST` of every server that takes the same secret."""
        return list(dict.fromkeys(f"{each.user}@{each.host}" for each in self.servers))

    @property
    def oauth(self) -> OAuthProvider | None:
        """Who gives access, None if a password is wanted."""
        return OAUTH.get(self.auth)


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedIn:
    """Where the secret is now, in words, and what was tried with it."""

    where: str
    tried: tuple[str, ...]


def mail_logins(root: Path) -> list[MailLogin]:
    """What `login mail` is about: one login for each user, the account's own first.

    Raises NoMailAccount, NoPasswordNeeded, CaFileUnusable, CampaignUnreadable.
    """
    campaign = load(root).campaign
    account, address = campaign.accounts.mail, campaign.sender.email
    provider = provider_of(account.user or address)
    logins: list[MailLogin] = []
    if account.host and (identity := outgoing(account, root).identity):
        sending = account if account.transport is Transport.SMTP else None
        logins.append(MailLogin(auth=account.auth, provider=provider, servers=[identity], sending=sending))
    for number, each in enumerate(account.each_inbox()):
        server = incoming(each, root)
        if server is None or (identity := server.identity) is None:
            continue
        # The account's own mailbox has the account's password, also where the two servers call its user differently.
        place = f"{identity.user}@{identity.host}"
        login = next((x for x in logins if x.auth is server.auth and (not number or place in x.names)), None)
        if login is None:
            login = MailLogin(auth=server.auth, provider=provider_of(identity.user))
            logins.append(login)
        login.servers.append(identity)
        login.reading.append(each)
    if not logins and account.user and account.host:
        raise NoPasswordNeeded(account.user, account.host)
    if not logins:
        note = f"\n{provider.note}" if provider and provider.note else ""
        lines = suggested_lines(address, provider) + note if provider else ""
        raise NoMailAccount(address.rpartition("@")[2], lines.rstrip(), account.user)
    return logins


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """What accounts.mail may say: who provides the mailbox, how that was found, and the lines."""

    address: str
    provider: MailProvider
    how: str
    lines: str


def look_up(root: Path, address: str | None = None) -> Proposal:
    """Who provides a mailbox, the sender's by itself: the list of known ones, then the net, which learns the domain.

    Raises CannotTell if nobody knows it, CampaignUnreadable.
    """
    address = address or load(root).campaign.sender.email
    domain = address.rpartition("@")[2].lower()
    provider, how = provider_of(address), "one of the known providers"
    if provider is None:
        HttpService("https://autoconfig.thunderbird.net", loopback_only=is_rehearsal())  # a rehearsal asks nobody
        found = settings_for(domain)
        if found is None:
            hint = "Is this computer online? Otherwise ask the administrator for the names and ports of SMTP and IMAP."
            raise CannotTell(f"No mail servers were found for {domain}", hint)
        provider, how = found
    return Proposal(address=address, provider=provider, how=how, lines=suggested_lines(address, provider))


def log_in(root: Path, login: MailLogin, secret: Secret, *, token: bool = False) -> LoggedIn:
    """Try the secret at every server of the login, then store it. Raises NotSent, MailboxUnreadable.

    Nothing is stored unless it works everywhere.
    """
    identities = [each.as_token if token else each for each in login.servers]
    tried = _try(root, login, _Trial(dict.fromkeys(identities, secret)))
    secrets = Secrets(dict(os.environ))
    where = [secrets.put(identity, secret) for identity in identities]
    return LoggedIn(where=where[-1], tried=tried)


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Whoever logs in: is told a line, is asked a question (`hidden`: nobody sees the answer), has a page opened."""

    tell: Callable[[str], None]
    ask: Callable[[str, bool], str]
    browse: Callable[[str], bool]


def let_in(
    root: Path,
    login: MailLogin,
    person: Person,
    *,
    browser: bool = True,
    new_client: bool = False,
    sleep: Callable[[float], None] = time.sleep,
) -> LoggedIn:
    """Get access from the login's provider, try it at every server, then store it. Raises NoAccess, CannotTell.

    Without a `browser` here, the person says yes in one elsewhere. `new_client`: ask for the client ID again.
    """
    provider = login.oauth
    assert provider is not None
    HttpService(provider.issuer, loopback_only=is_rehearsal())  # a rehearsal asks nobody
    secrets, consent = Secrets(dict(os.environ)), oauth_consent(provider)
    client, identity = oauth_client(provider), oauth_access(provider, login.user)
    known = None if new_client else secrets.get(client)
    trial = _Trial({client: known or _entered_client(provider, person)})
    asking = consent.asking(provider, login.user, trial)

    def shown(page: str) -> None:
        person.tell(f"Log in as {login.user} on the page that opens, and allow access. Ctrl-C cancels.")
        person.tell(f"If no page opens, open this address:\n{page}")
        person.browse(page)

    if browser:
        tokens = consent.by_browser(asking, shown)
    elif provider.has_device_flow:
        tell = person.tell
        tokens = consent.by_code(asking, lambda code: tell(f"Open {code.page} anywhere, and type {code.code}"), sleep)
    else:
        tokens = consent.by_pasting(asking, lambda page: person.ask(_PASTE.format(user=login.user, page=page), False))
    before = consent.kept_in(secrets.get(identity, environment=False))
    servers = dict.fromkeys([*(before.servers if before else ()), *(each.name for each in login.servers)])
    now = time.time()
    kept = consent.Kept(
        access=tokens.access, refresh=tokens.refresh, since=now, until=now + tokens.seconds, servers=tuple(servers)
    )
    trial.put(identity, kept.as_secret())
    tried = _try(root, login, trial)
    with secrets.alone(identity):  # another process may be renewing what was kept before
        secrets.put(client, trial.given[client])
        return LoggedIn(where=secrets.put(identity, trial.given[identity]), tried=tried)


def knows_client(login: MailLogin) -> bool:
    """Whether a client ID was entered for the login's provider. Raises SecretsUnusable."""
    return login.oauth is not None and Secrets(dict(os.environ)).get(oauth_client(login.oauth)) is not None


def is_signed_in(login: MailLogin) -> bool:
    """Whether a secret is kept for every server of the login. Raises SecretsUnusable."""
    secrets = Secrets(dict(os.environ))
    if login.oauth is not None:
        return secrets.get(oauth_access(login.oauth, login.user)) is not None
    return all(secrets.get(each) or secrets.get(each.as_token) for each in login.servers)


_PASTE = (
    "Open this address in any browser, log in as {user}, and allow access:\n{page}\n"
    "The browser then shows an error, because it cannot open the last page. Paste that page's whole address"
)


def _entered_client(provider: OAuthProvider, person: Person) -> Secret:
    """A client ID that the person makes and enters, once for all accounts at the provider."""
    person.tell(f"{provider.label} asks for a client ID of your own. You make it once:")
    for number, step in enumerate(provider.steps, start=1):
        person.tell(f"  {number}. {step}")
    id = person.ask("Client ID", False).strip()
    if not id:
        raise CannotTell("Nothing was entered as the client ID", "Run `outreach login mail` again once you have one.")
    secret = tenant = ""
    if provider.has_tenants:
        tenant = person.ask("Directory (tenant) ID (empty if any account may log in)", False).strip()
    else:
        secret = person.ask("Client secret", True).strip()
    made: Secret = oauth_consent(provider).client_as_secret(id, secret, tenant)
    return made


def _try(root: Path, login: MailLogin, trial: Secrets) -> tuple[str, ...]:
    """Log in at every server of a login; what was tried, in words. Raises NotSent, MailboxUnreadable."""
    from outreach.mail.imap_connecting import logged_in

    tried = []
    if login.sending is not None:
        try_mail_server(login.sending, root, trial)
        tried.append(f"sending through {login.sending.host}")
    for account in login.reading:
        logged_in(account, root, trial).logout()
        tried.append(f"reading {account.inbox.imap if account.inbox else ''}")
    return tuple(tried)


class _Trial(Secrets):
    """Secrets that are only tried: `given` is all there is."""

    def __init__(self, given: dict[SecretIdentity, Secret]) -> None:
        super().__init__({}, keyring=False)
        self.given = given

    def get(self, identity: SecretIdentity, *, environment: bool = True) -> Secret | None:
        return self.given.get(identity)

    def put(self, identity: SecretIdentity, secret: Secret) -> str:
        self.given[identity] = secret
        return "memory"

    @contextmanager
    def alone(self, identity: SecretIdentity) -> Iterator[None]:
        yield
