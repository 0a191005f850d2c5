"""Bluesky: records under keys of our own, so that asking again finds the post instead of making another."""

from outreach.publishing.bluesky.publisher import BlueskyPublisher, bluesky
from outreach.publishing.bluesky.session import BlueskySession

__all__ = ["BlueskyPublisher", "BlueskySession", "bluesky"]
