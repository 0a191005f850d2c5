"""The report: as it is now, and in every format to be kept."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from outreach.pages.report_files import FORMATS, report_file
from outreach.pages.report_html import report_html
from outreach.tasks.reporting import report
from outreach.web.guard import FRAME_POLICY
from outreach.web.visit import Visit, reading

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
}


@reading
def show(visit: Visit) -> Response:
    """The report in a frame in which nothing runs and nothing is loaded, and where it can be saved."""
    return visit.page("report.html", formats=[suffix[1:] for suffix in FORMATS], public=_is_public(visit), live="ask")


@reading
def show_whole(visit: Visit) -> Response:
    """The report for that frame."""
    made = report(visit.dashboard.root, public=_is_public(visit))
    return HTMLResponse(report_html(made), headers={"Content-Security-Policy": FRAME_POLICY})


@reading
def save(visit: Visit) -> Response:
    """The report as a file."""
    suffix = f".{visit.request.path_params['format']}"
    if suffix not in FORMATS:
        raise HTTPException(404)
    made = report(visit.dashboard.root, public=_is_public(visit))
    name = "public-report" if made.public else "report"
    headers = {"Content-Disposition": f'attachment; filename="{name}{suffix}"', "Content-Security-Policy": FRAME_POLICY}
    return Response(report_file(made, suffix), media_type=_TYPES[suffix], headers=headers)


def _is_public(visit: Visit) -> bool:
    return visit.asked("public") == "1"
