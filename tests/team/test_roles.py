"""Roles: who has not the role for something does not get it done by any route, nor by the task behind it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from outreach.errors import NotAllowed
from outreach.ledger import open_ledger
from outreach.model.member import Member, Role
from outreach.tasks import dashboard, log
from outreach.tasks.asking_approval import may_approve
from outreach.tasks.campaign import load
from outreach.tasks.person import acting_as
from outreach.tasks.publishing.correcting import correct, retract
from outreach.tasks.resolving import resolve
from outreach.tasks.sending import SendOrder, send
from outreach.tasks.trying import try_out
from outreach.web.application import PAGES
from outreach.web.guard import Way
from tests.servers.counting import Counting
from tests.team.teams import Team
from tests.web.dashboards import Visitor, written
from tests.web.test_guard import METHODS, path_of

LETTER = "one/c0000/0"
EMAILS = {
    "rita": {"read"},
    "walter": {"read", "write"},
    "anna": {"read", "approve"},
    "sam": {"read", "send"},
}
BY_EFFECT = {
    "/approve": "approve", "/withdraw": "approve", "/approve-together": "approve", "/approve-post": "approve",
    "/withdraw-post": "approve", "/decide": "approve", "/send-reply": "approve", "/go": "send", "/test": "send",
    "/change-post": "send", "/confirm": "send", "/stop": "send", "/sign-in": "send", "/let-in": "send",
    "/save-network": "send", "/begin-network": "send", "/sign-in-network": "send",
    "/save-servers": "send", "/save-sender": "send", "/mailbox": "send", "/check-mailbox": "send",
    "/find-servers": "send", "/save-text": "write", "/save-contact": "write", "/bulk-do": "write", "/erase": "write",
    "/merge": "write", "/look-at-files": "write", "/contacts.csv": "write", "/read-mailbox": "write", "/hold": "write",
    "/release": "write", "/never-again": "write", "/log": "write", "/write-reply": "write",
}  # fmt: skip
"""What docs/team.md promises of the routes with an effect."""


def member(team: Team, name: str) -> Visitor:
    return team.member(f"{name}@team.example")


def test_every_route_and_method_has_a_role() -> None:
    assert all(isinstance(way, Way) and way.needs and way.needs <= set(Role) for way in PAGES)
    needed = {way.path: way.needs for way in PAGES if way.methods == {"POST"} or way.path not in ("/hold",)}
    assert {path: role in needed[path] for path, role in BY_EFFECT.items()} == dict.fromkeys(BY_EFFECT, True)


def test_nothing_that_writes_is_open_to_readers_but_what_is_their_own() -> None:
    open_forms = {way.path for way in PAGES if "POST" in (way.methods or ()) and way.needs == {Role.READ}}
    assert open_forms == {"/undo", "/settings"}


@pytest.mark.parametrize("name", EMAILS)
def test_without_the_role_no_method_of_any_route_does_anything(
    team: Team, campaign: Path, name: str, mail_server: Counting
) -> None:
    visitor = member(team, name)
    values = urlencode({"form_token": visitor.token(), "id": LETTER, "contact": "c0000", "because": "x"})
    before, refused = written(campaign), 0
    for way in PAGES:
        lacks = way.needs - EMAILS[name]
        allowed = ("GET",) if "GET" in (way.methods or ()) else ()
        for method in METHODS if lacks else allowed:
            answer = visitor.ask(method, path_of(way), values if method == "POST" else None)
            if lacks and not (way.path == "/hold" and method in ("GET", "HEAD")):
                assert answer.status == 403, (method, way.path, answer.status)
                assert method not in ("GET", "POST") or "You may not do this" in answer.text
                refused += 1
            else:
                assert answer.status != 403, (method, way.path)
    assert refused > 100
    assert written(campaign) == before
    assert mail_server.letters() == []


def test_nobody_gets_anywhere_without_logging_in(team: Team, campaign: Path) -> None:
    before, stranger = written(campaign), team.stranger()
    for way in PAGES:
        for method in METHODS:
            answer = stranger.ask(method, path_of(way), "form_token=x" if method == "POST" else None)
            if path_of(way) == "/static/app.css" and method == "GET":
                continue
            expected = (303, "/login") if method in ("GET", "HEAD") else (403, None)
            assert (answer.status, answer.headers.get("location")) == expected, (method, way.path)
            assert b"Small" not in answer.body
    assert written(campaign) == before


@pytest.mark.parametrize("name", ["rita", "walter", "sam"])
def test_only_an_approver_approves_and_only_a_sender_sends(
    team: Team, campaign: Path, name: str, mail_server: Counting
) -> None:
    visitor = member(team, name)
    digest = visitor.shown_digest(f"/letters/{LETTER}")
    answer = visitor.post("/approve", {"id": LETTER, "digest": digest})
    assert answer.status == 403
    assert "“approve”" in answer.text
    assert "You approved" not in visitor.page(f"/letters/{LETTER}")
    approver = member(team, "anna")
    assert approver.post("/approve", {"id": LETTER, "digest": digest}).status == 303
    word = re.search(r'name="word" value="([^"]+)"', approver.page("/send"))
    assert word is not None
    assert approver.post("/go", {"word": word[1]}).status == 403
    assert mail_server.letters() == []


def test_the_history_says_who_did_it_also_where_a_job_did(team: Team, campaign: Path, mail_server: Counting) -> None:
    anna, sam, walter = (member(team, name) for name in ("anna", "sam", "walter"))
    assert anna.post("/approve", {"id": LETTER, "digest": anna.shown_digest(f"/letters/{LETTER}")}).status == 303
    word = re.search(r'name="word" value="([^"]+)"', sam.page("/send"))
    assert word is not None
    assert sam.post("/go", {"word": word[1]}).headers["location"] == "/sending"
    team.server.config.app._app.state.dashboard.jobs._thread.join(60)
    assert walter.post("/log", {"contact": "c0001", "what": "they-called", "text": "nice"}).status == 303
    assert len(mail_server.letters()) == 1
    with open_ledger(campaign, rehearsal=True) as ledger:
        by = {(str(event.kind), event.by) for event in ledger.events()}
    assert {("approved", "Anna Approver"), ("accepted", "Sam Sender"), ("they-called", "Walter Writer")} <= by
    assert not {who for _, who in by} - {"Anna Approver", "Sam Sender", "Walter Writer", "outreach"}


def test_no_page_offers_what_a_role_does_not_allow(team: Team) -> None:
    """The script of the pages disables the buttons of these forms."""

    def denied(visitor: Visitor) -> set[str]:
        found = re.search(
            r'<body [^>]*data-denied="([^"]*)" data-why="Your role does not allow this."', visitor.page("/")
        )
        return set(found[1].split()) if found else set()

    assert {"/approve", "/go", "/log", "/save-text", "/decide"} <= denied(member(team, "rita"))
    assert not denied(member(team, "rita")) & {"/undo", "/settings", "/logout"}
    assert {"/approve", "/send-reply"} <= denied(member(team, "sam"))
    assert not denied(member(team, "sam")) & {"/go", "/test", "/stop"}
    assert denied(member(team, "maria")) == set()


def test_only_an_approver_approves_by_email(campaign: Path) -> None:
    settings = load(campaign).campaign
    by_email = [each.email for each in settings.people if may_approve(settings, each.email)]
    assert by_email == ["anna@team.example", "Maria@team.example"]
    assert not may_approve(settings, "RITA@team.example")
    for address in ("walter@team.example", "Walter+2@team.example"):
        assert not may_approve(replace(settings, team=("@team.example",)), address)
    assert may_approve(replace(settings, team=("@team.example",)), "else@team.example")


def test_an_undo_needs_the_role_of_what_it_undoes(team: Team, campaign: Path) -> None:
    anna = member(team, "anna")
    anna.post("/approve", {"id": LETTER, "digest": anna.shown_digest(f"/letters/{LETTER}")})
    act = re.search(r'name="act" value="([^"]+)"', anna.page("/"))
    assert act is not None
    settings = (campaign / "campaign.yaml").read_text(encoding="utf-8")
    (campaign / "campaign.yaml").write_text(settings.replace("roles: [read, approve]", "roles: [read]"))
    assert anna.post("/undo", {"act": act[1]}).status == 403
    assert "Approved" in anna.page(f"/letters/{LETTER}")
    walter = member(team, "walter")
    walter.post("/log", {"contact": "c0000", "what": "they-called"})
    act = re.search(r'name="act" value="([^"]+)"', walter.page("/"))
    assert act is not None
    (campaign / "campaign.yaml").write_text(settings.replace("roles: write", "roles: approve"))
    assert walter.post("/undo", {"act": act[1]}).status == 403
    assert "They called" in walter.page("/contacts/c0000")


def test_a_decision_is_not_undone_from_the_timeline_without_the_role(campaign: Path) -> None:
    event = log.decide(campaign, "go", "yes", None)
    with acting_as(Member(name="W", email="w@x.example", roles=frozenset({Role.READ, Role.WRITE}))):
        with pytest.raises(NotAllowed):
            log.undo(campaign, event.number)
        with pytest.raises(NotAllowed):
            log.decide(campaign, "go", "no", None)


EFFECTS: dict[str, Callable[[Path], object]] = {
    "approve": lambda root: dashboard.approve_shown(root, LETTER, "0" * 64),
    "approve together": lambda root: dashboard.approve_together(root, {LETTER: "0" * 64}, "seen 1 of 1"),
    "withdraw": lambda root: dashboard.withdraw(root, LETTER),
    "test": lambda root: try_out(root, LETTER),
    "send": lambda root: send(root, SendOrder(wave="one", go=True)),
    "correct": lambda root: correct(root, "thread", go=True),
    "take down": lambda root: retract(root, "thread", go=True),
    "confirm": lambda root: resolve(root, LETTER, wave=None, sent=False),
}


@pytest.mark.parametrize("effect", EFFECTS)
def test_the_role_is_asked_for_again_where_the_effect_happens(
    campaign: Path, effect: str, mail_server: Counting
) -> None:
    dashboard.approve_shown(campaign, LETTER, dashboard.see(campaign).letters[LETTER].digest)
    walter = Member(name="Walter", email="w@x.example", roles=frozenset({Role.READ, Role.WRITE}))
    with acting_as(walter), pytest.raises(NotAllowed):
        EFFECTS[effect](campaign)
    assert mail_server.letters() == []


def test_whoever_is_taken_out_of_the_file_is_out_at_once(team: Team, campaign: Path) -> None:
    walter = member(team, "walter")
    assert walter.get("/").status == 200
    file = campaign / "campaign.yaml"
    settings = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"  - {name: Walter.*\n", "", settings), encoding="utf-8")
    assert walter.get("/").headers["location"] == "/login"
    file.write_text("a: [", encoding="utf-8")
    assert walter.get("/").headers["location"] == "/login"  # nobody can say who may come in
    file.write_text(settings, encoding="utf-8")
    assert walter.get("/").status == 200


def test_two_people_at_once_lose_no_edit(team: Team, campaign: Path) -> None:
    one, other = member(team, "walter"), member(team, "maria")
    digest = one.shown_digest("/text?file=templates/hello.md")
    assert digest == other.shown_digest("/text?file=templates/hello.md")
    text = (campaign / "templates/hello.md").read_text(encoding="utf-8")
    form = {"file": "templates/hello.md", "digest": digest, "act": "save"}
    assert one.post("/save-text", {**form, "text": text.replace("Dear", "Hello")}).status == 303
    assert other.post("/save-text", {**form, "text": text.replace("Dear", "Good day")}).status == 409
    assert "Hello {{ contact.name }}," in (campaign / "templates/hello.md").read_text(encoding="utf-8")


def test_who_saved_a_text_in_the_browser_is_not_its_only_approver(team: Team, campaign: Path) -> None:
    file = campaign / "campaign.yaml"
    file.write_text(f"{file.read_text(encoding='utf-8')}approval: two-people\n", encoding="utf-8")
    maria, anna = member(team, "maria"), member(team, "anna")
    digest = maria.shown_digest("/text?file=templates/hello.md")
    text = (campaign / "templates/hello.md").read_text(encoding="utf-8").replace("Dear", "Hello")
    form = {"file": "templates/hello.md", "digest": digest, "act": "save", "text": text}
    assert maria.post("/save-text", form).status == 303
    for approver in (maria, anna):
        shown = approver.shown_digest(f"/letters/{LETTER}")
        approver.post("/approve", {"id": LETTER, "digest": shown})
        word = re.search(r'name="word" value="([^"]+)"', maria.page("/send"))
        assert (word is not None) == (approver is anna)
