"""Texts of LibreOffice (.odt): the same words, lists and tables as in Word."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from outreach.errors import UnreadableSource
from outreach.intake.account import Account
from outreach.intake.open_document import text_of_open_document
from tests.acceptance.command import outreach

HEAD = """<?xml version="1.0"?><office:document-content xmlns:office="o"><office:automatic-styles>
<style:style style:name="B"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="S"><style:text-properties style:text-line-through-style="solid"/></style:style>
</office:automatic-styles><office:body><office:text>"""
BODY = """<text:h text:outline-level="1">Partners</text:h>
<text:p><text:span text:style-name="B">Bread Union</text:span><text:line-break/>Email: hi@bread.example</text:p>
<text:list>
<text:list-item><text:p>Hill<text:s/>Echo &amp; Co, <text:a xlink:href="mailto:desk@hill.example">mail</text:a>
</text:p></text:list-item>
<text:list-item><text:p text:style-name="S">Old Mill, old@mill.example</text:p></text:list-item></text:list>
<table:table><table:table-row>
<table:table-cell table:number-columns-spanned="2"><text:p>Paper</text:p></table:table-cell>
<table:covered-table-cell/><table:table-cell><text:p>Mail</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>Moor Post</text:p></table:table-cell><table:table-cell/>
<table:table-cell><text:p>moor@post.example</text:p></table:table-cell></table:table-row></table:table>
<office:annotation><text:p>ask me: jo@maker.example</text:p></office:annotation>
</office:text></office:body></office:document-content>"""


def document(body: str = BODY) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("content.xml", HEAD + body)
    return out.getvalue()


def test_headings_lists_links_tables_bold_and_struck_words_are_kept() -> None:
    account = Account()
    text = text_of_open_document("a.odt", document(), account)
    assert [line for line in text.split("\n") if line] == [
        "# Partners",
        "**Bread Union**",
        "Email: hi@bread.example",
        "- Hill Echo & Co, [mail](mailto:desk@hill.example)",
        "- ~~Old Mill, old@mill.example~~",
        "| Paper |  | Mail |",
        "| --- | --- | --- |",
        "| Moor Post |  | moor@post.example |",
    ]
    assert [refusal.value for refusal in account.refusals] == ["jo@maker.example"]


def test_its_contacts_arrive(tmp_path: Path) -> None:
    (tmp_path / "list.odt").write_bytes(document())
    written = outreach("init", str(tmp_path / "c"), "--from", str(tmp_path / "list.odt"), "--json").json["written"]
    assert {"contacts/bread-union.yaml", "contacts/hill-echo-co.yaml"} <= set(written)


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"", document()[:200]])
def test_a_damaged_one_is_one_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableSource, match="damaged"):
        text_of_open_document("a.odt", data, Account())


def test_rtf_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "list.rtf").write_text(r"{\rtf1 Bees, bees@bees.example}")
    answer = outreach("init", str(tmp_path / "c"), "--from", str(tmp_path / "list.rtf"))
    assert answer.code == 2
    assert "an RTF document" in answer.err
    assert ".docx" in answer.err
