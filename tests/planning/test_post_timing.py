"""What `check` says about the time at which a post is to go out."""

from __future__ import annotations

from datetime import date, datetime, time

from outreach.model.campaign import Calendar, Campaign, Sender
from outreach.model.post import PostVersion
from outreach.model.problem import Problem
from outreach.model.times import Hours, Window, YearlySpan
from outreach.planning.post_timing import problems_of_timing

HOLIDAYS = YearlySpan(first=(12, 24), last=(1, 1), why="holiday period")


def problems(
    *, at: str | None = None, window: Window | None = None, avoid: tuple[YearlySpan, ...] = (HOLIDAYS,)
) -> list[Problem]:
    campaign = Campaign(
        id="c",
        title="C",
        sender=Sender(name="A", email="a@example.org"),
        timezone="Europe/Brussels",
        calendar=Calendar(days=(2, 3, 4), hours=Hours(opens=time(9), closes=time(17)), avoid=avoid),
    )
    version = PostVersion(
        post="r-linux",
        network="reddit",
        file="posts/r-linux.md",
        body="",
        line=4,
        at=datetime.fromisoformat(at) if at else None,
        window=window,
    )
    return problems_of_timing(version, campaign)


def window(first: str, last: str, **rest: object) -> Window:
    return Window(first=date.fromisoformat(first), last=date.fromisoformat(last), line=6, **rest)  # type: ignore[arg-type]


MORNING = Hours(opens=time(8), closes=time(10))


def test_a_post_without_a_time_or_with_an_ordinary_one_is_no_problem() -> None:
    assert problems() == []
    assert problems(at="2026-01-10 23:00") == []
    assert problems(window=window("2026-01-05", "2026-01-06")) == []


def test_the_window_of_the_real_campaign_is_a_problem_that_names_the_nearest_moment() -> None:
    (found,) = problems(
        window=window("2026-01-02", "2026-01-05", days=(2, 3, 4), hours=MORNING, timezone="America/New_York")
    )
    assert (found.file, found.line, found.about) == ("posts/r-linux.md", 6, "post:r-linux")
    assert (found.code, found.is_error) == ("window-without-moment", True)
    assert found.message == (
        "The window from 2026-01-02 to 2026-01-05 (Tuesday to Thursday, 08:00-10:00 America/New_York) has"
        " no time for it; the nearest is Tuesday 6 January 2026, 14:00-16:00 CET (08:00-10:00 EST)."
    )
    assert found.hint == "Write `to: 2026-01-06`, or allow another day or hour."


def test_a_window_whose_nearest_moment_is_before_it_says_from_when_it_would_hold_one() -> None:
    (found,) = problems(window=window("2026-01-09", "2026-01-10", days=(4,)))
    assert "(Thursday) has no time" in found.message
    assert "Thursday 8 January 2026, 00:00-24:00 CET" in found.message
    assert "`from: 2026-01-08`" in found.hint


def test_a_window_inside_a_time_to_avoid_says_so() -> None:
    (found,) = problems(window=window("2025-12-27", "2026-01-01"))
    assert "Friday 2 January 2026, 00:00-24:00 CET" in found.message
    assert found.hint == "All of it is avoided by the calendar: write `to: 2026-01-02`, or allow another time."


def test_a_window_that_could_never_hold_a_moment_names_none() -> None:
    (found,) = problems(window=window("2026-01-05", "2026-01-06", hours=Hours(opens=time(9), closes=time(9))))
    assert "nearest" not in found.message
    assert "`hours`" in found.hint


def test_hours_that_end_with_the_day_are_said_so() -> None:
    evening = Hours(opens=time(18), closes=time(0))
    (found,) = problems(window=window("2026-01-09", "2026-01-10", days=(4,), hours=evening))
    assert "(Thursday, 18:00-24:00) has no time" in found.message
    assert "Thursday 8 January 2026, 18:00-24:00 CET" in found.message


def test_weekdays_that_do_not_follow_one_another_are_listed() -> None:
    (found,) = problems(window=window("2026-01-02", "2026-01-02", days=(1, 3, 4)))
    assert "(Monday, Wednesday and Thursday)" in found.message


def test_a_time_to_avoid_is_named_with_its_reason() -> None:
    (found,) = problems(at="2025-12-31 09:00")
    assert (found.file, found.line, found.about) == ("posts/r-linux.md", 4, "post:r-linux")
    assert (found.code, found.is_error) == ("inside-avoid", True)
    assert "Wednesday 31 December 2025" in found.message
    assert "avoids (12-24 to 01-01: holiday period)." in found.message


def test_a_time_to_avoid_without_a_reason_is_named_by_its_days() -> None:
    (found,) = problems(at="2026-08-15 09:00", avoid=(YearlySpan(first=(8, 1), last=(8, 31)),))
    assert found.message == ("Saturday 15 August 2026 is in a time that the calendar avoids (08-01 to 08-31).")


def test_a_time_that_does_not_exist_says_the_first_that_does() -> None:
    (found,) = problems(at="2026-03-29 02:30")
    assert (found.code, found.is_error, found.line) == ("nonexistent-time", True, 4)
    assert "2026-03-29 03:00" in found.hint


def test_a_time_that_comes_twice_is_a_warning_that_says_which_is_taken() -> None:
    (found,) = problems(at="2026-10-25 02:30")
    assert (found.code, found.is_error) == ("ambiguous-time", False)
    assert "CEST" in found.message
