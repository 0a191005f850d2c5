"""`outreach login bluesky` and `login mastodon`, and the page for them: tried first, then kept outside the campaign."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from outreach.connections.identities import SECRETS_OF_NETWORKS
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import CannotTell
from outreach.model.records import dataclass
from outreach.model.secret import SecretIdentity
from outreach.networks.registry import network_of
from outreach.tasks.campaign import load
from outreach.tasks.clock import is_rehearsal

if TYPE_CHECKING:
    from outreach.publishing.mastodon.login import Application


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkLogin:
    """One account on a network: its keys in campaign.yaml, and whose secret it needs, for which server alone."""

    network: str
    account: Mapping[str, str]
    identity: SecretIdentity

    def is_kept(self) -> bool:
        """Whether the secret was entered. Raises SecretsUnusable."""
        return Secrets().get(self.identity) is not None


def network_login(root: Path, network: str) -> NetworkLogin:
    """What `login NETWORK` is about.

    Raises CannotTell if campaign.yaml names no account there, NotSent for a server that may not be asked.
    """
    found = load(root).campaign.accounts.networks.get(network)
    if not found:
        hint = f"Add `{network_of(network).example}` to accounts in campaign.yaml."
        raise CannotTell(f"campaign.yaml names no account on {network}", hint)
    return NetworkLogin(network=network, account=dict(found), identity=SECRETS_OF_NETWORKS[network](found))


def try_and_keep(login: NetworkLogin, typed: str) -> str:
    """Try an app password or access token at the account's own server, and keep it if it works; where, in words.

    Raises CannotTell, NotSent, SecretsUnusable.
    """
    secret, secrets = _secret(typed), Secrets()
    if login.network == "bluesky":
        from outreach.publishing.bluesky.session import BlueskySession

        service, handle = login.account["service"], login.account["handle"]
        BlueskySession(service, handle, secrets, loopback_only=is_rehearsal()).log_in(secret)
        return secrets.put(login.identity, secret)
    from outreach.publishing.mastodon.client import keep_token

    return keep_token(login.account, secret, secrets, loopback_only=is_rehearsal())


def begin_in_browser(login: NetworkLogin) -> Application:
    """Make outreach known to the account's Mastodon server, which has a page where one says yes. Raises NotSent."""
    from outreach.publishing.mastodon.login import register

    return register(login.account["server"], loopback_only=is_rehearsal())


def end_in_browser(login: NetworkLogin, application: Application, code: str) -> str:
    """Exchange the code of that page for an access token, try it and keep it; where, in words.

    Raises CannotTell, NotSent, SecretsUnusable.
    """
    from outreach.publishing.mastodon.login import exchange

    found = exchange(login.account["server"], application, _secret(code), loopback_only=is_rehearsal())
    return try_and_keep(login, found.reveal())


def log_in_to_network(root: Path, network: str, asked: Callable[[str], str], *, token: bool = False) -> str:
    """Log in as the command does; where the secret is kept, in words. `asked` puts a question to the person.

    At Mastodon through the browser, unless they enter a `token`. Raises as `network_login`, and as `try_and_keep`.
    """
    login = network_login(root, network)
    going = f"The {login.identity.what} will be kept for {login.identity.in_full}, and sent to no other server."
    if network == "bluesky":
        return try_and_keep(login, asked(f"{going}\nApp password of {login.identity.user}"))
    if token:
        return try_and_keep(login, asked(f"{going}\nAccess token for {login.account['server']}"))
    application = begin_in_browser(login)
    code = asked(f"{going}\nOpen {application.page}\nsay yes, and paste the code that it shows")
    return end_in_browser(login, application, code)


def _secret(typed: str) -> Secret:
    if not typed.strip():
        raise CannotTell("Nothing was typed, so nothing was tried", "Type it, then try again.")
    return Secret(typed.strip())


NETWORKS = tuple(SECRETS_OF_NETWORKS)
"""The networks to which one logs in."""
