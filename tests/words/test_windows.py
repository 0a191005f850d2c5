"""A post's window: which moments it allows, the nearest where it allows none, and how they are said."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.model.campaign import Calendar
from outreach.model.times import Hours, Window, YearlySpan
from outreach.words import windows as windows_module
from outreach.words.wall_time import zone, zone_names
from outreach.words.windows import Span, describe, each_moment, last_moment, nearest_moment, said_date


def moments(window: Window, calendar: Calendar, default_zone: str) -> list[Span]:
    return list(each_moment(window, calendar, default_zone))


BRUSSELS, NEW_YORK = "Europe/Brussels", "America/New_York"
HOLIDAYS = YearlySpan(first=(12, 24), last=(1, 1), why="holiday period")
REAL = Window(
    first=date(2026, 1, 2),
    last=date(2026, 1, 5),
    days=(2, 3, 4),
    hours=Hours(opens=time(8), closes=time(10)),
    timezone=NEW_YORK,
)


def hours(opens: str, closes: str) -> Hours:
    return Hours(opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))


def days(first: str, last: str, **rest: object) -> Window:
    return Window(first=date.fromisoformat(first), last=date.fromisoformat(last), **rest)  # type: ignore[arg-type]


def utc(spans: list[Span]) -> list[str]:
    return [f"{span.start:%m-%d %H:%M}/{span.end:%m-%d %H:%M}" for span in spans]


def span(start: str, end: str) -> Span:
    return Span(
        start=datetime.fromisoformat(start).replace(tzinfo=UTC),
        end=datetime.fromisoformat(end).replace(tzinfo=UTC),
    )


def test_a_window_includes_its_last_day_and_only_its_weekdays() -> None:
    window = days("2026-01-05", "2026-01-08", days=(2, 4), hours=hours("09:00", "17:00"))
    assert utc(moments(window, Calendar(), BRUSSELS)) == [
        "01-06 08:00/01-06 16:00",
        "01-08 08:00/01-08 16:00",
    ]


def test_a_window_without_days_and_hours_is_open_all_day_in_the_campaigns_zone() -> None:
    assert utc(moments(days("2026-01-05", "2026-01-05"), Calendar(), BRUSSELS)) == ["01-04 23:00/01-05 23:00"]


def test_a_post_with_a_window_does_not_keep_to_the_days_and_hours_of_letters() -> None:
    letters = Calendar(days=(2,), hours=hours("09:00", "10:00"))
    assert utc(moments(days("2026-01-05", "2026-01-05"), letters, BRUSSELS)) == ["01-04 23:00/01-05 23:00"]


def test_hours_are_read_in_the_windows_own_zone() -> None:
    window = days("2026-01-06", "2026-01-06", hours=hours("08:00", "10:00"), timezone=NEW_YORK)
    assert utc(moments(window, Calendar(), BRUSSELS)) == ["01-06 13:00/01-06 15:00"]


def test_days_to_avoid_are_days_in_the_campaigns_zone() -> None:
    """The evening of 1 January in New York is 2 January in Brussels, and allowed from its midnight."""
    window = days("2026-01-01", "2026-01-01", timezone=NEW_YORK)
    assert utc(moments(window, Calendar(avoid=(HOLIDAYS,)), BRUSSELS)) == ["01-01 23:00/01-02 05:00"]


def test_a_day_to_avoid_in_the_middle_leaves_what_is_before_and_after_it() -> None:
    calendar = Calendar(avoid=(YearlySpan(first=(1, 7), last=(1, 7)),))
    window = days("2026-01-06", "2026-01-07", timezone=NEW_YORK)
    assert utc(moments(window, calendar, BRUSSELS)) == [
        "01-06 05:00/01-06 23:00",
        "01-07 23:00/01-08 05:00",
    ]


def test_a_day_that_comes_back_for_an_hour_after_midnight_is_still_avoided() -> None:
    """In Newfoundland in 2006 the clocks went from 00:01 on the 29th back to 23:01 on the 28th."""
    calendar = Calendar(avoid=(YearlySpan(first=(10, 28), last=(10, 28)),))
    window = days("2006-10-29", "2006-10-29", hours=hours("02:30", "03:00"), timezone="UTC")
    assert utc(moments(window, calendar, "America/St_Johns")) == ["10-29 02:30/10-29 02:31"]


@pytest.mark.parametrize(
    ("day", "opens", "closes", "expected"),
    [
        ("2026-03-29", "01:00", "04:00", ["03-29 00:00/03-29 02:00"]),  # an hour is missing
        ("2026-03-29", "02:15", "02:45", []),  # all of it is missing
        ("2026-03-29", "02:30", "03:30", ["03-29 01:00/03-29 01:30"]),
        ("2026-10-25", "01:00", "04:00", ["10-24 23:00/10-25 03:00"]),  # an hour is doubled
        ("2026-10-25", "02:15", "02:45", ["10-25 00:15/10-25 00:45", "10-25 01:15/10-25 01:45"]),
        ("2026-10-25", "02:00", "03:00", ["10-25 00:00/10-25 02:00"]),
    ],
)
def test_hours_around_a_change_of_the_clocks_are_what_the_clocks_show(
    day: str, opens: str, closes: str, expected: list[str]
) -> None:
    window = days(day, day, hours=hours(opens, closes))
    assert utc(moments(window, Calendar(), BRUSSELS)) == expected


def test_the_day_that_apia_left_out_holds_no_moment() -> None:
    window = days("2011-12-30", "2011-12-30")
    assert moments(window, Calendar(), "Pacific/Apia") == []
    assert nearest_moment(window, Calendar(), "Pacific/Apia") is not None


def test_hours_that_close_at_midnight_last_to_the_end_of_the_day() -> None:
    window = days("2026-01-06", "2026-01-06", hours=hours("18:00", "00:00"))
    assert utc(moments(window, Calendar(), BRUSSELS)) == ["01-06 17:00/01-06 23:00"]


@pytest.mark.parametrize(("opens", "closes"), [("10:00", "10:00"), ("17:00", "09:00")])
def test_hours_that_close_before_they_open_hold_nothing_and_break_nothing(opens: str, closes: str) -> None:
    window = days("2026-01-06", "2026-01-06", hours=hours(opens, closes))
    assert moments(window, Calendar(), BRUSSELS) == []
    assert nearest_moment(window, Calendar(), BRUSSELS) is None


def test_a_window_that_ends_before_it_begins_holds_nothing_and_breaks_nothing() -> None:
    window = days("2026-01-08", "2026-01-06", hours=hours("08:00", "10:00"))
    assert moments(window, Calendar(), BRUSSELS) == []
    assert nearest_moment(window, Calendar(), BRUSSELS) == span("2026-01-09 07:00", "2026-01-09 09:00")


@pytest.mark.parametrize(("first", "last"), [("0001-01-01", "0001-01-02"), ("9999-12-30", "9999-12-31")])
def test_years_at_the_ends_of_the_calendar_break_nothing(first: str, last: str) -> None:
    window = days(first, last, timezone="Pacific/Kiritimati")
    assert moments(window, Calendar(), "Pacific/Pago_Pago") == []
    assert nearest_moment(window, Calendar(), "Pacific/Pago_Pago") is not None


def test_the_first_moment_of_a_long_window_is_found_without_the_others() -> None:
    window = days("2026-01-06", "9999-12-31", hours=hours("08:00", "10:00"))
    assert next(each_moment(window, Calendar(), BRUSSELS)) == span("2026-01-06 07:00", "2026-01-06 09:00")


def test_the_window_of_the_real_campaign_holds_no_moment_and_tuesday_is_the_nearest() -> None:
    calendar = Calendar(avoid=(HOLIDAYS,))
    assert moments(REAL, calendar, BRUSSELS) == []
    nearest = nearest_moment(REAL, calendar, BRUSSELS)
    assert nearest is not None
    assert describe(nearest, [zone(BRUSSELS), zone(NEW_YORK)]) == (
        "Tuesday 6 January 2026, 14:00-16:00 CET (08:00-10:00 EST)"
    )


def test_of_two_moments_equally_near_the_later_is_taken() -> None:
    thursday_or_monday = days("2026-01-09", "2026-01-11", days=(1, 4), hours=hours("08:00", "10:00"))
    found = nearest_moment(thursday_or_monday, Calendar(), BRUSSELS)
    assert found == span("2026-01-12 07:00", "2026-01-12 09:00")


def test_a_nearer_moment_before_the_window_is_taken() -> None:
    thursday = days("2026-01-09", "2026-01-10", days=(4,), hours=hours("08:00", "10:00"))
    assert nearest_moment(thursday, Calendar(), BRUSSELS) == span("2026-01-08 07:00", "2026-01-08 09:00")


def test_of_the_moments_of_a_day_before_the_window_the_last_is_the_nearest() -> None:
    sunday = days("2026-10-26", "2026-10-27", days=(7,), hours=hours("02:15", "02:45"))
    assert nearest_moment(sunday, Calendar(), BRUSSELS) == span("2026-10-25 01:15", "2026-10-25 01:45")


def test_the_nearest_moment_is_never_inside_a_time_to_avoid() -> None:
    calendar = Calendar(avoid=(HOLIDAYS, YearlySpan(first=(1, 5), last=(1, 8))))
    found = nearest_moment(REAL, calendar, BRUSSELS)
    assert found == span("2026-01-13 13:00", "2026-01-13 15:00")


def test_where_every_day_of_the_year_is_avoided_there_is_no_nearest_moment() -> None:
    calendar = Calendar(avoid=(YearlySpan(first=(1, 1), last=(12, 31)),))
    assert nearest_moment(REAL, calendar, BRUSSELS) is None


@pytest.mark.parametrize(
    ("start", "end", "zones", "text"),
    [
        ("2026-01-06 13:00", "2026-01-06 15:00", [BRUSSELS], "Tuesday 6 January 2026, 14:00-16:00 CET"),
        (  # the same clock under another name says nothing new
            "2026-01-06 13:00",
            "2026-01-06 15:00",
            [BRUSSELS, "Europe/Berlin"],
            "Tuesday 6 January 2026, 14:00-16:00 CET",
        ),
        (
            "2026-01-06 13:00",
            "2026-01-06 15:00",
            [BRUSSELS, "Asia/Kathmandu"],
            "Tuesday 6 January 2026, 14:00-16:00 CET (18:45-20:45 UTC+05:45)",
        ),
        (
            "2026-01-06 18:00",
            "2026-01-06 20:00",
            [BRUSSELS, "Asia/Tokyo"],
            "Tuesday 6 January 2026, 19:00-21:00 CET (Wednesday 7 January 2026, 03:00-05:00 JST)",
        ),
        ("2026-01-06 17:00", "2026-01-06 23:00", [BRUSSELS], "Tuesday 6 January 2026, 18:00-24:00 CET"),
        (
            "2026-01-06 17:00",
            "2026-01-07 01:00",
            [BRUSSELS],
            "Tuesday 6 January 2026, 18:00 to Wednesday 7 January 2026, 02:00 CET",
        ),
        (
            "2026-03-29 00:00",
            "2026-03-29 02:00",
            [BRUSSELS],
            "Sunday 29 March 2026, 01:00 CET-04:00 CEST",
        ),
    ],
)
def test_a_span_is_said_in_the_campaigns_zone_and_in_the_windows_where_that_differs(
    start: str, end: str, zones: list[str], text: str
) -> None:
    assert describe(span(start, end), [zone(name) for name in zones]) == text


def test_a_date_is_said_in_english_whatever_the_machine_speaks() -> None:
    assert said_date(date(2026, 8, 31)) == "Monday 31 August 2026"


yearly = st.builds(
    YearlySpan,
    first=st.tuples(st.integers(1, 12), st.integers(1, 28)),
    last=st.tuples(st.integers(1, 12), st.integers(1, 28)),
)
clock = st.times(min_value=time(0), max_value=time(23, 59)).map(lambda t: t.replace(second=0, microsecond=0))
windows = st.builds(
    lambda first, length, weekdays, opening, name: Window(
        first=first, last=first + timedelta(days=length), days=tuple(weekdays), hours=opening, timezone=name
    ),
    first=st.dates(date(2000, 1, 1), date(2037, 12, 1)),
    length=st.integers(0, 10),
    weekdays=st.lists(st.integers(1, 7), max_size=3, unique=True),
    opening=st.none() | st.builds(Hours, opens=clock, closes=clock),
    name=st.none() | st.sampled_from(sorted(zone_names())),
)


def is_allowed(instant: datetime, window: Window, calendar: Calendar, name: str) -> bool:
    """The rule as a campaigner reads it, for one instant."""
    shown, at_home = instant.astimezone(zone(window.timezone or name)), instant.astimezone(zone(name))
    opening = window.hours or Hours(opens=time(0), closes=time(0))
    return (
        window.first <= shown.date() <= window.last
        and (not window.days or shown.isoweekday() in window.days)
        and opening.opens <= shown.time()
        and (opening.closes == time(0) or shown.time() < opening.closes)
        and not any(avoid.contains(at_home.date()) for avoid in calendar.avoid)
    )


@given(windows, st.lists(yearly, max_size=2), st.sampled_from(sorted(zone_names())), st.data())
def test_an_instant_is_in_a_moment_exactly_if_day_hour_and_calendar_allow_it(
    window: Window, avoid: list[YearlySpan], name: str, data: st.DataObject
) -> None:
    calendar = Calendar(avoid=tuple(avoid))
    spans = moments(window, calendar, name)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    start = datetime.combine(window.first, time(0), UTC) - timedelta(days=1)
    for minutes in data.draw(st.lists(st.integers(0, 13 * 1440), min_size=20, max_size=20)):
        instant = start + timedelta(minutes=minutes)
        inside = any(each.start <= instant < each.end for each in spans)
        assert inside == is_allowed(instant, window, calendar, name)


@given(windows, st.lists(yearly, max_size=2), st.sampled_from(sorted(zone_names())))
def test_the_nearest_moment_keeps_to_everything_but_the_windows_dates(
    window: Window, avoid: list[YearlySpan], name: str
) -> None:
    calendar = Calendar(avoid=tuple(avoid))
    found = nearest_moment(window, calendar, name)
    if found is not None:
        wide = Window(
            first=window.first - timedelta(days=366),
            last=window.last + timedelta(days=366),
            days=window.days,
            hours=window.hours,
            timezone=window.timezone,
        )
        assert is_allowed(found.start, wide, calendar, name)
        assert is_allowed(found.end - timedelta(seconds=1), wide, calendar, name)
        assert not is_allowed(found.start, window, calendar, name)
        assert describe(found, [zone(name), zone(window.timezone or name)])


@given(windows, st.lists(yearly, max_size=2), st.sampled_from(sorted(zone_names())))
def test_the_last_moment_is_the_last_of_all(window: Window, avoid: list[YearlySpan], name: str) -> None:
    calendar = Calendar(avoid=tuple(avoid))
    assert [last_moment(window, calendar, name)] == (moments(window, calendar, name)[-1:] or [None])


@pytest.mark.parametrize("kept", [(), ((12, 31),), ((2, 29),)])
def test_of_centuries_whose_days_are_avoided_only_those_near_the_others_are_looked_at(
    kept: tuple[tuple[int, int], ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[date] = []
    of_day = windows_module._of_day
    monkeypatch.setattr(windows_module, "_of_day", lambda day, *rest: looked_at.append(day) or of_day(day, *rest))
    spans = [YearlySpan(first=(1, 1), last=(2, 28)), YearlySpan(first=(3, 1), last=(12, 30))]
    spans += [YearlySpan(first=day, last=day) for day in ((2, 29), (12, 31)) if day not in kept]
    centuries = Window(first=date(1900, 1, 1), last=date(2999, 12, 31), days=(1,))
    found = next(each_moment(centuries, Calendar(avoid=tuple(spans)), "UTC"), None)
    assert [found and (found.start.month, found.start.day, found.start.isoweekday())] == (
        [(*day, 1) for day in kept] or [None]
    )
    assert len(looked_at) <= (7 * 40 if kept else 0)


def test_a_day_of_which_another_zone_leaves_two_hours_is_found() -> None:
    """The 4th on the far side of the date line ends when it is the 6th, 02:00, in Kiritimati."""
    spans = (YearlySpan(first=(1, 6), last=(12, 31)), YearlySpan(first=(1, 1), last=(1, 5)))
    window = days("2026-01-04", "2026-01-04", timezone="Etc/GMT+12")
    assert utc(moments(window, Calendar(avoid=spans[1:]), "Pacific/Kiritimati")) == ["01-05 10:00/01-05 12:00"]
    assert moments(window, Calendar(avoid=spans), "Pacific/Kiritimati") == []
