"""The ledger's database in PostgreSQL: one session, which holds the locks of accounts too.

Writers come one after the other, as in SQLite: a lock of the ledger is the first thing that a transaction takes. A
session that breaks is opened again where nothing is lost by it: before a transaction begins, and after a COMMIT whose
answer did not come, where the server is asked what became of it. The locks of accounts are not taken again: from then
on the account may be another computer's, and `check_alone` says so.

This module is imported only where a campaign's ledger is in PostgreSQL.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any

import psycopg

from outreach.errors import AccountLost, LedgerBusy, LedgerUnreachable
from outreach.ledger import dialect
from outreach.ledger.database import Rows
from outreach.ledger.migrating import tables
from outreach.ledger.postgres_faults import Connection, is_lost, said, translated

HOLDS = """
SELECT count(DISTINCT (classid, objid)) FROM pg_locks
WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND pid = pg_backend_pid()
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND (classid::bigint << 32) | objid::bigint = ANY (?) AND current_setting('synchronous_commit') <> 'off'
"""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0
"""Seconds between two tries to reach a server that went away."""


class _Rows:
    """What a statement came to, with texts as they were stored."""

    def __init__(self, cursor: psycopg.Cursor[tuple[Any, ...]]) -> None:
        self._cursor = cursor

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""
        return self._cursor.rowcount

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row."""
        row = self._cursor.fetchone()
        return None if row is None else dialect.row_out(row)

    def fetchall(self) -> list[tuple[Any, ...]]:
        """The rows that are left."""
        return list(map(dialect.row_out, self._cursor.fetchall()))


class PostgresDatabase:
    """The adapter for PostgreSQL. `open_session` opens a session to the one ledger, ready to be used."""

    def __init__(self, open_session: Callable[[], Connection], ledger: str, shown: str, patience: float) -> None:
        """`ledger` is its random id, `shown` its place in messages, `patience` seconds to wait for a lost server."""
        self._open_session = open_session
        self._session = open_session()
        self.ledger = ledger
        self.shown = shown
        self._patience = patience
        self._writing = False
        self._number: object = None
        self._held: set[int] = set()
        self._lost = False

    @property
    def in_transaction(self) -> bool:
        """Whether `begin` was called, and neither `commit` nor `roll_back` since."""
        return self._writing

    def drop_moved(self) -> None:
        """Drop the sealed tables of this ledger that earlier moves left here: all that they say, it says too."""
        name = f"outreach_{self.ledger[:16]}_moved_"
        found = self.execute("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, ?)", (name,)).fetchall()
        for (schema,) in found:
            self.execute(f'DROP SCHEMA "{schema}" CASCADE')

    # --- asking ------------------------------------------------------------------------------------

    def execute(self, sql: str, values: tuple[Any, ...] = ()) -> Rows:
        """Carry out one statement. Outside of a transaction, where nothing is written, a lost session is replaced."""
        given = tuple(map(dialect.value_in, values))
        return _Rows(self._asked(lambda session: session.execute(dialect.statement(sql), given)))

    def executemany(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> Rows:
        """Carry out one statement for each row."""
        given = [tuple(map(dialect.value_in, row)) for row in rows]
        cursor = self._session.cursor()
        if len(given) == 1:
            cursor.execute(dialect.statement(sql), given[0])
        elif given:
            cursor.executemany(dialect.statement(sql), given)
        return _Rows(cursor)

    def _asked(self, ask: Callable[[Connection], Any]) -> Any:
        try:
            return ask(self._session)
        except psycopg.Error as error:
            if self._writing or not is_lost(self._session, error):
                raise
            self._open_again()
            return ask(self._session)

    def translated(self) -> AbstractContextManager[None]:
        """Raises what the ledger raises for what psycopg raises inside."""
        return translated(self.shown)

    # --- writing -----------------------------------------------------------------------------------

    def begin(self) -> None:
        """Start to write, alone."""
        self._asked(self._begin)
        self._writing = True

    def _begin(self, session: Connection) -> None:
        try:  # in one round trip; each statement sees what was committed before it began
            found = session.cursor().execute(dialect.begin(key_of(self.ledger, "writing")), prepare=False)
            while found.nextset():
                pass
            row = found.fetchone()
            self._number = row[0] if row else None
        except psycopg.Error:
            with suppress(psycopg.Error):
                session.execute("ROLLBACK")
            raise

    def wait_for_disk(self, waits: bool) -> None:
        """The server always waits: its answer is on its way for longer."""

    def commit(self) -> None:
        """Make it durable. Where the answer does not come, the server is asked in a new session what became of it."""
        try:
            self._session.execute("COMMIT")
            self._writing = False
        except psycopg.Error as error:
            self._writing = False
            if not is_lost(self._session, error):
                raise
            self._open_again()
            if not self._was_committed(self._number):
                raise

    def _was_committed(self, number: object) -> bool:
        """What became of a transaction that this session or one before it began; waits until that is decided."""
        for pause in self._pauses():
            row = self._session.execute("SELECT pg_xact_status(%s::text::xid8)", (number,)).fetchone()
            if row is None or row[0] != "in progress":
                return row is not None and row[0] == "committed"
            time.sleep(pause)
        raise LedgerUnreachable(self.shown, "it does not say whether the last change was written")

    def roll_back(self) -> None:
        """End a transaction without a trace; a lost session has done so itself."""
        if self._writing:
            self._writing = False
            with suppress(psycopg.Error):
                self._session.execute("ROLLBACK")

    def compact(self) -> None:
        """Write every table again. The server's log, its replicas and its backups keep what they have."""
        self._asked(
            lambda session: session.execute(dialect.statement(f"VACUUM FULL {', '.join((*tables(), 'blobs'))}"))
        )

    # --- frozen bytes ------------------------------------------------------------------------------

    def keep(self, digest: str, content: bytes) -> None:
        """Store frozen bytes, unless they are there."""
        if self.execute(dialect.BLOB_IS_THERE, (digest,)).fetchone() is None:
            self.execute(dialect.ADD_BLOB, (digest, content))

    def kept(self, digest: str) -> bytes | None:
        """Frozen bytes by the sha256 (hex) of their content."""
        row = self.execute(dialect.BLOB, (digest,)).fetchone()
        return None if row is None else bytes(row[0])

    def drop(self, digest: str) -> None:
        """Remove frozen bytes."""
        self.execute(dialect.REMOVE_BLOB, (digest,))

    def all_kept(self) -> list[str]:
        """The digests of all frozen bytes."""
        return [str(row[0]) for row in self.execute(dialect.BLOBS).fetchall()]

    # --- the session -------------------------------------------------------------------------------

    def _open_again(self) -> None:
        """Another session in the place of a lost one, as soon as the server answers. Raises LedgerUnreachable."""
        self._session.close()
        self._lost = self._lost or bool(self._held)
        why: psycopg.Error | LedgerUnreachable = psycopg.OperationalError("")
        for pause in self._pauses():
            try:
                self._session = self._open_session()
                return
            except (psycopg.OperationalError, LedgerUnreachable) as error:
                why = error
            time.sleep(pause)
        raise why if isinstance(why, LedgerUnreachable) else LedgerUnreachable(self.shown, said(why))

    def _pauses(self) -> Iterator[float]:
        end, pause = time.monotonic() + self._patience, _FIRST_PAUSE
        while True:
            yield pause
            pause = min(2 * pause, _LONGEST_PAUSE)
            if time.monotonic() > end:
                return

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """An account for this session alone, until it ends, on every computer that uses this ledger."""
        key = key_of(self.ledger, f"account {name}")
        if key in self._held:  # PostgreSQL would give it to its own session a second time
            raise LedgerBusy(self.shown)
        with self.translated():
            row = self._asked(lambda session: session.execute("SELECT pg_try_advisory_lock(%s)", (key,)).fetchone())
        if not row[0]:
            raise LedgerBusy(self.shown)
        self._held.add(key)
        try:
            yield
        finally:
            self._held.discard(key)
            with suppress(psycopg.Error):  # where the session is lost the lock is free
                self._session.execute("SELECT pg_advisory_unlock(%s)", (key,))
            self._lost = self._lost and bool(self._held)

    def check_alone(self) -> None:
        """Raises AccountLost if this session does not hold what `alone` took, or does not wait for the disk."""
        if not self._held:
            return
        row = (
            self._session.execute(dialect.statement(HOLDS), (list(self._held),)).fetchone() if not self._lost else None
        )
        if row is None or row[0] != len(self._held):
            raise AccountLost(self.shown)

    def unsafe_place(self) -> str | None:
        """One server gives the locks to all computers."""
        return None

    def close(self) -> None:
        """End the session, and with it every lock."""
        self._session.close()


def key_of(ledger: str, what: str) -> int:
    """The number of an advisory lock: PostgreSQL knows them by 64 bits, in one database."""
    return int.from_bytes(hashlib.sha256(f"{ledger} {what}".encode()).digest()[:8], "big", signed=True)
