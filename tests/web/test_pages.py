"""What the pages say and do: approving what was shown, judging, holding, languages, empty and large campaigns."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from outreach.ledger import open_ledger
from outreach.model.event import Event
from outreach.tasks.world import Session
from outreach.web.pages.today import TITLES
from tests.sending.campaigns import process, run, said
from tests.sending.test_draft_fates import campaign as with_drafts
from tests.servers.scripted_imap import scripted_imap
from tests.web.dashboards import NOW, Visitor, served, write_full_campaign, written

PAGES = ("/", "/letters", "/posts", "/calendar", "/calendar?by=week", "/contacts", "/answers", "/hold", "/report")
LETTER = "/letters/one/c0001/0"
ID = "one/c0001/0"


def events(root: Path) -> list[Event]:
    with open_ledger(root, rehearsal=True, create=False) as ledger:
        return list(ledger.events())


def kinds(root: Path) -> list[str]:
    return [str(event.kind) for event in events(root)]


def edit(root: Path, new: str) -> None:
    """Somebody changes one contact in the editor."""
    file = root / "contacts" / "all.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("Angle 1.", new), encoding="utf-8")


# -- letters ------------------------------------------------------------------------------------


def test_an_approval_is_of_exactly_what_was_shown(visitor: Visitor, campaign: Path) -> None:
    digest = visitor.shown_digest(LETTER)
    answer = visitor.post("/approve", {"id": ID, "digest": digest})
    assert (answer.status, answer.headers["location"]) == (303, LETTER)
    assert "Approved: Contact 1" in visitor.page(LETTER)
    [event] = events(campaign)
    assert (event.kind, event.value, event.by) == ("approved", digest, "Robin")
    sent = said(campaign, "send", "one", now=NOW)["actions"]
    assert [each["id"] for each in sent if each["result"] == "planned"] == [ID]


def test_a_file_that_changed_meanwhile_is_not_approved_and_both_are_shown(visitor: Visitor, campaign: Path) -> None:
    digest = visitor.shown_digest(LETTER)
    edit(campaign, "Quite another angle.")
    before = (campaign / "contacts" / "all.csv").read_bytes()
    answer = visitor.post("/approve", {"id": ID, "digest": digest})
    assert answer.status == 409
    assert "Angle 1." in answer.text
    assert "Quite another angle." in answer.text
    assert events(campaign) == []
    assert (campaign / "contacts" / "all.csv").read_bytes() == before
    again = visitor.post("/approve", {"id": ID, "digest": visitor.shown_digest(LETTER)})
    assert again.status == 303
    assert kinds(campaign) == ["approved"]


def test_a_digest_that_was_never_shown_approves_nothing(visitor: Visitor, campaign: Path) -> None:
    for digest in ("", "0" * 64, "x"):
        assert visitor.post("/approve", {"id": ID, "digest": digest}).status == 409
    for id in ("one", "c0001", "", "one/nobody/0", "../x"):
        assert visitor.post("/approve", {"id": id, "digest": "0" * 64}).status == 409
    assert events(campaign) == []


def test_after_an_edit_the_page_shows_what_changed_since_the_approval(visitor: Visitor, campaign: Path) -> None:
    visitor.post("/approve", {"id": ID, "digest": visitor.shown_digest(LETTER)})
    edit(campaign, "A better angle.")
    page = visitor.page(LETTER)
    assert "changed since approved" in page
    assert "<del>-Angle 1.</del>" in page
    assert "<ins>+A better angle.</ins>" in page


def test_an_approval_is_withdrawn_again(visitor: Visitor, campaign: Path) -> None:
    visitor.post("/approve", {"id": ID, "digest": visitor.shown_digest(LETTER)})
    assert visitor.post("/withdraw", {"id": ID}).status == 303
    assert kinds(campaign) == ["approved", "withdrawn"]


def test_a_letter_that_left_says_so(campaign: Path) -> None:
    assert run(campaign, "approve", "one", "--yes", now=NOW).code == 0
    assert run(campaign, "send", "one", "--go", now=NOW).code == 0
    with served(campaign) as address:
        visitor = Visitor(address).come_in()
        page = visitor.page("/letters/one/c0001/0")
        assert "This email was saved on Tue 13 Jan 2026" in page
        assert "Angle 1." in page
        assert "Hello Contact 1" in visitor.page("/contacts/c0001")


# -- posts, answers, brakes ---------------------------------------------------------------------


def test_a_post_is_shown_with_its_counts_and_approved_as_shown(visitor: Visitor, campaign: Path) -> None:
    page = visitor.page("/posts")
    assert "@us.example.org" in page
    assert "of 300 characters" in page
    assert "of 500 characters" in page
    digest = visitor.shown_digest("/posts", "thread/bluesky")
    assert visitor.post("/approve-post", {"id": "thread/bluesky", "digest": digest}).status == 303
    [event] = events(campaign)
    assert (event.kind, event.post, event.network, event.value) == ("approved", "thread", "bluesky", digest)


def test_a_post_that_changed_meanwhile_is_not_approved(visitor: Visitor, campaign: Path) -> None:
    digest = visitor.shown_digest("/posts", "thread/mastodon")
    file = campaign / "posts" / "thread.md"
    file.write_text(file.read_text(encoding="utf-8").replace("to many", "to everybody"), encoding="utf-8")
    answer = visitor.post("/approve-post", {"id": "thread/mastodon", "digest": digest})
    assert answer.status == 409
    assert "to many" in answer.text
    assert "to everybody" in answer.text
    assert events(campaign) == []


def test_an_answer_is_judged_with_one_form(campaign: Path) -> None:
    assert run(campaign, "note", "c0001", "reply", "They like it.", now=NOW).code == 0
    with served(campaign) as address:
        visitor = Visitor(address).come_in()
        page = visitor.page("/answers")
        assert "They like it." in page
        shown = re.search(r'name="shown" value="([^"]+)"', page)
        assert shown
        answer = visitor.post("/judge", {"contact": "c0001", "outcome": "supports", "shown": shown[1]})
        assert answer.status == 303
        assert "No new answers" in visitor.page("/answers")
        assert kinds(campaign) == ["reply", "outcome"]


def test_who_wrote_again_meanwhile_is_not_judged_by_the_answer_before(campaign: Path) -> None:
    assert run(campaign, "note", "c0001", "reply", "They like it.", now=NOW).code == 0
    with served(campaign) as address:
        visitor = Visitor(address).come_in()
        shown = re.search(r'name="shown" value="([^"]+)"', visitor.page("/answers"))
        assert shown
        assert run(campaign, "note", "c0001", "reply", "No more.", now="2026-01-13T09:31:00+01:00").code == 0
        visitor.post("/judge", {"contact": "c0001", "outcome": "supports", "shown": shown[1]})
        assert "wrote again in the meantime" in visitor.page("/answers")
        assert kinds(campaign) == ["reply", "reply"]


def test_the_brake_goes_on_with_a_reason_and_off_again(visitor: Visitor, campaign: Path) -> None:
    assert visitor.post("/hold", {"target": "", "because": " "}).status == 303
    assert events(campaign) == []
    assert visitor.post("/hold", {"target": "contact:c0001", "because": "They asked.", "back": "/contacts/c0001"})
    assert "They asked." in visitor.page("/contacts/c0001")
    assert "They asked." in visitor.page("/")
    assert visitor.post("/release", {"target": "contact:c0001"}).status == 303
    assert kinds(campaign) == ["held", "released"]


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_no_form_leads_to_another_site(visitor: Visitor, back: str) -> None:
    answer = visitor.post("/settings", {"language": "de", "back": back})
    assert answer.headers["location"] == "/"


def test_a_contact_without_an_address_has_its_text_to_paste(visitor: Visitor, campaign: Path) -> None:
    form = "- id: formal\n  name: Formal Ltd\n  tier: 0\n  channels: [{form: 'https://formal.example/contact'}]\n"
    (campaign / "contacts" / "formal.yaml").write_text(form, encoding="utf-8")
    (campaign / "templates" / "hello.form.md").write_text("Dear {{ contact.name }}, a word.\n", encoding="utf-8")
    page = visitor.page("/contacts/formal")
    assert "Dear Formal Ltd, a word." in page
    assert 'href="https://formal.example/contact"' in page
    assert "I sent it" in page


# -- pages in general ---------------------------------------------------------------------------


def test_the_language_is_the_browsers_or_the_one_that_was_chosen(visitor: Visitor) -> None:
    visitor.language = "pl, de;q=0.8, en;q=0.3"
    assert "Kalender" in visitor.page("/letters")
    visitor.post("/settings", {"language": "fr", "back": "/letters"})
    assert "Calendrier" in visitor.page("/letters")
    visitor.post("/settings", {"language": "en", "back": "/letters"})
    assert "Calendar" in visitor.page("/letters")


def test_a_page_notices_a_file_and_the_ledger(visitor: Visitor, campaign: Path) -> None:
    def changes() -> int:
        return visitor.get(f"/changes?since={stamp}").status

    page = visitor.page("/")
    stamp = re.findall(r"since=([0-9a-f]+)", page)[0]
    assert changes() == 204
    edit(campaign, "Another angle altogether.")
    assert changes() == 200
    stamp = re.findall(r"since=([0-9a-f]+)", visitor.page("/"))[0]
    assert changes() == 204
    assert run(campaign, "note", "c0001", "call", "Friendly.", now=NOW).code == 0
    assert changes() == 200


def test_a_broken_campaign_says_what_is_wrong_until_it_is_fixed(visitor: Visitor, campaign: Path) -> None:
    file = campaign / "campaign.yaml"
    good = file.read_text(encoding="utf-8")
    file.write_text("id: [\n", encoding="utf-8")
    answer = visitor.get("/letters")
    assert answer.status == 409
    assert "campaign.yaml" in answer.text
    file.write_text(good, encoding="utf-8")
    assert visitor.get("/letters").status == 200


def test_where_contacts_and_texts_make_no_email_the_page_leads_to_what_is_missing(
    visitor: Visitor, campaign: Path
) -> None:
    file = campaign / "campaign.yaml"
    file.write_text(file.read_text("utf-8").replace("name: Alex Example", 'name: "[Your name]"'), encoding="utf-8")
    page = visitor.page("/letters")
    assert "Today shows what is missing" in page
    assert "Add contacts and write a text" not in page


@pytest.mark.parametrize("form", ["/save-sender", "/save-servers"])
def test_where_the_campaign_was_moved_away_its_forms_offer_to_begin(
    visitor: Visitor, campaign: Path, form: str
) -> None:
    token = visitor.token()
    (campaign / "campaign.yaml").rename(campaign.parent / "campaign.yaml")
    answer = visitor.ask("POST", form, f"form_token={token}&name=Ana&email=ana%40ana.example&timezone=UTC")
    assert answer.status == 200
    assert "Add your files" in answer.text


def test_a_post_by_hand_says_what_to_do_and_names_no_command(visitor: Visitor, campaign: Path) -> None:
    (campaign / "posts/by-hand.md").write_text("---\nnetworks: [x]\nat: 2026-01-15 10:00\n---\nBees.\n", "utf-8")
    page = visitor.page("/posts")
    assert "paste it at https://x.com/compose/post</span>" in page
    assert "outreach log" not in page


def test_every_page_is_useful_when_there_is_nothing_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_NOW", NOW)
    (tmp_path / "campaign.yaml").write_text(
        "id: empty\ntitle: Empty\nsender: {name: Alex Example, email: alex@sender.example}\n", encoding="utf-8"
    )
    with served(tmp_path) as address:
        visitor = Visitor(address).come_in()
        for page in PAGES:
            assert "<h1>" in visitor.page(page)
        assert "You have nobody to write to yet" in visitor.page("/")
        assert "No emails yet" in visitor.page("/letters")


def test_five_thousand_contacts_are_paged_filtered_and_sorted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_NOW", NOW)
    with served(write_full_campaign(tmp_path, contacts=5000)) as address:
        visitor = Visitor(address).come_in()
        for page in PAGES:
            assert len(visitor.page(page)) < 400_000
        first = visitor.page("/contacts?sort=name")
        assert first.count("<tr>") == 51
        assert "Page 1 of 100" in first
        assert "Contact 4999" in visitor.page("/contacts?q=c4999.example")
        assert "Contact 4999" in visitor.page("/contacts?q=contact+4999")
        assert visitor.page("/contacts?sort=-name").index("Contact 999<") > 0
        assert "Page 100 of 100" in visitor.page("/contacts?page=100000")
        assert "Page 2 of 100" in visitor.page("/letters?page=2")


# -- the command --------------------------------------------------------------------------------


def test_the_command_says_its_address_and_ends_with_one_sentence(campaign: Path) -> None:
    running = process(campaign, "dashboard", "--no-open", OUTREACH_NOW=NOW)
    assert running.stdout is not None
    line = running.stdout.readline()
    address = re.search(r"http://127\.0\.0\.1:\d+/enter\?token=\S+", line)
    assert address, line
    visitor = Visitor(address[0]).come_in()
    assert visitor.get("/").status == 200
    os.kill(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert running.returncode == 0
    assert out.splitlines()[-1] == "The dashboard is closed."
    assert err == ""
    assert "token=" not in out


def test_the_command_gives_scripts_one_object(campaign: Path) -> None:
    running = process(campaign, "dashboard", "--json", OUTREACH_NOW=NOW)
    assert running.stdout is not None
    lines = [running.stdout.readline() for _ in range(3)]
    assert json.loads("".join(lines))["address"].startswith("http://127.0.0.1:")
    os.kill(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert (running.returncode, out, err) == (0, "", "")


def test_a_port_that_is_taken_is_one_sentence(campaign: Path) -> None:
    with served(campaign) as address:
        port = address.split(":")[2].partition("/")[0]
        answer = run(campaign, "dashboard", "--no-open", "--port", port, now=NOW)
    assert answer.code == 2
    assert f"port {port}" in answer.err


def test_only_this_computer_can_connect(stranger: Visitor) -> None:
    port = int(stranger.host.partition(":")[2])
    listening = subprocess.run(["cat", "/proc/net/tcp"], capture_output=True, text=True, check=True).stdout
    ours = [line for line in listening.splitlines() if re.search(rf":{port:04X} 00000000:0000 0A", line)]
    assert ours
    assert all(" 0100007F:" in line for line in ours)


# -- the report ---------------------------------------------------------------------------------


def test_a_report_takes_the_plan_that_the_pages_have(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor.page("/report")
    monkeypatch.delattr(Session, "foreseen")  # with thousands of contacts a second plan takes seconds
    for address in ("/report/whole", "/report/whole?public=1", "/report/month", "/report/as/json"):
        assert visitor.get(address).status == 200


def test_the_report_stands_in_a_frame_and_can_be_saved_in_every_format(visitor: Visitor, campaign: Path) -> None:
    before = written(campaign)
    page = visitor.page("/report")
    assert "sandbox" in page
    whole = visitor.get("/report/whole")
    assert "who was contacted" in whole.text
    assert whole.headers["content-security-policy"].startswith("sandbox")
    for name in re.findall(r'href="/report/as/(\w+)"', page):
        saved = visitor.get(f"/report/as/{name}")
        assert saved.status == 200
        assert saved.headers["content-disposition"] == f'attachment; filename="report.{name}"'
    assert json.loads(visitor.get("/report/as/json").text)["counts"] == said(campaign, "status", now=NOW)["counts"]
    assert visitor.get("/report/as/exe").status == 404
    assert written(campaign) == before


def test_the_public_report_says_so_in_its_name(visitor: Visitor) -> None:
    assert "/report/as/html?public=1" in visitor.page("/report?public=1")
    saved = visitor.get("/report/as/html?public=1")
    assert 'filename="public-report.html"' in saved.headers["content-disposition"]
    assert "Public report" in saved.text


# -- today --------------------------------------------------------------------------------------


def test_today_has_the_sections_that_the_command_has(visitor: Visitor, campaign: Path) -> None:
    run(campaign, "approve", "one", now=NOW)
    run(campaign, "send", "one", "--go", now=NOW)
    found = run(campaign, "--json", now=NOW).json["sections"]
    page = visitor.page("/")
    assert "unknown" in {each["id"] for each in found}
    for section in found:
        assert f'{TITLES[section["id"]]} <span class="count">{section["count"]}</span>' in page
    assert "written, not sent" in page


def test_a_letter_in_drafts_is_shown_as_written_and_not_sent(tmp_path: Path) -> None:
    with scripted_imap("gmail") as mailbox:
        root = with_drafts(tmp_path / "campaign", mailbox.port)
        with served(root) as address:
            visitor = Visitor(address)
            visitor.come_in()
            for path in ("/letters/one/c0000/0", "/contacts/c0000"):
                answer = visitor.get(path)
                assert answer.status == 200, path
                assert "Email put into your drafts, not sent" in answer.text
            assert "written, not sent" in visitor.get("/").text
            text = root / "templates" / "hello.md"
            text.write_text(text.read_text().replace("Dear", "Good morning"))
            told = run(root, "approve", "one", "--yes").out
            assert "puts them into your drafts. You send them yourself" in told
            for page in (told, *(visitor.get(path).text for path in ("/", "/letters/one/c0000/0", "/send"))):
                assert re.findall(r"(?i).*\bgoes? out\b.*|.*can be sent.*", page) == []
            assert "You send them from your mail program" in visitor.get("/send").text
