"""The routes, and what becomes of an error."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from outreach.errors import CampaignUnreadable, NotAllowed, OutreachError
from outreach.model.member import Role
from outreach.tasks.campaign import is_begun, load
from outreach.tasks.git_versions import versions_of
from outreach.tasks.uploads import MOST_BYTES as UPLOADED
from outreach.web.guard import ENTRANCE, TOO_MUCH, Guard, Site, Way
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
    folder,
    hold,
    letters,
    mailbox,
    merging,
    networks,
    new_post,
    plan,
    posts,
    reply,
    report,
    sending,
    settings,
    texts,
    today,
    together,
)
from outreach.web.sessions import Doorkeeper
from outreach.web.statics import STATIC
from outreach.web.visit import MOST_FILES, Dashboard, Visit, reading

READ, WRITE, APPROVE, SEND = Role
POST = ("POST",)

_COME_IN = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>outreach</title>
<meta http-equiv="refresh" content="0;url=/"></head><body><main><h1>outreach</h1>
<p><a href="/">Open the dashboard</a></p></main></body></html>"""
"""Not a redirect: behind a link on another site, the browser would keep the new cookie to itself."""


def enter(request: Request) -> Response:
    """Exchange the token of the address for a cookie."""
    door, name = request.app.state.door, request.app.state.site.cookie
    if door.session(request.cookies.get(name)) is not None:
        return RedirectResponse("/", 303)
    key = door.enter(request.query_params.get("token", ""))
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
    found = STATIC.get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    is_named = request.query_params.get("v") == found.digest
    is_packed = "gzip" in request.headers.get("accept-encoding", "")
    headers = {"Vary": "Accept-Encoding"} | ({"Content-Encoding": "gzip"} if is_packed else {})
    headers |= {"Cache-Control": "private, max-age=31536000, immutable"} if is_named else {}
    return Response(found.packed if is_packed else found.content, media_type=found.media_type, headers=headers)


@reading
def changes(visit: Visit) -> Response:
    """Whether anything is another than in the page that asks (it says which stamp it has)."""
    keeper = visit.dashboard.keeper
    if visit.asked("since") == keeper.stamp() and not keeper.has_come():
        return Response(status_code=204)
    with contextlib.suppress(OutreachError):
        keeper.seen()  # so that the page which is asked for next need not wait
    return Response(headers={"HX-Trigger": "campaign-changed"})


@reading
def too_much(visit: Visit) -> Response:
    """Say that a form held too much; the guard leads here, and nothing of the form is read."""
    words = visit.words
    if visit.asked("most") == str(UPLOADED):
        said = words("These files are larger than {n} MB together.", n=UPLOADED // 1_000_000)
        hint = words("Add them one after another, or save the table alone in a file of its own.")
    else:
        said = words("This text is too long for the form, so nothing was saved.")
        hint = words("Go back in your browser: what you typed is still there. Then shorten it.")
    return visit.bare_page("error.html", 413, sentence=said, hint=hint, problems=(), language=words.language)


def _missing(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code not in (400, 404) or "browser_session" not in request.scope:
        return PlainTextResponse(error.detail, error.status_code)
    visit = Visit(request)
    words = visit.words
    said, hint = words("This page does not exist."), ""
    if error.status_code == 400:  # what Starlette says of a form that it does not read
        said = words("This form could not be read, so nothing was changed.")
        hint = words("A file may have a name that is too long, or there are more than {n} files.", n=MOST_FILES)
    return visit.bare_page("error.html", error.status_code, sentence=said, hint=hint, problems=())


def _failed(request: Request, error: Exception) -> Response:
    """One of our own errors: its sentence and its hint, and of an unreadable campaign every Problem."""
    assert isinstance(error, OutreachError)
    visit = Visit(request)
    if isinstance(error, NotAllowed):
        words = visit.words
        said = words("You may not do this: it needs the role “{role}”.", role=error.role)
        hint = words("Whoever looks after the campaign gives roles, in campaign.yaml.")
        return visit.bare_page("error.html", 403, sentence=said, hint=hint, problems=(), language=words.language)
    if isinstance(error, CampaignUnreadable) and not is_begun(visit.dashboard.root):
        root = visit.dashboard.root
        return visit.bare_page("begin.html", 200, folder=root.name, asks_git=versions_of(root).may_begin)
    problems = load(visit.dashboard.root).problems if isinstance(error, CampaignUnreadable) else ()
    live = "swap" if problems and request.method == "GET" else "none"  # fixed, it shows the page that was asked for
    return visit.bare_page("error.html", 409, sentence=str(error), hint=error.hint, problems=problems, live=live)


def _broken(request: Request, error: Exception) -> Response:
    """A fault of ours; nothing of it is told but its name."""
    sentence = f"This is a fault of outreach itself ({type(error).__name__}). Please report it."
    return PlainTextResponse(sentence, 500)


PAGES = [
    Way("/static/{name}", static, READ),
    Way("/changes", changes, READ),
    Way(TOO_MUCH, too_much, READ),
    Way("/", today.show, READ),
    Way("/letters", letters.show_all, READ),
    Way("/letters/{wave}/{contact}/{step:int}", letters.show_one, READ),
    Way("/shown/{digest}", letters.show_html, READ),
    Way("/approve", letters.approve, APPROVE, methods=POST),
    Way("/withdraw", letters.withdraw, APPROVE, methods=POST),
    Way("/together/{wave}", together.show, READ),
    Way("/approve-together", together.approve, APPROVE, methods=POST),
    Way("/look-at-ask", asking.look, SEND, methods=POST),
    Way("/ask", asking.ask, SEND, methods=POST),
    Way("/test", together.test_to_me, SEND, methods=POST),
    Way("/send", sending.show, READ),
    Way("/go", sending.go, SEND, methods=POST),
    Way("/sending", sending.show_progress, READ),
    Way("/stop", sending.stop, SEND, methods=POST),
    Way("/texts", texts.show_all, READ),
    Way("/text", texts.show, READ),
    Way("/save-text", texts.save, WRITE, methods=POST),
    Way("/posts", posts.show_all, READ),
    Way("/new-post", new_post.show, WRITE),
    Way("/save-post", new_post.save, WRITE, methods=POST),
    Way("/look-up", posts.look_up, WRITE, methods=POST),
    Way("/posted", posts.posted, WRITE, methods=POST),
    Way("/look-at-change", posts.look_at_change, WRITE, methods=POST),
    Way("/change-post", posts.change, SEND, methods=POST),
    Way("/pictures/{sha256}", posts.show_picture, READ),
    Way("/approve-post", posts.approve, APPROVE, methods=POST),
    Way("/withdraw-post", posts.withdraw, APPROVE, methods=POST),
    Way("/calendar", calendar.show, READ),
    Way("/move", calendar.show_move, READ),
    Way("/plan", plan.show, WRITE),
    Way("/move-it", calendar.move, WRITE, methods=POST),
    Way("/contacts", contacts.show_all, READ),
    Way("/contacts.csv", contacts.export, WRITE),
    Way("/bulk", bulk.preview, WRITE, methods=POST),
    Way("/bulk-do", bulk.do, WRITE, methods=POST),
    Way("/add-contact", edit.show_new, WRITE),
    Way("/contacts/{contact}", contact.show, READ),
    Way("/contacts/{contact}/edit", edit.show, WRITE),
    Way("/save-contact", edit.save, WRITE, methods=POST),
    Way("/log", contact.log_it, WRITE, methods=POST),
    Way("/undo-event", contact.undo_event, WRITE, methods=POST),
    Way("/mark", contact.mark, WRITE, methods=POST),
    Way("/look-at-merge", merging.look, WRITE, methods=POST),
    Way("/merge", merging.do, WRITE, methods=POST),
    Way("/look-at-erase", erasing.look, WRITE, methods=POST),
    Way("/erase", erasing.do, WRITE, methods=POST),
    Way("/never-again", contact.never_again, WRITE, methods=POST),
    Way("/answers", answers.show, READ),
    Way("/judge", answers.judge, WRITE, methods=POST),
    Way("/sort", answers.sort, WRITE, methods=POST),
    Way("/sort-all", answers.sort_all, WRITE, methods=POST),
    Way("/turn", answers.turn, WRITE, methods=POST),
    Way("/match", answers.give, WRITE, methods=POST),
    Way("/hold", hold.show, READ),
    Way("/hold", hold.put_on, WRITE, methods=POST),
    Way("/release", hold.take_off, WRITE, methods=POST),
    Way("/report", report.show, READ),
    Way("/report/whole", report.show_whole, READ),
    Way("/save-words", report.save_words, WRITE, methods=POST),
    Way("/report/month", report.show_month, READ),
    Way("/report/month/{format}", report.save_month, READ),
    Way("/report/as/{format}", report.save, READ),
    Way("/decide", today.decide, APPROVE, methods=POST),
    Way("/look-at-confirm", today.look_at_confirm, SEND, methods=POST),
    Way("/confirm", today.confirm, SEND, methods=POST),
    Way("/reply/{contact}", reply.show, READ),
    Way("/write-reply", reply.write, WRITE, methods=POST),
    Way("/send-reply", reply.send, APPROVE, SEND, methods=POST),
    Way("/begin", begin.begin, WRITE, methods=POST),
    Way("/sender", begin.show_sender, SEND),
    Way("/save-sender", begin.save_sender, SEND, methods=POST),
    Way("/save-times", begin.keep_times, SEND, methods=POST),
    Way("/mailbox", mailbox.show, SEND),
    Way("/find-servers", mailbox.find, SEND, methods=POST),
    Way("/save-servers", mailbox.save, SEND, methods=POST),
    Way("/sign-in", mailbox.sign_in, SEND, methods=POST),
    Way("/let-in", mailbox.let_in, SEND, methods=POST),
    Way("/check-mailbox", mailbox.check, SEND, methods=POST),
    Way("/folder", folder.show, SEND),
    Way("/keep-version", folder.keep_version, SEND, methods=POST),
    Way("/networks", networks.show, SEND),
    Way("/save-network", networks.save, SEND, methods=POST),
    Way("/begin-network", networks.begin, SEND, methods=POST),
    Way("/sign-in-network", networks.sign_in, SEND, methods=POST),
    Way("/new-text", begin.new_text, WRITE, methods=POST),
    Way("/add-files", adding.show, WRITE),
    Way("/look-at-files", adding.look, WRITE, methods=POST),
    Way("/undo", acts.undo, READ, methods=POST),
    Way("/read-mailbox", acts.read_mailbox, WRITE, methods=POST),
    Way("/job", acts.show_job, READ),
    Way("/settings", settings.change, READ, methods=POST),
]
"""Every page and form, and which role somebody who logged in needs for it (docs/team.md)."""

ROUTES = [Route(ENTRANCE, enter, methods=["GET"]), *PAGES]
"""Those of a dashboard for one person: in with the token of the address that was printed."""


def application(dashboard: Dashboard, site: Site, door: Doorkeeper, routes: Sequence[BaseRoute] = ROUTES) -> ASGIApp:
    """One dashboard, behind its guard."""
    app = Starlette(
        routes=routes,
        exception_handlers={HTTPException: _missing, OutreachError: _failed, Exception: _broken},
    )
    app.state.dashboard = dashboard
    app.state.site, app.state.door = site, door
    return Guard(app, door=door, site=site)
