"""A post is published, corrected and taken down with buttons: as the server, its file and the ledger have it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from outreach.connections.identities import mastodon_token
from outreach.connections.secrets import Secret, Secrets
from outreach.ledger import open_ledger
from tests.browser.conftest import came_in
from tests.browser.test_keyboard import Keys
from tests.browser.test_workday import Day
from tests.browser.test_writing import AGAIN
from tests.publishing.campaigns import write_posts
from tests.servers.mastodon import CODE, TOKEN, running_mastodon
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
            expect(page.get_by_role("status")).to_contain_text("thread (Mastodon)")
            assert server.texts() == [BETTER]
            assert "This was done already" in page.evaluate(AGAIN, ["/change-post", pairs])
            assert len(server.edits) == 1

            was = file.read_bytes()
            page = day.open("/posts")
            page.get_by_role("button", name="Take it down").click()
            pairs = page.locator("form[action='/change-post']").evaluate(PAIRS)
            page.get_by_role("button", name="Take it down now").click()
            expect(page.get_by_role("status")).to_contain_text("thread (Mastodon)")
            assert server.texts() == []
            assert "This was done already" in page.evaluate(AGAIN, ["/change-post", pairs])
            assert file.read_bytes() == was
            with open_ledger(root, rehearsal=False, create=False) as ledger:
                told = [str(event.kind) for event in ledger.events() if event.post == "thread"]
            assert [told.count(kind) for kind in ("accepted", "corrected", "retracted")] == [1, 1, 1], told
            context.close()


def test_a_post_that_has_to_be_approved_is_approved_again_before_it_is_corrected(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As every campaign has it that says nothing; and one that a person publishes is corrected by that person."""
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    with running_mastodon() as server:
        Secrets().put(mastodon_token({"server": server.url}), Secret(TOKEN))
        account = f"  mastodon: {{server: '{server.url}'}}\n"
        root = write_posts(tmp_path / "campaign", accounts=account, parts=(FIRST,), networks="mastodon, linkedin")
        config, file = root / "campaign.yaml", root / "posts" / "thread.md"
        config.write_text(config.read_text(encoding="utf-8").replace("approval: none\n", ""), encoding="utf-8")
        with served(root) as address:
            context = browser.new_context()
            context.grant_permissions(["clipboard-read", "clipboard-write"])
            day = Day(came_in(context.new_page(), address), root, address.partition("/enter")[0])
            page = day.open("/posts")
            page.get_by_role("button", name="Approve this post thread/mastodon").click()
            expect(page.get_by_role("status")).to_contain_text("Approved: thread (Mastodon)")
            page = day.open("/send")
            page.get_by_role("button", name="Publish 1 post").click()
            expect(page.get_by_role("heading", name="1 done")).to_be_visible()
            page = day.open("/posts")
            by_hand = page.locator("article", has_text="on LinkedIn")
            by_hand.get_by_role("button", name="Copy text").click()
            expect(by_hand.get_by_role("button", name="Copied")).to_be_visible()
            assert page.evaluate("navigator.clipboard.readText()").strip() == FIRST
            by_hand.get_by_role("textbox").fill("https://www.linkedin.com/posts/1")
            by_hand.get_by_role("button", name="It is published there").click()
            expect(page.get_by_role("status")).to_contain_text("Published by hand: thread")

            file.write_text(file.read_text(encoding="utf-8").replace(FIRST, BETTER), encoding="utf-8")
            page = day.open("/posts")
            here = page.locator("article", has_text="on Mastodon")
            expect(here.get_by_role("button", name="Correct the post")).to_have_count(0)
            here.get_by_role("button", name="Approve this post").click()
            expect(page.get_by_role("status")).to_contain_text("Approved: thread (Mastodon)")
            assert server.texts() == [FIRST]
            here.get_by_role("button", name="Correct the post").click()
            page.get_by_role("button", name="Publish the correction").click()
            expect(page.get_by_role("status")).to_contain_text("thread (Mastodon): edited in place")
            assert server.texts() == [BETTER]

            expect(by_hand.get_by_role("button", name="Take it down")).to_have_count(0)
            by_hand.get_by_role("button", name="Correct the post").click()
            expect(page.get_by_role("main")).to_contain_text(BETTER)
            pairs = page.locator("form[action='/change-post']").evaluate(PAIRS)
            page.get_by_role("button", name="I changed it there").click()
            expect(page.get_by_role("status")).to_contain_text("Corrected by hand: thread (LinkedIn)")
            assert "This was done already" in page.evaluate(AGAIN, ["/change-post", pairs])
            expect(by_hand.get_by_role("button", name="Correct the post")).to_have_count(0)
            with open_ledger(root, rehearsal=False, create=False) as ledger:
                told = [(str(event.kind), event.network) for event in ledger.events() if event.post == "thread"]
            assert [told.count(each) for each in (("accepted", "mastodon"), ("corrected", "mastodon"))] == [1, 1], told
            assert [kind for kind, network in told if network == "linkedin"] == ["posted", "posted"], told
            context.close()


def test_an_account_is_connected_without_a_mouse_and_a_post_goes_out_through_it(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a campaign that names no account: its settings, the token's file, and what the server has in the end."""
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    with running_mastodon() as server:
        root = write_posts(tmp_path / "campaign", accounts="  mail: {transport: outbox}\n", parts=(FIRST,))
        with served(root) as address:
            context = browser.new_context()
            day = Day(came_in(context.new_page(), address), root, address.partition("/enter")[0])
            keys, page = Keys(day.page), day.open("/posts")
            keys.go("link", "Connect Mastodon")
            keys.tab_to(page.get_by_label("Server (such as mastodon.social)"))
            keys.type(server.url)
            keys.press("Enter")
            keys.said("Saved: Mastodon")
            keys.go("button", "Ask", exact=False)
            expect(page.get_by_role("link", name="Open the page")).to_have_attribute(
                "href", re.compile(rf"^{re.escape(server.url)}/oauth/authorize\?")
            )
            keys.tab_to(page.get_by_label("Code"))
            keys.type(CODE)
            keys.press("Enter")
            keys.said("Mastodon: it works.")
            keys.go("link", "Your mailbox")
            expect(page).to_have_url(re.compile(r"/mailbox$"))
            page = day.open("/send")
            keys.go("button", "Publish 1 post")
            expect(page.get_by_role("heading", name="1 done")).to_be_visible()
            context.close()
        assert server.texts() == [FIRST]
        assert Secrets().get(mastodon_token({"server": server.url})) == Secret(TOKEN)
        assert Secrets().file.stat().st_mode & 0o077 == 0
        assert f'mastodon: {{server: "{server.url}"}}' in (root / "campaign.yaml").read_text(encoding="utf-8")
        with open_ledger(root, rehearsal=False, create=False) as ledger:
            assert [str(event.kind) for event in ledger.events() if event.post == "thread"].count("accepted") == 1
    assert TOKEN not in "".join(path.read_text("utf-8", "replace") for path in root.rglob("*") if path.is_file())
