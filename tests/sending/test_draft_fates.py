"""What became of a draft: there, sent as it was, sent after editing, deleted or unknown; told rightly by `sync`.

A person does by hand in the mailbox what mail programs do: Gmail and Outlook send a draft under another Message-ID,
some drop every header that they do not know. OUTREACH_IMAP_SERVERS names the scripted servers that are asked.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imapclient import IMAPClient

from outreach.ledger import open_ledger
from outreach.letters.mime import content_of_message, differences, is_same_letter
from outreach.model.dispatch import Found
from outreach.tasks.approving import approve
from outreach.tasks.sending import SendOrder, send
from tests.sending.campaigns import enter, run, said, write_campaign
from tests.sending.conftest import USER
from tests.sending.test_drafts import lying, transport_to, versions
from tests.servers.realmail import RealMail
from tests.servers.scripted_imap import ScriptedImap, scripted_imap

SENT_ON = b"Date: Mon, 30 Nov 2026 12:00:00 +0100\r\n"


def campaign(root: Path, port: int, contacts: int = 2) -> Path:
    inbox = f"inbox: {{imap: 127.0.0.1, port: {port}, user: {USER}}}"
    write_campaign(root, contacts=contacts, mail=f"{{transport: imap-drafts, insecure_loopback: true, {inbox}}}")
    enter(root, "pw")
    approve(root, ["one"])
    send(root, SendOrder(go=True))
    return root


def fates(root: Path) -> dict[str, str]:
    return {each["id"].split("/")[1]: each["fate"] for each in said(root, "sync")["drafts"]}


def kinds(root: Path) -> dict[str, str]:
    with open_ledger(root) as ledger:
        assert ledger.past() == ledger.full_past()
        return {past.contact: str(past.letters[0].kind) for past in ledger.past().contacts.values()}


def without(data: bytes, *fields: bytes) -> bytes:
    """The message without these headers, folded lines and all."""
    for name in fields:
        data = re.sub(rb"(?im)^" + name + rb":[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*", b"", data, count=1)
    return data


def as_gmail(data: bytes) -> bytes:
    """As Gmail sends an edited draft: its own Message-ID, the other headers kept."""
    return b"Message-ID: <CAF+new@mail.gmail.com>\r\n" + without(data, b"Message-ID")


def as_outlook(data: bytes) -> bytes:
    """Nothing of ours is left but recipient, subject and text."""
    own = b"Message-ID: <AM0PR@%x.prod.outlook.com>\r\n" % zlib.crc32(data)
    return own + without(data, b"Message-ID", b"References", b"X-Outreach-Draft")


class Hands:
    """What a person does with a draft in the scripted mailbox."""

    def __init__(self, server: ScriptedImap) -> None:
        self.server = server

    def take(self, contact: str = "c0000") -> bytes:
        mails = self.server.drafts.mails
        found = next(each for each in mails if contact in each.header("To"))
        mails.remove(found)
        return found.data

    def send(self, change: Callable[[bytes], bytes] = lambda data: data) -> None:
        self.server.sent.add({"\\Seen"}, change(self.take()))


@pytest.fixture(params=os.environ.get("OUTREACH_IMAP_SERVERS", "gmail").split())
def hands(request: pytest.FixtureRequest) -> Iterator[Hands]:
    with scripted_imap(request.param) as server:
        yield Hands(server)


@pytest.fixture
def root(hands: Hands, tmp_path: Path) -> Path:
    return campaign(tmp_path, hands.server.port)


def test_what_lies_there_is_no_news(root: Path) -> None:
    assert fates(root) == {}
    assert kinds(root) == {"c0000": "in-drafts", "c0001": "in-drafts"}


@pytest.mark.parametrize("program", [lambda data: data, as_gmail, as_outlook])
def test_a_draft_that_was_sent_makes_its_contact_contacted_and_the_follow_up_counts_from_then(
    program: Callable[[bytes], bytes], root: Path, hands: Hands
) -> None:
    hands.send(program)
    assert fates(root) == {"c0000": "sent"}
    assert fates(root) == {}
    assert kinds(root) == {"c0000": "accepted", "c0001": "in-drafts"}
    states = {each["id"]: each for each in said(root, "status")["contacts"]}
    assert (states["c0000"]["state"], states["c0000"]["turn"]) == ("contacted", "theirs")
    assert states["c0001"]["state"] == "approved"
    items = {each["id"]: each for each in said(root, "agenda")["items"]}
    assert "sent from your drafts" in items["one/c0000/0"]["reason"]
    assert items["one/c0000/1"]["due"] is not None
    assert "one/c0001/1" not in items
    assert '"via": "sent"' in (root / "receipts.jsonl").read_text()


@pytest.mark.parametrize("program", [lambda data: data, as_gmail])
def test_what_was_edited_before_it_was_sent_is_shown(
    program: Callable[[bytes], bytes], root: Path, hands: Hands
) -> None:
    hands.send(lambda data: program(data.replace(b"Angle 0.", b"We met in Ghent.")))
    found = said(root, "sync")["drafts"]
    assert [each["fate"] for each in found] == ["edited"]
    assert "-Angle 0." in found[0]["changes"]
    assert "+We met in Ghent." in found[0]["changes"]
    assert "We met in Ghent" in run(root, "show", "c0000").out


def test_an_answer_to_a_draft_that_was_sent_under_another_name_finds_its_contact(root: Path, hands: Hands) -> None:
    hands.send(as_gmail)
    assert fates(root) == {"c0000": "sent"}
    answer = b"From: somebody@elsewhere.example\r\nTo: alex@sender.example\r\nSubject: Re: Hello\r\n"
    answer += (
        SENT_ON + b"Message-ID: <answer@elsewhere.example>\r\nIn-Reply-To: <CAF+new@mail.gmail.com>\r\n\r\nYes!\r\n"
    )
    hands.server.folders["INBOX"].add(set(), answer)
    run(root, "sync")
    assert {each["id"]: each["state"] for each in said(root, "status")["contacts"]}["c0000"] == "answered"


def test_a_draft_that_was_moved_is_still_a_draft(root: Path, hands: Hands) -> None:
    hands.server.folders["INBOX"].add({"\\Draft", "\\Seen"}, hands.take())
    assert fates(root) == {}
    assert kinds(root)["c0000"] == "in-drafts"


@pytest.mark.parametrize("program", [lambda data: data, as_gmail, None])
def test_a_changed_letter_whose_draft_was_sent_or_moved_is_not_put_there_again(
    program: Callable[[bytes], bytes] | None, root: Path, hands: Hands
) -> None:
    """Before `sync` has seen it: the contact would get both."""
    if program is None:
        hands.server.folders["INBOX"].add({"\\Draft"}, hands.take())
    else:
        hands.send(program)
    text = root / "templates" / "hello.md"
    text.write_text(text.read_text().replace("Dear", "Hello"))
    approve(root, ["one"])
    found = {each["id"]: each for each in said(root, "send", "--go")["actions"]}
    assert {id: each["result"] for id, each in found.items()} == {"one/c0000/0": "held", "one/c0001/0": "done"}
    reason = found["one/c0000/0"]["reason"]
    assert ("outreach sync" in reason) if program else ("moved its draft to INBOX" in reason)
    assert [each.header("To") for each in hands.server.drafts.mails] == ["Contact 1 <info@c0001.example>"]
    if program:
        assert list(fates(root)) == ["c0000"]
        assert kinds(root)["c0000"] == "accepted"


def test_a_draft_in_the_trash_or_nowhere_was_deleted_and_is_not_written_again_by_itself(
    root: Path, hands: Hands
) -> None:
    hands.server.trash.add({"\\Draft"}, hands.take("c0000"))
    hands.take("c0001")
    assert fates(root) == {"c0000": "deleted", "c0001": "deleted"}
    found = said(root, "send", "--go")["actions"]
    assert [each["result"] for each in found] == ["held", "held"]
    assert "you deleted its draft" in found[0]["reason"]
    assert {each["id"]: each["count"] for each in said(root)["sections"]} == {"unknown": 2}
    assert "You deleted the drafts" in run(root).out
    assert run(root, "confirm", "one/c0001/0", "--not-sent").code == 0
    approve(root, ["c0001"])
    assert [each["result"] for each in said(root, "send", "--go")["actions"]].count("done") == 1


def test_a_draft_to_somebody_who_said_no_meanwhile_is_not_to_be_sent(root: Path, hands: Hands) -> None:
    assert run(root, "log", "c0000", "they-called", "please not").code == 0
    items = {each["id"]: each for each in said(root, "agenda")["items"]}
    assert items["one/c0000/0"]["state"] == "held"
    assert "delete its draft" in items["one/c0000/0"]["reason"]
    assert [each["result"] for each in said(root, "send", "--go")["actions"]] == ["held"]
    out = run(root).out
    assert "Do not send: the email to Contact 0" in out
    assert "Send: the email to Contact 1" in out
    hands.take("c0000")
    assert fates(root) == {"c0000": "deleted"}
    assert {each["id"]: each for each in said(root, "agenda")["items"]}["one/c0000/0"]["state"] == "done"
    assert said(root, "send", "--go")["actions"] == []


def test_a_deleted_draft_that_turns_up_in_sent_was_sent(root: Path, hands: Hands) -> None:
    data = hands.take()
    assert fates(root) == {"c0000": "deleted"}
    hands.server.sent.add({"\\Seen"}, data)
    assert fates(root) == {"c0000": "sent"}


def test_a_draft_to_a_contact_that_was_renamed_since_is_told_once(root: Path, hands: Hands) -> None:
    file = root / "contacts" / "all.csv"
    head, renamed, *others = file.read_text().splitlines()
    rows = [f"{head},was", f"{renamed.replace('c0000,', 'new,', 1)},c0000", *(f"{row}," for row in others)]
    file.write_text("\n".join(rows) + "\n")
    assert fates(root) == {}
    hands.send()
    assert fates(root) == {"new": "sent"}
    assert fates(root) == {}
    states = {each["id"]: each["state"] for each in said(root, "status")["contacts"]}
    assert states == {"new": "contacted", "c0001": "approved"}
    assert "in your drafts" in run(root).out
    assert "the email to Contact 0" not in run(root).out


def test_a_draft_that_comes_back_is_there(root: Path, hands: Hands) -> None:
    data = hands.take()
    assert fates(root) == {"c0000": "deleted"}
    hands.server.drafts.add({"\\Draft"}, data)
    assert fates(root) == {"c0000": "there"}


def test_what_is_unclear_is_unknown_and_never_deleted(root: Path, hands: Hands) -> None:
    """Another subject, no mark of ours: it may be the draft, or another letter to the same people."""
    hands.send(lambda data: as_outlook(data).replace(b"Subject: Hello Contact 0", b"Subject: What we talked about"))
    assert fates(root) == {"c0000": "unknown"}
    assert [each["result"] for each in said(root, "send", "--go")["actions"]] == ["unknown"]
    assert run(root, "confirm", "one/c0000/0", "--sent").code == 0


def test_a_copy_with_a_date_of_minutes_before_its_draft_is_a_doubt(root: Path, hands: Hands) -> None:
    """One of the two clocks is wrong, and no mark of ours is left."""

    def late(data: bytes) -> bytes:
        date = parsedate_to_datetime(str(message_from_bytes(data)["Date"])) - timedelta(minutes=10)
        return b"Date: " + format_datetime(date).encode() + b"\r\n" + without(as_outlook(data), b"Date")

    hands.send(late)
    assert fates(root) == {"c0000": "unknown"}


def test_a_mailbox_that_was_renumbered_says_nothing_of_a_draft_that_is_not_found(root: Path, hands: Hands) -> None:
    hands.take()
    hands.server.drafts.validity += 1
    known = hands.server.can("UIDPLUS")
    assert fates(root) == {"c0000": "unknown" if known else "deleted"}
    assert kinds(root)["c0001"] == "in-drafts"


def test_two_letters_that_may_be_it_are_unknown(root: Path, hands: Hands) -> None:
    data = as_outlook(hands.take())
    hands.server.sent.add({"\\Seen"}, data)
    hands.server.sent.add({"\\Seen"}, data.replace(b"<AM0PR@", b"<second@"))
    assert fates(root) == {"c0000": "unknown"}


def test_all_mail_holds_drafts_and_they_are_not_sent(tmp_path: Path) -> None:
    """As Gmail has it: the very draft lies in All Mail, beside what was sent."""
    with scripted_imap("gmail") as server:
        root = campaign(tmp_path, server.port)
        for each in server.drafts.mails:
            server.folders["[Gmail]/All Mail"].add(set(each.flags), each.data)
        assert fates(root) == {}
        assert kinds(root) == {"c0000": "in-drafts", "c0001": "in-drafts"}
        assert said(root, "sync")["found_in_sent"] == []
        server.drafts.mails.clear()
        assert fates(root) == {}, "a draft that lies in All Mail alone is none that was sent"


def test_a_lost_history_takes_no_draft_in_all_mail_for_a_letter_that_left(tmp_path: Path) -> None:
    with scripted_imap("gmail") as server:
        root = campaign(tmp_path, server.port)
        for each in server.drafts.mails:
            server.folders["[Gmail]/All Mail"].add(set(each.flags), each.data)
        for file in (root / ".outreach").glob("ledger.db*"):
            file.unlink()
        (root / "receipts.jsonl").unlink()
        approve(root, ["one"])
        assert said(root, "sync")["found_in_sent"] == []
        assert [each["result"] for each in said(root, "send", "--go")["actions"]] == ["done", "done"]
        assert len(server.drafts.mails) == 2


def test_a_test_email_to_oneself_is_no_letter_that_was_sent(root: Path, hands: Hands) -> None:
    """`outreach test` puts one into Drafts too."""
    (root / "templates" / "hello.md").write_text((root / "templates" / "hello.md").read_text() + "More.\n")
    assert "1 test email to yourself saved in your drafts, not sent." in run(root, "test", "c0000").out
    own = next(each for each in hands.server.drafts.mails if "alex@" in each.header("To"))
    hands.server.drafts.mails.remove(own)
    hands.server.sent.add({"\\Seen"}, own.data)
    assert fates(root) == {}


def test_on_a_real_server_every_fate_is_told(
    mail: RealMail,
    box: IMAPClient,
    tmp_path: Path,
) -> None:
    root = campaign(tmp_path, mail.imap, contacts=5)

    def of(number: int) -> tuple[int, bytes]:
        return next((uid, data) for uid, data in lying(box).items() if b"c%04d.example" % number in data)

    def gone(number: int) -> bytes:
        uid, data = of(number)
        box.delete_messages([uid])
        box.expunge()
        return data

    box.append("Sent", gone(0), flags=(rb"\Seen",))
    box.append("Sent", as_gmail(gone(1)).replace(b"Angle 1.", b"We met."), flags=(rb"\Seen",))
    gone(2)
    box.move([of(3)[0]], "Trash") if box.folder_exists("Trash") else box.create_folder("Trash")
    found = fates(root)
    assert (found["c0000"], found["c0001"], found["c0002"]) == ("sent", "edited", "deleted")
    assert "c0004" not in found
    assert fates(root) == {}


WORDS = st.lists(st.sampled_from(["hello", "Grüße", "-", "we", "met", ".", "\u00a0"]), max_size=6).map(" ".join)


@given(WORDS, WORDS, st.booleans())
def test_a_difference_is_shown_exactly_where_a_reader_sees_one(one: str, two: str, folded: bool) -> None:
    def made(text: str, **more: Any) -> bytes:
        end = "\n" if more.get("folded") else "\r\n"
        head = f"To: a@x.example{end}Subject: S{end}Content-Type: text/plain; charset=utf-8{end}"
        return (head + f"Content-Transfer-Encoding: 8bit{end}{end}{text}{end}").encode()

    ours, theirs = content_of_message(made(one)), content_of_message(made(two, folded=folded))
    assert bool(differences(ours, theirs)) == (one.split() != two.split())
    assert is_same_letter(ours, theirs) == (one.split() == two.split())


HEADERS = [
    b"Message-ID: <\xff\xfe>",
    b"From: =?utf-8?b?" + b"A" * 4000,
    b"Date: 99 Foo 0000",
    b"\x00\x01",
    b"Subject:",
    b"To: <<>>,",
]


@settings(max_examples=20)
@given(st.lists(st.sampled_from(HEADERS) | st.binary(max_size=60), max_size=8))
def test_whatever_lies_beside_our_drafts_stops_nothing(lines: list[bytes]) -> None:
    with scripted_imap("everything") as server:
        head = b"\r\n".join(line.replace(b"\r", b"").replace(b"\n", b"") for line in lines)
        server.drafts.add({"\\Draft"}, head + b"\r\n\r\ntheirs\r\n")
        transport = transport_to(server.port)
        try:
            first = versions(b"Dear ...\r\n")[0]
            assert transport.send(first, lambda: None).proof == first.message_id
            assert transport.find(first) is Found.THERE
        finally:
            transport.close()
        content_of_message(head + b"\r\n\r\ntheirs\r\n")
