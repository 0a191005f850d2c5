"""A campaign from an empty folder to emails that are written, without a terminal after the first command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from xlsxwriter import Workbook

from tests.browser.conftest import came_in
from tests.sending.campaigns import run
from tests.web.dashboards import NOW, served

pytestmark = pytest.mark.usefixtures("january")


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The first page of a dashboard in an empty folder."""
    root = tmp_path / "more-hedges"
    root.mkdir()
    with served(root) as address:
        context = browser.new_context()
        made = came_in(context.new_page(), address)
        yield made
        context.close()


def test_a_whole_campaign_in_the_browser_alone(page: Page, tmp_path: Path) -> None:
    root, table = tmp_path / "more-hedges", tmp_path / "list.xlsx"
    with Workbook(str(table)) as book:
        sheet = book.add_worksheet()
        rows = [("Organisation", "E-mail", "Country"), ("Bees Belgium", "info@bees.example", "BE"),
                ("Friends of Trees", "hello@trees.example", "IE")]  # fmt: skip
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    page.get_by_label("Choose files").set_input_files(table)
    page.get_by_role("button", name="Read them").click()
    expect(page.get_by_role("heading", name="2 rows. 2 new.")).to_be_visible()
    assert not list((root / "contacts").iterdir())
    page.get_by_role("button", name="Add 2 contacts").click()
    expect(page.get_by_role("link", name="Bees Belgium")).to_be_visible()
    base = page.url.partition("/contacts")[0]
    page.goto(f"{base}/sender")
    page.get_by_label("Your name").fill("Ana Example")
    page.get_by_label("Your email").fill("ana@hedges.example")
    page.get_by_label("Time zone").fill("Europe/Brussels")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Write the email").click()
    page.get_by_label("Subject").fill("Four measures for more hedges")
    page.get_by_role("button", name="Write it").click()
    text = page.get_by_label("Text", exact=True)
    text.fill(
        text.input_value()
        .replace("[Your text]", "Would you support them?")
        .replace("{{ contact.personal_text }}\n\n", "")
    )
    expect(page.frame_locator("iframe.letter").first.locator("body")).to_contain_text("Would you support them?")
    page.get_by_role("button", name="Save").click()
    page.goto(f"{base}/letters")
    page.get_by_role("link", name="Bees Belgium").click()
    page.get_by_role("button", name="Approve this email").click()
    expect(page.get_by_role("status")).to_contain_text("Approved: Bees Belgium")
    page.goto(f"{base}/send")
    page.get_by_role("button", name="Save 1 email on this computer").click()
    expect(page.get_by_role("heading", name="1 done")).to_be_visible()
    assert "Would you support them?" in (root / "outbox" / "first" / "bees-belgium.eml").read_text(encoding="utf-8")
    assert run(root, "check", now=NOW).code in (0, 1)
    states = {each["id"]: each["state"] for each in run(root, "status", "--json", now=NOW).json["contacts"]}
    assert states == {"bees-belgium": "contacted", "friends-of-trees": "drafted"}


def test_the_example_is_finished_and_reaches_nobody(page: Page, tmp_path: Path) -> None:
    page.get_by_role("button", name="Open the example").click()
    expect(page.get_by_role("heading", name="2 emails to approve")).to_be_visible()
    found = run(tmp_path / "more-hedges", "check", "--json", now=NOW).json
    assert found["counts"]["error"] == 0
    assert "transport: outbox" in (tmp_path / "more-hedges" / "campaign.yaml").read_text(encoding="utf-8")


def test_one_contact_is_added_by_hand(page: Page, tmp_path: Path) -> None:
    page.get_by_role("button", name="Add one contact").click()
    page.get_by_label("Name (needed)").fill("Green Council")
    page.get_by_role("textbox", name="Address 1").fill("parks@council.example")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Green Council")).to_be_visible()
    assert "parks@council.example" in (tmp_path / "more-hedges/contacts/green-council.yaml").read_text(encoding="utf-8")
