"""A whole day's work in the browser: each act ends with a look at the files and the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from outreach.ledger import open_ledger
from outreach.model.event import Event
from tests.browser.conftest import came_in
from tests.inbox.messages import message
from tests.web.dashboards import NOW, served, write_full_campaign


class Day:
    """One page of one dashboard; tests of this file share it, and each has a contact of its own."""

    def __init__(self, page: Page, root: Path, base: str) -> None:
        self.page = page
        self.root = root
        self.base = base

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.base}{path}")
        return self.page

    def events(self) -> list[Event]:
        with open_ledger(self.root, rehearsal=True, create=False) as ledger:
            return list(ledger.events())

    def kinds(self, since: int = 0) -> list[str]:
        """The kinds of the events after the first `since`."""
        return [str(event.kind) for event in self.events()[since:]]


@pytest.fixture(scope="module")
def day(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """A campaign on a January morning, a dashboard, and one page of it."""
    root = tmp_path_factory.mktemp("day")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTREACH_NOW", NOW)
        patch.setenv("OUTREACH_USER", "Robin")
        write_full_campaign(root, contacts=12)
        (root / "mailbox").mkdir()
        with served(root) as address:
            context = browser.new_context()
            page = came_in(context.new_page(), address)
            page.set_default_timeout(10_000)
            yield Day(page, root, address.partition("/enter")[0])
            context.close()


def test_everything_is_paused_from_any_page_resumed_in_the_band_and_undone(day: Day) -> None:
    page, before = day.open("/contacts"), len(day.events())
    page.get_by_role("link", name="Pause").click()
    page.get_by_label("Why?").fill("The vote moved.")
    page.get_by_role("main").get_by_role("button", name="Pause").click()
    expect(page.locator(".band.bad")).to_contain_text("Paused since today 09:30 by Robin: The vote moved.")
    page.locator(".band.bad").get_by_role("button", name="Resume").click()
    expect(page.locator(".band.bad")).to_have_count(0)
    page.locator(".trust").get_by_role("button", name="Undo: Resumed: everything").click()
    expect(page.locator(".band.bad")).to_contain_text("The vote moved.")
    page.locator(".trust").get_by_role("button", name="Undo: Paused: everything").click()
    expect(page.locator(".band.bad")).to_have_count(0)
    assert day.kinds(before) == ["held", "released", "held", "released"]


def test_the_mailbox_is_read_and_stays_red_where_it_cannot_be(day: Day) -> None:
    page = day.open("/")
    trust = page.locator(".trust")
    expect(trust).to_contain_text("The mailbox was never read.")
    (day.root / "mailbox").rename(day.root / "mailbox.away")
    page.get_by_role("button", name="Read now").click()
    expect(page.locator(".trust.bad")).to_contain_text("The mailbox could not be read.")
    day.open("/contacts")
    expect(page.locator(".trust.bad")).to_contain_text("Follow-ups are paused")
    (day.root / "mailbox.away").rename(day.root / "mailbox")
    (day.root / "mailbox" / "1.eml").write_bytes(message("x@nowhere.example", "Hello."))
    page.get_by_role("button", name="Read now").click()
    expect(trust).to_contain_text("Mailbox read just now")
    expect(page.locator(".trust.bad")).to_have_count(0)
    assert day.kinds()[-1] == "mailbox-read"
