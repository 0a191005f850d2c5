"""What SQLite says -> exceptions of ours, one class per situation."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from outreach.errors import LedgerBusy, LedgerFull, LedgerReadOnly, LedgerUnreadable, OutreachError
from outreach.ledger.rows import StrangeRow

_PRIMARY = 0xFF
"""The low byte of an extended result code is the primary one (SQLite, "Result and Error Codes")."""


@contextmanager
def translated(path: Path, shown: str) -> Iterator[None]:
    """Raises LedgerBusy, LedgerReadOnly, LedgerFull, LedgerUnreadable for what SQLite raises.

    A broken uniqueness and a mistake of ours stay what they are.
    """
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        fault = _fault(error, path, shown)
        if fault is None:
            raise
        raise fault from error
    except StrangeRow as error:
        raise LedgerUnreadable(shown, "outreach did not write a row in it") from error
    except UnicodeDecodeError as error:  # names in the schema are decoded by Python, outside of SQLite's own errors
        raise LedgerUnreadable(shown, "it holds text that is not UTF-8") from error


def _fault(error: sqlite3.DatabaseError, path: Path, shown: str) -> OutreachError | None:
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LedgerBusy(shown)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return LedgerReadOnly(shown)
    if code == sqlite3.SQLITE_FULL:
        return LedgerFull(shown)
    if code == sqlite3.SQLITE_CANTOPEN:
        return _cannot_open(path, shown)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return LedgerUnreadable(shown, "the file is damaged, or is not a ledger")
    if "Could not decode to UTF-8" in str(error):  # Python's own: SQLite stores any bytes as text
        return LedgerUnreadable(shown, "it holds text that is not UTF-8")
    if code == sqlite3.SQLITE_IOERR:
        return LedgerUnreadable(shown, "the disk reports a fault")
    return None


def _cannot_open(path: Path, shown: str) -> OutreachError:
    if path.is_dir():
        return LedgerUnreadable(shown, "there is a folder in its place")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        return LedgerReadOnly(shown)
    return LedgerUnreadable(shown, "it cannot be opened")
