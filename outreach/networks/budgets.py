"""How much a network takes in a while, so that we stop before it says no."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from outreach.networks.base import Budget


def why_not_more(
    network: str, budget: Budget, asked: Sequence[datetime], wanted: int, say: Callable[[datetime], str]
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
