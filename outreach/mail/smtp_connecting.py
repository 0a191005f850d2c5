"""A connection that may carry a password: encrypted and verified first, or not at all.

TLS is required and verified. A server that offers no STARTTLS is refused, since somebody on the way may
have cut the offer out. AUTH never travels in plain.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import replace

from outreach.connections.certificates import Authority, trusted, why_not_trusted
from outreach.connections.login_refusals import quoted, remedy
from outreach.connections.secrets import Secret
from outreach.errors import NotSent
from outreach.mail.oauth import Access
from outreach.model.records import dataclass

CONNECT, COMMAND, FINAL = 60.0, 300.0, 600.0
"""Seconds to wait: for the connection, for a reply (RFC 5321, 4.5.3.2), for the one after the final dot."""
MECHANISMS = ("PLAIN", "LOGIN")


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """Where letters are handed in. `security` is `starttls`, `tls`, or `none` for a relay on this computer.

    `missing` says that no secret was entered for it: then it is not even connected to. `access` gives the token, where
    Google or Microsoft does.
    """

    host: str
    port: int
    security: str
    user: str | None = None
    password: Secret | None = None
    token: Secret | None = None
    access: Access | None = None
    authority: Authority | None = None
    missing: NotSent | None = None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Closed(smtplib.SMTP):
    """smtplib's client, which asks nobody for this computer's name."""

    def __init__(self, *, secure: ssl.SSLContext | None = None) -> None:
        self._secure = secure
        super().__init__(local_hostname="[127.0.0.1]", timeout=CONNECT)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        return self._secure.wrap_socket(plain, server_hostname=host) if self._secure else plain


def connected(server: Server) -> Closed:
    """A connection on which letters may be handed in. Raises NotSent, always before anything was sent.

    A refused token of an `access` is renewed once: it may have been revoked, or this computer's clock was set.
    """
    if server.missing is not None:
        raise server.missing
    if server.access is not None:
        server = replace(server, token=server.access.token())
    try:
        try:
            return _connected(server)
        except smtplib.SMTPAuthenticationError as error:
            if server.access is None or server.token is None or not 500 <= error.smtp_code <= 599:
                raise
            server = replace(server, token=server.access.token_instead_of(server.token))
        return _connected(server)
    except NotSent:
        raise
    except ssl.SSLCertVerificationError as error:
        hint = "Ask whoever runs the server; name a private authority with `ca_file` in accounts.mail."
        raise _refused(f"{server} was not trusted: {why_not_trusted(error)}.", "TLS", hint) from error
    except ssl.SSLError as error:
        raise _refused(f"{server} does not speak TLS as it should.", "TLS", "Look at `security` and `port`.") from error
    except smtplib.SMTPAuthenticationError as error:
        raise _not_logged_in(server, error) from error
    except (OSError, smtplib.SMTPException) as error:
        hint = "Is this computer online, and `host` in accounts.mail right?"
        raise _refused(f"{server} cannot be reached: {_why(error)}.", "connect", hint) from error


def _connected(server: Server) -> Closed:
    client = Closed(secure=trusted(server.authority) if server.security == "tls" else None)
    try:
        code, reply = client.connect(server.host, server.port)
        if code != 220:
            raise _turned_away(server, code, reply)
        if client.sock is not None:
            client.sock.settimeout(COMMAND)
        _hello(client, server)
        if server.security == "starttls":
            _encrypt(client, server)
        _log_in(client, server)
        if client.sock is not None:  # set before STARTTLS it makes short connections slower
            client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        client.close()
        raise
    return client


def _hello(client: Closed, server: Server) -> None:
    code, reply = client.ehlo()
    if not 200 <= code <= 299:
        raise _turned_away(server, code, reply)


def _encrypt(client: Closed, server: Server) -> None:
    if not client.has_extn("starttls"):
        hint = "Use `security: tls` if the server offers that; otherwise somebody may be listening on the way."
        raise _refused(f"{server} offers no encryption (STARTTLS), so no password was sent.", "TLS", hint)
    code, reply = client.docmd("STARTTLS")
    if code != 220:
        raise _turned_away(server, code, reply)
    assert client.sock is not None
    client.sock = trusted(server.authority).wrap_socket(client.sock, server_hostname=server.host)
    client.file = None  # whatever was read in plain behind the reply is thrown away: nobody vouches for it
    client.helo_resp = client.ehlo_resp = None
    client.esmtp_features = {}
    client.does_esmtp = False
    _hello(client, server)


def _log_in(client: Closed, server: Server) -> None:
    if server.user is None:
        return
    if server.security == "none":
        raise _refused(f"{server} is not encrypted, so no password was sent.", "AUTH", "Remove `user`, or use TLS.")
    offered = client.esmtp_features.get("auth", "").upper().split()
    if server.token is not None and "XOAUTH2" in offered:
        said = f"user={server.user}\x01auth=Bearer {server.token.reveal()}\x01\x01"
        client.auth("XOAUTH2", lambda challenge=None: said if challenge is None else "")
        return
    if server.password is None:
        hint = "Use `auth: password`." if server.access else "Enter one with `outreach login mail`."
        raise _refused(f"{server} takes no OAuth token, and there is no password for {server.user}.", "AUTH", hint)
    client.user, client.password = server.user, server.password.reveal()
    mechanism = next((each for each in MECHANISMS if each in offered), None)
    if mechanism is None:
        raise _refused(f"{server} offers no way to log in with a password.", "AUTH", "Use an app password or OAuth.")
    authobject = client.auth_plain if mechanism == "PLAIN" else client.auth_login
    try:
        client.auth(mechanism, authobject)
    finally:
        client.password = ""


def _not_logged_in(server: Server, error: smtplib.SMTPAuthenticationError) -> NotSent:
    """Its own words say more than a code; 4yz is about now, and not about the password."""
    said = quoted(error.smtp_error, server.password, server.token)
    reply = f"{error.smtp_code} {said}".strip()
    if 400 <= error.smtp_code <= 499:
        sentence = f"{server} cannot check the login of {server.user} for now: {reply}."
        return _refused(sentence, "AUTH", "Try it again in some minutes.", reply=reply)
    hint = remedy(said, by_token=server.token is not None, by_access=server.access is not None)
    return _refused(f"{server} refused the login of {server.user}: {reply}.", "AUTH", hint, reply=reply)


def _turned_away(server: Server, code: int, reply: bytes) -> NotSent:
    said = f"{code} {reply.decode('utf-8', 'replace')}".strip()
    return _refused(f"{server} turned us away: {said[:200]}.", "connect", "Try again later.", reply=said)


def _refused(sentence: str, phase: str, hint: str, *, reply: str = "") -> NotSent:
    return NotSent(sentence, hint=hint, phase=phase, reply=reply, stops_run=True)


def _why(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return "no server has this name, or there is no network"
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    if isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError):
        return "the connection broke"
    return (getattr(error, "strerror", None) or type(error).__name__).lower()
