"""The report: a month for its readers, and the whole record in every format."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from outreach.model.mail import PROPOSALS, KeptMessage
from outreach.pages.report_files import FORMATS, report_file
from outreach.pages.report_html import report_html
from outreach.pages.report_month import month_html, month_workbook
from outreach.reporting.monthly import AUDIENCES, Audience, MonthReport, month_report
from outreach.tasks.reporting import report
from outreach.web.guard import FRAME_POLICY
from outreach.web.visit import Visit, reading

MOST_WORDS = 2_000
"""Characters of the sentences of one's own."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": _XLSX,
    ".json": "application/json",
}


@reading
def show(visit: Visit) -> Response:
    """`?month=2026-11&for=funder&says=...`: the month in a frame in which nothing runs, and where all can be saved."""
    month = _month(visit, visit.times.day_of(visit.seen.now))
    asked = {"month": f"{month:%Y-%m}", "for": _audience(visit), "says": visit.asked("says")[:MOST_WORDS]}
    return visit.page(
        "report.html",
        months=sorted({*_months(visit), month}, reverse=True),
        month=month,
        audiences=AUDIENCES,
        asked=asked,
        query=urlencode(asked),
        formats=[suffix[1:] for suffix in FORMATS],
        public=_is_public(visit),
        live="ask",
    )


@reading
def show_month(visit: Visit) -> Response:
    """The month, for that frame."""
    return HTMLResponse(month_html(_made(visit)), headers={"Content-Security-Policy": FRAME_POLICY})


@reading
def save_month(visit: Visit) -> Response:
    """The month as a file."""
    made, suffix = _made(visit), visit.request.path_params["format"]
    if suffix not in ("html", "xlsx"):
        raise HTTPException(404)
    content = month_html(made).encode("utf-8", "replace") if suffix == "html" else month_workbook(made)
    name = f"report-{made.first:%Y-%m}-{made.audience}.{suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": FRAME_POLICY}
    return Response(content, media_type=_TYPES[f".{suffix}"], headers=headers)


def _made(visit: Visit) -> MonthReport:
    made = report(visit.dashboard.root)
    machines = [each.at for each in visit.seen.messages if each.sorted == "automatic" or _is_automatic(each)]
    says = visit.asked("says")[:MOST_WORDS]
    return month_report(made, _month(visit, made.now.date()), _audience(visit), says, machines)


def _is_automatic(message: KeptMessage) -> bool:
    return message.sorted is None and PROPOSALS.get(message.kind) == "automatic"


def _months(visit: Visit) -> set[date]:
    """The first days of the months in which something happened, and of this one."""
    past, days = visit.seen.world.past, visit.times.day_of
    instants = [letter.at for contact in past.contacts.values() for letter in contact.letters]
    instants += [contact.last.at for contact in past.contacts.values() if contact.last]
    instants += [message.at for message in visit.seen.messages]
    instants += [post.published for post in past.posts.values() if post.published]
    return {days(at).replace(day=1) for at in (*instants, visit.seen.now)}


def _month(visit: Visit, today: date) -> date:
    try:
        return date.fromisoformat(f"{visit.asked('month')}-01")
    except ValueError:
        return today.replace(day=1)


def _audience(visit: Visit) -> Audience:
    return next((each for each in AUDIENCES if each == visit.asked("for")), "us")


@reading
def show_whole(visit: Visit) -> Response:
    """The whole record, in a policy under which nothing runs."""
    made = report(visit.dashboard.root, public=_is_public(visit))
    return HTMLResponse(report_html(made), headers={"Content-Security-Policy": FRAME_POLICY})


@reading
def save(visit: Visit) -> Response:
    """The whole record as a file."""
    suffix = f".{visit.request.path_params['format']}"
    if suffix not in FORMATS:
        raise HTTPException(404)
    made = report(visit.dashboard.root, public=_is_public(visit))
    name = "public-report" if made.public else "report"
    headers = {"Content-Disposition": f'attachment; filename="{name}{suffix}"', "Content-Security-Policy": FRAME_POLICY}
    return Response(report_file(made, suffix), media_type=_TYPES[suffix], headers=headers)


def _is_public(visit: Visit) -> bool:
    return visit.asked("public") == "1"
