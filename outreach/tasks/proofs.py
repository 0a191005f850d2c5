"""The receipt of one effect, with the mark of the address it went to."""

from __future__ import annotations

from datetime import datetime

from outreach.history.address_marks import mark_of
from outreach.ledger.address_keys import address_key
from outreach.model.event import Receipt
from outreach.model.ids import LetterId
from outreach.tasks.world import Session


def receipt_for(
    opened: Session,
    letter: LetterId,
    *,
    at: datetime,
    via: str,
    proof: str,
    address: str | None,
    key: bytes | None = None,
) -> Receipt:
    """The receipt of a letter at the aware instant `at`. A rehearsal's marks no address.

    `key` is that of the marks, where it was read already.

    Raises ReceiptKeyUnreadable, CannotWrite.
    """
    marked = address and not opened.ledger.rehearsal
    to = mark_of(address or "", key or address_key(opened.root)) if marked else ""
    return Receipt(id=str(letter), at=at, via=via, proof=proof, ledger=opened.ledger.id, to=to)
