"""The report of a month: its own sentences are a file of the campaign, and Word opens what is saved for it."""

from __future__ import annotations

import io
import re
from pathlib import Path

from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.pages.report_word import month_document
from outreach.reporting.monthly import AUDIENCES, MonthLine, MonthReport
from tests.browser.hostile import HOSTILE
from tests.inbox.messages import DAY as INSTANT
from tests.web.dashboards import Visitor


def digest(page: str) -> str:
    found = re.search(r'name="digest" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_sentences_of_ones_own_are_kept_for_their_readers_and_nothing_is_lost_in_two_tabs(
    visitor: Visitor, campaign: Path
) -> None:
    here = "/report?month=2026-01&for=funder"
    form = {"month": "2026-01", "for": "funder", "digest": digest(visitor.page(here))}
    assert visitor.post("/save-words", {**form, "says": "We wrote to many.\r\n"}).headers["location"] == here
    file = campaign / "reports" / "2026-01-funder.md"
    assert file.read_text(encoding="utf-8") == "We wrote to many.\n"
    assert "We wrote to many." in visitor.page("/report/month?month=2026-01&for=funder")
    assert "We wrote to many." not in visitor.page("/report/month?month=2026-01&for=public")
    second = visitor.post("/save-words", {**form, "says": "From the other tab."})
    assert second.status == 409
    assert "We wrote to many." in second.text
    assert "From the other tab." in second.text
    assert file.read_text(encoding="utf-8") == "We wrote to many.\n"
    act = re.search(r'name="act" value="([^"]+)"', visitor.page(here))
    assert act is not None
    visitor.post("/undo", {"act": act[1]})
    assert not file.exists()


def test_word_opens_the_month_with_its_headings_and_its_numbers(visitor: Visitor) -> None:
    form = {"month": "2026-01", "for": "board", "digest": "", "says": "We wrote to many."}
    visitor.post("/save-words", form)
    saved = visitor.get("/report/month/docx?month=2026-01&for=board")
    assert saved.headers["content-disposition"] == 'attachment; filename="report-2026-01-board.docx"'
    document = Document(io.BytesIO(saved.body))
    texts = [each.text for each in document.paragraphs]
    assert texts[:3] == ["Small", "Report to the board, January 2026", "We wrote to many."]
    assert next(each.text for each in document.paragraphs if each.style.name == "Heading 1") == "What was done"
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert cells[0] == ["Activity", "January 2026", "Total"]
    assert ["Emails and messages sent", "0", "0"] in cells


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60) | st.sampled_from(HOSTILE), st.sampled_from(AUDIENCES))
def test_any_words_make_a_document_that_opens(words: str, audience: str) -> None:
    made = MonthReport(
        title=words, first=INSTANT.date().replace(day=1), audience=audience, says=words, now=INSTANT, timezone="UTC",
        lines=(MonthLine(key="sent", label="Sent", month=1, total=2),), goals=(), posts=(), statements=(),
        named=((words, words),),
    )  # fmt: skip
    document = Document(io.BytesIO(month_document(made)))
    assert len(document.tables) == 1
    assert "Who answered" in [each.text for each in document.paragraphs]
