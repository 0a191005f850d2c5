"""Wall time in a zone becomes an instant: gaps refused, overlaps decided, the tables pinned."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.model.problem import Level
from outreach.model.times import Delay
from outreach.words.wall_time import resolve, stretches, wall_time_problem, zone, zone_label, zone_names

ZONES = st.sampled_from(sorted(zone_names()))
BEGIN, END = datetime(2000, 1, 1), datetime(2037, 12, 31)

# zone, a wall time in a gap, the first that exists after it
GAPS = [
    ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 03:00"),
    ("Europe/Lisbon", "2026-03-29 01:30", "2026-03-29 02:00"),
    ("Europe/Dublin", "2026-03-29 01:59", "2026-03-29 02:00"),
    ("Africa/Casablanca", "2026-03-22 02:00", "2026-03-22 03:00"),
    ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-04 02:30"),
    ("Pacific/Apia", "2011-12-30 12:00", "2011-12-31 00:00"),
    ("Asia/Kathmandu", "1986-01-01 00:10", "1986-01-01 00:15"),
    ("America/Asuncion", "2023-10-01 00:30", "2023-10-01 01:00"),
    ("Pacific/Chatham", "2026-09-27 03:00", "2026-09-27 03:45"),
]

# zone, a wall time that comes twice, its first instant in UTC
FOLDS = [
    ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30"),
    ("Europe/Lisbon", "2026-10-25 01:30", "2026-10-25 00:30"),
    ("Europe/Dublin", "2026-10-25 01:00", "2026-10-25 00:00"),
    ("Africa/Casablanca", "2026-02-15 02:30", "2026-02-15 01:30"),
    ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45"),
    ("America/Asuncion", "2023-03-25 23:30", "2023-03-26 02:30"),
    ("Pacific/Chatham", "2026-04-05 03:00", "2026-04-04 13:15"),
]

PLAIN = [
    ("Asia/Kathmandu", "2026-01-06 09:00", "2026-01-06 03:15"),
    ("America/Asuncion", "2026-07-01 09:00", "2026-07-01 12:00"),  # -03 for good since October 2024
    ("Pacific/Apia", "2011-12-29 23:59", "2011-12-30 09:59"),
    ("Pacific/Apia", "2011-12-31 00:00", "2011-12-30 10:00"),
    ("Europe/Dublin", "2026-07-01 09:00", "2026-07-01 08:00"),
    ("UTC", "2026-07-01 09:00", "2026-07-01 09:00"),
]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(("name", "wall", "after"), GAPS)
def test_a_wall_time_in_a_gap_says_the_first_time_that_exists(name: str, wall: str, after: str) -> None:
    resolved = resolve(at(wall), zone(name))
    assert resolved.kind == "gap"
    assert resolved.after == at(after)
    assert resolved.instant.astimezone(UTC) == at(after).replace(tzinfo=zone(name)).astimezone(UTC)


@pytest.mark.parametrize(("name", "wall", "first"), FOLDS)
def test_of_a_wall_time_that_comes_twice_the_first_is_taken(name: str, wall: str, first: str) -> None:
    resolved = resolve(at(wall), zone(name))
    assert (resolved.kind, resolved.after) == ("fold", None)
    assert resolved.instant.astimezone(UTC) == at(first).replace(tzinfo=UTC)


@pytest.mark.parametrize(("name", "wall", "instant"), PLAIN)
def test_an_ordinary_wall_time_is_one_instant(name: str, wall: str, instant: str) -> None:
    resolved = resolve(at(wall), zone(name))
    assert resolved.kind == "plain"
    assert resolved.instant.astimezone(UTC) == at(instant).replace(tzinfo=UTC)
    assert resolved.instant.tzinfo is zone(name)


@cache
def changes(name: str) -> tuple[datetime, ...]:
    """The days (UTC) up to three days after a change of the zone's offset."""
    found, previous = [], None
    for day in range(0, (END - BEGIN).days, 3):
        instant = (BEGIN + timedelta(days=day)).replace(tzinfo=UTC)
        offset = instant.astimezone(zone(name)).utcoffset()
        if previous is not None and offset != previous:
            found.append(instant)
        previous = offset
    return tuple(found)


@st.composite
def zones_and_walls(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone and a wall time in 2000-2037, mostly near a change of its clocks."""
    name = draw(ZONES)
    if changes(name) and draw(st.integers(0, 3)):
        near = draw(st.sampled_from(changes(name))).replace(tzinfo=None)
        return name, near + timedelta(minutes=draw(st.integers(-5000, 600)))
    return name, draw(st.datetimes(BEGIN, END))


def instants_of(wall: datetime, name: str) -> list[datetime]:
    """By trial, every instant at which clocks in the zone show `wall`."""
    around = [wall.replace(tzinfo=UTC) + timedelta(hours=hours) for hours in range(-50, 51, 2)]
    offsets = {instant.astimezone(zone(name)).utcoffset() or timedelta() for instant in around}
    tried = sorted((wall - offset).replace(tzinfo=UTC) for offset in offsets)
    return [i for i in tried if i.astimezone(zone(name)).replace(tzinfo=None, fold=0) == wall]


@given(zones_and_walls())
def test_in_every_zone_the_kind_is_how_often_the_time_comes_and_the_instant_is_the_first(
    drawn: tuple[str, datetime],
) -> None:
    name, wall = drawn
    resolved, instants = resolve(wall, zone(name)), instants_of(wall, name)
    assert resolved.kind == {0: "gap", 1: "plain", 2: "fold"}[len(instants)]
    if instants:
        assert resolved.instant.astimezone(UTC) == instants[0]
        back = resolved.instant.astimezone(UTC).astimezone(zone(name))
        assert back.replace(tzinfo=None, fold=0) == wall


@given(zones_and_walls())
def test_what_comes_after_a_gap_exists_and_nothing_between_does(drawn: tuple[str, datetime]) -> None:
    name, wall = drawn
    after = resolve(wall, zone(name)).after
    if after is not None:
        assert after > wall
        assert instants_of(after, name)
        assert not instants_of(after - timedelta(seconds=1), name)


@given(zones_and_walls(), st.integers(1, 2880), st.integers(-3000, 3000))
def test_the_stretches_of_a_wall_span_hold_exactly_the_instants_that_show_it(
    drawn: tuple[str, datetime], length: int, probe: int
) -> None:
    name, begin = drawn
    begin = begin.replace(second=0, microsecond=0)
    end = begin + timedelta(minutes=length)
    spans = stretches(begin, end, zone(name))
    assert all(start < stop for start, stop in spans)
    assert spans == sorted(spans)
    instant = begin.replace(tzinfo=UTC) + timedelta(minutes=probe)
    shown = instant.astimezone(zone(name)).replace(tzinfo=None, fold=0)
    assert any(start <= instant < stop for start, stop in spans) == (begin <= shown < end)


def test_the_hours_of_the_day_that_apia_left_out_are_no_time_at_all() -> None:
    assert stretches(at("2011-12-30 00:00"), at("2011-12-31 00:00"), zone("Pacific/Apia")) == []


def test_a_span_that_runs_backwards_is_no_time_at_all() -> None:
    assert stretches(at("2026-01-06 10:00"), at("2026-01-06 08:00"), zone("Europe/Berlin")) == []


def test_a_time_that_already_has_a_zone_is_not_resolved_again() -> None:
    with pytest.raises(ValueError, match="no zone of its own"):
        resolve(datetime(2026, 1, 1, tzinfo=UTC), zone("Europe/Berlin"))


@pytest.mark.parametrize("name", ["Europe/Brussel", "europe/brussels", "Europe", "", "../UTC", "/etc/localtime"])
def test_an_unknown_zone_is_refused_under_every_spelling(name: str) -> None:
    with pytest.raises(zoneinfo.ZoneInfoNotFoundError):
        zone(name)


def test_the_machines_own_tables_are_never_read() -> None:
    assert zoneinfo.TZPATH == ()
    assert zone("Europe/Brussels") is zone("Europe/Brussels")


def test_a_time_that_does_not_exist_is_an_error_that_names_the_next_one() -> None:
    problem = wall_time_problem(
        at("2026-03-29 02:30"), "Europe/Brussels", file="campaign.yaml", line=9, about="wave:lobbying"
    )
    assert problem is not None
    assert (problem.code, problem.level) == ("nonexistent-time", Level.ERROR)
    assert (problem.file, problem.line, problem.about) == ("campaign.yaml", 9, "wave:lobbying")
    assert "2026-03-29 02:30 does not exist in Europe/Brussels" in problem.message
    assert "2026-03-29 03:00" in problem.hint


def test_a_time_that_comes_twice_is_a_warning_that_says_which_is_taken() -> None:
    problem = wall_time_problem(at("2026-10-25 02:30"), "Europe/Brussels", file="f", line=1, about="post:a")
    assert problem is not None
    assert (problem.code, problem.level) == ("ambiguous-time", Level.WARNING)
    assert "the first is taken, 2026-10-25 02:30 CEST (00:30 UTC)" in problem.message
    assert "CET, 01:30 UTC" in problem.hint


def test_an_ordinary_time_is_no_problem() -> None:
    assert wall_time_problem(at("2026-01-13 00:00"), "Europe/Brussels", file="f", line=1, about="a") is None


@pytest.mark.parametrize(
    ("name", "midnight", "whole_day", "code"),
    [
        ("America/Santiago", "2026-09-06 00:00", False, "nonexistent-time"),
        ("America/Santiago", "2026-09-06 00:00", True, None),
        ("America/Santiago", "2026-09-06 00:30", True, "nonexistent-time"),
        ("Pacific/Apia", "2011-12-30 00:00", True, "nonexistent-time"),
        ("America/Havana", "2023-11-05 00:00", False, "ambiguous-time"),
        ("America/Havana", "2023-11-05 00:00", True, None),
    ],
)
def test_a_bare_date_means_the_days_first_minute_whenever_that_is(
    name: str, midnight: str, whole_day: bool, code: str | None
) -> None:
    problem = wall_time_problem(at(midnight), name, file="f", line=1, about="a", whole_day=whole_day)
    assert (problem.code if problem else None) == code


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Europe/Brussels", "CET"),
        ("America/New_York", "EST"),
        ("Asia/Kathmandu", "UTC+05:45"),
        ("America/Asuncion", "UTC-03:00"),
        ("Pacific/Marquesas", "UTC-09:30"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_without_letters_is_named_by_its_distance_from_utc(name: str, label: str) -> None:
    assert zone_label(datetime(2026, 1, 6, 12, tzinfo=zone(name))) == label


def test_time_goes_on_until_the_ninth_millennium() -> None:
    """A chain of delays, each of them legal, must not lead out of the calendar."""
    decade = Delay(length=timedelta(days=3650), text="520w")
    instant = datetime(2026, 1, 1, tzinfo=UTC)
    for _ in range(1_000):
        instant = decade.after(instant)
    assert instant.year in range(9_000, 9_011)
    assert instant.astimezone(zone("Pacific/Kiritimati")).year == instant.year
    assert decade.after(datetime(2026, 1, 1, tzinfo=UTC)) == datetime(2035, 12, 30, tzinfo=UTC)
