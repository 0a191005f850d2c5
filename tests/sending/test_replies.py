"""`outreach reply`: their message quoted, in the thread, to an address of theirs, approved, and sent once."""

from __future__ import annotations

import random
import shutil
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.errors import AccountBusy, AskFirst, NoReply
from outreach.ledger import open_ledger
from outreach.letters.mime import Message, as_bytes, faults, parse_back
from outreach.letters.quoting import in_thread, quoted_below
from outreach.model.action import ActionResult
from outreach.tasks.approving import approve
from outreach.tasks.reply_sending import send_reply
from outreach.tasks.replying import ReplyOrder, open_replies, write_reply
from outreach.tasks.sending import SendOrder, send
from outreach.tasks.syncing import sync
from outreach.tasks.world import session
from tests.planning.worlds import NOW
from tests.sending.campaigns import run, said, write_campaign
from tests.sending.test_kills import dying_at, killed
from tests.servers.counting import Counting, counting
from tests.servers.scripted_imap import scripted_imap

KILLS = 12


def campaign(root: Path, more: str = "", *, transport: str = "transport: outbox") -> Path:
    write_campaign(root, contacts=3, mail=f"{{{transport}, inbox: {{folder: mailbox}}}}", more=more)
    (root / "mailbox").mkdir()
    approve(root, ["one"])
    send(root, SendOrder(go=True))
    return root


def letter_to(root: Path, contact: str) -> str:
    """The Message-ID of the letter."""
    with open_ledger(root) as ledger:
        return str(ledger.past().contacts[contact].letters[0].message_id)


def arrives(root: Path, name: str = "a1", contact: str = "c0000", text: str = "Thank you.", **fields: str) -> None:
    """Their answer arrives, and is read."""
    fields = {"From": f"Info <info@{contact}.example>", "Subject": "Re: Hello", **fields}
    head = "".join(f"{field.replace('_', '-')}: {value}\n" for field, value in fields.items())
    id = letter_to(root, contact)
    (root / "mailbox" / f"{name}.eml").write_text(
        f"{head}To: alex@sender.example\nMessage-ID: <{name}@{contact}.example>\nIn-Reply-To: {id}\n"
        f"References: <first@x.example> {id}\n\n{text}\n"
    )
    sync(root)


def rename(root: Path) -> None:
    """The contact c0000 gets the id `new`."""
    file = root / "contacts" / "all.csv"
    head, first, *others = file.read_text().splitlines()
    rows = [f"{head},was", f"{first.replace('c0000,', 'new,', 1)},c0000", *(f"{row}," for row in others)]
    file.write_text("\n".join(rows) + "\n")


def write(root: Path, text: str = "Yes, gladly.", **keys: Any) -> Any:
    return write_reply(root, ReplyOrder(contact="c0000", text=text, **keys))


def go(root: Path) -> list[ActionResult]:
    return [action.result for action in send_reply(root, "c0000").actions]


def sent(root: Path, number: int = 1) -> EmailMessage:
    data = (root / "outbox" / "reply" / f"c0000.{number}.eml").read_bytes()
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = campaign(tmp_path / "campaign")
    arrives(made)
    return made


def test_a_reply_quotes_their_message_and_goes_on_in_the_thread(root: Path) -> None:
    assert str(write(root).id) == "reply/c0000/1"
    assert go(root) == [ActionResult.HELD], "nobody approved it"
    approve(root, ["reply/c0000/1"])
    assert said(root)["sections"][0]["items"][0]["id"], "Today can still be asked"
    assert go(root) == [ActionResult.DONE]
    message = sent(root)
    assert (message["To"].addresses[0].addr_spec, message["Subject"]) == ("info@c0000.example", "Re: Hello")
    assert message["In-Reply-To"] == "<a1@c0000.example>"
    letter = letter_to(root, "c0000")
    assert str(message["References"]).split() == ["<first@x.example>", letter, "<a1@c0000.example>"]
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "> Thank you." in plain.get_content()
    assert "Yes, gladly." in plain.get_content()
    assert "<blockquote" in html.get_content()
    assert "gladly" in html.get_content()
    status = next(each for each in said(root, "status")["contacts"] if each["id"] == "c0000")
    assert (status["state"], status["turn"], status["wave"]) == ("answered", "theirs", "one")
    assert '"reply/c0000/1"' in (root / "receipts.jsonl").read_text()


def test_today_says_what_comes_next(root: Path) -> None:
    def command() -> str:
        sections = {each["id"]: each["items"] for each in said(root)["sections"]}
        return str(sections["answer"][0]["command"]) if "answer" in sections else ""

    write(root)
    assert command() == "outreach approve reply/c0000/1"
    approve(root, ["reply/c0000/1"])
    assert command() == "outreach reply c0000 --go"
    go(root)
    assert command() == ""


def test_one_message_gets_one_reply_unless_a_second_is_asked_for(root: Path) -> None:
    assert write(root).id == write(root, "Another text.").id, "what was not sent is written anew"
    approve(root, ["reply/c0000/1"])
    go(root)
    with pytest.raises(NoReply, match="You answered this message"):
        write(root, "And one more.")
    with pytest.raises(NoReply, match="was sent already"):
        go(root)
    assert str(write(root, "And one more.", again=True).id) == "reply/c0000/2"
    approve(root, ["reply/c0000/2"])
    assert go(root) == [ActionResult.DONE]
    arrives(root, "a2", text="What else?")
    assert str(write(root).id) == "reply/c0000/3"


def test_a_text_that_was_written_anew_has_to_be_approved_anew(root: Path) -> None:
    write(root)
    approve(root, ["reply/c0000/1"])
    write(root, "Rather not.")
    assert go(root) == [ActionResult.HELD]
    approve(root, ["reply/c0000/1"])
    assert go(root) == [ActionResult.DONE]
    body = sent(root).get_body(("plain",))
    assert body is not None
    assert "Rather not." in body.get_content()


@pytest.mark.parametrize(
    ("fields", "to"),
    [
        ({}, "info@c0000.example"),
        ({"Reply_To": "desk@c0000.example"}, "desk@c0000.example"),
        ({"Reply_To": "list@elsewhere.example"}, "info@c0000.example"),
        ({"Reply_To": "all@c0000.example", "List_Post": "<mailto:All@c0000.example>"}, "info@c0000.example"),
        ({"Reply_To": "all@c0000.example", "List_Id": "Everybody <all.c0000.example>"}, "info@c0000.example"),
        ({"Reply_To": "all@c0000.example, ann@c0000.example", "List_Id": "<all.c0000.example>"}, "ann@c0000.example"),
        ({"Reply_To": "all@c0000.example", "Precedence": "list"}, "info@c0000.example"),
        (
            {
                "From": "A via All <all@c0000.example>",
                "To": "all@c0000.example",
                "Reply_To": "ann@c0000.example",
                "Precedence": "list",
            },
            "ann@c0000.example",
        ),
        (
            {
                "From": "Ann <ann@c0000.example>",
                "Reply_To": "all@c0000.example",
                "List_Unsubscribe": "<https://x.example/1>",
            },
            "ann@c0000.example",
        ),
        (
            {
                "From": "Ann <ann@x.example>",
                "Reply_To": "info@c0000.example",
                "List_Unsubscribe": "<https://x.example/1>",
            },
            "info@c0000.example",
        ),
        (
            {
                "From": "noreply@c0000.example",
                "Reply_To": "ann@c0000.example",
                "List_Unsubscribe": "<https://x.example/1>",
            },
            "ann@c0000.example",
        ),
        ({"From": "Ann <ann@x.example>", "Reply_To": "all@c0000.example", "List_Help": "<https://x.example/1>"}, None),
        ({"From": "Ann <ann@c0000.example>"}, "ann@c0000.example"),
        ({"From": "Ann <ann.private@gmail.com>"}, None),
        ({"From": "Ann <x@elsewhere.example>", "Reply_To": "info@c0001.example"}, None),
        ({"From": "Ann <info@c0001.example>"}, None),
    ],
)
def test_it_goes_to_an_address_of_theirs_and_anywhere_else_only_when_asked(
    fields: dict[str, str], to: str | None, tmp_path: Path
) -> None:
    root = campaign(tmp_path / "campaign")
    arrives(root, **fields)
    if to is not None:
        assert f"To: Contact 0 <{to}>".encode() in write(root).frozen
        return
    with pytest.raises(AskFirst, match="not a known address") as ask:
        write(root)
    place = ask.value.option.removeprefix("--to ")
    assert place in ask.value.question, "the question names the address where a yes sends it"
    assert place.encode() in write(root, to=place).frozen
    with pytest.raises(NoReply, match="is not an address of"):
        write(root, to="somebody@third.example")


@pytest.mark.parametrize(
    "said",
    [
        {"List_Post": "<mailto:all@c0000.example>"},
        {"Precedence": "list"},
        {"To": "all@c0000.example", "List_Unsubscribe": "<https://x.example/1>"},
    ],
)
def test_a_list_that_stands_in_from_is_asked_about(said: dict[str, str], tmp_path: Path) -> None:
    root = campaign(tmp_path / "campaign")
    arrives(root, From="Ann via All <all@c0000.example>", Cc="all@c0000.example", **said)
    with pytest.raises(AskFirst, match=r"all@c0000\.example is a mailing list"):
        write(root)
    assert b"all@c0000.example" in write(root, to="all@c0000.example").frozen


def test_a_domain_that_two_contacts_share_makes_no_address_theirs(tmp_path: Path) -> None:
    root = campaign(tmp_path / "campaign")
    with open(root / "contacts" / "all.csv", "a", encoding="utf-8") as file:
        file.write("other,Other,9,press@c0000.example,x\n")
    arrives(root, From="Ann <ann@c0000.example>")
    with pytest.raises(AskFirst):
        write(root)


@pytest.mark.parametrize(
    ("place", "to"),
    [
        ("\u0456nfo@c0000.example", "info@c0000.example"),  # its first letter is Cyrillic
        ("x@y@c0000.example", "info@c0000.example"),
        ("<>", "info@c0000.example"),
    ],
)
def test_a_reply_to_that_no_mail_can_go_to_counts_for_nothing(place: str, to: str, tmp_path: Path) -> None:
    root = campaign(tmp_path / "campaign")
    arrives(root, Reply_To=place)
    assert f"To: Contact 0 <{to}>".encode() in write(root).frozen


@pytest.mark.parametrize(
    ("subject", "answer"),
    [
        ("Re: \u2067\u05e9\u05dc\u05d5\u05dd\u2069 (\u202aHello\u202c)", "Re: \u05e9\u05dc\u05d5\u05dd (Hello)"),
        ("", "Re: Hello Contact 0"),
        ("Re:", "Re: Hello Contact 0"),
        ("=?utf-8?q?=3D=3Futf-8=3Fq=3FHi=3F=3D?=", "Re: Hello Contact 0"),
    ],
)
def test_a_subject_that_no_header_holds_or_that_says_nothing_stays_in_the_thread(
    subject: str, answer: str, tmp_path: Path
) -> None:
    root = campaign(tmp_path / "campaign")
    arrives(root, Subject=subject)
    write(root)
    approve(root, ["reply/c0000/1"])
    assert go(root) == [ActionResult.DONE]
    assert sent(root)["Subject"] == answer


@pytest.mark.parametrize("provider", ["tuta.com", "proximus.be", "live.be"])
def test_somebody_else_at_their_provider_of_mailboxes_is_asked_about(provider: str, root: Path) -> None:
    file = root / "contacts" / "all.csv"
    file.write_text(file.read_text().replace("info@c0000.example", f"bees@{provider}"))
    arrives(root, "a2", From=f"Ann <ann@{provider}>")
    with pytest.raises(AskFirst, match="not a known address"):
        write(root)


def test_an_address_that_is_another_contacts_by_now_is_asked_about(root: Path) -> None:
    file = root / "contacts" / "all.csv"
    rows = file.read_text().replace("info@c0000.example", "new@zero.example")
    file.write_text(rows.replace("info@c0001.example", "info@c0000.example"))
    with pytest.raises(AskFirst, match="not a known address"):
        write(root)


@pytest.mark.parametrize("is_renamed", [False, True])
def test_what_another_computer_answered_is_answered_again_only_when_asked(is_renamed: bool, tmp_path: Path) -> None:
    """Its receipts came with the files; which message a reply answers stands in its own history only."""
    root = campaign(tmp_path / "campaign")
    with open_ledger(root) as ledger:
        at = format_datetime(ledger.past().contacts["c0000"].letters[0].at)
    arrives(root, Date=at)
    write(root)
    approve(root, ["reply/c0000/1"])
    go(root)
    shutil.rmtree(root / ".outreach")
    if is_renamed:
        rename(root)
    assert run(root, "sync").code == 0
    name = "new" if is_renamed else "c0000"
    with pytest.raises(NoReply, match="from another computer"):
        write_reply(root, ReplyOrder(contact=name, text="Once more."))
    assert str(write_reply(root, ReplyOrder(contact=name, text="Once more.", again=True)).id) == f"reply/{name}/2"
    write_reply(root, ReplyOrder(contact=name, text="Better."))


@pytest.mark.parametrize("is_sent", [False, True])
def test_a_contact_that_was_renamed_gets_its_reply_once(root: Path, is_sent: bool) -> None:
    write(root)
    approve(root, ["reply/c0000/1"])
    if is_sent:
        assert go(root) == [ActionResult.DONE]
    rename(root)
    if not is_sent:
        assert [each.result for each in send_reply(root, "new").actions] == [ActionResult.DONE]
    with pytest.raises(NoReply, match="You answered this message"):
        write_reply(root, ReplyOrder(contact="new", text="Once more."))
    assert len(list((root / "outbox" / "reply").glob("*.eml"))) == 1
    again = write_reply(root, ReplyOrder(contact="new", text="Once more.", again=True))
    assert str(again.id) == "reply/new/2"


@pytest.mark.parametrize("first", ["nobody", "c0000", "c0001"])
def test_two_contacts_that_became_one_keep_their_replies_apart(root: Path, first: str) -> None:
    """Each has a first reply: one that was sent does not answer the message of the other."""
    arrives(root, "b1", "c0001", text="And me.")
    for name in ("c0000", "c0001"):
        write_reply(root, ReplyOrder(contact=name, text="Yes."))
        approve(root, [f"reply/{name}/1"])
    if first != "nobody":
        send_reply(root, first)
    file = root / "contacts" / "all.csv"
    head, one, _, *others = file.read_text().splitlines()
    file.write_text("\n".join([f"{head},was", f"{one},c0001", *(f"{row}," for row in others)]) + "\n")
    with session(root) as opened:
        waiting = open_replies(opened, opened.world())
    assert len(waiting) == len({each.id for each in waiting}) == (2 if first == "nobody" else 1)
    assert all(each.is_approved for each in waiting), "none is hidden by the other"
    assert first != "nobody" or "outreach reply reply/c0000/1 --go" in run(root, "--json").out
    for message, name in (("m1", "c0000"), ("m2", "c0001")):
        if name == first:
            with pytest.raises(NoReply, match="You answered this message"):
                write(root, message=message, to=f"info@{name}.example")
            continue
        written = write(root, message=message, to=f"info@{name}.example")
        approve(root, [str(written.id)])
        assert [each.result for each in send_reply(root, str(written.id)).actions] == [ActionResult.DONE]
        with pytest.raises(NoReply, match="You answered this message"):
            write(root, message=message, to=f"info@{name}.example")
    answered = [
        str(message_from_bytes(file.read_bytes())["In-Reply-To"]) for file in (root / "outbox" / "reply").glob("*.eml")
    ]
    assert sorted(answered) == ["<a1@c0000.example>", "<b1@c0001.example>"]


def test_who_opted_out_is_answered_only_after_a_confirmation(root: Path) -> None:
    write(root)
    approve(root, ["reply/c0000/1"])
    arrives(root, "a2", text="unsubscribe")
    run(root, "sort", "m2", "opt-out")
    assert go(root) == [ActionResult.HELD], "they opted out after it was approved"
    with pytest.raises(AskFirst, match="opted out"):
        write(root)
    write(root, to_opted_out=True, message="m2")
    approve(root, ["reply/c0000/2"])
    assert go(root) == [ActionResult.DONE]


def test_a_name_that_is_no_reply_is_one_sentence(root: Path) -> None:
    write(root)
    for words in (("reply", "reply/c0000/x", "--go"), ("reply", "a/b/c", "--go"), ("approve", "reply/c0000/x")):
        answer = run(root, *words)
        assert answer.code in (0, 2)
        assert "fault of outreach" not in answer.err


def test_a_reply_that_was_not_sent_is_sent_by_the_command_that_is_named(root: Path) -> None:
    write(root)
    approve(root, ["reply/c0000/1"])
    go(root)
    assert "`outreach reply c0000 --go` sends it" in run(root, "confirm", "reply/c0000/1", "--not-sent").out
    assert go(root) == [ActionResult.DONE]


def test_a_pause_counts_and_window_and_pace_do_not(tmp_path: Path) -> None:
    root = campaign(tmp_path / "campaign", "calendar: {hours: 03:00-03:01}\n")
    file = root / "campaign.yaml"
    file.write_text(file.read_text().replace("per_day: 100000", "per_day: 1"))
    arrives_anyway = root / "mailbox" / "x.eml"
    arrives_anyway.write_text(
        "From: info@c0000.example\nTo: alex@sender.example\nSubject: Your campaign\nMessage-ID: <x@c0000.example>\n"
        "Date: Mon, 30 Nov 2026 12:00:00 +0000\n\nPlease call.\n"
    )
    file.write_text(file.read_text().replace("template: hello,", "template: hello, start: 2026-01-01,"))
    sync(root)
    write(root)
    approve(root, ["reply/c0000/1"])
    for target in ([], ["c0000"]):
        assert run(root, "pause", *target, "--because", "wait").code == 0
        assert go(root) == [ActionResult.HELD]
        assert run(root, "resume", *target).code == 0
    assert go(root) == [ActionResult.DONE]


def test_in_drafts_it_becomes_a_draft_and_is_their_turn_once_it_was_sent(tmp_path: Path) -> None:
    with scripted_imap("gmail") as server:
        from tests.sending.test_draft_fates import campaign as with_drafts

        root = with_drafts(tmp_path / "campaign", server.port)
        server.sent.add({"\\Seen"}, server.drafts.mails.pop(0).data)
        run(root, "sync")
        answer = "From: info@c0000.example\r\nTo: alex@sender.example\r\nSubject: Re: Hello\r\n"
        answer += f"Message-ID: <a@c0000.example>\r\nIn-Reply-To: {letter_to(root, 'c0000')}\r\n\r\nYes?\r\n"
        server.folders["INBOX"].add(set(), answer.encode())
        run(root, "sync")
        write(root)
        approve(root, ["reply/c0000/1"])
        assert go(root) == [ActionResult.DONE]
        assert [each.header("Subject") for each in server.drafts.mails].count("Re: Hello") == 1

        def turn() -> str:
            return str(next(each for each in said(root, "status")["contacts"] if each["id"] == "c0000")["turn"])

        assert turn() == "ours"
        assert "Send: your reply to Contact 0 is in your drafts" in run(root).out
        with pytest.raises(NoReply, match="is in your drafts"):
            write(root, "Another text.")
        with pytest.raises(NoReply, match="is in your drafts"):
            go(root)
        draft = server.drafts.mails.pop().data
        assert [each["fate"] for each in said(root, "sync")["drafts"]] == ["deleted"]
        assert "You deleted the draft of your reply to Contact 0" in run(root).out
        with pytest.raises(NoReply, match="You deleted the draft"):
            go(root)
        server.drafts.add({"\\Draft"}, draft)
        assert [each["fate"] for each in said(root, "sync")["drafts"]] == ["there"]
        server.sent.add({"\\Seen"}, server.drafts.mails.pop().data)
        assert [each["fate"] for each in said(root, "sync")["drafts"]] == ["sent"]
        assert turn() == "theirs"


def test_what_a_person_types_is_never_run_and_a_placeholder_is_refused(root: Path) -> None:
    assert b"{{ contact.name }} {% if x %}" in write(root, "Write {{ contact.name }} {% if x %} there.").frozen
    with pytest.raises(NoReply):
        write(root, "Dear [Your name],")
    with pytest.raises(NoReply, match="no text"):
        write(root, "  ")


def test_a_template_can_answer(root: Path) -> None:
    (root / "templates" / "thanks.md").write_text(
        "---\nsubject: Thanks\nattachments: [brief]\n---\nDear {{ contact.name }}!\n"
    )
    found = write_reply(root, ReplyOrder(contact="c0000", template="thanks"))
    assert b"Dear Contact 0!" in found.frozen
    assert b"brief.txt" in found.frozen
    approve(root, ["reply/c0000/1"])
    assert go(root) == [ActionResult.DONE]
    assert [part.get_filename() for part in sent(root).iter_attachments()] == ["brief.txt"]


def test_the_command_line_writes_and_sends(root: Path) -> None:
    (root / "answer.md").write_text("Gladly.")
    found = said(root, "reply", "c0000", "--text", str(root / "answer.md"))
    assert (found["id"], found["to"], found["approved"]) == ("reply/c0000/1", "info@c0000.example", False)
    assert run(root, "reply", "c0001", "--text", str(root / "answer.md")).code == 2
    assert run(root, "approve", "reply/c0000/1", "--yes").code == 0
    assert [each["result"] for each in said(root, "reply", "c0000", "--go")["actions"]] == ["done"]
    assert run(root, "confirm", "reply/c0000/1", "--not-sent").code == 0
    assert [each["result"] for each in said(root, "reply", "c0000", "--go")["actions"]] == ["done"]


def test_no_wave_may_be_called_reply(tmp_path: Path) -> None:
    root = write_campaign(tmp_path)
    file = root / "campaign.yaml"
    file.write_text(file.read_text().replace("{id: one,", "{id: reply,"))
    assert "bad-value" in [each["code"] for each in said(root, "check")["problems"]]


# --- once ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counting]:
    with counting(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def approved(server: Counting, tmp_path: Path) -> Path:
    plain = f"transport: smtp, host: 127.0.0.1, port: {server.port}, insecure_loopback: true"
    root = campaign(tmp_path / "approved", transport=plain)
    arrives(root)
    write(root)
    approve(root, ["reply/c0000/1"])
    server.log.unlink(missing_ok=True)
    return root


def test_a_double_click_sends_one(approved: Path, server: Counting) -> None:
    found: list[object] = []

    def click() -> None:
        try:
            found.extend(go(approved))
        except (AccountBusy, NoReply) as error:
            found.append(error)

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    assert found.count(ActionResult.DONE) == 1
    assert sorted(server.taken().values()) == [1]


def test_two_who_write_at_once_answer_one_message_once(approved: Path) -> None:
    found: list[str] = []
    writing = [threading.Thread(target=lambda: found.append(str(write(approved, "Me too.").id))) for _ in range(3)]
    for each in writing:
        each.start()
    for each in writing:
        each.join()
    assert set(found) == {"reply/c0000/1"}


def test_a_kill_at_any_moment_sends_it_at_most_once_and_says_what_is_unknown(
    approved: Path, server: Counting, tmp_path: Path
) -> None:
    chance, deaths = random.Random(7), 0
    for number in range(KILLS):
        server.log.unlink(missing_ok=True)
        root = Path(shutil.copytree(approved, tmp_path / str(number)))
        moment = chance.randrange(1, 40)
        deaths += killed(lambda at=moment, there=root: dying_at(at, there, go))  # type: ignore[misc]
        try:
            after = go(root)
        except NoReply:  # it was sent, or nobody knows
            after = []
        taken = server.taken()
        assert sum(taken.values()) <= 1, "it left twice"
        with open_ledger(root) as ledger:
            letters = [each for each in ledger.past().contacts["c0000"].letters if each.wave == "reply"]
        assert len(letters) == 1, (after, moment)
        assert letters[0].kind == "in-doubt" or taken, "it is called sent, and nobody has it"
    assert deaths > KILLS // 2


# --- bytes ---------------------------------------------------------------------------------------------

OURS = Message(
    sender_name="A",
    sender_email="a@x.example",
    recipient_name="B",
    recipient_email="b@y.example",
    subject="Re:",
    message_id="<us@x.example>",
    text="Yes.\n",
    html="<html><body><p>Yes.</p></body></html>",
)
HOSTILE = st.text(max_size=30) | st.sampled_from(
    [
        "=?utf-8?q?a=0ABcc:_e@x.example?=",
        "a\r\nBcc: e@x.example",
        "<x@y>\r\nTo: z@z",
        "\u2028",
        "",
        "Re: Grüße",
        "<a@b>",
    ]
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(subject=HOSTILE, answers=HOSTILE, before=st.lists(HOSTILE, max_size=3), text=HOSTILE)
def test_whatever_they_wrote_a_reply_is_a_sound_message(
    subject: str, answers: str, before: list[str], text: str
) -> None:
    made = in_thread(OURS, subject=subject, otherwise="Re: Hello", answers=answers, before=tuple(before))
    made = quoted_below(made, wrote="b@y.example", at=NOW, text=text, language="en")
    assert faults(made) == []
    assert parse_back(as_bytes(made), made) == []
    assert made.html is not None
    assert "<script" not in made.html.replace("&lt;script", "")
