"""What the net says of a domain (SPF, DKIM, DMARC) and of the time. Asked only when a person wants it."""

from __future__ import annotations

import socket
import struct
import time

import dns.exception
import dns.resolver

from outreach.model.records import dataclass

SELECTORS = ("default", "dkim", "mail", "google", "selector1", "selector2", "k1", "s1", "fm1", "mxvault")
"""Names under which providers usually publish DKIM keys; others cannot be guessed."""
_FROM_1900_TO_1970 = 2_208_988_800  # seconds: NTP counts from 1900 (RFC 5905, 6)


@dataclass(frozen=True, kw_only=True, slots=True)
class DomainRecords:
    """What is published: None means nothing, `dkim` the selector that was found."""

    spf: str | None
    dmarc: str | None
    dkim: str | None


def records_of(domain: str, *, seconds: float = 5.0) -> DomainRecords | None:
    """The records of a domain, or None if nobody answers."""
    resolver = dns.resolver.Resolver()
    resolver.lifetime = seconds
    try:
        spf = _text(resolver, domain, "v=spf1")
        dmarc = _text(resolver, f"_dmarc.{domain}", "v=DMARC1")
        found = (name for name in SELECTORS if _text(resolver, f"{name}._domainkey.{domain}", "p="))
        return DomainRecords(spf=spf, dmarc=dmarc, dkim=next(found, None))
    except (dns.exception.DNSException, OSError):
        return None


def _text(resolver: dns.resolver.Resolver, name: str, holds: str) -> str | None:
    try:
        answers = resolver.resolve(name, "TXT")
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return None
    texts = (b"".join(answer.strings).decode("utf-8", "replace") for answer in answers)
    return next((text for text in texts if holds.casefold() in text.casefold()), None)


def clock_skew(server: str = "pool.ntp.org", *, seconds: float = 5.0) -> float | None:
    """Seconds by which this computer's clock is ahead of the net's (SNTP, RFC 4330); None if nobody answers."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(seconds)
            asking.sendto(b"\x1b" + 47 * b"\0", (server, 123))
            answer = asking.recv(48)
        whole, fraction = struct.unpack("!II", answer[40:48])
    except (OSError, struct.error):
        return None
    return time.time() - float(whole - _FROM_1900_TO_1970 + fraction / 2**32)
