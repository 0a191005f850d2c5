"""The ledger keeps what it is told, once, for ever, and its state table is the fold of its events."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from outreach.errors import (
    AlreadyClaimed,
    LedgerBusy,
    LedgerFull,
    LedgerReadOnly,
    LedgerTooNew,
    LedgerUnreadable,
    OutreachError,
)
from outreach.ledger import Claim, Ledger, open_ledger
from outreach.model.event import Event, EventKind
from outreach.model.ids import LetterId, PartId
from outreach.model.past import Past
from tests.ledger.histories import DAY, event, histories, letter, numbered

K = EventKind
ROOT = Path(__file__).resolve().parent.parent.parent


def file_of(root: Path) -> Path:
    return root / ".outreach" / "ledger.db"


# --- keeping -----------------------------------------------------------------------------------------


def test_an_event_comes_back_as_it_was_stored(tmp_path: Path) -> None:
    told = letter(
        K.CALL, name="n", value="v", url="https://x.example", numbers={"likes": 3, "rate": 0.5}, owner="maria",
        post="p", due=datetime(2026, 2, 1).date(), address="A@fsfe.example", text="said yes\0\n", network="x",
    )  # fmt: skip
    with open_ledger(tmp_path) as ledger:
        stored = ledger.append(told)
    assert stored == replace(told, number=1)
    with open_ledger(tmp_path) as ledger:
        assert list(ledger.events()) == [stored]


def test_instants_are_kept_in_utc_and_one_without_zone_is_refused(tmp_path: Path) -> None:
    there = datetime.fromisoformat("2026-01-13T09:00:00.000001+01:00")
    with open_ledger(tmp_path) as ledger:
        stored = ledger.append(replace(event(K.OTHER), at=there))
        assert (stored.at, stored.at.tzinfo) == (there, UTC)
        with pytest.raises(ValueError, match="no time zone"):
            ledger.append(replace(event(K.OTHER), at=datetime(2026, 1, 13)))
        assert len(list(ledger.events())) == 1


def test_events_can_be_asked_for_by_contact_post_and_number(tmp_path: Path) -> None:
    told = [event(K.CALL, contact="fsfe"), event(K.POSTED, post="r-linux"), event(K.REPLY, contact="fsfe")]
    with open_ledger(tmp_path) as ledger:
        ledger.append_all(told)
        assert [x.number for x in ledger.events(contact="fsfe")] == [1, 3]
        assert [x.number for x in ledger.events(contact="fsfe", after=1)] == [3]
        assert [x.number for x in ledger.events(post="r-linux")] == [2]
        assert [x.number for x in ledger.events(after=1)] == [2, 3]


def test_text_that_is_half_a_character_is_kept_as_far_as_it_can_be(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        stored = ledger.append(event(K.OTHER, contact="fsfe", text="caf\udce9"))
        assert stored.text == "caf?"
        assert ledger.past() == ledger.full_past()


def test_events_are_added_all_or_none(tmp_path: Path) -> None:
    def breaking() -> Iterator[Event]:
        yield event(K.CALL, contact="fsfe")
        raise RuntimeError("the power went")

    with open_ledger(tmp_path) as ledger:
        with pytest.raises(RuntimeError):
            ledger.append_all(breaking())
        assert list(ledger.events()) == []
        assert ledger.past() == Past()
        ledger.append(event(K.CALL, contact="osi"))


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


def test_an_undo_reaches_back_through_the_batch_it_stands_in(tmp_path: Path) -> None:
    told = [
        event(K.DECIDED, 0, name="reddit", value="revise"),
        event(K.DECIDED, 1, name="reddit", value="go"),
        event(K.UNDONE, 2, value="2"),
        event(K.DECIDED, 3, name="mastodon", value="go"),
    ]
    with open_ledger(tmp_path) as ledger:
        ledger.append_all(told)
        assert {id: choice for id, (choice, _) in ledger.past().decisions.items()} == {
            "reddit": "revise",
            "mastodon": "go",
        }
        ledger.append(event(K.UNDONE, 4, value="1"))
        assert set(ledger.past().decisions) == {"mastodon"}
        assert ledger.past() == ledger.full_past()


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


WRITER = """
import sys
from pathlib import Path
from typing import Any
from outreach.ledger import Claim, Ledger, open_ledger
from tests.ledger.histories import event
from outreach.model.event import EventKind
with open_ledger(Path(sys.argv[1])) as ledger:
    for number in range(40):
        ledger.append(event(EventKind.OTHER, number, contact="fsfe", text=sys.argv[2]))
"""


def test_processes_that_open_and_append_at_once_all_succeed(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name], cwd=ROOT, stderr=subprocess.PIPE)
        for name in ("alex", "maria", "kim")
    ]
    said = [writer.communicate()[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0, 0], said
    with open_ledger(tmp_path) as ledger:
        events = list(ledger.events())
        assert [x.number for x in events] == list(range(1, 121))
        assert ledger.past() == ledger.full_past()


def test_a_new_ledger_can_be_opened_by_many_at_once(tmp_path: Path) -> None:
    for round_ in range(10):
        folder = tmp_path / str(round_)
        folder.mkdir()
        gate, lever = os.pipe()
        children = [waiting_child(gate, lever, folder) for _ in range(6)]
        os.close(gate)
        os.close(lever)  # all at once
        assert [os.waitpid(child, 0)[1] for child in children] == [0] * 6


def waiting_child(gate: int, lever: int, folder: Path) -> int:
    """A process that opens the ledger and appends as soon as nobody holds the lever."""
    child = os.fork()
    if child:
        return child
    try:
        os.close(lever)
        os.read(gate, 1)
        with open_ledger(folder) as ledger:
            ledger.append(event(K.CALL, contact="fsfe"))
    except BaseException:
        os._exit(1)
    os._exit(0)


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


# --- claims ------------------------------------------------------------------------------------------


def claim(ledger: Ledger, *, campaign: str, by: str, at: datetime, address: str | None = None, **names: Any) -> Claim:
    """Take the right to a letter or a part, as whoever sends does. Raises AlreadyClaimed."""
    of = PartId(**names) if "post" in names else LetterId(**names)
    wanted = Claim(id=0, campaign=campaign, at=at, by=by, of=of, address=address)
    return ledger.begin(wanted, digest="0" * 64, at=at).claim


LETTER = {"campaign": "dia", "wave": "lobbying", "step": 0, "contact": "fsfe", "address": "info@fsfe.example"}
PART = {"campaign": "dia", "post": "launch", "revision": 1, "network": "bluesky", "account": "a.example", "part": 0}


@pytest.mark.parametrize(
    "again",
    [
        {},
        {"address": "other@fsfe.example"},
        {"contact": "fsf-europe"},
        {"contact": "x", "address": " INFO@fsfe.example"},
    ],
    ids=["the same", "another address", "another contact with that address", "written otherwise"],
)
def test_a_letter_is_claimed_once(tmp_path: Path, again: dict[str, str]) -> None:
    with open_ledger(tmp_path) as ledger:
        mine = claim(ledger, **LETTER, at=DAY, by="alex")
        with pytest.raises(AlreadyClaimed) as caught:
            claim(ledger, **{**LETTER, **again}, at=DAY, by="maria")
        assert str(caught.value) == "lobbying/fsfe/0 was already started by alex on 2026-01-13 08:00 UTC."
        assert list(ledger.claims()) == [mine]


@pytest.mark.parametrize(
    "other", [{"step": 1}, {"wave": "press"}, {"campaign": "b"}, {"contact": "osi", "address": "i@osi.example"}]
)
def test_another_letter_is_another_claim(tmp_path: Path, other: dict[str, str]) -> None:
    with open_ledger(tmp_path) as ledger:
        claim(ledger, **LETTER, at=DAY, by="alex")
        claim(ledger, **{**LETTER, **other}, at=DAY, by="alex")
        assert len(list(ledger.claims())) == 2


def test_contacts_without_address_do_not_stand_in_each_others_way(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        for contact in ("fsfe", "osi"):
            claim(ledger, **{**LETTER, "contact": contact, "address": None}, at=DAY, by="alex")


def test_a_part_of_a_post_is_claimed_once(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        claim(ledger, **PART, at=DAY, by="alex")
        with pytest.raises(AlreadyClaimed, match="launch/bluesky/0"):
            claim(ledger, **PART, at=DAY, by="maria")
        for key, value in {"revision": 2, "network": "mastodon", "account": "b", "part": 1, "post": "x"}.items():
            claim(ledger, **{**PART, key: value}, at=DAY, by="maria")
        assert len(list(ledger.claims())) == 6


def test_a_schema_of_damaged_bytes_is_said(tmp_path: Path) -> None:
    open_ledger(tmp_path).close()
    path = tmp_path / ".outreach" / "ledger.db"
    data = path.read_bytes()
    for name in (b"CREATE TABLE", b"CREATE INDEX", b"CREATE UNIQUE INDEX"):
        data = data.replace(name + b" ", name + b"\xff")
    path.write_bytes(data)
    with pytest.raises(LedgerUnreadable):
        open_ledger(tmp_path)
