"""A ledger that did not come from here: it is looked at before it is used, and what is planted in it never runs."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.errors import BackupUnreadable, LedgerTooNew, LedgerUnreadable, LinkInTheWay
from outreach.ledger import open_ledger
from outreach.ledger.backups import backup, restore
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
    with pytest.raises(LedgerUnreadable, match="holds text that is not UTF-8"), open_ledger(root) as ledger:
        ledger.past()


def busy(root: Path) -> None:
    """A ledger with a row of every kind of state."""
    with open_ledger(root) as ledger:
        ledger.append_all(
            [
                event(EventKind.ACCEPTED, contact="osi", wave="one", step=0, name="<x@y>", value="smtp"),
                event(EventKind.PROMISE, contact="osi", text="soon", due=date(2026, 2, 1)),
                event(EventKind.POSTED, post="bees", network="mastodon", url="https://a.example/1"),
                event(EventKind.COUNTED, post="bees", network="mastodon", numbers={"likes": 2}),
                event(EventKind.DECIDED, name="go", value="yes"),
                event(EventKind.OPENED, name="wave:one"),
                event(EventKind.HELD, name="*", text="wait"),
                event(EventKind.SUPPRESSED, address="a@b.example"),
                event(EventKind.MAILBOX_READ),
                event(EventKind.APPROVED, contact="osi", wave="one", step=0, value="d" * 64),
            ]
        )


INSTANTS = ["2026-01-13T10:00:00", "9999-12-31T23:59:59+00:00"]
ODD = [None, 0, -1, 2**70, 1.5, float("inf"), True, "x", "", [], {}, ["x"], *INSTANTS]
PLACES = [("state", "body"), ("state", "kind"), *(("events", each) for each in ("kind", "at", "numbers", "due"))]


def within(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each thing in a JSON value."""
    yield path
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from within(each, (*path, key))


def with_odd_value(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    if not path:
        return odd
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = with_odd_value(copy[path[0]], path[1:], odd)
    return copy


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_state_that_nobody_wrote_is_read_or_is_a_fault_of_the_file(tmp_path: Path, data: st.DataObject) -> None:
    """What is read can be folded on and written again."""
    root = tmp_path / hashlib.sha256(os.urandom(8)).hexdigest()
    root.mkdir()
    busy(root)
    with closing(sqlite3.connect(root / ".outreach/ledger.db")) as db:
        kind, id, body = data.draw(st.sampled_from(db.execute("SELECT kind, id, body FROM state").fetchall()))
        value = json.loads(body)
        path = data.draw(st.sampled_from(list(within(value))))
        changed = with_odd_value(value, path, data.draw(st.sampled_from(ODD)))
        db.execute("UPDATE state SET body = ? WHERE kind = ? AND id = ?", (json.dumps(changed), kind, id))
        db.commit()
    with suppress(LedgerUnreadable), open_ledger(root) as ledger:
        past = ledger.past()
        assert all(each.is_our_turn in (True, False) for each in past.contacts.values())
        ledger.append(event(EventKind.CALL, 100, contact="osi"))
        ledger.append(event(EventKind.COUNTED, post="bees", network="mastodon", numbers={"likes": 3}))
        ledger.past()


@pytest.mark.parametrize(("table", "column"), PLACES)
@pytest.mark.parametrize("odd", ["[", "{}", "9" * 5_000, "[" * 5_000, "1e999", "e\0f", *INSTANTS])
def test_a_column_that_nobody_wrote_is_read_or_is_a_fault_of_the_file(
    root: Path, table: str, column: str, odd: str
) -> None:
    busy(root)
    with closing(sqlite3.connect(root / ".outreach/ledger.db")) as db:
        (trigger,) = db.execute("SELECT sql FROM sqlite_master WHERE name = 'events_are_never_changed'").fetchone()
        db.execute("DROP TRIGGER events_are_never_changed")
        db.execute(f"UPDATE OR IGNORE {table} SET {column} = ?", (odd,))
        db.execute(trigger)
        db.commit()
    with suppress(LedgerUnreadable), open_ledger(root) as ledger:
        ledger.past()
        assert [each.payload for each in ledger.events()]


def test_what_a_stranger_claims_of_time_and_counts_is_written_so_that_it_is_read(root: Path) -> None:
    with open_ledger(root) as ledger:
        for at in (datetime.min, datetime.max):
            ledger.append(replace(event(EventKind.ANSWERED, contact="osi"), at=at.replace(tzinfo=UTC)))
        ledger.append(event(EventKind.AUTO_REPLIED, contact="osi", due=date.max))
        counted = {"likes": 10**400, "reposts": 2}
        ledger.append(event(EventKind.COUNTED, post="bees", network="mastodon", numbers=counted))
        assert ledger.past().posts["bees", "mastodon"].numbers == {"reposts": 2}
        assert {each.at.year for each in ledger.events()} == {2, 2026, 8999}
