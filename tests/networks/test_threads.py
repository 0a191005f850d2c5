"""A thread on Bluesky before the first call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from outreach.model.publication import Part, Publication
from outreach.networks.bluesky import bluesky_thread

ZONES = st.builds(lambda hours: timezone(timedelta(hours=hours)), st.integers(-12, 14))


@given(st.integers(1, 30), st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=ZONES))
def test_each_part_is_later_than_the_one_before_and_the_first_has_the_moment(parts: int, at: datetime) -> None:
    """Feeds are in the order of `createdAt`: parts of one instant would be mixed."""
    publication = Publication(
        campaign="c", post="p", network="bluesky", account="a", revision=1, at=at.replace(microsecond=0),
        parts=tuple(Part(number=n, text=str(n), record={"text": str(n)}) for n in range(1, parts + 1)),
    )  # fmt: skip
    said = [part.record["createdAt"] for part in bluesky_thread(publication, "did:plc:x")]
    assert said == sorted(set(said))
    assert datetime.fromisoformat(said[0]) == publication.at.astimezone(UTC)
