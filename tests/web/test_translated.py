"""A rich campaign in German and French: no page, no answer to a form and no report leaves a sentence in English."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest

from outreach.web.catalogue import LANGUAGES
from tests.browser.test_every_page import OPENED, SENT, lively
from tests.sending.campaigns import run
from tests.web.dashboards import NOW, Visitor, served
from tests.web.test_adding import upload
from tests.web.test_words import WEB

OTHERS = sorted(set(LANGUAGES) - {"en"})
RESEARCH = "id: eui\nname: EUI\nmissing: Which department? Look at their page.\n"
REPORTS = ("/report/month?month=2026-01", "/report/whole", "/report/whole?public=1", "/report/as/md")
OWN = {"Shall we?"}
"""What the campaign itself says, in the words of its files."""


class Texts(HTMLParser):
    """The texts of a page; `english` are those that it marks as English, the names of languages apart."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[str] = []
        self.english: list[str] = []
        self._marked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._marked or (dict(attrs).get("lang") == "en" and tag not in ("html", "button", "option")):
            self._marked.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._marked:
            self._marked.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            (self.english if self._marked else self.all).append(" ".join(data.split()))


@cache
def english_of(language: str) -> set[str]:
    """Every sentence of the catalogues that reads otherwise in the language, as it would stand in a page."""
    found = set()
    for file in (f"{language}.toml", f"findings.{language}.toml"):
        data = tomllib.loads((WEB / "words" / file).read_text(encoding="utf-8"))
        sentences = data.get("sentences", data)
        found |= {said for said, ours in sentences.items() if said != ours and "{" not in said and " " in said}
    return found


def left_in_english(language: str, text: str) -> list[str]:
    page = Texts()
    page.feed(text)
    assert page.all, text[:200]
    return sorted({*page.english, *({*page.all} & english_of(language))} - OWN)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The campaign of the browser's tests, with what is missing, promised, overdue and wrong."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTREACH_NOW", NOW)
        patch.setenv("OUTREACH_USER", "Robin")
        found = lively(tmp_path_factory.mktemp("rich"))
        (found / "contacts" / "eui.yaml").write_text(RESEARCH, encoding="utf-8")
        (found / "contacts" / "broken.yaml").write_text("id: gap\nname: Gap\nlanguage: klingon\n", encoding="utf-8")
        run(found, "log", "c0003", "promised", "Call them", "--due", "2026-01-12", now=NOW)
        run(found, "approve", "one/c0003/0", "--yes", now=NOW)
        run(found, "outcome", "c0003", "supports", now=NOW)
        yield found


@pytest.fixture(scope="module")
def visitor(root: Path) -> Iterator[Visitor]:
    with served(root) as address:
        yield Visitor(address).come_in()


@pytest.mark.parametrize("language", OTHERS)
def test_no_page_of_a_rich_campaign_leaves_a_sentence_in_english(visitor: Visitor, language: str) -> None:
    visitor.language = language
    pages = [page for pages in OPENED.values() for page in pages]
    assert {page: left for page in pages if (left := left_in_english(language, visitor.get(page).text))} == {}


@pytest.mark.parametrize("language", OTHERS)
def test_a_report_is_in_the_readers_language_in_every_format(visitor: Visitor, language: str) -> None:
    visitor.language = language
    for page in REPORTS:
        text = visitor.page(page)
        assert left_in_english(language, text) == [], page
        assert re.search({"de": "Bericht", "fr": "Rapport"}[language], text), page
    for kind, part in (("month/docx", "word/document.xml"), ("month/xlsx", "xl/sharedStrings.xml"),
                       ("as/xlsx", "xl/sharedStrings.xml")):  # fmt: skip
        with ZipFile(io.BytesIO(visitor.get(f"/report/{kind}?month=2026-01").body)) as book:
            assert {
                "de": "Kontakte" if kind[0] == "a" else "Insgesamt",
                "fr": "ontacts" if kind[0] == "a" else "Total",
            }[language] in book.read(part).decode()
    assert visitor.get("/report/as/json").text == visitor.get("/report/as/json?language=en").text
    assert 'lang="en"' in visitor.page("/report/whole?language=en")


def test_a_report_of_a_command_is_in_the_campaigns_language(root: Path, tmp_path: Path) -> None:
    file = root / "campaign.yaml"
    before = file.read_text(encoding="utf-8")
    file.write_text(f"language: de\n{before}", encoding="utf-8")
    try:
        assert run(root, "report", "--out", str(tmp_path / "r.html"), now=NOW).code == 0
        assert "wer angeschrieben wurde" in (tmp_path / "r.html").read_text(encoding="utf-8")
        assert left_in_english("de", (tmp_path / "r.html").read_text(encoding="utf-8")) == []
        assert run(root, "report", "--out", str(tmp_path / "r.csv"), now=NOW).code == 0
        assert (tmp_path / "r.csv").read_text(encoding="utf-8-sig").startswith("id,name,kind")
    finally:
        file.write_text(before, encoding="utf-8")


def test_no_answer_to_a_form_leaves_a_sentence_in_english(visitor: Visitor) -> None:
    visitor.language, token, left = "fr", visitor.token(), {}
    for path, forms in SENT.items():
        for form in forms if path not in ("/settings", "/begin") else ():
            answer = visitor.ask("POST", path, urlencode({"form_token": token, **form}))
            text = (
                answer.text if answer.status != 303 else visitor.get(answer.headers["location"].partition("#")[0]).text
            )
            if found := left_in_english("fr", text):
                left[path, str(form)] = found
    listed = upload(
        visitor, ("old.doc", b"x"), ("list.csv", b"Organisation,E-mail\nBees,a@@b.example\nWasps,w@w.example\n")
    )
    assert left == {}
    assert left_in_english("fr", listed.text) == []
