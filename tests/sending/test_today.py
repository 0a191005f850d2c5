"""`outreach` without a command, on campaigns that had a bad day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.inbox.messages import bounce, message
from tests.inbox.test_sync import id_of, put
from tests.sending.campaigns import run, said, write_campaign
from tests.servers.counting import counting

SENT_ON, NOW = "2026-01-13T10:00:00+01:00", "2026-01-21T10:00:00+01:00"


def today(root: Path, **keys: Any) -> dict[str, list[str]]:
    """The ids of what stands in each section, after what `outreach --json` says was looked at."""
    found = run(root, "--json", **keys).json
    assert {each["id"]: each["count"] for each in found["sections"]} == {
        each["id"]: len(each["items"]) for each in found["sections"]
    }
    return {each["id"]: [item["id"] for item in each["items"]] for each in found["sections"]}


def test_a_letter_that_the_server_refuses_is_refused_in_today_until_it_is_settled(tmp_path: Path) -> None:
    root = tmp_path / "c"
    with counting(tmp_path) as server:
        write_campaign(root, port=server.port, contacts=2)
        run(root, "approve", "one")
        server.will("RCPT=550 5.1.1 no such user")
        run(root, "send", "--go")
        assert today(root)["refused"] == ["one/c0000/0"]
        seen = run(root)
        assert "Refused: the email to Contact 0" in seen.out
        assert "550 5.1.1 no such user" in seen.out
        assert run(root, "resolve", "one/c0000/0", "--not-sent").code == 0
        assert "refused" not in today(root)


def test_bounces_mail_of_nobody_and_letters_in_the_outbox_each_have_their_section(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, mail="{transport: outbox, inbox: {folder: mailbox}}", contacts=4)
    (root / "mailbox").mkdir()
    run(root, "approve", "one", now=SENT_ON)
    run(root, "send", "--go", now=SENT_ON)
    assert today(root, now=SENT_ON)["unknown"] == [f"one/c000{n}/0" for n in range(4)]
    put(root, message("kim@c0000.example", "Yes", answers=id_of(root, "c0000")))
    put(root, bounce("info@c0001.example", returned=id_of(root, "c0001")))
    put(root, message("stranger@gmail.com", "I am writing for Contact 3.", subject="Re: Hello Contact 3"))
    said(root, "sync", now=NOW)
    found = today(root, now=NOW)
    assert found["answer"] == ["answer/c0000"]
    assert found["bounced"] == ["bounced/c0001"]
    assert len(found["unmatched"]) == 1
    assert found["unknown"] == [f"one/c000{n}/0" for n in (0, 2, 3)]
    run(root, "resolve", "--wave", "one", "--sent", now=NOW)
    assert "unknown" not in today(root, now=NOW)


def test_approving_moves_a_letter_from_approve_to_what_goes_out_next(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=3)
    assert today(root, now=SENT_ON) == {"approve": ["one/c0000/0", "one/c0001/0", "one/c0002/0"]}
    assert "Next: 3 emails" not in run(root, now=SENT_ON).out
    run(root, "approve", "c0001", now=SENT_ON)
    assert today(root, now=SENT_ON) == {"approve": ["one/c0000/0", "one/c0002/0"], "leaving": ["one/c0001/0"]}
    (root / "templates" / "hello.md").write_text("---\nsubject: Hi\n---\nAnother text.\n", encoding="utf-8")
    assert today(root, now=SENT_ON) == {"approve": ["one/c0000/0", "one/c0001/0", "one/c0002/0"]}


def test_where_no_approval_is_needed_nothing_asks_for_one(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=2, more="approval: none\n")
    assert today(root, now=SENT_ON) == {"leaving": ["one/c0000/0", "one/c0001/0"]}


def test_mistakes_are_named_with_the_letters_that_they_stop(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=3)
    (root / "templates" / "hello.md").write_text("---\nsubject: Hi\n---\n{{ contact.nothing }}\n", encoding="utf-8")
    found = today(root, now=SENT_ON)
    assert list(found) == ["broken"]
    assert "3 emails. Run: outreach check" in run(root, now=SENT_ON).out


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_a_campaign_with_nothing_open_ends_without_a_command(tmp_path: Path, words: tuple[str, ...]) -> None:
    root = write_campaign(tmp_path, contacts=0)
    seen = run(root, *words, now=SENT_ON)
    assert ("Next:" in seen.out, "Nothing to do today." in seen.out) == (False, not words)
