"""Opening a ledger in PostgreSQL: finding it among others, making it, bringing it to the present version.

Each ledger is a schema of its own, named by the ledger's random id, so that one database can hold those of many
campaigns. `meta` says whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import conninfo

from outreach.connections.ledger_address import LedgerAddress
from outreach.connections.secrets import Secret
from outreach.errors import (
    LedgerAddressUnusable,
    LedgerAmbiguous,
    LedgerPooled,
    LedgerServerUnusable,
    LedgerThere,
    LedgerTooNew,
    LedgerUnreachable,
    LedgerUnreadable,
)
from outreach.ledger import dialect, statements
from outreach.ledger.database import is_replaceable, writing
from outreach.ledger.migrating import migrations
from outreach.ledger.postgres import PostgresDatabase, key_of
from outreach.ledger.postgres_faults import Connection, said, translated
from outreach.ledger.states import rebuild

OLDEST = 15
_SCHEMA = re.compile(r"outreach_([0-9a-f]{32})")
_SECONDS = 10
_CONNECTING: dict[str, Any] = {
    "connect_timeout": _SECONDS,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
    "application_name": "outreach",
    "client_encoding": "utf8",
}
"""A server that is cut off is noticed within half a minute."""
_SETTINGS = ("SET synchronous_commit = on", "SET idle_in_transaction_session_timeout = '60s'")
_BOTH = {
    "keepalives_idle": "tcp_keepalives_idle",
    "keepalives_interval": "tcp_keepalives_interval",
    "keepalives_count": "tcp_keepalives_count",
    "tcp_user_timeout": "tcp_user_timeout",
}
"""The server, too, notices a computer that is cut off, as soon, and then frees what it had locked."""


class Server:
    """PostgreSQL at an address. Raises what `postgres_faults.translated` raises, and LedgerAddressUnusable."""

    def __init__(self, address: LedgerAddress, patience: float) -> None:
        self._patience = patience
        try:
            given = conninfo.conninfo_to_dict(address.server.reveal())
            whole = {**_CONNECTING, **given}
            self._conninfo = conninfo.make_conninfo("", **whole)
            self._settings = [*_SETTINGS, *(f"SET {there} = {int(whole[here]):d}" for here, there in _BOTH.items())]
        except (psycopg.Error, ValueError):
            raise LedgerAddressUnusable("PostgreSQL's client does not understand it") from None
        host, port = given.get("host") or "this computer", given.get("port")
        self.shown = f"{host}{f':{port}' if port else ''}/{given.get('dbname') or given.get('user') or ''}"

    def connect(self) -> Connection:
        """A session that waits for the disk at each COMMIT. Raises LedgerUnreachable, LedgerServerUnusable."""
        try:
            session = psycopg.connect(self._conninfo, autocommit=True)
        except psycopg.OperationalError as error:
            raise LedgerUnreachable(self.shown, said(error)) from error
        try:
            for setting in (*self._settings, f"SET lock_timeout = {max(1, round(self._patience * 1000))}"):
                session.execute(setting.encode("ascii"))
            self._refuse_unusable(session)
        except BaseException:
            session.close()
            raise
        return session

    def make_schema(self, name: str, script: str) -> Secret:
        """Make a schema with what `script` says in it, unless it is there; how to connect."""
        with translated(self.shown), self.connect() as session, session.transaction():
            session.execute("SELECT pg_advisory_xact_lock(%s)", (key_of(name, "making"),))
            if session.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (name,)).fetchone() is None:
                session.execute(f"CREATE SCHEMA {name}".encode("ascii"))
                session.execute(f"SET LOCAL search_path = {name}".encode("ascii"))
                session.execute(script.encode("utf-8"))
        return Secret(self._conninfo)

    def _refuse_unusable(self, session: Connection) -> None:
        if session.info.server_version < OLDEST * 10_000:
            version = session.info.parameter_status("server_version")
            raise LedgerServerUnusable(self.shown, f"this is PostgreSQL {version}", f"It needs {OLDEST} or newer.")
        settings = "SELECT current_setting('synchronous_commit'), current_setting('server_encoding')"
        waits, encoding = session.execute(settings.encode("ascii")).fetchone() or ("", "")
        if waits not in ("on", "remote_apply"):
            hint = "Let this user set synchronous_commit."
            raise LedgerServerUnusable(self.shown, "it does not wait for the disk (synchronous_commit)", hint)
        if encoding != "UTF8":
            reason = f"the encoding of this database is {encoding}"
            raise LedgerServerUnusable(self.shown, reason, "Make one with `createdb --encoding=UTF8`.")

    def refuse_pooler(self, session: Connection) -> None:
        """Raises LedgerPooled if this session may share its server process with others.

        A pooler tells each client a process number of its own making. One that hands on the server's is found by a
        second client, which gets the same process while the first one waits.
        """
        numbers = [session.info.backend_pid, _process(session)]
        with self.connect() as other:
            others = [_process(other), _process(other)]
            numbers += [_process(session), session.info.backend_pid]
        if len(set(numbers)) > 1 or set(numbers) & set(others):
            raise LedgerPooled(self.shown)


def open_postgres(address: LedgerAddress, campaign: str, *, create: bool, patience: float) -> PostgresDatabase | None:
    """The campaign's ledger at that address, made where there is none; None without `create`.

    Raises LedgerAmbiguous, LedgerTooNew, LedgerPooled, and what `Server` raises.
    """
    server = Server(address, patience)
    with translated(server.shown):
        with server.connect() as session:
            if create:
                server.refuse_pooler(session)
            ledger = _found(session, address, campaign, server.shown)
            if ledger is None and create:
                ledger = _made(session, uuid4().hex, campaign)
        return None if ledger is None else _opened(server, ledger, patience)


def make_arriving(address: LedgerAddress, campaign: str, ledger: UUID, *, patience: float) -> PostgresDatabase:
    """A new ledger with that id, marked as arriving. Raises LedgerThere if the campaign's is in use, and what
    `open_postgres` raises.
    """
    server = Server(address, patience)
    with translated(server.shown):
        with server.connect() as session:
            server.refuse_pooler(session)
            for id, whose in _ledgers(session).items():
                if id == ledger.hex or whose == _whose(campaign):
                    _make_room(server, id, patience)
            if _made(session, ledger.hex, campaign) != ledger.hex:
                raise LedgerThere(server.shown)
        return _opened(server, ledger.hex, patience, arriving=True)


def _make_room(server: Server, ledger: str, patience: float) -> None:
    """Take a ledger that is not in use out of the way: keep one that was sealed under another name, drop others."""
    db = _opened(server, ledger, patience)
    try:
        with writing(db):
            if not is_replaceable(db):
                raise LedgerThere(server.shown)
            if db.execute(statements.META, (statements.SEALED,)).fetchone() is None:
                db.execute(f"DROP SCHEMA outreach_{ledger} CASCADE")
            else:
                db.execute(f"ALTER SCHEMA outreach_{ledger} RENAME TO outreach_{ledger[:16]}_moved_{uuid4().hex[:8]}")
    finally:
        db.close()


def _opened(server: Server, ledger: str, patience: float, *, arriving: bool = False) -> PostgresDatabase:
    db = PostgresDatabase(partial(_session_to, server.connect, ledger), ledger, server.shown, patience)
    try:
        _migrate(db, server.shown, arriving=arriving)
    except BaseException:
        db.close()
        raise
    return db


def _session_to(connect: Callable[[], Connection], ledger: str) -> Connection:
    session = connect()
    session.execute(f"SET search_path = outreach_{ledger}, pg_temp".encode("ascii"))
    return session


def _process(session: Connection) -> object:
    row = session.execute("SELECT pg_backend_pid()").fetchone()
    return row[0] if row else None


def _found(session: Connection, address: LedgerAddress, campaign: str, shown: str) -> str | None:
    """The id of the ledger that is meant. Raises LedgerAmbiguous, LedgerUnreadable."""
    found = _ledgers(session)
    if address.ledger:
        if address.ledger not in found:
            raise LedgerUnreadable(shown, f"there is no ledger with the id {UUID(address.ledger)}")
        return address.ledger
    ours = [id for id, whose in found.items() if whose == _whose(campaign)]
    if len(ours) > 1:
        raise LedgerAmbiguous(shown, [str(UUID(id)) for id in ours])
    return ours[0] if ours else None


def _ledgers(session: Connection) -> dict[str, object]:
    """Every ledger in the database by its id, and whose it says that it is."""
    names = session.execute(
        "SELECT nspname, obj_description(oid, 'pg_namespace') FROM pg_namespace ORDER BY nspname"
    ).fetchall()
    return {match[1]: whose for name, whose in names if (match := _SCHEMA.fullmatch(str(name)))}


def _whose(campaign: str) -> str:
    return f"The outreach ledger of {campaign or 'a campaign'}"


def _made(session: Connection, ledger: str, campaign: str) -> str:
    """Make an empty schema, unless somebody else has made the campaign's meanwhile; the id of the one that is there."""
    whose = _whose(campaign)
    with session.transaction():
        session.execute("SELECT pg_advisory_xact_lock(%s)", (key_of(whose, "making"),))
        for id, of in _ledgers(session).items():
            if of == whose:
                return id
        session.execute(f"CREATE SCHEMA outreach_{ledger}".encode("ascii"))
        comment = f"COMMENT ON SCHEMA outreach_{ledger} IS '{whose}'"  # an id in campaign.yaml has no quotes
        session.execute(comment.encode("utf-8"))
    return ledger


def _migrate(db: PostgresDatabase, shown: str, *, arriving: bool = False) -> None:
    """Take each step that is missing, in a transaction of its own."""
    known = migrations()[-1][0]
    if _version(db) > known:
        raise LedgerTooNew(shown, _version(db), known)
    if _version(db) == known:
        return
    for number, script in migrations():
        with writing(db):
            if _version(db) < number:  # unless another computer has taken it while we waited
                for statement in (each for part in script for each in dialect.tables(part)):
                    db.execute(statement)
                if number == known:
                    db.execute(dialect.FROZEN_BYTES)
                    rebuild(db)
                if arriving:  # before anybody can use it
                    db.execute(statements.PUT_META, (statements.ARRIVING, "1"))
                db.execute(statements.PUT_META, ("version", str(number)))
                db.execute(statements.SET_META, ("ledger", str(UUID(db.ledger))))


def _version(db: PostgresDatabase) -> int:
    there = "SELECT 1 FROM pg_tables WHERE schemaname = ? AND tablename = 'meta'"
    if db.execute(there, (f"outreach_{db.ledger}",)).fetchone() is None:  # to_regclass may remember that it is not
        return 0
    row = db.execute(statements.META, ("version",)).fetchone()
    return int(row[0]) if row else 0
