"""What left is known by its own name: a restored folder, a second computer and a lost ledger write to nobody again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from tests.inbox.messages import DAY, message
from tests.inbox.test_sync import NOW, SENT_ON, said
from tests.sending.campaigns import results, run, write_campaign
from tests.servers.counting import Counting, counting

BEFORE = datetime.fromisoformat(SENT_ON)


@pytest.fixture
def sent(tmp_path: Path) -> Iterator[tuple[Path, Counting]]:
    """Three letters left through SMTP, their copies lie in the mailbox, and then everything but the files is lost."""
    with counting(tmp_path / "server") as server:
        relay = f"host: 127.0.0.1, port: {server.port}, insecure_loopback: true"
        mail = f"{{transport: smtp, {relay}, inbox: {{folder: mailbox}}}}"
        root = write_campaign(tmp_path / "campaign", mail=mail)
        (root / "mailbox").mkdir()
        run(root, "approve", "one", now=SENT_ON)
        shutil.copytree(root / ".outreach", tmp_path / "backup")
        assert list(results(root, "--go", now=SENT_ON).values()).count("done") == 3
        for number, letter in enumerate(server.letters()):
            copy = message("alex@sender.example", "Hello", subject="Hello", to=letter["to"], id=letter["id"], at=BEFORE)
            (root / "mailbox" / f"sent{number}.eml").write_bytes(copy)
        yield root, server


def lose(root: Path, what: str) -> None:
    shutil.rmtree(root / ".outreach")
    if what == "restored":
        shutil.copytree(root.parent / "backup", root / ".outreach")
    for name in ("receipts.jsonl", "receipts.key"):
        (root / name).unlink(missing_ok=True)


@pytest.mark.parametrize("what", ["lost", "restored"])
def test_send_holds_what_lies_in_sent_and_sync_records_it(sent: tuple[Path, Counting], what: str) -> None:
    root, server = sent
    before = server.taken().total()
    lose(root, what)
    run(root, "approve", "one", now=NOW)
    answer = said(root, "send", "one", "--go", now=NOW)
    firsts = [each for each in answer["actions"] if each["id"].endswith("/0")]
    assert {each["result"] for each in firsts} == {"held"}
    assert "already in your Sent folder since" in firsts[0]["reason"]
    assert len(said(root, "sync", now=NOW)["found_in_sent"]) == before
    assert {each["state"] for each in said(root, "status", now=NOW)["contacts"]} == {"contacted"}
    later = (DAY + timedelta(days=3)).isoformat()
    assert not [id for id, result in results(root, "--go", now=later).items() if id.endswith("/0") and result == "done"]
    assert server.taken().total() == before


@pytest.mark.parametrize(
    ("gone", "what", "first"), list(product([{"sent0.eml"}, {"sent0.eml", "sent1.eml"}], ["lost"], ["sync", "send"]))
)
def test_only_what_does_not_lie_in_sent_leaves(
    sent: tuple[Path, Counting], gone: set[str], what: str, first: str
) -> None:
    root, server = sent
    before = server.taken().total()
    for name in gone:
        (root / "mailbox" / name).unlink()
    lose(root, what)
    run(root, "approve", "one", now=NOW)
    answer = said(root, first, *(["one", "--go", "--no-wait"] if first == "send" else []), now=NOW)
    held = [
        each["reason"] for each in answer.get("actions", []) if each["id"].endswith("/0") and each["result"] == "held"
    ]
    assert all("already in your Sent folder since" in reason for reason in held)
    run(root, "sync", now=NOW)
    for hours in range(1, 4):
        results(root, "--go", now=(datetime.fromisoformat(NOW) + timedelta(hours=hours)).isoformat())
    assert server.taken().total() == before + len(gone)


def test_sent_that_cannot_be_looked_at_lets_nothing_leave(sent: tuple[Path, Counting]) -> None:
    root, server = sent
    before = server.taken().total()
    lose(root, "lost")
    (root / "mailbox").rename(root / "elsewhere")
    run(root, "approve", "one", now=NOW)
    answer = run(root, "send", "one", "--go", now=NOW)
    assert (answer.code, "does not exist" in answer.err) == (1, True)
    assert server.taken().total() == before
