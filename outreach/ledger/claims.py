"""Claims: one row per letter or post part that may go out. A unique index lets only one process create it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from outreach.errors import AlreadyClaimed
from outreach.history import address_marks
from outreach.ledger import statements
from outreach.ledger.database import Database
from outreach.ledger.rows import Row, clean, instant_of, instant_text
from outreach.model.ids import LetterId, PartId
from outreach.model.records import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """The right to send one letter, or to publish one part of a post.

    `at` is the UTC instant (aware) at which it was made; `address` is the letter's, normalised (case folded).
    `date` is what the effect is dated with at every try: the Date header, or createdAt.
    """

    id: int
    campaign: str
    at: datetime
    by: str
    of: LetterId | PartId
    address: str | None = None
    date: str | None = None

    @property
    def letter(self) -> LetterId | None:
        """The letter that it is about; None for a part of a post."""
        return self.of if isinstance(self.of, LetterId) else None

    @property
    def part(self) -> PartId | None:
        """The part that it is about; None for a letter."""
        return self.of if isinstance(self.of, PartId) else None


def add_claim(db: Database, claim: Claim) -> Claim | None:
    """Store `claim` (its id is given by the ledger); None where others stand in its way (`claims_like`)."""
    head = (clean(claim.campaign), instant_text(claim.at), clean(claim.by), claim.date)
    is_letter = isinstance(claim.of, LetterId)
    add = statements.ADD_LETTER_CLAIM if is_letter else statements.ADD_PART_CLAIM
    added = db.execute(add, (*head, *_columns(claim))).fetchone()
    return None if added is None else replace(claim, id=added[0], address=normalised(claim.address))


def claims_like(db: Database, wanted: Claim) -> list[Claim]:
    """The claims that are in the way of `wanted`: on the same effect, or on a letter to the same address."""
    columns: tuple[object, ...] = (wanted.campaign, *_columns(wanted))
    find = statements.PART_CLAIM
    if isinstance(wanted.of, LetterId):
        *of_wave, contact, address = columns
        find, columns = statements.LETTER_CLAIM, (*of_wave, contact, *of_wave, address)
    return [claim_of(row) for row in db.execute(find, columns).fetchall()]


def _columns(claim: Claim) -> tuple[object, ...]:
    """What makes a claim unique, in the order in which the statements name it."""
    if isinstance(claim.of, LetterId):
        return claim.of.wave, claim.of.step, claim.of.contact, normalised(claim.address)
    return claim.of.post, claim.of.revision, claim.of.network, claim.of.account, claim.of.part


def already_claimed(first: Claim) -> AlreadyClaimed:
    """The exception for whoever comes after `first`."""
    return AlreadyClaimed(str(first.of), first.by, f"{first.at:%Y-%m-%d %H:%M} UTC")


def normalised(address: str | None) -> str | None:
    """An address as claims compare it, so that one mailbox written in two ways is one."""
    return None if address is None else address_marks.normalised(clean(address) or "")


def claim_of(row: Row) -> Claim:
    """A claim of the columns that CLAIMS names."""
    id, campaign, at, by, wave, step, contact, address, post, revision, network, account, part, date = row
    of: LetterId | PartId = (
        LetterId(wave=wave, contact=contact, step=step)
        if post is None
        else PartId(post=post, network=network, part=part, revision=revision, account=account)
    )
    return Claim(id=id, campaign=campaign, at=instant_of(at), by=by, of=of, address=address, date=date)
