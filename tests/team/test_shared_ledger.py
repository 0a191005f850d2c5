"""`outreach serve` with its ledger in PostgreSQL: what is approved at one computer is sent at another, once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from outreach.ledger import open_ledger
from tests.sending.campaigns import write_campaign
from tests.sending.test_workers import another_host
from tests.servers.counting import Counting
from tests.servers.postgres import put_into_postgres
from tests.team.teams import Team, served_team, write_people

LETTER = "one/c0000/0"


def send_all(team: Team, name: str) -> None:
    """Press the button that sends, and wait until it is done."""
    visitor = team.member(f"{name}@team.example")
    word = re.search(r'name="word" value="([^"]+)"', visitor.page("/send"))
    assert word is not None
    assert visitor.post("/go", {"word": word[1]}).headers["location"] == "/sending"
    team.server.config.app._app.state.dashboard.jobs._thread.join(60)


def test_what_is_approved_at_one_computer_is_sent_at_another_once(
    tmp_path: Path, mail_server: Counting, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTREACH_USER", "Whoever runs the server")
    root = write_people(write_campaign(tmp_path / "here", port=mail_server.port, contacts=3))
    put_into_postgres(root, postgres, monkeypatch)
    with served_team(root) as here, served_team(another_host(root, "there")) as there:
        anna = here.member("anna@team.example")
        assert anna.post("/approve", {"id": LETTER, "digest": anna.shown_digest(f"/letters/{LETTER}")}).status == 303
        rita = there.member("rita@team.example")
        assert "Approved" in rita.page(f"/letters/{LETTER}")
        send_all(there, "sam")
        walter = here.member("walter@team.example")
        assert walter.post("/log", {"contact": "c0000", "what": "they-called", "text": "nice"}).status == 303
        assert "They called" in rita.page("/contacts/c0000")
        assert 'name="word"' not in here.member("sam@team.example").page("/send")
    assert [letter["to"] for letter in mail_server.letters()] == ["info@c0000.example"]
    assert not (root / ".outreach" / "ledger.db").exists()
    with open_ledger(root) as ledger:
        by = {(str(event.kind), event.by) for event in ledger.events()}
    assert {("approved", "Anna Approver"), ("accepted", "Sam Sender"), ("they-called", "Walter Writer")} <= by
