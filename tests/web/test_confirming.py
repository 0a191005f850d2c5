"""Whether an email was sent is final, so it is looked at first; then it is said once, of exactly what was shown."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from outreach.ledger import open_ledger
from tests.sending.campaigns import run
from tests.web.dashboards import NOW, Visitor


def saved(root: Path, *letters: str) -> None:
    assert run(root, "approve", *letters, "--yes", now=NOW).code == 0
    assert run(root, "send", "one", "--go", now=NOW).code in (0, 1)


def resolved(root: Path) -> list[tuple[str | None, object]]:
    with open_ledger(root, rehearsal=True, create=False) as ledger:
        return [(event.contact, event.value) for event in ledger.events() if event.kind == "resolved"]


def word_of(page: str) -> str:
    found = re.search(r'action="/confirm".*?name="word" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_it_is_said_before_that_nothing_takes_it_back(visitor: Visitor, campaign: Path) -> None:
    saved(campaign, "one/c0000/0")
    looked = visitor.post("/look-at-confirm", {"wave": "one", "sent": "no"})
    page = unescape(looked.text)
    assert looked.status == 200
    assert "Say that it was not sent" in page
    assert "This cannot be undone." in page
    assert "it may go out again" in page
    assert "Contact 0" in page
    assert resolved(campaign) == []


def test_it_is_said_once(visitor: Visitor, campaign: Path) -> None:
    saved(campaign, "one/c0000/0", "one/c0001/0")
    word = word_of(visitor.post("/look-at-confirm", {"wave": "one", "sent": "yes"}).text)
    assert visitor.post("/confirm", {"word": word}).status == 303
    assert "2 marked as sent" in visitor.page("/")
    assert [contact for contact, _ in resolved(campaign)] == ["c0000", "c0001"]
    assert visitor.post("/confirm", {"word": word}).status == 303
    assert "This was done already" in visitor.page("/")
    assert len(resolved(campaign)) == 2


def test_nothing_is_said_of_what_was_not_shown(visitor: Visitor, campaign: Path) -> None:
    saved(campaign, "one/c0000/0")
    word = word_of(visitor.post("/look-at-confirm", {"wave": "one", "sent": "yes"}).text)
    saved(campaign, "one/c0001/0")
    answer = visitor.post("/confirm", {"word": word})
    assert answer.status == 409
    assert "Something changed after you looked." in unescape(answer.text)
    assert "Contact 0, Contact 1" in unescape(answer.text)
    assert resolved(campaign) == []


def test_without_a_look_nothing_is_said(visitor: Visitor, campaign: Path) -> None:
    saved(campaign, "one/c0000/0")
    assert visitor.post("/confirm", {"wave": "one", "sent": "yes"}).status == 303
    assert resolved(campaign) == []
