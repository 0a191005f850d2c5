"""`sync` makes the status true, once, with evidence."""

from __future__ import annotations

import json
import mailbox
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from outreach.model.mail import Incoming, Sorted
from outreach.tasks import syncing
from tests.inbox.messages import DAY, bounce, message
from tests.sending.campaigns import process, results, run, said, write_campaign

SENT_ON, NOW = "2026-01-13T10:00:00+01:00", "2026-01-21T10:00:00+01:00"
LATER = "2026-01-28T10:00:00+01:00"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Six letters have left through the outbox; the mailbox is a folder of .eml files."""
    mail = "{transport: outbox, inbox: {folder: mailbox}}"
    root = write_campaign(tmp_path, mail=mail, contacts=6)
    (root / "mailbox").mkdir()
    run(root, "approve", "one", now=SENT_ON)
    run(root, "send", "--go", now=SENT_ON)
    return root


def put(root: Path, data: bytes, name: str = "") -> None:
    (root / "mailbox" / (name or f"{len(list((root / 'mailbox').iterdir()))}.eml")).write_bytes(data)


def id_of(root: Path, contact: str) -> str:
    letter = message_from_bytes((root / f"outbox/one/{contact}.eml").read_bytes())
    return str(letter["Message-ID"]).strip()


def states(root: Path, now: str = NOW) -> dict[str, str]:
    return {each["id"]: each["state"] for each in said(root, "status", now=now)["contacts"]}


def sync(root: Path, now: str = NOW) -> dict[str, Any]:
    return said(root, "sync", now=now)


def test_two_readers_of_one_message_keep_it_once_and_only_one_calls_it_new(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(root, message("kim@c0000.example", "Yes", answers=id_of(root, "c0000")))
    put(root, bounce("info@c0001.example", returned=id_of(root, "c0001")))
    put(root, message("stranger@gmail.com", "I am writing for Contact 0.", subject="Re: Hello Contact 0"))
    put(root, message("alex@sender.example", "An answer.", to="info@c0000.example", answers=id_of(root, "c0000")))
    sort = syncing.sort
    other: list[Any] = []

    def sort_beside_another(mail: Incoming, *given: Any, **named: Any) -> Sorted:
        if not other:
            other.append(None)
            other[0] = sync(root)  # the other one reads all of it after this one found it new
        return sort(mail, *given, **named)

    monkeypatch.setattr(syncing, "sort", sort_beside_another)
    late, [first] = sync(root), other
    assert sum(first["kinds"].values()) == 4
    assert (late["kinds"], late["matched"], late["unmatched"]) == ({}, [], 1)
    story = [event["kind"] for event in said(root, "show", "c0000", now=NOW)["events"]]
    assert (story.count("answered"), story.count("replied-by-us")) == (1, 1)
    assert states(root)["c0001"] == "bounced"


def test_two_syncs_at_once_end_well(root: Path) -> None:
    for number in range(60):
        put(root, message(f"kim{number}@c0000.example", f"Yes {number}", answers=id_of(root, "c0000")))
    both = [process(root, "sync", "--json", OUTREACH_NOW=NOW) for _ in range(2)]
    found = [(each.communicate(timeout=60), each.returncode) for each in both]
    assert [code for _, code in found] == [0, 0], found
    assert sum(json.loads(out)["kinds"].get("answer", 0) for (out, _), _ in found) == 60
    story = [event["kind"] for event in said(root, "show", "c0000", now=NOW)["events"]]
    assert story.count("answered") == 60


def test_each_message_finds_its_letter_and_the_status_is_true(root: Path) -> None:
    put(root, message("Kim <kim@c0000.example>", "Thank you, let us talk.", answers=id_of(root, "c0000")))
    put(root, bounce("info@c0001.example", returned=id_of(root, "c0001")))
    put(root, message("info@c0002.example", "I am away.", subject="Out of office", answers=id_of(root, "c0002"),
                      Auto_Submitted="auto-replied"))  # fmt: skip
    put(root, message("info@c0003.example", "Unsubscribe", answers=id_of(root, "c0003")))
    put(root, message("assistant@c0004.example", "My director asks for the brief.", subject="Your proposal"))
    result = sync(root)
    assert {each["contact"]: each["kind"] for each in result["matched"]} == {
        "c0000": "answer", "c0001": "hard-bounce", "c0002": "automatic", "c0003": "opt-out", "c0004": "answer",
    }  # fmt: skip
    assert states(root) == {
        "c0000": "answered", "c0001": "bounced", "c0002": "contacted", "c0003": "opted-out", "c0004": "answered",
        "c0005": "contacted",
    }  # fmt: skip
    again = sync(root)
    assert (again["looked_at"], again["matched"], again["kinds"]) == (0, [], {})


def test_any_answer_stops_the_follow_up_and_a_machine_does_not(root: Path) -> None:
    put(root, message("kim@c0000.example", "Yes!", answers=id_of(root, "c0000")))
    put(root, message("info@c0002.example", "Away.", subject="Automatic reply: Hello", Auto_Submitted="auto-replied"))
    sync(root, LATER)
    items = {item["id"]: item for item in said(root, "agenda", now=LATER)["items"]}
    assert "one/c0000/1" not in items
    assert items["one/c0002/1"]["state"] == "due"
    run(root, "approve", "one", now=LATER)
    assert results(root, "--go", now=LATER)["one/c0002/1"] == "done"


def test_a_follow_up_moves_behind_the_return_date(root: Path) -> None:
    text = "I am out of the office until 3 February 2026.\n"
    put(root, message("info@c0002.example", text, subject="Automatic reply: Hello", Auto_Submitted="auto-replied"))
    sync(root)
    item = next(item for item in said(root, "agenda", now=NOW)["items"] if item["id"] == "one/c0002/1")
    assert item["due"].startswith("2026-02-04")
    assert "away until 3 Feb" in item["reason"]


def test_our_own_answer_in_sent_turns_their_turn(root: Path) -> None:
    put(root, message("kim@c0000.example", "A question?", answers=id_of(root, "c0000"), id="<q@c0000.example>"))
    sync(root)
    contact = said(root, "status", now=NOW)["contacts"][0]
    assert (contact["state"], contact["turn"]) == ("answered", "ours")
    assert contact["last"]["text"] == "A question?"
    mine = message("alex@sender.example", "An answer.", to="kim@c0000.example", answers="<q@c0000.example>",
                   at=DAY + timedelta(hours=2))  # fmt: skip
    put(root, mine)
    sync(root)
    assert said(root, "status", now=NOW)["contacts"][0]["turn"] == "theirs"


def test_a_mailbox_that_cannot_be_read_holds_follow_ups(root: Path) -> None:
    sync(root)
    (root / "mailbox").rename(root / "elsewhere")
    answer = run(root, "sync", now=LATER)
    assert answer.code == 1
    assert "The mailbox mailbox does not exist." in answer.err
    held = next(item for item in said(root, "agenda", now=LATER)["items"] if item["id"] == "one/c0000/1")
    assert held["state"] == "held"
    assert "the mailbox was last read on Wed 21 Jan" in held["reason"]


def test_unmatched_mail_waits_in_a_pen_and_can_be_assigned(root: Path) -> None:
    put(root, message("stranger@gmail.com", "I am writing for Contact 0.", subject="Re: Hello Contact 0"))
    put(root, message("news@shop.example", "Buy now", subject="Offers"))
    assert sync(root)["unmatched"] == 1
    status = said(root, "status", "--unmatched", now=NOW)
    assert status["unmatched"] == 1
    assert status["messages"][0]["from"] == "stranger@gmail.com"
    assert run(root, "assign", status["messages"][0]["id"], "c0000", now=NOW).code == 0
    assert states(root)["c0000"] == "answered"
    assert said(root, "status", now=NOW)["unmatched"] == 0


def test_a_message_of_the_wrong_contact_moves(root: Path) -> None:
    put(root, message("kim@c0000.example", "Yes, for Contact 1.", answers=id_of(root, "c0000")))
    sync(root)
    assert run(root, "assign", "m1", "c0001", now=NOW).code == 0
    assert (states(root)["c0000"], states(root)["c0001"]) == ("contacted", "answered")


def test_a_wrongly_sorted_message_can_be_undone_by_its_number(root: Path) -> None:
    put(root, message("info@c0003.example", "Unsubscribe, please.", answers=id_of(root, "c0003")))
    sync(root)
    event = next(e for e in said(root, "show", "c0003", now=NOW)["events"] if e["kind"] == "opted-out")
    assert run(root, "note", "--undo", str(event["number"]), now=NOW).code == 0
    assert states(root)["c0003"] == "contacted"


def test_an_answer_that_names_another_address_becomes_a_task(root: Path) -> None:
    put(
        root,
        message("info@c0000.example", "Please write to policy@c0000.example instead.", answers=id_of(root, "c0000")),
    )
    sync(root)
    task = next(item for item in said(root, "agenda", now=NOW)["items"] if item["id"] == "address/c0000")
    assert "policy@c0000.example" in task["reason"]


def test_a_bounced_address_becomes_a_task_and_correcting_it_sends_nothing(root: Path) -> None:
    put(root, bounce("info@c0001.example", returned=id_of(root, "c0001")))
    sync(root)
    task = next(item for item in said(root, "agenda", now=NOW)["items"] if item["id"] == "bounced/c0001")
    assert "info@c0001.example bounced" in task["reason"]
    contacts = root / "contacts" / "all.csv"
    contacts.write_text(contacts.read_text().replace("info@c0001", "hello@c0001"))
    run(root, "approve", "one", now=NOW)
    assert "one/c0001/0" not in results(root, "--go", now=NOW)
    assert run(root, "resolve", "one/c0001/0", "--not-sent", now=NOW).code == 0
    run(root, "approve", "one", now=NOW)
    assert results(root, "--go", now=NOW)["one/c0001/0"] in ("done", "held")
    assert states(root)["c0001"] != "bounced"


def test_status_due_says_whom_to_chase(root: Path) -> None:
    put(root, message("kim@c0000.example", "A question?", answers=id_of(root, "c0000")))
    sync(root, LATER)
    due = said(root, "status", "--due", now=LATER)["due"]
    assert {each["contact"]: each["what"] for each in due} == {
        "c0000": "answer", **dict.fromkeys(["c0001", "c0002", "c0003", "c0004", "c0005"], "follow-up"),
    }  # fmt: skip
    follow_up = next(each for each in due if each["contact"] == "c0001")
    assert (follow_up["working_days"], follow_up["draft"]) == (11, "drafts/letters/one/c0001.1.eml")
    assert next(each for each in due if each["contact"] == "c0000")["last_word"] == "A question?"


def test_status_due_names_the_most_important_tier_first_then_who_has_waited_longest(root: Path) -> None:
    for file, old, new in (
        ("campaign.yaml", "tier == 0", "tier < 9"),
        ("contacts/all.csv", "Contact 0,0", "Contact 0,2"),
        ("contacts/all.csv", "Contact 2,0", "Contact 2,1"),
        ("contacts/all.csv", "Contact 4,0", "Contact 4,1"),
    ):
        (root / file).write_text((root / file).read_text().replace(old, new))
    put(root, message("kim@c0004.example", "A question?", answers=id_of(root, "c0004")))
    sync(root, LATER)
    due = said(root, "status", "--due", now=LATER)["due"]
    assert [each["contact"] for each in due] == ["c0001", "c0003", "c0005", "c0002", "c0004", "c0000"]
    assert due[3]["working_days"] > due[4]["working_days"]


def test_a_doubt_is_ended_by_our_own_copy_or_by_whoever_quotes_it(tmp_path: Path) -> None:
    from tests.servers.counting import counting

    with counting(tmp_path / "server") as server:
        relay = f"host: 127.0.0.1, port: {server.port}, insecure_loopback: true"
        mail = f"{{transport: smtp, {relay}, inbox: {{folder: mailbox}}}}"
        root = write_campaign(tmp_path / "campaign", mail=mail)
        (root / "mailbox").mkdir()
        run(root, "approve", "one", now=SENT_ON)
        server.will("taken=cut", "taken=cut")
        found = results(root, "--go", now=SENT_ON)
        assert list(found.values()).count("unknown") == 2
        ids = {letter["to"].partition("@")[2][:5]: letter["id"] for letter in server.letters()}
        doubtful = sorted(id.split("/")[1] for id, result in found.items() if result == "unknown")
        put(
            root,
            message(
                "alex@sender.example", "Hello", subject=f"Hello {doubtful[0]}", to="info@x.example", id=ids[doubtful[0]]
            ),
        )
        put(root, message(f"kim@{doubtful[1]}.example", "Yes", answers=ids[doubtful[1]]))
        assert sorted(sync(root)["resolved"]) == [f"one/{contact}/0" for contact in doubtful]
        assert said(root, "status", now=NOW)["in_doubt"] == 0
        assert server.taken().total() == 3


BROKEN = [
    b"",
    b"\n\n",
    b"\x00\xff\xfe" * 100,
    b"From: \xff\nSubject: =?utf-8?B?!!!?=\n\nx",
    b"Content-Type: multipart/report; boundary=\n\n--",
    b"From: a@c0000.example\nDate: nonsense\nContent-Type: text/plain; charset=no-such\n\n\xff",
]


def test_malformed_mail_stops_nothing(root: Path) -> None:
    for data in BROKEN:
        put(root, data)
    put(root, message("kim@c0000.example", "Yes", answers=id_of(root, "c0000")))
    assert sync(root)["looked_at"] == len(BROKEN) + 1
    assert states(root)["c0000"] == "answered"


# --- other kinds of mailboxes ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["maildir", "mbox"])
def test_a_maildir_and_an_mbox_work_the_same(root: Path, kind: str) -> None:
    place = root / "mailbox"
    place.rmdir()
    box: Any = mailbox.Maildir(place) if kind == "maildir" else mailbox.mbox(place)

    def deliver(data: bytes) -> None:
        box.lock()
        box.add(data)
        box.flush()
        box.unlock()

    deliver(message("kim@c0000.example", "Yes", answers=id_of(root, "c0000")))
    deliver(message("kim@c0001.example", "From here on: yes\n\nFrom me", answers=id_of(root, "c0001")))
    assert sync(root)["looked_at"] == 2
    assert sync(root)["looked_at"] == 0
    deliver(bounce("info@c0002.example", returned=id_of(root, "c0002")))
    if kind == "maildir":
        for key in box.keys():  # noqa: SIM118 - iterating a mailbox gives messages; the mail program shows them: they move, and get flags
            seen = box[key]
            seen.set_subdir("cur")
            seen.add_flag("S")
            box[key] = seen
    assert sync(root)["looked_at"] == 1
    assert [states(root)[each] for each in ("c0000", "c0001", "c0002")] == ["answered", "answered", "bounced"]
    box.close()


def test_the_same_message_in_two_folders_counts_once(root: Path) -> None:
    answer = message("kim@c0000.example", "Yes", answers=id_of(root, "c0000"))
    (root / "mailbox" / "archive").mkdir()
    put(root, answer, "a.eml")
    put(root, answer, "archive/b.eml")
    assert sync(root)["kinds"] == {"answer": 1}
