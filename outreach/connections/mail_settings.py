"""Where a domain's mail is handed in and read: asked of the net, and only when a person wants it.

First the domain's MX records, which name the large providers. Then the settings that domains and Thunderbird publish
for mail programs ("autoconfig"), over https only: at the domain itself, in Thunderbird's list, and there under the
domain of the server that takes the mail in. Nobody learns an address: the domain alone is asked about. What comes is
only proposed; a password goes nowhere before a person has entered it for a server that is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from xml.etree import ElementTree

import dns.exception
import dns.resolver

from outreach.connections.fetching import CannotFetch, Fetcher
from outreach.words.mail_providers import OAUTH, MailProvider, provider_behind

Exchangers = Callable[[str], Sequence[str]]
Fetch = Callable[[str], bytes | None]
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")
_USER = {"%EMAILADDRESS%": "{address}", "%EMAILLOCALPART%": "{local}"}
_SECURITY = {"ssl": "tls", "starttls": "starttls"}
_LONGEST = 100
SECONDS = 8.0
"""For each document: most domains publish none, and five places are asked."""


def exchangers_of(domain: str, *, seconds: float = 5.0) -> Sequence[str]:
    """The servers that take in a domain's mail, the preferred first; none if nobody says."""
    resolver = dns.resolver.Resolver()
    resolver.lifetime = seconds
    try:
        found = sorted(resolver.resolve(domain, "MX"), key=lambda record: int(record.preference))
    except (dns.exception.DNSException, OSError):
        return ()
    return [str(record.exchange).rstrip(".").lower() for record in found]


def fetched(url: str) -> bytes | None:
    """A small document of the open net, over https to its end; None if there is none."""
    try:
        found = Fetcher(seconds=SECONDS).document(url)
    except CannotFetch:
        return None
    return found.data if found.url.startswith("https://") else None


def found_for(
    domain: str, exchangers: Exchangers = exchangers_of, fetch: Fetch = fetched
) -> tuple[MailProvider, str] | None:
    """The servers for a domain, and who named them, in words; None if nobody knows."""
    takes_in = exchangers(domain)
    provider = provider_behind(takes_in)
    if provider is not None:
        return provider, f"its mail goes to {takes_in[0]}"
    for url, who in _published(domain, takes_in):
        data = fetch(url)
        settings = settings_in(data, domain) if data else None
        if settings is not None:
            return settings, who
    return None


def _published(domain: str, exchangers: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield f"https://autoconfig.{domain}/mail/config-v1.1.xml", f"published by {domain}"
    yield f"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml", f"published by {domain}"
    yield f"https://autoconfig.thunderbird.net/v1.1/{domain}", "in Thunderbird's list"
    parents = (".".join(name.split(".")[-number:]) for name in exchangers[:1] for number in (3, 2))
    for parent in dict.fromkeys(parent for parent in parents if "." in parent and parent != domain):
        yield f"https://autoconfig.thunderbird.net/v1.1/{parent}", f"in Thunderbird's list, as {parent}"


def settings_in(data: bytes, domain: str) -> MailProvider | None:
    """The servers in a document of autoconfig (Mozilla, config-v1.1); None if it names none that are encrypted.

    Whoever wrote it may be anybody, so every value has to look like what it is, and no entity is read.
    """
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return None
    try:
        provider = ElementTree.fromstring(data).find("emailProvider")
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    if provider is None:
        return None
    outgoing = next(_servers(provider.iterfind("outgoingServer"), "smtp", domain), None)
    incoming = next(_servers(provider.iterfind("incomingServer"), "imap", domain), None)
    if outgoing is None or incoming is None:
        return None
    smtp, port, security, user, methods = outgoing
    auth = next((word for word, each in OAUTH.items() if smtp in each.servers and "OAuth2" in methods), "")
    only = auth if auth and not any("password" in method for method in methods) else ""
    name = " ".join((provider.findtext("displayName") or "").replace("%EMAILDOMAIN%", domain).split())
    return MailProvider(
        name=name[:_LONGEST] if name and "%" not in name else domain,
        smtp=smtp,
        port=port,
        security=security,
        imap=incoming[0],
        imap_port=incoming[1],
        user=user,
        auth=only or "password",
        instead="" if only else auth,
    )


def _servers(
    found: Iterator[ElementTree.Element], kind: str, domain: str
) -> Iterator[tuple[str, int, str, str, tuple[str, ...]]]:
    """Host, port, security, user and ways to log in of each server that can be written into campaign.yaml."""
    for each in found:
        host = (each.findtext("hostname") or "").replace("%EMAILDOMAIN%", domain).strip().lower()
        security = _SECURITY.get((each.findtext("socketType") or "").strip().lower())
        port, user = (each.findtext("port") or "").strip(), (each.findtext("username") or "").strip()
        is_number = port.isascii() and port.isdecimal() and 0 < int(port[:6]) < 65536
        if each.get("type") != kind or not _HOST.fullmatch(host) or security is None or not is_number:
            continue
        if kind == "imap" and (security == "starttls") != (int(port) == 143):  # campaign.yaml tells them by the port
            continue
        methods = tuple((method.text or "").strip() for method in each.iterfind("authentication"))
        yield host, int(port), security, _USER.get(user, "{address}"), methods
