"""A person approves exact bytes; what is sent is what was approved, and a change takes the approval away."""

from __future__ import annotations

import hashlib
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.sending.campaigns import results, run, said, write_campaign

NOW = "2026-01-13T10:00:00+01:00"
LETTER = "one/c0000/0"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_campaign(tmp_path)


def edit(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def states(root: Path, now: str = NOW) -> dict[str, str]:
    return {each["id"]: each["state"] for each in said(root, "status", now=now)["contacts"]}


def test_nothing_leaves_unapproved(root: Path) -> None:
    assert set(results(root, "--go", now=NOW).values()) == {"held"}
    told = run(root, "send", now=NOW).out
    assert "held, not approved; `outreach approve one`\nNothing goes out now.\n" in told
    assert told.count("not approved") == 1
    assert not (root / "outbox").exists()


def test_approve_shows_every_letter_whole_and_binds_to_its_digest(root: Path) -> None:
    drafted = {each["id"]: each["digest"] for each in said(root, "draft", now=NOW)["letters"]}
    letters = said(root, "approve", "one", now=NOW)["letters"]
    assert {each["id"]: each["digest"] for each in letters} == drafted
    assert {each["result"] for each in letters} == {"approved"}
    assert letters[0]["text"] == "Dear Contact 0,\n\nAngle 0.\n\nAlex Example\n"
    assert letters[0]["attachments"][0]["name"] == "brief.txt"
    assert states(root)["c0000"] == "approved"
    assert {each["result"] for each in said(root, "approve", "one", now=NOW)["letters"]} == {"unchanged"}


def test_the_page_for_people_says_whether_it_was_tested(root: Path) -> None:
    assert f"({LETTER}): not tested" in run(root, "approve", LETTER, now=NOW).out
    run(root, "test", "c0001", now=NOW)
    assert "(one/c0001/0): tested" in run(root, "approve", "c0001", now=NOW).out


def test_whoever_tested_one_email_of_each_template_is_asked_for_no_other_test(root: Path) -> None:
    asked = "You have not tested all of them: outreach test one"
    assert asked in run(root, "approve", "one", now=NOW).out
    run(root, "test", "one", now=NOW)
    run(root, "approve", "one", "--withdraw", now=NOW)
    assert asked not in run(root, "approve", "one", now=NOW).out


def test_what_is_sent_is_what_was_approved(root: Path) -> None:
    digest = said(root, "approve", LETTER, now=NOW)["letters"][0]["digest"]
    assert results(root, "--go", now=NOW)[LETTER] == "done"
    sent = (root / "outbox/one/c0000.eml").read_bytes()
    dateless = b"\r\n".join(line for line in sent.split(b"\r\n") if not line.startswith(b"Date: "))
    parsed = message_from_bytes(sent, policy=policy.default)
    [brief] = list(parsed.iter_attachments())
    content = (root / "brief.txt").read_bytes()
    assert brief.get_content().encode() == content
    body = dateless[dateless.rindex(b"filename=") :]
    body = body[body.index(b"\r\n\r\n") + 4 : body.rindex(b"\r\n--")]
    assert (
        digest
        == hashlib.sha256(dateless.replace(body, hashlib.sha256(content).hexdigest().encode() + b"\r\n")).hexdigest()
    )


def test_editing_a_template_takes_away_the_approval_of_exactly_the_letters_that_changed(root: Path) -> None:
    run(root, "approve", "one", now=NOW)
    edit(root, "templates/hello.md", "Dear", "{% if contact.name == 'Contact 1' %}Hello{% else %}Dear{% endif %}")
    assert states(root) == {"c0000": "approved", "c0001": "drafted", "c0002": "approved"}
    status = said(root, "status", now=NOW)
    assert [each["id"] for each in status["changed"]] == ["one/c0001/0"]
    assert "-Dear Contact 1," in status["changed"][0]["difference"]
    assert "+Hello Contact 1," in status["changed"][0]["difference"]
    found = results(root, "--go", now=NOW)
    assert found == {
        "one/c0000/0": "done",
        "one/c0001/0": "held",
        "one/c0002/0": "done",
        **_follow_ups("c0000", "c0002"),
    }
    edit(root, "templates/hello.md", "%}Hello{%", "%}Dear{%")
    assert results(root, "--go", now=NOW)["one/c0001/0"] == "done", "the bytes are those that were approved again"


def _follow_ups(*contacts: str) -> dict[str, str]:
    return {f"one/{contact}/1": "held" for contact in contacts}


def test_another_attachment_takes_every_approval_away(root: Path) -> None:
    run(root, "approve", "one", now=NOW)
    (root / "brief.txt").write_text("Another brief.")
    assert set(states(root).values()) == {"drafted"}


def test_numbers_that_come_in_later_take_no_approval_away_and_change_no_byte(root: Path) -> None:
    (root / "posts").mkdir()
    (root / "posts" / "r-linux.md").write_text("---\nnetworks: [reddit]\nat: 2026-01-06 14:00\n---\nText.\n")
    edit(root, "templates/hello.md", "Dear", "{{ posts['r-linux'].upvotes }} liked it. Dear")
    refused = said(root, "approve", "one", now=NOW)["letters"][0]
    assert (refused["result"], refused["reason"]) == ("refused", "posts.r-linux.upvotes is not known yet")
    assert run(root, "approve", "one", now=NOW).code == 1
    run(root, "note", "r-linux", "posted", "--url", "https://reddit.example/1", "upvotes=150", now=NOW)
    assert run(root, "approve", "one", now=NOW).code == 0
    run(root, "note", "r-linux", "other", "upvotes=200", now=NOW)
    assert set(states(root).values()) == {"approved"}
    assert results(root, "--go", now=NOW)[LETTER] == "done"
    assert b"150 liked it." in (root / "outbox/one/c0000.eml").read_bytes()


def test_an_approval_can_be_withdrawn(root: Path) -> None:
    run(root, "approve", "one", now=NOW)
    assert said(root, "approve", LETTER, "--withdraw", now=NOW)["letters"][0]["result"] == "withdrawn"
    assert results(root, "--go", now=NOW)[LETTER] == "held"


def test_without_required_approval_what_is_due_leaves(root: Path) -> None:
    edit(root, "campaign.yaml", "id: small", "id: small\napproval: none")
    assert results(root, "--go", now=NOW)[LETTER] == "done"


def test_frozen_bytes_that_were_tampered_with_are_not_sent(root: Path) -> None:
    digest = said(root, "approve", LETTER, now=NOW)["letters"][0]["digest"]
    (root / ".outreach/blobs" / digest[:2] / digest).write_bytes(b"From: somebody\r\n\r\nelse")
    answer = run(root, "send", "--go", now=NOW)
    assert answer.code == 2
    assert "was changed there" in answer.err
    assert not list((root / "outbox").rglob("*.eml"))


@pytest.mark.parametrize("name", ["two", "one/nobody/0", "c9999"])
def test_what_is_not_there_cannot_be_approved(root: Path, name: str) -> None:
    answer = run(root, "approve", name, now=NOW)
    assert answer.code == 2
    assert f"There is no wave, post, contact or letter {name!r}." in answer.err


def test_an_attachment_is_frozen_once(root: Path) -> None:
    run(root, "approve", "one", now=NOW)
    blobs = [path for path in (root / ".outreach/blobs").rglob("*") if path.is_file()]
    assert len(blobs) == 3 + 1


# --- test letters -------------------------------------------------------------------------------------


def test_a_test_letter_goes_to_ourselves_and_counts_for_nothing(root: Path) -> None:
    [tested] = said(root, "test", "c0000", now=NOW)["tested"]
    [file] = (root / "outbox").rglob("*.eml")
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert letter["To"].addresses[0].addr_spec == "alex@sender.example"
    assert str(letter["Subject"]) == "[TEST for c0000] Hello Contact 0"
    assert [each.get_filename() for each in letter.iter_attachments()] == ["brief.txt"]
    assert tested["receipt"] == letter["Message-ID"]
    assert states(root) == dict.fromkeys(["c0000", "c0001", "c0002"], "drafted")
    run(root, "approve", "one", now=NOW)
    run(root, "send", "--go", now=NOW)
    sent = message_from_bytes((root / "outbox/one/c0000.eml").read_bytes(), policy=policy.default)
    assert sent["Message-ID"] != letter["Message-ID"]


def test_a_wave_is_tested_once_for_each_template(root: Path) -> None:
    edit(root, "campaign.yaml", "template: hello,", "template: [{if: \"id == 'c0001'\", use: again}, {use: hello}],")
    tested = said(root, "test", "one", now=NOW)["tested"]
    assert sorted(each["id"] for each in tested) == ["one/c0000/0", "one/c0001/0"]
