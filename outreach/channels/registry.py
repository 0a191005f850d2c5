"""Adapters by name; each is imported only when it is needed."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import cast

from outreach.channels.transport import Transport
from outreach.model.campaign import MailAccount

_TRANSPORTS = {"outbox": "outreach.channels.outbox.outbox"}


def transport_for(account: MailAccount, root: Path, *, loopback_only: bool = False) -> Transport:
    """The transport that campaign.yaml names."""
    module, _, name = _TRANSPORTS[account.transport].rpartition(".")
    return cast(Transport, getattr(import_module(module), name)(account, root, loopback_only=loopback_only))
