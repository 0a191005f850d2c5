"""`approve --ask`: "OK 7F3K" from the one who was asked approves exactly what they saw, once; nothing else does."""

from __future__ import annotations

import email
import email.policy
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from outreach.inbox.html_words import text_of_html
from outreach.inbox.quoting import own_text
from outreach.model.mail import Incoming
from outreach.tasks.approval_answers import says_ok
from tests.connections.planted import plain_git
from tests.inbox.messages import message
from tests.sending.campaigns import run, said, write_campaign

NOW = "2026-01-13T10:00:00+01:00"
AFTER = datetime.fromisoformat(NOW) + timedelta(hours=1)
MARIA = "maria@board.example"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_campaign(tmp_path, mail="{transport: outbox, inbox: {folder: mailbox}}", contacts=2,
                          more=f"team: [{MARIA}, '@kin.example']\n")  # fmt: skip
    (root / "mailbox").mkdir()
    (root / "posts").mkdir()
    return root


def ask(root: Path, *words: str, to: str = MARIA) -> tuple[str, EmailMessage]:
    """The code, and the message that was sent."""
    told = said(root, "approve", "one", "--ask", to, *words, now=NOW)
    file = next(each for each in root.rglob("outbox/**/*.eml") if told["code"] in each.name or "approvals" in str(each))
    parsed = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    return told["code"], parsed  # type: ignore[return-value]


def answers(
    root: Path, text: str, asked: EmailMessage, *, sender: str = f"Maria Example <{MARIA}>", **keys: str
) -> dict[str, str]:
    """What is approved after this answer came in, by contact: `approved` or `drafted`."""
    count = len(list((root / "mailbox").iterdir()))
    answer = message(sender, text, subject=f"Re: {asked['Subject']}", answers=asked["Message-ID"], at=AFTER, **keys)
    (root / "mailbox" / f"answer{count}.eml").write_bytes(answer)
    run(root, "sync", now=AFTER.isoformat())
    return states(root)


def states(root: Path) -> dict[str, str]:
    return {each["id"]: each["state"] for each in said(root, "status", now=AFTER.isoformat())["contacts"]}


APPROVED = {"c0000": "approved", "c0001": "approved"}
OPEN = {"c0000": "drafted", "c0001": "drafted"}


def test_the_message_has_every_text_recipient_and_attachment(root: Path) -> None:
    code, asked = ask(root, "--by", "2026-01-20")
    body = asked.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert f"OK {code}" in text
    assert "20 January 2026" in text
    assert "info@c0000.example" in text
    page, brief = asked.iter_attachments()
    assert page.get_filename() == f"approval-{code}.html"
    assert "Angle 1." in page.get_content()
    assert brief.get_filename() == "brief.txt"
    assert states(root) == OPEN


@pytest.mark.parametrize(
    "text",
    ["OK {}", "ok {}\n", "Ok, {}.\n\nBest regards,\nMaria Example\n", "OK {}\n\n-- \nMaria\nBoard of many things\n",
     "OK {}\n\nOn 13 Jan 2026 Alex Example wrote:\n> To approve all of it ...\n>     OK {}\n", "OK {}\n---\nMaria",
     "On 13 Jan 2026 at 10:00, Alex Example\n<alex@sender.example> wrote:\n> To approve all of it ...\n\nOK {}"],
)  # fmt: skip
def test_ok_with_the_code_approves_as_the_one_who_was_asked(root: Path, text: str) -> None:
    code, asked = ask(root)
    assert answers(root, text.replace("{}", code), asked) == APPROVED
    assert said(root, "status", now=AFTER.isoformat())["unmatched"] == 0
    events = said(root, "show", "one/c0000/0", now=AFTER.isoformat())["events"]
    assert [(each["kind"], each["by"]) for each in events][-1] == ("approved", MARIA)


@pytest.mark.parametrize(
    "text",
    ["OK", "OK 2222", "{}", "OK {}, but change the second line", "OK {}\n\nPlease fix the typo first.", "Not OK {}",
     "I do not think that it is OK {}", "", "> OK {}", "On 13 Jan Alex wrote:\n> OK {}", "OK {}\n\n???", "OK {}\n:-(",
     "OK {}\n\U0001f44e", "________________\nFrom: Ben <ben@kin.example>\nSent: Monday\nTo: Maria\nSubject: x\n\nOK {}",
     "From: Ben <ben@kin.example>\nTo: Maria\n\n> OK?\n\nOK {}", "On 13 Jan Ben <ben@kin.example> wrote:\n\nOK {}"],
)  # fmt: skip
def test_anything_else_is_a_remark_in_the_inbox(root: Path, text: str) -> None:
    code, asked = ask(root)
    assert answers(root, text.replace("{}", code), asked) == OPEN
    remark = said(root, "status", "--unmatched", now=AFTER.isoformat())["messages"]
    assert len(remark) == 1
    assert code in str(remark)


@pytest.mark.parametrize(
    ("sender", "keys"),
    [
        ("Maria Example <maria@evil.example>", {}),
        ("Kim <kim@kin.example>", {}),
        (f'"{MARIA}" <mallory@evil.example>', {}),
        (f"Maria Example <{MARIA}>", {"Authentication_Results": "mx.sender.example; dmarc=fail header.from=board"}),
        (f"Maria Example <{MARIA}>", {"Authentication_Results": "mx; spf=softfail; dkim=none"}),
        (f"Maria Example <{MARIA}>", {"Auto_Submitted": "auto-replied"}),
    ],
)
def test_an_ok_from_elsewhere_approves_nothing_and_the_right_one_still_does(
    root: Path, sender: str, keys: dict[str, str]
) -> None:
    code, asked = ask(root)
    assert answers(root, f"OK {code}", asked, sender=sender, **keys) == OPEN
    good = {"Authentication_Results": "mx.sender.example; spf=fail; dkim=pass; dmarc=pass"}
    assert answers(root, f"OK  {code}", asked, **good) == APPROVED


def test_an_ok_counts_once(root: Path) -> None:
    code, asked = ask(root)
    assert answers(root, f"OK {code}", asked) == APPROVED
    run(root, "approve", "one", "--withdraw", now=AFTER.isoformat())
    assert answers(root, f"OK {code}!", asked) == OPEN
    remark = said(root, "status", "--unmatched", now=AFTER.isoformat())["messages"]
    assert "used before" in str(remark)


@pytest.mark.parametrize(
    "field",
    [f"From: {MARIA} <mallory@evil.example>", f"From: Maria <{MARIA}> <mallory@evil.example>",
     f"From: {MARIA}, mallory@evil.example", f"From: {MARIA}: mallory@evil.example;", f"Sender: {MARIA}",
     f"From: {MARIA}\nFrom: mallory@evil.example"],
)  # fmt: skip
def test_an_ok_whose_sender_can_be_read_in_two_ways_approves_nothing(root: Path, field: str) -> None:
    code, asked = ask(root)
    answer = message("X@x.example", f"OK {code}", answers=asked["Message-ID"], at=AFTER)
    (root / "mailbox" / "a.eml").write_bytes(answer.replace(b"From: X@x.example", field.encode()))
    run(root, "sync", now=AFTER.isoformat())
    assert states(root) == OPEN


@pytest.mark.parametrize("tag", ["s", "del", "strike"])
def test_what_was_struck_out_is_not_said(tag: str) -> None:
    assert text_of_html(f"<p><{tag}>OK 7F3K</{tag}></p><p>Wait, please.</p>").split() == ["Wait,", "please."]


def test_an_ok_in_html_alone_above_what_it_answers_counts() -> None:
    text = "OK 7F3K\n> On Mon, 30 Nov 2026 Alex Example <alex@sender.example> wrote:\n> Alex asks you"
    mail = Incoming(message_id="<1>", sender=MARIA, sender_name="Maria", text=text, own_text=own_text(text))
    assert says_ok(mail, "7F3K")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [("templates/hello.md", "Dear", "Hello"), ("brief.txt", "The brief.", "Another brief."),
     ("contacts/all.csv", "Angle 1.", "Angle 2."), ("contacts/all.csv", "info@c0001", "office@c0001")],
)  # fmt: skip
def test_an_ok_for_a_text_that_changed_approves_nothing_of_it(root: Path, file: str, old: str, new: str) -> None:
    code, asked = ask(root)
    path = root / file
    path.write_text(path.read_text().replace(old, new))
    assert answers(root, f"OK {code}", asked) == OPEN


def test_the_code_of_another_question_approves_nothing(root: Path) -> None:
    first, asked = ask(root)
    second = said(root, "approve", "c0000", "--ask", MARIA, now=NOW)["code"]
    assert answers(root, f"OK {second}", asked) == OPEN
    assert answers(root, f"OK {first}", asked) == APPROVED


def test_an_ok_after_its_last_day_approves_nothing(root: Path) -> None:
    code, asked = ask(root, "--by", "2026-01-13")
    (root / "mailbox" / "late.eml").write_bytes(
        message(MARIA, f"OK {code}", answers=asked["Message-ID"], at=AFTER)
    )  # fmt: skip
    run(root, "sync", now="2026-01-14T00:30:00+01:00")
    assert states(root) == OPEN


@pytest.mark.parametrize("address", ["someone@elsewhere.example", "maria@board.example.evil.example", "maria"])
def test_nobody_is_asked_who_is_not_one_of_us(root: Path, address: str) -> None:
    answer = run(root, "approve", "one", "--ask", address, now=NOW)
    assert answer.code == 2
    assert "is not in your team" in answer.err
    assert not list(root.rglob("outbox/**/*.eml"))


def test_one_who_is_no_longer_of_the_team_approves_nothing(root: Path) -> None:
    code, asked = ask(root)
    config = root / "campaign.yaml"
    config.write_text(config.read_text().replace(MARIA, "somebody@else.example"))
    assert answers(root, f"OK {code}", asked) == OPEN


def test_posts_are_asked_about_too(root: Path) -> None:
    (root / "posts" / "news.md").write_text("---\nnetworks: [bluesky]\nat: 2026-02-03 10:00\n---\nNews.\n")
    told = said(root, "approve", "news", "--ask", MARIA, now=NOW)
    assert [each["id"] for each in told["items"]] == ["news/bluesky"]
    asked = email.message_from_bytes(next(root.rglob("outbox/**/*.eml")).read_bytes(), policy=email.policy.default)
    answers(root, f"OK {told['code']}", asked)  # type: ignore[arg-type]
    again = said(root, "approve", "news", now=AFTER.isoformat())
    assert [each["result"] for each in again["posts"]] == ["unchanged"]


def test_only_a_code_with_nothing_else_is_an_ok() -> None:
    mail = Incoming(message_id="<1>", sender=MARIA, sender_name="Maria Example")
    assert not says_ok(mail, "7F3K")


# --- two people --------------------------------------------------------------------------------------


@pytest.fixture
def shared(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A campaign that wants two people, whose texts Alex committed."""
    (root / "home").mkdir()
    monkeypatch.setenv("HOME", str(root / "home"))
    config = root / "campaign.yaml"
    config.write_text(config.read_text() + "approval: two-people\n")
    (root / ".gitignore").write_text(".outreach/\nhome/\nmailbox/\noutbox/\n")
    plain_git(root, "init", "--quiet", "--initial-branch=main")
    commit(root, "Alex", "alex@sender.example")
    monkeypatch.setenv("OUTREACH_USER", "Alex")
    return root


def commit(root: Path, name: str, address: str) -> None:
    plain_git(root, "add", "--all")
    plain_git(root, "-c", f"user.name={name}", "-c", f"user.email={address}", "commit", "--quiet", "--message", "Text")


def test_who_wrote_a_text_last_cannot_approve_it_alone(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(shared, "approve", "one", now=NOW)
    assert states(shared) == OPEN
    held = said(shared, "send", now=NOW)["actions"][0]
    assert held["result"] == "held"
    assert "approved only by who wrote it last" in held["reason"]
    monkeypatch.setenv("OUTREACH_USER", "Kim")
    run(shared, "approve", "one", now=NOW)
    assert states(shared) == APPROVED
    monkeypatch.setenv("OUTREACH_USER", "Alex")
    run(shared, "approve", "one", now=NOW)
    assert states(shared) == APPROVED


@pytest.mark.parametrize(
    "name", [" ALEX ", "Alex <alex@sender.example>", "A. Example <alex@sender.example>", "Al\u200bex"]
)
def test_a_name_is_compared_however_it_is_written(shared: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("OUTREACH_USER", name)
    run(shared, "approve", "one", now=NOW)
    assert states(shared) == OPEN


def test_the_second_person_may_answer_by_mail(shared: Path) -> None:
    run(shared, "approve", "one", now=NOW)
    code, asked = ask(shared)
    assert answers(shared, f"OK {code}", asked) == APPROVED


def test_who_committed_it_under_that_address_is_not_a_second_person(shared: Path) -> None:
    template = shared / "templates" / "hello.md"
    template.write_text(template.read_text() + "\nMore.\n")
    commit(shared, "Maria Example", MARIA)
    code, asked = ask(shared)
    assert answers(shared, f"OK {code}", asked) == OPEN
    run(shared, "approve", "one", now=AFTER.isoformat())
    assert states(shared) == APPROVED


def test_what_is_not_committed_was_written_by_who_uses_this_computer(shared: Path) -> None:
    commit(shared, "Kim", "kim@kin.example")
    template = shared / "templates" / "hello.md"
    template.write_text(template.read_text() + "\nMore.\n")
    run(shared, "approve", "one", now=NOW)
    assert states(shared) == OPEN
    commit(shared, "Kim", "kim@kin.example")
    assert states(shared) == APPROVED
