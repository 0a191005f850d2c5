"""One ledger's rows into another, whatever databases the two are in; and whether both hold the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from outreach.ledger.database import Database
from outreach.ledger.migrating import tables
from outreach.ledger.states import read_states, rebuild

_OWN = ("version", "sealed", "arriving")
"""What `meta` says of one database and not of what happened."""


def copy_rows(source: Database, target: Database) -> None:
    """Fill `target`, new and empty, with all that `source` holds. Call it while both are in a transaction."""
    target.execute("DELETE FROM meta WHERE key = 'ledger'")
    for table in tables():
        if table != "state":
            rows = list(_rows(source, table))
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                target.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    rebuild(target)


def is_copy(one: Database, other: Database) -> bool:
    """Whether both hold the same rows, and their events come to the same states."""
    same = all(_digest(one, table) == _digest(other, table) for table in tables() if table != "state")
    return same and read_states(one) == read_states(other)


def _digest(db: Database, table: str) -> str:
    """Of a table's rows in an order of their own: the two databases may keep them in different ones."""
    found = hashlib.sha256()
    for row in sorted(map(repr, _rows(db, table))):
        found.update(row.encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def _rows(db: Database, table: str) -> Iterator[tuple[Any, ...]]:
    for row in db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall():
        if table != "meta" or row[0] not in _OWN:
            yield tuple(row)
