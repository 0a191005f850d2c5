"""Posts: due, waiting, held, missed or done, each with the sentence that says why."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.model.campaign import Calendar
from outreach.model.past import Hold, Past, PostPast
from outreach.model.plan import ItemKind, ItemState, PlanItem
from outreach.model.post import AfterPost, Post, PostVersion
from outreach.model.times import Delay, Hours, Window, YearlySpan
from outreach.planning.gates import gate_of
from outreach.planning.moments_of_posts import GRACE
from outreach.planning.posts import plan_posts
from outreach.words.wall_time import zone
from outreach.words.windows import each_moment
from tests.planning.campaigns import campaign, expression
from tests.planning.worlds import BRUSSELS, NOW, at, days, post, published, world

NEW_YORK = "America/New_York"
CHRISTMAS = YearlySpan(first=(12, 24), last=(1, 1), why="holidays")
MORNING = Hours(opens=time(9), closes=time(12))


def window(first: str, last: str, **keys: Any) -> Window:
    return Window(first=date.fromisoformat(first), last=date.fromisoformat(last), **keys)


def naive(text: str) -> datetime:
    return datetime.fromisoformat(text)


def planned(*posts: Post, calendar: Calendar = Calendar(), **keys: Any) -> list[PlanItem]:  # noqa: B008
    made = world(campaign=campaign(timezone=BRUSSELS, calendar=calendar), posts=posts, **keys)
    return plan_posts(made, gate_of(made))


def only(*posts: Post, **keys: Any) -> PlanItem:
    [item] = planned(*posts, **keys)
    return item


def told(item: PlanItem) -> tuple[str, str]:
    return item.state.value, item.reason


# -- at -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-01-06 12:59", ItemState.WAITING),
        ("2026-01-06 13:00", ItemState.DUE),
        ("2026-01-06 14:00", ItemState.DUE),
        ("2026-01-06 14:01", ItemState.MISSED),
        ("2026-01-09 13:00", ItemState.MISSED),
    ],
)
def test_a_post_is_due_at_its_time_and_missed_an_hour_later(now: str, state: ItemState) -> None:
    item = only(post("p", "bluesky", at=naive("2026-01-06 14:00")), now=at(now))
    assert (item.state, item.due, item.id, item.kind) == (state, at("2026-01-06 13:00"), "p/bluesky", ItemKind.POST)


def test_what_lies_ahead_says_until_when_and_what_is_missed_since_when() -> None:
    made = post("p", "bluesky", at=naive("2026-01-06 14:00"))
    assert only(made, now=NOW).reason == "until Tue 6 Jan 2026 14:00 CET"
    late = only(made, now=NOW + timedelta(days=1))
    assert late.reason == "it was planned for Tue 6 Jan 2026 14:00 CET; choose another time"


def test_a_time_that_does_not_exist_is_refused() -> None:
    item = only(post("p", "bluesky", at=naive("2026-03-29 02:30")))
    assert (item.state, item.due) == (ItemState.HELD, None)
    assert item.reason.startswith("the time 2026-03-29 02:30 does not exist in Europe/Brussels")
    assert item.reason.endswith("the first time that exists after it is 2026-03-29 03:00")


def test_of_a_time_that_comes_twice_the_first_is_taken_and_said() -> None:
    item = only(post("p", "bluesky", at=naive("2026-10-25 02:30")))
    assert (item.state, item.due) == (ItemState.WAITING, at("2026-10-25 00:30"))
    assert "comes twice" in item.reason


def test_a_time_that_the_calendar_avoids_is_held() -> None:
    item = only(post("p", "bluesky", at=naive("2026-12-26 10:00")), calendar=Calendar(avoid=(CHRISTMAS,)))
    reason = "Saturday 26 December 2026 is in a time that the calendar avoids (12-24 to 01-01: holidays)"
    assert told(item) == ("held", reason)
    assert item.due == at("2026-12-26 09:00")


# -- window ---------------------------------------------------------------------------------------


def test_a_window_gives_its_first_moment_from_now_on() -> None:
    made = post("p", "bluesky", window=window("2026-01-05", "2026-01-07", hours=MORNING))
    for now, state, due in [
        ("2026-01-01 00:00", "waiting", "2026-01-05 08:00"),
        ("2026-01-05 10:59", "due", "2026-01-05 08:00"),
        ("2026-01-05 11:00", "waiting", "2026-01-06 08:00"),
        ("2026-01-07 10:59", "due", "2026-01-07 08:00"),
        ("2026-01-07 11:00", "missed", "2026-01-07 08:00"),
    ]:
        item = only(made, now=at(now))
        assert (item.state, item.due) == (state, at(due)), now


def test_a_window_without_a_moment_is_held_and_names_the_nearest_in_both_zones() -> None:
    hours = Hours(opens=time(8), closes=time(10))
    made = window("2026-01-02", "2026-01-05", days=(2, 3, 4), hours=hours, timezone=NEW_YORK)
    item = only(post("p", "reddit", window=made), now=at("2025-12-14 09:00"), blocked=frozenset({"post:p"}))
    assert item.state is ItemState.HELD
    assert item.due is None
    assert item.reason == (
        "the window from 2026-01-02 to 2026-01-05 (Tuesday to Thursday, 08:00-10:00 America/New_York) has no "
        "time for it; the nearest is Tuesday 6 January 2026, 14:00-16:00 CET (08:00-10:00 EST)"
    )
    assert item.recipient_zone == NEW_YORK


# -- after ----------------------------------------------------------------------------------------


def follower(**keys: Any) -> Post:
    return post("thread", "bluesky", after=AfterPost(post="r-linux", delay=days(2)), **keys)


def test_a_post_waits_for_the_other_one_to_be_really_published() -> None:
    item = only(follower())
    assert told(item) == ("held", "after r-linux, which is not posted yet")
    assert item.due is None


def test_the_delay_is_counted_from_the_first_publication_on_any_network() -> None:
    past = {**published("r-linux", "x", "2026-01-04 10:00"), **published("r-linux", "reddit", "2026-01-05 15:00")}
    past["r-linux", "linkedin"] = PostPast(post="r-linux", network="linkedin", numbers={"likes": 1.0})
    item = only(follower(), past={"posts": past}, now=at("2026-01-06 09:59"))
    assert (item.state, item.due) == (ItemState.WAITING, at("2026-01-06 10:00"))
    assert only(follower(), past={"posts": past}, now=at("2026-01-06 10:00")).state is ItemState.DUE


def test_a_post_that_only_follows_is_due_from_then_on_however_late_it_becomes() -> None:
    past = {"posts": published("r-linux", "reddit", "2026-01-01 15:00")}
    item = only(follower(), past=past, now=at("2026-02-01 09:00"))
    assert (item.state, item.due) == (ItemState.DUE, at("2026-01-03 15:00"))


def test_a_post_that_follows_into_an_avoided_time_waits_for_its_end() -> None:
    calendar = Calendar(avoid=(CHRISTMAS,))
    past = {"posts": published("r-linux", "reddit", "2025-12-22 15:00")}
    item = only(follower(), past=past, now=at("2025-12-23 09:00"), calendar=calendar)
    assert (item.state, item.due) == (ItemState.WAITING, at("2026-01-01 23:00"))
    overdue = {"posts": published("r-linux", "reddit", "2025-12-21 15:00")}
    item = only(follower(), past=overdue, now=at("2025-12-24 09:00"), calendar=calendar)
    assert (item.state, item.due) == (ItemState.WAITING, at("2026-01-01 23:00"))


def test_after_and_window_hold_together() -> None:
    made = follower(window=window("2026-01-06", "2026-01-08", hours=MORNING))
    past = {"posts": published("r-linux", "reddit", "2026-01-05 09:30")}
    item = only(made, past=past)
    assert (item.state, item.due) == (ItemState.WAITING, at("2026-01-07 09:30"))
    past = {"posts": published("r-linux", "reddit", "2026-01-05 15:00")}
    assert only(made, past=past).due == at("2026-01-08 08:00")


def test_a_follower_whose_moment_comes_after_its_window_says_so_while_the_window_lasts() -> None:
    made = follower(window=window("2026-01-06", "2026-01-07"))
    past = {"posts": published("r-linux", "reddit", "2026-01-06 10:00")}
    assert told(only(made, past=past)) == (
        "held",
        "2d after r-linux is Thu 8 Jan 2026 11:00 CET, when its window is over; give it a later last day",
    )
    assert only(made, past=past, now=at("2026-01-08 09:00")).state is ItemState.MISSED
    assert only(made, now=at("2026-01-08 09:00")).state is ItemState.MISSED


def test_a_fixed_time_that_comes_before_the_delay_is_over_is_held() -> None:
    made = follower(at=naive("2026-01-07 10:00"))
    past = {"posts": published("r-linux", "reddit", "2026-01-06 10:00")}
    item = only(made, past=past)
    assert told(item) == ("held", "2d after r-linux is Thu 8 Jan 2026 11:00 CET, later than its own time")
    assert told(only(made)) == ("held", "after r-linux, which is not posted yet")


# -- gates, brakes, faults ------------------------------------------------------------------------


def test_an_unmet_gate_outranks_a_time_that_lies_ahead_and_keeps_the_time() -> None:
    made = post("p", "bluesky", at=naive("2026-01-07 10:00"), needs=expression("decision('d') == 'go'"))
    item = only(made)
    assert told(item) == ("held", "you have not decided 'd' yet")
    assert item.due == at("2026-01-07 09:00")
    assert only(made, past={"decisions": {"d": ("go", NOW)}}).state is ItemState.WAITING
    assert only(made, past={"gates": {"post:p": NOW}}).state is ItemState.WAITING


def test_a_time_that_has_passed_outranks_an_unmet_gate() -> None:
    made = post("p", "bluesky", at=naive("2026-01-05 10:00"), needs=expression("decision('d') == 'go'"))
    assert only(made).state is ItemState.MISSED


def test_everything_that_has_to_happen_first_is_told() -> None:
    item = only(follower(needs=expression("posts['r-linux'].upvotes >= 50")))
    assert item.reason == "after r-linux, which is not posted yet; the post 'r-linux' has no number of upvotes yet"


def test_a_post_without_any_time_is_held() -> None:
    assert told(only(post("p", "x"))) == ("held", "it has no time yet; write `at`, `window` or `after` into its file")


def test_an_error_in_its_files_holds_a_post() -> None:
    item = only(post("p", "bluesky", at=naive("2026-01-06 13:00")), blocked=frozenset({"post:p"}))
    assert told(item) == ("held", "posts/p.md has an error that has to be fixed first: outreach check")


@pytest.mark.parametrize("target", ["*", "post:p"])
def test_a_brake_holds_a_post_and_says_since_when(target: str) -> None:
    hold = Hold(target=target, because="the figures are wrong", since=NOW - timedelta(days=1), by="maria")
    item = only(post("p", "bluesky", at=naive("2026-01-06 13:00")), past={"holds": (hold,)})
    assert told(item) == ("held", "paused: the figures are wrong")
    assert item.since == NOW - timedelta(days=1)


def test_a_brake_on_another_post_holds_nothing() -> None:
    hold = Hold(target="post:q", because="", since=NOW, by="maria")
    item = only(post("p", "bluesky", at=naive("2026-01-06 13:00")), past={"holds": (hold,)})
    assert item.state is ItemState.DUE


# -- done, and by hand ----------------------------------------------------------------------------


def test_what_was_published_is_done_whatever_else_holds() -> None:
    hold = Hold(target="*", because="", since=NOW, by="maria")
    past = Past(posts=published("p", "bluesky", "2026-01-05 10:00"), holds=(hold,))
    done, other = planned(post("p", "bluesky", "mastodon"), past=past)
    assert told(done) == ("done", "https://bluesky.example/p")
    assert done.due == at("2026-01-05 10:00")
    assert other.state is ItemState.HELD


@pytest.mark.parametrize(
    ("network", "community", "how"),
    [
        ("reddit", "r/linux", "paste it at https://www.reddit.com/r/linux/submit"),
        ("reddit", "linux", "paste it at https://www.reddit.com/r/linux/submit"),
        ("reddit", None, "paste it at https://www.reddit.com/submit"),
        ("hackernews", None, "paste it at https://news.ycombinator.com/submit"),
        ("mailing-list", "list@example.org", "send it to list@example.org"),
    ],
)
def test_a_manual_post_says_what_a_person_does(network: str, community: str | None, how: str) -> None:
    made = post("p", network, community=community, at=naive("2026-01-06 13:00"))
    assert told(only(made)) == ("due", f"{how}, then: outreach log p posted --url ...")
    waiting = only(made, now=at("2026-01-06 11:00"))
    assert waiting.reason == f"until Tue 6 Jan 2026 13:00 CET; {how}, then: outreach log p posted --url ..."


def test_of_several_versions_the_note_names_the_network() -> None:
    items = planned(post("p", "x", "bluesky", at=naive("2026-01-06 13:00")))
    assert "outreach log p/x posted" in items[0].reason
    assert "outreach log" not in items[1].reason


# -- properties -----------------------------------------------------------------------------------

ZONES = [
    "Europe/Berlin", "Europe/Lisbon", "Europe/Dublin", "Africa/Casablanca", "Australia/Lord_Howe",
    "Pacific/Apia", "Asia/Kathmandu", "America/Asuncion", "Pacific/Chatham",
]  # fmt: skip
WINDOWS = st.builds(
    lambda first, length, weekdays, opens, width, name: Window(
        first=first,
        last=first + timedelta(days=length),
        days=tuple(sorted(weekdays)),
        hours=Hours(opens=time(opens), closes=time(min(opens + width, 23), 30)),
        timezone=name,
    ),
    st.dates(date(2011, 12, 20), date(2027, 12, 31)),
    st.integers(0, 12),
    st.sets(st.integers(1, 7)),
    st.integers(0, 22),
    st.integers(0, 8),
    st.none() | st.sampled_from(ZONES),
)
AVOIDED = st.sampled_from([(), (CHRISTMAS,), (YearlySpan(first=(3, 20), last=(4, 5)), CHRISTMAS)])


@given(WINDOWS, AVOIDED, st.sampled_from(ZONES), st.integers(-96, 500), st.none() | st.integers(-200, 400))
def test_a_post_is_due_only_inside_its_window_after_its_delay_and_outside_avoided_days(
    allowed: Window, avoid: tuple[YearlySpan, ...], name: str, hours: int, posted: int | None
) -> None:
    start = datetime.combine(allowed.first, time(), tzinfo=UTC)
    now = start + timedelta(hours=hours)
    calendar = Calendar(avoid=avoid)
    after = None if posted is None else AfterPost(post="q", delay=Delay(length=timedelta(hours=30), text="30h"))
    version = PostVersion(post="p", network="bluesky", file="p.md", body="", window=allowed, after=after)
    past = {}
    if posted is not None:
        past["q", "x"] = PostPast(post="q", network="x", published=start + timedelta(hours=posted))
    made = world(
        campaign=campaign(timezone=name, calendar=calendar),
        posts=(Post(id="p", file="p.md", versions=(version,)),),
        past={"posts": past},
        now=now,
    )
    [item] = plan_posts(made, gate_of(made))
    if posted is not None and posted > hours:  # a clock is wrong, so nothing goes out on its word
        assert item.state in (ItemState.HELD, ItemState.MISSED)
        assert item.reason
        return
    spans = list(each_moment(allowed, calendar, name))
    earliest = now if posted is None else start + timedelta(hours=posted + 30)
    open_now = earliest <= now and any(span.start <= now < span.end for span in spans)
    assert (item.state is ItemState.DUE) == open_now
    if item.state in (ItemState.DUE, ItemState.WAITING):
        assert item.due is not None
        assert (item.due <= now) == open_now
        assert any(span.start <= item.due < span.end for span in spans)
        assert posted is None or item.due >= earliest
        assert not any(each.contains(item.due.astimezone(zone(name)).date()) for each in avoid)
    else:
        assert item.reason
        assert not any(span.end > max(now, earliest) for span in spans)
        over = bool(spans) and all(span.end <= now for span in spans)
        assert (item.state is ItemState.MISSED) == over


@given(st.datetimes(datetime(2011, 12, 20), datetime(2027, 12, 31)), st.sampled_from(ZONES), st.integers(-4, 200))
def test_a_fixed_time_is_never_dropped_and_due_for_exactly_the_grace(moment: datetime, name: str, late: int) -> None:
    moment = moment.replace(microsecond=0)
    planned_at = world(campaign=campaign(timezone=name), posts=(post("p", "bluesky", at=moment),))
    first = plan_posts(planned_at, gate_of(planned_at))[0]
    if first.due is None:
        assert "does not exist" in first.reason
        return
    assert first.due.astimezone(zone(name)).replace(tzinfo=None, fold=0) == moment
    now = first.due + timedelta(minutes=30 * late)
    later = world(campaign=campaign(timezone=name), posts=planned_at.posts, now=now)
    [item] = plan_posts(later, gate_of(later))
    expected = "waiting" if late < 0 else "due" if now <= first.due + GRACE else "missed"
    assert (item.state, item.due) == (expected, first.due)


def test_a_missed_post_names_the_moment_at_which_it_could_have_gone() -> None:
    """Not one before the post that it follows allowed it."""
    follows = AfterPost(post="r-linux", delay=days(2))
    late = post("thread", "bluesky", window=window("2026-01-07", "2026-01-08", hours=MORNING), after=follows)
    past = Past(posts=published("r-linux", "reddit", "2026-01-06 09:30"))
    item = only(late, now=at("2026-01-10 12:00"), past=past)
    assert (item.state, item.due) == (ItemState.MISSED, at("2026-01-08 09:30"))
