"""Opening the ledger: making it, bringing it to the present version, copying it for a rehearsal."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from functools import cache
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

from outreach import storage
from outreach.errors import LedgerTooNew, LedgerUnreadable
from outreach.ledger import statements
from outreach.ledger.blobs import sweep
from outreach.ledger.faults import roll_back, translated
from outreach.ledger.place import IN_USE, LEDGER, OPENING, REHEARSAL, locked, make_folder, take_lock, why_not
from outreach.ledger.record import Ledger
from outreach.ledger.states import rebuild

PATIENCE = 10.0
"""Seconds for which one process waits while another writes."""
_OURS = 0x6F757472  # "outr", SQLite's application id


def open_ledger(root: Path, *, rehearsal: bool = False, create: bool = True, patience: float = PATIENCE) -> Ledger:
    """The ledger of the campaign in `root`, made where there is none. Close it, or use `with`.

    A `rehearsal` is a copy, made at its first use. Without `create`, a missing ledger reads as an
    empty one that cannot be written. `patience` is in seconds. Raises LedgerUnreadable,
    LedgerTooNew, LedgerBusy, LedgerReadOnly, LedgerFull.
    """
    shown = REHEARSAL if rehearsal else LEDGER
    if not create and not _is_there(root, shown) and not _is_there(root, LEDGER):
        return _empty(root / shown, shown, rehearsal=rehearsal)
    make_folder(root)
    if create:
        sweep(root)
    lock = take_lock(root, IN_USE, alone=False)
    try:
        with locked(root, OPENING):
            if rehearsal:
                _copy_for_rehearsal(root, patience)
            db = prepared(root, shown, patience)
        try:
            return Ledger(db, root / shown, shown, rehearsal=rehearsal, lock=lock)
        except BaseException:
            db.close()
            raise
    except BaseException:
        lock.close()
        raise


def prepared(root: Path, name: str, patience: float = PATIENCE, *, shown: str = "") -> sqlite3.Connection:
    """A connection to the ledger in the file `name`, made or brought to the present version; `shown` is its name
    in messages.

    What is in the file is looked at first through a connection that can only read: a trigger that a stranger
    planted must never run.
    """
    shown = shown or name
    try:
        path = storage.database(root, name, make=True)
    except OSError as error:
        raise why_not(shown, error) from error
    with translated(path, shown):
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", timeout=patience, uri=True)) as look:
            _refuse_strangers(look, shown)
        db = _connected(path, patience)
        try:
            db.execute(statements.WRITE_AHEAD)
            _migrate(db)
        except BaseException:
            db.close()
            raise
    return db


def _connected(path: Path | str, patience: float) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=patience, isolation_level=None)
    for setting in statements.SETTINGS:
        db.execute(setting)
    return db


def _empty(path: Path, shown: str, *, rehearsal: bool) -> Ledger:
    db = _connected(":memory:", 0)
    _migrate(db)
    db.execute(statements.ONLY_READ)
    return Ledger(db, path, shown, rehearsal=rehearsal)


def _is_there(root: Path, name: str) -> bool:
    try:
        return storage.stat_of(root, name, strict=True) is not None
    except OSError as error:
        raise why_not(name, error) from error


def _copy_for_rehearsal(root: Path, patience: float) -> None:
    """Copy the ledger once, whole or not at all."""
    if _is_there(root, REHEARSAL) or not _is_there(root, LEDGER):
        return
    aside = f"{REHEARSAL}.new"
    try:
        with closing(prepared(root, LEDGER, patience)) as db:
            copy_into(db, root, aside)
        storage.rename(root, aside, REHEARSAL)
    except OSError as error:
        raise why_not(REHEARSAL, error) from error


def copy_into(db: sqlite3.Connection, root: Path, name: str) -> None:
    """Copy a ledger into a file of its own, as it is at one moment, while others go on writing. Raises OSError."""
    remove_database(root, name)
    target = storage.database(root, name, make=True)
    with translated(target, LEDGER), closing(sqlite3.connect(target)) as copy:
        db.backup(copy)
        copy.execute(statements.ONE_FILE)


def remove_database(root: Path, name: str) -> None:
    """Remove a copy of a ledger, with what SQLite wrote beside it. Raises OSError."""
    for end in ("", "-wal", "-shm", "-journal"):
        storage.remove(root, f"{name}{end}", missing_ok=True)


# --- versions --------------------------------------------------------------------------------------


@cache
def migrations() -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Every step from an empty file to the present version: its number and its statements."""
    found = [file for file in (files("outreach.ledger") / "migrations").iterdir() if file.name.endswith(".sql")]
    steps = [(int(file.name[:4]), _split(file.read_text(encoding="utf-8"))) for file in found]
    return tuple(sorted(steps))


def _split(script: str) -> tuple[str, ...]:
    found, waiting = [], ""
    for line in script.splitlines(keepends=True):
        waiting += line
        if sqlite3.complete_statement(waiting) and re.search(r";\s*$", waiting):
            found.append(waiting)
            waiting = ""
    return tuple(found)


def _refuse_strangers(db: sqlite3.Connection, shown: str) -> None:
    version, known = _value(db, statements.VERSION), migrations()[-1][0]
    application, schema = _value(db, statements.APPLICATION), _schema(db)
    if application != _OURS and (version or schema):
        raise LedgerUnreadable(shown, "it is the database of another program")
    if version > known:
        raise LedgerTooNew(shown, version, known)
    if schema != _made(version):
        raise LedgerUnreadable(shown, "its tables and triggers are not those that outreach makes, so it is not used")


def _schema(db: sqlite3.Connection) -> frozenset[tuple[str, ...]]:
    """Every table, index, trigger and view: type, name, its table's name, and the SQL that made it."""
    rows = db.execute(statements.SCHEMA).fetchall()
    return frozenset((kind, name, table, " ".join((sql or "").split())) for kind, name, table, sql in rows)


@cache
def _made(version: int) -> frozenset[tuple[str, ...]]:
    """The schema that our migrations make up to a version."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        for number, script in migrations():
            for statement in script if number <= version else ():
                db.execute(statement)
        return _schema(db)


def _migrate(db: sqlite3.Connection) -> None:
    """Take each step that is missing, in a transaction of its own."""
    version = _value(db, statements.VERSION)
    for number, script in migrations():
        if number <= version:
            continue
        db.execute(statements.BEGIN)
        try:
            for statement in script:
                db.execute(statement)
            if number == migrations()[-1][0]:
                rebuild(db)  # what the events come to may have changed with the version
            db.execute(statements.SET_META, ("ledger", str(uuid4())))
            db.execute(statements.SET_APPLICATION.format(_OURS))
            db.execute(statements.SET_VERSION.format(number))
            db.execute(statements.COMMIT)
        except BaseException:
            roll_back(db)
            raise


def _value(db: sqlite3.Connection, sql: str) -> int:
    return int(db.execute(sql).fetchone()[0])
