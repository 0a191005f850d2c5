"""What PostgreSQL says -> exceptions of ours, one class per situation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors

from outreach.errors import (
    LedgerBusy,
    LedgerFull,
    LedgerNotAllowed,
    LedgerUnreachable,
    LedgerUnreadable,
    OutreachError,
)
from outreach.ledger.rows import StrangeRow

Connection = psycopg.Connection[tuple[object, ...]]

_ENDED = (
    errors.AdminShutdown,
    errors.CrashShutdown,
    errors.CannotConnectNow,
    errors.IdleInTransactionSessionTimeout,
    errors.ConnectionException,
)


def is_lost(session: Connection, error: psycopg.Error) -> bool:
    """Whether the session is over, and not only a statement in it."""
    return session.closed or session.broken or isinstance(error, _ENDED)


@contextmanager
def translated(shown: str) -> Iterator[None]:
    """Raises LedgerBusy, LedgerFull, LedgerNotAllowed, LedgerUnreachable, LedgerUnreadable for what psycopg raises.

    A broken uniqueness and a mistake of ours stay what they are.
    """
    try:
        yield
    except (psycopg.IntegrityError, psycopg.ProgrammingError) as error:
        fault = _fault(error, shown)
        if fault is None:
            raise
        raise fault from error
    except psycopg.Error as error:
        raise (_fault(error, shown) or LedgerUnreachable(shown, said(error))) from error
    except StrangeRow as error:
        raise LedgerUnreadable(shown, "outreach did not write a row in it") from error


def _fault(error: psycopg.Error, shown: str) -> OutreachError | None:
    if isinstance(error, errors.LockNotAvailable | errors.QueryCanceled):
        return LedgerBusy(shown)
    if isinstance(error, errors.DiskFull):
        return LedgerFull(shown)
    if isinstance(error, errors.InsufficientPrivilege):
        return LedgerNotAllowed(shown, "this user has no right to it")
    if isinstance(error, errors.ReadOnlySqlTransaction):
        return LedgerNotAllowed(shown, "this server only reads (a standby?)")
    if isinstance(error, errors.DataCorrupted | errors.IndexCorrupted | errors.UndefinedTable | errors.UndefinedColumn):
        return LedgerUnreadable(shown, "its tables are damaged or not those that outreach makes")
    return None


def said(error: psycopg.Error) -> str:
    """Why PostgreSQL cannot be reached, in few words. What libpq says names the user and the host, never a password."""
    text = str(error).strip().splitlines()
    words = (text[0] if text else type(error).__name__).strip().rstrip(".")
    for begin in ("connection failed: ", "FATAL: "):
        words = words.rpartition(begin)[2].strip()
    return words[:200] or "it does not answer"
