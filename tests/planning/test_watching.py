"""What a watch looks for: the next 24 hours, what a person is told once, and when it looks again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from outreach.model.plan import ItemKind, ItemState, Plan, PlanItem
from outreach.planning.watching import AHEAD, PAUSE, looks_again, next_day, reminders

NOW = datetime(2026, 1, 13, 9, tzinfo=UTC)

moments = st.none() | st.timedeltas(timedelta(days=-3), timedelta(days=3)).map(lambda away: NOW + away)
items = st.builds(
    PlanItem,
    id=st.text("abc/", min_size=1, max_size=4),
    kind=st.sampled_from(ItemKind),
    state=st.sampled_from(ItemState),
    zone=st.just("Europe/Brussels"),
    due=moments,
    network=st.sampled_from([None, "bluesky", "reddit"]),
)
plans = st.builds(Plan, now=st.just(NOW), items=st.lists(items, max_size=8).map(tuple))


@given(plan=plans)
def test_the_next_day_holds_what_goes_out_by_then_and_no_held_thing(plan: Plan) -> None:
    shown = next_day(plan).items
    for item in shown:
        assert item.state in (ItemState.DUE, ItemState.WAITING)
        assert item.due is None or item.due <= NOW + AHEAD
    for item in plan.items:
        if item.kind is not ItemKind.TASK and item.state is ItemState.DUE and (item.due or NOW) <= NOW:
            assert item in shown


@given(plan=plans)
def test_a_person_is_told_of_each_thing_once_as_it_stands(plan: Plan) -> None:
    first = reminders(plan, set())
    assert reminders(plan, {(item.id, item.state) for item in first}) == ()
    assert {item for item in plan.items if item.state in (ItemState.MISSED, ItemState.IN_DOUBT)} <= set(first)


@given(plan=plans, moment=moments)
def test_it_looks_again_after_a_pause_or_when_something_waits_no_longer(plan: Plan, moment: datetime | None) -> None:
    again = looks_again(plan, moment)
    assert NOW < again <= NOW + PAUSE
    for item in plan.items:
        if item.state is ItemState.WAITING and item.due is not None and item.due > NOW:
            assert again <= item.due
