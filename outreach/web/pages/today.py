"""Today: what asks for a person now, and the one thing to do first."""

from __future__ import annotations

from starlette.responses import Response

from outreach.pages.today import today_text
from outreach.planning.status import counts
from outreach.planning.today import SectionId
from outreach.web.visit import Visit, letter_state, reading

MOST = 8
"""So many entries of a part are shown; the other pages have all."""
TITLES: dict[SectionId, str] = {
    "approve": "To approve",
    "answer": "To answer",
    "triage": "To sort",
    "refused": "Refused",
    "bounced": "Not delivered",
    "unmatched": "Belongs to no contact yet",
    "unknown": "Unknown: was it sent?",
    "missed": "Missed",
    "promised": "Promised",
    "decide": "To decide",
    "by-hand": "To do by hand",
    "research": "To find out",
    "leaving": "Goes out next",
    "broken": "Mistakes in the files",
}
_ELSEWHERE: dict[SectionId, str] = {"approve": "/letters", "answer": "/answers", "unmatched": "/answers"}
"""The page that has all of a section, where that is not the calendar."""


@reading
def show(visit: Visit) -> Response:
    """The same sections as `outreach` without a command."""
    seen = visit.seen
    ready = [each for each in seen.letters.values() if letter_state(each) in ("ready", "changed")]
    said = today_text(seen.sections, seen.statuses, seen.world.campaign.decisions, now=seen.now, timezone=seen.timezone)
    return visit.page(
        "today.html",
        ready=ready,
        approved=sum(letter_state(each) == "approved" for each in seen.letters.values()),
        sections=[part for part in seen.sections if part.id != "broken"],
        titles=TITLES,
        elsewhere=_ELSEWHERE,
        said=said,
        errors=[problem for problem in seen.problems if problem.is_error],
        warnings=sum(not problem.is_error for problem in seen.problems),
        counts={state: number for state, number in counts(seen.statuses).items() if number},
        most=MOST,
    )
