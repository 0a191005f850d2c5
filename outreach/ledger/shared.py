"""A ledger in PostgreSQL, as far as a campaign's folder has to do with it: its address, its id, the frozen bytes.

This module imports psycopg only where campaign.yaml says that the ledger is shared.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from outreach import storage
from outreach.connections.ledger_address import campaign_and_kind, ledger_address
from outreach.errors import LedgerIsAnother, LedgerNotInstalled
from outreach.ledger.place import SHARED_ID, make_folder, why_not

if TYPE_CHECKING:
    from outreach.ledger.postgres import PostgresDatabase

PATIENCE = 10.0
"""Seconds for which one process waits while another writes."""
_OPEN = threading.local()
"""The shared ledgers that this thread has open, by folder: what was approved goes into them."""


class Shared:
    """A shared ledger that is open: while it is, frozen bytes are kept there too."""

    def __init__(self, root: Path, db: PostgresDatabase) -> None:
        self._root = root
        self._db = db
        _open().setdefault(root, []).append(db)

    def close(self) -> None:
        """It is not open any more."""
        if self._db in _open().get(self._root, []):
            _open()[self._root].remove(self._db)


def _open() -> dict[Path, list[PostgresDatabase]]:
    found: dict[Path, list[PostgresDatabase]] = _OPEN.__dict__.setdefault("by_folder", {})
    return found


def share(root: Path, digest: str, content: bytes) -> None:
    """Keep frozen bytes in the campaign's shared ledger, if this thread has it open. Raises LedgerUnreachable."""
    for db in _open().get(root, [])[-1:]:
        with db.translated():
            db.keep(digest, content)


def from_shared(root: Path, digest: str) -> bytes | None:
    """Frozen bytes out of the campaign's shared ledger; None where there is none, or they are not in it.

    Raises what opening it raises.
    """
    with _any_open(root) as db:
        if db is None:
            return None
        with db.translated():
            return db.kept(digest)


def digests_of_shared(root: Path) -> list[str]:
    """What frozen bytes lie in the campaign's shared ledger, by digest. Raises what opening it raises."""
    with _any_open(root) as db:
        if db is None:
            return []
        with db.translated():
            return db.all_kept()


@contextmanager
def _any_open(root: Path) -> Iterator[PostgresDatabase | None]:
    """The shared ledger that this thread has open, or another session to it; None where the ledger is a file."""
    there = _open().get(root, [])
    if there:
        yield there[-1]
        return
    campaign, is_shared = campaign_and_kind(root)
    db = shared_database(root, campaign, create=False) if is_shared else None
    try:
        yield db
    finally:
        if db is not None:
            db.close()


def shared_database(
    root: Path, campaign: str, *, create: bool, patience: float = PATIENCE, fresh: UUID | None = None
) -> PostgresDatabase | None:
    """The campaign's ledger in PostgreSQL, at the address that this computer knows; None where there is none.

    `fresh`: make one with that id. Raises LedgerNotInstalled, LedgerIsAnother, and what `open_postgres` raises.
    """
    address = ledger_address(campaign)
    try:
        open_postgres = import_module("outreach.ledger.postgres_opening").open_postgres
    except ModuleNotFoundError as error:
        raise LedgerNotInstalled() from error
    db: PostgresDatabase | None = open_postgres(address, campaign, create=create, patience=patience, fresh=fresh)
    if db is not None and fresh is None:
        try:
            _remember(root, db, write=create)
        except BaseException:
            db.close()
            raise
    return db


def _remember(root: Path, db: PostgresDatabase, *, write: bool) -> None:
    """Which ledger this folder has: from then on, another one at the address is a mistake. Raises LedgerIsAnother."""
    try:
        before = storage.read(root, SHARED_ID).decode("ascii", "replace").strip()
    except FileNotFoundError:
        before = ""
    except OSError as error:
        raise why_not(SHARED_ID, error) from error
    if before and before != db.ledger:
        raise LedgerIsAnother(db.shown, db.ledger, before, SHARED_ID)
    if write and not before:
        make_folder(root)
        try:
            storage.write(root, SHARED_ID, [f"{db.ledger}\n".encode("ascii")], storage.PRIVATE)
        except OSError as error:
            raise why_not(SHARED_ID, error) from error
