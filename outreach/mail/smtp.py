"""The SMTP transport: one connection for many letters."""

from __future__ import annotations

import contextlib
import smtplib
from collections.abc import Callable
from pathlib import Path

from outreach.connections.identities import not_entered, outgoing
from outreach.connections.secrets import Secrets
from outreach.connections.web_addresses import is_loopback
from outreach.errors import NotSent
from outreach.mail.oauth import access_to
from outreach.mail.smtp_connecting import Closed, Server, connected
from outreach.mail.smtp_handing_over import Gone, hand_over
from outreach.model.campaign import MailAccount
from outreach.model.dispatch import Accepted, Found, Parcel


class Smtp:
    """Hands letters in at one server. See the port in `outreach.mail.transport`."""

    via = "smtp"

    def __init__(self, server: Server) -> None:
        self._server = server
        self._client: Closed | None = None
        self.account = f"{server.user}@{server.host}" if server.user else server.host

    def open(self) -> None:
        """Connect and log in, unless that is done. Raises NotSent."""
        if self._client is None or self._client.sock is None:
            self._client = connected(self._server)

    def send(self, parcel: Parcel, before_commit: Callable[[], None]) -> Accepted:
        """Send one letter. A connection that the server closed while it was idle is made again once."""
        used = self._client is not None
        try:
            reply = self._hand_over(parcel, before_commit)
        except Gone as gone:
            if not used or gone.phase != "envelope":
                raise self._not_sent(gone) from gone
            reply = self._again(parcel, before_commit)
        return Accepted(via=self.via, reply=reply, proof=parcel.message_id)

    def _again(self, parcel: Parcel, before_commit: Callable[[], None]) -> str:
        try:
            return self._hand_over(parcel, before_commit)
        except Gone as gone:
            raise self._not_sent(gone) from gone

    def _hand_over(self, parcel: Parcel, before_commit: Callable[[], None]) -> str:
        self.open()
        assert self._client is not None
        try:
            return hand_over(self._client, parcel, before_commit, str(self._server))
        except Gone:
            self._client.close()
            raise
        finally:
            if self._client.sock is None:
                self._client = None

    def _not_sent(self, gone: Gone) -> NotSent:
        said = f": {gone.said}" if gone.said else ""
        return NotSent(
            f"{self._server} closed the connection before the email was handed over{said}.",
            hint="The next `outreach send` tries it again.",
            phase=gone.phase,
            reply=gone.said,
        )

    def find(self, parcel: Parcel) -> Found:
        """Nothing: a server that takes letters in does not say what it has taken."""
        return Found.CANNOT_TELL

    def close(self) -> None:
        """Say goodbye. Whatever the server answers, what it accepted it has."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                if client.sock is not None:
                    client.sock.settimeout(5)
                client.quit()
            client.close()


def server_of(account: MailAccount, root: Path, secrets: Secrets) -> Server:
    """Where the account's letters are handed in, with the secret that was entered for it.

    Raises CaFileUnusable, SecretsUnusable, NotTheirServer.
    """
    server = outgoing(account, root)
    access = access_to(server, secrets)
    identity = server.identity if access is None else None
    password = secrets.get(identity) if identity else None
    token = secrets.get(identity.as_token) if identity else None
    is_missing = identity is not None and password is None and token is None
    return Server(
        host=server.host,
        port=server.port,
        security=server.security,
        user=server.user,
        password=password,
        token=token,
        access=access,
        authority=server.authority,
        missing=not_entered(identity, secrets) if identity and is_missing else None,
    )


def smtp(account: MailAccount, root: Path, secrets: Secrets, *, loopback_only: bool = False) -> Smtp:
    """The adapter for the registry.

    Raises CaFileUnusable, SecretsUnusable, and NotSent if a rehearsal would reach another computer.
    """
    if loopback_only and not is_loopback(account.host or ""):
        raise NotSent(
            f"OUTREACH_NOW is set, and a rehearsal sends nothing to another computer ({account.host}).",
            hint="Use `transport: outbox`, or run it without OUTREACH_NOW.",
            stops_run=True,
        )
    return Smtp(server_of(account, root, secrets))
