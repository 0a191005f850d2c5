"""Which web addresses may be fetched, and which addresses of computers may be connected to.

A page's address comes from a post, its picture's from whoever wrote the page, and a redirect from whoever runs the
server: none of them may make us ask this computer, its network, or anything that only looks like the open net.
What is odd is refused, and not repaired: browsers and resolvers read odd forms differently.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Collection
from urllib.parse import quote, urlsplit

from outreach.model.records import dataclass

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

PORTS = frozenset((80, 443))
LONGEST = 1000
"""Characters of an address; it becomes a key of lookups.yaml, and YAML's end at 1,024."""

_NOT_THE_NET = [
    ipaddress.ip_network(each)
    for each in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    )
]  # fmt: skip
"""IANA's special-purpose registries (RFC 6890): IPv4, and IPv6 within 2000::/3: Teredo, ORCHID, documentation, 6to4."""
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
"""Outside it: loopback, IPv4-mapped and -compatible, NAT64 (64:ff9b::/96, 64:ff9b:1::/48), ULA, link-local."""

_NAME = re.compile(r"(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
_ODD = re.compile(r"[\x00-\x20\x7f-\xa0\\\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff<>\"`{}|^]")
_DOTS = re.compile("[\u3002\uff0e\uff61\ufe52\u2024]")
"""What IDNA, or a careless reader, takes for a dot."""
_NOT_PUBLIC_NAMES = frozenset("localhost local localdomain internal intranet private lan home corp arpa onion".split())
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")


class BadWebAddress(ValueError):
    """Why an address is not fetched: the end of a sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """A web address, taken apart: `host` in ASCII, `literal` where it is a number, `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str
    literal: IPAddress | None = None

    @property
    def host_header(self) -> str:
        """The name that the server is asked for."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"http": 80, "https": 443}[self.scheme]
        return name if self.port == usual else f"{name}:{self.port}"


def is_loopback(host: str) -> bool:
    """Whether a host, a name or an address, is this computer."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_public(address: IPAddress) -> bool:
    """Whether an address is one of the open net, which nobody reaches by being inside of something."""
    if isinstance(address, ipaddress.IPv6Address) and (address not in _GLOBAL_UNICAST or address.scope_id):
        return False
    inside = any(address.version == network.version and address in network for network in _NOT_THE_NET)
    return address.is_global and not address.is_multicast and not inside


def target_of(
    url: str, *, ports: Collection[int] = PORTS, permitted: Callable[[IPAddress], bool] = is_public
) -> Target:
    """The address taken apart. Raises BadWebAddress if it is not one that may be fetched."""
    if len(url) > LONGEST:
        raise BadWebAddress(f"its address has more than {LONGEST:,} characters")
    if _ODD.search(url):
        raise BadWebAddress("its address holds a character that no address has")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadWebAddress("its address cannot be read") from error
    if parts.scheme not in ("http", "https"):
        raise BadWebAddress("it is not an http:// or https:// address")
    if "@" in parts.netloc:
        raise BadWebAddress("its address holds a user name")
    port = {"http": 80, "https": 443}[parts.scheme] if port is None else port
    if port not in ports:
        raise BadWebAddress(f"port {port} is not a web port (80 or 443)")
    host, literal = _host(parts.netloc, parts.hostname or "")
    if literal is not None and not permitted(literal):
        raise BadWebAddress(f"{literal} is not a public address")
    query = f"?{parts.query}" if parts.query else ""
    path = quote(f"{parts.path or '/'}{query}", safe="/%:=&?~+!$,;'@()*[]")
    return Target(scheme=parts.scheme, host=host, port=port, path=path, literal=literal)


def _host(netloc: str, host: str) -> tuple[str, IPAddress | None]:
    if netloc.startswith("["):
        try:
            address = ipaddress.IPv6Address(host)
        except ValueError as error:
            raise BadWebAddress("its host cannot be read") from error
        return str(address), address
    if _DOTS.search(host):
        raise BadWebAddress("its host has dots that are none")
    name = _ascii(host)
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        try:
            return name, ipaddress.IPv4Address(name)
        except ValueError as error:
            raise BadWebAddress("its host is a number in disguise") from error
    if not _NAME.fullmatch(name):
        raise BadWebAddress(f"{host or 'nothing'} is not the name of a public server")
    if name.rpartition(".")[2] in _NOT_PUBLIC_NAMES:
        raise BadWebAddress(f"{host} is a name of this network, not of the open net")
    return name, None


def _ascii(host: str) -> str:
    """The host as DNS has it. Characters that only look like letters or digits of ASCII are refused."""
    if host.isascii():
        return host.lower()
    try:
        name = host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise BadWebAddress("its host cannot be read") from error
    if len(name.split(".")) != len(host.split(".")) or any(
        plain == odd.lower() or not plain.startswith("xn--")
        for odd, plain in zip(host.split("."), name.split("."), strict=True)
        if not odd.isascii()
    ):
        raise BadWebAddress("its host is written in look-alike characters")
    return name
