"""The agenda: in order, day by day, in local time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from outreach.model.plan import ItemKind, ItemState, Plan, PlanItem
from outreach.planning.agenda import by_day, in_order, local_text
from outreach.planning.plan import plan
from outreach.words.wall_time import zone
from tests.planning.worlds import BRUSSELS, NOW, at, post, world


def item(ident: str, due: datetime | None = None, **keys: Any) -> PlanItem:
    return PlanItem(id=ident, kind=ItemKind.TASK, state=ItemState.DUE, due=due, **{"zone": BRUSSELS, **keys})


DUE = at("2026-01-13 08:00")


def test_local_time_is_said_with_its_zone() -> None:
    assert local_text(item("a", DUE)) == "Tue 13 Jan 2026 09:00 CET"
    assert local_text(item("a", at("2026-07-14 08:00"))) == "Tue 14 Jul 2026 10:00 CEST"
    assert local_text(item("a")) == ""


def test_the_recipients_time_follows_where_it_is_another() -> None:
    assert local_text(item("a", DUE, recipient_zone="America/New_York")) == "Tue 13 Jan 2026 09:00 CET (03:00 EST)"
    assert local_text(item("a", DUE, recipient_zone="Europe/Berlin")) == "Tue 13 Jan 2026 09:00 CET"
    assert local_text(item("a", DUE, recipient_zone="Asia/Kathmandu")).endswith("(13:45 UTC+05:45)")
    early = item("a", at("2026-01-13 00:30"), recipient_zone="America/New_York")
    assert local_text(early) == "Tue 13 Jan 2026 01:30 CET (Mon 12 Jan 2026 19:30 EST)"


def test_items_are_grouped_by_the_day_on_our_clocks_and_those_without_one_come_last() -> None:
    items = in_order([item("d"), item("c", at("2026-01-12 23:30")), item("b", DUE), item("a", DUE), item("e", NOW)])
    days = by_day(Plan(now=NOW, items=items), zone(BRUSSELS))
    assert [(day, [each.id for each in found]) for day, found in days] == [
        (date(2026, 1, 6), ["e"]),
        (date(2026, 1, 13), ["c", "a", "b"]),
        (None, ["d"]),
    ]


def test_lines_of_a_checklist_stay_in_their_order() -> None:
    names = ["checklist/a/5", "checklist/a/12", "checklist/b/1"]
    assert [each.id for each in in_order(item(name) for name in reversed(names))] == names


@given(st.lists(st.none() | st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1)), max_size=20))
def test_no_item_is_lost_and_the_order_is_that_of_time(instants: list[datetime | None]) -> None:
    items = in_order(item(f"i{number}", due) for number, due in enumerate(instants))
    assert {each.id for each in items} == {f"i{number}" for number in range(len(instants))}
    dues = [each.due for each in items if each.due is not None]
    assert dues == sorted(dues)
    assert [each.due for each in items[len(dues) :]] == [None] * (len(items) - len(dues))
    grouped = by_day(Plan(now=NOW, items=items), zone("Pacific/Apia"))
    assert [each for _, found in grouped for each in found] == list(items)


def test_a_plan_has_posts_and_tasks_in_order() -> None:
    at_ten = datetime(2026, 1, 7, 10)
    made = world(posts=(post("later", "x"), post("b", "x", at=at_ten), post("a", "x", at=at_ten)))
    found = plan(made)
    assert [each.id for each in found.items] == ["a/x", "b/x", "later/x"]
    assert found.now == NOW
    assert found == plan(made)
    assert found.items[0].due == NOW.replace(hour=9) + timedelta(days=1)


@given(st.lists(st.text(alphabet="a/-019é", max_size=8), max_size=12))
def test_items_at_one_time_stand_by_id_with_numbers_as_numbers(ids: list[str]) -> None:
    def pieces(id: str) -> tuple[list[str | int], str]:
        found: list[str | int] = [*re.split("([0-9]+)", id)]
        return [int(each) if at % 2 else each for at, each in enumerate(found)], id

    assert [each.id for each in in_order(item(id, DUE) for id in ids)] == sorted(ids, key=pieces)
