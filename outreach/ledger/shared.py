"""A ledger in PostgreSQL, as far as a campaign's folder has to do with it: its address, its id, the frozen bytes.

This module imports psycopg only where campaign.yaml says that the ledger is shared.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from outreach import storage
from outreach.connections.ledger_address import (
    campaign_and_kind,
    identity_of_address,
    ledger_address,
    read_address,
)
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import LedgerIsAnother, LedgerNotInstalled, LedgerNotShared
from outreach.ledger.place import FOLDER, SHARED_ID, make_folder, why_not

if TYPE_CHECKING:
    from outreach.ledger.postgres import PostgresDatabase

LEFT = f"{FOLDER}/left-in-postgresql"
"""Which sealed ledgers of this campaign lie in PostgreSQL since it was moved back, one a line."""
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
    """Frozen bytes out of the campaign's shared ledger; None if there is none, or they are not in it.

    Raises what opening it raises.
    """
    with _any_open(root) as db:
        if db is None:
            return None
        with db.translated():
            return db.kept(digest)


def drop_shared(root: Path, digest: str) -> None:
    """Remove frozen bytes from the campaign's shared ledger, where there is one. Raises what opening it raises."""
    with _any_open(root) as db:
        if db is not None:
            with db.translated():
                db.drop(digest)


def drop_moved(root: Path) -> None:
    """Drop what earlier moves of the campaign's shared ledger left beside it. Raises what opening it raises."""
    with _any_open(root) as db:
        if db is not None:
            with db.translated():
                db.drop_moved()


def digests_of_shared(root: Path) -> list[str]:
    """What frozen bytes are in the campaign's shared ledger, by digest. Raises what opening it raises."""
    with _any_open(root) as db:
        if db is None:
            return []
        with db.translated():
            return db.all_kept()


@contextmanager
def _any_open(root: Path) -> Iterator[PostgresDatabase | None]:
    """The shared ledger that this thread has open, or another session to it; None if the ledger is a file."""
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


def shared_database(root: Path, campaign: str, *, create: bool, patience: float = PATIENCE) -> PostgresDatabase | None:
    """The campaign's ledger in PostgreSQL, at the address that this computer knows; None if there is none.

    Raises LedgerWithoutAddress, LedgerNotInstalled, LedgerIsAnother, and what `open_postgres` raises.
    """
    address = ledger_address(campaign)
    db = _postgres().open_postgres(address, campaign, create=create, patience=patience)
    return None if db is None else _remembered(root, db, write=create)


def keep_address(root: Path, text: str) -> str:
    """Keep the address of the campaign's shared ledger among the secrets, if PostgreSQL answers there; where, in words.

    Raises LedgerAddressUnusable, SecretsUnusable, and as `shared_database`.
    """
    server = _postgres().Server(read_address(text), PATIENCE)
    session = server.connect()
    try:
        server.refuse_pooler(session)
    finally:
        session.close()
    return Secrets().put(identity_of_address(campaign_and_kind(root)[0]), Secret(text.strip()))


def opened_shared(root: Path) -> PostgresDatabase | None:
    """The campaign's ledger in PostgreSQL, whatever campaign.yaml says. Raises as `shared_database`."""
    return shared_database(root, campaign_and_kind(root)[0], create=False)


def arriving_in_shared(root: Path, ledger: UUID) -> PostgresDatabase:
    """A new ledger in PostgreSQL with that id, which arrives. Raises LedgerThere, and as `shared_database`."""
    campaign, _ = campaign_and_kind(root)
    address = ledger_address(campaign)
    return _remembered(root, _postgres().make_arriving(address, campaign, ledger, patience=PATIENCE), write=False)


def room_for_jobs(root: Path, name: str, script: str) -> tuple[Secret, str]:
    """A schema for the jobs of workers, beside the campaign's shared ledger: the address of the server, and its name.

    `script` makes its tables, once; `name` tells apart those of different makers. Raises LedgerNotShared if the
    ledger is a file, and as `shared_database`.
    """
    campaign, is_shared = campaign_and_kind(root)
    if not is_shared:
        raise LedgerNotShared()
    ledger = shared_database(root, campaign, create=True)
    assert ledger is not None
    ledger.close()
    server = _postgres().Server(ledger_address(campaign), PATIENCE)
    schema = f"jobs_{ledger.ledger}_{name}"
    return server.make_schema(schema, script), schema


class Life:
    """A lock in PostgreSQL, held as long as this process lives and reaches the server: others see when it ends."""

    def __init__(self, root: Path) -> None:
        """Nothing is opened yet. Raises as `shared_database`."""
        server = _postgres().Server(ledger_address(campaign_and_kind(root)[0]), PATIENCE)
        self._connect = server.connect
        self._session: Any = None
        self._opening = threading.Lock()
        self.number = secrets.randbits(62)

    def begin(self) -> None:
        """Hold the lock, in another session where the one before was lost. Raises LedgerUnreachable."""
        with self._opening:
            if self._session is not None and not self._session.closed:
                with suppress(_postgres().psycopg.Error):
                    self._session.execute(b"SELECT 1")
                    return
            self.end()
            self._session = self._connect()
            self._session.execute(f"SELECT pg_advisory_lock({self.number:d})".encode("ascii"))

    def end(self) -> None:
        """Let go of it."""
        if self._session is not None:
            self._session.close()


def shown_of_shared(root: Path) -> str:
    """The server and database of the campaign's shared ledger, as messages name it. Raises as `shared_database`."""
    address = ledger_address(campaign_and_kind(root)[0])
    return str(_postgres().Server(address, PATIENCE).shown)


def _postgres() -> Any:
    try:
        return import_module("outreach.ledger.postgres_opening")
    except ModuleNotFoundError as error:
        raise LedgerNotInstalled() from error


def remembered(root: Path) -> str:
    """The id of the shared ledger that this folder has had, as 32 hexadecimal digits; "" if it never had one.

    Raises what `why_not` makes of errors.
    """
    try:
        if storage.stat_of(root, SHARED_ID, strict=True) is None:
            return ""
        return storage.read(root, SHARED_ID).decode("ascii", "replace").strip()
    except OSError as error:
        raise why_not(SHARED_ID, error) from error


def remember(root: Path, ledger: str) -> None:
    """The folder has that shared ledger from now on. Raises what `why_not` makes of errors."""
    make_folder(root)
    try:
        storage.write(root, SHARED_ID, [f"{ledger}\n".encode("ascii")], storage.PRIVATE)
    except OSError as error:
        raise why_not(SHARED_ID, error) from error


def forget_shared(root: Path) -> None:
    """The folder has its ledger in a file of its own again. Raises what `why_not` makes of errors."""
    try:
        storage.remove(root, SHARED_ID, missing_ok=True)
    except OSError as error:
        raise why_not(SHARED_ID, error) from error


def schema_of(ledger: str) -> str:
    """The schema in PostgreSQL that holds a ledger."""
    return f"outreach_{UUID(ledger).hex}"


def left_in_shared(root: Path) -> list[str]:
    """Where sealed ledgers were left: server, database and schema."""
    try:
        return storage.read(root, LEFT).decode("utf-8", "replace").splitlines()
    except OSError:
        return []


def remember_left(root: Path, left: Iterable[str]) -> None:
    """Remember these and no others. Raises what `why_not` makes of errors."""
    text = "".join(f"{each}\n" for each in dict.fromkeys(left))
    try:
        if text:
            storage.write(root, LEFT, [text.encode()], storage.PRIVATE)
        else:
            storage.remove(root, LEFT, missing_ok=True)
    except OSError as error:
        raise why_not(LEFT, error) from error


def _remembered(root: Path, db: PostgresDatabase, *, write: bool) -> PostgresDatabase:
    """That ledger, which this folder has from then on: another at the address is a mistake. Raises LedgerIsAnother."""
    with ExitStack() as unless_it_is:
        unless_it_is.callback(db.close)
        before = remembered(root)
        if before and before != db.ledger:
            raise LedgerIsAnother(db.shown, db.ledger, before, SHARED_ID)
        if write and not before:
            remember(root, db.ledger)
        unless_it_is.pop_all()
    return db
