"""The only clock: the computer's, or `OUTREACH_NOW` and nothing else."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from outreach.errors import BadInstant


def is_rehearsal() -> bool:
    """Whether `OUTREACH_NOW` says what time it is: then the ledger is a rehearsal copy."""
    return bool(os.environ.get("OUTREACH_NOW"))


def now() -> datetime:
    """This instant, in UTC. Raises BadInstant where `OUTREACH_NOW` has no date, time and offset."""
    text = os.environ.get("OUTREACH_NOW")
    if not text:
        return datetime.now(UTC)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInstant(text) from error
    if instant.tzinfo is None:
        raise BadInstant(text)
    return instant.astimezone(UTC)
