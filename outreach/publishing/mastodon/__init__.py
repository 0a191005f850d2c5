"""Mastodon and what speaks its API: one status after the other, each looked for before it is asked for again."""

from outreach.publishing.mastodon.client import MastodonClient
from outreach.publishing.mastodon.publisher import MastodonPublisher, mastodon

__all__ = ["MastodonClient", "MastodonPublisher", "mastodon"]
