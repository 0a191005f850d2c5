"""Two clones of a campaign on two computers, without a server: nobody is written to twice, and every merge is clean.

The oracle is the counting mail server, which knows nothing of outreach. The remote is a bare repository.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from outreach.connections.remotes import confirm_remote
from outreach.tasks.importing.beginning import init
from tests.connections.planted import plain_git
from tests.inbox.messages import message
from tests.sending.campaigns import results, run, said, write_campaign
from tests.servers.counting import Counting, counting

WAYS = int(os.environ.get("OUTREACH_TEST_CLONES", "4"))
"""In how many ways two clones are interleaved. 200 takes some minutes."""


@pytest.fixture(autouse=True)
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home of its own, in which no remote is confirmed."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counting]:
    with counting(tmp_path_factory.mktemp("server")) as running:
        yield running


class Computers:
    """Two clones that share a bare remote and, with `sent`, a mailbox into which the provider files what was sent."""

    def __init__(self, folder: Path, server: Counting, *, sent: bool, contacts: int = 3, marked: bool = True) -> None:
        server.log.unlink(missing_ok=True)
        server.will()
        self.server, self.mailbox, self.remote = server, folder / "mailbox", folder / "remote.git"
        self.mailbox.mkdir(parents=True)
        relay = f"transport: smtp, host: 127.0.0.1, port: {server.port}, insecure_loopback: true"
        inbox = f", inbox: {{folder: {self.mailbox}}}" if sent else ""
        first = write_campaign(folder / "first", mail=f"{{{relay}{inbox}}}", contacts=contacts)
        (first / ".gitignore").write_text(".outreach/\n", encoding="utf-8")
        if marked:
            (first / ".gitattributes").write_text(
                "receipts.jsonl merge=union\nreceipts.key merge=union\n", encoding="utf-8"
            )
        plain_git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(self.remote))
        plain_git(first, "init", "--quiet", "--initial-branch=main")
        plain_git(first, "remote", "add", "origin", str(self.remote))
        self.commit(first)
        plain_git(first, "push", "--quiet", "--set-upstream", "origin", "main")
        plain_git(folder, "clone", "--quiet", str(self.remote), str(folder / "second"))
        self.roots = (first, folder / "second")
        if sent:
            for root in self.roots:
                run(root, "trust", str(self.mailbox))

    def commit(self, root: Path) -> None:
        plain_git(root, "add", "--all")
        plain_git(root, "commit", "--quiet", "--allow-empty", "--message", "What was sent")

    def pull(self, root: Path) -> None:
        plain_git(root, "pull", "--quiet", "--no-rebase", "--no-edit")

    def share(self, root: Path) -> None:
        """Commit, pull and push, as a person does; a merge that needs a hand leaves something unmerged."""
        self.commit(root)
        self.pull(root)
        assert plain_git(root, "ls-files", "--unmerged") == ""
        plain_git(root, "push", "--quiet")
        assert plain_git(root, "rev-parse", "HEAD") == plain_git(root, "rev-parse", "@{upstream}")

    def send(self, root: Path, *words: str) -> dict[str, str]:
        found = results(root, "--go", "--no-wait", *words)
        self.file()
        return found

    def file(self) -> None:
        """Put what was sent into Sent, as a provider does."""
        for number, letter in enumerate(self.server.letters()):
            place = self.mailbox / f"sent{number}.eml"
            if not place.exists():
                sent = message(
                    "alex@sender.example", "Hello", subject="Hello", to=letter["to"], id=letter["id"],
                    at=datetime.now(UTC),
                )  # fmt: skip
                place.write_bytes(sent)

    @property
    def taken(self) -> dict[str, int]:
        return dict(self.server.taken())


def test_a_clone_adopts_what_the_other_one_sent_and_pushed_before_it_decides(tmp_path: Path, server: Counting) -> None:
    both = Computers(tmp_path, server, sent=False)
    first, second = both.roots
    confirm_remote(str(both.remote))
    for root in both.roots:
        run(root, "approve", "one")
    assert both.send(first, "--limit", "2")
    both.share(first)
    answer = said(second, "send", "--go", "--no-wait")
    assert answer["note"] == "Another computer sent 2 emails and posts of this campaign; recorded here."
    assert len(both.taken) == 3
    assert set(both.taken.values()) == {1}
    both.share(second)
    both.share(first)
    assert (first / "receipts.jsonl").read_bytes() == (second / "receipts.jsonl").read_bytes()
    assert "done" not in both.send(first).values()


def test_a_reply_that_another_clone_sent_is_not_sent_again(tmp_path: Path, server: Counting) -> None:
    both = Computers(tmp_path, server, sent=True)
    first, second = both.roots
    confirm_remote(str(both.remote))
    run(first, "approve", "one")
    both.send(first)
    both.share(first)
    both.pull(second)
    letter = next(iter(both.server.letters()))
    (both.mailbox / "answer.eml").write_bytes(
        message(letter["to"], "Thank you.", subject="Re: Hello", to="alex@sender.example", id="<a@b>",
                answers=letter["id"], at=datetime.now(UTC))
    )  # fmt: skip
    contact = letter["to"].partition("@")[2].partition(".")[0]
    (tmp_path / "reply.txt").write_text("Gladly.", encoding="utf-8")
    for root in both.roots:
        run(root, "sync")
        answer = run(root, "reply", contact, "--text", str(tmp_path / "reply.txt"))
        assert answer.code == 0, answer.err
        run(root, "approve", f"reply/{contact}/1")
    assert run(first, "reply", contact, "--go").code == 0
    both.share(first)
    late = run(second, "reply", contact, "--go")
    assert "was sent already" in late.err
    assert len(both.taken) == 4, late.out
    assert set(both.taken.values()) == {1}


def test_a_remote_that_was_not_confirmed_is_said_once_and_holds_nothing(tmp_path: Path, server: Counting) -> None:
    both = Computers(tmp_path, server, sent=False)
    first, _ = both.roots
    run(first, "approve", "one")
    answer = run(first, "send", "--go", "--no-wait", "--limit", "1")
    assert f"outreach trust {both.remote}" in answer.out
    assert "not confirmed" not in run(first, "send", "--go", "--no-wait", "--limit", "1").out
    assert len(both.taken) == 2


def test_trust_takes_a_remote_and_takes_it_back(tmp_path: Path, server: Counting) -> None:
    both = Computers(tmp_path, server, sent=False)
    first, _ = both.roots
    assert said(first, "trust", str(both.remote)) == {"remote": str(both.remote), "allowed": True}
    assert said(first, "trust")["remotes"] == [str(both.remote)]
    assert said(first, "trust", str(both.remote), "--undo")["allowed"] is False
    assert said(first, "trust")["remotes"] == []
    assert "ext::" in run(first, "trust", "ext::sh -c true://x").err


@pytest.mark.parametrize("sent", [False, True])
def test_a_confirmed_remote_out_of_reach_holds_letters_unless_sent_shows_them(
    tmp_path: Path, server: Counting, sent: bool
) -> None:
    both = Computers(tmp_path, server, sent=sent)
    first, _ = both.roots
    confirm_remote(str(both.remote))
    run(first, "approve", "one")
    shutil.move(both.remote, tmp_path / "away")
    answer = run(first, "send", "--go", "--no-wait")
    assert "could not be reached" in answer.out + answer.err
    assert len(both.taken) == (3 if sent else 0)


def test_init_begins_with_the_key_and_tells_git_how_receipts_merge(tmp_path: Path) -> None:
    root = tmp_path / "new"
    init(root, [])
    assert len((root / "receipts.key").read_text(encoding="utf-8").strip()) == 64
    assert "receipts.jsonl merge=union" in (root / ".gitattributes").read_text(encoding="utf-8")


def test_a_campaign_of_an_older_version_tells_git_with_its_first_receipt(tmp_path: Path, server: Counting) -> None:
    both = Computers(tmp_path, server, sent=False, marked=False)
    first, _ = both.roots
    (first / ".gitattributes").write_text("*.pdf binary", encoding="utf-8")
    run(first, "approve", "one")
    both.send(first)
    assert (first / ".gitattributes").read_text(encoding="utf-8") == (
        "*.pdf binary\nreceipts.jsonl merge=union\nreceipts.key merge=union\n"
    )


def test_a_conflict_that_git_left_is_read_as_both_sides_and_gone_after_the_next_letter(
    tmp_path: Path, server: Counting
) -> None:
    """Both clones are of an older version, and sent to different people before they met."""
    both = Computers(tmp_path, server, sent=False, marked=False)
    for root, contact in zip(both.roots, ("c0000", "c0001"), strict=True):
        run(root, "approve", contact)
        both.send(root)
        (root / ".gitattributes").unlink()
        both.commit(root)
    first, second = both.roots
    plain_git(first, "push", "--quiet")
    both.pull(second)
    for name in ("receipts.jsonl", "receipts.key"):
        assert "<<<<<<<" in (second / name).read_text(encoding="utf-8")
    assert not [each for each in said(second, "check")["problems"] if each["file"].startswith("receipts")]
    assert run(second, "sync").code == 0
    assert "<<<<<<<" not in (second / "receipts.jsonl").read_text(encoding="utf-8")
    run(second, "approve", "one")
    both.send(second)
    assert set(both.taken.values()) == {1}
    assert len(both.taken) == 3
    for name in ("receipts.jsonl", "receipts.key"):
        assert "<<<<<<<" not in (second / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("seed", range(WAYS))
def test_two_clones_in_any_order_write_to_nobody_twice_and_every_merge_is_clean(
    seed: int, tmp_path: Path, server: Counting
) -> None:
    """Each acts in turn: send, sync, commit, pull, push. Sent shows each letter, or a push follows it."""
    chance = random.Random(seed)
    sent, contacts = seed % 2 == 0, chance.randint(2, 5)
    both = Computers(tmp_path, server, sent=sent, contacts=contacts)
    confirmed = not sent or chance.random() < 0.5
    if confirmed:
        confirm_remote(str(both.remote))
    for root in both.roots:
        run(root, "approve", "one")
    for _ in range(chance.randint(4, 8)):
        root = chance.choice(both.roots)
        what = chance.choice(["send", "send", "send", "sync", "share", "commit"])
        if what == "send":
            refused = run(root, "send", "--go", "--no-wait", "--limit", str(chance.randint(1, 2))).code == 2
            assert not refused or not confirmed  # a person pulled, and is told to sync
            both.file()
            if not sent:
                both.share(root)
        elif what == "sync":
            run(root, "sync")
        elif what == "share":
            both.share(root)
        else:
            both.commit(root)
        assert set(both.taken.values()) <= {1}
    for root in (*both.roots, both.roots[0]):
        both.share(root)
    for root in both.roots:
        run(root, "sync")
        both.send(root)
        both.share(root)
    assert both.taken == dict.fromkeys(both.taken, 1)
    assert len(both.taken) == contacts
