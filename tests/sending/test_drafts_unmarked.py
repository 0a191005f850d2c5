"""Emails in Sent without a mark of ours: no draft is called deleted, or written again, that one of them may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.letters.mime import ENOUGH, pieces
from outreach.tasks.approving import approve
from tests.sending.campaigns import run, said
from tests.sending.test_draft_fates import as_outlook, campaign, fates, kinds
from tests.sending.test_no_second_draft import (
    DRAFTS,
    OTHER,
    SENT,
    TRASH,
    Scripted,
    as_thunderbird,
    edited,
    other_address,
    other_subject,
)
from tests.servers.scripted_imap import Folder, ScriptedImap, scripted_imap

TEXT = (
    "Dear {},\n\nwe are a small group that counts empty flats in the old town, street by street, and we have found\n"
    "that every fifth of them has stood empty since the summer. Would you tell your members about it?\n\n{}\n\nAlex\n"
)


@pytest.fixture
def server() -> Iterator[ScriptedImap]:
    with scripted_imap("exchange") as running:
        yield running


def mail(to: str, subject: str, text: str, *more: str) -> bytes:
    head = [
        "From: alex@sender.example",
        f"To: {to}",
        f"Subject: {subject}",
        "Message-ID: <own@prod.outlook.com>",
        *more,
    ]
    return ("\r\n".join(head) + "\r\n\r\n" + text.replace("\n", "\r\n")).encode()


def same(data: bytes) -> bytes:
    return data


def rewritten(data: bytes) -> bytes:
    return edited(other_subject(other_address(as_outlook(data))))


@pytest.mark.parametrize("folder", ["", TRASH])
@pytest.mark.parametrize(
    ("sent", "fate"),
    [
        (rewritten, "unknown"),
        (lambda data: mail("eve@elsewhere.example", "Flats", TEXT.format("Eve", "Good to meet you.")), "unknown"),
        (lambda data: mail("colleague@c0000.example", "Flats", "Could we talk on Friday?"), "unknown"),
        (lambda data: mail("eve@elsewhere.example", "Hidden", "", "Content-Type: application/pkcs7-mime"), "unknown"),
        (lambda data: mail("eve@elsewhere.example", "Lunch", "Shall we have lunch on Friday? Alex"), "deleted"),
        (lambda data: mail("alex@sender.example", "Draft", TEXT.format("Contact 0", "Angle 0.")), "deleted"),
        (lambda data: mail("eve@elsewhere.example", "Fwd: flats", TEXT.format("Contact 7", "Angle 7."),
                           "In-Reply-To: <letter-to-contact-7@sender.example>"), "deleted"),
    ],
)  # fmt: skip
def test_a_draft_that_is_gone_is_unknown_where_an_email_in_sent_may_be_it(
    sent: Callable[[bytes], bytes], fate: str, folder: str, server: ScriptedImap, tmp_path: Path
) -> None:
    """Whether the mail program left it in the trash or not. c0001 is there as before: its draft was not sent."""
    root, hands = written(tmp_path, server), Scripted(server)
    draft = hands.take("info@c0000.example")
    if folder:
        hands.put(folder, draft)
    hands.put(SENT, sent(draft))
    hands.put(SENT, mail("bank@elsewhere.example", "Statement", "Please send me the statement of last month."))
    assert fates(root) == {"c0000": fate}
    assert fates(root) == {}, "what is unknown stays so"
    assert kinds(root) == {"c0000": "in-doubt" if fate == "unknown" else "draft-deleted", "c0001": "in-drafts"}


def test_an_email_to_one_whose_draft_lies_there_that_says_the_same_may_be_it_as_well(
    server: ScriptedImap, tmp_path: Path
) -> None:
    """Outlook may leave the draft where it was; and the draft to c0000, which is gone, says nearly the same."""
    root, hands = written(tmp_path, server), Scripted(server)
    hands.take("info@c0000.example")
    hands.put(SENT, mail("info@c0001.example", "Flats", TEXT.format("Contact 1", "Angle 1.")))
    assert fates(root) == {"c0000": "unknown", "c0001": "unknown"}
    assert fates(root) == {}, "what is unknown stays so"


def test_what_else_was_sent_to_one_whose_draft_lies_there_asks_nothing(server: ScriptedImap, tmp_path: Path) -> None:
    root, hands = written(tmp_path, server), Scripted(server)
    hands.put(SENT, mail("info@c0000.example", "Friday", "Could we talk on Friday?"))
    hands.put(SENT, mail("eve@elsewhere.example", "Flats", TEXT.format("Contact 1", "Angle 1.")))
    assert fates(root) == {}
    assert kinds(root) == {"c0000": "in-drafts", "c0001": "in-drafts"}


def test_what_was_filed_outside_sent_and_is_no_draft_is_not_called_there(server: ScriptedImap, tmp_path: Path) -> None:
    """Many put what they sent into a folder for its project; a draft that was moved is still one."""
    root, hands = written(tmp_path, server), Scripted(server)
    server.folders["Projects"] = Folder("")
    server.folders["Projects"].add({"\\Seen"}, hands.take("info@c0000.example"))
    hands.put(OTHER, hands.take("info@c0001.example"))
    assert fates(root) == {"c0000": "unknown"}
    assert fates(root) == {}
    assert kinds(root) == {"c0000": "in-doubt", "c0001": "in-drafts"}


@pytest.mark.parametrize("program", [as_outlook, rewritten, same])
def test_what_was_sent_and_then_deleted_is_not_called_a_deleted_draft(
    program: Callable[[bytes], bytes], server: ScriptedImap, tmp_path: Path
) -> None:
    """Some put the copy of what they sent into the trash. A draft that lies there is one that was deleted."""
    root, hands = written(tmp_path, server), Scripted(server)
    server.trash.add({"\\Seen"}, program(hands.take("info@c0000.example")))
    hands.put(TRASH, as_outlook(hands.take("info@c0001.example")))
    assert fates(root) == {"c0000": "unknown", "c0001": "deleted"}
    assert fates(root) == {}


@pytest.mark.parametrize("program", [as_outlook, same])
@pytest.mark.parametrize("folder", [TRASH, OTHER])
def test_a_draft_that_lies_there_is_compared_with_what_was_sent_and_put_anywhere(
    folder: str, program: Callable[[bytes], bytes], server: ScriptedImap, tmp_path: Path
) -> None:
    """And its new version does not take its place before somebody was asked, once."""
    root, hands = written(tmp_path, server), Scripted(server)
    [draft] = [data for data in hands.all(DRAFTS) if b"info@c0000.example" in data]
    hands.folders[folder].add({"\\Seen"}, program(draft))
    hands.put(folder, program(hands.all(DRAFTS)[1]))
    text = root / "templates" / "hello.md"
    text.write_text(text.read_text().replace("Dear", "Hello"))
    approve(root, ["one"])
    found = {each["id"]: each for each in said(root, "send", "--go")["actions"]}
    assert {id: each["result"] for id, each in found.items()} == {"one/c0000/0": "held", "one/c0001/0": "done"}
    assert "may be it; run `outreach sync`, which asks" in found["one/c0000/0"]["reason"]
    assert fates(root) == {"c0000": "unknown"}
    assert fates(root) == {}
    assert kinds(root) == {"c0000": "in-doubt", "c0001": "in-drafts"}
    assert "second time" not in run(root, "confirm", "one/c0000/0", "--not-sent").out, "it is looked for"
    assert results(root) == {"c0000": "done"}
    assert fates(root) == {}
    assert len(hands.all(DRAFTS)) == 2


def test_one_message_in_two_folders_was_sent_once(tmp_path: Path) -> None:
    """Gmail shows what was sent under each of its labels. It is the draft to c0000, and not the one to c0001, too."""
    with scripted_imap("gmail") as server:
        server.folders["[Gmail]/Important"] = Folder("\\Important")
        root, hands = written(tmp_path, server), Scripted(server)
        sent = as_outlook(hands.take("info@c0000.example"))
        for folder in (server.sent, server.folders["[Gmail]/All Mail"], server.folders["[Gmail]/Important"]):
            folder.add({"\\Seen"}, sent)
        assert fates(root) == {"c0000": "sent"}
        hands.take("info@c0001.example")
        assert fates(root) == {"c0001": "deleted"}


def test_however_many_drafts_are_gone_each_folder_is_read_once(server: ScriptedImap, tmp_path: Path) -> None:
    root, hands = campaign(tmp_path, server.port, contacts=12), Scripted(server)
    for number in range(9):
        hands.take(f"info@c{number:04}.example")
    hands.put(SENT, as_outlook(hands.take("info@c0009.example")))
    asked = len(server.commands)
    assert set(fates(root).values()) == {"deleted", "sent"}
    looks = [each for each in server.commands[asked:] if "X-OUTREACH-DRAFT " in each.upper() and "SEARCH" in each]
    assert len(looks) == len(server.folders) - 1


def written(root: Path, server: ScriptedImap) -> Path:
    """A campaign of two contacts with a text as people write it, its drafts all there."""
    campaign(root, server.port)
    server.drafts.mails.clear()
    lose_history(root)
    text = TEXT.format("{{ contact.name }}", "{{ contact.personal_text }}")
    (root / "templates" / "hello.md").write_text(f"---\nsubject: Hello {{{{ contact.name }}}}\n---\n{text}")
    approve(root, ["one"])
    assert set(results(root).values()) == {"done"}
    return root


def lose_history(root: Path) -> None:
    for file in [*(root / ".outreach").glob("ledger.db*"), root / "receipts.jsonl"]:
        file.unlink()


def results(root: Path) -> dict[str, str]:
    return {each["id"].split("/")[1]: each["result"] for each in said(root, "send", "--go")["actions"]}


@pytest.mark.parametrize(
    ("sent", "result", "later"),
    [
        (as_outlook, "unknown", "accepted"),
        (lambda data: edited(as_outlook(data)), "unknown", "accepted"),
        (lambda data: other_subject(as_outlook(data)), "unknown", "in-doubt"),
        (lambda data: mail("info@c0000.example", "Re: Hello Contact 0", "Lunch on Friday?"), "unknown", "in-doubt"),
        (lambda data: mail("info@c0000.example", "Lunch", "Shall we have lunch?"), "done", "in-drafts"),
        (lambda data: mail("eve@elsewhere.example", "Hello Contact 0", "Lunch?"), "done", "in-drafts"),
    ],
)
def test_after_the_history_is_lost_an_email_in_sent_that_may_be_the_letter_is_asked_about(
    sent: Callable[[bytes], bytes], result: str, later: str, server: ScriptedImap, tmp_path: Path
) -> None:
    """Ledger and receipts are gone, and Outlook dropped our marks: a draft would be a second one."""
    root, hands = written(tmp_path, server), Scripted(server)
    hands.put(SENT, sent(hands.take("info@c0000.example")))
    lose_history(root)
    approve(root, ["one"])
    assert results(root) == {"c0000": result, "c0001": "done"}
    assert len(hands.all(DRAFTS)) == (2 if result == "done" else 1)
    run(root, "sync")
    assert kinds(root) == {"c0000": later, "c0001": "in-drafts"}
    if later == "in-doubt":
        assert results(root)["c0000"] == "unknown"
        assert "outreach confirm one/c0000/0" in run(root).out
        assert run(root, "confirm", "one/c0000/0", "--not-sent").code == 0
        assert results(root)["c0000"] == "done", "asked once"
        assert len(hands.all(DRAFTS)) == 2


@pytest.mark.parametrize("program", [same, as_thunderbird, as_outlook])
@pytest.mark.parametrize("was_sent", [False, True])
def test_after_the_history_is_lost_no_second_draft_is_put_beside_one_that_was_moved(
    was_sent: bool, program: Callable[[bytes], bytes], server: ScriptedImap, tmp_path: Path
) -> None:
    """Or sent, and filed, whatever marks a program left. The folders of a person are looked through once."""
    root, hands = written(tmp_path, server), Scripted(server)
    draft = program(hands.take("info@c0000.example"))
    hands.file(draft) if was_sent else hands.put(OTHER, draft)
    lose_history(root)
    approve(root, ["one"])
    asked = len(server.commands)
    found = {each["id"]: each for each in said(root, "send", "--go")["actions"]}
    assert {id: each["result"] for id, each in found.items()} == {"one/c0000/0": "unknown", "one/c0001/0": "done"}
    assert "to info@c0000.example lies in Later, and may be it" in found["one/c0000/0"]["reason"]
    looks = [each for each in server.commands[asked:] if 'X-OUTREACH-DRAFT ""' in each.upper()]
    assert len(looks) == len(server.folders) - 1
    assert len(hands.all(DRAFTS)) == 1
    run(root, "sync")
    assert kinds(root) == {"c0000": "in-doubt" if was_sent else "in-drafts", "c0001": "in-drafts"}
    assert "done" not in results(root).values()
    assert len(hands.all(DRAFTS)) == 1
    if was_sent:
        assert run(root, "confirm", "one/c0000/0", "--not-sent").code == 0
        assert results(root) == {"c0000": "done"}, "asked once"


@pytest.mark.parametrize("folder", [DRAFTS, OTHER])
def test_after_the_history_is_lost_no_second_draft_is_put_beside_one_with_another_subject(
    folder: str, server: ScriptedImap, tmp_path: Path
) -> None:
    """Outlook dropped all its marks when a person edited it."""
    root, hands = written(tmp_path, server), Scripted(server)
    hands.put(folder, edited(other_subject(as_outlook(hands.take("info@c0000.example")))))
    hands.put(folder, mail("info@c0001.example", "Friday", "Could we talk on Friday?"))
    lose_history(root)
    approve(root, ["one"])
    before = len(hands.all(DRAFTS))
    assert results(root) == {"c0000": "unknown", "c0001": "done"}
    assert len(hands.all(DRAFTS)) == before
    assert run(root, "confirm", "one/c0000/0", "--not-sent").code == 0
    assert results(root)["c0000"] == "done", "asked once"


@pytest.mark.parametrize("is_changed", [False, True])
@pytest.mark.parametrize("program", [as_outlook, lambda data: edited(other_subject(as_outlook(data)))])
def test_after_the_history_is_lost_a_draft_that_outlook_left_there_when_it_sent_it_is_asked_about(
    program: Callable[[bytes], bytes], is_changed: bool, server: ScriptedImap, tmp_path: Path
) -> None:
    root, hands = written(tmp_path, server), Scripted(server)
    before = hands.all(DRAFTS)
    hands.put(SENT, program(before[0]))
    if is_changed:
        text = root / "templates" / "hello.md"
        text.write_text(text.read_text().replace("Dear", "Hello"))
    lose_history(root)
    approve(root, ["one"])
    assert results(root) == {"c0000": "unknown", "c0001": "done"}
    assert hands.all(DRAFTS)[0] == before[0]
    run(root, "sync")
    assert kinds(root) == {"c0000": "in-doubt", "c0001": "in-drafts"}
    assert run(root, "confirm", "one/c0000/0", "--not-sent").code == 0
    assert results(root) == {"c0000": "done"}, "asked once"
    assert len(hands.all(DRAFTS)) == 2


def test_a_test_email_to_oneself_is_no_letter_though_one_is_a_contact(server: ScriptedImap, tmp_path: Path) -> None:
    root, hands = campaign(tmp_path, server.port), Scripted(server)
    with open(root / "contacts" / "all.csv", "a", encoding="utf-8") as file:
        file.write("me,Me,0,alex@sender.example,Angle 9.\n")
    assert run(root, "test", "me").code == 0
    approve(root, ["one"])
    assert results(root)["me"] == "done", "though its test lies in Drafts"
    tested = [data for data in hands.all(DRAFTS) if b"TEST for" in data]
    hands.folders[DRAFTS].mails = [each for each in hands.folders[DRAFTS].mails if each.data not in tested]
    assert len(tested) == 1
    hands.put(SENT, tested[0])
    assert fates(root) == {}
    hands.take("alex@sender.example")
    assert fates(root) == {"me": "deleted"}


@settings(max_examples=20)
@given(st.text(min_size=1), st.text(), st.text())
def test_what_is_in_a_text_as_a_whole_is_found_in_it(text: str, before: str, after: str) -> None:
    ours = pieces(text)
    assert ours <= pieces(f"{before} {text} {after}") or len(" ".join(text.casefold().split())) < 16
    assert len(ours & pieces(text)) >= ENOUGH * len(ours)
    assert bool(ours) == bool(text.split())
