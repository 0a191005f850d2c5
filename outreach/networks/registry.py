"""The networks that there are, in the order in which they are named and published to."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from outreach.networks.base import Network


class _Networks(MutableMapping[str, "Network"]):
    """Networks by name. Each is imported when something is asked of it: many a campaign has no posts."""

    def __init__(self, **places: str) -> None:
        """`places`: the module of each in this room, and what it is called there."""
        self._found: dict[str, str | Network] = {name.replace("_", "-"): place for name, place in places.items()}

    def __getitem__(self, name: str) -> Network:
        found = self._found[name]
        if isinstance(found, str):
            module, _, called = found.partition(".")
            found = self._found[name] = cast("Network", getattr(import_module(f"outreach.networks.{module}"), called))
        return found

    def __setitem__(self, name: str, network: Network) -> None:
        self._found[name] = network

    def __delitem__(self, name: str) -> None:
        del self._found[name]

    def __contains__(self, name: object) -> bool:
        return name in self._found

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


KNOWN = _Networks(
    bluesky="bluesky.BLUESKY",
    mastodon="mastodon.MASTODON",
    reddit="manual.REDDIT",
    hackernews="manual.HACKERNEWS",
    x="x.X",
    linkedin="manual.LINKEDIN",
    mailing_list="manual.MAILING_LIST",
)


def network_of(name: str) -> Network:
    """What is known of a network, by the name that files have for it."""
    return KNOWN[name]


def published() -> list[Network]:
    """Those to which a program publishes, in the order in which it does."""
    return [network for network in KNOWN.values() if not network.is_manual]
