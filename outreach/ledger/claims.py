"""The right to one effect, for ever. Whoever has the row may try; SQLite's unique indexes say who."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from outreach.errors import AlreadyClaimed
from outreach.ledger import statements
from outreach.ledger.rows import clean, instant_of, instant_text
from outreach.rules import address_marks


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """One claim: on a letter (`wave`, `step`, `contact`, `address`) or on a part of a post.

    `at` is the UTC instant (aware) at which it was made; `address` is normalised (case folded).
    `date` is what the effect is dated with at every try: the Date header, or createdAt.
    """

    id: int
    campaign: str
    at: datetime
    by: str
    wave: str | None = None
    step: int | None = None
    contact: str | None = None
    address: str | None = None
    post: str | None = None
    revision: int | None = None
    network: str | None = None
    account: str | None = None
    part: int | None = None
    date: str | None = None

    @property
    def what(self) -> str:
        """`WAVE/CONTACT/STEP` or `POST/NETWORK/PART`."""
        if self.post is not None:
            return f"{self.post}/{self.network}/{self.part}"
        return f"{self.wave}/{self.contact}/{self.step}"


def add_claim(db: sqlite3.Connection, claim: Claim) -> Claim:
    """Store `claim` (its id is given by the ledger). Raises AlreadyClaimed with who has it since when."""
    head = (clean(claim.campaign), instant_text(claim.at), clean(claim.by), claim.date)
    if claim.post is None:
        address = normalised(claim.address)
        columns: tuple[object, ...] = (claim.wave, claim.step, claim.contact, address)
        add, find = statements.ADD_LETTER_CLAIM, statements.LETTER_CLAIM
    else:
        columns = (claim.post, claim.revision, claim.network, claim.account, claim.part)
        add, find = statements.ADD_PART_CLAIM, statements.PART_CLAIM
    try:
        number = db.execute(add, (*head, *columns)).lastrowid
    except sqlite3.IntegrityError as error:
        taken = db.execute(find, (claim.campaign, *columns)).fetchone()
        if taken is None:
            raise
        raise already_claimed(claim_of(taken)) from error
    return replace(claim, id=number or 0, address=normalised(claim.address))


def already_claimed(first: Claim) -> AlreadyClaimed:
    """The exception for whoever comes after `first`."""
    return AlreadyClaimed(first.what, first.by, f"{first.at:%Y-%m-%d %H:%M} UTC")


def normalised(address: str | None) -> str | None:
    """An address as claims compare it, so that one mailbox written in two ways is one."""
    return None if address is None else address_marks.normalised(clean(address) or "")


def all_claims(db: sqlite3.Connection) -> Iterator[Claim]:
    """Every claim, in the order in which they were made."""
    return map(claim_of, db.execute(statements.CLAIMS).fetchall())


def claim_of(row: tuple[object, ...]) -> Claim:
    """A claim of the columns that CLAIMS names."""
    names = ("id", "campaign", "at", "by", "wave", "step", "contact", "address",
             "post", "revision", "network", "account", "part", "date")  # fmt: skip
    values: dict[str, object] = dict(zip(names, row, strict=True))
    values["at"] = instant_of(str(values["at"]))
    return Claim(**values)  # type: ignore[arg-type]
