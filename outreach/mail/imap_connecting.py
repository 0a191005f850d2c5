"""A connection to a mailbox: encrypted and verified before the password, as for sending."""

from __future__ import annotations

import select
import ssl
from pathlib import Path

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from outreach.connections.certificates import trusted, why_not_trusted
from outreach.connections.identities import MailServer, incoming, not_entered
from outreach.connections.login_refusals import quoted, remedy
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import MailboxUnreadable
from outreach.mail.oauth import Access, access_to
from outreach.model.campaign import MailAccount

TIMEOUT = 60.0
"""Seconds to wait for a reply."""
_FOR_NOW = ("[unavailable]", "[inuse]", "temporary authentication failure", "temporary system problem")
"""In the words of servers that cannot look at a password or token just now (RFC 5530)."""


def logged_in(account: MailAccount, root: Path, secrets: Secrets) -> IMAPClient:
    """A client that is logged in. Raises MailboxUnreadable, SecretsUnusable.

    A server for which no secret was entered is not even connected to. A refused token that can be renewed is, once.
    """
    server = incoming(account, root)
    identity = server.identity if server else None
    if server is None or identity is None:
        hint = "Add `imap` and `user` to accounts.mail.inbox."
        raise MailboxUnreadable("campaign.yaml names no IMAP server with a `user`.", hint=hint)
    access = access_to(server, secrets)
    if access is not None:
        token = access.token()
        try:
            return _logged_in(server, None, token, access)
        except _Refused:  # it may have been revoked, or this computer's clock was set
            return _logged_in(server, None, access.token_instead_of(token), access)
    password, bearer = secrets.get(identity), secrets.get(identity.as_token)
    if password is None and bearer is None:
        raise not_entered(identity, secrets)
    return _logged_in(server, password, bearer)


class _Refused(MailboxUnreadable):
    """The server refused the login, for good."""


def _logged_in(
    server: MailServer, password: Secret | None, token: Secret | None, access: Access | None = None
) -> IMAPClient:
    try:
        client = _connected(server)
    except ssl.SSLCertVerificationError as error:
        hint = "Ask whoever runs the server; name a private authority with `ca_file` in accounts.mail."
        raise MailboxUnreadable(f"{server.host} was not trusted: {why_not_trusted(error)}.", hint=hint) from error
    except (OSError, IMAPClientError) as error:
        hint = "Is this computer online, and `imap` in accounts.mail.inbox right?"
        raise MailboxUnreadable(f"The mailbox at {server.host} cannot be reached.", hint=hint) from error
    client._imap.debug = 0  # else seven calls for each message tell a log that nobody reads
    try:
        _log_in(client, server, password, token, access)
    except BaseException:
        client.shutdown()
        raise
    return client


def _log_in(
    client: IMAPClient, server: MailServer, password: Secret | None, token: Secret | None, access: Access | None
) -> None:
    try:
        if token is not None:
            client.oauth2_login(server.user, token.reveal())
        elif password is not None:
            client.login(server.user, password.reveal())
    except LoginError as error:
        said = quoted(error.args[0] if error.args else "", password, token)
        words = f": {said}".rstrip(".") if said else ""
        if any(sign in said.casefold() for sign in _FOR_NOW):
            sentence = f"{server.host} cannot check the login of {server.user} for now{words}."
            raise MailboxUnreadable(sentence, hint="Try it again in some minutes.") from None
        hint = remedy(said, by_token=token is not None, by_access=access is not None)
        sentence = f"{server.host} refused the login of {server.user}{words}."
        raise _Refused(sentence, hint=hint, permanent=True) from None
    except OSError as error:
        raise MailboxUnreadable(f"The mailbox at {server.host} closed the connection.", hint="Try it again.") from error


def _connected(server: MailServer) -> IMAPClient:
    if server.security == "tls":
        context = trusted(server.authority)
        return IMAPClient(server.host, port=server.port, ssl=True, ssl_context=context, timeout=TIMEOUT)
    client = IMAPClient(server.host, port=server.port, ssl=False, timeout=TIMEOUT)
    if server.security == "starttls":
        try:
            client.starttls(trusted(server.authority))  # raises where the server offers none: no password in plain
        except BaseException:
            client.shutdown()
            raise
    return client


def has_spoken(client: IMAPClient) -> bool:
    """Whether a server says something, or hung up, though nobody asked."""
    waiting = select.poll()
    try:
        waiting.register(client.socket(), select.POLLIN)
        return bool(waiting.poll(0))
    except (OSError, ValueError):
        return True
