"""A form with a mistake is shown again as it was filled, with the error beside the field; nothing is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path

import pytest

from outreach.errors import CannotTell
from outreach.web.catalogue import words_in
from tests.web.dashboards import Visitor
from tests.web.test_adding import files

WHO = {"name": "Ana Lima", "title": "Bees & <b>trees</b>", "timezone": "Europe/Lisbon"}
NOTE = {"contact": "c0001", "what": "they-called", "text": "They like <bees>."}
HAND = "---\nnetworks: [hackernews]\ntitles: [We wrote to many]\nlink: https://example.org/why\n---\nWhy.\n"


@pytest.mark.parametrize(
    ("path", "form", "field"),
    [
        ("/save-sender", {**WHO, "email": "no address"}, "email"),
        ("/save-sender", {**WHO, "email": "ana@ana.example", "timezone": "Lisbon/Nowhere"}, "timezone"),
        ("/log", {**NOTE, "at": "2031-05-01T10:00"}, "at"),
        ("/log", {**NOTE, "what": "promised", "due": "soon enough"}, "due"),
        ("/posted", {"id": "hand/hackernews", "url": "no address"}, "url"),
        ("/look-at-ask", {"wave": "one", "address": "x@else.example", "by": "2026-01-20"}, "address"),
        ("/look-at-ask", {"wave": "one", "address": "alex@sender.example", "by": "31.01.2026"}, "by"),
        ("/look-at-erase", {"contact": "c0001", "asked": "yesterday"}, "asked"),
        ("/save-words", {"month": "2026-01", "for": "us", "digest": "", "says": "word " * 400 + "x"}, "says"),
        ("/look-at-merge", {"contact": "c0001", "other": "Nobody of this name"}, "other"),
        ("/save-text", {"file": "templates/hello.md", "text": "typed", "digest": "x", "act": "save"}, ""),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_was_typed_stays_with_the_error_beside_its_field(
    visitor: Visitor, campaign: Path, path: str, form: Mapping[str, str], field: str
) -> None:
    (campaign / "posts" / "hand.md").write_text(HAND, encoding="utf-8")
    before = files(campaign)
    answer = visitor.post(path, form)
    assert answer.status == 409
    page = unescape(re.sub(r"<(?:script|style).*?</", "", answer.text, flags=re.S))
    for name in ("name", "title", "text", "url", "address", "other", "due", "by", "asked", "says"):
        assert form.get(name, "") in page
    if field:
        assert re.search(rf'name="{field}"[^>]*aria-invalid="true"[^>]*aria-describedby="fault-{field}"', answer.text)
        assert f'id="fault-{field}"' in answer.text
        assert answer.text.count('class="fault"') == 1
    assert files(campaign) == before


def test_a_day_that_is_over_is_said_where_the_day_is_chosen(visitor: Visitor) -> None:
    page = visitor.page("/move?wave=one&to=2026-01-01")
    assert 'id="fault-to"' in page
    assert 'value="2026-01-01"' in page
    page = visitor.page("/move?wave=one&to=next+week")
    assert 'id="fault-to"' in page
    assert 'value="next week"' in page


def test_a_name_that_ends_with_a_full_stop_is_followed_by_no_other() -> None:
    words = words_in("de", "de")
    said = words("Approved: {name}. Nothing is sent yet.", name="Bienen e. V.")
    assert said == "Genehmigt: Bienen e. V. Noch ist nichts gesendet."
    assert words("{name}...", name="e. V.") == "e. V...."
    assert str(CannotTell("This is Bees e. V.", "")) == "This is Bees e. V."


def test_the_words_of_a_form_are_words_in_its_page(visitor: Visitor) -> None:
    page = visitor.post("/save-sender", {**WHO, "email": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page
    assert "<b>trees" not in page
