"""What was asked for, and the result."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from outreach.model.action import Action, ActionResult
from outreach.model.campaign import Campaign
from outreach.model.post import PostVersion
from outreach.model.records import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishOrder:
    """Which post (or version, `POST/NETWORK`; None: all), whether for real, and whether also what is late.

    `network`: only through the account there.

    `again` publishes again what was taken down, and tries what was refused as it is. `only` are the versions that a
    person saw, by id, with their digests: no other one goes out, and none that changed.
    """

    post: str | None = None
    network: str | None = None
    go: bool = False
    late: bool = False
    again: bool = False
    only: Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ByHand:
    """A text that a person publishes, and where."""

    version: PostVersion
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishResult:
    """What became of each version, in the order of the plan; `by_hand` are the texts that wait for a person.

    `before` are those that were out before. `named` says that one post was asked for. `note` is what asking other
    computers brought.
    """

    campaign: Campaign
    actions: tuple[Action, ...]
    now: datetime
    acted: bool = False
    by_hand: tuple[ByHand, ...] = ()
    before: frozenset[str] = frozenset()
    named: bool = False
    note: str = ""

    def of(self, *results: ActionResult) -> tuple[Action, ...]:
        """The actions that ended so."""
        return tuple(action for action in self.actions if action.result in results)
