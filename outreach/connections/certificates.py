"""Trust: the one TLS context of all channels, and why a server was not trusted, in words."""

from __future__ import annotations

import hashlib
import ssl
from pathlib import Path

from outreach import storage
from outreach.errors import CaFileUnusable, Refused, reason_of
from outreach.model.records import dataclass

_MOST_BYTES = 1_000_000

_WHY = {
    9: "its certificate is not valid yet",
    10: "its certificate has expired",
    18: "its certificate is signed by itself",
    19: "its certificate is signed by an authority that this computer does not know",
    20: "its certificate is signed by an authority that this computer does not know",
    62: "its certificate is for another name",
    64: "its certificate is for another address",
}
"""OpenSSL's verify codes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Authority:
    """The certificate of a private authority, read once: what is trusted is what `digest` (SHA-256, hex) is of."""

    pem: str
    digest: str


def authority_in(root: Path, file: str) -> Authority:
    """The authority in a file of the campaign. Raises CaFileUnusable."""
    try:
        data = storage.read(root, file, _MOST_BYTES)
    except Refused as error:
        raise CaFileUnusable(file, str(error)) from error
    except OSError as error:
        raise CaFileUnusable(file, reason_of(error)) from error
    if b"-----BEGIN " not in data:
        raise CaFileUnusable(file, "it is not a PEM certificate")
    return Authority(pem=data.decode("ascii", "replace"), digest=hashlib.sha256(data).hexdigest())


def trusted(authority: Authority | None) -> ssl.SSLContext:
    """A context that verifies certificate and name; with an `authority`, no other counts. Raises ssl.SSLError.

    Without one, the standard library's mail clients accept any certificate.
    """
    return ssl.create_default_context(cadata=authority.pem if authority else None)


def why_not_trusted(error: ssl.SSLCertVerificationError) -> str:
    """What is wrong with the certificate."""
    return _WHY.get(error.verify_code, "its certificate cannot be verified")
