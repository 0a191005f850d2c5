"""Where a campaign's ledger is: in its folder (SQLite), or in PostgreSQL at an address that its users know.

campaign.yaml says which (`ledger: postgresql`), in a line of its own: every command opens the ledger, and most need
not read the whole file. The address is in `$OUTREACH_LEDGER` or among the secrets, since it may hold a password.
"""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

from outreach import storage
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import LedgerAddressUnusable, LedgerUnreadable, LedgerWithoutAddress, Refused
from outreach.model.records import dataclass
from outreach.model.secret import SecretIdentity, SecretKind

VARIABLE = "OUTREACH_LEDGER"
FILE = "campaign.yaml"
_SHARED = re.compile(rb"""^(?:ledger|"ledger"|'ledger')[ \t]*:[ \t]*["']?postgresql["']?[ \t]*(?:#[^\n]*)?\r?$""", re.M)
_ID = re.compile(rb"""^(?:id|"id"|'id')[ \t]*:[ \t]*["']?([a-z0-9][a-z0-9-]*)["']?[ \t]*(?:#[^\n]*)?\r?$""", re.M)
_LEDGER = re.compile(r"[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}")


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerAddress:
    """Where a ledger is in PostgreSQL: the server with its database (libpq's `postgresql://...`), and which ledger.

    `ledger` is the random id of one ledger, as the end `#ID` of the address says it; "" means the campaign's only one.
    """

    server: Secret
    ledger: str = ""


def is_shared(campaign_yaml: bytes) -> bool:
    """Whether the text of campaign.yaml says, in a line of its own, that the ledger is in PostgreSQL."""
    return _SHARED.search(campaign_yaml) is not None


def campaign_and_kind(root: Path) -> tuple[str, bool]:
    """The campaign's id as far as it is in a line of its own ("" if not), and whether its ledger is shared.

    Raises LedgerUnreadable if campaign.yaml is there and cannot be read: nobody knows then which ledger is meant.
    """
    try:
        text = storage.read(root, FILE)
    except (FileNotFoundError, PermissionError, Refused):
        return "", False  # there is no campaign to send for, and loading it says so
    except OSError as error:
        if error.errno == errno.ELOOP:
            return "", False
        reason = "campaign.yaml says where the ledger is, and it cannot be read"
        raise LedgerUnreadable(FILE, reason) from error
    found = _ID.search(text)
    return found[1].decode("ascii") if found else "", is_shared(text)


def identity_of_address(campaign: str) -> SecretIdentity:
    """Under which name the address of a campaign's ledger is kept."""
    return SecretIdentity(kind=SecretKind.LEDGER, user=campaign, host="ledger", port=0)


def ledger_address(campaign: str, environment: dict[str, str] | None = None) -> LedgerAddress:
    """The address of a campaign's shared ledger: `$OUTREACH_LEDGER`, else from the secrets.

    Raises LedgerWithoutAddress, LedgerAddressUnusable, SecretsUnusable.
    """
    environment = dict(os.environ) if environment is None else environment
    given = environment.get(VARIABLE)
    kept = Secrets(environment).get(identity_of_address(campaign)) if not given else None
    if not given and kept is None:
        raise LedgerWithoutAddress()
    return read_address(given or (kept.reveal() if kept else ""))


def read_address(text: str) -> LedgerAddress:
    """An address as people give it. Raises LedgerAddressUnusable, which never quotes it."""
    server, _, ledger = text.strip().partition("#")
    if not server.startswith(("postgresql://", "postgres://")):
        raise LedgerAddressUnusable("it does not begin with postgresql://")
    if ledger and not _LEDGER.fullmatch(ledger):
        raise LedgerAddressUnusable("the part after # is not the id of a ledger")
    return LedgerAddress(server=Secret(server), ledger=ledger.replace("-", ""))
