"""Pace: evenly, in order, never in a burst; and quick for many."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.model.campaign import Calendar, Pace
from outreach.model.times import Hours
from outreach.planning.pace import HOUR, Left, Turn, earliest, gap_of, slots
from outreach.words.calendar import Openings
from outreach.words.wall_time import zone
from tests.words.calendars import allowed

BRUSSELS = zone("Europe/Brussels")
NOW = datetime(2026, 1, 13, 8, tzinfo=UTC)
ALWAYS = Openings(Calendar(), BRUSSELS)
OFFICE = Calendar(days=(2, 3, 4), hours=Hours(opens=time(9), closes=time(17)))
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def pace(per_hour: int = 1000, per_day: int = 1000, per_domain: int = 1000, gap: timedelta = timedelta(0)) -> Pace:
    return Pace(per_hour=per_hour, per_day=per_day, per_domain_per_hour=per_domain, gap=(gap, gap))


def turn(place: int, how: Pace | None, domain: str = "", earliest: datetime = NOW, openings: Openings = ALWAYS) -> Turn:
    pause = how.gap[0] if how is not None else timedelta(0)
    return Turn(order=(0, place, 0), earliest=earliest, openings=openings, pace=how, domain=domain, pause=pause)


def minutes(turns: list[Turn], *before: tuple[float, str]) -> list[float]:
    """The slots in minutes from NOW on, in the order of the turns; `before` left so many minutes ago."""
    left = Left(BRUSSELS, [(NOW - ago * MINUTE, domain) for ago, domain in before])
    found = slots(turns, left, NOW)
    return [(found[each.order] - NOW) / MINUTE for each in turns]


def test_a_gap_lies_between_two_letters() -> None:
    assert minutes([turn(n, pace(gap=2 * MINUTE)) for n in range(4)]) == [0, 2, 4, 6]


def test_each_letter_has_the_pause_before_it_that_sending_keeps() -> None:
    how = Pace(per_hour=20, per_day=50, per_domain_per_hour=5, gap=(90 * SECOND, 140 * SECOND))
    names = [f"first/c{n}/0" for n in range(20)]
    turns = [replace(turn(n, how), pause=gap_of(how, name)) for n, name in enumerate(names)]
    found = slots(turns, Left(BRUSSELS), NOW)
    promised = [found[each.order] for each in turns]
    sent = Left(BRUSSELS)
    for name in names:
        sent.add(earliest(sent, how, name, "", NOW, BRUSSELS), "")
    assert promised == [sent.last(20 - n) for n in range(20)]
    gaps = [gap_of(how, name) for name in names[1:]]
    assert [later - earlier for earlier, later in pairwise(promised)] == gaps


def test_no_gap_lets_them_leave_together() -> None:
    assert minutes([turn(n, pace()) for n in range(3)]) == [0, 0, 0]


def test_the_gap_counts_from_the_letter_that_left_before() -> None:
    assert minutes([turn(0, pace(gap=2 * MINUTE))], (0.5, "")) == [1.5]


def test_an_hour_holds_no_more_than_it_may_with_those_that_left_before() -> None:
    assert minutes([turn(n, pace(per_hour=2)) for n in range(4)], (20, ""), (70, "")) == [0, 40, 60, 100]


def test_a_domain_holds_no_more_and_others_do_not_wait_for_it() -> None:
    turns = [turn(0, pace(per_domain=1), "a"), turn(1, pace(per_domain=1), "a"), turn(2, pace(per_domain=1), "b")]
    assert minutes(turns) == [0, 60, 0]
    assert minutes(turns[:1], (10, "a")) == [50]


def test_a_day_is_that_of_the_campaigns_zone() -> None:
    turns = [turn(n, pace(per_day=2)) for n in range(3)]
    assert minutes(turns, (5, "")) == [0, 15 * 60, 15 * 60]  # it is 09:00 in Brussels
    assert minutes(turns, (9 * 60 + 1, "")) == [0, 0, 15 * 60]  # that left yesterday


def test_what_no_longer_fits_into_the_hours_moves_to_the_next_day() -> None:
    openings = Openings(Calendar(hours=Hours(opens=time(9), closes=time(9, 2))), BRUSSELS)
    assert minutes([turn(n, pace(gap=MINUTE), openings=openings) for n in range(3)]) == [0, 1, 24 * 60]


def test_letters_leave_in_the_order_of_the_files_once_they_may() -> None:
    turns = [turn(0, pace(gap=MINUTE), earliest=NOW + 90 * SECOND), turn(1, pace(gap=MINUTE))]
    turns += [turn(2, pace(gap=MINUTE)), turn(3, pace(gap=MINUTE))]
    assert minutes(turns) == [2, 0, 1, 3]


def test_who_cannot_leave_yet_keeps_nobody_else_waiting() -> None:
    later = Openings(Calendar(hours=Hours(opens=time(9), closes=time(10))), zone("America/New_York"))
    turns = [turn(0, pace(gap=MINUTE), openings=later), turn(1, pace(gap=MINUTE))]
    assert minutes(turns) == [6 * 60, 0]


def test_a_wave_with_its_own_pace_counts_the_letters_of_the_others() -> None:
    slow, fast = pace(per_hour=2), pace(per_hour=4)
    assert minutes([turn(0, fast), turn(1, fast), turn(2, slow), turn(3, fast)]) == [0, 0, 60, 0]


def test_what_is_pasted_by_hand_has_no_pace() -> None:
    assert minutes([turn(0, pace(gap=MINUTE)), turn(1, None), turn(2, pace(gap=MINUTE))]) == [0, 0, 1]


def test_a_letter_that_comes_too_late_takes_nobodys_slot() -> None:
    late = replace(turn(1, pace(gap=MINUTE)), latest=NOW + MINUTE)
    assert minutes([turn(0, pace(gap=MINUTE)), late, turn(2, pace(gap=MINUTE))]) == [0, 1, 1]


def test_a_letter_that_waits_for_another_is_neither_forgotten_nor_makes_others_early() -> None:
    elsewhere = Openings(Calendar(), BRUSSELS)
    first = turn(0, pace(), openings=elsewhere)
    second = turn(2, pace(), earliest=NOW + 30 * MINUTE)
    others = turn(1, pace(), earliest=NOW + 60 * MINUTE)
    found = slots([first, others], Left(BRUSSELS), NOW, lambda each, slot: second if each == first else None)
    assert [(found[each.order] - NOW) / MINUTE for each in (first, second, others)] == [0, 30, 60]


def test_there_is_no_slot_without_any_moment() -> None:
    never = Openings(Calendar(days=(1,), hours=Hours(opens=time(9), closes=time(9))), BRUSSELS)
    assert slots([turn(0, pace(), openings=never)], Left(BRUSSELS), NOW) == {}


paces = st.builds(
    pace,
    per_hour=st.integers(1, 6),
    per_day=st.integers(1, 12),
    per_domain=st.integers(1, 3),
    gap=st.sampled_from([timedelta(0), MINUTE, 25 * MINUTE]),
)
places = st.sampled_from(["Europe/Brussels", "Pacific/Apia", "Asia/Kathmandu"])
letters = st.tuples(st.sampled_from(["a", "b", ""]), st.integers(-600, 3000), places, st.integers(0, 1))


@given(
    st.lists(letters, min_size=1, max_size=40),
    st.lists(paces, min_size=2, max_size=2),
    st.lists(st.tuples(st.integers(0, 3000), st.sampled_from(["a", "b"])), max_size=20),
)
def test_no_window_ever_holds_more_than_it_may(
    given_letters: list[tuple[str, int, str, int]], two: list[Pace], before: list[tuple[int, str]]
) -> None:
    openings = {name: Openings(OFFICE, zone(name)) for name in ("Europe/Brussels", "Pacific/Apia", "Asia/Kathmandu")}
    turns = [
        turn(place, two[which], domain, NOW + late * MINUTE, openings[name])
        for place, (domain, late, name, which) in enumerate(given_letters)
    ]
    left = [(NOW - ago * MINUTE, domain) for ago, domain in before]
    found = slots(turns, Left(BRUSSELS, left), NOW)
    assert len(found) == len(turns)
    taken = sorted([*((moment, each.order, each) for each in turns for moment in [found[each.order]])])
    gone = sorted(left)
    for moment, _, each in taken:
        how = each.pace
        assert how is not None
        assert moment >= max(NOW, each.earliest)
        assert allowed(moment, OFFICE, zone(given_letters[each.order[1]][2]))
        gone.append((moment, each.domain))
        if len(gone) > 1:
            assert moment - gone[-2][0] >= how.gap[0]
        hour = [domain for at, domain in gone if at > moment - HOUR]
        assert len(hour) <= how.per_hour
        assert not each.domain or hour.count(each.domain) <= how.per_domain_per_hour
        days = Counter(at.astimezone(BRUSSELS).date() for at, _ in gone)
        assert days[moment.astimezone(BRUSSELS).date()] <= how.per_day


@given(st.lists(letters, min_size=1, max_size=30), paces)
def test_letters_that_differ_in_nothing_leave_in_their_order(
    given_letters: list[tuple[str, int, str, int]], how: Pace
) -> None:
    openings = Openings(OFFICE, BRUSSELS)
    turns = [turn(n, how, letter[0], NOW, openings) for n, letter in enumerate(given_letters)]
    found = slots(turns, Left(BRUSSELS), NOW)
    for domain in ("a", "b", ""):
        own = [found[each.order] for each in turns if each.domain == domain]
        assert own == sorted(own)
    assert min(found.values()) == found[turns[0].order] == NOW


@pytest.mark.parametrize("per_domain", [1, 5])
def test_many_letters_to_one_domain_take_no_longer_than_others(per_domain: int) -> None:
    """Work is counted, not time: each letter asks for the room of its domain a few times, however many wait."""
    asked = 0

    class Counting(Left):
        def last(self, nth: int = 1, domain: str | None = None) -> datetime | None:
            nonlocal asked
            asked += domain is not None
            return super().last(nth, domain)

    how = pace(per_domain=per_domain)
    turns = [turn(n, how, "gmail.example" if n % 2 else f"{n}.example") for n in range(4000)]
    slots(turns, Counting(BRUSSELS), NOW)
    assert asked < 10 * len(turns)
