"""The ledger's database in a file of this computer: SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from outreach.errors import LedgerBusy
from outreach.ledger import statements
from outreach.ledger.faults import translated
from outreach.ledger.place import FOLDER, network_file_system, take_lock


class SqliteDatabase(sqlite3.Connection):
    """The adapter for SQLite: a connection that knows its campaign folder, and how its file is called in messages."""

    root: Path = Path()
    path: Path = Path()
    shown: str = ""

    def begin(self) -> None:
        """Start to write, alone."""
        self.execute(statements.BEGIN)

    def wait_for_disk(self, waits: bool) -> None:
        """Whether `commit` waits until the write-ahead log is on the disk."""
        self.execute(statements.WAIT if waits else statements.WAIT_NOT)

    def roll_back(self) -> None:
        """End a transaction without a trace, unless SQLite has done so itself (as it does on a full disk)."""
        if self.in_transaction:
            self.execute(statements.ROLLBACK)

    def translated(self) -> AbstractContextManager[None]:
        """Raises what the ledger raises for what SQLite raises inside."""
        return translated(self.path, self.shown)

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """An account for this process alone: the kernel frees the lock when the process dies. Raises LedgerBusy."""
        with take_lock(self.root, f"{FOLDER}/{name}.lock", alone=True, wait=False):
            yield

    def check_alone(self) -> None:
        """The kernel takes no lock away from a process that lives."""

    def compact(self) -> None:
        """Write the file again without its free pages, and empty the write-ahead log. Raises LedgerBusy."""
        self.execute(statements.COMPACT)
        if self.execute(statements.CHECKPOINT).fetchone()[0]:
            raise LedgerBusy(self.shown)

    def unsafe_place(self) -> str | None:
        """Two computers could both believe that they have a lock on a network file system."""
        return network_file_system(self.root)
