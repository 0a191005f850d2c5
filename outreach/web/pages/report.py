"""The report: where it is, and how it is made."""

from __future__ import annotations

from starlette.responses import Response

from outreach.rules.standing import counts
from outreach.web.visit import Visit, reading


@reading
def show(visit: Visit) -> Response:
    """The numbers of now, and the command that writes the report."""
    found = {state: number for state, number in counts(visit.seen.standings).items() if number}
    return visit.page("report.html", counts=found, total=len(visit.seen.standings))
