"""A loopback server that stands for every host there is: it speaks SMTP, IMAP and HTTP, and keeps every byte.

It has a certificate for every name, by a public authority that this computer trusts, or by the one that the
campaign at hand names: whoever serves a hostile name could have the first, and whoever wrote the campaign the second.
It says yes to everything, so that whoever is willing to show it a secret does. Markers are the secrets: each knows
the only places that may see it.
"""

from __future__ import annotations

import base64
import contextlib
import ipaddress
import itertools
import json
import re
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote_to_bytes, urlsplit

import pytest
import trustme

MARKER = re.compile(rb"canary[0-9a-f]{8}x")
PUBLIC, PLAIN = "public", "plain"
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{12,}={0,2}")


@dataclass(frozen=True, order=True)
class Place:
    """Where somebody may be shown a secret; `port` None is any, and `trust` says how it proved who it is."""

    protocol: str
    host: str
    port: int | None
    trust: str = PUBLIC


@dataclass
class Connection:
    """What one client sent, decrypted, and to whom it thought it did."""

    place: Place
    heard: bytearray = field(default_factory=bytearray)

    def told(self) -> bytes:
        """All that was said, as it is and decoded."""
        forms = [bytes(self.heard), unquote_to_bytes(bytes(self.heard))]
        for word in _BASE64.findall(bytes(self.heard)):
            with contextlib.suppress(ValueError):
                forms.append(base64.b64decode(word + b"=" * (-len(word) % 4)))
        return b"\n".join(forms)

    def markers(self) -> set[str]:
        """The secrets in it."""
        return {found.decode() for found in MARKER.findall(self.told())}


class Everywhere:
    """The server, and who may be shown what."""

    def __init__(self) -> None:
        self.authorities = {PUBLIC: trustme.CA(), "own": trustme.CA(), "hostile": trustme.CA()}
        self.signed_by = PUBLIC
        """The authority whose certificates mail servers show; those on the web always show a public one's."""
        self.text = ""
        """What stands on a network already."""
        self.redirects_to = ""
        self.connections: list[Connection] = []
        self.allowed: dict[str, tuple[set[Place], str]] = {}
        self._record_key = ""
        self._numbers = itertools.count(1)
        self._names: dict[str, str] = {}
        self._contexts: dict[tuple[str, str], ssl.SSLContext] = {}
        self._serving: list[threading.Thread] = []

    def marker(self, *places: Place, user: str = "") -> str:
        """A secret that these places may see, as this user's, and no other."""
        marker = f"canary{next(self._numbers):08x}x"
        self.allowed[marker] = (set(places), user)
        return marker

    def leaks(self) -> list[tuple[str, Place]]:
        """Which secret was shown to whom, of all that nobody but others may see."""
        self.finish()
        return [
            (marker, connection.place)
            for connection in self.connections
            for marker in connection.markers()
            if not self._may_see(marker, connection)
        ]

    def _may_see(self, marker: str, connection: Connection) -> bool:
        places, user = self.allowed[marker]
        shown = connection.place
        is_allowed = any(replace(each, port=each.port or shown.port) == shown for each in places)
        return is_allowed and user.encode() in connection.told()

    def shown(self) -> set[str]:
        """The protocols over which any secret was shown at all."""
        self.finish()
        return {connection.place.protocol for connection in self.connections if connection.markers()}

    def forget(self) -> None:
        self.finish()
        self.connections.clear()
        self.redirects_to = self._record_key = ""

    def finish(self) -> None:
        while self._serving:
            self._serving.pop().join(5)

    # --- in the place of the network ---------------------------------------------------------------

    def look_up(self, host: str | bytes | None, port: Any = None, *args: Any, **keys: Any) -> list[Any]:
        name = host.decode() if isinstance(host, bytes) else str(host)
        with contextlib.suppress(ValueError):
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (str(ipaddress.ip_address(name)), port or 0))]
        number = len(self._names) + 256
        address = next(
            (each for each, known in self._names.items() if known == name), f"127.9.{number >> 8}.{number & 255}"
        )
        self._names[address] = name
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port or 0))]

    def connect(self, address: tuple[str, int], *args: Any, **keys: Any) -> socket.socket:
        caller = sys._getframe(1)
        module = str(caller.f_globals["__name__"])
        protocol = "smtp" if module == "smtplib" else "imap" if "imap" in module else "http"
        at_once = module == "imapclient.tls" or getattr(caller.f_locals.get("self"), "_secure", None) is not None
        name = self._names.get(address[0], address[0])
        with socket.create_server(("127.0.0.1", 0)) as listener:
            client = socket.socket()
            client.settimeout(10)
            client.connect(listener.getsockname())
            served, _ = listener.accept()
        served.settimeout(10)
        connection = Connection(Place(protocol, name, address[1], PLAIN))
        self.connections.append(connection)
        thread = threading.Thread(target=self._serve, args=(served, connection, at_once), daemon=True)
        thread.start()
        self._serving.append(thread)
        return client

    def _serve(self, sock: socket.socket, connection: Connection, at_once: bool) -> None:
        with contextlib.suppress(OSError, ValueError):
            try:
                is_web = connection.place.protocol == "http"
                if at_once or (is_web and sock.recv(1, socket.MSG_PEEK) == b"\x16"):
                    sock = self._encrypted(sock, connection)
                {"smtp": self._smtp, "imap": self._imap, "http": self._http}[connection.place.protocol](
                    sock, connection
                )
            finally:
                sock.close()

    def _encrypted(self, sock: socket.socket, connection: Connection) -> ssl.SSLSocket:
        name = connection.place.host
        by = PUBLIC if connection.place.protocol == "http" else self.signed_by
        if (by, name) not in self._contexts:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self.authorities[by].issue_cert(name).configure_cert(context)
            self._contexts[by, name] = context
        encrypted = self._contexts[by, name].wrap_socket(sock, server_side=True)
        connection.place = replace(connection.place, trust=by)
        return encrypted

    def _smtp(self, sock: socket.socket, connection: Connection) -> None:
        hello = "250-everywhere\r\n250-AUTH PLAIN LOGIN XOAUTH2\r\n250 "
        if not connection.heard:
            sock.sendall(b"220 everywhere\r\n")
        in_letter = False
        for line in _lines(sock, connection):
            verb = line[:4].upper()
            if in_letter:
                in_letter = line != "."
                answer = "" if in_letter else "250 taken"
            elif verb == "EHLO":
                answer = f"{hello}{'HELP' if isinstance(sock, ssl.SSLSocket) else 'STARTTLS'}"
            elif line.upper() == "AUTH LOGIN" or verb == "DATA":
                in_letter = verb == "DATA"
                answer = "354 go on" if in_letter else "334 VXNlcm5hbWU6"
            else:
                answer = {"STAR": "220 go on", "AUTH": "235 yes", "QUIT": "221 bye"}.get(verb, "250 yes")
            if answer:
                sock.sendall(f"{answer}\r\n".encode())
            if verb == "STAR" and not in_letter:
                with self._encrypted(sock, connection) as encrypted:
                    self._smtp(encrypted, connection)
                return

    def _imap(self, sock: socket.socket, connection: Connection) -> None:
        hello = "[CAPABILITY IMAP4rev1 STARTTLS AUTH=XOAUTH2 SASL-IR]"
        if not connection.heard:
            sock.sendall(f"* OK {hello} everywhere\r\n".encode())
        lines = _lines(sock, connection)
        for line in lines:
            tag, _, command = line.partition(" ")
            verb = command.partition(" ")[0].upper()
            if verb == "AUTHENTICATE":
                sock.sendall(b"+ \r\n")
                next(lines, "")
            untagged = {
                "CAPABILITY": "* CAPABILITY IMAP4rev1 STARTTLS AUTH=XOAUTH2 SASL-IR",
                "LIST": '* LIST () "/" INBOX\r\n* LIST (\\Sent) "/" Sent',
                "EXAMINE": "* 0 EXISTS\r\n* OK [UIDVALIDITY 1] valid",
                "UID": "* SEARCH",
                "LOGOUT": "* BYE",
            }.get(verb)
            sock.sendall(f"{untagged}\r\n".encode() if untagged else b"")
            sock.sendall(f"{tag} OK [REFERRAL imap://referred.example/] done\r\n".encode())
            if verb == "STARTTLS":
                with self._encrypted(sock, connection) as encrypted:
                    self._imap(encrypted, connection)
                return

    def _http(self, sock: socket.socket, connection: Connection) -> None:
        lines = list(itertools.takewhile(bool, _lines(sock, connection)))
        length = next((int(line[15:]) for line in lines if line.lower().startswith("content-length:")), 0)
        while length > 0 and (piece := sock.recv(min(length, 65536))):
            connection.heard += piece
            length -= len(piece)
        said = self._said(lines[0].split(" ")[1], connection.place)
        status, headers = (400, "") if isinstance(said, dict) and "error" in said else (200, "")
        if self.redirects_to and "createSession" not in lines[0]:
            status, headers = 307, f"Location: {self.redirects_to}\r\n"
        data = json.dumps(said).encode()
        head = f"HTTP/1.1 {status} so\r\n{headers}Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
        sock.sendall(head.encode() + data)

    def _said(self, target: str, place: Place) -> Any:
        status = {
            "id": "1", "url": "https://social.example/1", "content": self.text, "created_at": "2026-01-01T00:00:00Z",
            "in_reply_to_id": None, "application": {"name": "outreach"}, "favourites_count": 2, "replies_count": 1,
        }  # fmt: skip
        if "createSession" in target or "refreshSession" in target:
            tokens = {name: self.marker(place) for name in ("accessJwt", "refreshJwt")}
            pds = {"id": "#atproto_pds", "serviceEndpoint": "https://named-by-a-server.example"}
            return {"did": "did:plc:ewvi7nxzyoun6zhxrhs64oiz", "didDoc": {"service": [pds]}, **tokens}
        if "getRecord" in target:
            query = {name: value[0] for name, value in parse_qs(urlsplit(target).query).items()}
            self._record_key = self._record_key or query["rkey"]
            if query["rkey"] != self._record_key:
                return {"error": "RecordNotFound"}
            uri = f"at://{query['repo']}/{query['collection']}/{query['rkey']}"
            return {"uri": uri, "cid": "bafyreib", "value": {"text": self.text}}
        if "verify_credentials" in target:
            return {"id": "7", "acct": "alex", "name": "outreach"}
        return [status] if target.partition("?")[0].endswith("/7/statuses") else status


def _lines(sock: socket.socket, connection: Connection) -> Iterator[str]:
    """What the client says, line by line: byte by byte, since after STARTTLS the next one is no text."""
    line = b""
    while byte := sock.recv(1):
        connection.heard += byte
        line += byte
        if byte == b"\n":
            yield line.decode("utf-8", "replace").rstrip("\r\n")
            line = b""


@contextlib.contextmanager
def everywhere(folder: Path) -> Iterator[Everywhere]:
    """Every host there is, until the end; `folder` takes the certificate of the public authority."""
    server = Everywhere()
    server.authorities[PUBLIC].cert_pem.write_to_path(str(folder / "public.pem"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(folder / "public.pem"))
        patch.setattr(socket, "getaddrinfo", server.look_up)
        patch.setattr(socket, "create_connection", server.connect)
        yield server
