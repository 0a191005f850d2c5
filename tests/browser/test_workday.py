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
from tests.inbox.test_sync import id_of, put
from tests.sending.campaigns import run
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


def press(page: Page, key: str) -> None:
    """Press a key, once the page listens."""
    page.wait_for_load_state("domcontentloaded")
    page.keyboard.press(key)


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
    (day.root / "mailbox" / "first.eml").write_bytes(message("x@nowhere.example", "Hello."))
    page.get_by_role("button", name="Read now").click()
    expect(trust).to_contain_text("Mailbox read just now")
    expect(page.locator(".trust.bad")).to_have_count(0)
    assert day.kinds()[-1] == "mailbox-read"


def test_a_call_is_logged_from_the_contacts_page_and_undone_in_its_timeline(day: Day) -> None:
    page, before = day.open("/contacts/c0001"), len(day.events())
    page.get_by_label("What", exact=True).select_option("they-called")
    page.get_by_label("What was said").fill(
        "Warm. Wants the figures.\n\nOn 3 Jan Alex <alex@sender.example> wrote:\n> Dear you"
    )
    page.get_by_role("button", name="Log it").click()
    line = page.locator(".timeline li").first
    expect(line).to_contain_text("They called")
    expect(line.locator("details")).not_to_have_attribute("open", "")
    line.get_by_role("button", name="Undo").click()
    expect(page.locator(".timeline .undone s").first).to_contain_text("They called")
    expect(page.locator(".timeline .undone")).to_contain_text("undone by Robin")
    called, undone = day.events()[before:]
    assert (called.kind, called.contact, undone.kind, undone.value) == (
        "they-called",
        "c0001",
        "undone",
        str(called.number),
    )


def test_a_contact_is_edited_with_a_preview_saved_and_taken_back(day: Day) -> None:
    file = day.root / "contacts" / "all.csv"
    was = file.read_bytes()
    page = day.open("/contacts/c0002/edit")
    page.get_by_label("Personal paragraph").fill("Your vote in May <b>counted</b>.")
    expect(page.locator(".diff ins")).to_contain_text("Your vote in May <b>counted</b>.")
    expect(page.frame_locator("iframe.letter").locator("body")).to_contain_text("Your vote in May")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Contact 2")
    now = file.read_bytes()
    assert now == was.replace(b"Angle 2.", b"Your vote in May <b>counted</b>.")
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: Contact 2: saved.")).to_be_visible()
    assert file.read_bytes() == was


def test_a_file_that_changed_under_the_form_is_not_written_and_both_are_shown(day: Day) -> None:
    file = day.root / "contacts" / "all.csv"
    page = day.open("/contacts/c0003/edit")
    page.get_by_label("Personal paragraph").fill("Mine.")
    expect(page.locator(".diff ins")).to_contain_text("Mine.")
    theirs = file.read_bytes().replace(b"Angle 3.", b"Theirs.")
    file.write_bytes(theirs)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notice.bad")).to_contain_text("Somebody changed the file")
    expect(page.locator(".diff del")).to_contain_text("Theirs.")
    expect(page.locator(".diff ins")).to_contain_text("Mine.")
    assert file.read_bytes() == theirs
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Contact 3")
    assert file.read_bytes() == theirs.replace(b"Theirs.", b"Mine.")


def test_many_contacts_are_changed_after_a_preview_once_and_taken_back(day: Day) -> None:
    file = day.root / "contacts" / "all.csv"
    was, before = file.read_bytes(), len(day.events())
    page = day.open("/contacts")
    for name in ("Contact 4", "Contact 5"):
        page.get_by_label(f"Select {name}").check()
    page.get_by_label("What", exact=True).select_option("tier")
    page.get_by_label("With", exact=True).fill("3")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("Contact 4, Contact 5")).to_be_visible()
    assert file.read_bytes() == was
    sent = page.locator("form[action='/bulk-do']").evaluate("(form) => [...new FormData(form)]")
    page.get_by_role("button", name="Change 2 contacts").click()
    expect(page.get_by_role("status").get_by_text("Changed: 2 contacts")).to_be_visible()
    assert file.read_bytes() == was.replace(b"Contact 4,0", b"Contact 4,3").replace(b"Contact 5,0", b"Contact 5,3")
    again = "(pairs) => fetch('/bulk-do', {method: 'POST', body: new URLSearchParams(pairs)}).then((a) => a.text())"
    assert "This was done already" in page.evaluate(again, sent)
    page.locator(".trust").get_by_role("button", name="Undo: Changed: 2 contacts").click()
    expect(page.get_by_text("Undone: Changed: 2 contacts")).to_be_visible()
    assert file.read_bytes() == was
    page.get_by_label("Select Contact 6").check()
    page.get_by_label("What", exact=True).select_option("do-not-contact")
    page.get_by_label("With", exact=True).fill("They asked on the phone.")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Change 1 contact").click()
    expect(page.get_by_text("No more mail: Contact 6")).to_be_visible()
    assert [(str(e.kind), e.contact) for e in day.events()[before:]] == [("suppressed", "c0006")]


def test_the_search_finds_what_was_said_and_the_export_holds_what_was_found(day: Day) -> None:
    page = day.open("/contacts/c0007")
    page.get_by_label("What", exact=True).select_option("other")
    page.get_by_label("What was said").fill("=HYPERLINK(1) mentions hedgehogs")
    page.get_by_role("button", name="Log it").click()
    page.get_by_label("Search names, notes, answers").first.fill("hedgehogs")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 12 contacts")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Export these 1").click()
    rows = saved.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert [row.split(",")[0] for row in rows] == ["id", "c0007"]


def test_an_answer_takes_two_keys_and_each_is_taken_back(day: Day) -> None:
    for contact in ("c0008", "c0009"):
        assert run(day.root, "log", contact, "they-wrote", f"Words of {contact}.", now=NOW).code == 0
    page, before = day.open("/answers"), len(day.events())
    expect(page.get_by_text("Words of c0009.")).to_be_visible()
    press(page, "4")
    expect(page.get_by_role("status")).to_contain_text("Contact 8: supports.")
    expect(page.locator("#turn-c0008")).to_be_visible()
    press(page, "z")
    expect(page.get_by_role("status")).to_contain_text("Undone: Contact 8: supports.")
    expect(page.locator("#c0008")).to_be_visible()
    page.locator("#c0009").focus()
    press(page, "d")
    expect(page.get_by_role("status")).to_contain_text("Contact 9: done")
    press(page, "7")
    expect(page.get_by_role("status")).to_contain_text("Contact 8: says no.")
    expect(page.get_by_role("heading", name="No new answers")).to_be_visible()
    assert [(str(event.kind), event.contact, event.value) for event in day.events()[before:]] == [
        ("outcome", "c0008", "supports"),
        ("undone", "c0008", str(day.events()[before].number)),
        ("closed", "c0009", None),
        ("outcome", "c0008", "declines"),
    ]


def test_mail_of_nobody_is_matched_and_all_of_one_kind_is_confirmed_at_once(day: Day) -> None:
    assert run(day.root, "approve", "one/c0010/0", "one/c0011/0", "--yes", now=NOW).code == 0
    assert run(day.root, "send", "one", "--go", now=NOW).code in (0, 1)
    assert run(day.root, "confirm", "--wave", "one", "--sent", now=NOW).code == 0
    for number in (10, 11):
        put(
            day.root,
            message(
                f"c00{number}@c00{number}.example", "I am away until Monday.", answers=id_of(day.root, f"c00{number}")
            ),
        )
    put(day.root, message("somebody@else.example", "About your letter.", subject="Re: Hello Contact 10"))
    page = day.open("/")
    page.get_by_role("button", name="Read now").click()
    expect(page.locator(".trust")).to_contain_text("Mailbox read just now")
    expect(page.get_by_text("Reading the mailbox...")).to_have_count(0)
    page = day.open("/answers")
    page.get_by_label("Who is somebody@else.example?").fill("Contact 7")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Matched to Contact 7")
    page.get_by_role("button", name="Confirm all 2: automatic reply").click()
    expect(page.get_by_role("status")).to_contain_text("2 confirmed: automatic reply")
    counted = {each["id"]: each["state"] for each in run(day.root, "status", "--json", now=NOW).json["contacts"]}
    assert (counted["c0007"], counted["c0010"], counted["c0011"]) == ("answered", "contacted", "contacted")
    press(page, "z")
    expect(page.get_by_role("button", name="Confirm all 2: automatic reply")).to_be_visible()


def test_a_post_is_moved_by_a_menu_or_by_dragging_after_a_table_of_what_moves(day: Day) -> None:
    file = day.root / "posts" / "thread.md"
    was = file.read_text(encoding="utf-8")
    page = day.open("/calendar")
    page.get_by_role("link", name="Move thread").first.click()
    page.get_by_label("To the day").fill("2026-01-22")
    page.get_by_role("button", name="Show what moves").click()
    expect(page.get_by_role("row").filter(has_text="thread bluesky")).to_contain_text("Thu 22 Jan 2026, 10:00 CET")
    assert file.read_text(encoding="utf-8") == was
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_role("status")).to_contain_text("Moved: thread")
    assert file.read_text(encoding="utf-8") == was.replace("2026-01-15", "2026-01-22")
    press(page, "z")
    expect(page.get_by_role("status")).to_contain_text("Undone: Moved: thread")
    assert file.read_text(encoding="utf-8") == was
    page = day.open("/calendar?at=2026-01-13")
    dragged = page.locator("[data-move='/move?post=thread']").first
    assert page.locator("[data-day='2026-01-13'], [data-day='2026-01-12']").count() == 0
    dragged.drag_to(page.locator("td", has=page.locator("time[datetime='2026-01-12']")))
    expect(page).to_have_url(f"{day.base}/calendar?at=2026-01-13")
    dragged.drag_to(page.locator("[data-day='2026-01-22']"))
    expect(page.get_by_role("row").filter(has_text="thread bluesky")).to_contain_text("Thu 22 Jan 2026, 10:00 CET")
    assert file.read_text(encoding="utf-8") == was
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_role("status")).to_contain_text("Moved: thread")
    assert file.read_text(encoding="utf-8") == was.replace("2026-01-15", "2026-01-22")
    press(page, "z")
    expect(page.get_by_role("status")).to_contain_text("Undone: Moved: thread")
    assert file.read_text(encoding="utf-8") == was
    day.open("/move?post=thread&to=2026-01-13")
    expect(page.get_by_text("2026-01-13 is not ahead")).to_be_visible()


def test_the_report_of_a_month_has_the_total_beside_it_and_no_name_without_consent(day: Day) -> None:
    page = day.open("/report")
    page.get_by_label("For", exact=True).select_option("funder")
    page.get_by_role("button", name="Show").click()
    page.get_by_label("Three sentences of your own").fill("We wrote <b>to many</b>.")
    page.get_by_role("button", name="Save your sentences").click()
    expect(page.get_by_role("status")).to_contain_text("Saved: your sentences")
    assert (day.root / "reports/2026-01-funder.md").read_text(encoding="utf-8") == "We wrote <b>to many</b>.\n"
    frame = page.frame_locator("iframe.report")
    expect(frame.get_by_text("We wrote <b>to many</b>.")).to_be_visible()
    expect(frame.get_by_role("row").filter(has_text="Emails and messages sent")).to_contain_text("2")
    expect(frame.locator("body")).not_to_contain_text("Contact 8")
    page.get_by_label("For", exact=True).select_option("board")
    page.get_by_role("button", name="Show").click()
    expect(frame.get_by_text("Contact 8: says no")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as Excel").click()
    assert saved.value.suggested_filename == "report-2026-01-board.xlsx"
    assert saved.value.path().read_bytes()[:2] == b"PK"


def test_a_message_is_answered_in_its_thread_once(day: Day) -> None:
    page = day.open("/answers")
    page.locator("article").filter(has=page.get_by_role("link", name="Contact 7")).get_by_role(
        "link", name="Reply"
    ).click()
    page.get_by_label("Your answer").fill("Thank you. <b>Thursday</b> suits us.")
    before = len(day.events())
    page.get_by_role("button", name="Show it before sending").click()
    page.get_by_role("button", name="Yes, reply to somebody@else.example").click()
    expect(
        page.get_by_role("heading", name="1 email from alex@sender.example to somebody@else.example")
    ).to_be_visible()
    assert day.kinds(before) == ["reply-written"]
    pairs = page.locator("form[action='/send-reply']").evaluate("(form) => [...new FormData(form)]")
    page.get_by_role("button", name="Send 1 email to somebody@else.example").click()
    expect(page.get_by_role("status")).to_contain_text("Contact 7: answered")
    again = "(pairs) => fetch('/send-reply', {method: 'POST', body: new URLSearchParams(pairs)}).then((a) => a.text())"
    assert "This was started already" in page.evaluate(again, pairs)
    assert day.kinds(before).count("accepted") == 1
