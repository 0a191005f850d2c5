"""The networks that there are, in the order in which they are named and published to."""

from __future__ import annotations

from outreach.networks.base import Network
from outreach.networks.bluesky import BLUESKY
from outreach.networks.manual import HACKERNEWS, LINKEDIN, MAILING_LIST, REDDIT
from outreach.networks.mastodon import MASTODON
from outreach.networks.x import X

KNOWN: dict[str, Network] = {
    network.name: network for network in (BLUESKY, MASTODON, REDDIT, HACKERNEWS, X, LINKEDIN, MAILING_LIST)
}


def network_of(name: str) -> Network:
    """What is known of a network, by the name that files have for it."""
    return KNOWN[name]


def published() -> list[Network]:
    """Those to which a program publishes, in the order in which it does."""
    return [network for network in KNOWN.values() if not network.is_manual]
