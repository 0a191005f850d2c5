"""The routes, and what becomes of an error."""

from __future__ import annotations

import contextlib
from importlib.resources import files
from pathlib import PurePosixPath

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from outreach.errors import CampaignUnreadable, OutreachError
from outreach.tasks.campaign import is_begun, load
from outreach.web.guard import ENTRANCE, Guard, cookie_name
from outreach.web.pages import (
    acts,
    adding,
    answers,
    asking,
    begin,
    bulk,
    calendar,
    contact,
    contacts,
    edit,
    erasing,
    hold,
    letters,
    mailbox,
    merging,
    posts,
    reply,
    report,
    sending,
    settings,
    texts,
    today,
    together,
)
from outreach.web.visit import Dashboard, Visit, reading

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_STATIC = {
    file.name: (file.read_bytes(), _TYPES[PurePosixPath(file.name).suffix])
    for file in (files("outreach.web") / "static").iterdir()
    if PurePosixPath(file.name).suffix in _TYPES
}

_COME_IN = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>outreach</title>
<meta http-equiv="refresh" content="0;url=/"></head><body><main><h1>outreach</h1>
<p><a href="/">Open the dashboard</a></p></main></body></html>"""
"""Not a redirect: behind a link on another site, the browser would keep the new cookie to itself."""


def enter(request: Request) -> Response:
    """Exchange the token of the address for a cookie."""
    dashboard: Dashboard = request.app.state.dashboard
    name = cookie_name(dashboard.port)
    if dashboard.door.session(request.cookies.get(name)) is not None:
        return RedirectResponse("/", 303)
    key = dashboard.door.enter(request.query_params.get("token", ""))
    if key is None:
        return PlainTextResponse(
            "This address was used already, or is not the one that `outreach dashboard` printed. "
            "Stop it with Ctrl-C and start it again for a new one.",
            403,
        )
    response = HTMLResponse(_COME_IN)
    response.set_cookie(name, key, httponly=True, samesite="strict", path="/")
    return response


def static(request: Request) -> Response:
    """A file that came with the program."""
    found = _STATIC.get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    return Response(found[0], media_type=found[1])


@reading
def changes(visit: Visit) -> Response:
    """Whether anything is another than in the page that asks (it says which stamp it has)."""
    keeper = visit.dashboard.keeper
    if visit.asked("since") == keeper.stamp():
        return Response(status_code=204)
    with contextlib.suppress(OutreachError):
        keeper.seen()  # so that the page which is asked for next need not wait
    return Response(headers={"HX-Trigger": "campaign-changed"})


def _missing(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code != 404 or "browser_session" not in request.scope:
        return PlainTextResponse(error.detail, error.status_code)
    visit = Visit(request)
    return visit.bare_page("error.html", 404, sentence=visit.words("This page does not exist."), hint="", problems=())


def _failed(request: Request, error: Exception) -> Response:
    """One of our own errors: its sentence and its hint, and of an unreadable campaign every Problem."""
    assert isinstance(error, OutreachError)
    visit = Visit(request)
    if isinstance(error, CampaignUnreadable) and not is_begun(visit.dashboard.root):
        return visit.bare_page("begin.html", 200, folder=visit.dashboard.root.name)
    problems = load(visit.dashboard.root).problems if isinstance(error, CampaignUnreadable) else ()
    live = "swap" if problems and request.method == "GET" else "none"  # fixed, it shows the page that was asked for
    return visit.bare_page("error.html", 409, sentence=str(error), hint=error.hint, problems=problems, live=live)


def _broken(request: Request, error: Exception) -> Response:
    """A fault of ours; nothing of it is told but its name."""
    sentence = f"This is a fault of outreach itself ({type(error).__name__}). Please report it."
    return PlainTextResponse(sentence, 500)


ROUTES = [
    Route(ENTRANCE, enter, methods=["GET"]),
    Route("/static/{name}", static),
    Route("/changes", changes),
    Route("/", today.show),
    Route("/letters", letters.show_all),
    Route("/letters/{wave}/{contact}/{step:int}", letters.show_one),
    Route("/shown/{digest}", letters.show_html),
    Route("/approve", letters.approve, methods=["POST"]),
    Route("/withdraw", letters.withdraw, methods=["POST"]),
    Route("/together/{wave}", together.show),
    Route("/approve-together", together.approve, methods=["POST"]),
    Route("/look-at-ask", asking.look, methods=["POST"]),
    Route("/ask", asking.ask, methods=["POST"]),
    Route("/test", together.test_to_me, methods=["POST"]),
    Route("/send", sending.show),
    Route("/go", sending.go, methods=["POST"]),
    Route("/sending", sending.show_progress),
    Route("/stop", sending.stop, methods=["POST"]),
    Route("/texts", texts.show_all),
    Route("/text", texts.show),
    Route("/save-text", texts.save, methods=["POST"]),
    Route("/posts", posts.show_all),
    Route("/posted", posts.posted, methods=["POST"]),
    Route("/look-at-change", posts.look_at_change, methods=["POST"]),
    Route("/change-post", posts.change, methods=["POST"]),
    Route("/pictures/{sha256}", posts.show_picture),
    Route("/approve-post", posts.approve, methods=["POST"]),
    Route("/withdraw-post", posts.withdraw, methods=["POST"]),
    Route("/calendar", calendar.show),
    Route("/move", calendar.show_move),
    Route("/move-it", calendar.move, methods=["POST"]),
    Route("/contacts", contacts.show_all),
    Route("/contacts.csv", contacts.export),
    Route("/bulk", bulk.preview, methods=["POST"]),
    Route("/bulk-do", bulk.do, methods=["POST"]),
    Route("/add-contact", edit.show_new),
    Route("/contacts/{contact}", contact.show),
    Route("/contacts/{contact}/edit", edit.show),
    Route("/save-contact", edit.save, methods=["POST"]),
    Route("/log", contact.log_it, methods=["POST"]),
    Route("/undo-event", contact.undo_event, methods=["POST"]),
    Route("/mark", contact.mark, methods=["POST"]),
    Route("/look-at-merge", merging.look, methods=["POST"]),
    Route("/merge", merging.do, methods=["POST"]),
    Route("/look-at-erase", erasing.look, methods=["POST"]),
    Route("/erase", erasing.do, methods=["POST"]),
    Route("/never-again", contact.never_again, methods=["POST"]),
    Route("/answers", answers.show),
    Route("/judge", answers.judge, methods=["POST"]),
    Route("/sort", answers.sort, methods=["POST"]),
    Route("/sort-all", answers.sort_all, methods=["POST"]),
    Route("/turn", answers.turn, methods=["POST"]),
    Route("/match", answers.give, methods=["POST"]),
    Route("/hold", hold.show),
    Route("/hold", hold.put_on, methods=["POST"]),
    Route("/release", hold.take_off, methods=["POST"]),
    Route("/report", report.show),
    Route("/report/whole", report.show_whole),
    Route("/save-words", report.save_words, methods=["POST"]),
    Route("/report/month", report.show_month),
    Route("/report/month/{format}", report.save_month),
    Route("/report/as/{format}", report.save),
    Route("/decide", today.decide, methods=["POST"]),
    Route("/look-at-confirm", today.look_at_confirm, methods=["POST"]),
    Route("/confirm", today.confirm, methods=["POST"]),
    Route("/reply/{contact}", reply.show),
    Route("/write-reply", reply.write, methods=["POST"]),
    Route("/send-reply", reply.send, methods=["POST"]),
    Route("/begin", begin.begin, methods=["POST"]),
    Route("/sender", begin.show_sender),
    Route("/save-sender", begin.save_sender, methods=["POST"]),
    Route("/mailbox", mailbox.show),
    Route("/find-servers", mailbox.find, methods=["POST"]),
    Route("/save-servers", mailbox.save, methods=["POST"]),
    Route("/sign-in", mailbox.sign_in, methods=["POST"]),
    Route("/let-in", mailbox.let_in, methods=["POST"]),
    Route("/check-mailbox", mailbox.check, methods=["POST"]),
    Route("/new-text", begin.new_text, methods=["POST"]),
    Route("/add-files", adding.show),
    Route("/look-at-files", adding.look, methods=["POST"]),
    Route("/undo", acts.undo, methods=["POST"]),
    Route("/read-mailbox", acts.read_mailbox, methods=["POST"]),
    Route("/job", acts.show_job),
    Route("/settings", settings.change, methods=["POST"]),
]


def application(dashboard: Dashboard) -> ASGIApp:
    """One dashboard, behind its guard."""
    app = Starlette(
        routes=ROUTES,
        exception_handlers={HTTPException: _missing, OutreachError: _failed, Exception: _broken},
    )
    app.state.dashboard = dashboard
    return Guard(app, door=dashboard.door, port=dashboard.port)
