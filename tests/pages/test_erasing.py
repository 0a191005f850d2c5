"""The reply to somebody whose data was erased is in their language."""

from __future__ import annotations

from datetime import date

import pytest

from outreach.model.erasure import Erased
from outreach.pages.erasing import reply_lines

DAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("language", "begins", "day"),
    [
        ("en-GB", "You asked", "5 January 2026"),
        ("de", "Sie haben", "5.1.2026"),
        ("fr-BE", "Vous nous", "05/01/2026"),
        ("ga", "You asked", "5 January 2026"),
    ],
)
def test_the_reply_is_in_the_language_of_the_person(language: str, begins: str, day: str) -> None:
    erased = Erased(who="x", name="X", token="gone-1", asked=DAY, language=language)
    first, *_ = lines = reply_lines(erased, DAY)

    assert (first.startswith(begins), day in first, len(lines)) == (True, True, 3)
