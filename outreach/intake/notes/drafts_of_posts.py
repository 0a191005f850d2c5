"""A post while it is read, and the networks as people name them."""

from __future__ import annotations

from dataclasses import field
from typing import Any

import regex

from outreach.model.records import dataclass
from outreach.networks.registry import KNOWN

COMMUNITY = regex.compile(r"\br/\w{3,21}\b")
VOTES = regex.compile(r"(\d{2,6})\+?\s*(?:upvotes|points|punkte|likes|stimmen)")


@dataclass(kw_only=True)
class PostDraft:
    """A post while it is read."""

    stem: str
    networks: list[str]
    line: int
    body: str = ""
    is_thread: bool = False
    front: dict[str, Any] = field(default_factory=dict)
    hashtags: dict[str, list[str]] = field(default_factory=dict)


def networks_in(text: str) -> list[str]:
    """The networks that a heading or line names, in the order of the names of the format."""
    words = text.casefold()
    return [name for name, network in KNOWN.items() if regex.search(rf"(?<![\w.]){network.called}(?![\w.])", words)]
