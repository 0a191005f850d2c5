"""Today's list in one's own inbox: once a day, also after a kill and from two processes at once."""

from __future__ import annotations

import random
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imapclient import IMAPClient

from outreach.errors import AccountBusy, NoReply
from outreach.ledger import open_ledger
from outreach.ledger.claims import Claim
from outreach.mail.own_inbox import OwnInbox
from outreach.mail.transport import Transport
from outreach.model.campaign import Campaign, Sender
from outreach.model.ids import DIGEST, LetterId
from outreach.tasks.digest import digest, is_due, next_digest
from outreach.tasks.watching import Listener, watch
from tests.planning.worlds import NOW
from tests.sending.campaigns import enter, run, said, write_campaign
from tests.sending.conftest import USER, connected
from tests.sending.test_drafts import ids, lying
from tests.sending.test_kills import dying_at, killed
from tests.sending.test_transports import TransportTests
from tests.servers.counting import counting
from tests.servers.imap_proxy import imap_proxy
from tests.servers.realmail import RealMail
from tests.servers.scripted_imap import scripted_imap

KILLS = 10


def campaign(root: Path, port: int, more: str = "") -> Path:
    inbox = f"inbox: {{imap: 127.0.0.1, port: {port}, user: {USER}}}"
    write_campaign(root, contacts=2, mail=f"{{insecure_loopback: true, {inbox}}}", more=more)
    enter(root, "pw")
    return root


class TestOwnInbox(TransportTests):
    @pytest.fixture
    def received(self, box: IMAPClient) -> Callable[[], list[str]]:
        return lambda: ids(box, "INBOX")

    @pytest.fixture
    def transport(self, mail: RealMail, received: Callable[[], list[str]]) -> Iterator[Transport]:
        made = OwnInbox(lambda: connected(mail.imap), "127.0.0.1", USER, pause=lambda seconds: None)
        yield made
        made.close()


def test_the_list_lies_in_the_inbox_unread_once_a_day(mail: RealMail, box: IMAPClient, tmp_path: Path) -> None:
    root = campaign(tmp_path, mail.imap)
    assert "Nothing was sent" in run(root, "digest").out
    assert ids(box, "INBOX") == []
    assert "Today's list is in your inbox" in run(root, "digest", "--go").out
    assert "sent today already" in run(root, "digest", "--go").out
    (data,) = lying(box, "INBOX").values()
    message = message_from_bytes(data, policy=policy.default)
    assert message["Subject"] == "Small: 2 things to do"
    assert (message["From"].addresses[0].addr_spec, message["To"].addresses[0].addr_spec) == (USER, USER)
    body = message.get_body(("plain",))  # type: ignore[attr-defined]
    assert 'Approve 2 emails of the wave "one"' in body.get_content()
    assert "Next: outreach approve one" in body.get_content()
    box.select_folder("INBOX", readonly=True)
    assert box.search(["UNSEEN"]) != []
    assert "digest" not in (root / "receipts.jsonl").read_text() if (root / "receipts.jsonl").exists() else True
    assert said(root, "status")["counts"]["contacted"] == 0
    with open_ledger(root) as ledger:
        assert ledger.past() == ledger.full_past()


def test_without_a_mailbox_it_goes_to_oneself_over_smtp(tmp_path: Path) -> None:
    with counting(tmp_path / "server") as server:
        root = write_campaign(tmp_path / "campaign", contacts=1, port=server.port)
        assert digest(root, go=True).sent
        assert not digest(root, go=True).sent
        assert [(each["from"], each["to"]) for each in server.letters()] == [(USER, USER)]


def test_without_a_way_to_oneself_it_is_said(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, more="digest: {at: 08:00}\n")
    assert "not-yet" in [each["code"] for each in said(root, "check")["problems"]]
    with pytest.raises(NoReply, match="needs your mailbox"):
        digest(root, go=True)


def test_the_watch_sends_it_from_its_time_on(tmp_path: Path) -> None:
    with scripted_imap("gmail") as server:
        root = campaign(tmp_path, server.port, "digest: {at: 00:00}\n")
        watch(root, Listener(), go=False, once=True)
        assert server.folders["INBOX"].mails == [], "nothing leaves without --go"
        for _ in range(2):
            watch(root, Listener(), go=True, once=True)
        assert len(server.folders["INBOX"].mails) == 1


def test_sending_letters_leaves_a_list_alone_that_was_stopped_half_way(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=1)
    with open_ledger(root) as ledger:
        id = LetterId(wave=DIGEST, contact="today", step=20260101)
        claim = Claim(id=0, campaign="small", at=NOW, by="me", of=id, date="Thu, 1 Jan 2026 08:00:00 +0100")
        ledger.begin(claim, digest="0" * 64, at=NOW)
    assert run(root, "approve", "one", "--yes").code == 0
    assert run(root, "send", "--go").code == 0
    with open_ledger(root) as ledger:
        assert [each.claim.of for each in ledger.unfinished()] == [id]


def test_two_processes_at_once_send_one(mail: RealMail, box: IMAPClient, tmp_path: Path) -> None:
    root = campaign(tmp_path, mail.imap)
    found: list[object] = []

    def send() -> None:
        try:
            found.append(digest(root, go=True).sent)
        except AccountBusy as error:
            found.append(error)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found.count(True) == 1
    assert len(ids(box, "INBOX")) == 1


def test_a_lost_answer_and_kills_leave_one_a_day(
    mail: RealMail, box: IMAPClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outreach.mail.own_inbox.SETTLED", 0)
    with imap_proxy(mail.imap) as proxy:
        root = campaign(tmp_path / "lost", proxy.port)
        proxy.lose = 1
        assert digest(root, go=True).sent
        assert not digest(root, go=True).sent
        assert len(ids(box, "INBOX")) == 1
    made, chance, deaths = campaign(tmp_path / "made", mail.imap), random.Random(3), 0
    for number in range(KILLS):
        lying(box, "INBOX")
        if found := box.search(["ALL"]):
            box.delete_messages(found)
            box.expunge()
        root = Path(shutil.copytree(made, tmp_path / str(number)))
        moment = chance.randrange(1, 30)
        deaths += killed(lambda at=moment, there=root: dying_at(at, there, lambda r: digest(r, go=True)))  # type: ignore[misc]
        digest(root, go=True)
        digest(root, go=True)
        assert len(ids(box, "INBOX")) == 1, moment
    assert deaths > KILLS // 2


WANTS = Campaign(id="c", title="C", sender=Sender(name="A", email=USER), timezone="Europe/Brussels", digest=time(8))


@given(st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))
def test_it_is_due_from_its_time_on_and_the_next_one_lies_ahead(at: datetime) -> None:
    following = next_digest(WANTS, at)
    assert following is not None
    assert at < following
    assert (following - at).total_seconds() <= 25 * 3600
    assert is_due(WANTS, following)
    local = at.astimezone(following.tzinfo)
    assert local <= following
