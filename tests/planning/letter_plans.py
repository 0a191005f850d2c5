"""Plans of letters alone, for tests: what became of each, by its id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from outreach.model.campaign import Expression, Pace
from outreach.model.plan import NotPlanned, PlanItem
from outreach.planning.context import Context
from outreach.planning.gates import Answer
from outreach.planning.plan import schedule
from outreach.planning.recipients import decide
from outreach.planning.world import World
from tests.planning import campaigns
from tests.planning.worlds import BRUSSELS, world

NO_GAP = (timedelta(0), timedelta(0))
FAST = Pace(per_hour=100_000, per_day=100_000, per_domain_per_hour=100_000, gap=NO_GAP)


@dataclass
class Gates:
    """Gates that are open but for those named, with why."""

    shut: Mapping[str, str]

    def __call__(self, expression: Expression, name: str) -> Answer:
        return Answer(holds=name not in self.shut, reason=self.shut.get(name, ""))


@dataclass
class Planned:
    """A plan's items and what it leaves out, by id."""

    items: list[PlanItem]
    left_out: list[NotPlanned]

    def __getitem__(self, ident: str) -> PlanItem:
        return next(item for item in self.items if item.id == ident)

    @property
    def reasons(self) -> dict[str, str]:
        """Why letters are left out, by `WAVE/CONTACT`."""
        return {f"{out.wave}/{out.contact}": out.reason for out in self.left_out}

    @property
    def states(self) -> dict[str, str]:
        return {item.id: str(item.state) for item in self.items}


def planned(*waves: Any, shut: Mapping[str, str] | None = None, **keys: Any) -> Planned:
    """The plan of a campaign in Brussels that has no pace unless it says so."""
    of_campaign = {key: keys.pop(key) for key in ("calendar", "pace", "timezone") if key in keys}
    campaign = campaigns.campaign(*waves, **{"timezone": BRUSSELS, "pace": FAST, **of_campaign})
    defaults: dict[str, Any] = {"templates": (campaigns.template(), campaigns.template("again")), "campaign": campaign}
    return plan(world(**{**defaults, **keys}), shut)


def plan(world: World, shut: Mapping[str, str] | None = None) -> Planned:
    context = Context(world, Gates(shut or {}))
    return Planned(*schedule(context, decide(context)))


def wall(text: str) -> datetime:
    """A naive wall time: `2026-01-13 09:00`."""
    return datetime.fromisoformat(text)
