"""The append-only record of what happened: events, what they come to, claims, receipts, backups."""

from outreach.ledger.claims import Claim
from outreach.ledger.opening import open_ledger
from outreach.ledger.record import Ledger

__all__ = ["Claim", "Ledger", "open_ledger"]
