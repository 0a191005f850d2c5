"""When emails may go out: days, hours, holidays and times to avoid, across gaps and folds."""

from __future__ import annotations

import importlib.resources
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.model.campaign import Calendar
from outreach.model.times import Hours, YearlySpan
from outreach.words.calendar import Openings, public_holiday
from outreach.words.wall_time import zone
from outreach.words.zones_of_countries import certain_zone, zone_of_country
from tests.planning.campaigns import contact
from tests.words.calendars import allowed, next_moment, why_not

BRUSSELS = zone("Europe/Brussels")
OFFICE = Hours(opens=time(9), closes=time(17))
NEW_YEAR = YearlySpan(first=(12, 24), last=(1, 1), why="holiday period")
CALENDAR = Calendar(days=(2, 3, 4), hours=OFFICE, holidays=("BE",), avoid=(NEW_YEAR,))


def at(text: str, zone: ZoneInfo = BRUSSELS) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def following(text: str, calendar: Calendar = CALENDAR, zone: ZoneInfo = BRUSSELS) -> str:
    found = next_moment(at(text, zone), calendar, zone)
    assert found is not None
    assert found.tzinfo is UTC
    return f"{found.astimezone(zone):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        ("2026-01-13 09:00", None),
        ("2026-01-13 16:59:59.999999", None),
        ("2026-01-13 17:00", "it is 17:00, after 17:00"),
        ("2026-01-13 17:40", "it is 17:40, after 17:00"),
        ("2026-01-13 08:59", "it is 08:59, before 09:00"),
        ("2026-01-12 10:00", "it is Monday"),
        ("2025-12-24 10:00", "24 December: holiday period"),
        ("2026-01-01 10:00", "1 January: holiday period"),
        ("2026-07-21 10:00", "public holiday in BE: National Day"),
        ("2025-12-29 22:00", "29 December: holiday period"),
    ],
)
def test_it_says_why_nothing_leaves(moment: str, reason: str | None) -> None:
    assert why_not(at(moment), CALENDAR, BRUSSELS) == reason
    assert allowed(at(moment), CALENDAR, BRUSSELS) is (reason is None)


def test_a_public_holiday_is_named() -> None:
    calendar = Calendar(holidays=("BE",))
    assert why_not(at("2026-01-01 10:00"), calendar, BRUSSELS) == "public holiday in BE: New Year's Day"


@pytest.mark.parametrize(
    ("moment", "then"),
    [
        ("2026-01-13 09:00", "2026-01-13 09:00"),
        ("2026-01-13 11:17", "2026-01-13 11:17"),
        ("2026-01-13 17:00", "2026-01-14 09:00"),
        ("2026-01-15 17:00", "2026-01-20 09:00"),
        ("2025-12-23 17:30", "2026-01-06 09:00"),
        ("2026-07-16 18:00", "2026-07-22 09:00"),  # Tuesday 21 July is Belgium's national day
    ],
)
def test_the_next_moment_is_the_first_that_is_allowed(moment: str, then: str) -> None:
    assert following(moment) == then


def test_a_calendar_without_restrictions_allows_every_moment() -> None:
    moment = datetime(2026, 3, 29, 1, 30, 0, 7, tzinfo=UTC)
    assert next_moment(moment, Calendar(), BRUSSELS) == moment


def test_it_answers_in_utc_where_a_day_later_is_24_hours_later() -> None:
    casablanca = zone("Africa/Casablanca")
    openings = Openings(Calendar(), casablanca)
    moment = datetime(2026, 3, 22, tzinfo=casablanca)  # a day of 23 hours
    for _ in range(2):
        found = openings.at_or_after(moment)
        assert found == moment
        assert found.tzinfo is UTC


def test_a_calendar_that_allows_nothing_has_no_next_moment() -> None:
    never = Calendar(avoid=(YearlySpan(first=(1, 1), last=(12, 31)),))
    assert next_moment(at("2026-01-13 09:00"), never, BRUSSELS) is None


def test_a_day_of_four_years_is_not_looked_for_beyond_800_days() -> None:
    leap = Calendar(avoid=(YearlySpan(first=(3, 1), last=(2, 28)),))
    assert following("2027-01-01 09:00", leap) == "2028-02-29 00:00"
    assert next_moment(at("2025-01-01 09:00"), leap, BRUSSELS) is None


def test_hours_inside_a_gap_are_no_hours_that_day() -> None:
    night = Calendar(hours=Hours(opens=time(2), closes=time(3)))
    assert following("2026-03-28 12:00", night) == "2026-03-30 02:00"


def test_hours_that_begin_inside_a_gap_begin_after_it() -> None:
    night = Calendar(hours=Hours(opens=time(2, 30), closes=time(4)))
    assert following("2026-03-28 12:00", night) == "2026-03-29 03:00"


def test_an_hour_that_comes_twice_is_allowed_twice() -> None:
    night = Calendar(hours=Hours(opens=time(2), closes=time(2, 30)))
    second = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    assert next_moment(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), night, BRUSSELS) == second - timedelta(minutes=10)
    assert next_moment(second, night, BRUSSELS) == second


def test_a_day_that_the_calendar_of_a_place_skips_is_skipped() -> None:
    apia = zone("Pacific/Apia")
    fridays = Calendar(days=(5,), hours=OFFICE)
    assert following("2011-12-29 18:00", fridays, apia) == "2012-01-06 09:00"


def test_a_day_that_a_clock_set_back_over_midnight_shows_again_is_that_day_again() -> None:
    # At 00:01 of 7 November 2010 it was 23:01 of the 6th again in Newfoundland.
    saturdays = Calendar(days=(6,), hours=Hours(opens=time(23, 30), closes=time(23, 45)))
    sunday = datetime(2010, 11, 7, 2, 30, 30, tzinfo=UTC)
    assert f"{sunday.astimezone(zone('America/St_Johns')):%a %H:%M:%S}" == "Sun 00:00:30"
    assert next_moment(sunday, saturdays, zone("America/St_Johns")) == datetime(2010, 11, 7, 3, tzinfo=UTC)


def test_a_day_in_lieu_is_a_holiday_too() -> None:
    assert public_holiday(date(2026, 7, 3), "US") is not None  # the 4th is a Saturday
    assert public_holiday(date(2026, 7, 2), "US") is None


def test_an_unknown_country_has_no_holidays() -> None:
    assert public_holiday(date(2026, 1, 1), "XX") is None


def test_preferring_moves_nothing() -> None:
    calendar = Calendar(prefer=(YearlySpan(first=(1, 2), last=(1, 15)),))
    assert following("2026-03-03 10:00", calendar) == "2026-03-03 10:00"


def test_days_to_avoid_count_at_home_too() -> None:
    eve = Calendar(hours=OFFICE, avoid=(YearlySpan(first=(12, 24), last=(12, 24)),))
    apia = zone("Pacific/Apia")
    openings = Openings(eve, apia, home=BRUSSELS)
    # 25 December, 09:00 to 12:00 in Apia (+13) is 21:00 to 24:00 of the 24th in Brussels.
    found = openings.at_or_after(at("2025-12-23 18:00", apia))
    assert found is not None
    assert f"{found.astimezone(apia):%Y-%m-%d %H:%M}" == "2025-12-25 12:00"
    assert f"{found.astimezone(BRUSSELS):%Y-%m-%d %H:%M}" == "2025-12-25 00:00"


ZONES = (
    "Europe/Berlin", "Europe/Lisbon", "Europe/Dublin", "Africa/Casablanca", "Australia/Lord_Howe",
    "Pacific/Apia", "Asia/Kathmandu", "America/Asuncion", "Pacific/Chatham", "America/St_Johns",
)  # fmt: skip

yearly = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: (day.month, day.day))
calendars = st.builds(
    Calendar,
    days=st.sets(st.integers(1, 7)).map(lambda days: tuple(sorted(days))),
    hours=st.none()
    | st.tuples(st.times(), st.times())
    .filter(lambda pair: pair[0] < pair[1])
    .map(lambda pair: Hours(opens=pair[0], closes=pair[1])),
    holidays=st.sampled_from(((), ("BE",), ("PT", "DE"))),
    avoid=st.lists(st.builds(YearlySpan, first=yearly, last=yearly), max_size=1).map(tuple),
)
instants = st.datetimes(datetime(2003, 1, 1), datetime(2036, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))
transitions = st.sampled_from(
    [datetime(2011, 12, 30, 10), datetime(2026, 3, 29, 1), datetime(2026, 10, 25, 1), datetime(2026, 4, 4, 15)]
).flatmap(lambda moment: st.timedeltas(timedelta(hours=-30), timedelta(hours=30)).map(lambda d: moment + d))
moments = instants | transitions.map(lambda moment: moment.replace(tzinfo=UTC))


@given(moments, calendars, st.sampled_from(ZONES))
def test_the_next_moment_is_allowed_and_nothing_before_it_is(moment: datetime, calendar: Calendar, name: str) -> None:
    found = next_moment(moment, calendar, zone(name))
    if found is None:
        return
    assert found >= moment
    assert allowed(found, calendar, zone(name))
    assert (found == moment) is allowed(moment, calendar, zone(name))
    if found > moment:
        assert not allowed(found - timedelta(microseconds=1), calendar, zone(name))
        step = max((found - moment) / 50, timedelta(minutes=7))
        between = moment
        while between < found:
            assert not allowed(between, calendar, zone(name))
            between += step


@given(st.lists(moments, max_size=6), calendars, st.sampled_from(ZONES), st.sampled_from(ZONES))
def test_remembering_changes_nothing_and_home_only_takes_away(
    asked: list[datetime], calendar: Calendar, name: str, home: str
) -> None:
    openings = Openings(calendar, zone(name), home=zone(home))
    for moment in asked:
        found = openings.at_or_after(moment)
        assert found == Openings(calendar, zone(name), home=zone(home)).at_or_after(moment)
        if found is not None:
            assert allowed(found, calendar, zone(name))
            days_only = Calendar(avoid=calendar.avoid, holidays=calendar.holidays)
            assert allowed(found, days_only, zone(home))


# --- whose clocks ----------------------------------------------------------------------------------


def test_a_contact_is_in_its_own_zone_else_in_its_countrys() -> None:
    assert certain_zone(contact("a", timezone="Asia/Kathmandu", country="DE")) == "Asia/Kathmandu"
    assert certain_zone(contact("b", country="BE")) == "Europe/Brussels"
    assert certain_zone(contact("c", country="DE")) == "Europe/Berlin"
    assert certain_zone(contact("d", country="ES")) is None  # the Canaries
    assert certain_zone(contact("e", country="US")) is None
    assert certain_zone(contact("f")) is None


def test_a_country_of_one_clock_has_its_zone_and_others_have_none() -> None:
    table = (importlib.resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    countries = {line[:2] for line in table.splitlines() if not line.startswith("#")}
    unsure = {country for country in countries if zone_of_country(country) is None}
    assert unsure >= {"AU", "BR", "CA", "CD", "CL", "ES", "ID", "MX", "PT", "RU", "US"}
    assert len(unsure) < 30
    assert {zone_of_country(country) for country in ("AT", "DE", "PL")} == {
        "Europe/Vienna",
        "Europe/Berlin",
        "Europe/Warsaw",
    }
    assert zone_of_country("XX") is None


# --- 24:00 -------------------------------------------------------------------------------------------

WHOLE_DAY = Hours(opens=time(0), closes=time(0))


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)), st.sampled_from(["Europe/Brussels", "America/St_Johns"])
)
def test_hours_to_24_00_from_midnight_are_the_whole_day(moment: datetime, name: str) -> None:
    instant = moment.replace(tzinfo=UTC)
    with_hours, without = Calendar(days=(2, 3), hours=WHOLE_DAY), Calendar(days=(2, 3))
    assert why_not(instant, with_hours, zone(name)) == why_not(instant, without, zone(name))
    assert next_moment(instant, with_hours, zone(name)) == next_moment(instant, without, zone(name))


def test_an_evening_to_24_00_ends_with_the_day() -> None:
    evening = Calendar(days=(2,), hours=Hours(opens=time(18), closes=time(0)))
    assert why_not(at("2026-01-13 23:59"), evening, BRUSSELS) is None
    assert why_not(at("2026-01-13 17:59"), evening, BRUSSELS) == "it is 17:59, before 18:00"
    assert why_not(at("2026-01-14 00:00"), evening, BRUSSELS) == "it is Wednesday"
    assert str(evening.hours) == "18:00-24:00"
    assert str(WHOLE_DAY) == "00:00-24:00"
