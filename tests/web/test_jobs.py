"""A page shows work that goes on meanwhile as it was at one moment."""

from __future__ import annotations

from typing import Any

from outreach.web.jobs import Job


class _EndsWhileLookedAt(Job):
    """Ends right after it was asked what came of it, as work in another thread may."""

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name == "result" and found is None:
            self.result, self.is_over = "all sent", True
        return found


def test_work_that_ends_while_a_page_is_made_is_shown_as_going_on() -> None:
    """ "0 done" would stay there: only a page of work that goes on asks again."""
    job = _EndsWhileLookedAt(kind="send")
    assert not job.at_one_moment().is_over
    later = job.at_one_moment()
    assert (later.is_over, later.result) == (True, "all sent")
