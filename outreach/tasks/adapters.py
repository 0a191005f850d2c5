"""Adapters by name; each is imported only when it is needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from outreach.connections.secrets import Secrets
from outreach.errors import MailboxUnreadable
from outreach.mail.mailbox import Mailbox
from outreach.mail.transport import Transport
from outreach.model.campaign import MailAccount
from outreach.networks.registry import network_of
from outreach.words.mail_providers import MailProvider, OAuthProvider

if TYPE_CHECKING:
    from outreach.connections.http_service import Limits
    from outreach.publishing.publisher import Publisher

_TRANSPORTS = {
    "imap-drafts": "outreach.mail.drafts_of_senders.imap_drafts",
    "outbox": "outreach.mail.outbox.outbox",
    "smtp": "outreach.mail.smtp.smtp",
}


def _named(path: str) -> Any:
    """What a dotted path names."""
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


def transport_for(
    account: MailAccount, root: Path, secrets: Secrets | None = None, *, loopback_only: bool = False
) -> Transport:
    """The transport that campaign.yaml names. `loopback_only`: a rehearsal reaches no other computer.

    Raises NotSent, SecretsUnusable.
    """
    make = _named(_TRANSPORTS[account.transport])
    return cast(Transport, make(account, root, secrets or Secrets(), loopback_only=loopback_only))


def mailbox_of(account: MailAccount, root: Path, secrets: Secrets | None = None) -> Mailbox:
    """The first mailbox that `accounts.mail.inbox` names. Raises MailboxUnreadable, SecretsUnusable."""
    if account.inbox is None:
        hint = "Connect one: outreach login mail. Or name a folder under `inbox` in accounts.mail."
        raise MailboxUnreadable("campaign.yaml names no mailbox.", hint=hint, none_named=True)
    if account.inbox.folder is not None:
        from outreach.mail.mailbox_folders import FolderMailbox

        return FolderMailbox(root, account.inbox.folder)
    from outreach.mail.mailbox_imap import ImapMailbox

    return ImapMailbox(account, root, secrets or Secrets())


def try_mail_server(account: MailAccount, root: Path, secrets: Secrets) -> None:
    """Connect to the account's server and log in, and nothing more. Raises NotSent."""
    from outreach.mail.smtp import Smtp, server_of

    sender = Smtp(server_of(account, root, secrets))
    sender.open()
    sender.close()


def settings_for(domain: str) -> tuple[MailProvider, str] | None:
    """The servers for a domain's mail, asked of the net, and who named them; None if nobody knows."""
    from outreach.connections.mail_settings import found_for

    return found_for(domain)


def oauth_consent(provider: OAuthProvider) -> Any:
    """How a person lets outreach into a mailbox at a provider: `mail.oauth_consent`. Raises OAuthNotInstalled."""
    from outreach.mail.oauth import oauth_asking

    oauth_asking(provider)
    return import_module("outreach.mail.oauth_consent")


_OUTBOX = "outreach.publishing.posts_outbox.posts_outbox"


def publisher_for(
    network: str,
    account: Mapping[str, str],
    root: Path,
    secrets: Secrets | None = None,
    *,
    limits: Limits | None = None,
    loopback_only: bool = False,
) -> Publisher:
    """The account of a network that campaign.yaml names; files where it says `transport: outbox`.

    Raises NotSent, SecretsUnusable.
    """
    path = _OUTBOX if account.get("transport") == "outbox" else network_of(network).publisher
    given = {**account, "network": network}
    made = _named(path)(given, root, secrets or Secrets(), limits=limits, loopback_only=loopback_only)
    return cast("Publisher", made)


def about_account(
    network: str, account: Mapping[str, str], secrets: Secrets, *, loopback_only: bool = False
) -> list[tuple[bool, str]]:
    """How a network sees the account of campaign.yaml: is it well, and a sentence. Raises NotSent, SecretsUnusable."""
    path = network_of(network).about_account
    if not path or account.get("transport") == "outbox":
        return []
    return list(_named(path)(account, secrets, loopback_only=loopback_only))


def handle_directory(path: str, service: str | None, *, loopback_only: bool = False) -> Callable[[str], str | None]:
    """Asks for the DID of a handle; None if it belongs to no account. It raises Unanswered, here and when asked."""
    return cast(Callable[[str], str | None], _named(path)(service, loopback_only=loopback_only))
