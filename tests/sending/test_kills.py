"""SIGKILL at any point of sending, then one restart: no letter twice, none lost, none in doubt unsaid.

A server that counts for itself is the judge (`tests/servers/counting.py`). `OUTREACH_KILLS` says how many random
moments are tried (100 here, 1,000 in `make torture`), `OUTREACH_KILLS_SHARED` how many with a ledger in PostgreSQL.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from outreach.ledger import Ledger, open_ledger
from outreach.model.action import ActionResult
from outreach.tasks.approving import approve
from outreach.tasks.sending import SendOrder, send
from tests.sending.campaigns import write_campaign
from tests.servers.counting import Counting, counting

LETTERS = 2
KILLS = int(os.environ.get("OUTREACH_KILLS", "100"))
KILLS_SHARED = int(os.environ.get("OUTREACH_KILLS_SHARED", "2"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counting]:
    with counting(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def approved(server: Counting, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_campaign(tmp_path_factory.mktemp("campaign"), port=server.port, contacts=LETTERS)
    assert {each.verdict for each in approve(root, ["one"]).letters} == {"approved"}
    return root


@pytest.fixture
def root(approved: Path, server: Counting, tmp_path: Path, kept_in: Callable[[Path], Path]) -> Path:
    """The campaign, approved and unsent; and a server that has taken nothing."""
    server.log.unlink(missing_ok=True)
    server.will()
    return kept_in(Path(shutil.copytree(approved, tmp_path / "campaign")))


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(work: Callable[[], object], prepare: Callable[[int], None] = lambda pid: None) -> bool:
    """Whether a child that does `work` was killed; `prepare` is told its process id before it begins."""
    waits, goes = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.read(waits, 1)
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    prepare(child)
    os.write(goes, b".")
    status = os.waitpid(child, 0)[1]
    os.close(waits)
    os.close(goes)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child failed by itself"
    return os.WIFSIGNALED(status)


def go(root: Path) -> dict[str, ActionResult]:
    return {action.id: action.result for action in send(root, SendOrder(go=True)).actions if action.id.endswith("/0")}


def judge(root: Path, server: Counting, *, window: bool) -> None:
    """After the kill, one restart; `window`: whether the letter may have been inside the commit window."""
    found = go(root)
    taken = server.taken()
    assert not [id for id, times in taken.items() if times > 1], "a letter left twice"
    with open_ledger(root) as ledger:
        past = ledger.past()
        assert past == ledger.full_past()
        assert ledger.unfinished() == []
    letters = [letter for contact in past.contacts.values() for letter in contact.letters]
    doubts = [letter for letter in letters if letter.kind == "in-doubt"]
    assert len(doubts) <= (1 if window else 0)
    assert {letter.message_id for letter in letters} >= taken.keys(), "a letter left and nobody knows"
    sent = {letter.message_id for letter in letters if letter.kind == "accepted"}
    assert sent <= taken.keys(), "a letter is called accepted that the server does not have"
    assert len(letters) == LETTERS, "a letter was lost"
    assert list(found.values()).count(ActionResult.UNKNOWN) == len(doubts), "a doubt was not said"
    lines = (root / "receipts.jsonl").read_text().splitlines()
    assert len(lines) == LETTERS, "another computer would not know"
    again = go(root)
    assert set(again.values()) <= {ActionResult.UNKNOWN}, "a letter in doubt was sent again"
    assert server.taken() == taken


BEFORE_THE_DOT = ("greeting", "EHLO", "MAIL", "RCPT", "DATA", "body")


WITH_A_SERVER = [(phase, "sqlite") for phase in (*BEFORE_THE_DOT, "dot", "taken")] + [
    (phase, "postgresql") for phase in ("dot", "taken")
]


@pytest.mark.parametrize(("phase", "kept_in"), WITH_A_SERVER, indirect=["kept_in"])
def test_a_kill_while_the_server_is_at(phase: str, root: Path, server: Counting) -> None:
    if phase == "body":
        # More than the kernel's buffers hold: a sender that is faster than the server cannot be at the dot already.
        (root / "brief.txt").write_text("The brief.\n" * 800_000, encoding="utf-8")
        assert {each.verdict for each in approve(root, ["one"]).letters} == {"approved"}
    assert killed(lambda: go(root), lambda pid: server.will(f"{phase}=kill:{pid}"))
    assert server.left() == []
    judge(root, server, window=phase not in BEFORE_THE_DOT)


POINTS = ("begin before", "begin after", "mark before", "mark after", "settle before", "settle after")


AT_THE_LEDGERS = [(point, "sqlite") for point in POINTS] + [
    (point, "postgresql") for point in (POINTS if KILLS_SHARED > 2 else ("mark before", "mark after", "settle before"))
]


@pytest.mark.parametrize(("point", "kept_in"), AT_THE_LEDGERS, indirect=["kept_in"])
def test_a_kill_at_the_ledgers(point: str, root: Path, server: Counting) -> None:
    name, when = point.split()

    def work() -> None:
        real = getattr(Ledger, name)

        def dying(*args: Any, **keys: Any) -> Any:
            if when == "before":
                die()
            real(*args, **keys)
            return die()

        setattr(Ledger, name, dying)
        go(root)

    assert killed(work)
    judge(root, server, window=point in ("mark after", "settle before"))


def dying_at(moment: int, root: Path, work: Callable[[Path], object] = go) -> None:
    """Send, and die at the n-th SQL statement, write to a socket or file made durable."""
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == moment:
            die()

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **keys: Any) -> Any:
            count()
            return real(*args, **keys)

        return call

    made = Ledger.__init__

    def traced(self: Ledger, db: Any, *args: Any, **keys: Any) -> None:
        made(self, db, *args, **keys)
        if isinstance(db, sqlite3.Connection):
            db.set_trace_callback(count)

    Ledger.__init__ = traced  # type: ignore[method-assign]
    psycopg.Connection.execute = counted(psycopg.Connection.execute)  # type: ignore[method-assign]
    socket.socket.sendall = counted(socket.socket.sendall)  # type: ignore[method-assign]
    os.fsync, os.replace = counted(os.fsync), counted(os.replace)
    work(root)


@pytest.mark.parametrize(("kept_in", "kills"), [("sqlite", KILLS), ("postgresql", KILLS_SHARED)], indirect=["kept_in"])
def test_a_kill_at_random_moments(
    approved: Path, server: Counting, tmp_path: Path, kept_in: Callable[[Path], Path], kills: int
) -> None:
    chance = random.Random(20260113)
    deaths = 0
    for number in range(kills):
        server.log.unlink(missing_ok=True)
        root = kept_in(Path(shutil.copytree(approved, tmp_path / str(number))))
        moment = chance.randrange(1, 80)
        deaths += killed(lambda at=moment, there=root: dying_at(at, there))  # type: ignore[misc]
        judge(root, server, window=True)
        shutil.rmtree(root)
    assert deaths > kills * 3 // 4
