"""Nobody is written to twice: not by many processes, not after a rename, a clone or another transport."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from outreach.errors import LedgerFull
from outreach.ledger import Ledger, open_ledger
from outreach.mail import smtp_handing_over
from outreach.model.dispatch import Parcel
from outreach.model.event import Event, EventKind
from tests.sending.campaigns import process, results, run, said, write_campaign
from tests.servers.counting import Counting, counting


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counting]:
    with counting(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def root(server: Counting, tmp_path: Path) -> Path:
    server.log.unlink(missing_ok=True)
    server.will()
    root = write_campaign(tmp_path / "campaign", port=server.port)
    assert run(root, "approve", "one").code == 0
    return root


@pytest.mark.parametrize(("processes", "letters"), [(2, 40), (4, 40), (8, 200)])
def test_many_processes_send_each_letter_once(server: Counting, tmp_path: Path, processes: int, letters: int) -> None:
    server.log.unlink(missing_ok=True)
    root = write_campaign(tmp_path, port=server.port, contacts=letters)
    run(root, "approve", "one")
    started = [process(root, "send", "--go", "--json") for _ in range(processes)]
    for each in started:
        _, err = each.communicate()
        assert each.returncode in (0, 2)
        assert not err or "Another outreach is sending" in err
    run(root, "send", "--go")
    taken = server.taken()
    assert len(taken) == letters
    assert max(taken.values()) == 1


def test_a_second_run_has_nothing_to_send(root: Path, server: Counting) -> None:
    assert list(results(root, "--go").values()).count("done") == 3
    assert "done" not in results(root, "--go").values()
    assert server.taken().total() == 3


def edit(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


CHANGES = {
    "its wave is renamed": ("campaign.yaml", "id: one", "id: first"),
    "a contact's name is corrected": ("contacts/all.csv", "Contact 0", "Kontakt 0"),
    "its template is edited": ("templates/hello.md", "Dear", "Hello"),
    "its template is another": ("campaign.yaml", "template: hello", "template: again"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_nobody_is_written_to_again_when(change: str, root: Path, server: Counting) -> None:
    results(root, "--go")
    edit(root, *CHANGES[change])
    wave = "first" if "wave" in change else "one"
    run(root, "approve", wave)
    run(root, "send", "--go")
    assert server.taken().total() == 3


def test_a_contact_renamed_without_a_word_gets_no_second_letter_to_its_address(root: Path, server: Counting) -> None:
    results(root, "--go")
    edit(root, "contacts/all.csv", "c0000,", "other-name,")
    run(root, "approve", "one")
    run(root, "send", "--go")
    assert server.taken().total() == 3


def test_a_clone_sends_nothing_before_it_adopted_what_left(root: Path, server: Counting, tmp_path: Path) -> None:
    results(root, "--go")
    clone = Path(shutil.copytree(root, tmp_path / "clone", ignore=shutil.ignore_patterns(".outreach")))
    with (clone / "contacts" / "all.csv").open("a") as file:
        file.write("new,New one,0,info@new.example,Angle.\n")
    assert run(clone, "approve", "new").code == 0
    refused = run(clone, "send", "--go")
    assert refused.code == 2
    assert "3 emails or posts of this campaign were sent from another computer" in refused.err
    assert run(clone, "sync").code == 0
    assert results(clone, "--go")["one/new/0"] == "done"
    assert server.taken().total() == 4
    assert max(server.taken().values()) == 1


def test_a_clone_keeps_its_hands_off_what_is_in_doubt_elsewhere(root: Path, server: Counting, tmp_path: Path) -> None:
    server.will("dot=cut")
    results(root, "--go")
    clone = Path(shutil.copytree(root, tmp_path / "clone", ignore=shutil.ignore_patterns(".outreach")))
    run(clone, "sync")
    run(clone, "approve", "one")
    assert results(clone, "--go")["one/c0000/0"] == "unknown"
    assert server.taken().total() == 2


def test_letters_in_the_outbox_are_asked_about_when_the_transport_changes(tmp_path: Path, server: Counting) -> None:
    server.log.unlink(missing_ok=True)
    root = write_campaign(tmp_path)
    run(root, "approve", "one")
    assert list(results(root, "--go").values()).count("done") == 3
    assert len(list((root / "outbox").rglob("*.eml"))) == 3
    write_campaign(root, port=server.port)
    held = said(root, "send")["actions"]
    assert {action["result"] for action in held} == {"held"}
    assert "did you send it?" in held[0]["reason"]
    run(root, "send", "--go")
    assert server.taken().total() == 0
    run(root, "resolve", "one/c0000/0", "--sent")
    run(root, "resolve", "--wave", "one", "--not-sent")
    run(root, "approve", "one")
    assert {id: result for id, result in results(root, "--go").items() if result == "done"} == {
        "one/c0001/0": "done",
        "one/c0002/0": "done",
    }
    assert server.taken().total() == 2


# --- no means no -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [("note", "c0000", "call"), ("note", "c0000", "reply"), ("suppress", "c0000"), ("suppress", "info@c0000.example"),
     ("hold", "c0000", "--because", "x"), ("close", "c0000"), ("outcome", "c0000", "declines")],
)  # fmt: skip
def test_what_happened_since_it_was_approved_stops_a_letter(
    words: tuple[str, ...], root: Path, server: Counting
) -> None:
    assert run(root, *words).code == 0
    assert results(root, "--go").get("one/c0000/0", "held") == "held"
    assert server.taken().total() == 2


@pytest.mark.parametrize("who", ["c0000", "c0001", "c0002"])
def test_an_answer_noted_while_the_first_letter_is_handed_over_stops_theirs(
    who: str, root: Path, server: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The body of the first is with the server already; its last byte never leaves. The others were planned before."""
    body = smtp_handing_over._body

    def noted_meanwhile(client: Any, parcel: Parcel, name: str) -> None:
        body(client, parcel, name)
        if "/c0000/" in parcel.id:
            now = datetime.now(UTC)
            with open_ledger(root) as ledger:
                ledger.append(Event(kind=EventKind.REPLY, at=now, recorded=now, by="kim", contact=who))

    monkeypatch.setattr(smtp_handing_over, "_body", noted_meanwhile)
    assert results(root, "--go")[f"one/{who}/0"] == "held"
    assert server.taken().total() == 2


# --- the ledger in trouble ---------------------------------------------------------------------------


def test_a_full_disk_lets_no_letter_go_without_its_mark(
    root: Path, server: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Ledger, *args: object, **keys: object) -> None:
        raise LedgerFull(".outreach/ledger.db")

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "mark", full)
        answer = run(root, "send", "--go")
    assert answer.code == 2
    assert "the disk is full" in answer.err
    assert "Traceback" not in answer.err
    assert server.taken().total() == 0
    assert list(results(root, "--go").values()).count("done") == 3
    assert max(server.taken().values()) == 1


def test_a_locked_ledger_sends_nothing(root: Path, server: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **keys: connect(path, **{**keys, "timeout": 0.05}))
    db = connect(root / ".outreach" / "ledger.db", isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    try:
        answer = run(root, "send", "--go")
    finally:
        db.execute("ROLLBACK")
        db.close()
    assert answer.code == 2
    assert "in use by another outreach" in answer.err
    assert server.taken().total() == 0


def test_lost_receipts_come_back_from_the_ledger(root: Path) -> None:
    results(root, "--go")
    lines = (root / "receipts.jsonl").read_text()
    (root / "receipts.jsonl").unlink()
    results(root, "--go")
    assert (root / "receipts.jsonl").read_text() == lines
    assert {json.loads(line)["via"] for line in lines.splitlines()} == {"smtp"}
