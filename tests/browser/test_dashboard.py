"""The dashboard as people use it: by keyboard, live, and with hostile words."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from outreach.ledger import open_ledger
from tests.browser.conftest import came_in
from tests.browser.hostile import HOSTILE
from tests.sending.campaigns import run, write_campaign
from tests.web.dashboards import NOW, served, write_full_campaign

BIG_LIST = Path(__file__).resolve().parent / "blns.json"

pytestmark = pytest.mark.usefixtures("january")


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context()
    yield made
    made.close()


def press(page: Page, key: str) -> None:
    """Press a key, once the page listens: what is pressed while it is still read is heard by nobody."""
    page.wait_for_load_state("domcontentloaded")
    page.keyboard.press(key)


def kinds(root: Path) -> list[tuple[str, str | None, str | None]]:
    with open_ledger(root, rehearsal=True, create=False) as ledger:
        return [(str(event.kind), event.contact, event.value) for event in ledger.events()]


def test_from_the_demo_to_an_approved_letter_by_keyboard(context: BrowserContext, tmp_path: Path, root: Path) -> None:
    for name in ("campaign.yaml", "contacts", "templates", "posts", "checklists", "materials"):
        copy = shutil.copytree if (root / name).is_dir() else shutil.copy
        copy(root / name, tmp_path / name)
    with served(tmp_path) as address:
        page = came_in(context.new_page(), address)
        first = page.get_by_role("link", name="Review", exact=True)
        first.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Approve this email")).to_be_visible()
        press(page, "a")
        expect(page.get_by_role("status").get_by_text("Approved:")).to_be_visible()
        expect(page.get_by_text("Email 1 of 16")).to_be_visible()
        press(page, "j")
        expect(page.get_by_text("Email 2 of 16")).to_be_visible()
        press(page, "k")
        expect(page.get_by_text("Email 1 of 16")).to_be_visible()
        expect(page.get_by_role("button", name="Withdraw the approval")).to_be_visible()
    assert [kind for kind, _, _ in kinds(tmp_path)] == ["approved", "attachment-version"]


def test_single_keys_can_be_turned_off_and_do_nothing_in_a_field(context: BrowserContext, tmp_path: Path) -> None:
    write_full_campaign(tmp_path)
    with served(tmp_path) as address:
        page = came_in(context.new_page(), address)
        base = address.partition("/enter")[0]
        page.goto(f"{base}/letters/one/c0001/0")
        page.get_by_role("button", name="Turn single keys off").click()
        expect(page.get_by_role("button", name="Turn single keys on")).to_be_visible()
        press(page, "a")
        press(page, "j")
        expect(page).to_have_url(f"{base}/letters/one/c0001/0")
        page.get_by_role("button", name="Turn single keys on").click()
        page.goto(f"{base}/contacts")
        page.get_by_label("Find").press_sequentially("contact 3 a")
        expect(page.locator("#list")).to_contain_text("0 of 4")
        expect(page.get_by_label("Find")).to_have_value("contact 3 a")
        expect(page.get_by_label("Find")).to_be_focused()
        page.keyboard.press("Backspace")
        page.keyboard.press("Backspace")
        expect(page.locator("#list")).to_contain_text("1 of 4")
    assert kinds(tmp_path) == []


def test_an_answer_is_judged_with_one_key(context: BrowserContext, tmp_path: Path) -> None:
    write_full_campaign(tmp_path)
    for contact in ("c0001", "c0002"):
        assert run(tmp_path, "note", contact, "reply", f"Words of {contact}.", now=NOW).code == 0
    with served(tmp_path) as address:
        page = came_in(context.new_page(), address)
        page.get_by_role("navigation", name="Pages").get_by_role("link", name="Inbox").click()
        expect(page.get_by_text("Words of c0001.")).to_be_visible()
        press(page, "j")
        press(page, "4")
        expect(page.get_by_text("Contact 2: supports.")).to_be_visible()
        press(page, "1")
        expect(page.get_by_role("heading", name="No new answers")).to_be_visible()
    judged = [(contact, value) for kind, contact, value in kinds(tmp_path) if kind == "outcome"]
    assert judged == [("c0002", "supports"), ("c0001", "receipt-only")]


def test_a_list_follows_the_files_and_a_letter_under_somebodys_eyes_only_says_so(
    context: BrowserContext, tmp_path: Path
) -> None:
    write_full_campaign(tmp_path)
    contacts = tmp_path / "contacts" / "all.csv"
    with served(tmp_path) as address:
        base = address.partition("/enter")[0]
        table, letter = came_in(context.new_page(), address), context.new_page()
        table.goto(f"{base}/contacts")
        letter.goto(f"{base}/letters/one/c0001/0")
        contacts.write_text(
            contacts.read_text(encoding="utf-8").replace("Contact 1", "Renamed One").replace("Angle 1.", "New angle."),
            encoding="utf-8",
        )
        expect(table.get_by_role("link", name="Renamed One")).to_be_visible()
        expect(letter.get_by_text("Something changed since you opened this page.")).to_be_visible()
        expect(letter.locator("pre.letter")).to_contain_text("Angle 1.")
        press(letter, "a")
        expect(letter.get_by_role("heading", level=1)).to_have_text("Not approved: the email changed")
        expect(letter.locator(".sides")).to_contain_text("Angle 1.")
        expect(letter.locator(".sides")).to_contain_text("New angle.")
    assert kinds(tmp_path) == []


def test_hostile_words_are_only_words(context: BrowserContext, tmp_path: Path) -> None:
    """As names, angles, subjects, post texts and answers: no dialog opens, and nothing is asked of another server."""
    hostile_campaign(tmp_path)
    with served(tmp_path) as address:
        base = address.partition("/enter")[0]
        page = came_in(context.new_page(), address)
        dialogs: list[str] = []
        elsewhere: list[str] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: note_request(request, base, elsewhere))
        page.on("popup", lambda other: elsewhere.append(other.url))
        seen = visited(page, base)
        page.evaluate("document.querySelectorAll('*').forEach((e) => e.dispatchEvent(new MouseEvent('mouseover')))")
        assert len(seen) > len(HOSTILE)
        assert dialogs == []
        assert elsewhere == []
        assert page.evaluate("window.hacked === undefined")


def test_the_big_list_of_naughty_strings_is_only_words(context: BrowserContext, tmp_path: Path) -> None:
    """As names, angles and answers in mail that was read: on the pages, and in the report and a dossier as files."""
    strings = [words for words in json.loads(BIG_LIST.read_text(encoding="utf-8")) if words.strip()]
    answered_by(tmp_path, strings)
    for name, words in (("report.html", ("report",)), ("one.html", ("report", "--for", "h007"))):
        assert run(tmp_path, *words, "--out", str(tmp_path / name), now=NOW).code == 0
    with served(tmp_path) as address:
        base = address.partition("/enter")[0]
        page = came_in(context.new_page(), address)
        dialogs: list[str] = []
        elsewhere: list[str] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: note_request(request, base, elsewhere))
        pages = ["/", "/answers", "/report", "/report/whole", "/report/whole?public=1", "/contacts/h007"]
        pages += [f"/{kind}?page={number}" for kind in ("contacts", "letters") for number in range(1, 12)]
        for path in pages:
            page.goto(f"{base}{path}")
            assert page.evaluate("window.hacked === undefined")
        for name in ("report.html", "one.html"):
            page.goto((tmp_path / name).as_uri())
    assert dialogs == []
    assert [url for url in elsewhere if not url.startswith("file:")] == []


def answered_by(root: Path, strings: list[str]) -> None:
    """Contacts with these names and angles, who were written to and answered in these words."""
    mail = "{transport: outbox, inbox: {folder: mailbox}}"
    write_campaign(root, contacts=0, mail=mail, more="approval: none\n")
    with (root / "contacts" / "all.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "name", "tier", "email", "personal_text"])
        for number, words in enumerate(strings):
            table.writerow([f"h{number:03}", words, 0, f"h{number}@h{number}.example", words])
    (root / "mailbox").mkdir()
    for number, words in enumerate(strings):
        answer = EmailMessage()
        answer["From"] = f"h{number}@h{number}.example"
        answer["To"] = "alex@sender.example"
        answer["Message-ID"] = f"<{number}@h.example>"
        answer["Subject"] = " ".join(words.encode("ascii", "ignore").decode().split())[:60]
        answer.set_content(words.encode("utf-8", "replace").decode())
        (root / "mailbox" / f"{number}.eml").write_bytes(answer.as_bytes())
    assert run(root, "send", "--go", now=NOW).code in (0, 1)
    assert run(root, "sync", now=NOW).code in (0, 1)
    assert run(root, "status", "--json", now=NOW).json["counts"]["answered"] > 300


def note_request(request: Request, base: str, elsewhere: list[str]) -> None:
    if not request.url.startswith((f"{base}/", "data:", "about:")):
        elsewhere.append(request.url)


def visited(page: Page, base: str) -> set[str]:
    """Every page that the lists lead to."""
    seen: set[str] = set()
    todo = ["/", "/letters", "/posts", "/calendar", "/contacts", "/answers", "/hold", "/contacts?q=%3Cimg+src%3Dx%3E"]
    todo += [
        "/report",
        "/report/whole",
        "/report/month?for=board",
        "/calendar?by=list",
        "/send",
        "/texts",
        "/together/one",
    ]
    todo += ["/text?file=templates/hello.md", "/text?file=posts/thread.md", "/answers?show=done", "/contacts/h000/edit"]
    todo += ["/reply/h000", "/report?month=2026-01&for=board", "/move?wave=%3Cimg+src%3Dx%3E", "/mailbox?change=1"]
    todo += [f"/letters?q={letter}&page=2" for letter in ("", "a")] + [f"/contacts?page={n}" for n in range(2, 5)]
    while todo:
        path = todo.pop(0)
        if path in seen:
            continue
        seen.add(path)
        page.goto(f"{base}{path}")
        links = page.evaluate("[...document.querySelectorAll('a[data-row]')].map((a) => a.getAttribute('href'))")
        todo += [link for link in links if link not in seen]
    return seen


def hostile_campaign(root: Path) -> None:
    """Each hostile text is a contact's name and angle; some are subjects, posts, notes, reasons and answers."""
    write_full_campaign(root, contacts=1)
    campaign = root / "campaign.yaml"
    text = campaign.read_text(encoding="utf-8").replace("title: Small", f"title: {json.dumps(HOSTILE[0])}")
    campaign.write_text(text, encoding="utf-8")
    lines = []
    for number, words in enumerate(HOSTILE):
        said = json.dumps(words)
        lines.append(
            f"- id: h{number:03}\n  name: {said}\n  tier: 0\n  personal_text: {said}\n  internal_notes: {said}\n"
            f"  tags: [{said}]\n"
            f"  channels: [{{email: h{number}@h{number}.example, role: {said}}}]\n"
        )
    (root / "contacts" / "hostile.yaml").write_text("".join(lines), encoding="utf-8")
    body = "\n---\n".join(words for words in HOSTILE[:25] if "{" not in words and "---" not in words)
    post = f"---\nnetworks: [bluesky, mastodon, reddit]\nat: 2026-01-15 11:00\ntitles: [{json.dumps(HOSTILE[1])}]\n"
    (root / "posts" / "hostile.md").write_text(
        f"{post}content_warning: {json.dumps(HOSTILE[2])}\n---\n{body}\n", encoding="utf-8"
    )
    (root / "reports").mkdir()
    (root / "reports" / "2026-01-board.md").write_text("\n".join(HOSTILE[:80]), encoding="utf-8")
    for number, words in enumerate(HOSTILE[:12]):
        run(root, "note", f"h{number:03}", "reply", words, now=NOW)
    run(root, "hold", "h001", "--because", HOSTILE[3], now=NOW)
