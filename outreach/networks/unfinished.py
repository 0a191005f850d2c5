"""What a composed post still lacks: warnings that hold publishing, and not drafting."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.model.lookups import Lookups
from outreach.model.problem import Problem
from outreach.networks.composing import Composed
from outreach.networks.registry import network_of


def open_problems(post: Composed, lookups: Lookups) -> list[Problem]:
    """Handles and cards that were not looked up."""
    return list(_open(post, lookups))


def _open(post: Composed, lookups: Lookups) -> Iterator[Problem]:
    where = network_of(post.version.network).label
    for handle in post.unresolved:
        message = f"The handle @{handle} was not looked up, so the post waits: on {where} nobody would be notified."
        yield _warning(post, "mention-unresolved", message, "Run `outreach lookup`, or correct the handle.")
    for handle in post.nobodys:
        message = f"The handle @{handle} belongs to no account, so it is plain text on {where}, and nobody is notified."
        yield _warning(post, "mention-unresolved", message, "Correct the handle, or remove the @.")
    card = lookups.cards.get(post.card or "")
    if post.card and card is None and not post.later:
        message = f"The card of {post.card} was not looked up, so it shows its address only."
        yield _warning(post, "card-unknown", message, "Run `outreach lookup`.")
    if card is not None and card.thumb and post.thumb is None:
        message = f"The picture {card.thumb!r} of the card of {card.url} does not exist, or is not a picture."
        yield _warning(post, "card-unknown", message, "Run `outreach lookup`, which fetches it again.")


def _warning(post: Composed, code: str, message: str, hint: str) -> Problem:
    version = post.version
    return Problem(
        file=version.file, line=version.body_line, code=code, message=message, hint=hint, about=f"post:{version.post}"
    )
