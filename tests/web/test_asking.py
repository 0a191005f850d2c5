"""Somebody of us is asked to approve by email: who and what is shown first, and one message goes out, once."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from outreach.ledger import open_ledger
from tests.web.dashboards import Visitor, written

ASKED = {"wave": "one", "address": "Alex@sender.example", "by": "2026-01-20"}


def asked(root: Path) -> list[tuple[str | None, str]]:
    with open_ledger(root, rehearsal=True, create=False) as ledger:
        return [(event.address, str(event.due)) for event in ledger.events() if event.kind == "approval-asked"]


def word_of(page: str) -> str:
    found = re.search(r'action="/ask".*?name="word" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_the_question_is_shown_and_sent_once(visitor: Visitor, campaign: Path) -> None:
    assert "Ask somebody to approve by email" in visitor.page("/together/one")
    looked = visitor.post("/look-at-ask", ASKED)
    page = unescape(looked.text)
    assert "1 email from alex@sender.example to alex@sender.example" in page
    assert "It asks about 4 emails of the wave one." in page
    assert "Their answer counts until Tue 20 Jan 2026." in page
    assert asked(campaign) == []
    word = word_of(looked.text)
    assert visitor.post("/ask", {"word": word}).status == 303
    assert "The question is saved on this computer: no mailbox is connected." in visitor.page("/letters")
    assert asked(campaign) == [("alex@sender.example", "2026-01-20")]
    assert visitor.post("/ask", {"word": word}).status == 303
    assert "Nothing is sent twice." in visitor.page("/letters")
    assert len(asked(campaign)) == 1


def test_nobody_else_is_asked(visitor: Visitor, campaign: Path) -> None:
    before = written(campaign)
    answer = visitor.post("/look-at-ask", {**ASKED, "address": "info@c0001.example"})
    assert answer.status == 409
    assert "info@c0001.example is not in your team, so nobody was asked" in unescape(answer.text)
    assert written(campaign) == before


def test_nobody_is_asked_about_another_text_than_was_shown(visitor: Visitor, campaign: Path) -> None:
    word = word_of(visitor.post("/look-at-ask", ASKED).text)
    file = campaign / "contacts" / "all.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("Angle 1.", "Another angle."), encoding="utf-8")
    assert visitor.post("/ask", {"word": word}).status == 303
    assert "so nobody was asked" in visitor.page("/together/one")
    assert asked(campaign) == []
