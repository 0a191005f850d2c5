"""Opening the ledger: making it, bringing it to the present version, copying it for a rehearsal."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from functools import cache
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

from outreach.errors import LedgerTooNew, LedgerUnreadable
from outreach.ledger import statements
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
    if not create and not (root / shown).exists() and not (root / LEDGER).exists():
        return _empty(root / shown, shown, rehearsal=rehearsal)
    make_folder(root)
    lock = take_lock(root, IN_USE, alone=False)
    try:
        with locked(root, OPENING):
            if rehearsal:
                _copy_for_rehearsal(root, patience)
            db = prepared(root / shown, shown, patience)
        try:
            return Ledger(db, root / shown, shown, rehearsal=rehearsal, lock=lock)
        except BaseException:
            db.close()
            raise
    except BaseException:
        lock.close()
        raise


def prepared(path: Path, shown: str, patience: float = PATIENCE) -> sqlite3.Connection:
    """A connection to the ledger in the file `path`, made or brought to the present version."""
    if path.is_dir():
        raise LedgerUnreadable(shown, "a folder stands in its place")
    with translated(path, shown):
        db = _connected(path, patience)
        try:
            _refuse_strangers(db, shown)
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


def _copy_for_rehearsal(root: Path, patience: float) -> None:
    """Copy the ledger once, whole or not at all."""
    target, source, aside = root / REHEARSAL, root / LEDGER, root / f"{REHEARSAL}.new"
    if target.exists() or not source.exists():
        return
    try:
        aside.unlink(missing_ok=True)
        with closing(prepared(source, LEDGER, patience)) as db:
            copy_into(db, aside, LEDGER)
        os.replace(aside, target)
    except OSError as error:
        raise why_not(REHEARSAL, error) from error


def copy_into(db: sqlite3.Connection, target: Path, shown: str) -> None:
    """Copy a ledger into a new file, as it is at one moment, while others go on writing."""
    with translated(target, shown), closing(sqlite3.connect(target)) as copy:
        db.backup(copy)
        copy.execute(statements.ONE_FILE)


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
    application, tables = _value(db, statements.APPLICATION), _value(db, statements.TABLES)
    if application != _OURS and (version or tables):
        raise LedgerUnreadable(shown, "it is the database of another program")
    if version > known:
        raise LedgerTooNew(shown, version, known)


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
