"""A copy goes to people of `team`, and to nobody else; whoever approves a letter sees it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.letters.mime import Message, as_bytes, envelope, faults, freeze, parse_back
from outreach.tasks.approving import approve
from tests.sending.campaigns import run, said, write_campaign
from tests.servers.counting import Counting, counting

TEAM = 'team: [maria@example.org, "@alliance.example"]\n'


def campaign(root: Path, cc: str, *, port: int | None = None, team: str = TEAM) -> Path:
    write_campaign(root, contacts=2, port=port, more=team)
    file = root / "templates" / "hello.md"
    file.write_text(file.read_text().replace("---\nsubject", f"---\ncc: {cc}\nsubject", 1))
    return root


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Counting]:
    with counting(tmp_path / "server") as running:
        yield running


def test_team_gets_a_copy_and_approval_says_so(server: Counting, tmp_path: Path) -> None:
    root = campaign(tmp_path / "campaign", "[maria@example.org, jo@alliance.example]", port=server.port)
    assert "Copy to (they see it): maria@example.org, jo@alliance.example" in run(root, "approve", "one").out
    assert [each["result"] for each in said(root, "send", "--go")["actions"]] == ["done", "done", "held", "held"]
    assert sorted(server.letters()[0]["to"].split()) == [
        "info@c0000.example",
        "jo@alliance.example",
        "maria@example.org",
    ]


@pytest.mark.parametrize("cc", ["somebody@elsewhere.example", "[maria@example.org, x@alliance.example.org]"])
def test_nobody_else_gets_one(cc: str, tmp_path: Path) -> None:
    root = campaign(tmp_path, cc)
    problems = said(root, "check")["problems"]
    assert [each["code"] for each in problems] == ["cc-outside-team"]
    assert problems[0]["file"] == "templates/hello.md"
    assert [each["result"] for each in said(root, "send", "--go")["actions"]] == ["held", "held"]


def test_a_contact_gets_none_whatever_team_says(tmp_path: Path) -> None:
    root = campaign(tmp_path, "info@c0001.example", team='team: ["@c0001.example"]\n')
    assert "cc-outside-team" in [each["code"] for each in said(root, "check")["problems"]]


def test_a_change_of_team_is_seen_by_what_was_approved(tmp_path: Path) -> None:
    root = campaign(tmp_path, "maria@example.org")
    approve(root, ["one"])
    file = root / "campaign.yaml"
    file.write_text(file.read_text().replace("maria@example.org, ", ""))
    assert [each["result"] for each in said(root, "send", "--go")["actions"]] == ["held", "held"]


def test_a_test_email_has_no_copy(server: Counting, tmp_path: Path) -> None:
    root = campaign(tmp_path / "campaign", "maria@example.org", port=server.port)
    assert run(root, "test", "c0000").code == 0
    assert server.letters()[0]["to"] == "alex@sender.example"


ADDRESSES = st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8})?@[a-z]{1,12}\.example", fullmatch=True) | st.sampled_from(
    ["a@x.example, b@y.example", "a@x.example\r\nBcc: c@z.example", "A <a@x.example>", "", "a"]
)


@given(st.lists(ADDRESSES, max_size=6).map(tuple))
def test_copies_are_read_back_as_they_were_meant_or_refused(cc: tuple[str, ...]) -> None:
    made = Message(
        sender_name="A",
        sender_email="a@s.example",
        recipient_name="B",
        recipient_email="b@r.example",
        subject="Hello",
        message_id="<us@s.example>",
        text="Yes.\n",
        cc=cc,
    )
    if faults(made):
        assert any("," in each or " " in each or "@" not in each for each in cc)
        return
    assert parse_back(as_bytes(made), made) == []
    assert envelope(freeze(made)).cc == cc
