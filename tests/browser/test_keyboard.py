"""A day's work by keyboard alone: Tab, Enter, arrows and single keys; no mouse, and the focus is always seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from outreach.ledger import open_ledger
from tests.browser.conftest import came_in
from tests.browser.test_whole_campaign import documents
from tests.inbox.messages import message
from tests.inbox.test_sync import id_of, put
from tests.sending.campaigns import run
from tests.web.dashboards import NOW, served, write_full_campaign

FOCUSED = """() => {
  const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none";
  const seen = box.bottom > 0 && box.top < innerHeight && box.width > 1 && box.height > 1;
  return here === document.body || here.id === "main" || here.matches("iframe") || ring && seen;
}"""
MOST = 150
"""So many presses of Tab lead to everything on a page."""


class Keys:
    """Somebody without a mouse: what is pressed is pressed where the focus is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        self.page.wait_for_load_state("domcontentloaded")
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, wanted: Locator, *, back: bool = False) -> None:
        """Press Tab until it is there; whatever has the focus on the way is seen to have it."""
        expect(wanted).to_be_visible()
        self.page.wait_for_load_state("load")
        for _ in range(MOST):
            self.press("Shift+Tab" if back else "Tab")
            html = "() => document.activeElement.outerHTML.slice(0, 200)"
            assert self.page.evaluate(FOCUSED), f"nobody sees the focus on {self.page.evaluate(html)}"
            if wanted.evaluate("(element) => element === document.activeElement"):
                return
        raise AssertionError(f"Tab does not lead to {wanted}")

    def go(self, role: str, name: str, *, exact: bool = True, back: bool = False) -> None:
        """Tab to what is in the page itself, and press Enter."""
        found = self.page.get_by_role("main").get_by_role(role, name=name, exact=exact).first  # type: ignore[arg-type]
        self.tab_to(found, back=back)
        self.press("Enter")

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def said(self, words: str) -> None:
        """What the page says of the form; the next Tab goes on from there, and not from the menu."""
        expect(self.page.get_by_role("status").first).to_contain_text(words)
        expect(self.page.locator("main:focus, main :focus")).to_have_count(1)


def kinds(root: Path) -> list[tuple[str, str | None]]:
    with open_ledger(root, rehearsal=True, create=False) as ledger:
        return [(str(event.kind), event.contact) for event in ledger.events()]


@pytest.mark.usefixtures("january")
def test_from_an_empty_folder_to_saved_emails(browser: Browser, tmp_path: Path) -> None:
    """Files and their questions, forms, the mailbox, the editor, leaving out, approving, saving."""
    root = tmp_path / "more-hedges"
    root.mkdir()
    given = documents(tmp_path)
    with served(root) as address:
        page = came_in(browser.new_context(timezone_id="Europe/Brussels").new_page(), address)
        base, keys = page.url.rstrip("/"), Keys(page)
        page.on("filechooser", lambda _: None)  # so that the browser knows long before the key that it shows no dialog

        keys.tab_to(page.get_by_role("link", name="To the content"))
        keys.press("Enter")
        keys.tab_to(page.get_by_label("Choose files"))
        with page.expect_file_chooser() as chooser:
            keys.press(" ")
        chooser.value.set_files(given)
        keys.go("button", "Read them")
        keys.tab_to(page.get_by_label("Do not contact them"))
        keys.press("ArrowDown")
        expect(page.get_by_role("heading", name="Answered")).to_be_visible()
        expect(page.get_by_label("Wait until 1 March 2026")).to_be_checked()
        expect(page.get_by_label("Wait until 1 March 2026")).to_be_focused()
        keys.go("button", "Add 2 contacts", back=True)
        keys.said("Added: 2 new contacts")
        assert "not_before: 2026-03-01" in (root / "contacts/friends-of-trees.yaml").read_text(encoding="utf-8")

        keys.press("j", "Enter")
        expect(page.get_by_role("heading", name="Bees Belgium", level=1)).to_be_visible()
        keys.go("link", "Edit")
        keys.tab_to(page.get_by_label("Personal paragraph"))
        keys.type("You saved the bees of Ghent.")
        expect(page.locator(".diff ins").first).to_contain_text("You saved the bees of Ghent.")
        expect(page.get_by_label("Personal paragraph")).to_be_focused()
        keys.go("button", "Save")
        keys.said("Bees Belgium: saved")

        page.goto(f"{base}/sender")
        keys.tab_to(page.get_by_label("Your name"))
        keys.type("Ana Example")
        keys.press("Tab")
        keys.type("ana@hedges.example")
        keys.press("Enter")
        keys.said("Saved: Who writes")

        keys.go("link", "Connect your mailbox")
        keys.go("button", "Type the servers")
        keys.tab_to(page.get_by_label("Server that sends"))
        keys.type("127.0.0.1")
        keys.tab_to(page.get_by_label("Server that is read (IMAP)"))
        keys.type("127.0.0.1")
        keys.press("Enter")
        keys.said("Saved: ")
        keys.tab_to(page.get_by_label("Password"))
        keys.type("no such word")
        keys.press("Enter")
        expect(page.get_by_text("127.0.0.1:587 cannot be reached")).to_be_visible()
        keys.tab_to(page.locator(".trust").get_by_role("button", name="Undo:", exact=False))
        keys.press("Enter")
        keys.said("Undone: ")

        page.goto(f"{base}/texts")
        keys.go("link", "Four measures for more hedges")
        keys.tab_to(page.get_by_label("Text", exact=True))
        keys.press("Control+End")
        keys.type("\nPS: The bees say hello.")
        expect(page.frame_locator("iframe.letter").first.locator("body")).to_contain_text("The bees say hello.")
        expect(page.get_by_label("Text", exact=True)).to_be_focused()
        keys.go("button", "Save")
        keys.said("Saved: letter")

        page.goto(f"{base}/letters")
        keys.press("j", "Enter")
        expect(page.get_by_role("button", name="Approve this email")).to_be_visible()
        keys.press("s")
        expect(page.get_by_role("heading", name="Leave out of the wave letter")).to_be_visible()
        keys.go("link", "Cancel")
        expect(page.get_by_role("heading", name="Emails", level=1)).to_be_visible()
        keys.press("j", "Enter")
        expect(page.get_by_role("button", name="Approve this email")).to_be_visible()
        keys.press("a")
        keys.said("Approved: Bees Belgium")
        page.goto(f"{base}/send")
        keys.go("button", "Save 1 email on this computer")
        expect(page.get_by_role("heading", name="1 done")).to_be_visible()
        page.context.close()
    assert "The bees say hello." in (root / "outbox/letter/bees-belgium.eml").read_text(encoding="utf-8")


@pytest.mark.usefixtures("january")
def test_answers_calls_a_wave_and_the_calendar(browser: Browser, tmp_path: Path) -> None:
    root = write_full_campaign(tmp_path, contacts=4)
    (root / "mailbox").mkdir()
    for words in (
        ("approve", "one/c0000/0", "one/c0001/0", "--yes"),
        ("send", "one", "--go", "--limit", "2"),
        ("confirm", "--wave", "one", "--sent"),
    ):
        assert run(root, *words, now=NOW).code in (0, 1)
    with served(root) as address:
        page = came_in(browser.new_context().new_page(), address)
        base, keys = page.url.rstrip("/"), Keys(page)
        put(root, message("c0000@c0000.example", "We would love to. Can we talk?", answers=id_of(root, "c0000")))
        keys.tab_to(page.get_by_role("button", name="Read now"))
        keys.press("Enter")
        expect(page.locator(".trust")).to_contain_text("Mailbox read just now")
        page.goto(f"{base}/answers")
        expect(page.locator("#c0000")).to_be_focused()
        keys.press("3")
        keys.said("Contact 0: wants to meet.")
        keys.press("z")
        keys.said("Undone: Contact 0: wants to meet.")
        keys.press("4")
        keys.said("Contact 0: supports.")
        keys.press("r")
        keys.tab_to(page.get_by_label("Your answer", exact=True).first)
        keys.type("Thank you. Thursday?")
        keys.go("button", "Show it before sending")
        expect(page.get_by_role("heading", name="1 email from alex@sender.example", exact=False)).to_be_visible()
        keys.go("link", "Not now")

        page.goto(f"{base}/contacts/c0002")
        keys.tab_to(page.get_by_label("What", exact=True))
        keys.press("ArrowDown")
        keys.tab_to(page.get_by_label("What was said"))
        keys.type("Call again in March.")
        keys.go("button", "Log it")
        keys.said("Contact 2: We called")

        page.goto(f"{base}/contacts")
        keys.tab_to(page.get_by_label("Select Contact 3"))
        keys.press(" ")
        keys.tab_to(page.get_by_label("What", exact=True))
        keys.type("Leave out")
        keys.go("button", "Preview")
        keys.go("button", "Change 1 contact")
        keys.said("Left out of one: Contact 3")
        assert "c0003" in (root / "campaign.yaml").read_text(encoding="utf-8")

        page.goto(f"{base}/calendar")
        keys.go("link", "Move thread")
        keys.tab_to(page.get_by_label("To the day"))
        keys.type("01222026")
        keys.go("button", "Show what moves")
        keys.go("button", "Move it")
        keys.said("Moved: thread")
        assert "2026-01-22" in (root / "posts/thread.md").read_text(encoding="utf-8")

        file = root / "contacts" / "all.csv"
        page.goto(f"{base}/contacts")
        keys.press("j", "j")
        here = page.locator(":focus").inner_text()
        file.write_text(file.read_text(encoding="utf-8").replace("Contact 3", "Renamed"), encoding="utf-8")
        expect(page.get_by_role("link", name="Renamed")).to_be_visible()
        assert page.locator(":focus").inner_text() == here, "the list was exchanged, and the focus stays where it was"
        page.context.close()
    found = kinds(root)
    assert ("outcome", "c0000") in found
    assert ("we-called", "c0002") in found


def test_somebody_is_erased(browser: Browser, tmp_path: Path) -> None:
    """Not in a rehearsal, which has nothing of its own to erase."""
    root = write_full_campaign(tmp_path, contacts=2)
    with served(root) as address:
        page = came_in(browser.new_context().new_page(), address)
        keys = Keys(page)
        page.goto(f"{page.url.rstrip('/')}/contacts/c0001")
        keys.tab_to(page.get_by_text("Erase their data (GDPR)"))
        keys.press("Enter")
        keys.go("button", "Show every place")
        keys.go("button", "Erase Contact 1")
        expect(page.get_by_text("It is stored nowhere. Copy it now.")).to_be_visible()
        keys.go("link", "Contacts")
        expect(page.get_by_role("link", name="Contact 0", exact=True)).to_be_visible()
        page.context.close()
    assert "Contact 1" not in (root / "contacts" / "all.csv").read_text(encoding="utf-8")
