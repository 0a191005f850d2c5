"""What is still open about parts of posts: each is taken to the network before anything new goes out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from outreach.channels.publisher import Publisher
from outreach.errors import FrozenBytesLost
from outreach.ledger.attempts import Attempt, Outcome
from outreach.model.payload import PostProof
from outreach.model.publication import Publication
from outreach.tasks.publishing.book import STOPPED, PostBook, part_id
from outreach.tasks.world import Session

_EARLIER = timedelta(minutes=1)


def recover_posts(
    opened: Session,
    publisher: Publisher,
    network: str,
    account: str,
    now: datetime,
    *,
    is_asked_again: Callable[[str], bool] = lambda edition: False,
) -> int:
    """End what a killed run began and what nobody knew, as far as the network can say; how many stay in doubt.

    Before the mark: not done. After it the network is asked: what is there is done; what is not there is not done
    as soon as it cannot land any more, or at once where the edition `is_asked_again` under the same key and that makes
    no second one. Whoever calls has the account alone. Raises NotSent where the network
    cannot be asked, and what the ledger raises; everything is then still in doubt.
    """
    book = PostBook(opened, lambda: now)
    doubts = 0
    for attempt in _open_ones(opened, network, account):
        if attempt.committed is None:
            opened.ledger.settle(attempt, Outcome.NOT_SENT, now, detail="stopped before it was asked for")
        else:
            repeats = publisher.repeats_safely and is_asked_again(str(part_id(attempt).edition))
            doubts += not _ask(opened, book, publisher, attempt, now, repeats=repeats)
    return doubts


def _open_ones(opened: Session, network: str, account: str) -> list[Attempt]:
    """The tries without an outcome, and the doubts, in the order of the parts."""
    found = []
    for claim in opened.ledger.claims():
        part = claim.part
        if part is None or (part.network, part.account) != (network, account):
            continue
        tries = opened.ledger.attempts(claim)
        past = opened.ledger.past().posts.get((part.post, network))
        out = past.parts if past and past.revision == part.revision else frozenset()
        found += [last for last in tries[-1:] if _is_open(last) and part.part not in out]
    return found


def _is_open(attempt: Attempt) -> bool:
    return attempt.released is None and (attempt.ended is None or attempt.outcome is Outcome.UNKNOWN)


def landed_after_all(
    opened: Session, publisher: Publisher, publication: Publication, number: int, now: datetime
) -> bool:
    """Whether a part that was refused, or seemed to be dropped, stands there by now; then it is written down.

    A server that answers from a copy may be late. Raises NotSent where the network cannot be asked.
    """
    book = PostBook(opened, lambda: now)
    for part, claim in opened.ledger.claims_of(publication.campaign, publication.edition_id, publication.revision):
        for last in opened.ledger.attempts(claim)[-1:] if part.part == number else []:
            if last.committed is not None and last.outcome is Outcome.REFUSED:
                with suppress(FrozenBytesLost):
                    return _find(opened, book, publisher, last, last.committed)
    return False


def _ask(
    opened: Session, book: PostBook, publisher: Publisher, attempt: Attempt, now: datetime, *, repeats: bool
) -> bool:
    """Whether it is known now."""
    asked = attempt.committed or now
    try:
        part = book.part_of(attempt)
    except FrozenBytesLost:
        return False
    if _find(opened, book, publisher, attempt, asked):
        return True
    if repeats or now > asked + publisher.settles:
        book.not_done(attempt, part, "it is not there")
    else:
        if attempt.ended is None:
            book.doubted(attempt, part, STOPPED)
        return False
    return True


def _find(opened: Session, book: PostBook, publisher: Publisher, attempt: Attempt, asked: datetime) -> bool:
    """Whether what a try was about stands there; then it is written down. Raises FrozenBytesLost, NotSent."""
    part = book.part_of(attempt)
    out = book.out(part_id(attempt).post, part_id(attempt).network)
    known = [PostProof.read(receipt.proof).mark for receipt in opened.ledger.receipts()]
    found = publisher.find(part, out, asked - _EARLIER, known)
    if found is not None:
        book.done(attempt, part, found)
    return found is not None
