"""Emails are planned and a text is edited by keyboard alone, on a phone's width; nothing is saved twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import came_in
from tests.browser.test_keyboard import Keys
from tests.web.dashboards import NOW, served, write_full_campaign

WIDE = "document.documentElement.scrollWidth > innerWidth"
AGAIN = "([path, pairs]) => fetch(path, {method: 'POST', body: new URLSearchParams(pairs)}).then((a) => a.text())"


def test_a_wave_and_a_text_are_planned_and_edited_without_a_mouse(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTREACH_NOW", NOW)
    root = write_full_campaign(tmp_path, contacts=3)
    config, text = root / "campaign.yaml", root / "templates" / "hello.md"
    with served(root) as address:
        context = browser.new_context(viewport={"width": 360, "height": 740})
        page = came_in(context.new_page(), address)
        base, keys = page.url.rstrip("/"), Keys(page)
        page.goto(f"{base}/letters")
        keys.go("link", "one")
        expect(page.get_by_role("heading", name="The wave “one”")).to_be_visible()
        assert not page.evaluate(WIDE)
        keys.tab_to(page.get_by_role("radio").first)
        keys.press("ArrowDown")
        keys.tab_to(page.get_by_label("First day"))
        keys.type("02032026")
        keys.go("button", "Show what changes")
        expect(page.get_by_role("main")).to_contain_text("Tue 3 Feb 2026")
        assert not page.evaluate(WIDE)
        assert "2026-02-03" not in config.read_text(encoding="utf-8")
        pairs = page.locator("form[action='/move-it']").evaluate("(form) => [...new FormData(form)]")
        page.get_by_role("button", name="Save", exact=True).dblclick()
        keys.said("Saved: one")
        assert "start: 2026-02-03" in config.read_text(encoding="utf-8")
        page.go_back()
        assert "This was done already" in page.evaluate(AGAIN, ["/move-it", pairs])
        assert config.read_text(encoding="utf-8").count("2026-02-03") == 1

        page.goto(f"{base}/text?file=templates/hello.md")
        assert not page.evaluate(WIDE)
        keys.tab_to(page.get_by_label("Subject"))
        keys.press("End")
        keys.type(": hello")
        expect(page.locator(".diff ins").first).to_contain_text(": hello")
        keys.go("button", "Save")
        keys.said("Saved: hello")
        context.close()
    assert 'subject: "Hello {{ contact.name }}: hello"' in text.read_text(encoding="utf-8").replace("'", '"')
