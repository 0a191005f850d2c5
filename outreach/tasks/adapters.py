"""Adapters by name; each is imported only when it is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from outreach.connections.secrets import Secret, Secrets
from outreach.errors import MailboxUnreadable
from outreach.mail.mailbox import Mailbox
from outreach.mail.transport import Transport
from outreach.model.campaign import MailAccount
from outreach.model.lookups import ServerLimits
from outreach.networks.registry import network_of
from outreach.words.mail_providers import MailProvider, OAuthProvider

if TYPE_CHECKING:
    from outreach.connections.http_service import Limits
    from outreach.mail.draft_box import DraftBox
    from outreach.mail.mailbox_looking import Looked
    from outreach.publishing.publisher import Publisher

_TRANSPORTS = {
    "imap-drafts": "outreach.mail.drafts_of_senders.imap_drafts",
    "outbox": "outreach.mail.outbox.outbox",
    "smtp": "outreach.mail.smtp.smtp",
}


def transport_for(
    account: MailAccount, root: Path, secrets: Secrets | None = None, *, loopback_only: bool = False
) -> Transport:
    """The transport that campaign.yaml names. `loopback_only`: a rehearsal reaches no other computer.

    Raises NotSent, SecretsUnusable.
    """
    module, _, name = _TRANSPORTS[account.transport].rpartition(".")
    make = getattr(import_module(module), name)
    return cast(Transport, make(account, root, secrets or Secrets(), loopback_only=loopback_only))


def mailbox_of(account: MailAccount, root: Path, secrets: Secrets | None = None) -> Mailbox:
    """The first mailbox that `accounts.mail.inbox` names. Raises MailboxUnreadable, SecretsUnusable."""
    if account.inbox is None:
        hint = "Add `inbox` to accounts.mail: an `imap` server, or a `folder`."
        raise MailboxUnreadable("campaign.yaml names no mailbox.", hint=hint, none_named=True)
    if account.inbox.folder is not None:
        local = import_module("outreach.mail.mailbox_folders").FolderMailbox
        return cast(Mailbox, local(root, account.inbox.folder))
    remote = import_module("outreach.mail.mailbox_imap").ImapMailbox
    return cast(Mailbox, remote(account, root, secrets or Secrets()))


def own_inbox_of(account: MailAccount, root: Path, *, loopback_only: bool = False) -> Transport:
    """The way into one's own inbox over IMAP. Raises NotSent, SecretsUnusable."""
    make = import_module("outreach.mail.own_inbox").own_inbox
    return cast(Transport, make(account, root, Secrets(), loopback_only=loopback_only))


def draft_box(account: MailAccount, root: Path, secrets: Secrets) -> AbstractContextManager[DraftBox]:
    """The mailbox as drafts are seen in it. Raises MailboxUnreadable, SecretsUnusable, also inside."""
    open_box = import_module("outreach.mail.draft_box").open_box
    return cast("AbstractContextManager[DraftBox]", open_box(account, root, secrets))


def try_mail_server(account: MailAccount, root: Path, secrets: Secrets) -> None:
    """Connect to the account's server and log in, and nothing more. Raises NotSent."""
    module = import_module("outreach.mail.smtp")
    sender = module.Smtp(module.server_of(account, root, secrets))
    sender.open()
    sender.close()


def try_mailbox(account: MailAccount, root: Path, secrets: Secrets) -> None:
    """Log in to the account's mailbox, and nothing more. Raises MailboxUnreadable."""
    import_module("outreach.mail.imap_connecting").logged_in(account, root, secrets).logout()


def look_at_mailbox(account: MailAccount, root: Path, secrets: Secrets) -> Looked:
    """What the account's first mailbox is good for (`mail.mailbox_looking`). Raises MailboxUnreadable."""
    return cast("Looked", import_module("outreach.mail.mailbox_looking").look(account, root, secrets))


def settings_for(domain: str) -> tuple[MailProvider, str] | None:
    """The servers for a domain's mail, asked of the net, and who named them; None where nobody knows."""
    return cast(
        "tuple[MailProvider, str] | None", import_module("outreach.connections.mail_settings").found_for(domain)
    )


def oauth_consent(provider: OAuthProvider) -> Any:
    """How a person lets outreach into a mailbox at a provider: `mail.oauth_consent`. Raises OAuthNotInstalled."""
    import_module("outreach.mail.oauth").oauth_asking(provider)
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
    module, _, name = path.rpartition(".")
    make = getattr(import_module(module), name)
    keys = {"limits": limits, "loopback_only": loopback_only}
    return cast("Publisher", make({**account, "network": network}, root, secrets or Secrets(), **keys))


def try_bluesky(account: Mapping[str, str], password: Secret, secrets: Secrets, *, loopback_only: bool = False) -> None:
    """Log in to Bluesky, and keep the session. Raises NotSent, SecretsUnusable."""
    session = import_module("outreach.publishing.bluesky.session").BlueskySession
    session(account["service"], account["handle"], secrets, loopback_only=loopback_only).log_in(password)


def about_account(
    network: str, account: Mapping[str, str], secrets: Secrets, *, loopback_only: bool = False
) -> list[tuple[bool, str]]:
    """How a network sees the account of campaign.yaml: is it well, and a sentence. Raises NotSent, SecretsUnusable."""
    module, _, name = network_of(network).about_account.rpartition(".")
    if not module or account.get("transport") == "outbox":
        return []
    return list(getattr(import_module(module), name)(account, secrets, loopback_only=loopback_only))


def handle_directory(path: str, service: str | None, *, loopback_only: bool = False) -> Callable[[str], str | None]:
    """Asks for the DID of a handle; None where it belongs to no account. It raises Unanswered, here and when asked."""
    module, _, name = path.rpartition(".")
    made = getattr(import_module(module), name)(service, loopback_only=loopback_only)
    return cast(Callable[[str], str | None], made)


def try_mastodon(account: Mapping[str, str], token: Secret, secrets: Secrets, *, loopback_only: bool = False) -> str:
    """Ask a server who we are with a new token, then keep it; where, in words. Raises NotSent, SecretsUnusable."""
    keep = import_module("outreach.publishing.mastodon.client").keep_token
    return cast(str, keep(account, token, secrets, loopback_only=loopback_only))


def mastodon_limits(server: str, *, loopback_only: bool = False) -> ServerLimits:
    """What a Mastodon server allows. Raises Unanswered."""
    ask = import_module("outreach.publishing.mastodon.instance").limits_of
    return cast(ServerLimits, ask(server, loopback_only=loopback_only))


def register_application(server: str, *, loopback_only: bool = False) -> Any:
    """outreach as the server knows it, with the `page` on which the person says yes. Raises NotSent."""
    return import_module("outreach.publishing.mastodon.login").register(server, loopback_only=loopback_only)


def exchange_code(server: str, application: Any, code: Secret, *, loopback_only: bool = False) -> Secret:
    """The access token for a code. Raises NotSent."""
    exchange = import_module("outreach.publishing.mastodon.login").exchange
    return cast(Secret, exchange(server, application, code, loopback_only=loopback_only))


def file_sent_copies(
    account: MailAccount, root: Path, letters: Iterable[tuple[str, Callable[[], bytes]]], secrets: Secrets | None = None
) -> int:
    """Put letters into the mailbox's Sent folder where they are missing. Raises MailboxUnreadable, SecretsUnusable."""
    filing = import_module("outreach.mail.sent_copy")
    return int(filing.file_copies(account, root, secrets or Secrets(), letters))
