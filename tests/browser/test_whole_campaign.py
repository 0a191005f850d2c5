"""A whole campaign in the browser alone, from an empty folder to a report; then the same by commands, and compared."""

from __future__ import annotations

import dataclasses
import io
import sys
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient
from playwright.sync_api import Browser, Page, expect
from xlsxwriter import Workbook

from outreach.ledger import open_ledger
from tests.browser.conftest import came_in
from tests.browser.test_workday import press
from tests.inbox.messages import message
from tests.intake.written import paragraph, word
from tests.sending.campaigns import run
from tests.sending.conftest import emptied
from tests.servers.realmail import RealMail, real_mail, what_is_missing
from tests.web.dashboards import NOW, served

ANA, PASSWORD = "ana@hedges.example", "canary of hedges"
ROWS = (
    ("Organisation", "E-mail", "Country", "Notes"),
    ("Bees Belgium", "info@bees.example", "BE", "They like bees"),
    ("Friends of Trees", "hello@trees.example", "IE", "do not contact before March"),
)
LETTER = (
    "Subject: Four measures for more hedges",
    "Dear friends,",
    "We ask for four measures.",
    "Kind regards,",
    "Ana",
)
ASKED, EDITED = "We ask for four measures.", "We ask for four measures. Would you support them?"

pytestmark = pytest.mark.usefixtures("january")


@pytest.fixture
def mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RealMail]:
    """Mail servers with Ana's mailbox and those whom she writes to."""
    if missing := what_is_missing():
        pytest.skip(missing)
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "own" / "secrets.json"))
    with real_mail("hedges.example", "bees.example", "trees.example") as running:
        for address in (ANA, "info@bees.example", "hello@trees.example"):
            running.add_user(address, PASSWORD)
        yield running


def connected(mail: RealMail, user: str) -> IMAPClient:
    client = IMAPClient("127.0.0.1", port=mail.imap, ssl=False, timeout=20)
    client.login(user, PASSWORD)
    return client


def answered(mail: RealMail) -> None:
    """The bees have their letter, and answer it."""
    mail.drain()
    with connected(mail, "info@bees.example") as theirs, connected(mail, ANA) as ours:
        theirs.select_folder("INBOX")
        [letter] = theirs.fetch(theirs.search(["ALL"]), ["BODY[]"]).values()
        parsed = message_from_bytes(letter[b"BODY[]"])
        assert EDITED in str(parsed)
        answer = message(
            "Bea <info@bees.example>", "Of course we support them.", subject=f"Re: {parsed['Subject']}",
            answers=str(parsed["Message-ID"]), to=ANA, id="<1@bees.example>", at=datetime.fromisoformat(NOW),
        )  # fmt: skip
        ours.append("INBOX", answer, msg_time=datetime.fromisoformat(NOW))


def empty(mail: RealMail) -> None:
    for user in (ANA, "info@bees.example", "hello@trees.example"):
        with connected(mail, user) as client:
            for folder in ("INBOX", "Drafts", "Sent"):
                emptied(client, folder)


def documents(folder: Path) -> list[Path]:
    table, letter = folder / "list.xlsx", folder / "letter.docx"
    with Workbook(str(table)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
    letter.write_bytes(word("".join(map(paragraph, LETTER))))
    return [table, letter]


def test_a_whole_campaign_in_the_browser_alone_is_the_same_by_commands(
    browser: Browser, tmp_path: Path, mail: RealMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = tmp_path / "browser" / "more-hedges", tmp_path / "commands" / "more-hedges"
    for root in (ours, theirs):
        root.mkdir(parents=True)
    given = documents(tmp_path)
    with served(ours) as address:
        context = browser.new_context()
        saved = in_the_browser(came_in(context.new_page(), address), ours, given, mail)
        context.close()
    empty(mail)
    told = by_commands(theirs, given, mail, ours, monkeypatch)
    assert files_of(ours) == files_of(theirs)
    assert events_of(ours) == events_of(theirs)
    assert saved == told
    assert [kind for kind, *_ in events_of(ours) if kind in ("accepted", "answered", "they-called", "undone")] == [
        "accepted", "answered", "undone", "they-called", "undone",
    ]  # fmt: skip


def in_the_browser(page: Page, root: Path, given: list[Path], mail: RealMail) -> bytes:
    """The campaign as a campaigner clicks and types it; the report that she saves."""
    base = page.url.rstrip("/")
    page.get_by_label("Choose files").set_input_files(given)
    page.get_by_role("button", name="Read them").click()
    page.get_by_label("Wait until 1 March 2026").check()
    page.get_by_role("button", name="Add 2 contacts").click()
    expect(page.get_by_role("link", name="Bees Belgium")).to_be_visible()
    assert "not_before: 2026-03-01" in (root / "contacts/friends-of-trees.yaml").read_text(encoding="utf-8")

    page.goto(f"{base}/sender")
    page.get_by_label("Your name").fill("Ana Example")
    page.get_by_label("Your email").fill(ANA)
    page.get_by_label("Time zone").fill("Europe/Brussels")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Saved: Who writes")

    (root / "materials" / "our-server.pem").write_bytes(mail.ca.read_bytes())
    page.get_by_role("main").get_by_role("link", name="Connect your mailbox").click()
    page.get_by_role("button", name="Type the servers").click()
    page.get_by_label("Server that sends").fill("127.0.0.1")
    page.get_by_label("Its port").fill(str(mail.submission))
    page.get_by_label("Server that is read (IMAP)").fill("127.0.0.1")
    page.get_by_label("Port of the server that is read").fill(str(mail.imaps))
    page.get_by_label("Certificate").fill("materials/our-server.pem")
    page.get_by_role("button", name="Use these servers").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("status")).to_contain_text("It works. The password is kept in")

    page.goto(f"{base}/texts")
    page.get_by_role("main").get_by_role("link").filter(has_text="Four measures").first.click()
    text = page.get_by_label("Text", exact=True)
    text.fill(text.input_value().replace(ASKED, EDITED))
    expect(page.frame_locator("iframe.letter").first.locator("body")).to_contain_text(EDITED)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Saved:")

    page.goto(f"{base}/letters")
    page.get_by_role("link", name="Bees Belgium").click()
    page.get_by_role("button", name="Approve this email").click()
    expect(page.get_by_role("status")).to_contain_text("Approved: Bees Belgium")
    page.goto(f"{base}/send")
    page.get_by_role("button", name="Send 1 email").click()
    expect(page.get_by_role("heading", name="1 done")).to_be_visible()

    answered(mail)
    page.get_by_role("button", name="Read now").click()
    expect(page.locator(".trust")).to_contain_text("Mailbox read just now")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Inbox").click()
    expect(page.get_by_text("Of course we support them.")).to_be_visible()
    press(page, "4")
    expect(page.get_by_role("status")).to_contain_text("Bees Belgium: supports.")
    press(page, "z")
    expect(page.get_by_role("status")).to_contain_text("Undone: Bees Belgium: supports.")

    page.goto(f"{base}/contacts/friends-of-trees")
    page.get_by_label("What", exact=True).select_option("they-called")
    page.get_by_label("What was said").fill("Call again in March.")
    page.get_by_role("button", name="Log it").click()
    page.locator(".timeline li").first.get_by_role("button", name="Undo").click()
    expect(page.locator(".timeline .undone s").first).to_contain_text("They called")

    page.goto(f"{base}/report")
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV", exact=True).click()
    return saved.value.path().read_bytes()


def by_commands(root: Path, given: list[Path], mail: RealMail, ours: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The same with commands, and an editor for the files; the report that it writes."""

    def does(*words: str, typed: str = "") -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        answer = run(root, *words, now=NOW)
        assert answer.code in (0, 1), (words, answer)
        return answer.out

    def edits(name: str, *changes: tuple[str, str]) -> None:
        file = root / name
        text = file.read_text(encoding="utf-8")
        for before, after in changes:
            assert before in text, (before, text)
            text = text.replace(before, after, 1)
        file.write_text(text, encoding="utf-8")

    assert run(root.parent, "init", str(root), now=NOW).code == 0
    does("import", *map(str, given), "--ask", "--go", typed="2\n\n")
    server = f"""
accounts:
  mail:
    transport: smtp
    host: "127.0.0.1"
    port: {mail.submission}
    security: starttls
    ca_file: materials/our-server.pem
    user: {ANA}
    inbox: {{imap: "127.0.0.1", port: {mail.imaps}, user: {ANA}}}
"""
    edits(
        "campaign.yaml",
        ('"[Your name]"    ', '"Ana Example"    '), ("you@example.org   ", ANA),
        ("|\n    [Your name]\n", "|-\n    Ana Example\n"),
        ("timezone: UTC            ", "timezone: Europe/Brussels"), ("letter}\n", f"letter}}\n{server}"),
    )  # fmt: skip
    (root / "materials" / "our-server.pem").write_bytes(mail.ca.read_bytes())
    does("login", "mail", typed=f"{PASSWORD}\n")
    edits("templates/letter.md", (ASKED, EDITED))
    does("approve", "letter/bees-belgium/0", "--yes")
    does("send", "letter", "--go")
    answered(mail)
    does("sync")
    does("outcome", "bees-belgium", "supports")
    does("log", "bees-belgium", "--undo")
    does("log", "friends-of-trees", "they-called", "Call again in March.")
    does("log", "friends-of-trees", "--undo")
    does("report", "--out", str(root.parent / "report.csv"))
    return (root.parent / "report.csv").read_bytes()


def files_of(root: Path) -> dict[str, bytes]:
    """The campaign's files; receipts have ids of their own computer."""
    found = (path for path in root.rglob("*") if path.is_file() and ".outreach" not in path.parts)
    return {str(path.relative_to(root)): path.read_bytes() for path in found if not path.name.startswith("receipts")}


def events_of(root: Path) -> list[tuple[Any, ...]]:
    """What happened, without what differs between two campaigns: times, random ids and what is made of them."""
    with open_ledger(root, rehearsal=True, create=False) as ledger:
        return [
            (str(e.kind), e.contact, e.wave, e.step, e.value, e.text, e.address, e.by, dataclasses.asdict(e.payload))
            for e in ledger.events()
        ]  # fmt: skip
