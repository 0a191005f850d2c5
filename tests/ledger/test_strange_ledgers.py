"""A ledger that did not come from here: it is looked at before it is used, and what is planted in it never runs."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from outreach.errors import BackupUnreadable, LedgerTooNew, LedgerUnreadable, LinkInTheWay
from outreach.ledger import backup, open_ledger, restore
from outreach.ledger.opening import migrations
from outreach.model.event import EventKind
from tests.ledger.histories import event
from tests.ledger.test_backups import rewritten

PLANTED = {
    "a trigger": "CREATE TRIGGER planted AFTER INSERT ON events BEGIN INSERT INTO meta VALUES ('ran', 'yes'); END",
    "a trigger on what we delete": "CREATE TRIGGER planted AFTER DELETE ON state BEGIN SELECT 1; END",
    "a view": "CREATE VIEW planted AS SELECT load_extension('x')",
    "a table": "CREATE TABLE planted (x)",
    "an index": "CREATE INDEX planted ON events (kind)",
    "an index with an expression": "CREATE INDEX planted ON meta (abs(value))",
    "a table that is gone": "DROP TABLE receipts",
    "an index that is gone": "DROP INDEX {index}",
    "a trigger that is gone": "DROP TRIGGER events_are_never_removed",
    "a column more": "ALTER TABLE events ADD COLUMN planted TEXT",
    "a table of the same name and columns": "ALTER TABLE meta RENAME TO old; CREATE TABLE meta (key, value)",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    with open_ledger(tmp_path) as ledger:
        ledger.append(event(EventKind.CALL))
    return tmp_path


def plant(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        index = db.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchone()[0]
        db.executescript(sql.format(index=index))


@pytest.mark.parametrize("name", PLANTED)
@pytest.mark.parametrize("ledger", ["ledger.db", "rehearsal.db"])
def test_a_ledger_with_another_schema_is_not_used(root: Path, ledger: str, name: str) -> None:
    rehearsal = ledger == "rehearsal.db"
    open_ledger(root, rehearsal=rehearsal).close()
    plant(root / ".outreach" / ledger, PLANTED[name])
    before = (root / ".outreach" / ledger).read_bytes()
    with pytest.raises(LedgerUnreadable, match="not those that outreach makes, so it is not used") as caught:
        open_ledger(root, rehearsal=rehearsal)
    assert ledger in str(caught.value)
    assert (root / ".outreach" / ledger).read_bytes() == before
    with pytest.raises(LedgerUnreadable):
        open_ledger(root, rehearsal=rehearsal, create=False)


def test_a_planted_trigger_never_runs_even_where_the_database_is_older(root: Path) -> None:
    """Bringing it to the present version would write, and so run it."""
    path = root / ".outreach/ledger.db"
    path.unlink()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for statement in migrations()[0][1]:
            db.execute(statement)
        db.execute("CREATE TABLE ran (x)")
        db.execute("CREATE TRIGGER planted AFTER INSERT ON meta BEGIN INSERT INTO ran VALUES (1); END")
        db.execute("PRAGMA user_version = 1")
        db.execute("PRAGMA application_id = 0x6F757472")
    with pytest.raises(LedgerUnreadable, match="not used"):
        open_ledger(root)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM ran").fetchone() == (0,)


@pytest.mark.parametrize("version", range(len(migrations()) + 1))
def test_a_ledger_of_every_version_of_ours_is_used(tmp_path: Path, version: int) -> None:
    (tmp_path / ".outreach").mkdir()
    with closing(sqlite3.connect(tmp_path / ".outreach/ledger.db", isolation_level=None)) as db:
        for _, script in migrations()[:version]:
            for statement in script:
                db.execute(statement)
        if version:
            db.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('ledger', 'an-id')")
            db.execute(f"PRAGMA user_version = {migrations()[version - 1][0]}")
            db.execute("PRAGMA application_id = 0x6F757472")
    with open_ledger(tmp_path) as ledger:
        ledger.append(event(EventKind.CALL))
        assert len(list(ledger.events())) == 1


def test_tables_with_our_id_and_no_version_are_not_ours(tmp_path: Path) -> None:
    (tmp_path / ".outreach").mkdir()
    with closing(sqlite3.connect(tmp_path / ".outreach/ledger.db", isolation_level=None)) as db:
        db.execute("CREATE TABLE x (y)")
        db.execute("PRAGMA application_id = 0x6F757472")
    with pytest.raises(LedgerUnreadable, match="not used"):
        open_ledger(tmp_path)


def test_a_newer_version_is_said_as_such(root: Path) -> None:
    plant(root / ".outreach/ledger.db", "CREATE TABLE newer (x); PRAGMA user_version = 9999")
    with pytest.raises(LedgerTooNew):
        open_ledger(root)


def test_a_backup_with_a_planted_trigger_is_not_restored(root: Path, tmp_path: Path) -> None:
    backup(root, tmp_path / "good.zip")
    restore(root, tmp_path / "good.zip")
    plant(root / ".outreach/ledger.db", PLANTED["a trigger"])
    content = (root / ".outreach/ledger.db").read_bytes()
    with zipfile.ZipFile(tmp_path / "good.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
    manifest["files"]["ledger.db"] = hashlib.sha256(content).hexdigest()
    change = {"ledger.db": content, "manifest.json": json.dumps(manifest).encode()}
    evil = rewritten(tmp_path / "good.zip", tmp_path / "evil.zip", change)
    with pytest.raises(BackupUnreadable):
        restore(root, evil)


@pytest.mark.parametrize("name", ["", "/ledger.db", "/rehearsal.db", "/ledger.db-wal", "/ledger.lock", "/opening.lock"])
def test_a_link_at_any_of_its_files_is_refused(tmp_path: Path, name: str) -> None:
    root, elsewhere = tmp_path / "campaign", tmp_path / "elsewhere"
    (root / ".outreach").mkdir(parents=True)
    elsewhere.mkdir()
    if not name:
        (root / ".outreach").rmdir()
    (root / f".outreach{name}").symlink_to(elsewhere / name.strip("/"))
    with pytest.raises(LinkInTheWay, match="it is a link"):
        open_ledger(root, rehearsal="rehearsal" in name)
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_only_its_owner_can_read_a_ledger_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    root = tmp_path / "campaign"
    root.mkdir()
    before = os.umask(umask)
    try:
        with open_ledger(root) as ledger:
            ledger.append(event(EventKind.CALL))
            with open_ledger(root, rehearsal=True):
                modes = {
                    path.relative_to(root).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in root.rglob("*")
                }
        backup(root, tmp_path / "saved.zip")
    finally:
        os.umask(before)
    assert modes.pop(".outreach") == 0o700
    assert {".outreach/ledger.db", ".outreach/ledger.db-wal", ".outreach/rehearsal.db"} <= modes.keys()
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE((tmp_path / "saved.zip").stat().st_mode) == 0o600


def test_a_row_that_stands_where_the_next_would_is_a_fault_of_the_file_and_not_of_ours(root: Path) -> None:
    with closing(sqlite3.connect(root / ".outreach/ledger.db")) as db:
        db.execute("INSERT INTO personal (event, text) VALUES (2, 'planted')")
        db.commit()
    with open_ledger(root) as ledger:
        with pytest.raises(LedgerUnreadable, match="do not fit together"):
            ledger.append(event(EventKind.CALL, text="words"))
        assert len(list(ledger.events())) == 1


@pytest.mark.parametrize(("table", "column"), [("state", "body"), ("meta", "value")])
def test_text_that_is_none_is_a_fault_of_the_file_and_not_of_ours(root: Path, table: str, column: str) -> None:
    with open_ledger(root) as ledger:
        ledger.append(event(EventKind.CALL, contact="osi"))
    with closing(sqlite3.connect(root / ".outreach/ledger.db")) as db:
        db.execute(f"UPDATE {table} SET {column} = CAST(x'ff22' AS TEXT)")
        db.commit()
    with pytest.raises(LedgerUnreadable, match="holds text that is none"), open_ledger(root) as ledger:
        ledger.past()
