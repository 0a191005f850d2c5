"""A connection to a mailbox: encrypted and verified before the password, as for sending."""

from __future__ import annotations

import ssl
from pathlib import Path

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from outreach.channels.certificates import is_loopback, trusted, why_not_trusted
from outreach.channels.secrets import Secret, Secrets
from outreach.errors import MailboxUnreadable
from outreach.model.campaign import MailAccount

TIMEOUT = 60.0
"""Seconds to wait for a reply."""
TLS_PORT, PLAIN_PORT = 993, 143


def secret_of(account: MailAccount, secrets: Secrets) -> tuple[str, Secret | None, Secret | None]:
    """User, password and OAuth token of the mailbox; the sending account's serve where it has none of its own."""
    inbox = account.inbox
    user = (inbox.user if inbox else None) or account.user or ""
    hosts = [host for host in ((inbox.imap if inbox else None), account.host) if host]
    password = next((found for host in hosts if (found := secrets.get(f"mail:{user}@{host}"))), None)
    token = next((found for host in hosts if (found := secrets.get(f"mail-token:{user}@{host}"))), None)
    return user, password, token


def logged_in(account: MailAccount, root: Path, secrets: Secrets) -> IMAPClient:
    """A client that is logged in. Raises MailboxUnreadable, SecretsUnusable."""
    inbox = account.inbox
    host = (inbox.imap if inbox else None) or ""
    try:
        client = _connected(account, host, root)
    except ssl.SSLCertVerificationError as error:
        hint = "Ask whoever runs the server; name a private authority with `ca_file` in accounts.mail."
        raise MailboxUnreadable(f"{host} was not trusted: {why_not_trusted(error)}.", hint=hint) from error
    except (OSError, IMAPClientError) as error:
        hint = "Is this computer online, and `imap` in accounts.mail.inbox right?"
        raise MailboxUnreadable(f"The mailbox at {host} cannot be reached.", hint=hint) from error
    try:
        _log_in(client, account, host, secrets)
    except BaseException:
        client.shutdown()
        raise
    return client


def _log_in(client: IMAPClient, account: MailAccount, host: str, secrets: Secrets) -> None:
    user, password, token = secret_of(account, secrets)
    try:
        if token is not None:
            client.oauth2_login(user, token.reveal())
        elif password is not None:
            client.login(user, password.reveal())
        else:
            hint = "Store one with `outreach login mail`."
            raise MailboxUnreadable(f"There is no password for {user} at {host}.", hint=hint)
    except LoginError:
        hint = "Store the right password with `outreach login mail`; some providers want an app password."
        raise MailboxUnreadable(f"{host} refused the login of {user}.", hint=hint, permanent=True) from None
    except OSError as error:
        raise MailboxUnreadable(f"The mailbox at {host} hung up.", hint="Try it again.") from error


def _connected(account: MailAccount, host: str, root: Path) -> IMAPClient:
    context = trusted(root / account.ca_file if account.ca_file else None)
    plain = account.insecure_loopback and is_loopback(host)
    port = (account.inbox.port if account.inbox else None) or (PLAIN_PORT if plain else TLS_PORT)
    if plain:
        return IMAPClient(host, port=port, ssl=False, timeout=TIMEOUT)
    if port != PLAIN_PORT:
        return IMAPClient(host, port=port, ssl=True, ssl_context=context, timeout=TIMEOUT)
    client = IMAPClient(host, port=port, ssl=False, timeout=TIMEOUT)
    try:
        client.starttls(context)  # raises where the server offers none: no password in plain
    except BaseException:
        client.shutdown()
        raise
    return client
