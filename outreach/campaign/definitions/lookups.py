"""The keys of `lookups.yaml`, which `outreach lookup` writes and people may edit."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from outreach.campaign.definitions.definition import Definition, key, noun
from outreach.campaign.definitions.shapes import GroupOf
from outreach.campaign.values import addresses, plain, times
from outreach.model.lookups import Card, Lookups, ServerLimits


class HandleKeys(Definition, what="handle"):
    did: Annotated[str, plain.line_text("did:plc:...")] = key(
        "The account's identifier; none: it belongs to no account", required=True
    )
    on: Annotated[date | None, times.day] = key("The day on which it was new")


class CardKeys(Definition, what="card"):
    title: Annotated[str, plain.text()] = key("What the page calls itself", required=True)
    description: Annotated[str | None, plain.text()] = key("What it says of itself")
    thumb: Annotated[str | None, plain.path()] = key("Its picture, from the campaign folder on")
    on: Annotated[date | None, times.day] = key("The day on which it was new")


class ServerKeys(Definition, what="server"):
    server: Annotated[str, addresses.url] = key("The Mastodon server", required=True)
    characters: Annotated[int | None, plain.integer(1)] = key("How long a post may be")
    per_url: Annotated[int | None, plain.integer(1)] = key("How many of them an address counts")
    media: Annotated[int | None, plain.integer(0)] = key("How many pictures a post may have")
    description: Annotated[int | None, plain.integer(1)] = key("How long the description of one may be")
    on: Annotated[date | None, times.day] = key("The day on which it was new")


class LookupsKeys(Definition, what="lookup"):
    handles: Annotated[dict[str, HandleKeys], GroupOf()] = key("Who the handles belong to", default={})
    cards: Annotated[dict[str, CardKeys], GroupOf()] = key("What pages say of themselves", default={})
    mastodon: ServerKeys | None = key("What your Mastodon server allows")

    def lookups(self) -> Lookups:
        """The noun, with what is whole."""
        return Lookups(
            handles={name.casefold(): each.did for name, each in self.handles.items() if "did" in each},
            cards={url: noun(Card, each, url=url) for url, each in self.cards.items() if "title" in each},
            mastodon=noun(ServerLimits, self.mastodon) if self.mastodon else ServerLimits(),
        )
