"""Follow-ups go on in the same thread, to the same address, when the plan says so."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from outreach.ledger import open_ledger
from outreach.model.event import Event, EventKind
from tests.sending.campaigns import results, run, said, write_campaign

FIRST, LATER = "2026-01-13T10:00:00+01:00", "2026-01-28T10:00:00+01:00"


def read(root: Path, name: str) -> EmailMessage:
    letter = message_from_bytes((root / "outbox/one" / name).read_bytes(), policy=policy.default)
    assert isinstance(letter, EmailMessage)
    return letter


def mailbox_was_read(root: Path, when: str) -> None:
    at = datetime.fromisoformat(when).astimezone(UTC)
    with open_ledger(root, rehearsal=True) as ledger:
        ledger.append(Event(kind=EventKind.MAILBOX_READ, at=at, recorded=at, by="alex"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_campaign(tmp_path)
    run(root, "approve", "one", now=FIRST)
    assert results(root, "--go", now=FIRST)["one/c0000/0"] == "done"
    return root


def test_a_follow_up_is_held_until_the_mailbox_was_read(root: Path) -> None:
    run(root, "approve", "one", now=LATER)
    assert set(results(root, "--go", now=LATER).values()) == {"held"}
    assert "the mailbox was never read" in run(root, "send", now=LATER).out
    mailbox_was_read(root, LATER)
    assert results(root, "--go", now=LATER)["one/c0000/1"] == "done"


def test_a_follow_up_goes_on_in_the_thread(root: Path) -> None:
    mailbox_was_read(root, LATER)
    run(root, "approve", "one", now=LATER)
    run(root, "send", "--go", now=LATER)
    first, second = read(root, "c0000.eml"), read(root, "c0000.1.eml")
    assert second["In-Reply-To"] == first["Message-ID"]
    assert str(second["References"]).split() == [str(first["Message-ID"])]
    assert second["Message-ID"] != first["Message-ID"]
    assert str(second["Subject"]) == "Re: Once more"
    assert second["To"].addresses[0].addr_spec == "info@c0000.example"


def test_a_follow_up_goes_where_the_letter_before_went(root: Path) -> None:
    contacts = root / "contacts" / "all.csv"
    rows = contacts.read_text().splitlines()
    rows = [rows[0] + ",email2", *(f"{row},{row.split(',')[3]}" for row in rows[1:])]
    contacts.write_text("\n".join(rows).replace("0,info@c0000.example", "0,new@c0000.example") + "\n")
    mailbox_was_read(root, LATER)
    run(root, "approve", "one", now=LATER)
    run(root, "send", "--go", now=LATER)
    assert read(root, "c0000.1.eml")["To"].addresses[0].addr_spec == "info@c0000.example"


def test_an_answer_stops_the_follow_up(root: Path) -> None:
    mailbox_was_read(root, LATER)
    run(root, "approve", "one", now=LATER)
    run(root, "note", "c0001", "reply", now=LATER)
    assert "one/c0001/1" not in results(root, "--go", now=LATER)
    assert not (root / "outbox/one/c0001.1.eml").exists()


def test_a_draft_of_the_follow_up_is_there_once_the_letter_before_has_gone(root: Path) -> None:
    drafts = {each["id"]: each for each in said(root, "draft", now=FIRST)["letters"]}
    assert drafts["one/c0000/1"]["path"] == "drafts/letters/one/c0000.1.eml"
    assert (drafts["one/c0000/1"]["step"], drafts["one/c0000/1"]["to"]) == (1, "info@c0000.example")


# --- unsubscribing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contacts", "template", "says"), [(49, "", False), (50, "", True), (50, "false", False), (3, "true", True)]
)
def test_large_waves_say_how_to_unsubscribe(tmp_path: Path, contacts: int, template: str, says: bool) -> None:
    root = write_campaign(tmp_path, contacts=contacts)
    if template:
        hello = root / "templates" / "hello.md"
        hello.write_text(hello.read_text().replace("subject:", f"unsubscribe: {template}\nsubject:"))
    run(root, "approve", "one", now=FIRST)
    run(root, "send", "--go", now=FIRST)
    header = read(root, "c0000.eml")["List-Unsubscribe"]
    assert (header is not None) is says
    if says:
        assert str(header).startswith("<mailto:alex+unsub-")
        token = str(header).partition("unsub-")[2].partition("@")[0]
        assert str(header).endswith(f"?subject=unsubscribe-{token}>")
        assert read(root, "c0000.eml")["List-Unsubscribe-Post"] is None


def test_one_click_needs_an_endpoint(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=50)
    config = root / "campaign.yaml"
    config.write_text(
        config.read_text().replace(
            "email: alex@sender.example", "email: alex@sender.example, unsubscribe: 'https://sender.example/u/{token}'"
        )
    )
    run(root, "approve", "one", now=FIRST)
    run(root, "send", "--go", now=FIRST)
    letter = read(root, "c0000.eml")
    assert str(letter["List-Unsubscribe"]).startswith("<https://sender.example/u/")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
