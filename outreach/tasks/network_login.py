"""`outreach login bluesky` and `login mastodon`: tried first, then kept outside the campaign."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from outreach.connections.identities import bluesky_password, mastodon_token
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import CannotTell
from outreach.model.secret import SecretIdentity
from outreach.networks.registry import network_of
from outreach.tasks.campaign import load
from outreach.tasks.clock import is_rehearsal


def log_in_to_bluesky(root: Path, asked: Callable[[str], str], *, token: bool = False) -> str:
    """Try an app password and keep it with its session; where, in words. `asked` puts a question to the person.

    Raises CannotTell if campaign.yaml names no account, NotSent, SecretsUnusable.
    """
    from outreach.publishing.bluesky.session import BlueskySession

    account = _account(root, "bluesky")
    identity = bluesky_password(account)
    password = _secret(asked(f"{_going_to(identity)}\nApp password of {identity.user}"))
    secrets, service, handle = Secrets(), account["service"], account["handle"]
    BlueskySession(service, handle, secrets, loopback_only=is_rehearsal()).log_in(password)
    return secrets.put(identity, password)


def log_in_to_mastodon(root: Path, asked: Callable[[str], str], *, token: bool = False) -> str:
    """Get an access token through the browser (or take a `token`), try it and keep it; where, in words.

    Raises CannotTell if campaign.yaml names no account, NotSent, SecretsUnusable.
    """
    from outreach.publishing.mastodon.client import keep_token
    from outreach.publishing.mastodon.login import exchange, register

    account = _account(root, "mastodon")
    server, going = account["server"], _going_to(mastodon_token(account))
    if token:
        found = _secret(asked(f"{going}\nAccess token for {server}"))
    else:
        application = register(server, loopback_only=is_rehearsal())
        code = _secret(asked(f"{going}\nOpen {application.page}\nsay yes, and paste the code that it shows"))
        found = exchange(server, application, code, loopback_only=is_rehearsal())
    return keep_token(account, found, Secrets(), loopback_only=is_rehearsal())


def _going_to(identity: SecretIdentity) -> str:
    return f"The {identity.what} will be kept for {identity.in_full}, and sent to no other server."


def _secret(typed: str) -> Secret:
    if not typed.strip():
        raise CannotTell("Nothing was typed, so nothing was tried", "Run the same command again.")
    return Secret(typed.strip())


def _account(root: Path, network: str) -> dict[str, str]:
    found = load(root).campaign.accounts.networks.get(network)
    if not found:
        hint = f"Add `{network_of(network).example}` to accounts in campaign.yaml."
        raise CannotTell(f"campaign.yaml names no account on {network}", hint)
    return dict(found)


LOGINS: Mapping[str, Callable[..., str]] = {"bluesky": log_in_to_bluesky, "mastodon": log_in_to_mastodon}
"""How one logs in, by network."""
