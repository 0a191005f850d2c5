"""What a network is: everything that the rest of the program asks about one, as data and pure functions.

One module in this folder makes one of these, and `registry.py` lists it; keys, columns, checks and pages follow from
it. One that a program publishes to also names its adapter in `publishing`, by its dotted path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from outreach.model.contact import ChannelKind
from outreach.model.lookups import Lookups
from outreach.model.media import FittedMedium
from outreach.model.post import PostVersion
from outreach.model.publication import Publication, Published, ReadyPart
from outreach.model.records import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """The most a network takes in one part; None: no limit is known.

    `characters` is in the network's own way of counting, `bytes` in UTF-8, and `per_url` is what a
    link counts, however long it is (None: its own length).
    """

    characters: int | None = None
    bytes: int | None = None
    per_url: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """At most so many parts of posts in so many hours."""

    hours: int
    most: int

    @property
    def span(self) -> timedelta:
        """The hours as a length of time."""
        return timedelta(hours=self.hours)


@dataclass(frozen=True, kw_only=True, slots=True)
class MediaRules:
    """The media of one post: how many, bytes of a picture, characters of an alt text, and whether it may move."""

    most: int
    bytes: int
    alt: int
    may_move: bool = False
    films: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountKey:
    """A key below `accounts: NETWORK:`; `kind` is what it holds: `url`, `handle`, `address` or `line`."""

    name: str
    kind: str
    doc: str
    required: bool = False
    default: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """What the record of one part is made of; `media`, `card` and `thumb` are those that are in this part."""

    version: PostVersion
    text: str
    language: str
    lookups: Lookups
    media: Sequence[FittedMedium] = ()
    card: str | None = None
    thumb: FittedMedium | None = None


def code_points(text: str, content_warning: str | None, limits: Limits) -> int:
    """The count of networks without a way of counting of their own."""
    return len(text)


def _plain(material: Material) -> dict[str, Any]:
    return {"text": material.text}


def _none_ready(
    publication: Publication, owner: str, out: Mapping[int, Published] | None = None
) -> tuple[ReadyPart, ...]:
    return ()


def _no_handles(text: str) -> list[str]:
    return []


def _effects(version: PostVersion, records: Sequence[Mapping[str, Any]]) -> list[str]:
    if not version.content_warning:
        return []
    return [f"Content warning: “{version.content_warning}” is not published; write it into the text"]


def _no_account(account: Mapping[str, str]) -> str:
    return ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Network:
    """One network.

    name, label      as files write it, and as people call it
    called           how notes call it: a regular expression, in lower case
    publisher        the dotted path of its adapter; "" where a person publishes
    account          the keys of its account; shown_account: how readers see whose post it is
    limits, count    the documented limits of a part, and how it counts (text, content warning, limits)
    looked_up        whether the server's own limits count where they were looked up
    counts_warning   whether a content warning counts with the text
    title            the longest title, in characters
    is_link          whether a post there is a title and a link
    has_threads      whether a line `---` in the body starts the next part
    about_account    the dotted path of what says how the network treats the account
    directory        the dotted path of what says whose a handle is, where they are looked up
    budgets          how many parts it takes in a while
    media            the rules for media; None: they are not published there
    shows_cards      whether the card of a link is published with the post
    handle           the kind of channel whose handles are mentioned there, and whose owners' replies are answers
    handles_in       the handles in a text that have to be looked up
    record, ready    the record of a part, and all parts with their keys below those that are out
    edits            whether readers see that a part was edited; else it is corrected by a reply
    effects          what a person should know before approving it, beside whom it notifies: sentences without a stop
    notified         the handles that a text notifies, of all that it mentions
    is_feed          whether a post looks like a card in a feed; else like a text
    submit           where a person publishes it (with the community in place of `{}`), and by doing what
    """

    name: str
    label: str
    called: str
    publisher: str = ""
    account: tuple[AccountKey, ...] = ()
    shown_account: Callable[[Mapping[str, str]], str] = _no_account
    limits: Limits = Limits()
    count: Callable[[str, str | None, Limits], int] = code_points
    looked_up: bool = False
    counts_warning: bool = False
    title: int | None = None
    has_threads: bool = False
    is_link: bool = False
    budgets: tuple[Budget, ...] = ()
    media: MediaRules | None = None
    shows_cards: bool = False
    handle: ChannelKind | None = None
    directory: str = ""
    about_account: str = ""
    handles_in: Callable[[str], list[str]] = _no_handles
    record: Callable[[Material], dict[str, Any]] = _plain
    ready: Callable[..., tuple[ReadyPart, ...]] = _none_ready
    edits: bool = False
    effects: Callable[[PostVersion, Sequence[Mapping[str, Any]]], list[str]] = _effects
    notified: Callable[[str, Lookups], list[str]] = lambda text, lookups: []
    is_feed: bool = True
    submit: Callable[[str], str] = lambda community: ""
    submit_by: str = "paste it at"

    @property
    def is_manual(self) -> bool:
        """Whether a person publishes there by hand."""
        return not self.publisher

    @property
    def example(self) -> str:
        """Its account as it would be in campaign.yaml: `mastodon: {server: https://...}`."""
        values = {"url": "https://..."}
        needed = ", ".join(f"{key.name}: {values.get(key.kind, '...')}" for key in self.account if key.required)
        return f"{self.name}: {{{needed}}}"
