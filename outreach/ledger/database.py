"""The port: what the ledger asks of a database. `sqlite.py` and `postgres.py` are the adapters.

Everything else in the ledger is written once, over this: the statements (`statements.py`), the tables
(`migrations/`), the rows. Nothing above the ledger knows which adapter it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from outreach.ledger import statements


class Rows(Protocol):
    """What a statement came to."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""

    def fetchone(self) -> Any:
        """The next row; None if there is none."""

    def fetchall(self) -> list[Any]:
        """The rows that are left."""


class Database(Protocol):
    """A connection to one ledger.

    Writers come one after the other: `begin` waits until nobody else writes, and whoever writes sees all that was
    written before. What is committed has reached the disk, unless `wait_for_disk` was told otherwise.
    """

    @property
    def in_transaction(self) -> bool:
        """Whether `begin` was called, and neither `commit` nor `roll_back` since."""

    def begin(self) -> None:
        """Start to write, alone. Waits for others as long as the ledger was opened to be patient."""

    def commit(self) -> None:
        """Make what was written durable. When this returns it is; when it raises it is not."""

    def wait_for_disk(self, waits: bool) -> None:
        """Whether `commit` waits for the disk. Where it does not, the next commit that does brings both; until then a
        power cut may lose it, and a killed process does not. Not in a transaction.
        """

    def roll_back(self) -> None:
        """End a transaction without a trace, unless it has ended by itself."""

    def execute(self, sql: str, values: tuple[Any, ...] = ..., /) -> Rows:
        """Carry out one statement, with `?` for each value."""

    def executemany(self, sql: str, rows: Iterable[tuple[Any, ...]], /) -> Rows:
        """Carry out one statement for each row."""

    def translated(self) -> AbstractContextManager[None]:
        """Raises what the ledger raises for what the database raises inside, and for a StrangeRow."""

    def alone(self, name: str) -> AbstractContextManager[None]:
        """An account for this process alone, on every computer that uses this ledger, until it dies.

        Raises LedgerBusy if another has it.
        """

    def check_alone(self) -> None:
        """Raises AccountLost if a lock that `alone` took is not held any more."""

    def unsafe_place(self) -> str | None:
        """The kind of network file system under which `alone` cannot be trusted; None if it can."""

    def compact(self) -> None:
        """Give back the room of what was changed or removed, so that no byte of it stays in the files.

        Not in a transaction. Raises LedgerBusy while others read.
        """

    def close(self) -> None:
        """Let go of it, and of every lock."""


def is_replaceable(db: Database) -> bool:
    """Whether a ledger may make room for one that is moved to its place: it was moved away, never arrived, or is empty.

    Call it in a transaction.
    """
    return bool(db.execute(statements.MOVED).fetchall()) or not db.execute(statements.ANYTHING).fetchone()[0]


@contextmanager
def writing(db: Database, *, soon: bool = False) -> Iterator[None]:
    """All that is written inside is there afterwards, or none of it; `soon`: on the disk by the next commit."""
    if soon:
        db.wait_for_disk(False)
    try:
        db.begin()
        yield
        db.commit()
    except BaseException:
        db.roll_back()
        raise
    finally:
        if soon:
            db.wait_for_disk(True)
