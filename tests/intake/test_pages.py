"""Web pages and Word documents are read with their headings, lists, links and tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import SourceTooLarge, UnreadableSource
from outreach.intake import word_document
from outreach.intake.account import Account
from outreach.intake.notes.markdown import read_notes
from outreach.intake.pages import text_of_page
from outreach.intake.word_document import text_of_word
from outreach.tasks.importing.documents import read_documents
from tests.intake.written import as_word, paragraph, word


def emails(text: str, account: Account) -> dict[str, list[str]]:
    found = read_notes("a.html", text_of_page("a.html", text, account), account)
    said: dict[str, list[str]] = {}
    for each in found.contacts:
        values: Any = each.values
        said.setdefault(values["name"], []).extend(c["email"] for c in values.get("channels", ()) if "email" in c)
    return said


@pytest.mark.parametrize(
    "page",
    [
        "<ul><li><a href='mailto:i@bees.example'>Bee Friends</a>"
        "<li><a href='mailto:i@wasps.example'>Wasp Watch</a></ul>",
        "<p>Bee Friends<br>i@bees.example</p><p>Wasp Watch<br>i@wasps.example</p>",
        "<h2>Bee Friends</h2><p>E-mail: i@bees.example</p><h2>Wasp Watch</h2><div>Mail: i@wasps.example</div>",
        "<table><tr><th>Name<th>E-mail<tr><td>Bee Friends<td><a href=mailto:i@bees.example>write</a><tr><td>Wasp Watch"
        "<td>i&#64;wasps.example</table>",
        "<table><tr><td><table><tr><td>Bee Friends</td><td>i@bees.example</td></tr><tr><td>Wasp Watch</td>"
        "<td>i@wasps.example</td></tr></table></td></tr></table>",
        "<dl><dt>Bee Friends</dt><dd>i@bees.example</dd><dt>Wasp Watch</dt><dd>i@wasps.example</dd></dl>",
    ],
)
def test_a_page_gives_whoever_stands_in_its_lists_and_tables(page: str) -> None:
    account = Account()
    expected = {"Bee Friends": ["i@bees.example"], "Wasp Watch": ["i@wasps.example"]}
    assert emails(f"<html><script>x@y.example</script><body><h1>Partners</h1>{page}</body></html>", account) == expected
    assert not account.refusals


def test_a_cell_that_spans_rows_stands_in_each_and_what_nobody_sees_is_refused() -> None:
    account = Account()
    page = (
        "<table><tr><th>Name<th>E-mail</tr><tr><td rowspan=2>Bees<td>a@bees.example</tr><tr><td>b@bees.example</tr>"
        "</table><p style='display: none'>secret@hidden.example</p>"
    )
    assert emails(page, account) == {"Bees": ["a@bees.example", "b@bees.example"]}
    assert [each.value for each in account.refusals] == ["secret@hidden.example"]


def test_an_address_beside_the_text_of_a_word_document_is_refused() -> None:
    account = Account()
    data = word(paragraph("Bees: a@bees.example"), header1=paragraph("Office: office@us.example"))
    assert "a@bees.example" in text_of_word("a.docx", data, account)
    assert [each.value for each in account.refusals] == ["office@us.example"]


@pytest.mark.parametrize("data", [b"", b"no document", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 locked"])
def test_a_damaged_word_document_is_one_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableSource, match=r"a\.docx cannot be read"):
        text_of_word("a.docx", data, Account())


def test_a_word_document_that_unpacks_into_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_document, "LARGEST", 100)
    with pytest.raises(SourceTooLarge):
        text_of_word("a.docx", as_word([]), Account())


def test_a_page_in_an_old_encoding_is_read_as_it_says(tmp_path: Path) -> None:
    page = "<html><meta charset='iso-8859-2'><p>Łąka Polska: i@laka.example</p><p>Wsie: i@wsie.example</p>"
    (tmp_path / "a.html").write_bytes(page.encode("iso-8859-2"))
    found = read_documents([tmp_path / "a.html"], {}, tmp_path / "none", Account()).found
    assert [each.values["name"] for every in found for each in every.contacts] == ["Łąka Polska", "Wsie"]


TAGS = st.sampled_from(
    "<p>,</p>,<table>,<tr>,<td>,</td>,</table>,<li>,<ul>,</ul>,<b>,</b>,<a href=mailto:a@b.example>,</a>,<h2>,</h2>,"
    "<br>,<hr>,<script>,</script>,<td rowspan=3 colspan=2>,<div hidden>,</div>".split(",")
)


@given(st.lists(TAGS | st.text("ab@.* _|#-\n<&", max_size=8), max_size=30))
def test_no_page_breaks_the_reading(parts: list[str]) -> None:
    read_notes("a.html", text_of_page("a.html", "".join(parts), Account()))
