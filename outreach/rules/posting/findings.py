"""What a composed post still lacks: warnings that hold publishing, and not drafting."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.model.lookups import Lookups
from outreach.model.post import Network
from outreach.model.problem import Problem
from outreach.rules.posting.composing import Composed


def open_problems(post: Composed, lookups: Lookups) -> list[Problem]:
    """Handles and cards that were not looked up."""
    return list(_open(post, lookups))


def _open(post: Composed, lookups: Lookups) -> Iterator[Problem]:
    edition = post.edition
    for handle in post.unresolved:
        message = f"The handle @{handle} was not looked up, so it is plain text on Bluesky and notifies nobody."
        yield _warning(post, "mention-unresolved", message, "Run `outreach lookup`, or correct the handle.")
    if (
        edition.network is Network.BLUESKY
        and edition.card
        and "{{" not in edition.card
        and edition.card not in lookups.cards
    ):
        message = f"The card of {edition.card} was not looked up, so it shows its address only."
        yield _warning(post, "card-unknown", message, "Run `outreach lookup`.")


def _warning(post: Composed, code: str, message: str, hint: str) -> Problem:
    edition = post.edition
    return Problem(
        file=edition.file, line=edition.body_line, code=code, message=message, hint=hint, about=f"post:{edition.post}"
    )
