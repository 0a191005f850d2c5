"""The transport `imap-drafts`: each letter lies in Drafts once, whatever the server can and whatever breaks.

The same port tests run against a real Dovecot and against scripted servers that can as little as Exchange, Gmail,
iCloud and old ones do.
"""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from imapclient import IMAPClient

from outreach.errors import Forbidden, InDoubt, NotSent
from outreach.ledger import open_ledger
from outreach.letters.mime import content_of_message, is_same_letter
from outreach.mail.drafts import ImapDrafts
from outreach.mail.transport import Transport
from outreach.model.dispatch import Found, Parcel
from outreach.tasks.approving import approve
from outreach.tasks.sending import SendOrder, send
from tests.sending.campaigns import enter, results, run, said, write_campaign
from tests.sending.conftest import USER, connected, emptied
from tests.sending.test_kills import dying_at, killed
from tests.sending.test_transports import TransportTests, parcel
from tests.servers.imap_proxy import ImapProxy, imap_proxy
from tests.servers.realmail import RealMail
from tests.servers.scripted_imap import CAPABILITIES, Folder, ScriptedImap, scripted_imap

LETTERS = int(os.environ.get("OUTREACH_DRAFTS", "12"))
KILLS = int(os.environ.get("OUTREACH_DRAFT_KILLS", "8"))
AROUND, APPENDS, ROUNDS = (int(each) for each in os.environ.get("OUTREACH_DRAFTS_KILLED", "4,2,1").split(","))
"""So many drafts, killed around each of so many APPENDs, so often: `500,5,10` is ten points ten times."""


def transport_to(port: int) -> ImapDrafts:
    return ImapDrafts(lambda: connected(port), "127.0.0.1", USER, pause=lambda seconds: None)


def versions(*bodies: bytes) -> list[Parcel]:
    """One letter as it was written, and written again: each knows those before it."""
    known: dict[str, bytes] = {}
    made = []
    for number, body in enumerate(bodies):
        id, head = b"<fsfe0@sender.example>", b"From: a@sender.example\r\nTo: info@fsfe.example\r\nSubject: Hello\r\n"
        data = head + b"Message-ID: " + id + b"\r\n\r\n" + body
        known[f"{number:064}"] = data
        made.append(
            Parcel(id="lobbying/fsfe/0", message_id=id.decode(), sender="a@sender.example",
                   recipient="info@fsfe.example", pieces=lambda data=data: [data],  # type: ignore[misc]
                   digest=f"{number:064}", earlier=known.get)
        )  # fmt: skip
    return made


def lying(client: IMAPClient, folder: str = "Drafts") -> dict[int, bytes]:
    client.select_folder(folder)
    uids = client.search(["UNDELETED"])
    return {uid: each[b"BODY[]"] for uid, each in client.fetch(uids, ["BODY.PEEK[]"]).items()} if uids else {}


def ids(client: IMAPClient, folder: str = "Drafts") -> list[str]:
    return [str(message_from_bytes(data)["Message-ID"]) for data in lying(client, folder).values()]


class DraftTests(TransportTests):
    """What holds for drafts wherever they lie. `edit` changes the only draft as a mail program does."""

    @pytest.fixture
    def edit(self) -> Callable[[bytes, bytes], None]:
        raise NotImplementedError

    def test_a_letter_that_lies_there_already_is_not_put_there_again(
        self, transport: Transport, received: Callable[[], list[str]]
    ) -> None:
        first = versions(b"Dear ...\r\n")[0]
        transport.send(first, lambda: None)
        transport.close()
        assert transport.send(first, lambda: None).proof == first.message_id
        assert received() == [first.message_id]

    def test_a_new_version_takes_the_place_of_ours(
        self, transport: Transport, received: Callable[[], list[str]]
    ) -> None:
        first, second = versions(b"Dear ...\r\n", b"Hello ...\r\n")
        transport.send(first, lambda: None)
        transport.close()
        transport.send(second, lambda: None)
        assert received() == [first.message_id]
        assert transport.find(second) is Found.THERE

    def test_a_draft_that_a_person_changed_is_never_written_over(
        self, transport: Transport, received: Callable[[], list[str]], edit: Callable[[bytes, bytes], None]
    ) -> None:
        first, second = versions(b"Dear ...\r\n", b"Hello ...\r\n")
        transport.send(first, lambda: None)
        transport.close()
        edit(b"Dear", b"My dear")
        with pytest.raises(Forbidden, match="stays as it is"):
            transport.send(second, lambda: None)
        assert received() == [first.message_id]

    def test_what_nobody_here_wrote_is_left_alone_though_it_has_our_name(
        self, transport: Transport, received: Callable[[], list[str]]
    ) -> None:
        """As after the history was lost, and the text changed since."""
        first, second = versions(b"Dear ...\r\n", b"Hello ...\r\n")
        transport.send(first, lambda: None)
        transport.close()
        stranger = Parcel(id=second.id, message_id=second.message_id, sender=second.sender,
                          recipient=second.recipient, pieces=second.pieces, digest=second.digest)  # fmt: skip
        with pytest.raises(Forbidden):
            transport.send(stranger, lambda: None)
        assert received() == [first.message_id]

    def test_it_can_tell_what_became_of_a_letter(self, transport: Transport) -> None:
        first, second = versions(b"Dear ...\r\n", b"Hello ...\r\n")
        assert transport.find(first) is Found.NOT_THERE
        transport.send(first, lambda: None)
        assert transport.find(first) is Found.THERE
        assert transport.find(second) is Found.NOT_THERE


class TestDovecot(DraftTests):
    @pytest.fixture
    def received(self, box: IMAPClient) -> Callable[[], list[str]]:
        return lambda: ids(box)

    @pytest.fixture
    def transport(self, mail: RealMail, received: Callable[[], list[str]]) -> Iterator[ImapDrafts]:
        made = transport_to(mail.imap)
        yield made
        made.close()

    @pytest.fixture
    def edit(self, box: IMAPClient) -> Callable[[bytes, bytes], None]:
        return lambda old, new: edited(box, old, new)


def edited(box: IMAPClient, old: bytes, new: bytes, *, drop: bytes = b"") -> None:
    """As a mail program does it: the changed message is added, the old one deleted."""
    (uid, data), *_ = lying(box).items()
    assert old in data
    head = b"".join(line for line in data.splitlines(keepends=True) if not (drop and line.startswith(drop)))
    box.append("Drafts", head.replace(old, new), flags=(rb"\Draft",))
    box.delete_messages([uid])
    box.expunge()


@pytest.mark.parametrize("kind", list(CAPABILITIES))
class TestScripted(DraftTests):
    @pytest.fixture
    def server(self, kind: str) -> Iterator[ScriptedImap]:
        with scripted_imap(kind) as running:
            yield running

    @pytest.fixture
    def received(self, server: ScriptedImap) -> Callable[[], list[str]]:
        return lambda: [each.header("Message-ID") for each in server.drafts.mails if "\\Deleted" not in each.flags]

    @pytest.fixture
    def transport(self, server: ScriptedImap) -> Iterator[ImapDrafts]:
        made = transport_to(server.port)
        yield made
        made.close()

    @pytest.fixture
    def edit(self, server: ScriptedImap) -> Callable[[bytes, bytes], None]:
        def change(old: bytes, new: bytes) -> None:
            mails = server.drafts.mails
            data = mails.pop().data
            server.drafts.add({"\\Draft"}, data.replace(old, new))

        return change

    def test_what_lies_there_already_is_not_touched(self, transport: ImapDrafts, server: ScriptedImap) -> None:
        first = versions(b"Dear ...\r\n")[0]
        transport.send(first, lambda: None)
        uids = [each.uid for each in server.drafts.mails]
        transport.close()
        transport.send(first, lambda: None)
        assert [each.uid for each in server.drafts.mails] == uids

    def test_a_lost_answer_is_a_doubt_that_a_look_ends(self, transport: ImapDrafts, server: ScriptedImap) -> None:
        for fault, found in (("after", Found.THERE), ("before", Found.NOT_THERE)):
            server.lose = [fault]
            name = fault + "-fsfe"
            with pytest.raises(InDoubt):
                transport.send(parcel(name), lambda: None)
            assert transport.find(parcel(name)) is found

    @pytest.mark.parametrize("fault", ["after", "before"])
    def test_a_lost_answer_while_a_version_is_replaced_leaves_one(
        self, fault: str, transport: ImapDrafts, server: ScriptedImap, received: Callable[[], list[str]]
    ) -> None:
        first, second = versions(b"Dear ...\r\n", b"Hello ...\r\n")
        transport.send(first, lambda: None)
        transport.close()
        server.lose = [fault]
        with pytest.raises(InDoubt):
            transport.send(second, lambda: None)
        found = transport.find(second)
        assert found is (Found.THERE if fault == "after" else Found.NOT_THERE)
        assert received() == [first.message_id]
        transport.send(second, lambda: None)
        assert received() == [first.message_id]
        assert transport.find(second) is Found.THERE

    def test_a_refusal_is_said_and_nothing_is_there(self, transport: ImapDrafts, server: ScriptedImap) -> None:
        server.refuse = "[OVERQUOTA] the mailbox is full"
        with pytest.raises(NotSent, match="mailbox is full") as error:
            transport.send(parcel(), lambda: None)
        assert error.value.stops_run
        server.refuse = ""
        transport.send(parcel(), lambda: None)
        assert len(server.drafts.mails) == 1

    def test_a_letter_that_was_sent_meanwhile_is_not_put_there_again(
        self, transport: ImapDrafts, server: ScriptedImap
    ) -> None:
        """As after a run that was killed, when the person sent the draft before the next one."""
        first = versions(b"Dear ...\r\n")[0]
        transport.send(first, lambda: None)
        server.sent.add({"\\Seen"}, server.drafts.mails.pop().data)
        assert transport.find(first) is Found.THERE

    def test_the_draft_of_somebody_else_survives_an_expunge(self, transport: ImapDrafts, server: ScriptedImap) -> None:
        first, second = versions(b"Dear ...\r\n", b"Hello ...\r\n")
        transport.send(first, lambda: None)
        server.drafts.add({"\\Deleted"}, b"Message-ID: <theirs@x>\r\n\r\nto be deleted by its owner\r\n")
        transport.close()
        transport.send(second, lambda: None)
        assert "<theirs@x>" in [each.header("Message-ID") for each in server.drafts.mails]


def test_a_mailbox_without_a_known_drafts_folder_is_asked_about_and_can_name_it() -> None:
    with scripted_imap("bare") as server:
        server.folders = {"INBOX": server.folders["INBOX"], "Kladde-7": server.folders["Entw&APw-rfe"]}
        with pytest.raises(NotSent, match="no folder") as error:
            transport_to(server.port).open()
        assert "Kladde-7" in error.value.hint
        assert "`drafts: NAME`" in error.value.hint
        named = ImapDrafts(lambda: connected(server.port), "127.0.0.1", USER, "Kladde-7", pause=lambda seconds: None)
        named.send(parcel(), lambda: None)
        named.close()
        assert len(server.folders["Kladde-7"].mails) == 1


def test_the_folder_for_drafts_is_the_one_with_the_fewest_above_it() -> None:
    with scripted_imap("bare") as server:
        names = ("Archive/2019/Drafts", "Drafts", "INBOX", "Shared.Drafts", "Sent")
        server.folders = {name: Folder("") for name in names}
        transport = transport_to(server.port)
        transport.send(parcel(), lambda: None)
        transport.close()
        assert [name for name, folder in server.folders.items() if folder.mails] == ["Drafts"]


def test_a_folder_for_drafts_that_is_not_there_or_is_read_only_is_said_with_what_to_do(tmp_path: Path) -> None:
    """It is no connection that broke, and another try changes nothing."""
    with scripted_imap("gmail") as server:
        server.drafts.is_read_only = True
        for name, why in (("Kladde", "no such mailbox"), ("[Gmail]/Drafts", "read-only")):
            root = campaign(tmp_path / why, server.port, contacts=2, drafts=f", drafts: '{name}'")
            said_so = run(root, "send", "--go")
            assert why in said_so.out
            assert name in said_so.out
            assert "drafts: NAME" in said_so.out + said_so.err
            assert "broke" not in said_so.out
            checks = {line.split()[1]: line for line in run(root, "doctor").out.splitlines() if len(line.split()) > 1}
            assert why in checks["sending"]
            assert (name == "Kladde") == ("has no folder Kladde" in checks["drafts"])
            assert server.drafts.mails == []


# --- campaigns -----------------------------------------------------------------------------------------


def campaign(root: Path, port: int, *, contacts: int = LETTERS, drafts: str = "") -> Path:
    inbox = f"inbox: {{imap: 127.0.0.1, port: {port}, user: {USER}}}"
    account = f"{{transport: imap-drafts, insecure_loopback: true, {inbox}{drafts}}}"
    write_campaign(root, contacts=contacts, mail=account)
    enter(root, "pw")
    approve(root, ["one"])
    return root


def go(root: Path) -> dict[str, int]:
    return dict(Counter(str(action.result) for action in send(root, SendOrder(go=True)).actions))


def test_every_letter_lies_there_once_and_looks_right(mail: RealMail, box: IMAPClient, tmp_path: Path) -> None:
    root = campaign(tmp_path, mail.imap)
    assert go(root) == {"done": LETTERS}
    assert go(root) == {}
    drafts = [message_from_bytes(data, policy=policy.default) for data in lying(box).values()]
    assert {str(each["To"]) for each in drafts} == {f"Contact {n} <info@c{n:04}.example>" for n in range(LETTERS)}
    for each in drafts:
        assert each.get_body(("plain",))
        assert each["Date"]
        assert each["Subject"]
        assert [part.get_filename() for part in each.iter_attachments()] == ["brief.txt"]  # type: ignore[attr-defined]
    assert all({rb"\Draft", rb"\Seen"} <= set(flags) for flags in box.get_flags(box.search(["ALL"])).values())
    with open_ledger(root) as ledger:
        letters = [letter for past in ledger.past().contacts.values() for letter in past.letters]
        assert {letter.kind for letter in letters} == {"in-drafts"}
        validity = box.folder_status("Drafts", ["UIDVALIDITY"])[b"UIDVALIDITY"]
        assert {letter.place for letter in letters} == {f"{validity}:{uid}" for uid in lying(box)}
        assert ledger.past() == ledger.full_past()


def test_a_draft_costs_one_round_trip_and_with_multiappend_less(
    mail: RealMail, box: IMAPClient, tmp_path: Path
) -> None:
    letters = max(LETTERS, 60)
    for multiappend in (False, True):
        with imap_proxy(mail.imap) as proxy:
            made = transport_to(proxy.port)
            made.open()
            if not multiappend:
                made._box.client._cached_capabilities = (b"LITERAL+", b"UIDPLUS")  # type: ignore[union-attr]
            name = "m" if multiappend else "s"
            parcels = [parcel(f"{name}{number}") for number in range(letters)]
            if multiappend:
                assert made.at_once == 50
                for begin in range(0, letters, 50):
                    made.send_all(parcels[begin : begin + 50], lambda: None)
            else:
                for each in parcels:
                    made.send(each, lambda: None)
            made.close()
            assert proxy.round_trips <= (1.2 * letters if not multiappend else 0.3 * letters)
    assert max(Counter(ids(box)).values()) == 1
    assert len(ids(box)) == 2 * letters


def judge(root: Path, box: IMAPClient, letters: int) -> None:
    """After whatever broke, one restart: each draft is there once, and the history says so."""
    found = go(root)
    assert set(found) <= {"done"}, found
    there = Counter(ids(box))
    assert max(there.values()) == 1, "a draft lies there twice"
    assert len(there) == letters, "a draft was lost"
    with open_ledger(root) as ledger:
        past = ledger.past()
        assert past == ledger.full_past()
        assert ledger.unfinished() == []
        kinds = Counter(letter.kind for each in past.contacts.values() for letter in each.letters)
    assert kinds == {"in-drafts": letters}
    assert go(root) == {}
    assert Counter(ids(box)) == there


def test_lost_answers_leave_every_draft_there_once(
    mail: RealMail, box: IMAPClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outreach.mail.drafts.SETTLED", 0)
    with imap_proxy(mail.imap) as proxy:
        root = campaign(tmp_path, proxy.port)
        proxy.lose = 3
        assert go(root)["done"] == LETTERS
        judge(root, box, LETTERS)


@pytest.fixture(scope="module")
def approved(mail: RealMail, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return campaign(tmp_path_factory.mktemp("approved"), mail.imap, contacts=3)


def test_a_kill_at_random_moments_leaves_every_draft_there_once(
    approved: Path, box: IMAPClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OUTREACH_DRAFT_KILLS says how many moments are tried."""
    monkeypatch.setattr("outreach.mail.drafts.SETTLED", 0.05)
    chance, deaths = random.Random(20261130), 0
    for number in range(KILLS):
        emptied(box, "Drafts")
        root = Path(shutil.copytree(approved, tmp_path / str(number)))
        moment = chance.randrange(1, 60)
        deaths += killed(lambda at=moment, there=root: dying_at(at, there))  # type: ignore[misc]
        judge(root, box, 3)
    assert deaths > KILLS // 2


@pytest.fixture(scope="module")
def before_appends(mail: RealMail, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ImapProxy, Path]]:
    """A proxy that can kill, and an approved campaign that writes its drafts through it."""
    with imap_proxy(mail.imap) as proxy:
        yield proxy, campaign(tmp_path_factory.mktemp("around"), proxy.port, contacts=AROUND)


@pytest.mark.parametrize("when", ["begun", "stored"])
@pytest.mark.parametrize("number", range(1, APPENDS + 1))
def test_a_kill_around_an_append_leaves_every_draft_there_once(
    number: int,
    when: str,
    before_appends: tuple[ImapProxy, Path],
    box: IMAPClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """OUTREACH_DRAFTS_KILLED says how many drafts, how many APPENDs, and how often each."""
    monkeypatch.setattr("outreach.mail.drafts.SETTLED", 0.05)
    proxy, approved = before_appends
    for time in range(ROUNDS):
        emptied(box, "Drafts")
        root = Path(shutil.copytree(approved, tmp_path / str(time)))
        proxy.appends = 0

        def prepare(pid: int) -> None:
            proxy.kill = (number, when, pid)

        assert killed(lambda there=root: go(there), prepare)  # type: ignore[misc]
        judge(root, box, AROUND)


def test_a_lost_history_puts_no_second_draft_there(mail: RealMail, box: IMAPClient, tmp_path: Path) -> None:
    root = campaign(tmp_path, mail.imap, contacts=3)
    go(root)
    for file in (root / ".outreach").glob("ledger.db*"):
        file.unlink()
    (root / "receipts.jsonl").unlink()
    approve(root, ["one"])
    assert go(root) == {"done": 3}
    assert sorted(Counter(ids(box)).values()) == [1, 1, 1]


def test_a_changed_letter_is_approved_again_and_takes_the_place_of_its_draft_unless_a_person_touched_it(
    mail: RealMail, box: IMAPClient, tmp_path: Path
) -> None:
    root = campaign(tmp_path, mail.imap, contacts=2)
    go(root)
    text = root / "templates" / "hello.md"
    text.write_text(text.read_text().replace("Dear", "Good morning"))
    assert results(root, "--go") == {"one/c0000/0": "held", "one/c0001/0": "held"}
    assert said(root)["sections"][0]["id"] == "approve"
    edited(box, b"Dear", b"My dear")
    approve(root, ["one"])
    found = said(root, "send", "--go")["actions"]
    assert sorted(each["result"] for each in found) == ["done", "held"]
    assert "stays as it is" in next(each["reason"] for each in found if each["result"] == "held")
    texts = b"".join(lying(box).values())
    assert texts.count(b"My dear")
    assert texts.count(b"Good morning")
    assert b"\nDear" not in texts
    assert sorted(Counter(ids(box)).values()) == [1, 1]


def test_a_letter_in_drafts_is_written_and_not_sent(mail: RealMail, box: IMAPClient, tmp_path: Path) -> None:
    """For status, Today, the agenda, conditions and the report."""
    root = campaign(tmp_path, mail.imap, contacts=2)
    go(root)
    status = said(root, "status")
    assert [each["state"] for each in status["contacts"]] == ["approved", "approved"]
    assert "2 emails are in your drafts: written, not sent." in run(root, "status").out
    sections = {each["id"]: each for each in said(root)["sections"]}
    assert sections["by-hand"]["count"] == 2
    assert "unknown" not in sections
    assert "are in your drafts: written, not sent" in run(root).out
    items = [each for each in said(root, "agenda")["items"] if each["kind"] == "letter"]
    assert {each["state"] for each in items} == {"done"}, "no follow-up is planned before the first letter went"
    assert all("written, not sent" in each["reason"] for each in items)
    answer = run(root, "report", "--out", str(tmp_path / "report.md"))
    assert answer.code == 0, answer.err
    report = (tmp_path / "report.md").read_text()
    assert "in your drafts: written, not sent" in report


def test_another_way_of_sending_holds_what_lies_in_drafts(mail: RealMail, box: IMAPClient, tmp_path: Path) -> None:
    root = campaign(tmp_path, mail.imap, contacts=2)
    go(root)
    file = root / "campaign.yaml"
    file.write_text(file.read_text().replace("transport: imap-drafts", "transport: outbox"))
    found = said(root, "send", "--go")["actions"]
    assert {each["result"] for each in found} == {"held"}
    assert all("saved in your drafts" in each["reason"] for each in found)
    assert {each["id"] for each in said(root)["sections"]} == {"unknown"}
    assert "second time" not in run(root, "confirm", "one/c0000/0", "--sent").out
    assert (
        "still in the drafts of your mailbox: it could be sent a second time"
        in run(root, "confirm", "one/c0001/0", "--not-sent").out
    ), "nothing looks for it any more"
    approve(root, ["c0001"])
    assert results(root, "--go") == {"one/c0001/0": "done", "one/c0000/1": "held", "one/c0001/1": "held"}


def test_what_was_tried_in_another_way_is_not_looked_for_in_drafts(
    mail: RealMail, box: IMAPClient, tmp_path: Path
) -> None:
    """A letter that may have left over SMTP does not lie in Drafts, and is not put there."""
    root = write_campaign(tmp_path, contacts=1, port=9)
    approve(root, ["one"])

    def work() -> None:
        from outreach.mail.smtp import Smtp

        def hand_over(self: Smtp, parcel: Parcel, mark: Callable[[], None]) -> None:
            mark()
            os.kill(os.getpid(), 9)

        Smtp.open = lambda self: None  # type: ignore[method-assign]
        Smtp.send = hand_over  # type: ignore[method-assign, assignment]
        send(root, SendOrder(go=True))

    assert killed(work)
    inbox = f"inbox: {{imap: 127.0.0.1, port: {mail.imap}, user: {USER}}}"
    write_campaign(root, contacts=1, mail=f"{{transport: imap-drafts, insecure_loopback: true, {inbox}}}")
    enter(root, "pw")
    assert results(root, "--go") == {"one/c0000/0": "unknown"}
    assert ids(box) == []


def test_two_messages_are_the_same_letter_where_a_reader_sees_the_same() -> None:
    ours = b"To: A <a@x.example>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nDear you,\r\nhello \r\n"
    same = b"X-New: 1\r\nSubject: =?utf-8?b?R3LDvMOfZQ==?=\r\nTo: a@X.example\r\n\r\nDear you,\nhello\n"
    other = same.replace(b"hello", b"farewell")
    assert is_same_letter(content_of_message(ours), content_of_message(same))
    assert not is_same_letter(content_of_message(ours), content_of_message(other))
