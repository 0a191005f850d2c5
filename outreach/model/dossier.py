"""Everything about one: what was sent to them, and what is kept about them (GDPR Art. 14 and 15)."""

from __future__ import annotations

from datetime import datetime

from outreach.model.event import Event, Receipt
from outreach.model.mail import KeptMessage
from outreach.model.plan import PlanItem
from outreach.model.records import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class SentCopy:
    """A letter as it left. `at` is an aware UTC instant; `text` is None if its frozen bytes are gone."""

    id: str
    at: datetime
    via: str
    address: str
    subject: str
    text: str | None
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Dossier:
    """All of one contact. `values` are the keys of its file with their values as text, `files` where they stand.

    `now` is an aware UTC instant, `timezone` the campaign's. A contact that is only in the ledger has no files.
    """

    id: str
    name: str
    title: str
    timezone: str
    now: datetime
    files: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    letters: tuple[SentCopy, ...]
    events: tuple[Event, ...]
    messages: tuple[KeptMessage, ...]
    receipts: tuple[Receipt, ...]
    planned: tuple[PlanItem, ...]
    others: int = 0
    """How many other people wrote for the same organisation; what they wrote is left out."""
