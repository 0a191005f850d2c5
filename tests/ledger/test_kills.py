"""Whatever moment the process is killed at: the ledger opens, and a thing is there or not, never half.

A child does the work and is killed with SIGKILL: at its n-th SQL statement (SQLite's trace calls
before each), at a call that touches a file, or at whatever moment the parent hears of its progress.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from outreach.errors import Refused, RestoreWouldLose
from outreach.ledger import Ledger, open_ledger
from outreach.ledger.backups import backup, restore
from outreach.ledger.blobs import keep, kept, sweep
from outreach.ledger.place import BLOBS
from outreach.ledger.receipts import adopt, elsewhere, hand_on, read_receipts, write_receipts
from outreach.ledger.sqlite import SqliteDatabase
from outreach.model.event import EventKind
from tests.ledger.histories import DAY, event, letter, receipt

K = EventKind
ROOT = Path(__file__).resolve().parent.parent.parent
RECEIPTS = [receipt(f"lobbying/{name}/0", day) for day, name in enumerate(("fsfe", "osi", "edri"))]


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def in_a_child(work: Callable[[], object]) -> bool:
    """Do `work` in another process; whether it was killed before its end."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child failed by itself"
    return os.WIFSIGNALED(status)


def dying_at(statement: int, work: Callable[[Ledger], object], root: Path) -> Callable[[], None]:
    """Work on the ledger whose n-th statement (from 1) is never carried out."""

    def do() -> None:
        seen = 0

        def count(_: str) -> None:
            nonlocal seen
            seen += 1
            if seen == statement:
                die()

        with open_ledger(root) as ledger:
            ledger._db.set_trace_callback(count)
            work(ledger)

    return do


def note(ledger: Ledger) -> None:
    ledger.append(event(K.PROMISE, contact="fsfe", text="send figures", address="a@fsfe.example"))


def decide(ledger: Ledger) -> None:
    ledger.append(event(K.DECIDED, name="reddit", value="go", text="numbers are good"))


def undo(ledger: Ledger) -> None:
    ledger.append(event(K.UNDONE, 5, value="1"))


def both(ledger: Ledger) -> None:
    ledger.append_all([event(K.CALL, contact="fsfe", text="called"), event(K.OUTCOME, contact="osi", value="asks")])


def send(ledger: Ledger) -> None:
    ledger.append(letter(K.ACCEPTED, value="smtp", address="a@fsfe.example"), receipt=RECEIPTS[0])


def take_over(ledger: Ledger) -> None:
    adopt(ledger, RECEIPTS, by="maria", now=DAY)


@pytest.mark.parametrize("work", [note, decide, undo, both, send, take_over], ids=lambda work: work.__name__)
def test_a_kill_at_any_statement_leaves_all_or_nothing(tmp_path: Path, work: Callable[[Ledger], Any]) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    for folder in (whole, tmp_path):
        with open_ledger(folder) as ledger:
            ledger.append(event(K.REPLY, contact="fsfe", text="hello"))
    with open_ledger(whole) as ledger:
        before = ledger.past()
        work(ledger)
        events, after = list(ledger.events()), ledger.past()
    kills = 0
    while in_a_child(dying_at(kills + 1, work, tmp_path)):
        kills += 1
        with open_ledger(tmp_path) as ledger:
            assert list(ledger.events()) == events[:1]
            assert ledger.past() == ledger.full_past() == before
            assert ledger.receipts() == []
    with open_ledger(tmp_path) as ledger:
        assert list(ledger.events()) == events
        assert ledger.past() == ledger.full_past() == after
    assert kills >= 6


def test_a_kill_while_the_ledger_is_made_leaves_one_that_can_be_made(tmp_path: Path) -> None:
    """At each statement, and at each page of what is copied into its file."""

    def do(root: Path, moment: int) -> None:
        import sqlite3

        seen = 0

        def count(*_: object) -> None:
            nonlocal seen
            seen += 1
            if seen == moment:
                die()

        connect, copy = sqlite3.connect, SqliteDatabase.backup

        def traced(*args: Any, **keys: Any) -> sqlite3.Connection:
            db = connect(*args, **keys)
            db.set_trace_callback(count)
            return db

        sqlite3.connect = traced  # type: ignore[assignment]
        SqliteDatabase.backup = lambda db, into: copy(db, into, pages=1, progress=count)  # type: ignore
        open_ledger(root).close()

    moments, was_killed = 0, True
    while was_killed:
        moments += 1
        root = tmp_path / str(moments)
        root.mkdir()
        was_killed = in_a_child(partial(do, root, moments))
        with open_ledger(root) as ledger:
            assert ledger.append(event(K.CALL, contact="fsfe")).number == 1
            assert ledger.past() == ledger.full_past()
    assert moments > 40


WORKER = """
import os, sys
from pathlib import Path
from outreach.ledger import open_ledger
from outreach.ledger.blobs import keep, kept, sweep
from outreach.ledger.place import BLOBS
from outreach.ledger.receipts import adopt
from outreach.model.event import EventKind
from tests.ledger.histories import DAY, event, receipt

with open_ledger(Path(sys.argv[1])) as ledger:
    for number in range(10_000):
        ledger.append(event(EventKind.PROMISE, number % 7, contact=f"c{number % 3}", text=str(number)))
        decided = event(EventKind.DECIDED, 1, name="reddit", value=str(number))
        ledger.append_all([decided, event(EventKind.UNDONE, 2, value="1")])
        adopt(ledger, [receipt(f"w/x{sys.argv[2]}-{number}/{step}") for step in range(3)], by="maria", now=DAY)
        os.write(1, b".")
"""


def test_a_kill_at_any_moment_leaves_what_was_said_to_be_there(tmp_path: Path) -> None:
    said = 0
    for run in range(20):
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(tmp_path), str(run)], cwd=ROOT, stdout=subprocess.PIPE
        )
        assert worker.stdout is not None
        said += len(worker.stdout.read(1 + run % 5))
        worker.kill()
        said += len(worker.stdout.read())
        worker.stdout.close()
        assert worker.wait() == -signal.SIGKILL
        with open_ledger(tmp_path) as ledger:
            events = list(ledger.events())
            assert [x.number for x in events] == list(range(1, len(events) + 1))
            counts = {kind: sum(x.kind is kind for x in events) for kind in (K.PROMISE, K.DECIDED, K.UNDONE, K.ADOPTED)}
            assert counts[K.DECIDED] == counts[K.UNDONE]
            assert counts[K.ADOPTED] % 3 == 0
            assert min(counts.values()) >= said
            assert ledger.past() == ledger.full_past()


@pytest.mark.parametrize("call", ["os.fsync", "os.replace"])
def test_a_kill_while_receipts_are_written_leaves_the_old_file_or_the_new(tmp_path: Path, call: str) -> None:
    write_receipts(tmp_path, RECEIPTS[:1])
    with open_ledger(tmp_path) as ledger:
        take_over(ledger)

    def do() -> None:
        module, _, name = call.partition(".")
        setattr(sys.modules[module], name, die)
        with open_ledger(tmp_path) as ledger:
            hand_on(ledger, tmp_path)

    assert in_a_child(do)
    assert read_receipts(tmp_path) == (RECEIPTS[:1], [])
    with open_ledger(tmp_path) as ledger:
        assert hand_on(ledger, tmp_path) == 2
        assert elsewhere(ledger, read_receipts(tmp_path)[0]) == ()
    assert read_receipts(tmp_path) == (sorted(RECEIPTS), [])


@pytest.mark.parametrize("at", range(1, 5))
@pytest.mark.parametrize("call", ["fsync", "replace", "link"])
def test_a_kill_during_a_restore_leaves_the_old_ledger_or_the_new(tmp_path: Path, call: str, at: int) -> None:
    root, source = tmp_path / "campaign", tmp_path / "b.zip"
    root.mkdir()
    with open_ledger(root) as ledger:
        note(ledger)
        old = ledger.past()
    backup(root, tmp_path / "old.zip")
    with open_ledger(root) as ledger:
        decide(ledger)
        new = ledger.past()
    backup(root, source)
    restore_into = tmp_path / "other"
    restore_into.mkdir()
    restore(restore_into, tmp_path / "old.zip")

    def do() -> None:
        count, real = 0, getattr(os, call)

        def counted(*args: Any, **keys: Any) -> Any:
            nonlocal count
            count += 1
            return die() if count == at else real(*args, **keys)

        setattr(os, call, counted)
        restore(restore_into, source)

    killed = in_a_child(do)
    with open_ledger(restore_into) as ledger:
        found = ledger.past()
        assert found == ledger.full_past()
        assert found in ((old, new) if killed else (new,))
    restore(restore_into, source)
    with open_ledger(restore_into) as ledger:
        assert ledger.past() == new
    with pytest.raises(RestoreWouldLose):
        restore(restore_into, tmp_path / "old.zip")


def test_a_blob_left_half_written_is_gone_after_the_next_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def do() -> None:
        with open_ledger(tmp_path):
            monkeypatch.setattr(os, "replace", die)
            keep(tmp_path, b"half")

    digest = keep(tmp_path, b"whole")
    assert in_a_child(do)
    left = list((tmp_path / BLOBS).rglob("*.new"))
    assert len(left) == 1
    with open_ledger(tmp_path, create=False):
        assert left[0].exists()  # who only looks removes nothing
        open_ledger(tmp_path).close()
        assert left[0].exists()  # nor while somebody else may be writing it
    open_ledger(tmp_path).close()
    assert not left[0].exists()
    assert kept(tmp_path, digest) == b"whole"


@pytest.mark.parametrize("link", [".outreach", ".outreach/blobs", ".outreach/blobs/ab", ".outreach/blobs/ab/x.new"])
def test_sweeping_follows_no_link_out_of_the_folder(tmp_path: Path, link: str) -> None:
    root, place = tmp_path / "campaign", tmp_path / "campaign" / link
    outside = tmp_path / "outside" / "blobs" / "ab" / "x.new"
    for folder in (outside.parent, place.parent):
        folder.mkdir(parents=True)
    outside.write_text("theirs")
    place.symlink_to(tmp_path / "outside" / "/".join(["blobs", "ab", "x.new"][: max(0, link.count("/"))]))
    with suppress(Refused):
        sweep(root)
    assert outside.read_text() == "theirs"
