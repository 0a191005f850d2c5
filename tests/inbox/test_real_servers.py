"""Twenty letters through a real Postfix, real bounces and absence notes in a real Dovecot, and one sync."""

from __future__ import annotations

import json
import smtplib
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from imapclient import IMAPClient

from outreach.errors import MailboxUnreadable
from outreach.letters.mime import message_id
from outreach.tasks.login import mail_logins
from tests.inbox.messages import message
from tests.sending.campaigns import FAST, enter, run, said
from tests.servers.realmail import RealMail, real_mail, what_is_missing

PASSWORD = "secret-canary"
VACATION = 'require ["vacation"];\nvacation :days 1 :subject "Out of office" "I am away until 2027-02-01.";\n'
REJECT = 'require ["reject"];\nreject "We take no letters here.";\n'
CONTACTS = 20


@pytest.fixture(scope="module")
def mail() -> Iterator[RealMail]:
    if why := what_is_missing():
        pytest.skip(why)
    with real_mail("sender.test", "contacts.test", "elsewhere.test") as running:
        running.add_user("alex@sender.test", PASSWORD)
        for number in range(CONTACTS):
            if number in (1, 2):
                continue  # nobody is there
            sieve = {3: VACATION, 4: VACATION, 5: REJECT}.get(number, "")
            running.add_user(f"c{number:04}@contacts.test", PASSWORD, sieve=sieve, quota_kb=1 if number == 6 else 0)
        yield running


@pytest.fixture
def root(mail: RealMail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "campaign"
    for folder in ("contacts", "templates"):
        (root / folder).mkdir(parents=True)
    (root / "ca.pem").write_bytes(mail.ca.read_bytes())
    account = f"transport: smtp, host: localhost, port: {mail.submission}, security: starttls, user: alex@sender.test"
    inbox = f"inbox: {{imap: localhost, port: {mail.imaps}, user: alex@sender.test}}"
    (root / "campaign.yaml").write_text(
        "id: real\ntitle: Real\ntimezone: Europe/Brussels\n"
        "sender: {name: Alex Example, email: alex@sender.test}\n"
        f"accounts:\n  mail: {{{account}, ca_file: ca.pem, {inbox}}}\n"
        f"pace: {FAST}\n"
        "waves:\n  - {id: one, to: 'tier == 0', template: hello}\n"
    )
    rows = [f"c{n:04},Contact {n},0,c{n:04}@contacts.test" for n in range(CONTACTS)]
    (root / "contacts" / "all.csv").write_text("\n".join(["id,name,tier,email", *rows]) + "\n")
    (root / "templates" / "hello.md").write_text(
        "---\nsubject: Hello {{ contact.name }}\n---\nDear {{ contact.name }}.\n"
    )
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    monkeypatch.setattr("outreach.mail.imap_heads.BATCH", 2)  # so that texts are read while a question is open
    enter(root, PASSWORD)
    return root


def write(mail: RealMail, sender: str, data: bytes) -> None:
    """Somebody writes to us."""
    with smtplib.SMTP("127.0.0.1", mail.mx) as server:
        server.sendmail(sender, ["alex@sender.test"], data)


def file_copy(mail: RealMail, data: bytes) -> None:
    """Our own mail program files what we answered."""
    context = ssl.create_default_context(cafile=str(mail.ca))
    with IMAPClient("localhost", port=mail.imaps, ssl_context=context) as client:
        client.login("alex@sender.test", PASSWORD)
        client.append("Sent", data)


def test_one_sync_puts_every_contact_into_its_right_state(mail: RealMail, root: Path) -> None:
    assert run(root, "approve", "one").code == 0
    sent = said(root, "send", "--go")["actions"]
    assert {action["result"] for action in sent} == {"done"}, sent
    ids = {action["id"].split("/")[1]: action["receipt"] for action in sent}
    us = "Alex Example <alex@sender.test>"
    write(mail, "kim@contacts.test", message("Kim <c0007@contacts.test>", "Yes, gladly.", answers=ids["c0007"], to=us))
    write(
        mail,
        "x@elsewhere.test",
        message("assistant@elsewhere.test", "My director is interested.", answers=ids["c0008"], to=us),
    )
    write(
        mail,
        "c0009@contacts.test",
        message("c0009@contacts.test", "I heard of it.", subject="Your idea", to=us, at=datetime.now(UTC)),
    )
    write(
        mail,
        "c0010@contacts.test",
        message("c0010@contacts.test", "unsubscribe", answers=ids["c0010"], to=us),
    )
    write(
        mail,
        "f@elsewhere.test",
        message("friend@elsewhere.test", "Contact 11 gave me this.", subject="Fwd: Hello Contact 11", to=us),
    )
    mail.drain()
    reply = message(us, "Thank you!", to="c0007@contacts.test", subject="Re: Hello Contact 7", answers=ids["c0007"])
    file_copy(mail, reply)
    result = said(root, "sync")
    kinds = {each["contact"]: each["kind"] for each in result["matched"]}
    assert kinds == {
        "c0001": "hard-bounce", "c0002": "hard-bounce", "c0003": "automatic", "c0004": "automatic",
        "c0005": "hard-bounce",
        "c0006": "soft-bounce", "c0007": "answer", "c0008": "answer", "c0009": "answer", "c0010": "opt-out",
    }, result  # fmt: skip
    assert result["unmatched"] == 1
    status = said(root, "status")
    states = {each["id"]: each["state"] for each in status["contacts"]}
    assert states == {
        **{f"c{n:04}": "contacted" for n in range(CONTACTS)},
        **dict.fromkeys(["c0001", "c0002", "c0005"], "bounced"),
        **dict.fromkeys(["c0007", "c0008", "c0009"], "answered"),
        "c0010": "opted-out",
    }  # fmt: skip
    again = said(root, "sync")
    assert (again["looked_at"], again["matched"]) == (0, [])
    assert said(root, "status")["counts"] == status["counts"]
    rungs = {each["contact"]: each["rung"] for each in result["matched"]}
    assert rungs["c0008"] == "a reply in the thread"


def test_reading_marks_and_moves_nothing(mail: RealMail, root: Path) -> None:
    write(
        mail,
        "c0007@contacts.test",
        message("c0007@contacts.test", "Unread.", to="alex@sender.test", subject="Re: Hello"),
    )
    mail.drain()
    context = ssl.create_default_context(cafile=str(mail.ca))
    with IMAPClient("localhost", port=mail.imaps, ssl_context=context) as client:
        client.login("alex@sender.test", PASSWORD)
        client.select_folder("INBOX", readonly=True)
        before = client.search("UNSEEN")
        assert run(root, "sync").code in (0, 1)
        client.noop()
        assert client.search("UNSEEN") == before
        assert before


def test_a_wrong_password_reads_nothing_and_says_so(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(mail_logins(root)[0].servers[1].variable, "wrong-canary")
    answer = run(root, "sync")
    assert answer.code == 1
    assert "localhost refused the login of alex@sender.test" in answer.err
    assert "wrong-canary" not in answer.out + answer.err


def test_a_folder_that_was_renumbered_counts_nothing_twice(mail: RealMail, root: Path) -> None:
    answer = message(
        "c0012@contacts.test", "Yes.", subject="Re: Hello Contact 12", to="alex@sender.test", id="<once@x>"
    )
    context = ssl.create_default_context(cafile=str(mail.ca))
    for _ in range(2):
        with IMAPClient("localhost", port=mail.imaps, ssl_context=context) as client:
            client.login("alex@sender.test", PASSWORD)
            if client.folder_exists("Projects"):
                client.delete_folder("Projects")
            client.create_folder("Projects")
            client.append("Projects", b"Subject: something else\r\n\r\nfirst\r\n")
            client.append("Projects", answer)
        said(root, "sync")
    events = [event for event in said(root, "show", "c0012")["events"] if event["kind"] == "answered"]
    assert len(events) == 1


def test_a_copy_is_put_into_sent_once(mail: RealMail, root: Path) -> None:
    contacts = root / "contacts" / "all.csv"
    contacts.write_text("id,name,tier,email\nlast,Last,0,c0019@contacts.test\n")
    (root / "campaign.yaml").write_text((root / "campaign.yaml").read_text().replace("id: real", "id: copies"))
    run(root, "approve", "one")
    answer = run(root, "send", "--go")
    assert "1 copies were put into Sent" in answer.out
    context = ssl.create_default_context(cafile=str(mail.ca))
    with (
        open(root / "receipts.jsonl") as receipts,
        IMAPClient("localhost", port=mail.imaps, ssl_context=context) as client,
    ):
        proof = json.loads(receipts.readline())["proof"]
        client.login("alex@sender.test", PASSWORD)
        client.select_folder("Sent", readonly=True)
        assert len(client.search(["HEADER", "Message-ID", proof])) == 1
    assert said(root, "sync")["resolved"] == []


def test_a_copy_that_could_not_be_filed_is_filed_next_time_and_once(
    mail: RealMail, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = root / "contacts" / "all.csv"
    contacts.write_text("id,name,tier,email\nlate,Late,0,c0018@contacts.test\n")
    (root / "campaign.yaml").write_text((root / "campaign.yaml").read_text().replace("id: real", "id: later"))
    run(root, "approve", "one")

    def closed(*_: object) -> int:
        raise MailboxUnreadable("The mailbox is closed.")

    with monkeypatch.context() as patch:
        patch.setattr("outreach.mail.sent_copy.file_copies", closed)
        assert "No copies were put into Sent: The mailbox is closed" in run(root, "send", "--go").out
    proof = json.loads((root / "receipts.jsonl").read_text().splitlines()[0])["proof"]
    context = ssl.create_default_context(cafile=str(mail.ca))
    said(root, "sync")  # which changes nothing in a mailbox
    with IMAPClient("localhost", port=mail.imaps, ssl_context=context) as client:
        client.login("alex@sender.test", PASSWORD)
        client.select_folder("Sent", readonly=True)
        assert not client.search(["HEADER", "Message-ID", proof])
    for _ in range(2):
        run(root, "send", "--go")
        with IMAPClient("localhost", port=mail.imaps, ssl_context=context) as client:
            client.login("alex@sender.test", PASSWORD)
            client.select_folder("Sent", readonly=True)
            (uid,) = client.search(["HEADER", "Message-ID", proof])
            copy = client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"]
        assert b"Dear Late." in copy
        assert copy.startswith(b"Date: ")


def test_a_letter_that_lies_in_sent_is_found_however_old_and_a_folder_that_cannot_be_read_stops_nothing(
    mail: RealMail, root: Path
) -> None:
    (root / "campaign.yaml").write_text((root / "campaign.yaml").read_text().replace("id: real", "id: lost"))
    old = message("Old friend <old@elsewhere.test>", "A nice dinner.", subject="Lisbon", to="alex@sender.test")
    context = ssl.create_default_context(cafile=str(mail.ca))
    with IMAPClient("localhost", port=mail.imaps, ssl_context=context) as client:
        client.login("alex@sender.test", PASSWORD)
        client.append("INBOX", old, msg_time=datetime(2019, 5, 1, tzinfo=UTC))
        for number in (13, 14):
            id = message_id("lost", "one", f"c{number:04}", 0, "former-domain.test")
            copy = message("alex@sender.test", "Hello", subject="Hello", to=f"c{number:04}@contacts.test", id=id)
            client.append("Sent", copy, msg_time=datetime(2019, 5, 1, tzinfo=UTC))
    found = said(root, "sync")
    assert found["found_in_sent"] == ["one/c0013/0", "one/c0014/0"]
    assert said(root, "sync")["found_in_sent"] == []
    states = {each["id"]: each["state"] for each in said(root, "status")["contacts"]}
    assert [states["c0013"], states["c0014"], states["c0015"]] == ["contacted", "contacted", "drafted"]


def test_what_a_colleague_wrote_from_elsewhere_is_ours_also_where_a_copy_came_to_our_inbox(
    mail: RealMail, root: Path
) -> None:
    text = (root / "campaign.yaml").read_text().replace("id: real", "id: shared")
    (root / "campaign.yaml").write_text(
        text.replace("user: alex@sender.test}", "user: alex@sender.test, folders: INBOX}")
    )
    id = message_id("shared", "one", "c0015", 0, "sender.test")
    letter = message("alex@sender.test", "Hello", subject="Hello Contact 15", to="c0015@contacts.test", id=id)
    ours = message("pat@home.example", "Here it is.", to="c0015@contacts.test", answers=id, id="<pat@x>")
    with IMAPClient(
        "localhost", port=mail.imaps, ssl_context=ssl.create_default_context(cafile=str(mail.ca))
    ) as client:
        client.login("alex@sender.test", PASSWORD)
        client.append("INBOX", ours)
        for sent in (letter, ours):
            client.append("Sent", sent)
    assert said(root, "sync")["found_in_sent"] == ["one/c0015/0"]
    events = [event["kind"] for event in said(root, "show", "c0015")["events"]]
    assert "answered" not in events
    assert "replied-by-us" in events
