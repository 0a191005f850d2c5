"""Whatever a person and a mail program did with a draft, no second one is put beside it, and `sync` says what it was.

Each contact of one campaign meets another fate. The same hands work in scripted mailboxes and in a real Dovecot.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient

from outreach.errors import InDoubt, NotSent
from outreach.mail.draft_box import DraftBox
from outreach.mail.drafts import ImapDrafts
from outreach.model.dispatch import Found
from outreach.tasks.approving import approve
from tests.sending.campaigns import enter, run, said, write_campaign
from tests.sending.conftest import USER, emptied
from tests.sending.test_draft_fates import as_gmail, as_outlook, campaign, fates, kinds, without
from tests.sending.test_drafts import KILLS, go, judge, lying, transport_to, versions
from tests.sending.test_kills import dying_at, killed
from tests.servers.realmail import RealMail
from tests.servers.scripted_imap import Folder, ScriptedImap, scripted_imap

DRAFTS, SENT, TRASH, OTHER = "drafts", "sent", "trash", "other"


class Scripted:
    """The hands of a person in a scripted mailbox."""

    def __init__(self, server: ScriptedImap) -> None:
        self.folders = {DRAFTS: server.drafts, SENT: server.sent, TRASH: server.trash}
        self.folders[OTHER] = server.folders.setdefault("Later", Folder(""))

    def put(self, folder: str, data: bytes) -> None:
        self.folders[folder].add({"\\Seen"} if folder == SENT else {"\\Draft", "\\Seen"}, data)

    def file(self, data: bytes) -> None:
        self.folders[OTHER].add({"\\Seen"}, data)

    def take(self, address: str) -> bytes:
        mails = self.folders[DRAFTS].mails
        found = next(each for each in mails if address in each.header("To"))
        mails.remove(found)
        return found.data

    def all(self, folder: str) -> list[bytes]:
        return [each.data for each in self.folders[folder].mails if "\\Deleted" not in each.flags]


class Real:
    """The hands of a person in a mailbox of Dovecot."""

    def __init__(self, client: IMAPClient) -> None:
        self.names = {DRAFTS: "Drafts", SENT: "Sent", TRASH: "Trash", OTHER: "Later"}
        self.client = client
        for name in self.names.values():
            if not client.folder_exists(name):
                client.create_folder(name)
            client.select_folder(name)
            if found := client.search():
                client.delete_messages(found)
                client.expunge()

    def put(self, folder: str, data: bytes) -> None:
        flags = (rb"\Seen",) if folder == SENT else (rb"\Draft", rb"\Seen")
        self.client.append(self.names[folder], data, flags=flags)

    def file(self, data: bytes) -> None:
        self.client.append(self.names[OTHER], data, flags=(rb"\Seen",))

    def take(self, address: str) -> bytes:
        self.client.select_folder("Drafts")
        [uid] = self.client.search(["TO", address])
        data = bytes(self.client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"])
        self.client.delete_messages([uid])
        self.client.expunge()
        return data

    def all(self, folder: str) -> list[bytes]:
        self.client.select_folder(self.names[folder])
        uids = self.client.search(["UNDELETED"])
        return [bytes(each[b"BODY[]"]) for each in self.client.fetch(uids, ["BODY.PEEK[]"]).values()] if uids else []


Hands = Scripted | Real


def nothing(hands: Hands, data: bytes) -> None:
    hands.put(DRAFTS, data)


def into(folder: str, program: Callable[[bytes], bytes] = lambda data: data) -> Callable[[Hands, bytes], None]:
    return lambda hands, data: hands.put(folder, program(data))


def both(*acts: Callable[[Hands, bytes], None]) -> Callable[[Hands, bytes], None]:
    def act(hands: Hands, data: bytes) -> None:
        for each in acts:
            each(hands, data)

    return act


def edited(data: bytes) -> bytes:
    return data.replace(b"Angle ", b"We met in Ghent, angle ")


def other_subject(data: bytes) -> bytes:
    return data.replace(b"Subject: Hello", b"Subject: What we talked about:")


def other_address(data: bytes) -> bytes:
    return re.sub(rb"info@c(\d+)\.example", rb"desk@d\1.example", data)


def as_thunderbird(data: bytes) -> bytes:
    """Its edited draft keeps the Message-ID, and no header that it does not know."""
    return edited(without(data, b"X-Outreach-Draft"))


def as_outlook_com(data: bytes) -> bytes:
    """The provider's own Message-ID, ours beside it."""
    id = next(line for line in data.split(b"\r\n") if line.lower().startswith(b"message-id:")).partition(b":")[2]
    return b"X-Microsoft-Original-Message-ID:" + id + b"\r\n" + as_outlook(data)


ACTS: dict[str, tuple[Callable[[Hands, bytes], None], str]] = {
    "not touched": (nothing, ""),
    "sent": (into(SENT), "sent"),
    "sent by Gmail": (into(SENT, as_gmail), "sent"),
    "sent by Outlook": (into(SENT, as_outlook), "sent"),
    "sent through Outlook.com": (into(SENT, as_outlook_com), "sent"),
    "edited and sent by Outlook": (into(SENT, lambda data: edited(as_outlook(data))), "edited"),
    "sent by Outlook, and left in the trash": (both(into(TRASH), into(SENT, as_outlook)), "sent"),
    "sent, and left in Drafts": (both(into(DRAFTS), into(SENT)), "sent"),
    "sent by Gmail, and left in Drafts": (both(into(DRAFTS), into(SENT, as_gmail)), "sent"),
    "sent by Outlook under another subject": (into(SENT, lambda data: other_subject(as_outlook(data))), "unknown"),
    "sent by Outlook to somebody else": (into(SENT, lambda data: other_address(as_outlook(data))), "unknown"),
    "rewritten by Outlook for somebody else": (
        into(SENT, lambda data: edited(other_subject(other_address(as_outlook(data))))),
        "unknown",
    ),
    "sent twice": (both(into(SENT, as_outlook), into(SENT, as_outlook)), "unknown"),
    "edited by Outlook": (into(DRAFTS, lambda data: edited(as_outlook(data))), ""),
    "edited by Outlook, and left in the trash": (both(into(TRASH), into(DRAFTS, as_outlook)), ""),
    "edited by Outlook under another subject": (into(DRAFTS, lambda data: other_subject(as_outlook(data))), "unknown"),
    "edited by Outlook for somebody else": (into(DRAFTS, lambda data: other_address(as_outlook(data))), "unknown"),
    "edited by Thunderbird": (into(DRAFTS, as_thunderbird), ""),
    "edited by Gmail": (into(DRAFTS, lambda data: edited(as_gmail(data))), ""),
    "moved": (into(OTHER), ""),
    "moved, and edited there by Outlook": (into(OTHER, lambda data: edited(as_outlook(data))), ""),
    "moved, and rewritten there by Outlook": (
        into(OTHER, lambda data: edited(other_subject(other_address(as_outlook(data))))),
        "unknown",
    ),
    "sent by Outlook, and filed": (lambda hands, data: hands.file(as_outlook(data)), "unknown"),
    "sent by Outlook under another subject, and filed": (
        lambda hands, data: hands.file(other_subject(as_outlook(data))),
        "unknown",
    ),
    "deleted": (into(TRASH), "deleted"),
    "expunged": (lambda hands, data: None, "deleted"),
}


def change(root: Path, old: str = "Dear", new: str = "Good morning") -> None:
    """The text of every letter is another one, and approved."""
    text = root / "templates" / "hello.md"
    text.write_text(text.read_text().replace(old, new))
    approve(root, ["one"])


def everywhere(hands: Hands) -> dict[str, list[bytes]]:
    return {folder: sorted(hands.all(folder)) for folder in (DRAFTS, SENT, TRASH, OTHER)}


@pytest.fixture(params=["gmail", "cyrus", "bare", "dovecot"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, Hands]]:
    """A campaign whose drafts all lie there, and the hands that touch them."""
    if request.param == "dovecot":
        mail: RealMail = request.getfixturevalue("mail")
        hands = Real(request.getfixturevalue("box"))
        yield campaign(tmp_path, mail.imap, contacts=len(ACTS)), hands
        return
    with scripted_imap(request.param) as server:
        yield campaign(tmp_path, server.port, contacts=len(ACTS)), Scripted(server)


def test_no_second_draft_is_put_beside_what_a_person_touched_and_its_fate_is_told(place: tuple[Path, Hands]) -> None:
    root, hands = place
    names = {f"c{number:04}": name for number, name in enumerate(ACTS)}
    for contact, name in names.items():
        ACTS[name][0](hands, hands.take(f"info@{contact}.example"))
    before = everywhere(hands)
    change(root)
    found = {names[each["id"].split("/")[1]]: each for each in said(root, "send", "--go")["actions"]}
    assert {name: each["result"] for name, each in found.items()} == {
        name: "done" if name == "not touched" else "held" for name in ACTS
    }
    after = everywhere(hands)
    same = [data for data in after[DRAFTS] if b"Good morning" not in data]
    assert len(after[DRAFTS]) == len(before[DRAFTS]), "a second draft"
    assert sorted(same) == [data for data in before[DRAFTS] if b"info@c0000" not in data]
    assert {folder: after[folder] for folder in (SENT, OTHER)} == {folder: before[folder] for folder in (SENT, OTHER)}
    for name, each in found.items():
        if "sent" in name and "Outlook" not in name and "twice" not in name:
            assert "you sent its draft already" in each["reason"], name
        if "moved" in name and "rewritten" not in name:
            assert "you moved its draft to" in each["reason"], name
    told = {names[contact]: fate for contact, fate in fates(root).items()}
    assert told == {name: fate for name, (_, fate) in ACTS.items() if fate}
    assert {each["result"] for each in said(root, "send", "--go")["actions"]} <= {"held", "unknown"}
    assert everywhere(hands) == after


def test_who_says_that_a_draft_was_not_sent_gets_another_one(tmp_path: Path) -> None:
    """And not before: what nobody can know, a person says."""
    with scripted_imap("exchange") as server:
        root, hands = campaign(tmp_path, server.port), Scripted(server)
        hands.put(SENT, other_subject(as_outlook(hands.take("info@c0000.example"))))
        change(root)
        reason = next(each["reason"] for each in said(root, "send", "--go")["actions"] if "c0000" in each["id"])
        assert "run `outreach sync`" in reason
        assert fates(root) == {"c0000": "unknown"}
        assert "outreach confirm one/c0000/0" in run(root).out
        assert run(root, "confirm", "one/c0000/0", "--not-sent").code == 0
        approve(root, ["c0000"])
        assert [each["result"] for each in said(root, "send", "--go")["actions"]] == ["done"]
        assert len(server.drafts.mails) == 2


def test_a_draft_that_was_a_doubt_and_is_there_again_is_replaced_as_before(tmp_path: Path) -> None:
    with scripted_imap("exchange") as server:
        root = campaign(tmp_path, server.port, contacts=1)
        draft = server.drafts.mails.pop().data
        server.drafts.validity += 1
        assert fates(root) == {"c0000": "unknown"}
        server.drafts.add({"\\Draft"}, draft)
        assert fates(root) == {"c0000": "there"}
        assert fates(root) == {}
        change(root)
        assert [each["result"] for each in said(root, "send", "--go")["actions"]] == ["done"]
        assert [b"Good morning" in each.data for each in server.drafts.mails] == [True]


def test_another_email_to_them_with_that_subject_in_drafts_holds_a_first_draft(tmp_path: Path) -> None:
    """As after a lost history, when Outlook dropped the marks of the draft of before; or a person began to write."""
    with scripted_imap("everything") as server:
        root = tmp_path
        inbox = f"inbox: {{imap: 127.0.0.1, port: {server.port}, user: {USER}}}"
        write_campaign(root, contacts=2, mail=f"{{transport: imap-drafts, insecure_loopback: true, {inbox}}}")
        enter(root, "pw")
        head = b"From: alex@sender.example\r\nTo: Contact 0 <INFO@c0000.example>\r\nSubject: Re: Hello contact 0\r\n"
        server.drafts.add({"\\Draft"}, head + b"\r\nI had begun ...\r\n")
        approve(root, ["one"])
        found = {each["id"]: each for each in said(root, "send", "--go")["actions"]}
        assert {id: each["result"] for id, each in found.items()} == {"one/c0000/0": "held", "one/c0001/0": "done"}
        assert 'an email "Re: Hello contact 0" to info@c0000.example lies in Drafts' in found["one/c0000/0"]["reason"]
        server.drafts.mails.pop(0)
        assert [each["result"] for each in said(root, "send", "--go")["actions"]] == ["done"]


def test_a_draft_that_another_computer_wrote_and_outlook_sent_is_not_called_deleted(tmp_path: Path) -> None:
    """This one has its receipt alone: neither address nor subject."""
    with scripted_imap("exchange") as server:
        root, hands = campaign(tmp_path, server.port), Scripted(server)
        for file in (root / ".outreach").glob("ledger.db*"):
            file.unlink()
        hands.put(SENT, as_outlook(hands.take("info@c0000.example")))
        hands.take("info@c0001.example")
        run(root, "sync")  # takes the receipts over
        fates(root)
        assert kinds(root) == {"c0000": "in-doubt", "c0001": "draft-deleted"}


@pytest.mark.parametrize("program", [as_outlook, lambda data: edited(as_outlook(data))])
def test_a_draft_that_another_computer_wrote_and_outlook_moved_is_asked_about(
    program: Callable[[bytes], bytes], server: ScriptedImap, tmp_path: Path
) -> None:
    root, hands = campaign(tmp_path, server.port), Scripted(server)
    for file in (root / ".outreach").glob("ledger.db*"):
        file.unlink()
    hands.put(OTHER, program(hands.take("info@c0000.example")))
    run(root, "sync")  # takes the receipts over
    fates(root)
    assert kinds(root) == {"c0000": "in-doubt", "c0001": "in-drafts"}
    assert "done" not in [result for result, _ in sending(root).values()]
    assert len(hands.all(DRAFTS)) == 1


def test_after_a_lost_answer_an_email_like_it_in_sent_is_a_doubt(tmp_path: Path) -> None:
    """The draft was stored, and Outlook sent it before the next run."""
    with scripted_imap("exchange") as server:
        root = tmp_path
        inbox = f"inbox: {{imap: 127.0.0.1, port: {server.port}, user: {USER}}}"
        write_campaign(root, contacts=1, mail=f"{{transport: imap-drafts, insecure_loopback: true, {inbox}}}")
        enter(root, "pw")
        approve(root, ["one"])
        find = ImapDrafts.find
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ImapDrafts, "find", lambda self, parcel: Found.CANNOT_TELL)
            server.lose = ["after"]
            assert [each["result"] for each in said(root, "send", "--go")["actions"]] == ["unknown"]
        assert ImapDrafts.find is find
        server.sent.add({"\\Seen"}, as_outlook(server.drafts.mails.pop().data))
        assert [each["result"] for each in said(root, "send", "--go")["actions"]] == ["unknown"]
        assert server.drafts.mails == []
        assert fates(root) == {"c0000": "sent"}


# --- what changes in the files while a draft waits --------------------------------------------------------


def renamed(root: Path) -> None:
    file = root / "contacts" / "all.csv"
    head, first, *others = file.read_text().splitlines()
    rows = [f"{head},was", f"{first.replace('c0000,', 'new,', 1)},c0000", *(f"{row}," for row in others)]
    file.write_text("\n".join(rows) + "\n")


def today(root: Path) -> str:
    return run(root).out


def sending(root: Path) -> dict[str, tuple[str, str]]:
    actions = said(root, "send", "--go")["actions"]
    return {each["id"]: (each["result"], each.get("reason") or "") for each in actions if each["id"].endswith("/0")}


@pytest.fixture
def server() -> Iterator[ScriptedImap]:
    with scripted_imap("exchange") as running:
        yield running


def test_a_contact_that_was_renamed_keeps_its_draft_until_a_person_says_that_it_was_not_sent(
    server: ScriptedImap, tmp_path: Path
) -> None:
    root = campaign(tmp_path, server.port)
    renamed(root)
    change(root)
    result, reason = sending(root)["one/new/0"]
    assert result == "held"
    assert "written under a former id" in reason
    assert len(server.drafts.mails) == 2
    Scripted(server).take("info@c0000.example")
    assert fates(root) == {"new": "deleted"}
    assert run(root, "confirm", "one/new/0", "--not-sent").code == 0
    assert sending(root)["one/new/0"] == ("done", "")
    assert sending(root) == {}
    assert len(server.drafts.mails) == 2
    assert fates(root) == {}


def test_two_contacts_that_became_one_are_not_both_written_to_unseen(server: ScriptedImap, tmp_path: Path) -> None:
    root, hands = campaign(tmp_path, server.port), Scripted(server)
    file = root / "contacts" / "all.csv"
    head, _, second = file.read_text().splitlines()
    file.write_text(f"{head},was\n{second},c0000\n")
    assert "Do not send: the email to Contact 1" in today(root)
    assert "two drafts to them" in sending(root)["one/c0001/0"][1]
    change(root)
    assert sending(root)["one/c0001/0"] == ("done", ""), "each has its own draft replaced, and only that"
    assert len(server.drafts.mails) == 2
    hands.put(SENT, as_outlook(hands.take("info@c0000.example")))
    assert fates(root) == {"c0001": "sent"}
    assert "delete its other draft" in sending(root)["one/c0001/0"][1]
    hands.take("info@c0001.example")
    assert fates(root) == {"c0001": "deleted"}
    assert "Do not send" not in today(root)
    assert {each["id"]: each["state"] for each in said(root, "status")["contacts"]} == {"c0001": "contacted"}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("suppress", "c0000"), "delete its draft in your mailbox, do not send it"),
        (("done", "c0000"), "delete its draft in your mailbox, do not send it"),
        (("pause", "c0000", "--because", "wait"), "do not send its draft"),
    ],
)
@pytest.mark.parametrize("is_changed", [False, True])
def test_a_draft_to_somebody_who_is_not_to_be_written_to_is_not_to_be_sent_whatever_its_text_became(
    words: tuple[str, ...], reason: str, is_changed: bool, server: ScriptedImap, tmp_path: Path
) -> None:
    root = campaign(tmp_path, server.port)
    assert run(root, *words).code == 0
    if is_changed:
        change(root)
    result, why = sending(root)["one/c0000/0"]
    assert result == "held"
    assert reason in why or (is_changed and "paused since" in why)
    assert "Do not send: the email to Contact 0" in today(root)
    assert sum(b"Good morning" in each.data for each in server.drafts.mails) == is_changed


def test_an_address_that_changed_makes_no_second_draft_beside_one_that_was_edited(
    server: ScriptedImap, tmp_path: Path
) -> None:
    root, hands = campaign(tmp_path, server.port), Scripted(server)
    hands.put(DRAFTS, edited(as_outlook(hands.take("info@c0000.example"))))
    file = root / "contacts" / "all.csv"
    file.write_text(file.read_text().replace("info@c0000.example", "new@c0000.example"))
    approve(root, ["one"])
    assert "stays as it is" in sending(root)["one/c0000/0"][1]
    assert len(server.drafts.mails) == 2


def test_a_draft_that_outlook_left_there_when_it_sent_it_is_asked_about_and_not_replaced(tmp_path: Path) -> None:
    """Its copy has no mark of ours. Asked once: who said that it was not sent is believed."""
    with scripted_imap("exchange") as server:
        root, hands = campaign(tmp_path, server.port, contacts=3), Scripted(server)
        same, other, _ = hands.all(DRAFTS)
        hands.put(SENT, edited(as_outlook(same)))
        hands.put(SENT, other_subject(as_outlook(other)))
        change(root)
        asked = {"one/c0000/0": "held", "one/c0001/0": "held", "one/c0002/0": "done"}
        assert {id: result for id, (result, _) in sending(root).items()} == asked
        assert hands.all(DRAFTS)[:2] == [same, other]
        assert fates(root) == {"c0000": "unknown", "c0001": "unknown"}
        assert fates(root) == {}
        assert kinds(root) == {"c0000": "in-doubt", "c0001": "in-doubt", "c0002": "in-drafts"}
        assert {result for result, _ in sending(root).values()} == {"unknown"}
        for contact in ("c0000", "c0001"):
            assert run(root, "confirm", f"one/{contact}/0", "--not-sent").code == 0
        for words in ("Good morning", "Good day", "Good evening"):
            change(root, "Good morning" if words != "Good evening" else "Good day", words)
            sending(root)
            assert fates(root) == {}
            assert kinds(root) == {"c0000": "in-drafts", "c0001": "in-drafts", "c0002": "in-drafts"}
            assert all(words.encode() in data for data in hands.all(DRAFTS))
        assert len(hands.all(DRAFTS)) == 3


# --- Gmail keeps in All Mail what is only expunged --------------------------------------------------------


@pytest.mark.parametrize("trash", [True, False])
def test_gmail_keeps_no_former_version_in_all_mail_and_takes_none_for_the_draft(tmp_path: Path, trash: bool) -> None:
    """Who hides the trash from IMAP finds the former version in All Mail: it is not what a person moved there."""
    with scripted_imap("gmail") as server:
        if not trash:
            server.folders["[Gmail]/Bin"] = server.folders.pop("[Gmail]/Trash")
            server.folders["[Gmail]/Bin"].attribute = ""
        root, hands = campaign(tmp_path, server.port, contacts=1), server.drafts
        change(root)
        assert [each["result"] for each in said(root, "send", "--go")["actions"]] == ["done"]
        assert len(hands.mails) == 1
        assert len(server.folders["[Gmail]/All Mail"].mails) == (0 if trash else 1)
        assert fates(root) == {}
        hands.mails.clear()
        assert fates(root) == {"c0000": "deleted"}


@pytest.mark.parametrize("trash", [True, False])
def test_a_break_between_the_former_version_and_the_new_one_leaves_one_draft(tmp_path: Path, trash: bool) -> None:
    with scripted_imap("gmail") as server:
        if not trash:
            del server.folders["[Gmail]/Trash"]
        first, second = versions(b"Dear ...\r\n", b"Hello ...\r\n")
        transport = transport_to(server.port)
        transport.send(first, lambda: None)
        server.lose = ["before"]
        with pytest.raises(InDoubt):
            transport.send(second, lambda: None)
        assert transport.find(second) is Found.NOT_THERE
        assert [each.data.endswith(b"Dear ...\r\n") for each in server.drafts.mails] == [True], "the former one is kept"
        transport.send(second, lambda: None)
        assert [each.data.endswith(b"Hello ...\r\n") for each in server.drafts.mails] == [True]
        assert transport.find(second) is Found.THERE
        transport.close()


class Killed(BaseException):
    """Nothing is done after it, as after a kill."""


def died(*args: object) -> None:
    raise Killed


def dying_between(root: Path) -> None:
    """The new version is there, and the former one not yet deleted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DraftBox, "take_out", lambda *args: os.kill(os.getpid(), signal.SIGKILL))
        go(root)


def test_a_kill_while_a_draft_is_replaced_leaves_it_there_once(
    mail: RealMail, box: IMAPClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OUTREACH_DRAFT_KILLS says how many moments are tried."""
    monkeypatch.setattr("outreach.mail.drafts.SETTLED", 0.05)
    approved, chance = campaign(tmp_path / "approved", mail.imap, contacts=3), random.Random(22)
    change(approved)
    former = list(lying(box).values())
    for number in range(1 + KILLS // 4):
        emptied(box, "Drafts")
        for data in former:
            box.append("Drafts", data, flags=(rb"\Draft", rb"\Seen"))
        root = Path(shutil.copytree(approved, tmp_path / str(number)))
        moment = chance.randrange(1, 90)
        assert killed(lambda: dying_at(moment, root) if number else dying_between(root)) or number  # noqa: B023
        judge(root, box, 3)
        assert all(b"Good morning" in data for data in lying(box).values())


@pytest.mark.parametrize(
    ("act", "left", "fate"),
    [
        (nothing, ["new"], {}),
        (into(SENT), [], {"c0000": "sent"}),
        (into(SENT, as_outlook), [], {"c0000": "edited"}),
        (into(DRAFTS, edited), ["former"], {}),
        (into(DRAFTS, as_thunderbird), ["former"], {}),
        (into(TRASH), ["new"], {}),
    ],
)
def test_two_versions_that_a_break_left_are_one_at_the_next_look(
    act: Callable[[Hands, bytes], None], left: list[str], fate: dict[str, str], server: ScriptedImap, tmp_path: Path
) -> None:
    """Killed between both, then a person was at the former one. The next run leaves what nobody sent, once."""
    root, hands = campaign(tmp_path, server.port, contacts=1), Scripted(server)
    change(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DraftBox, "take_out", died)
        with pytest.raises(Killed):  # without a fork beside the server's threads
            go(root)
    assert [b"Good morning" in each.data for each in server.drafts.mails] == [False, True]
    former = server.drafts.mails.pop(0).data
    new = server.drafts.mails.pop().data
    act(hands, former)
    hands.put(DRAFTS, new)
    said(root, "send", "--go")
    assert ["new" if b"Good morning" in data else "former" for data in hands.all(DRAFTS)] == left
    assert fates(root) == fate
    said(root, "send", "--go")
    assert ["new" if b"Good morning" in data else "former" for data in hands.all(DRAFTS)] == left


@pytest.mark.parametrize("words", ["[TOOBIG] Message too large", "[OVERQUOTA] mailbox is full", "[CANNOT] NUL in it"])
def test_a_new_version_that_is_refused_leaves_the_former_draft(
    words: str, server: ScriptedImap, tmp_path: Path
) -> None:
    root, hands = campaign(tmp_path, server.port), Scripted(server)
    before = hands.all(DRAFTS)
    change(root)
    server.refuse = words
    assert "done" not in [result for result, _ in sending(root).values()]
    assert hands.all(DRAFTS) == before
    assert kinds(root) == {"c0000": "in-drafts", "c0001": "in-drafts"}
    assert fates(root) == {}
    asked = len(server.commands)
    result, why = sending(root)["one/c0000/0"]
    if "OVERQUOTA" not in words:
        assert (result, "former draft is still in your mailbox" in why) == ("held", True)
        assert not any(each.startswith("APPEND") for each in server.commands[asked:]), "asked again for the same"
    server.refuse = ""
    change(root, "Good morning", "Good evening")
    assert [result for result, _ in sending(root).values()] == ["done", "done"]
    assert len(hands.all(DRAFTS)) == 2
    assert all(b"Good evening" in data for data in hands.all(DRAFTS))


# --- what a server says ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "todo"),
    [
        ("[TOOBIG] Message too large", "make its attachments smaller and approve it again"),
        ("The message exceeds the maximum size", "make its attachments smaller"),
        ("[LIMIT] too many messages", "delete emails in your mailbox"),
        ("[CANNOT] NUL in it", "fix what it says"),
    ],
)
def test_a_draft_that_its_server_refuses_for_good_is_told_with_what_helps(
    words: str, todo: str, tmp_path: Path
) -> None:
    with scripted_imap("icloud") as server:
        server.refuse = words
        root = tmp_path
        inbox = f"inbox: {{imap: 127.0.0.1, port: {server.port}, user: {USER}}}"
        write_campaign(root, contacts=2, mail=f"{{transport: imap-drafts, insecure_loopback: true, {inbox}}}")
        enter(root, "pw")
        approve(root, ["one"])
        assert {each["result"] for each in said(root, "send", "--go")["actions"]} == {"failed"}
        reason = said(root, "send")["actions"][0]["reason"]
        assert todo in reason
        assert words in reason
        assert "address" not in reason
        server.refuse = ""
        change(root)
        done = ["done", "done"] if "smaller" in todo else ["held", "held"]
        assert [each["result"] for each in said(root, "send", "--go")["actions"]] == done
        if done == ["held", "held"]:
            assert run(root, "confirm", "one/c0000/0", "--not-sent").code == 0
            assert "done" in [each["result"] for each in said(root, "send", "--go")["actions"]]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("[OVERQUOTA] Quota exceeded", "empty the trash"),
        ("Mailbox is full", "empty the trash"),
        ("[TRYCREATE] no such folder", "`drafts: NAME`"),
        ("[NOPERM] not yours", "Allow your account"),
    ],
)
def test_what_every_draft_would_hear_stops_the_run_with_what_helps(words: str, hint: str) -> None:
    with scripted_imap("exchange") as server:
        transport, server.refuse = transport_to(server.port), words
        with pytest.raises(NotSent, match=re.escape(words)) as refused:
            transport.send(versions(b"Dear ...\r\n")[0], lambda: None)
        transport.close()
        assert refused.value.stops_run
        assert hint in refused.value.hint
