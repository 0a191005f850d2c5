"""Fetching a page or a picture of the open net, for link cards: little trust, and a limit for everything.

Names are resolved once. Every address that a name has must be one of the open net, and exactly a checked address is
connected to, so that no second answer (DNS rebinding) leads elsewhere; the server is still asked for its name, in
TLS and in `Host`. Each redirect goes through all of it again.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from urllib.parse import urljoin

from outreach.connections.reaching import Unreachable, addresses_of, connected, cut_off, why
from outreach.connections.web_addresses import PORTS, BadWebAddress, IPAddress, Target, is_public, target_of
from outreach.model.records import dataclass

MOST_REDIRECTS = 5
MOST_OF_A_PAGE = 2_000_000
MOST_OF_A_PICTURE = 10_000_000
"""Bytes, as they come and as they are unpacked."""
SECONDS = 20.0
"""For the whole of one page: names, connections, redirects and bodies."""
PAGES = ("text/html", "application/xhtml+xml")
PICTURES = ("image/",)
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_HEADERS = {
    "User-Agent": "outreach (link card)",
    "Accept": "text/html,application/xhtml+xml,image/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
}

Resolve = Callable[[str, float], Sequence[IPAddress]]


class CannotFetch(Exception):
    """Why there is no page: the end of a sentence. `offline` where not even the name was known."""

    def __init__(self, why: str, *, offline: bool = False) -> None:
        super().__init__(why)
        self.offline = offline


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """What came: where from in the end, its type (lower case, with parameters), its bytes."""

    url: str
    media_type: str
    data: bytes


class Fetcher:
    """Fetches one address at a time. `resolve`, `permitted` and `ports` are handed in by tests only."""

    def __init__(
        self,
        *,
        resolve: Resolve = addresses_of,
        permitted: Callable[[IPAddress], bool] = is_public,
        ports: Collection[int] = PORTS,
        seconds: float = SECONDS,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._resolve = resolve
        self._permitted = permitted
        self._ports = ports
        self._seconds = seconds
        self._context = context

    def page(self, url: str) -> Fetched:
        """A web page. Raises CannotFetch."""
        return self._get(url, PAGES, MOST_OF_A_PAGE, "no web page")

    def picture(self, url: str) -> Fetched:
        """A picture, as its server calls it. Raises CannotFetch."""
        return self._get(url, PICTURES, MOST_OF_A_PICTURE, "no picture")

    def document(self, url: str) -> Fetched:
        """A small document for programs, whatever its server calls it. Raises CannotFetch."""
        return self._get(url, ("",), MOST_OF_A_PAGE, "no document")

    def _get(self, url: str, kinds: Sequence[str], most: int, otherwise: str) -> Fetched:
        until = time.monotonic() + self._seconds
        for _ in range(MOST_REDIRECTS + 1):
            with self._asked(url, until) as response:
                if time.monotonic() >= until:  # the watchdog ended it in the middle of its headers
                    raise CannotFetch("it took too long")
                if response.status in _REDIRECTS and (location := response.getheader("Location")):
                    url = urljoin(url, location.strip()).partition("#")[0]
                    continue
                if response.status != 200:
                    raise CannotFetch(f"its server answers {response.status}")
                media_type = (response.getheader("Content-Type") or "").strip().lower()
                if not media_type.startswith(tuple(kinds)):
                    raise CannotFetch(f"it is {otherwise} ({media_type.partition(';')[0] or 'of no type'})")
                return Fetched(url=url, media_type=media_type, data=_body(response, most, until))
        raise CannotFetch(f"it leads on and on (more than {MOST_REDIRECTS} redirects)")

    @contextlib.contextmanager
    def _asked(self, url: str, until: float) -> Iterator[http.client.HTTPResponse]:
        """The answer to GET, with a watchdog that ends the connection when time is up."""
        try:
            target = target_of(url, ports=self._ports, permitted=self._permitted)
            tube = self._connected(target, until)
        except BadWebAddress as error:
            raise CannotFetch(str(error)) from error
        try:
            with contextlib.ExitStack() as closing:
                closing.enter_context(cut_off(tube, until))
                connection = http.client.HTTPConnection(target.host, target.port)
                closing.callback(connection.close)
                connection.sock = closing.enter_context(self._secured(tube, target))
                connection.request("GET", target.path, headers={"Host": target.host_header, **_HEADERS})
                yield closing.enter_context(connection.getresponse())
        except (OSError, http.client.HTTPException, ValueError) as error:
            late = time.monotonic() >= until
            raise CannotFetch("it took too long" if late else f"the connection broke ({why(error)})") from error

    def _connected(self, target: Target, until: float) -> socket.socket:
        """A connection to an address that was checked, of a host all of whose addresses are permitted."""
        try:
            known = [target.literal] if target.literal else self._resolve(target.host, until - time.monotonic())
        except Unreachable as error:
            raise CannotFetch(str(error), offline=True) from error
        bad = next((each for each in known if not self._permitted(each)), None)
        if bad is not None:
            raise CannotFetch(f"{target.host} is {bad}, which is not a public address")
        try:
            return connected(known, target.port, until, at_most=self._seconds / 2)
        except Unreachable as error:
            raise CannotFetch(f"{target.host} cannot be reached ({error})", offline=True) from error

    def _secured(self, tube: socket.socket, target: Target) -> socket.socket:
        if target.scheme == "http":
            return tube
        context = self._context or ssl.create_default_context()
        try:
            return context.wrap_socket(tube, server_hostname=target.host)
        except BaseException:
            tube.close()
            raise


def _body(response: http.client.HTTPResponse, most: int, until: float) -> bytes:
    """The body, unpacked where it was packed, and never more than `most` bytes of it. Raises CannotFetch."""
    packing = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if packing not in ("identity", "gzip", "x-gzip", "deflate"):
        raise CannotFetch(f"it comes packed as {packing!r}, which was not asked for")
    unpacker = None if packing == "identity" else zlib.decompressobj(wbits=47)  # zlib or gzip, as it says itself
    received, data = 0, b""
    while piece := response.read1(65_536):
        received += len(piece)
        try:
            data += piece if unpacker is None else unpacker.decompress(piece, most + 1 - len(data))
        except zlib.error as error:
            raise CannotFetch("what comes is packed, and damaged") from error
        if received > most or len(data) > most:
            raise CannotFetch(f"it is larger than {most // 1_000_000} MB")
        if time.monotonic() >= until:
            break
    if time.monotonic() >= until:
        raise CannotFetch("it took too long")
    if response.length or (unpacker is not None and not unpacker.eof):
        raise CannotFetch("it was cut short")
    return data
