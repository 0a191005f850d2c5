"""A contact is left out of a wave from its page or the list, after a preview, once, and comes back with Undo."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from tests.web.dashboards import Visitor, written


def test_a_contact_is_left_out_of_a_wave_after_a_preview_and_comes_back(visitor: Visitor, campaign: Path) -> None:
    file, before = campaign / "campaign.yaml", written(campaign)
    was = file.read_bytes()
    assert 'value="leave-out:one"' in visitor.page("/contacts/c0001")
    form = {"id": "c0001", "action": "leave-out:one", "back": "/contacts/c0001"}
    page = visitor.post("/bulk", form).text
    assert "Leave out of the wave one" in page
    assert "Contact 1" in page
    assert written(campaign) == before
    word = re.search(r'name="word" value="([^"]+)"', page)
    assert word is not None
    done = visitor.post("/bulk-do", {"word": word[1], "back": "/contacts/c0001"})
    assert done.headers["location"] == "/contacts/c0001"
    assert "id not in ['c0001']" in file.read_text(encoding="utf-8")
    after = visitor.page("/contacts/c0001")
    assert "Left out of one: Contact 1" in unescape(after)
    assert 'value="leave-out:one"' not in after
    assert "Hello Contact 1" not in visitor.page("/letters")
    visitor.post("/bulk-do", {"word": word[1]})
    assert "This was done already" in visitor.page("/contacts")
    act = re.search(r'name="act" value="([^"]+)"', after)
    assert act is not None
    visitor.post("/undo", {"act": act[1]})
    assert file.read_bytes() == was


def test_nobody_is_left_out_of_a_wave_that_is_not_there(visitor: Visitor, campaign: Path) -> None:
    before = written(campaign)
    answer = visitor.post("/bulk", {"id": "c0001", "action": "leave-out:<b>none</b>"})
    assert answer.status == 409
    assert "<b>none" not in answer.text
    assert written(campaign) == before


def test_the_page_of_an_email_that_is_left_out_says_why(visitor: Visitor, campaign: Path) -> None:
    rows = campaign / "contacts/all.csv"
    text = rows.read_text(encoding="utf-8").replace("personal_text\n", "personal_text,do_not_contact\n")
    rows.write_text(text.replace("Angle 1.", "Angle 1.,they asked"), encoding="utf-8")
    assert "do not contact: they asked" in visitor.page("/letters/one/c0001/0")
    assert visitor.get("/letters/one/nobody/0").status == visitor.get("/letters/two/c0001/0").status == 404
