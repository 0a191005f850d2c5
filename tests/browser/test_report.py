"""The report as people look at it: in a browser, read aloud, in the dark, and printed on A4."""

from __future__ import annotations

from pathlib import Path
from unicodedata import normalize

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.browser.test_every_page import RULES, lively
from tests.sending.campaigns import run
from tests.web.dashboards import NOW

A4 = {"width": 688, "height": 1000}
"""CSS pixels between the margins of the page."""


@pytest.fixture
def files(tmp_path: Path, january: None) -> list[Path]:
    """The whole report, the public one, and all about one contact."""
    root = tmp_path / "campaign"
    root.mkdir()
    lively(root)
    made = []
    for name, words in (("whole", ()), ("public", ("--public",)), ("one", ("--for", "c0001"))):
        made.append(tmp_path / f"{name}.html")
        assert run(root, "report", *words, "--out", str(made[-1]), now=NOW).code == 0
    return made


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_report(browser: Browser, files: list[Path], scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for file in files:
        page.goto(file.as_uri())
        assert [each["id"] for each in Axe().run(page, options=RULES).response["violations"]] == [], file.name
    assert [url for url in asked if not url.startswith("file:")] == []
    context.close()


def test_nothing_is_cut_on_a4(browser: Browser, files: list[Path], tmp_path: Path) -> None:
    context = browser.new_context(viewport=A4)  # type: ignore[arg-type]
    page = context.new_page()
    for file in files:
        page.goto(file.as_uri())
        page.emulate_media(media="print")
        widest = page.evaluate(
            "Math.max(...[...document.querySelectorAll('body *')].map((e) => e.getBoundingClientRect().right))"
        )
        assert widest <= A4["width"] + 1, file.name
        printed = tmp_path / f"{file.stem}.pdf"
        page.pdf(path=str(printed), prefer_css_page_size=True)
        sheet = PdfReader(printed).pages[0].mediabox
        assert (round(sheet.width), round(sheet.height)) == (595, 842)
        words = normalize("NFKC", "".join(each.extract_text() for each in PdfReader(printed).pages))  # ligatures apart
        for cell in page.locator("td:first-child").all_inner_texts():
            assert "".join(cell.split())[:20] in "".join(words.split()), (file.name, cell)
    context.close()
