"""Several people write for one campaign: From is theirs, the Message-ID the campaign's, and all of them are "us"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient

from outreach.letters.mime import message_id
from tests.inbox.messages import message
from tests.sending.campaigns import enter, results, run, said, write_campaign
from tests.sending.conftest import HERS, USER, emptied
from tests.sending.test_draft_fates import as_outlook
from tests.servers.counting import counting
from tests.servers.realmail import RealMail

MARIA = "senders:\n  maria: {name: Maria Lima, email: maria@friends.example, signature: Maria}\n"
LATER = datetime(2100, 1, 1, tzinfo=UTC)
SIGNED = (
    "---\nsubject: Hello {{ contact.name }}\n---\nDear {{ contact.name }},\n\n{{ sender.signature or sender.name }}\n"
)


def campaign(tmp_path: Path, *, wave: str = "sender: maria, ", mail: str = "", more: str = MARIA) -> Path:
    root = write_campaign(tmp_path / "campaign", mail=mail, more=more)
    config = root / "campaign.yaml"
    config.write_text(config.read_text().replace("{id: one,", f"{{id: one, {wave}"))
    (root / "templates" / "hello.md").write_text(SIGNED)
    return root


def outbox(root: Path) -> Any:
    return message_from_bytes((root / "outbox" / "one" / "c0000.eml").read_bytes(), policy=policy.default)


def test_a_wave_leaves_from_its_sender_under_ids_of_the_campaign(tmp_path: Path) -> None:
    root = campaign(tmp_path)
    run(root, "approve", "one")
    assert "from maria@friends.example, to" in run(root, "send").out
    done = results(root, "--go")
    assert [done[f"one/c{number:04}/0"] for number in range(3)] == ["done"] * 3
    letter = outbox(root)
    assert letter["From"] == "Maria Lima <maria@friends.example>"
    assert letter["Message-ID"] == message_id("small", "one", "c0000", 0, "sender.example")
    assert letter.get_body(("plain",)).get_content().rstrip().endswith("Maria")
    assert "alex@" not in str(letter)


def test_the_envelope_is_the_senders_too(tmp_path: Path) -> None:
    with counting(tmp_path / "server") as server:
        mail = f"{{transport: smtp, host: 127.0.0.1, port: {server.port}, insecure_loopback: true}}"
        root = campaign(tmp_path, mail=mail)
        run(root, "approve", "one")
        run(root, "send", "--go")
        assert {letter["from"] for letter in server.letters()} == {"maria@friends.example"}
        run(root, "test", "c0000")
        assert server.letters()[-1]["to"] == "alex@sender.example"


@pytest.mark.parametrize(
    "fault",
    [
        "RCPT=553 5.7.1 <maria@friends.example>: Sender address rejected: not owned by user alex",
        "dot=554 5.2.252 SendAsDenied; alex@sender.example not allowed to send as maria@friends.example",
        "DATA=550 5.7.60 SMTP; Client does not have permissions to send as this sender",
    ],
)
def test_an_account_that_may_not_send_as_maria_stops_the_run_and_burns_no_letter(tmp_path: Path, fault: str) -> None:
    with counting(tmp_path / "server") as server:
        mail = f"{{transport: smtp, host: 127.0.0.1, port: {server.port}, insecure_loopback: true}}"
        root = campaign(tmp_path, mail=mail)
        run(root, "approve", "one")
        server.will(fault)
        answer = run(root, "send", "--go")
        assert answer.code == 1
        assert fault.partition("=")[2] in answer.out + answer.err
        assert "Allow your account to send as this address" in answer.out + answer.err
        assert server.letters() == []
        run(root, "send", "--go")
        assert len(server.letters()) == 3


def test_another_sender_takes_the_approval_back_and_nothing_else_does(tmp_path: Path) -> None:
    root = campaign(tmp_path, wave="")
    run(root, "approve", "one")
    config = root / "campaign.yaml"
    whole = config.read_text()
    assert set(results(root).values()) == {"planned"}
    config.write_text(whole.replace("{id: one,", "{id: one, sender: maria,"))
    assert set(results(root).values()) == {"held"}
    config.write_text(whole.replace("maria@friends", "m@friends"))
    assert set(results(root).values()) == {"planned"}


def test_a_sender_that_nobody_is_stops_the_campaign_with_a_hint(tmp_path: Path) -> None:
    root = campaign(tmp_path, wave="sender: mara, ")
    [error] = [each for each in said(root, "check")["problems"] if each["level"] == "error"]
    assert (error["code"], error["message"]) == ("unknown-reference", "There is no sender `mara`.")
    assert "maria" in error["hint"]
    assert run(root, "draft").code == 2


def test_answers_and_address_are_the_campaigns_unless_the_sender_has_others(tmp_path: Path) -> None:
    root = campaign(tmp_path)
    config = root / "campaign.yaml"
    config.write_text(
        config.read_text().replace("email: alex@sender.example", "email: alex@sender.example, reply_to: r@s.example")
    )
    run(root, "approve", "one")
    run(root, "send", "--go")
    assert outbox(root)["Reply-To"] == "r@s.example"


# --- several mailboxes -----------------------------------------------------------------------------------


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = campaign(tmp_path, mail="{inbox: [{folder: hers}, {folder: ours}]}")
    for folder in ("hers", "ours", "ours/Sent"):
        (root / folder).mkdir()
    run(root, "approve", "one")
    run(root, "send", "--go")
    return root


def states(root: Path) -> dict[str, str]:
    return {each["id"]: each["state"] for each in said(root, "status")["contacts"]}


def test_every_mailbox_is_read(root: Path) -> None:
    for number, folder, to in ((0, "hers", "maria@friends.example"), (1, "ours", "alex@sender.example")):
        id = message_id("small", "one", f"c{number:04}", 0, "sender.example")
        answer = message(f"info@c{number:04}.example", "Yes, gladly.", subject="Re: Hello", to=to, answers=id)
        (root / folder / "answer.eml").write_bytes(answer)
    assert len(said(root, "sync")["matched"]) == 2
    assert states(root) == {"c0000": "answered", "c0001": "answered", "c0002": "contacted"}


def test_where_one_mailbox_cannot_be_read_the_others_are_and_follow_ups_are_held(root: Path) -> None:
    id = message_id("small", "one", "c0001", 0, "sender.example")
    answer = message("info@c0001.example", "Yes.", subject="Re: Hello", to="alex@sender.example", answers=id)
    (root / "ours" / "answer.eml").write_bytes(answer)
    (root / "hers").rmdir()
    answered = run(root, "sync")
    assert answered.code == 1
    assert "c0001" in answered.out
    assert "The mailbox hers does not exist." in answered.out
    assert states(root)["c0001"] == "answered"
    assert said(root, "sync")["mailbox"] == "The mailbox hers does not exist."
    assert "mailbox" in run(root, "agenda", now="2027-03-01T10:00:00+01:00").out
    (root / "hers").mkdir()
    assert said(root, "sync")["mailbox"] is None


def test_what_a_colleague_wrote_from_anywhere_counts_as_ours_in_the_shared_sent_folder(root: Path) -> None:
    id = message_id("small", "one", "c0001", 0, "sender.example")
    theirs = message(
        "info@c0001.example", "Yes?", subject="Re: Hello", to="alex@sender.example", answers=id, id="<q@x>"
    )
    (root / "ours" / "answer.eml").write_bytes(theirs)
    said(root, "sync")
    turn = {each["id"]: each["turn"] for each in said(root, "status")["contacts"]}
    assert turn["c0001"] == "ours"
    ours = message("pat@home.example", "Here it is.", to="info@c0001.example", answers="<q@x>", at=LATER)
    (root / "ours" / "Sent" / "1.eml").write_bytes(ours)
    said(root, "sync")
    turn = {each["id"]: each["turn"] for each in said(root, "status")["contacts"]}
    assert turn["c0001"] == "theirs"


def test_maria_is_us_and_so_is_her_domain(root: Path) -> None:
    id = message_id("small", "one", "c0001", 0, "sender.example")
    for number, sender in enumerate(("maria@friends.example", "ana@friends.example")):
        written = message(sender, "Hello again", subject="Re: Hello", to="info@c0001.example", answers=id)
        (root / "hers" / f"{number}.eml").write_bytes(written)
    said(root, "sync")
    assert states(root)["c0001"] == "contacted"


# --- drafts of several senders ---------------------------------------------------------------------------


@pytest.fixture
def boxes(mail: RealMail, box: IMAPClient) -> Iterator[dict[str, IMAPClient]]:
    """Alex's mailbox and Maria's, with nothing in them."""
    with IMAPClient("127.0.0.1", port=mail.imap, ssl=False, timeout=20) as hers:
        hers.login(HERS, "pw")
        for folder in ("INBOX", "Drafts", "Sent"):
            if hers.folder_exists(folder):
                emptied(hers, folder)
        yield {USER: box, HERS: hers}


def drafting(tmp_path: Path, mail: RealMail, *, wave: str = "sender: maria, ") -> Path:
    inboxes = ", ".join(f"{{imap: 127.0.0.1, port: {mail.imap}, user: {user}}}" for user in (USER, HERS))
    root = campaign(
        tmp_path,
        wave=wave,
        mail=f"{{transport: imap-drafts, insecure_loopback: true, inbox: [{inboxes}]}}",
        more=MARIA.replace("maria@friends.example", HERS),
    )
    enter(root, "pw")
    run(root, "approve", "one")
    return root


def lying(boxes: dict[str, IMAPClient], folder: str = "Drafts") -> dict[str, list[str]]:
    """Who is in From of the drafts in each mailbox."""
    found = {}
    for user, client in boxes.items():
        client.select_folder(folder)
        uids = client.search(["UNDELETED"])
        bodies = client.fetch(uids, ["BODY.PEEK[]"]).values() if uids else []
        found[user] = [str(message_from_bytes(each[b"BODY[]"])["From"]) for each in bodies]
    return found


def test_a_draft_goes_into_the_mailbox_of_its_sender(
    tmp_path: Path, mail: RealMail, boxes: dict[str, IMAPClient]
) -> None:
    root = drafting(tmp_path, mail)
    assert set(results(root, "--go").values()) == {"done"}
    assert lying(boxes) == {USER: [], HERS: [f"Maria Lima <{HERS}>"] * 3}
    assert results(root, "--go") == {}


def test_a_draft_stays_one_where_another_sender_takes_over(
    tmp_path: Path, mail: RealMail, boxes: dict[str, IMAPClient]
) -> None:
    """It takes the place of the former one, in the mailbox where that lies."""
    root = drafting(tmp_path, mail)
    results(root, "--go")
    config = root / "campaign.yaml"
    config.write_text(config.read_text().replace("sender: maria, ", ""))
    run(root, "approve", "one")
    results(root, "--go")
    found = lying(boxes)
    assert len(found[USER]) + len(found[HERS]) == 3


def test_a_draft_that_outlook_edited_stays_alone_where_another_sender_takes_over(
    tmp_path: Path, mail: RealMail, boxes: dict[str, IMAPClient]
) -> None:
    """No mark of ours is left on it: recipient and subject say that it may be the one."""
    root = drafting(tmp_path, mail)
    results(root, "--go")
    hers = boxes[HERS]
    hers.select_folder("Drafts")
    uid = hers.search(["TO", "info@c0000.example"])[0]
    data = as_outlook(hers.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"])
    hers.append("Drafts", data.replace(b"Maria", b"My Maria"), flags=(rb"\Draft",))
    hers.delete_messages([uid])
    hers.expunge()
    config = root / "campaign.yaml"
    config.write_text(config.read_text().replace("sender: maria, ", ""))
    run(root, "approve", "one")
    found = {each["id"]: each for each in said(root, "send", "--go")["actions"]}
    assert "stays as it is; send it or delete it" in found["one/c0000/0"]["reason"]
    assert sum(map(len, lying(boxes).values())) == 3
    assert said(root, "sync")["drafts"] == []


def test_what_became_of_a_draft_is_seen_in_its_senders_mailbox(
    tmp_path: Path, mail: RealMail, boxes: dict[str, IMAPClient]
) -> None:
    root = drafting(tmp_path, mail)
    results(root, "--go")
    hers = boxes[HERS]
    if not hers.folder_exists("Sent"):
        hers.create_folder("Sent")
    hers.select_folder("Drafts")
    uids = hers.search(["ALL"])
    hers.append("Sent", hers.fetch([uids[0]], ["BODY.PEEK[]"])[uids[0]][b"BODY[]"], flags=(rb"\Seen",))
    hers.delete_messages([uids[0], uids[1]])
    hers.expunge()
    told = run(root, "sync").out
    assert "you sent its draft as it was" in told
    assert "you deleted its draft" in told
    assert sorted(each["state"] for each in said(root, "status")["contacts"]).count("contacted") == 1
