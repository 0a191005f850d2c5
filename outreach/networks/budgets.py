"""How much a network takes in a while, so that we stop before it says no."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach.model.post import Network


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """At most so many parts of posts in so many hours."""

    hours: int
    most: int

    @property
    def span(self) -> timedelta:
        """The hours as a length of time."""
        return timedelta(hours=self.hours)


BUDGETS: Mapping[Network, tuple[Budget, ...]] = {
    Network.BLUESKY: (Budget(hours=1, most=5_000 // 3), Budget(hours=24, most=35_000 // 3)),
    Network.MASTODON: (Budget(hours=3, most=300),),
}
"""5,000 points an hour and 35,000 a day at 3 a post (Bluesky's rate limits); 300 statuses in 3 hours (Mastodon)."""


def why_not_more(
    network: Network, budget: Budget, asked: Sequence[datetime], wanted: int, say: Callable[[datetime], str]
) -> str:
    """Why `wanted` more parts are too many, "" where they are not.

    `asked` are the instants of this span at which parts were asked for, the earliest first; `say` writes an instant.
    """
    over = len(asked) + wanted - budget.most
    if over <= 0:
        return ""
    hours = f"{budget.hours} hour{'s' if budget.hours > 1 else ''}"
    limit = f"{network} takes {budget.most:,} posts in {hours}"
    if wanted > budget.most:
        return f"{limit}, and these are {wanted:,}"
    return f"{limit}, and {len(asked):,} were asked for; again from {say(asked[over - 1] + budget.span)}"
