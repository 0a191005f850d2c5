"""What each network allows, as documented: used where a server has not told its own limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from outreach.model.lookups import ServerLimits
from outreach.model.post import Network


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """The most a network takes in one part; None is no limit that is known.

    `characters` is in the network's own way of counting, `bytes` in UTF-8, and `per_url` is what a
    link counts, however long it is (None: its own length).
    """

    characters: int | None = None
    bytes: int | None = None
    per_url: int | None = None


DEFAULTS: Mapping[Network, Limits] = {
    Network.BLUESKY: Limits(characters=300, bytes=3000),
    Network.MASTODON: Limits(characters=500, per_url=23),
    Network.X: Limits(characters=280, per_url=23),
    Network.REDDIT: Limits(characters=40_000),
    Network.HACKERNEWS: Limits(),
    Network.LINKEDIN: Limits(characters=3000),
    Network.MAILING_LIST: Limits(),
}
"""The documented defaults, by source:

- bluesky: lexicon `app.bsky.feed.post`, `text`: maxGraphemes 300, maxLength 3000 (bytes);
- mastodon: `GET /api/v2/instance`, `configuration.statuses`: max_characters 500 and
  characters_reserved_per_url 23 unless the server says otherwise;
- x: twitter-text `config/v3.json`: maxWeightedTweetLength 280, transformedURLLength 23;
- reddit: `POST /api/submit`, a self post's text of at most 40,000 characters;
- linkedin: Posts API, `commentary` of at most 3,000 characters;
- hackernews: the submit form limits only the title; a mailing list has its own rules.
"""

TITLE_LIMITS: Mapping[Network, int] = {Network.REDDIT: 300, Network.HACKERNEWS: 80}
"""The longest title in characters: Reddit's `POST /api/submit`, the submit form of Hacker News."""


def limits_of(network: Network, own: ServerLimits) -> Limits:
    """The Mastodon server's own limits where they were looked up, else the documented ones."""
    default = DEFAULTS[network]
    if network is not Network.MASTODON or own.characters is None:
        return default
    return Limits(characters=own.characters, bytes=default.bytes, per_url=own.per_url or default.per_url)


def limit(network: Network) -> int | None:
    """How much one part may count on that network by default (None: no limit known)."""
    return DEFAULTS[network].characters
