"""Reaching a server in time: names that are resolved, connections that are made, and a cord that ends them.

A limit of a socket counts each wait by itself, so whoever sends a byte now and then is waited for without end; and
a resolver that nobody answers has a limit of its own, of minutes. What is here counts the whole of it.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from outreach.connections.certificates import why_not_trusted
from outreach.connections.web_addresses import IPAddress

_MOST_ADDRESSES = 3


class Unreachable(Exception):
    """Why there is no connection: the end of a sentence."""


def addresses_of(host: str, seconds: float) -> Sequence[IPAddress]:
    """The address that a host is written as, or what its name resolves to, by this computer's resolver.

    Raises Unreachable, within `seconds` also if nobody answers.
    """
    with suppress(ValueError):
        return [ipaddress.ip_address(host)]
    found: list[IPAddress] = []
    failed: list[OSError | UnicodeError] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in answers))
        except (OSError, UnicodeError) as error:  # UnicodeError: a name that no name may be
            failed.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    if failed or not found:
        why = "is not known; is this computer online?" if failed else "did not resolve in time"
        raise Unreachable(f"the name {host} {why}")
    return found


def connected(addresses: Sequence[IPAddress], port: int, until: float, *, at_most: float) -> socket.socket:
    """A connection to the first address that takes one, each tried for `at_most` seconds, all of them until then.

    `until` is an instant of `time.monotonic`. Raises Unreachable.
    """
    trouble: OSError | None = None
    for address in addresses[:_MOST_ADDRESSES]:
        left = until - time.monotonic()
        if left <= 0:
            break
        try:
            return socket.create_connection((str(address), port), timeout=min(left, at_most))
        except OSError as error:
            trouble = error
    raise Unreachable(why(trouble) if trouble else "no answer in time")


@contextmanager
def cut_off(tube: socket.socket, until: float) -> Iterator[None]:
    """End a connection when time is up, in the middle of whatever it is; what was read so far is then its end.

    `until` is an instant of `time.monotonic`.
    """
    cord = tube.dup()  # ends the connection whoever holds it: TLS takes the socket itself
    watchdog = threading.Timer(max(0.0, until - time.monotonic()), _cut, [cord])
    watchdog.daemon = True
    watchdog.start()
    try:
        yield
    finally:
        watchdog.cancel()
        cord.close()


def why(error: Exception) -> str:
    """What broke, in lower case, for the end of a sentence."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return why_not_trusted(error)
    if isinstance(error, ssl.SSLError) and (said := getattr(error, "reason", None)):  # Python may leave it out
        return f"no encrypted connection: {said.replace('_', ' ').lower()}"  # such as `WRONG_VERSION_NUMBER`
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).strip().lower()


def _cut(tube: socket.socket) -> None:
    with suppress(OSError):
        tube.shutdown(socket.SHUT_RDWR)
