"""The shipped campaign, planned from 14 December 2025 on: its posts, its decisions, its gates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.campaign.checklists import load_checklists
from outreach.model.past import Past
from outreach.model.plan import ItemState, PlanItem
from outreach.model.problem import blocked
from outreach.planning.gates import gate_of, gates_of, newly_open
from outreach.planning.posts import plan_posts
from outreach.planning.tasks import plan_tasks
from outreach.planning.world import World
from outreach.tasks.campaign import load
from outreach.words.wall_time import zone
from tests.planning.worlds import at, published

START = at("2025-12-14 09:00")
POSTED = "2026-01-06 13:00"


@pytest.fixture(scope="module")
def at_the_start(root: Path) -> World:
    loaded = load(root)
    checklists, _ = load_checklists(root)
    return World(
        campaign=loaded.campaign,
        contacts=loaded.folder.contacts,
        templates=loaded.folder.templates,
        posts=loaded.folder.posts,
        checklists=tuple(checklists),
        past=Past(),
        now=START,
        blocked=blocked(loaded.problems),
    )


def later(made: World, now: str | datetime, **past: Any) -> World:
    keys = {key: getattr(made, key) for key in World.__slots__}
    instant = at(now) if isinstance(now, str) else now
    return World(**{**keys, "now": instant, "past": Past(**past)})


def planned(made: World) -> dict[str, PlanItem]:
    return {item.id: item for item in [*plan_posts(made, gate_of(made)), *plan_tasks(made)]}


def test_the_window_of_the_notes_holds_no_moment_and_the_nearest_is_named(at_the_start: World) -> None:
    item = planned(at_the_start)["r-linux/reddit"]
    assert (item.state, item.due) == (ItemState.HELD, None)
    assert "from 2026-01-02 to 2026-01-05 (Tuesday to Thursday, 08:00-10:00 America/New_York)" in item.reason
    assert "the nearest is Tuesday 6 January 2026, 14:00-16:00 CET (08:00-10:00 EST)" in item.reason


def test_nothing_else_goes_out_before_r_linux_was_posted(at_the_start: World) -> None:
    for now in ("2025-12-14 09:00", "2026-01-06 13:00"):
        items = planned(later(at_the_start, now))
        for name in ("thread/bluesky", "thread/mastodon", "r-opensource/reddit", "hackernews/hackernews"):
            assert items[name].state is ItemState.HELD
            assert items[name].reason.startswith("after r-linux, which is not posted yet")
    held = planned(at_the_start)["thread/bluesky"].reason
    assert held.endswith("the post 'r-linux' has no number of upvotes yet")


def test_the_threads_follow_two_days_after_the_post_that_was_really_noted(at_the_start: World) -> None:
    posted = published("r-linux", "reddit", POSTED, upvotes=120)
    items = planned(later(at_the_start, "2026-01-07 08:00", posts=posted))
    assert items["r-linux/reddit"].state is ItemState.DONE
    for network in ("bluesky", "mastodon"):
        item = items[f"thread/{network}"]
        assert (item.state, item.due) == (ItemState.WAITING, at("2026-01-08 13:00"))
    assert items["r-opensource/reddit"].due == at("2026-01-07 13:00")
    assert "https://www.reddit.com/r/opensource/submit" in items["r-opensource/reddit"].reason
    due = planned(later(at_the_start, "2026-01-08 13:00", posts=posted))
    assert due["thread/bluesky"].state is ItemState.DUE


def test_too_few_upvotes_hold_the_threads_and_say_so(at_the_start: World) -> None:
    posted = published("r-linux", "reddit", POSTED, upvotes=20)
    item = planned(later(at_the_start, "2026-01-08 13:00", posts=posted))["thread/mastodon"]
    assert (item.state, item.due) == (ItemState.HELD, at("2026-01-08 13:00"))
    assert item.reason == "posts['r-linux'].upvotes is 20; needs posts['r-linux'].upvotes >= 50"


def test_hacker_news_waits_for_its_own_decision(at_the_start: World) -> None:
    posted = published("r-linux", "reddit", POSTED, upvotes=120)
    items = planned(later(at_the_start, "2026-01-14 09:00", posts=posted))
    assert items["hackernews/hackernews"].reason == "you have not decided 'hackernews' yet"
    assert (items["decision/hackernews"].state, items["decision/hackernews"].due) == (
        "due",
        at(POSTED) + timedelta(days=7),
    )
    said_yes = {"hackernews": ("yes", at("2026-01-14 10:00"))}
    item = planned(later(at_the_start, "2026-01-14 11:00", posts=posted, decisions=said_yes))["hackernews/hackernews"]
    assert (item.state, item.due) == (ItemState.DUE, at("2026-01-13 13:00"))


def test_the_decision_is_asked_before_the_organisations_are_written_to(at_the_start: World) -> None:
    first = min(wave.start for wave in at_the_start.campaign.waves if wave.start).replace(tzinfo=UTC)
    for posts in ({}, published("r-linux", "reddit", POSTED), published("r-linux", "reddit", "2026-01-11 13:00")):
        item = planned(later(at_the_start, first - timedelta(hours=2), posts=posts))["decision/reddit"]
        assert item.state is ItemState.DUE
        assert item.due is not None
        assert item.due < first
    assert planned(at_the_start)["decision/reddit"].state is ItemState.WAITING
    posted = published("r-linux", "reddit", POSTED)
    assert planned(later(at_the_start, "2026-01-07 09:00", posts=posted))["decision/reddit"].due == at(
        "2026-01-09 13:00"
    )


def test_no_wave_is_open_until_a_person_decided_to_go_on(at_the_start: World) -> None:
    waves = [name for name, _ in gates_of(at_the_start) if name.startswith("wave:")]
    assert waves == ["wave:lobbying", "wave:operations", "wave:community", "wave:media"]
    assert newly_open(at_the_start) == []
    for choice, opened in (("stop", []), ("revise", []), ("go", waves), ("go-strong", waves)):
        made = later(at_the_start, "2026-01-12 09:00", decisions={"reddit": (choice, at("2026-01-10 09:00"))})
        assert [name for name, _ in newly_open(made)] == opened
        gate = gate_of(made)
        reasons = {gate(needs, name).reason for name, needs in gates_of(made) if name in waves}
        assert reasons == {
            f"decision('reddit') is '{choice}'"
            + ("" if opened else "; needs decision('reddit') in ['go', 'go-strong']")
        }


def test_the_press_is_reminded_only_with_a_noted_news_hook(at_the_start: World) -> None:
    gates = dict(gates_of(at_the_start))
    assert (
        gate_of(at_the_start)(gates["follow-up:media"], "follow-up:media").reason
        == "you have not decided 'news-hook' yet"
    )
    item = planned(at_the_start)["decision/news-hook"]
    assert (item.state, item.due) == (ItemState.WAITING, None)
    noted = later(at_the_start, "2026-02-20 09:00", decisions={"news-hook": ("yes", at("2026-02-19 09:00"))})
    assert gate_of(noted)(gates["follow-up:media"], "follow-up:media").holds


def test_people_find_their_tasks_from_the_first_day(at_the_start: World) -> None:
    items = planned(at_the_start)
    research = [item for name, item in items.items() if name.startswith("research/")]
    assert len(research) == 5
    assert all(item.state is ItemState.DUE and item.reason for item in research)
    ticks = [item for name, item in items.items() if name.startswith("checklist/before-posting/")]
    assert len(ticks) == 14
    assert {item.state for item in ticks} == {ItemState.DUE}


@given(posted=st.integers(0, 24 * 330), waited=st.integers(0, 24 * 60))
def test_no_post_goes_out_in_a_time_that_the_calendar_avoids(at_the_start: World, posted: int, waited: int) -> None:
    """Whenever r/linux is posted, also right before Christmas or the summer, and whenever one looks."""
    when = START + timedelta(hours=posted)
    now = when + timedelta(hours=waited)
    past = {
        "posts": published("r-linux", "reddit", when.strftime("%Y-%m-%d %H:%M"), upvotes=500),
        "decisions": {"hackernews": ("yes", now)},
    }
    for item in planned(later(at_the_start, now, **past)).values():
        if item.post is None or item.state not in (ItemState.DUE, ItemState.WAITING):
            continue
        goes_out = max(now, item.due or now).astimezone(zone("Europe/Brussels")).date()
        assert not any(span.contains(goes_out) for span in at_the_start.campaign.calendar.avoid), item
