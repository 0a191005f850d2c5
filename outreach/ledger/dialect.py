"""The statements and tables of the ledger, which are written for SQLite, as PostgreSQL takes them.

This is all that differs: how values are marked, names of types, how numbers are given and changes forbidden. Text
compares byte by byte (collation C), as in SQLite, so that instants and ids sort alike.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_TYPES = (
    (re.compile(r"\bINTEGER\b"), "bigint"),
    (re.compile(r"\bTEXT\b"), 'text COLLATE "C"'),
    (re.compile(r"\)\s*STRICT(?:,\s*WITHOUT ROWID)?\s*;"), ");"),
)
_NUMBERED = re.compile(r"\b(\w+) INTEGER PRIMARY KEY AUTOINCREMENT")
_TABLE = re.compile(r"\bCREATE TABLE (\w+)")
_FORBIDDEN = re.compile(
    r"CREATE TRIGGER (\w+) BEFORE (UPDATE|DELETE) ON (\w+)\s+BEGIN SELECT RAISE\(ABORT, '([^']+)'\);\s*END;"
)
_FORBIDDEN_UNLESS = re.compile(
    r"CREATE TRIGGER (\w+) BEFORE UPDATE ON (\w+)\s+WHEN (.+?)\s+BEGIN SELECT RAISE\(ABORT, '([^']+)'\);\s*END;",
    re.DOTALL,
)
_NO_LONGER_FORBIDDEN = re.compile(r"DROP TRIGGER ((\w+)_are_never_\w+);")
_COMMENT = re.compile(r"--[^\n]*")

FROZEN_BYTES = """
CREATE TABLE IF NOT EXISTS blobs (digest text COLLATE "C" PRIMARY KEY NOT NULL, content bytea NOT NULL)
"""
"""Only PostgreSQL has this table: what was approved has to reach the computer that sends it. With SQLite the frozen
bytes are files (`blobs.py`)."""
ADD_BLOB = "INSERT INTO blobs (digest, content) VALUES (?, ?) ON CONFLICT DO NOTHING"
BLOB = "SELECT content FROM blobs WHERE digest = ?"
REMOVE_BLOB = "DELETE FROM blobs WHERE digest = ?"
BLOB_IS_THERE = "SELECT 1 FROM blobs WHERE digest = ?"
BLOBS = "SELECT digest FROM blobs ORDER BY digest"


_ESCAPE = "\U000f0000"
"""A character that no language has."""


def value_in(value: Any) -> Any:
    """A value as PostgreSQL takes it: its text has no NUL."""
    if isinstance(value, str) and ("\0" in value or _ESCAPE in value):
        return value.replace(_ESCAPE, f"{_ESCAPE}1").replace("\0", f"{_ESCAPE}0")
    return value


def row_out(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row as it was before `value_in`."""
    if not any(type(each) is str and _ESCAPE in each for each in row):
        return row
    return tuple(
        each.replace(f"{_ESCAPE}0", "\0").replace(f"{_ESCAPE}1", _ESCAPE) if type(each) is str else each for each in row
    )


def begin(lock: int) -> bytes:
    """What begins to write, alone: it takes the lock, and asks for the number by which the outcome can be asked for."""
    number = "SELECT pg_current_xact_id()::text"
    return f"BEGIN; SELECT pg_advisory_xact_lock({lock:d}); {number}".encode("ascii")


@cache
def statement(sql: str) -> bytes:
    """A statement with `?` for each value, as psycopg takes it. None has a question mark or a per cent in its words."""
    return sql.replace("?", "%s").encode("utf-8")


def tables(script: str) -> list[str]:
    """What makes a table, an index or a trigger in one statement of a migration, as statements of PostgreSQL."""
    script = _COMMENT.sub("", script).strip()
    forbidden = _FORBIDDEN.fullmatch(script)
    if forbidden:
        name, change, table, message = forbidden.groups()
        forbids = f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{message}'"
        return [
            f"{forbids} USING ERRCODE = 'integrity_constraint_violation'; END $$",
            f"CREATE TRIGGER {name} BEFORE {change} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
            *_never_emptied(name, change, table),
        ]
    if forbidden := _FORBIDDEN_UNLESS.fullmatch(script):
        name, table, condition, message = forbidden.groups()
        condition = condition.replace(" IS NOT ", " IS DISTINCT FROM ")
        forbids = f"IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'"
        return [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {forbids}; END IF; RETURN NEW; END $$",
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    if allowed := _NO_LONGER_FORBIDDEN.fullmatch(script):
        return [f"DROP TRIGGER {allowed[1]} ON {allowed[2]}", f"DROP FUNCTION {allowed[1]}()"]
    numbered, table_made = _NUMBERED.search(script), _TABLE.search(script)
    made = []
    if numbered and table_made:
        made.append(_next_number(table_made[1], numbered[1]))
        script = _NUMBERED.sub(rf"\1 bigint PRIMARY KEY DEFAULT next_of_{table_made[1]}()", script)
    for found, instead in _TYPES:
        script = found.sub(instead, script)
    return [*made, script.rstrip(";")] if script else made


def _next_number(table: str, column: str) -> str:
    """Numbers without a gap: writers come one after the other, and a sequence would count what was rolled back."""
    return (
        f"CREATE FUNCTION next_of_{table}() RETURNS bigint LANGUAGE plpgsql AS"
        f" $$ BEGIN RETURN (SELECT coalesce(max({column}), 0) + 1 FROM {table}); END $$"
    )


def _never_emptied(name: str, change: str, table: str) -> list[str]:
    """TRUNCATE asks no trigger for rows."""
    if change != "DELETE":
        return []
    return [f"CREATE TRIGGER {name}_at_once BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"]
