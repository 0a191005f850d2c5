"""The attempts of a claim: recorded before anything is sent, and again with the result.

A try that was begun and not marked (`committed`) was surely not sent. Between the mark and the outcome
nobody can know. What is marked or accepted is never tried again, unless a person (or evidence) said that
it was not sent (`released`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from outreach.ledger import statements
from outreach.ledger.claims import Claim, add_claim, already_claimed, claim_of, claims_like, normalised
from outreach.ledger.database import Database
from outreach.ledger.rows import StrangeRow, clean, instant_of, instant_text
from outreach.model.records import dataclass


class AttemptResult(StrEnum):
    """How a try ended."""

    ACCEPTED = "accepted"
    NOT_SENT = "not-sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One try under a claim; `digest` is the sha256 (hex) of what it sends. Instants are aware UTC."""

    claim: Claim
    number: int
    began: datetime
    digest: str
    address: str | None = None
    committed: datetime | None = None
    ended: datetime | None = None
    outcome: AttemptResult | None = None
    detail: str | None = None
    released: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody knows yet what became of it."""
        return self.released is None and (self.ended is None or self.outcome is AttemptResult.UNKNOWN)

    @property
    def is_over(self) -> bool:
        """Whether another try may follow it: it surely was not sent."""
        return self.released is not None or self.outcome in (AttemptResult.NOT_SENT, AttemptResult.REFUSED)


def begin_attempt(db: Database, wanted: Claim, *, digest: str, at: datetime) -> Attempt:
    """Take the claim, or take it up again where all tries under it were surely not sent, and begin a try.

    Raises AlreadyClaimed if another letter has the contact or the address, or a try may have left.
    """
    claim = add_claim(db, wanted) or _taken_up(db, wanted)
    address = normalised(wanted.address)
    domain = (address or "").rpartition("@")[2] or None
    values = (claim.id, instant_text(at), digest, clean(address), clean(domain), claim.id)
    number = db.execute(statements.BEGIN_ATTEMPT, values).fetchone()[0]
    return Attempt(claim=claim, number=number, began=at, digest=digest, address=address)


def _taken_up(db: Database, wanted: Claim) -> Claim:
    """The claim that is there already for the same effect and may be tried again. Raises AlreadyClaimed."""
    found = claims_like(db, wanted)
    own = next((claim for claim in found if claim.of == wanted.of), None)
    other = next((claim for claim in found if claim.of != wanted.of), None)
    for each in (other, own):
        if each is not None and (own is None or _may_have_left(db, each)):
            raise already_claimed(each)
    assert own is not None  # one of them was in the way
    return own


def _may_have_left(db: Database, claim: Claim) -> bool:
    return not all(attempt.is_over for attempt in attempts_of(db, claim))


def attempts_of(db: Database, claim: Claim) -> list[Attempt]:
    """The tries under a claim, the first one first."""
    return [_attempt_of(row, claim) for row in db.execute(statements.ATTEMPTS_OF, (claim.id,)).fetchall()]


def unfinished(db: Database) -> list[Attempt]:
    """The tries that were begun and never ended: whoever made them was stopped, or is at it."""
    rows = db.execute(statements.UNFINISHED).fetchall()
    claims = [db.execute(statements.CLAIM, (row[0],)).fetchone() for row in rows]
    if None in claims:
        raise StrangeRow("attempts")
    return [_attempt_of(row, claim_of(claim)) for row, claim in zip(rows, claims, strict=True)]


def mark(db: Database, attempt: Attempt, at: datetime) -> None:
    """From now on it may have left. Raises ValueError if it was marked or ended before."""
    changed = db.execute(statements.COMMIT_ATTEMPT, (instant_text(at), attempt.claim.id, attempt.number)).rowcount
    if changed != 1:
        raise ValueError(f"{attempt.claim.of} is marked or over")


def end(db: Database, attempt: Attempt, outcome: AttemptResult, at: datetime, detail: str | None) -> None:
    """Write the outcome, once."""
    values = (instant_text(at), str(outcome), clean(detail), attempt.claim.id, attempt.number)
    db.execute(statements.END_ATTEMPT, values)


def release(db: Database, claims: Iterable[Claim], at: datetime) -> None:
    """Let these claims be tried again: somebody knows that nothing was sent under them."""
    db.executemany(statements.RELEASE_ATTEMPTS, [(instant_text(at), claim.id) for claim in claims])


def _attempt_of(row: tuple[object, ...], claim: Claim) -> Attempt:
    _, number, began, ended, outcome, detail, digest, address, committed, released = row
    if outcome and str(outcome) not in set(AttemptResult):
        raise StrangeRow("attempts")
    return Attempt(
        claim=claim,
        number=int(str(number)),
        began=instant_of(str(began)),
        digest=str(digest or ""),
        address=_text(address),
        committed=_instant(committed),
        ended=_instant(ended),
        outcome=AttemptResult(str(outcome)) if outcome else None,
        detail=_text(detail),
        released=_instant(released),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _instant(value: object) -> datetime | None:
    return None if value is None else instant_of(str(value))
