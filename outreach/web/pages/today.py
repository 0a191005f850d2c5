"""Today: what asks for a person now, and the one thing to do first."""

from __future__ import annotations

from starlette.responses import Response

from outreach.planning.agenda import reason_beside_time
from outreach.planning.status import counts
from outreach.planning.today import sections
from outreach.web.visit import Visit, letter_state, reading

MOST = 8
"""So many entries of a part are shown; the other pages have all."""


@reading
def show(visit: Visit) -> Response:
    """The same parts as `outreach` without a command."""
    seen = visit.seen
    ready = [each for each in seen.letters.values() if letter_state(each) in ("ready", "changed")]
    return visit.page(
        "today.html",
        ready=ready,
        approved=sum(letter_state(each) == "approved" for each in seen.letters.values()),
        sections=sections(seen.plan, seen.standings, seen.world.refused),
        errors=[problem for problem in seen.problems if problem.is_error],
        warnings=sum(not problem.is_error for problem in seen.problems),
        counts={state: number for state, number in counts(seen.standings).items() if number},
        reason=reason_beside_time,
        most=MOST,
    )
