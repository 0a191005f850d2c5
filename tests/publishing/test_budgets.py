"""How much each network takes, as its documentation says, and from when it takes more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from outreach.networks.base import Budget
from outreach.networks.budgets import why_not_more
from outreach.networks.registry import network_of

NOON = datetime(2026, 1, 6, 12, tzinfo=UTC)


def reason(network: str, budget: Budget, asked: int, wanted: int) -> str:
    instants = [NOON + timedelta(seconds=number) for number in range(asked)]
    return why_not_more(network, budget, instants, wanted, lambda instant: f"{instant:%H:%M:%S}")


def test_mastodon_takes_300_statuses_in_three_hours() -> None:
    [budget] = network_of("mastodon").budgets
    assert budget.span == timedelta(hours=3)
    assert reason("mastodon", budget, asked=299, wanted=1) == ""
    assert "300 posts in 3 hours" in reason("mastodon", budget, asked=300, wanted=1)


def test_bluesky_takes_5000_points_an_hour_and_35000_a_day_at_3_a_post() -> None:
    assert [(budget.span, budget.most) for budget in network_of("bluesky").budgets] == [
        (timedelta(hours=1), 1666),
        (timedelta(hours=24), 11666),
    ]


def test_a_refusal_names_the_instant_at_which_enough_has_run_out() -> None:
    budget = Budget(hours=3, most=300)
    assert reason("mastodon", budget, asked=300, wanted=1).endswith("again from 15:00:00")
    assert reason("mastodon", budget, asked=300, wanted=11).endswith("again from 15:00:10")
    assert "these are 301" in reason("mastodon", budget, asked=0, wanted=301)
