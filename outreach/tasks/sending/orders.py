"""What was asked for, and the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime

from outreach.model.action import Action, ActionResult
from outreach.model.campaign import Campaign
from outreach.model.records import dataclass
from outreach.tasks.interruption import Interruption

BY_YOU = "at your request"
"""Why a run ended that a person ended."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SendOrder:
    """Which letters (of one wave, or all), whether for real (`go`), how many at most, and whether to wait.

    `only` are the letters that a person saw, by id, with their digests: no other one goes out, and none that changed.
    `brief`: nobody reads what is left when the run ends, so it is not planned again.
    """

    wave: str | None = None
    go: bool = False
    limit: int | None = None
    wait: bool = True
    late: bool = False
    only: Mapping[str, str] | None = None
    brief: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a run is: letters done and left, since when (aware UTC), and until when it waits."""

    done: int
    left: int
    began: datetime
    now: datetime
    waits_until: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """What a run asks of whoever called it: to confirm what will leave, and to be told how far it is.

    `interruption` is where somebody may ask it to stop, beside Ctrl-C.
    """

    confirm: Callable[[SendResult], bool] = lambda planned: True
    progress: Callable[[Progress], None] = lambda progress: None
    interruption: Interruption | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SendResult:
    """What became of each letter, in the order in which they would leave.

    `stopped` says why the run ended before it was through, "" where it was; `next` is the aware UTC
    instant at which the next letter may leave, `copies` what became of the copies in Sent, in words; `names` are
    those of the contacts, by id. `note` is what asking other computers brought, in a sentence.
    """

    campaign: Campaign
    actions: tuple[Action, ...]
    now: datetime
    acted: bool = False
    stopped: str = ""
    next: datetime | None = None
    copies: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    def of(self, *results: ActionResult) -> tuple[Action, ...]:
        """The actions that ended so."""
        return tuple(action for action in self.actions if action.result in results)
