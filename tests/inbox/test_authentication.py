"""What our own mail server found out about a sender is told from what anybody wrote into the message."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.inbox.authentication import findings, in_words, is_doubted
from tests.inbox.messages import message
from tests.sending.campaigns import run, said, write_campaign
from tests.sending.test_replies import letter_to

OURS = "Authentication-Results: mx.our.example; dmarc=fail (p=none) header.from=a.example; spf=pass smtp.mailfrom=x\r\n"
THEIRS = "Authentication-Results: mx.their.example; dmarc=pass; dkim=pass\r\n"


@pytest.mark.parametrize("head", [OURS + THEIRS, THEIRS + OURS, "Subject: x\r\n" + THEIRS + OURS])
def test_only_our_servers_own_words_count(head: str) -> None:
    found = findings(f"{head}\r\n".encode(), "MX.our.example")
    assert found == {"dmarc": "fail", "spf": "pass"}
    assert is_doubted(found)
    assert in_words(found, "mx.our.example") == "mx.our.example doubts the sender: dmarc=fail, spf=pass"


def test_without_a_name_the_topmost_field_counts() -> None:
    assert not is_doubted(findings(f"{THEIRS}{OURS}\r\n".encode()))
    assert is_doubted(findings(f"{OURS}{THEIRS}\r\n".encode()))
    assert findings(b"Subject: x\r\n\r\n") == {}
    assert not is_doubted({})


@pytest.mark.parametrize(
    ("said", "doubted"),
    [
        ("dkim=fail; dkim=pass; spf=softfail", False),  # a list signs beside a signature that it broke
        ("dmarc=pass; spf=fail", False),
        ("dkim=none; spf=fail", True),
        ("spf=softfail", True),
        ("dkim=none; spf=none", False),
        ("none", False),
        ("x=1 (dmarc=fail; dmarc=fail)", False),
    ],
)
def test_a_sender_is_doubted_if_nothing_proves_them(said: str, doubted: bool) -> None:
    assert is_doubted(findings(f"Authentication-Results: mx; {said}\r\n\r\n".encode(), "mx")) is doubted


def test_sync_shows_what_the_server_said_where_its_name_is_known(tmp_path: Path) -> None:
    inbox = "inbox: {folder: mailbox, checked_by: mx.our.example}"
    root = write_campaign(tmp_path, mail=f"{{transport: outbox, {inbox}}}", contacts=1)
    (root / "mailbox").mkdir()
    run(root, "approve", "one")
    run(root, "send", "--go")
    answer = message("info@c0000.example", "Thank you, gladly.", answers=letter_to(root, "c0000"))
    (root / "mailbox" / "a.eml").write_bytes(OURS.encode() + answer)
    (found,) = said(root, "sync")["matched"]
    assert found["rule"].endswith("; mx.our.example doubts the sender: dmarc=fail, spf=pass")
