"""A clock that was ahead: what the history dates in the future, that it holds emails, and what a person says of it.

An email that was sent while the clock was in 2028 is dated so for ever. Its pace and its follow-ups then count from
2028 on, and everything waits. Nobody but a person knows which of the two clocks is wrong: the one of then, or that of
now. Who opens `clock` says that it was the one of then; what is dated in the future counts as of that moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from outreach.model.event import CONTACTED, EventKind
from outreach.model.past import Past
from outreach.planning.saying import Sayer

GATE = "clock"
"""What a person opens; in the ledger `clock:INSTANT`, where the instant is the last that is dated in the future."""
TOLERANCE = timedelta(minutes=15)
"""So far apart two computers' clocks may be."""


def in_future(past: Past, now: datetime) -> list[datetime]:
    """The instants (aware UTC) after `now` at which emails and posts are said to have gone out, ascending.

    Those of which a person said that the clock was ahead are not among them: `counted` has put them right.
    """
    posts = (post.published for post in past.posts.values() if post.published is not None)
    return sorted([*_emails(past, now), *(at for at in posts if at > now + TOLERANCE)])


def _emails(past: Past, now: datetime) -> list[datetime]:
    kinds = (*CONTACTED, EventKind.IN_DOUBT)
    letters = (each.at for contact in past.contacts.values() for each in contact.letters if each.kind in kinds)
    found = [at for at in letters if at > now + TOLERANCE]
    return sorted([*found, *(receipt.at for receipt in past.elsewhere if receipt.at > now + TOLERANCE)])


def why_ahead(past: Past, now: datetime, say: Sayer) -> str | None:
    """Why no email goes out as long as one is dated in the future, or None."""
    future = _emails(past, now)
    if not future:
        return None
    what = "1 email is" if len(future) == 1 else f"{len(future)} emails are"
    return sentence(what, say.moment(future[-1]))


def sentence(what: str, moment: str) -> str:
    """`3 emails are dated in the future (...): ...`, with what to do."""
    return (
        f"{what} dated in the future ({moment}): the clock is behind now, or was ahead then; "
        f"set it, or if it is right now, say `outreach allow {GATE} --because TEXT`"
    )


def gate_of(future: list[datetime]) -> str:
    """The name in the ledger of what a person opens who says that the clock is right now."""
    return f"{GATE}:{future[-1].isoformat()}"


def counts_as_of(gates: Mapping[str, datetime], at: datetime, now: datetime) -> datetime | None:
    """As of when something counts that is dated `at`: the moment a person said that the clock had been ahead.

    None if it counts as dated, since it is in the past, or since nobody said so.
    """
    if at <= now + TOLERANCE:
        return None
    said = [
        since
        for name, since in gates.items()
        if name.startswith(f"{GATE}:") and since <= now and datetime.fromisoformat(name.partition(":")[2]) >= at
    ]
    return max(said, default=None)


def counted(past: Past, now: datetime) -> Past:
    """`past` with everything that is dated in the future as of the moment that a person named, where one did."""
    if not any(name.startswith(f"{GATE}:") for name in past.gates) or not in_future(past, now):
        return past

    def right(at: datetime) -> datetime:
        return counts_as_of(past.gates, at, now) or at

    contacts = {
        name: replace(contact, letters=tuple(replace(letter, at=right(letter.at)) for letter in contact.letters))
        for name, contact in past.contacts.items()
    }
    posts = {
        key: replace(post, published=right(post.published)) if post.published is not None else post
        for key, post in past.posts.items()
    }
    elsewhere = tuple(replace(receipt, at=right(receipt.at)) for receipt in past.elsewhere)
    return replace(past, contacts=contacts, posts=posts, elsewhere=elsewhere)
