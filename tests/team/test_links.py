"""Logging in by a link: sent to who may, used once, for a quarter of an hour; and the session that follows."""

from __future__ import annotations

import email
import email.policy
import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.model.member import Member
from outreach.team.door import LASTS, TeamDoor
from outreach.team.links import Limit, Links
from outreach.team.pages import SENDING
from tests.servers.counting import Counting
from tests.team.teams import Team, form, served_team, taken
from tests.web.dashboards import Visitor, written

MARIA = "maria@team.example"


def all_sent() -> None:
    """Wait until no link is on its way any more."""
    for thread in threading.enumerate():
        if thread.name == SENDING:
            thread.join(60)


def mailed(server: Counting) -> list[str]:
    """The links that were sent."""
    all_sent()
    texts = [email.message_from_string(each["text"], policy=email.policy.default) for each in server.letters()]
    return [re.search(r"https://\S+", text.get_content())[0] for text in texts]  # type: ignore[index, attr-defined]


def asked_for_a_link(team: Team, address: str = MARIA) -> Visitor:
    visitor = team.stranger()
    assert form(visitor, "/login/link", {"email": address}).status == 200
    return visitor


def used(visitor: Visitor, link: str) -> int:
    """Open the link and press its button; the status of the answer."""
    secret = link.partition("token=")[2]
    answer = form(visitor, "/login/take", {"token": secret})
    taken(answer, visitor)
    return answer.status


def test_a_link_lets_its_person_in_once(team: Team, mail_server: Counting, campaign: Path) -> None:
    visitor = asked_for_a_link(team, " MARIA@Team.example ")
    (link,) = mailed(mail_server)
    assert mail_server.letters()[0]["to"] == "Maria@team.example"
    path = link.removeprefix(team.address)
    before = written(campaign)
    for _ in range(3):  # mail programs look at links before people do
        assert visitor.ask("HEAD", path).status in (303, 405)
        page = visitor.page(path)
    assert "Log in as Maria Example" in page
    answer = form(visitor, "/login/take", {"token": link.partition("token=")[2]})
    assert (answer.status, answer.headers["location"]) == (303, "/")
    said = taken(answer, visitor)["__Host-outreach"].lower()
    assert all(word in said for word in ("secure", "httponly", "samesite=lax", "path=/"))
    assert "domain" not in said
    assert "Logged in as Maria Example." in visitor.page("/")
    assert used(team.stranger(), link) == 403
    assert "This link was used already" in team.stranger().get(path).text
    assert written(campaign) == before  # nothing of it is kept in the folder


def test_the_answer_is_the_same_for_addresses_that_nobody_knows(team: Team, mail_server: Counting) -> None:
    answers = [
        form(team.stranger(), "/login/link", {"email": each}) for each in (MARIA, "nobody@team.example", "", "x" * 999)
    ]
    assert len({(each.status, each.body) for each in answers}) == 1
    assert len({tuple(sorted(set(each.headers) - {"date"})) for each in answers}) == 1
    assert len(mailed(mail_server)) == 1


def test_a_person_gets_three_links_and_no_more(team: Team, mail_server: Counting) -> None:
    for _ in range(6):
        asked_for_a_link(team)
    asked_for_a_link(team, "walter@team.example")
    links = mailed(mail_server)
    assert len(links) == 4
    assert [each["to"] for each in mail_server.letters()].count("Maria@team.example") == 3


def test_what_goes_wrong_is_said_on_the_terminal_and_not_to_strangers(campaign: Path) -> None:
    file = campaign / "campaign.yaml"
    file.write_text(re.sub(r"port: \d+", "port: 1", file.read_text(encoding="utf-8")), encoding="utf-8")
    with served_team(campaign) as team:
        asked_for_a_link(team)
        all_sent()
    assert "No login link could be sent to Maria@team.example" in team.told[0]


@pytest.mark.parametrize("path", ["/login/link", "/login/take"])
def test_a_form_before_the_login_comes_from_our_own_page(team: Team, path: str, mail_server: Counting) -> None:
    for origin, site in (("https://evil.example", "cross-site"), (None, None), ("null", "cross-site")):
        answer = form(team.stranger(), path, {"email": MARIA}, Origin=origin, Sec_Fetch_Site=site)
        assert answer.status == 403
    assert form(team.stranger(), path, {"email": "x" * 70_000}).status == 413
    assert mail_server.letters() == []


def test_another_host_gets_nothing_and_forwarded_names_are_not_believed(team: Team) -> None:
    for host in ("evil.example", "127.0.0.1", f"127.0.0.1:{team.port}", "outreach.test.evil.example", ""):
        assert team.stranger().get("/login", Host=host).status in (400, 403)
    headers = {"X_Forwarded_Host": "outreach.test", "X_Forwarded_Proto": "https"}
    assert team.stranger().get("/login", Host="evil.example", **headers).status == 403
    assert team.stranger().get("/login", Host="outreach.test:443").status == 200


def test_a_session_is_a_new_one_and_ends_by_logging_out(team: Team) -> None:
    visitor = team.member(MARIA)
    old = visitor.cookie
    door = team.server.config.app._door
    key = door.let_in(MARIA, old.partition("=")[2])
    assert key != old.partition("=")[2]
    assert team.stranger().get("/", Cookie=old).headers["location"] == "/login"  # it ended with the new login
    visitor.cookie = f"__Host-outreach={key}"
    assert visitor.get("/login").headers["location"] == "/"
    answer = visitor.post("/logout", {})
    assert answer.headers["location"] == "/login"
    assert visitor.get("/").headers["location"] == "/login"  # also with the cookie that the browser had
    taken(answer, visitor)
    assert visitor.cookie == ""


def test_no_session_is_fixed_by_who_knows_a_cookie_before(team: Team, mail_server: Counting) -> None:
    visitor = asked_for_a_link(team)
    visitor.cookie = "__Host-outreach=chosen-by-somebody-else"
    (link,) = mailed(mail_server)
    assert used(visitor, link) == 303
    assert "chosen" not in visitor.cookie
    assert team.stranger().get("/", Cookie="__Host-outreach=chosen-by-somebody-else").status == 303


def test_a_page_that_asks_again_by_itself_is_told_to_go_to_the_login(team: Team) -> None:
    answer = team.stranger().get("/changes?since=x", HX_Request="true")
    assert (answer.status, answer.headers["hx-redirect"]) == (403, "/login")


@pytest.fixture
def clock() -> list[datetime]:
    """A clock that a test sets: its only entry is now."""
    return [datetime(2026, 1, 13, 8, 30, tzinfo=UTC)]


class Nobody:
    """People, of whom one is known."""

    def member(self, email: str) -> Member | None:
        return Member(name="Maria", email=MARIA) if email == MARIA else None


def test_a_session_ends_after_twelve_hours(clock: list[datetime]) -> None:
    door = TeamDoor(Nobody(), lambda: clock[0])  # type: ignore[arg-type]
    key = door.let_in(MARIA, None)
    assert door.let_in("other@team.example", None) is None
    clock[0] += LASTS - timedelta(seconds=1)
    assert door.session(key) is not None
    clock[0] += timedelta(seconds=1)
    assert door.session(key) is None
    assert door.session("") is door.session(None) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["make", "use", "look"]), st.integers(0, 600)), max_size=12))
def test_a_link_is_good_once_and_for_a_quarter_of_an_hour(steps: list[tuple[str, int]]) -> None:
    now = [datetime(2026, 1, 13, tzinfo=UTC)]
    links, made = Links(lambda: now[0]), dict[str, datetime | None]()
    for what, seconds in steps:
        now[0] += timedelta(seconds=seconds)
        if what == "make":
            secret = links.make(MARIA)
            assert secret not in repr(links.__dict__)  # only its hash is kept
            made[secret] = now[0]
        for secret, at in list(made.items()) if what != "make" else ():
            is_good = at is not None and now[0] < at + timedelta(minutes=15)
            assert links.whose(secret) == (MARIA if is_good else None)
            if what == "use":
                assert links.take(secret) == (MARIA if is_good else None)
                made[secret] = None
    assert links.take("") is links.whose("\ud800") is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 500)), max_size=30), st.integers(1, 4))
def test_a_limit_lets_so_many_through_in_any_window(asked: list[tuple[str, int]], most: int) -> None:
    now, within = [datetime(2026, 1, 13, tzinfo=UTC)], timedelta(minutes=15)
    limit, let = Limit(most, within, lambda: now[0]), list[tuple[str, datetime]]()
    for key, seconds in asked:
        now[0] += timedelta(seconds=seconds)
        lately = sum(each == key and at > now[0] - within for each, at in let)
        assert limit.lets_through(key) == (lately < most)
        if lately < most:
            let.append((key, now[0]))
