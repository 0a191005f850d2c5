"""Trust: the one TLS context of all channels, and why a server was not trusted, in words."""

from __future__ import annotations

import ipaddress
import ssl
from pathlib import Path

_WHY = {
    10: "its certificate has expired",
    18: "its certificate is signed by itself",
    19: "its certificate is signed by an authority that this computer does not know",
    20: "its certificate is signed by an authority that this computer does not know",
    62: "its certificate is for another name",
    64: "its certificate is for another address",
}
"""OpenSSL's verify codes."""


def trusted(ca_file: Path | None) -> ssl.SSLContext:
    """A context that verifies certificate and name; `ca_file` is a private authority's. Raises OSError.

    Without one, the standard library's mail clients accept any certificate.
    """
    return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)


def why_not_trusted(error: ssl.SSLCertVerificationError) -> str:
    """What is wrong with the certificate."""
    return _WHY.get(error.verify_code, "its certificate cannot be verified")


def is_loopback(host: str) -> bool:
    """Whether the name is this computer's own."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
