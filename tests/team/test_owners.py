"""Whoever writes to a contact that another one looks after is asked once, before anything is done."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from outreach.model.member import Member
from tests.servers.counting import Counting
from tests.team.teams import served_team
from tests.web.dashboards import Answer, Visitor, written


@pytest.fixture
def owned(campaign: Path) -> Path:
    """A campaign in which Walter looks after c0000, and nobody after the others."""
    table = campaign / "contacts/all.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    rows = [f"{line},{owner}" for line, owner in zip(lines, ["owner", "walter", "", "", ""], strict=True)]
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return campaign


def answered(visitor: Visitor, question: Answer) -> Answer:
    """Press the button of the question, with the fields that its page holds."""
    assert question.status == 409, question.text[:400]
    action = re.search(r'<section class="first">.*?<form method="post" action="([^"]+)"', question.text, re.DOTALL)
    fields = re.findall(r'<textarea name="(\w+)" hidden>\n(.*?)</textarea>', question.text, re.DOTALL)
    assert action is not None
    return visitor.post(unescape(action[1]), {**{name: unescape(text) for name, text in fields}, "anyway": "yes"})


def test_a_note_about_the_contact_of_another_asks_first_and_once(owned: Path) -> None:
    with served_team(owned) as team:
        maria = team.member("maria@team.example")
        before = written(owned)
        note = {"contact": "c0000", "what": "they-called", "text": "two\nlines & <b>"}
        question = maria.post("/log", note)
        assert "Walter Writer looks after Contact 0." in question.text
        assert written(owned) == before
        assert answered(maria, question).status == 303
        page = maria.page("/contacts/c0000")
        assert "two\nlines &amp; &lt;b&gt;" in page.replace("\r\n", "\n")
        assert maria.post("/log", note).status == 303  # asked once
        assert maria.post("/log", {**note, "contact": "c0001"}).status == 303  # nobody's


def test_the_owner_is_not_asked(owned: Path) -> None:
    with served_team(owned) as team:
        walter = team.member("walter@team.example")
        assert walter.post("/log", {"contact": "c0000", "what": "they-called"}).status == 303


def test_sending_names_whose_contacts_are_among_the_recipients(owned: Path, mail_server: Counting) -> None:
    with served_team(owned) as team:
        maria = team.member("maria@team.example")
        for contact in ("c0000", "c0001"):
            digest = maria.shown_digest(f"/letters/one/{contact}/0")
            maria.post("/approve", {"id": f"one/{contact}/0", "digest": digest})
        word = re.search(r'name="word" value="([^"]+)"', maria.page("/send"))
        assert word is not None
        question = maria.post("/go", {"word": word[1]})
        assert question.status == 409
        assert "Walter Writer looks after Contact 0." in question.text
        assert mail_server.letters() == []
        assert answered(maria, question).headers["location"] == "/sending"
        team.server.config.app._app.state.dashboard.jobs._thread.join(60)
        assert len(mail_server.letters()) == 2


@pytest.mark.parametrize("owner", ["Maria Example", "maria", "MARIA@team.example", " Maria "])
def test_an_owner_is_known_by_name_first_name_or_address(owner: str) -> None:
    assert Member(name="Maria Example", email="Maria@team.example").looks_after(owner)


@pytest.mark.parametrize("owner", ["Mari", "Maria Other", "example", "maria@other.example", ""])
def test_nobody_else_is_taken_for_the_owner(owner: str) -> None:
    assert not Member(name="Maria Example", email="Maria@team.example").looks_after(owner)
