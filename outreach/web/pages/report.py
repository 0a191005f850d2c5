"""The report: a month for its readers, and the whole record in every format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response, StreamingResponse

from outreach.errors import CannotTell
from outreach.model.mail import PROPOSALS, KeptMessage
from outreach.model.report import Report
from outreach.pages.report_files import FORMATS, report_file
from outreach.pages.report_html import report_pieces
from outreach.pages.report_month import month_html, month_workbook
from outreach.pages.report_word import month_document
from outreach.pages.saying import Say
from outreach.reporting.monthly import AUDIENCES, Audience, MonthReport, month_report
from outreach.tasks import editing
from outreach.tasks.reporting import own_words, report
from outreach.web.catalogue import LANGUAGES, Words, words_in
from outreach.web.guard import FRAME_POLICY
from outreach.web.sessions import Act
from outreach.web.visit import Visit, again, reading

MOST_WORDS = 2_000
"""Characters of the your own sentences."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": _XLSX,
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".json": "application/json",
}
_MONTH_AS: Mapping[str, Callable[[MonthReport, Say], bytes]] = {
    "html": lambda made, say: month_html(made, say).encode("utf-8", "replace"),
    "docx": month_document,
    "xlsx": month_workbook,
}


@reading
def show(visit: Visit) -> Response:
    """`?month=2026-11&for=funder`: the month in a frame in which nothing runs, and where all can be saved."""
    return _page(visit, _month(visit), _audience(visit.asked("for")))


def _page(visit: Visit, month: date, audience: Audience, *, typed: str | None = None) -> Response:
    asked = {"month": f"{month:%Y-%m}", "for": audience}
    language = {"language": visit.asked("language")} if visit.asked("language") else {}
    words = own_words(visit.dashboard.root, month, audience)
    return visit.page(
        "report.html",
        status=200 if typed is None else 409,
        says=words.after if typed is None else typed,
        words=words,
        stale=typed is not None,
        months=sorted({*_months(visit), month}, reverse=True),
        month=month,
        audiences=AUDIENCES,
        asked=asked,
        query=urlencode(asked | language),
        language=urlencode(language),
        shown_in=_words(visit).language,
        formats=[suffix[1:] for suffix in FORMATS],
        public=_is_public(visit),
        live="ask",
    )


def _asked_again(visit: Visit, form: Mapping[str, str]) -> Response:
    return _page(visit, _month(visit, form.get("month", "")), _audience(form.get("for", "")))


@again(_asked_again)
def save_words(visit: Visit, form: Mapping[str, str]) -> Response:
    """Keep the your own sentences in their file, if it still is what the form showed; else show both.

    Raises CannotTell if they are too long.
    """
    month, audience = _month(visit, form.get("month", "")), _audience(form.get("for", ""))
    if (form.get("month"), form.get("for")) != (f"{month:%Y-%m}", audience):
        raise HTTPException(404)
    typed = form.get("says", "").replace("\r\n", "\n").strip()
    if len(typed) > MOST_WORDS:
        raise CannotTell(
            f"This text has {len(typed)} characters, and {MOST_WORDS} are allowed",
            "Shorten it, then save again.",
            field="says",
        )
    root, words = visit.dashboard.root, own_words(visit.dashboard.root, month, audience)
    edit = replace(words, read=form.get("digest") or None, after=f"{typed}\n" if typed else "")
    shown = {"month": f"{month:%Y-%m}", "for": audience, "language": form.get("language", "")}
    here = f"/report?{urlencode({key: value for key, value in shown.items() if value})}"
    if (words.read or "") != form.get("digest", ""):
        return _page(visit, month, audience, typed=typed)
    if edit.after == edit.before:
        return visit.back_to(here)
    editing.save(root, edit)
    said = visit.words("Saved: {what}", what=visit.words("your sentences"))
    return visit.back_to(here, said, act=Act(text=said, undo=lambda: editing.take_back(root, edit)))


@reading
def show_month(visit: Visit) -> Response:
    """The month, for that frame."""
    return HTMLResponse(month_html(_made(visit), _words(visit)), headers={"Content-Security-Policy": FRAME_POLICY})


@reading
def save_month(visit: Visit) -> Response:
    """The month as a file."""
    made, suffix = _made(visit), visit.request.path_params["format"]
    if suffix not in _MONTH_AS:
        raise HTTPException(404)
    content = _MONTH_AS[suffix](made, _words(visit))
    name = f"report-{made.first:%Y-%m}-{made.audience}.{suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": FRAME_POLICY}
    return Response(content, media_type=_TYPES[f".{suffix}"], headers=headers)


def _made(visit: Visit) -> MonthReport:
    made, month, audience = _report(visit), _month(visit), _audience(visit.asked("for"))
    machines = [each.at for each in visit.seen.messages if each.sorted == "automatic" or _is_automatic(each)]
    says = own_words(visit.dashboard.root, month, audience).after
    return month_report(made, month, audience, says, machines)


def _report(visit: Visit, *, public: bool = False) -> Report:
    """The report of the campaign as the pages show it, which is planned already."""
    return report(visit.dashboard.root, public=public, seen=(visit.seen.world, visit.seen.plan))


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


def _month(visit: Visit, asked: str | None = None) -> date:
    """The first day of the month that is asked for, else of this one."""
    try:
        return date.fromisoformat(f"{visit.asked('month') if asked is None else asked}-01")
    except ValueError:
        return visit.times.day_of(visit.seen.now).replace(day=1)


def _audience(asked: str) -> Audience:
    return next((each for each in AUDIENCES if each == asked), "us")


@reading
def show_whole(visit: Visit) -> Response:
    """The whole record, in a policy under which nothing runs."""
    pieces = report_pieces(_report(visit, public=_is_public(visit)), _words(visit))
    return StreamingResponse(pieces, media_type="text/html", headers={"Content-Security-Policy": FRAME_POLICY})


@reading
def save(visit: Visit) -> Response:
    """The whole record as a file."""
    suffix = f".{visit.request.path_params['format']}"
    if suffix not in FORMATS:
        raise HTTPException(404)
    made = _report(visit, public=_is_public(visit))
    name = "public-report" if made.public else "report"
    headers = {"Content-Disposition": f'attachment; filename="{name}{suffix}"', "Content-Security-Policy": FRAME_POLICY}
    return Response(report_file(made, suffix, _words(visit)), media_type=_TYPES[suffix], headers=headers)


def _words(visit: Visit) -> Words:
    """The language of the report: as asked; else the campaign's, where that is not English; else the page's.

    English is also what a campaign has that names no language.
    """
    own = visit.seen.world.campaign.language
    page = visit.words.language
    return words_in(visit.asked("language") or (own if own in LANGUAGES and own != "en" else page), page)


def _is_public(visit: Visit) -> bool:
    return visit.asked("public") == "1"
