"""What breaks, and what the letter is then: not sent, refused, in doubt, or sent."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from outreach.errors import not_written
from outreach.ledger import open_ledger
from tests.sending.campaigns import results, run, said, write_campaign
from tests.servers.counting import Counting, counting

FIRST, SECOND = "one/c0000/0", "one/c0001/0"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counting]:
    with counting(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def root(server: Counting, tmp_path: Path) -> Path:
    server.log.unlink(missing_ok=True)
    server.will()
    root = write_campaign(tmp_path, port=server.port, contacts=2)
    assert run(root, "approve", "one").code == 0
    return root


RETRIED = [
    "greeting=cut", "greeting=421 4.3.2 not now", "EHLO=cut", "MAIL=cut|RCPT=cut", "MAIL=451 4.3.0 later",
    "RCPT=450 4.2.1 later", "RCPT=rst", "DATA=cut",
    "DATA=451 4.3.0 later", "dot=451 4.3.0 later", "dot=421 4.3.2 closing",
]  # fmt: skip


@pytest.mark.parametrize("fault", RETRIED)
def test_what_was_surely_not_sent_is_sent_by_the_next_run(fault: str, root: Path, server: Counting) -> None:
    server.will(*fault.split("|"))
    first = results(root, "--go")
    assert first[FIRST] in ("failed", "done")
    assert run(root, "send", "--go").code == 0
    assert sorted(server.taken().values()) == [1, 1]
    assert said(root, "status")["in_doubt"] == 0


@pytest.mark.parametrize("fault", ["body=cut", "body=rst", "body=552 5.3.4 too large", "body=452 4.3.1 no room"])
def test_a_letter_cut_in_the_middle_was_not_sent(fault: str, root: Path, server: Counting) -> None:
    (root / "brief.txt").write_bytes(b"The brief.\n" * 900_000)  # more than the way to the server holds
    run(root, "approve", "one")
    server.will(fault)
    assert results(root, "--go")[FIRST] == "failed"
    again = results(root, "--go")
    assert again.get(FIRST) == ("held" if "552" in fault else "done")
    assert max(server.taken().values()) == 1
    assert said(root, "status")["in_doubt"] == 0


@pytest.mark.parametrize(
    "fault", ["RCPT=550 5.1.1 no such user", "DATA=554 5.7.1 no", "dot=550 5.7.1 spam", "MAIL=552 5.3.4 too large"]
)
def test_what_was_refused_for_good_waits_for_a_person(fault: str, root: Path, server: Counting) -> None:
    server.will(fault)
    answer = run(root, "send", "--go")
    assert answer.code == 1
    assert f"Contact 0 ({FIRST})  failed: " in answer.out
    assert results(root, "--go")[FIRST] == "held"
    assert server.taken().total() == 1
    run(root, "resolve", FIRST, "--not-sent")
    assert results(root, "--go")[FIRST] == "done"
    assert sorted(server.taken().values()) == [1, 1]


def test_a_refused_sender_stops_the_run_in_one_sentence_and_burns_no_letter(root: Path, server: Counting) -> None:
    server.will("MAIL=553 5.7.1 you may not send as this address")
    answer = run(root, "send", "--go")
    assert (answer.code, answer.out.count("failed:")) == (1, 1)
    assert "you may not send as this address" in answer.out
    assert server.taken().total() == 0
    assert set(results(root, "--go").values()) >= {"done"}
    assert server.taken().total() == 2


def test_a_refused_letter_leaves_once_its_address_is_corrected(root: Path, server: Counting) -> None:
    server.will("RCPT=550 5.1.1 no such user")
    results(root, "--go")
    contacts = root / "contacts" / "all.csv"
    contacts.write_text(contacts.read_text().replace("info@c0000", "hello@c0000"))
    assert results(root, "--go")[FIRST] == "held", "its approval was for the other address"
    run(root, "approve", FIRST)
    assert results(root, "--go")[FIRST] == "done"
    assert server.letters()[-1]["to"] == "hello@c0000.example"


UNKNOWN = [
    "dot=cut", "dot=rst", "taken=cut", "taken=rst", "dot=garbage", "taken=garbage", "taken=long", "taken=25|cut",
    "taken=99 odd",
]  # fmt: skip


@pytest.mark.parametrize("fault", UNKNOWN)
def test_a_break_after_the_last_byte_is_in_doubt_and_never_sent_again(fault: str, root: Path, server: Counting) -> None:
    server.will(fault)
    answer = run(root, "send", "--go")
    assert answer.code == 1
    assert f"Contact 0 ({FIRST})  unknown: " in answer.out
    assert f"outreach confirm {FIRST}" in answer.out
    taken = server.taken()
    assert results(root, "--go")[FIRST] == "unknown"
    assert server.taken() == taken
    status = said(root, "status")
    assert status["in_doubt"] == 1
    assert {each["id"]: each["state"] for each in status["contacts"]}["c0000"] == "in-doubt"
    assert '"via": "in-doubt"' in (root / "receipts.jsonl").read_text()


def test_a_doubt_is_ended_by_a_person(root: Path, server: Counting) -> None:
    server.will("dot=cut")
    results(root, "--go")
    assert run(root, "resolve", FIRST, "--not-sent").code == 0
    assert results(root, "--go")[FIRST] == "done"
    dates = {letter["id"]: letter["date"] for letter in server.letters()}
    assert len(dates) == 2
    assert sorted(server.taken().values()) == [1, 1]
    assert run(root, "resolve", FIRST, "--sent").code == 2, "nothing is in doubt any more"


@pytest.mark.parametrize("name", [FIRST, "c0000"])
def test_a_doubt_that_was_sent_counts_as_contacted(root: Path, server: Counting, name: str) -> None:
    server.will("taken=cut")
    results(root, "--go")
    assert run(root, "confirm", name, "--sent").code == 0
    assert FIRST not in results(root, "--go")
    assert said(root, "status")["counts"]["contacted"] == 2


@pytest.mark.parametrize("fault", ["taken=251 will forward", "QUIT=421 closing", "QUIT=cut", "RCPT=251 forwards"])
def test_what_was_accepted_is_sent_whatever_comes_after(fault: str, root: Path, server: Counting) -> None:
    server.will(fault)
    answer = run(root, "send", "--go")
    assert answer.code == 0, answer
    assert sorted(server.taken().values()) == [1, 1]


def test_a_server_that_refuses_everybody_is_left_alone(server: Counting, tmp_path: Path) -> None:
    root = write_campaign(tmp_path, port=server.port, contacts=20)
    run(root, "approve", "one")
    server.log.unlink(missing_ok=True)
    server.will(*["RCPT=554 5.7.1 you are blocked"] * 20)
    answer = run(root, "send", "--go")
    assert "Stopped: 3 emails in a row did not go through." in answer.out
    assert len(server.left()) == 17
    server.will()


def test_a_server_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, port=1)
    run(root, "approve", "one")
    answer = run(root, "send", "--go")
    assert answer.code == 1
    assert "127.0.0.1:1 cannot be reached: nothing listens there" in answer.out
    assert "Traceback" not in answer.err
    with open_ledger(root) as ledger:
        assert not any(past.letters for past in ledger.past().contacts.values())


def test_the_date_is_that_of_the_first_try(root: Path, server: Counting) -> None:
    server.will("DATA=451 4.3.0 later")
    results(root, "--go")
    with open_ledger(root) as ledger:
        first = next(ledger.claims())
    results(root, "--go")
    assert first.date == next(letter["date"] for letter in server.letters() if "c0000" in letter["to"])


@pytest.mark.parametrize("options", [(), ("--no-pipelining",)])
def test_a_letter_arrives_byte_for_byte_with_and_without_pipelining(options: tuple[str, ...], tmp_path: Path) -> None:
    with counting(tmp_path / "server", *options) as server:
        root = write_campaign(tmp_path / "campaign", port=server.port)
        run(root, "approve", "one")
        assert set(results(root, "--go").values()) == {"done", "held"}
        assert len(server.taken()) == 3


def test_a_key_for_receipts_that_cannot_be_made_claims_nothing(
    root: Path, server: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_another_file_system(root: Path) -> bytes:
        raise not_written("receipts.key", OSError(errno.EXDEV, "Invalid cross-device link"))

    with monkeypatch.context() as patch:
        patch.setattr("outreach.tasks.sending.delivery.address_key", on_another_file_system)
        assert run(root, "send", "--go").code != 0
    assert (server.taken().total(), said(root, "status")["in_doubt"]) == (0, 0)
    assert results(root, "--go")[FIRST] == "done"
    assert set(server.taken().values()) == {1}
