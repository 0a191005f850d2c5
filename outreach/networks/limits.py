"""What a network allows: as its server says where it was looked up, else as documented."""

from __future__ import annotations

from collections.abc import Mapping

from outreach.model.lookups import ServerLimits
from outreach.networks.base import Limits
from outreach.networks.registry import KNOWN, network_of


def limits_of(network: str, own: ServerLimits) -> Limits:
    """The server's own limits where they were looked up, else the documented ones."""
    rules = network_of(network)
    default = rules.limits
    if not rules.looked_up or own.characters is None:
        return default
    return Limits(characters=own.characters, bytes=default.bytes, per_url=own.per_url or default.per_url)


def server_of(accounts: Mapping[str, Mapping[str, str]]) -> str:
    """The server whose own limits count, "" where the campaign has no account on one."""
    asked = (accounts.get(name, {}) for name, network in KNOWN.items() if network.looked_up)
    return next((account["server"] for account in asked if "server" in account), "")


def limit(network: str) -> int | None:
    """How much one part may count on that network by default (None: no limit known)."""
    return network_of(network).limits.characters
