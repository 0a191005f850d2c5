"""A post is published, corrected and taken down with buttons: as the server, its file and the ledger have it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from outreach.connections.identities import mastodon_token
from outreach.connections.secrets import Secret, Secrets
from outreach.ledger import open_ledger
from tests.browser.conftest import came_in
from tests.browser.test_workday import Day
from tests.browser.test_writing import AGAIN
from tests.publishing.campaigns import write_posts
from tests.servers.mastodon import TOKEN, running_mastodon
from tests.web.dashboards import served

FIRST, BETTER = "We ask for funding.", "We ask for more funding."
PAIRS = "(form) => [...new FormData(form)]"


def test_a_post_is_published_corrected_and_taken_down_once_each(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    with running_mastodon() as server:
        Secrets().put(mastodon_token({"server": server.url}), Secret(TOKEN))
        account = f"  mastodon: {{server: '{server.url}'}}\n"
        root = write_posts(tmp_path / "campaign", accounts=account, parts=(FIRST,))
        file = root / "posts" / "thread.md"
        with served(root) as address:
            context = browser.new_context()
            day = Day(came_in(context.new_page(), address), root, address.partition("/enter")[0])
            page = day.open("/send")
            pairs = page.locator("form[action='/go']").evaluate(PAIRS)
            page.get_by_role("button", name="Publish 1 post").dblclick()
            expect(page.get_by_role("heading", name="1 done")).to_be_visible()
            assert "Nothing is sent twice" in page.evaluate(AGAIN, ["/go", pairs])
            assert server.texts() == [FIRST]

            page = day.open("/text?file=posts/thread.md")
            text = page.get_by_label("Text", exact=True)
            text.fill(text.input_value().replace(FIRST, BETTER))
            page.get_by_role("button", name="Save", exact=True).click()
            expect(page.get_by_role("status")).to_contain_text("Saved:")
            assert BETTER in file.read_text(encoding="utf-8")
            assert server.texts() == [FIRST]

            page = day.open("/posts")
            page.get_by_role("button", name="Correct the post").click()
            expect(page.get_by_role("main")).to_contain_text(BETTER)
            assert server.texts() == [FIRST]
            pairs = page.locator("form[action='/change-post']").evaluate(PAIRS)
            page.get_by_role("button", name="Publish the correction").click()
            expect(page.get_by_role("status")).to_contain_text("thread/mastodon")
            assert server.texts() == [BETTER]
            assert "This was done already" in page.evaluate(AGAIN, ["/change-post", pairs])
            assert len(server.edits) == 1

            was = file.read_bytes()
            page = day.open("/posts")
            page.get_by_role("button", name="Take it down").click()
            pairs = page.locator("form[action='/change-post']").evaluate(PAIRS)
            page.get_by_role("button", name="Take it down now").click()
            expect(page.get_by_role("status")).to_contain_text("thread/mastodon")
            assert server.texts() == []
            assert "This was done already" in page.evaluate(AGAIN, ["/change-post", pairs])
            assert file.read_bytes() == was
            with open_ledger(root, rehearsal=False, create=False) as ledger:
                told = [str(event.kind) for event in ledger.events() if event.post == "thread"]
            assert [told.count(kind) for kind in ("accepted", "corrected", "retracted")] == [1, 1, 1], told
            context.close()
