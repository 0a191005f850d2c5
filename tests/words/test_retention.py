"""How long something is kept, on the calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.words.retention import kept_until


@pytest.mark.parametrize(
    ("last", "keep_for", "until"),
    [
        ("2026-01-13", "2y", "2028-01-13"),
        ("2024-02-29", "1y", "2025-02-28"),
        ("2026-08-31", "6mo", "2027-02-28"),
        ("2026-12-31", "1 mo", "2027-01-31"),
        ("2026-01-01", "90d", "2026-04-01"),
        ("2026-01-01", "3w", "2026-01-22"),
        ("9999-01-01", "2y", "9999-12-31"),
        ("9999-12-30", "5w", "9999-12-31"),
    ],
)
def test_what_is_kept_for_so_long_is_kept_until_that_day(last: str, keep_for: str, until: str) -> None:
    assert kept_until(date.fromisoformat(last), keep_for) == date.fromisoformat(until)


@given(st.dates(), st.integers(0, 999), st.sampled_from(["d", "w", "mo", "y"]))
def test_a_longer_time_never_ends_earlier(last: date, number: int, unit: str) -> None:
    until = kept_until(last, f"{number}{unit}")
    assert last <= until <= kept_until(last, f"{number + 1}{unit}")
    assert number or until - last == timedelta(0)
