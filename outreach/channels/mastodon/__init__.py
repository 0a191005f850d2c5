"""Mastodon and what speaks its API: one status after the other, each looked for before it is asked for again."""

from outreach.channels.mastodon.client import MastodonClient
from outreach.channels.mastodon.publisher import MastodonPublisher, mastodon

__all__ = ["MastodonClient", "MastodonPublisher", "mastodon"]
