"""The plan played forward: all that is due is sent, and nobody answers."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from outreach.model.campaign import Calendar
from outreach.model.plan import Plan
from outreach.model.post import AfterPost
from outreach.model.times import Delay, Hours
from outreach.planning.plan import plan
from outreach.planning.simulation import simulate
from outreach.planning.world import World
from tests.planning.campaigns import campaign, contact, expression, follow_up, form, template, wave
from tests.planning.letter_plans import FAST, wall
from tests.planning.worlds import BRUSSELS, NOW, post, world

THREE_HOURS = Delay(length=timedelta(hours=3), text="3h")
OFFICE = Calendar(days=(2, 3, 4), hours=Hours(opens=time(9), closes=time(17)))


def a_world(*waves: Any, **keys: Any) -> World:
    made = campaign(*waves, timezone=BRUSSELS, pace=FAST, calendar=OFFICE)
    return world(**{"campaign": made, "templates": (template(), template("again")), **keys})


def said(found: Plan) -> list[tuple[str, str, str]]:
    return [(item.id, str(item.state), f"{item.due:%d %b %H:%M}" if item.due else "") for item in found.items]


def test_follow_ups_come_when_the_letter_before_them_would_have_left() -> None:
    at_work = a_world(wave(start=wall("2026-01-13 00:00"), follow_up=follow_up("again")), contacts=(contact("osi"),))
    first, second = ("first/osi/0", "waiting", "13 Jan 08:00"), ("first/osi/1", "waiting", "27 Jan 08:00")
    assert said(simulate(at_work, 30, plan)) == [first, second]
    assert said(simulate(at_work, 8, plan)) == [first]


def test_the_world_that_was_played_forward_is_as_before() -> None:
    present = a_world(wave(), contacts=(contact("osi"),))
    before = plan(present)
    simulate(present, 5, plan)
    assert plan(present) == before


def test_what_only_a_person_can_judge_does_not_happen() -> None:
    gated = wave(needs=expression("decision('reddit') == 'go'"))
    assert [row[:2] for row in said(simulate(a_world(gated, contacts=(contact("osi"),)), 60, plan))] == [
        ("first/osi/0", "held")
    ]


def test_texts_are_pasted_and_posts_set_others_going() -> None:
    first = post("first", "bluesky", at=wall("2026-01-07 10:00"))
    second = post("second", "bluesky", after=AfterPost(post="first", delay=THREE_HOURS))
    by_hand = contact("form", channels=(form(),))
    found = simulate(a_world(wave(), contacts=(by_hand,), posts=(first, second)), 4, plan)
    assert [row[0] for row in said(found)] == ["first/form/0", "first/bluesky", "second/bluesky"]
    moments = [item.due for item in found.items if item.due and item.post]
    assert moments[1] - moments[0] == timedelta(hours=3)
    assert found.now == NOW
