"""Opening the ledger: making it, bringing it to the present version, copying it for a rehearsal."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache, lru_cache
from pathlib import Path
from uuid import UUID, uuid4

from outreach import storage
from outreach.connections.ledger_address import campaign_and_kind
from outreach.errors import LedgerElsewhere, LedgerNamedAnew, LedgerNotMoved, LedgerTooNew, LedgerUnreadable
from outreach.ledger import statements
from outreach.ledger.blobs import sweep
from outreach.ledger.copying import copy_rows
from outreach.ledger.database import writing
from outreach.ledger.faults import translated
from outreach.ledger.migrating import migrations
from outreach.ledger.place import (
    IN_USE,
    LEDGER,
    OPENING,
    REHEARSAL,
    SHARED_ID,
    locked,
    make_folder,
    network_file_system,
    take_lock,
    why_not,
)
from outreach.ledger.record import Ledger
from outreach.ledger.shared import PATIENCE, Shared, remember, remembered, shared_database
from outreach.ledger.sqlite import SqliteDatabase
from outreach.ledger.states import rebuild

_OURS = 0x6F757472  # "outr", SQLite's application id


def open_ledger(
    root: Path, *, kind: str | None = None, rehearsal: bool = False, create: bool = True, patience: float = PATIENCE
) -> Ledger:
    """The ledger of the campaign in `root`, made where there is none. Close it, or use `with`.

    A `rehearsal` is a copy in a file, made at its first use. Without `create`, a missing ledger reads as an
    empty one that cannot be written. `kind` is what `ledger` said when the campaign was read. `patience` is in seconds.
    Raises LedgerUnreadable, LedgerTooNew, LedgerBusy, LedgerReadOnly, LedgerFull, LedgerElsewhere, LedgerNamedAnew;
    where campaign.yaml says that it is shared, also LedgerNotMoved, LedgerWithoutAddress, LedgerUnreachable and what
    else PostgreSQL is good for.
    """
    campaign, is_shared = campaign_and_kind(root)
    if kind is not None and is_shared != (kind == "postgresql"):
        raise LedgerNamedAnew()
    if is_shared and not rehearsal:
        return _shared_ledger(root, campaign, create=create, patience=patience)
    if not is_shared and (before := remembered(root)):
        raise LedgerElsewhere(before, SHARED_ID)  # in another ledger what was sent is unknown, and would be sent again
    shown = REHEARSAL if rehearsal else LEDGER
    if not create and not is_shared and not _is_there(root, shown) and not _is_there(root, LEDGER):
        return empty(root, shown, rehearsal=rehearsal)
    make_folder(root)
    if create:
        sweep(root)
    lock = take_lock(root, IN_USE, alone=False)
    try:
        with locked(root, OPENING):
            if rehearsal:
                _copy_for_rehearsal(root, patience, campaign if is_shared else None)
            db = prepared(root, shown, patience)
        try:
            return Ledger(db, shown, rehearsal=rehearsal, lock=lock)
        except BaseException:
            db.close()
            raise
    except BaseException:
        lock.close()
        raise


def place_of(root: Path) -> tuple[str, str | None]:
    """Where the campaign's ledger lies, in words, and the kind of network file system under it, if there is one.

    Raises LedgerUnreadable.
    """
    _, is_shared = campaign_and_kind(root)
    return ("in PostgreSQL", None) if is_shared else ("on a disk of this computer", network_file_system(root))


def _is_left_to_move(root: Path) -> bool:
    """Whether the ledger in the folder has something in it, and was never moved into PostgreSQL.

    One that was moved is remembered as the one that the folder has: at another address would be another one.
    """
    if remembered(root) or not _is_there(root, LEDGER):
        return False
    with closing(prepared(root, LEDGER)) as left, left.translated():
        is_sealed, id = (left.execute(statements.META, (key,)).fetchone() for key in (statements.SEALED, "ledger"))
        _, entries = left.execute(statements.LAST).fetchone()
    if is_sealed and id:
        remember(root, UUID(str(id[0])).hex)
    return bool(entries) and not is_sealed


def _shared_ledger(root: Path, campaign: str, *, create: bool, patience: float) -> Ledger:
    is_left = _is_left_to_move(root)
    db = shared_database(root, campaign, create=create and not is_left, patience=patience)
    if db is None:
        if is_left:
            raise LedgerNotMoved(LEDGER)  # in an empty one, what was sent would be sent again
        return empty(root, LEDGER)
    try:
        if create:
            if is_left:  # it stays as it is: another clone has moved the campaign's
                remember(root, db.ledger)
            sweep(root)
        return Ledger(db, db.shown, lock=Shared(root, db))
    except BaseException:
        db.close()
        raise


def prepared(root: Path, name: str, patience: float = PATIENCE, *, shown: str = "") -> SqliteDatabase:
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
        db.root, db.path, db.shown = root, path, shown
        try:
            db.execute(statements.WRITE_AHEAD)
            _migrate(db)
        except BaseException:
            db.close()
            raise
    return db


def _connected(path: Path | str, patience: float) -> SqliteDatabase:
    db = sqlite3.connect(path, timeout=patience, isolation_level=None, factory=SqliteDatabase)
    for setting in statements.SETTINGS:
        db.execute(setting)
    return db


def empty(root: Path, shown: str, *, rehearsal: bool = False) -> Ledger:
    """A ledger without anything in it, which cannot be written."""
    db = _connected(":memory:", 0)
    db.root, db.path, db.shown = root, root / shown, shown
    _fill(db)
    db.execute(statements.ONLY_READ)
    return Ledger(db, shown, rehearsal=rehearsal)


def _is_there(root: Path, name: str) -> bool:
    try:
        return storage.stat_of(root, name, strict=True) is not None
    except OSError as error:
        raise why_not(name, error) from error


def _copy_for_rehearsal(root: Path, patience: float, campaign: str | None) -> None:
    """Copy the ledger once, whole or not at all; `campaign` is the id of one whose ledger is shared."""
    if _is_there(root, REHEARSAL) or (campaign is None and not _is_there(root, LEDGER)):
        return
    aside = f"{REHEARSAL}.new"
    try:
        if campaign is not None:
            if not copy_of_shared(root, campaign, aside, patience):
                return
        else:
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


def copy_of_shared(root: Path, campaign: str, name: str, patience: float = PATIENCE) -> bool:
    """Copy a ledger in PostgreSQL into a file; whether there is one. Raises OSError."""
    shared = shared_database(root, campaign, create=False, patience=patience)
    if shared is None:
        return False
    remove_database(root, name)
    with closing(shared), closing(prepared(root, name)) as copy:
        with shared.translated(), copy.translated(), writing(shared), writing(copy):
            copy_rows(shared, copy)
        copy.execute(statements.ONE_FILE)
    return True


def remove_database(root: Path, name: str) -> None:
    """Remove a copy of a ledger, with what SQLite wrote beside it. Raises OSError."""
    for end in ("", "-wal", "-shm", "-journal"):
        storage.remove(root, f"{name}{end}", missing_ok=True)


# --- versions --------------------------------------------------------------------------------------


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
    return frozenset((kind, name, table, _one_line(sql)) for kind, name, table, sql in rows)


@lru_cache(maxsize=256)
def _one_line(sql: str | None) -> str:
    return " ".join((sql or "").split())


@cache
def _made(version: int) -> frozenset[tuple[str, ...]]:
    """The schema that our migrations make up to a version."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        for number, script in migrations():
            for statement in script if number <= version else ():
                db.execute(statement)
        return _schema(db)


@cache
def _nothing_yet(_known: int) -> bytes:
    """An empty ledger of the version that is known, without its id: copied, it is there sixty times as fast as made."""
    with closing(_connected(":memory:", 0)) as db:
        _take_steps(db, 0)
        return db.serialize()


def _migrate(db: SqliteDatabase) -> None:
    """Bring a ledger to the present version; one that is new gets an id."""
    version = _value(db, statements.VERSION)
    if version:
        _take_steps(db, version)
        return
    with closing(sqlite3.connect(":memory:", isolation_level=None, factory=SqliteDatabase)) as new:
        _fill(new)
        new.backup(db)


def _fill(new: SqliteDatabase) -> None:
    """Make an empty ledger, with an id of its own, of a database in memory."""
    new.deserialize(_nothing_yet(migrations()[-1][0]))
    new.execute(statements.SET_META, ("ledger", str(uuid4())))


def _take_steps(db: SqliteDatabase, version: int) -> None:
    """All steps that are missing, in one transaction: each transaction waits for the disk."""
    if version == migrations()[-1][0]:
        return
    with writing(db):
        for statement in (each for number, script in migrations() if number > version for each in script):
            db.execute(statement)
        rebuild(db)  # what the events come to may have changed with the version
        db.execute(statements.SET_APPLICATION.format(_OURS))
        db.execute(statements.SET_VERSION.format(migrations()[-1][0]))


def _value(db: sqlite3.Connection, sql: str) -> int:
    return int(db.execute(sql).fetchone()[0])
