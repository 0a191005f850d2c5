"""How a server's clock is known by its answers: never taken for further ahead than it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.publishing.mastodon.server_clock import ServerClock

START = datetime(2026, 11, 30, 12, tzinfo=UTC)
SECONDS = st.floats(0, 3, allow_nan=False)


def heard(clock: ServerClock, asked: datetime, ahead: timedelta, there: float, back: float) -> datetime:
    """One answer of a server whose clock is so much ahead; when it was read."""
    dated = asked + timedelta(seconds=there)
    read = dated + timedelta(seconds=back)
    clock.hears(format_datetime((dated + ahead).replace(microsecond=0), usegmt=True), asked, read)
    return read


@settings(max_examples=60)
@given(ahead=st.integers(-90_000, 90_000), ways=st.lists(st.tuples(SECONDS, SECONDS, SECONDS), min_size=1, max_size=6))
def test_it_is_never_taken_for_further_ahead_than_it_is(ahead: int, ways: list[tuple[float, float, float]]) -> None:
    clock, true, now = ServerClock(), timedelta(seconds=ahead), START
    least = timedelta.min
    for pause, there, back in ways:
        now = heard(clock, now + timedelta(seconds=pause), true, there, back)
        assert least <= clock.ahead <= true
        assert clock.ahead >= true - timedelta(seconds=back + 1)
        least = clock.ahead


def test_several_answers_narrow_it_down() -> None:
    clock = ServerClock()
    for milliseconds in (900, 50, 500):
        heard(clock, START + timedelta(milliseconds=milliseconds), timedelta(0), 0, 0)
    assert clock.ahead == -timedelta(milliseconds=50)


def test_a_clock_that_was_set_meanwhile_is_believed_anew() -> None:
    clock = ServerClock()
    heard(clock, START, timedelta(hours=1), 0, 0)
    heard(clock, START, timedelta(0), 0, 0)
    assert clock.ahead == timedelta(0)


def test_what_is_no_date_tells_nothing() -> None:
    clock = ServerClock()
    for date in ("", "soon", "Mon, 30 Nov 1026 12:00:00 GMT", "Mon, 31 Feb 2026 12:00:00 GMT"):
        clock.hears(date, START, START)
    assert clock.ahead == timedelta(0)
