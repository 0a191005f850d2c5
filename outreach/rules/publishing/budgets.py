"""How much a network takes in a while, so that we stop before it says no."""

from __future__ import annotations

from datetime import timedelta

from outreach.model.post import Network

SPANS = {Network.BLUESKY: timedelta(hours=1), Network.MASTODON: timedelta(hours=3)}
"""The span in which a network counts."""

MOST_PARTS = {Network.BLUESKY: 5000 // 3, Network.MASTODON: 300}
"""Parts in a span: 5,000 points an hour at 3 a post; 300 statuses in 3 hours."""


def why_not_more(network: Network, left: int, wanted: int) -> str:
    """Why `wanted` more parts are too many after the `left` of this span, "" where they are not."""
    most = MOST_PARTS[network]
    if left + wanted <= most:
        return ""
    hours = SPANS[network] // timedelta(hours=1)
    return f"{network} takes {most} posts in {hours} hour{'s' if hours > 1 else ''}, and {left} have left; later"
