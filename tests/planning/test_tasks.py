"""Tasks for people: decisions, checklists, promises, research, and whoever waits for an answer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.model.campaign import Decision
from outreach.model.checklist import Checklist, ChecklistItem
from outreach.model.event import EventKind
from outreach.model.past import Promise
from outreach.model.plan import ItemKind, ItemState, PlanItem
from outreach.planning.tasks import plan_tasks
from outreach.planning.world import World
from tests.planning.campaigns import campaign, contact, wave
from tests.planning.worlds import BRUSSELS, NOW, at, days, letter, pasts, post, published, world

BY = date(2026, 1, 12)
R_LINUX = (post("r-linux", "reddit"),)


def decision(**keys: Any) -> Decision:
    return Decision(id="reddit", ask="Do we write?", choices=("stop", "go"), **keys)


def decided(*decisions: Decision, **keys: Any) -> World:
    made = campaign(wave("media"), timezone=BRUSSELS, decisions=decisions)
    return world(campaign=made, posts=R_LINUX, **keys)


def only(made: World, letters: tuple[PlanItem, ...] = ()) -> PlanItem:
    [item] = plan_tasks(made, letters)
    assert item.kind is ItemKind.TASK
    assert item.zone == made.campaign.timezone
    return item


def state(item: PlanItem) -> tuple[str, object]:
    return item.state.value, item.due


# -- decisions ------------------------------------------------------------------------------------

POSTED = {"posts": published("r-linux", "reddit", "2026-01-06 10:00")}


def test_a_decision_is_asked_after_the_delay_since_the_post_was_really_published() -> None:
    asked = decision(after="r-linux", delay=days(3), by=BY)
    due = at("2026-01-09 10:00")
    before = only(decided(asked, past=POSTED, now=at("2026-01-09 09:59")))
    assert state(before) == ("waiting", due)
    assert before.reason == "until Fri 9 Jan 2026 11:00 CET: Do we write?"
    asked_now = only(decided(asked, past=POSTED, now=due))
    assert (asked_now.id, *state(asked_now)) == ("decision/reddit", "due", due)
    assert asked_now.reason == "Do we write? (by Monday 12 January 2026) Answer with: outreach decide reddit stop|go"


def test_a_decision_stays_due_after_its_day_and_says_so() -> None:
    asked = decision(after="r-linux", delay=days(3), by=BY)
    on_the_day = only(decided(asked, past=POSTED, now=at("2026-01-12 22:59")))
    assert "overdue" not in on_the_day.reason
    late = only(decided(asked, past=POSTED, now=at("2026-01-12 23:00")))
    assert late.state is ItemState.DUE
    assert late.reason.startswith("overdue since Mon 12 Jan 2026 23:59 CET: Do we write?")


def test_a_decision_after_something_that_did_not_happen_is_asked_on_its_last_day() -> None:
    asked = decision(after="r-linux", delay=days(3), by=BY)
    waiting = only(decided(asked, now=at("2026-01-11 22:59")))
    assert state(waiting) == ("waiting", at("2026-01-12 22:59"))
    assert waiting.reason == "after r-linux, which is not posted yet: Do we write?"
    assert only(decided(asked, now=at("2026-01-11 23:00"))).state is ItemState.DUE


def test_a_decision_that_would_be_asked_too_late_is_due_on_its_last_day() -> None:
    asked = decision(after="r-linux", delay=days(10), by=BY)
    assert state(only(decided(asked, past=POSTED))) == ("waiting", at("2026-01-12 22:59"))
    assert only(decided(asked, past=POSTED, now=at("2026-01-12 08:00"))).state is ItemState.DUE


def test_a_decision_after_nothing_can_be_taken_at_once() -> None:
    assert state(only(decided(decision(by=BY)))) == ("due", at("2026-01-12 22:59"))
    assert state(only(decided(decision()))) == ("due", None)


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        ("r-linux", "after r-linux, which is not posted yet: Do we write?"),
        ("media", "after media, of which no email was sent yet: Do we write?"),
        ("first", "after first, which is not decided yet: Do we write?"),
    ],
)
def test_a_decision_waits_without_a_day_for_what_has_not_happened(after: str, reason: str) -> None:
    item = only(decided(decision(after=after, delay=days(3))))
    assert (*state(item), item.reason) == ("waiting", None, reason)


def test_a_decision_after_another_is_counted_from_when_that_was_taken() -> None:
    past = {"decisions": {"first": ("go", at("2026-01-05 10:00"))}}
    assert state(only(decided(decision(after="first", delay=days(1)), past=past))) == ("due", at("2026-01-06 10:00"))


def test_a_decision_after_a_wave_is_counted_from_its_last_first_letter() -> None:
    past = {
        "contacts": pasts(
            a={"letters": (letter("media", "2026-01-03 10:00"), letter("media", "2026-01-05 09:00", step=1))},
            b={"letters": (letter("media", "2026-01-04 10:00"),)},
            c={"letters": (letter("media", "2026-01-05 10:00", kind=EventKind.REFUSED), letter("other"))},
        )
    }
    asked = decision(after="media", delay=days(1))
    assert state(only(decided(asked, past=past))) == ("due", at("2026-01-05 10:00"))
    ahead = PlanItem(
        id="media/d/0", kind=ItemKind.LETTER, state=ItemState.WAITING, zone="UTC", wave="media", step=0, due=NOW
    )
    held = PlanItem(
        id="media/e/0",
        kind=ItemKind.LETTER,
        state=ItemState.HELD,
        zone="UTC",
        wave="media",
        step=0,
        due=at("2027-01-01"),
    )
    later = only(decided(asked, past=past), (ahead, held))
    assert state(later) == ("waiting", NOW + timedelta(days=1))


def test_a_decision_that_was_taken_is_done() -> None:
    past = {"decisions": {"reddit": ("stop", at("2026-01-05 10:00"))}}
    item = only(decided(decision(by=date(2026, 1, 2)), past=past))
    assert (*state(item), item.reason) == ("done", at("2026-01-05 10:00"), "decided: stop")


@given(st.integers(-400, 400), st.integers(0, 400), st.none() | st.dates(date(2025, 12, 20), date(2026, 1, 20)))
def test_a_decision_never_goes_back_to_waiting(posted: int, delay: int, by: date | None) -> None:
    when = NOW + timedelta(hours=posted)
    asked = decision(after="r-linux", delay=days(delay), by=by)
    past = {"posts": published("r-linux", "reddit", when.strftime("%Y-%m-%d %H:%M"))}
    states = [only(decided(asked, past=past, now=NOW + timedelta(hours=6 * n))).state for n in range(-60, 60)]
    first_due = next((n for n, each in enumerate(states) if each is ItemState.DUE), len(states))
    assert set(states[:first_due]) <= {ItemState.WAITING}
    assert set(states[first_due:]) <= {ItemState.DUE}


# -- checklists, promises, research, answers ------------------------------------------------------


def test_each_line_of_a_checklist_is_a_task_until_it_is_ticked() -> None:
    items = (
        ChecklistItem(text="Read the brief", ticked=False, line=5),
        ChecklistItem(text="Done", ticked=True, line=6),
    )
    made = world(checklists=(Checklist(name="before", file="checklists/before.md", items=items),))
    assert [(item.id, *state(item), item.reason) for item in plan_tasks(made)] == [
        ("checklist/before/5", "due", None, "Read the brief"),
        ("checklist/before/6", "done", None, "Done"),
    ]


def promised(due: date | None, now: str, **past: Any) -> list[PlanItem]:
    promise = Promise(number=7, due=due, owner=None, text="sends the study")
    made = world(
        contacts=(contact("osi", owner="maria"),),
        past={"contacts": pasts(osi={"promises": (promise,), **past})},
        now=at(now),
    )
    return plan_tasks(made)


def test_a_promise_is_due_all_of_its_day_and_overdue_after_it() -> None:
    for now, name, reason in [
        ("2026-01-14 22:59", "waiting", "sends the study"),
        ("2026-01-14 23:00", "due", "sends the study"),
        ("2026-01-15 22:59", "due", "sends the study"),
        ("2026-01-15 23:00", "due", "overdue since Thu 15 Jan 2026 23:59 CET: sends the study"),
    ]:
        [item] = promised(date(2026, 1, 15), now)
        assert (item.id, *state(item), item.reason) == ("promise/7", name, at("2026-01-15 22:59"), reason)
        assert (item.contact, item.owner) == ("osi", "maria")


def test_a_promise_without_a_day_is_due_without_one() -> None:
    assert [state(item) for item in promised(None, "2026-01-06 12:00")] == [("due", None)]


@pytest.mark.parametrize("over", ["closed", "opted_out"])
def test_where_all_is_over_nobody_has_to_do_anything(over: str) -> None:
    assert promised(None, "2026-01-06 12:00", answered=NOW, **{over: NOW}) == []


def test_a_contact_to_research_is_a_task_that_says_what_is_missing() -> None:
    contacts = (
        contact("dg", missing="the right unit", owner="jo"),
        contact("ep", missing="how to reach them"),
        contact("never", missing="an address", do_not_contact="they asked"),
        contact("osi"),
    )
    found = plan_tasks(world(contacts=contacts))
    assert [(item.id, item.contact, item.owner, *state(item), item.reason) for item in found] == [
        ("research/dg", "dg", "jo", "due", None, "the right unit"),
        ("research/ep", "ep", None, "due", None, "how to reach them"),
    ]


def test_whoever_had_the_last_word_waits_for_an_answer() -> None:
    earlier, later = NOW - timedelta(days=2), NOW - timedelta(days=1)
    made = world(
        contacts=(contact("osi", owner="jo"), contact("ofe"), contact("fsfe")),
        past={
            "contacts": pasts(
                osi={"answered": later, "ours": earlier},
                ofe={"answered": earlier, "ours": later},
                fsfe={"answered": later, "ours": later},
                gone={"answered": later},
            )
        },
    )
    assert [(item.id, item.contact, item.owner, *state(item), item.reason) for item in plan_tasks(made)] == [
        ("answer/osi", "osi", "jo", "due", later, "answer them"),
        ("answer/gone", "gone", None, "due", later, "answer them"),
    ]
