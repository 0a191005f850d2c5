"""The ledger keeps what it is told, once, for ever, and its state table is the fold of its events."""

from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings

from outreach.errors import (
    LedgerBusy,
    LedgerFull,
    LedgerReadOnly,
    LedgerTooNew,
    LedgerUnreadable,
    OutreachError,
)
from outreach.ledger import open_ledger
from outreach.model.event import Event, EventKind
from outreach.model.past import Past
from tests.ledger.histories import event, histories, letter, numbered

K = EventKind
ROOT = Path(__file__).resolve().parent.parent.parent


def file_of(root: Path) -> Path:
    return root / ".outreach" / "ledger.db"


# --- keeping -----------------------------------------------------------------------------------------


def test_an_event_is_never_changed_nor_removed(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.append(event(K.CALL, contact="fsfe"))
    with closing(sqlite3.connect(file_of(tmp_path))) as db:
        for sql in ("UPDATE events SET kind = 'reply'", "DELETE FROM events"):
            with pytest.raises(sqlite3.IntegrityError, match="events are never"):
                db.execute(sql)


def test_personal_text_stands_in_a_table_of_its_own(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.append(event(K.CALL, contact="fsfe", text="private words", address="a@fsfe.example"))
    with closing(sqlite3.connect(file_of(tmp_path))) as db:
        assert "private" not in repr(db.execute("SELECT * FROM events").fetchall())
        db.execute("UPDATE personal SET text = NULL, address = NULL")
        db.commit()
    with open_ledger(tmp_path) as ledger:
        ledger.rebuild_state()
        assert next(ledger.events()).text is None
        assert "private" not in repr(ledger.past())


# --- the state table ---------------------------------------------------------------------------------


@settings(max_examples=1000)
@given(histories)
def test_the_state_table_is_the_fold_of_the_events(history: list[Event]) -> None:
    with open_ledger(Path("nowhere"), create=False) as ledger:  # in memory: the disk is not what is asked here
        ledger._db.execute("PRAGMA query_only = OFF")
        for found in history[:8]:
            assert ledger.append(found).number
        ledger.append_all(history[8:])
        kept = ledger.past()
        assert list(ledger.events()) == numbered(list(ledger.events()))
        assert kept == ledger.full_past()
        ledger.rebuild_state()
        assert ledger.past() == kept


def test_a_state_that_another_process_wrote_is_read_again(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as one, open_ledger(tmp_path) as other:
        one.append(letter(K.COMMITTING, contact="fsfe", step=0))
        other.append(event(K.CALL, contact="fsfe"))
        one.append(letter(K.ACCEPTED, contact="fsfe", step=0))
        assert one.past() == one.full_past()
        assert one.past().contacts["fsfe"].answered


def test_what_was_rolled_back_is_known_to_nobody(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.append(letter(K.COMMITTING, contact="fsfe", step=0))
        before, seen = ledger.past(), ledger.others_event
        with pytest.raises(ZeroDivisionError):
            ledger.append_all(event(K.CALL, contact="fsfe", step=1 // step) for step in (1, 0))
        assert ledger.past() == before
        ledger.append(letter(K.ACCEPTED, contact="fsfe", step=0))
        assert ledger.past() == ledger.full_past()
        assert not ledger.past().contacts["fsfe"].answered
        assert ledger.others_event > seen  # of that number there may be another one's


def test_what_others_wrote_is_told_from_what_it_wrote_itself(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as one, open_ledger(tmp_path) as other:
        first = one.append(event(K.CALL, contact="fsfe")).number
        one.append(event(K.CALL, contact="fsfe"))
        with one.writing():
            assert one.others_event < first
        last = other.append(event(K.CALL, contact="osi")).number
        one.append(event(K.CALL, contact="fsfe"))
        with one.writing():
            assert one.others_event == last


def test_ten_thousand_events_are_one_transaction(tmp_path: Path) -> None:
    said: list[str] = []
    with open_ledger(tmp_path) as ledger:
        ledger._db.set_trace_callback(said.append)
        ledger.append_all(letter(K.ACCEPTED, contact=f"c{number % 100}", step=number) for number in range(10_000))
        ledger._db.set_trace_callback(None)
        assert sum("BEGIN" in sql for sql in said) == 1
        assert sum("FROM state" in sql for sql in said) == 100  # each contact is read once
        assert ledger.past() == ledger.full_past()


# --- opening -----------------------------------------------------------------------------------------


def test_a_new_ledger_has_an_id_and_keeps_out_of_git(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        first = ledger.id
    with open_ledger(tmp_path) as ledger:
        assert ledger.id == first
    assert (tmp_path / ".outreach" / ".gitignore").read_text() == "*\n"
    (tmp_path / "b").mkdir()
    with open_ledger(tmp_path / "b") as other:
        assert other.id != first


def test_it_is_written_so_that_a_power_cut_takes_nothing(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        asked = [
            ledger._db.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
        assert asked == ["wal", 2, 1]


def test_without_create_nothing_is_made_and_nothing_can_be_written(tmp_path: Path) -> None:
    with open_ledger(tmp_path, create=False) as ledger:
        assert ledger.past() == Past()
        with pytest.raises(LedgerReadOnly):
            ledger.append(event(K.CALL))
    assert list(tmp_path.iterdir()) == []


def test_a_rehearsal_is_a_copy_made_once_and_the_ledger_stays_as_it_was(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.append(event(K.CALL, contact="fsfe"))
        with open_ledger(tmp_path, rehearsal=True) as rehearsal:
            assert rehearsal.past() == ledger.past()
            rehearsal.append(event(K.CALL, contact="osi"))
            assert set(ledger.past().contacts) == {"fsfe"}
        ledger.append(event(K.CALL, contact="edri"))
    with open_ledger(tmp_path, rehearsal=True) as rehearsal:
        assert set(rehearsal.past().contacts) == {"fsfe", "osi"}


def test_a_rehearsal_without_a_ledger_makes_none(tmp_path: Path) -> None:
    with open_ledger(tmp_path, rehearsal=True) as rehearsal:
        rehearsal.append(event(K.CALL, contact="osi"))
    assert not file_of(tmp_path).exists()


# --- broken worlds -----------------------------------------------------------------------------------


def fails(root: Path, error: type[OutreachError], **keys: float) -> str:
    """The one sentence with which opening and writing end."""
    with pytest.raises(error) as caught, open_ledger(root, **keys) as ledger:
        ledger.append(event(K.CALL, contact="fsfe"))
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert caught.value.hint
    return sentence


def test_a_file_that_is_no_ledger_is_said(tmp_path: Path) -> None:
    (tmp_path / ".outreach").mkdir()
    file_of(tmp_path).write_bytes(b"my notes\n" * 1000)
    assert "damaged" in fails(tmp_path, LedgerUnreadable)
    assert file_of(tmp_path).read_bytes() == b"my notes\n" * 1000


def test_a_damaged_page_is_said(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.append_all(event(K.CALL, contact=f"c{number}", text="x" * 200) for number in range(500))
    data = bytearray(file_of(tmp_path).read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    file_of(tmp_path).write_bytes(data)
    assert "damaged" in fails(tmp_path, LedgerUnreadable)


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".outreach").mkdir()
    with closing(sqlite3.connect(file_of(tmp_path))) as db:
        db.execute("CREATE TABLE mine (a)")
    before = file_of(tmp_path).read_bytes()
    assert "another program" in fails(tmp_path, LedgerUnreadable)
    assert file_of(tmp_path).read_bytes() == before


def test_a_ledger_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    with open_ledger(tmp_path):
        pass
    with closing(sqlite3.connect(file_of(tmp_path))) as db:
        db.execute("PRAGMA user_version = 999")
    assert "newer outreach (version 999" in fails(tmp_path, LedgerTooNew)


@pytest.mark.parametrize("name", [".outreach/ledger.db", ".outreach/ledger.lock"])
def test_a_folder_in_its_place_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir(parents=True)
    assert "there is a folder in its place" in fails(tmp_path, LedgerUnreadable)


def test_a_file_in_the_folders_place_is_said(tmp_path: Path) -> None:
    (tmp_path / ".outreach").write_text("")
    assert "there is a file where the folder" in fails(tmp_path, LedgerUnreadable)


def test_a_locked_ledger_is_said_and_reading_goes_on(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger, open_ledger(tmp_path, patience=0.01) as other:
        with ledger.writing():
            with pytest.raises(LedgerBusy, match="in use by another"):
                other.append(event(K.CALL))
            assert other.past() == Past()
        assert other.append(event(K.CALL)).number == 1


def test_a_full_disk_is_said_and_nothing_is_there_by_halves(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.append(event(K.CALL, contact="fsfe"))
        pages = ledger._db.execute("PRAGMA page_count").fetchone()[0]
        ledger._db.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(LedgerFull, match="the disk is full"):
            ledger.append_all(event(K.CALL, contact=f"c{number}", text="x" * 500) for number in range(100))
        assert len(list(ledger.events())) == 1
        assert ledger.past() == ledger.full_past()


@contextmanager
def ordinary_person() -> Iterator[None]:
    """Root may write everywhere; for a while we are somebody who may not."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.mark.parametrize("there", [True, False], ids=["a ledger", "no ledger"])
def test_a_read_only_folder_is_said(there: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        if there:
            with open_ledger(root) as ledger:
                ledger.append(event(K.CALL))
        (root / ".outreach").mkdir(exist_ok=True)
        for path in (root, root / ".outreach", *(root / ".outreach").iterdir()):
            path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH | (0o111 if path.is_dir() else 0))
        with ordinary_person():
            sentence = fails(root, LedgerReadOnly)
        root.chmod(0o700)
        (root / ".outreach").chmod(0o700)
    assert "read-only" in sentence


def test_a_schema_of_damaged_bytes_is_said(tmp_path: Path) -> None:
    open_ledger(tmp_path).close()
    path = tmp_path / ".outreach" / "ledger.db"
    data = path.read_bytes()
    for name in (b"CREATE TABLE", b"CREATE INDEX", b"CREATE UNIQUE INDEX"):
        data = data.replace(name + b" ", name + b"\xff")
    path.write_bytes(data)
    with pytest.raises(LedgerUnreadable):
        open_ledger(tmp_path)
