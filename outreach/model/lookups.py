"""What was looked up on the network and written into `lookups.yaml`, so that drafting asks nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date

from outreach.model.records import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """What a page says of itself; `thumb` is a file of the campaign's, None for none."""

    url: str
    title: str
    description: str = ""
    thumb: str | None = None
    on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerLimits:
    """What a Mastodon server allows; None if it was not asked."""

    server: str = ""
    characters: int | None = None
    per_url: int | None = None
    media: int | None = None
    description: int | None = None
    on: date | None = None


NOBODY = "none"
"""In the place of a DID: the handle was looked up, and belongs to no account."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lookups:
    """`handles` maps Bluesky handles (casefolded) to DIDs or NOBODY, `cards` addresses to what was found there."""

    handles: Mapping[str, str] = field(default_factory=dict)
    cards: Mapping[str, Card] = field(default_factory=dict)
    mastodon: ServerLimits = ServerLimits()

    @property
    def dids(self) -> Mapping[str, str]:
        """The handles that belong to an account, with its DID."""
        return {handle: did for handle, did in self.handles.items() if did != NOBODY}


def of_server(lookups: Lookups, server: str) -> Lookups:
    """What was looked up; limits of another Mastodon server than the account's say nothing."""
    same = lookups.mastodon.server.rstrip("/") == server.rstrip("/")
    return lookups if same else replace(lookups, mastodon=ServerLimits())
