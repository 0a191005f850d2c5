"""The states of a contact, in the order in which they apply: the first that fits is the state."""

from __future__ import annotations

from enum import StrEnum


class ContactState(StrEnum):
    """What we know of a contact now."""

    OPTED_OUT = "opted-out"
    CLOSED = "closed"
    ANSWERED = "answered"
    BOUNCED = "bounced"
    IN_DOUBT = "in-doubt"
    CONTACTED = "contacted"
    MANUAL = "manual"
    TO_RESEARCH = "to-research"
    APPROVED = "approved"
    DRAFTED = "drafted"
    NEW = "new"
