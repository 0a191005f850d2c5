"""The steps from an empty ledger to the present version, as `migrations/` has them, in SQLite's words."""

from __future__ import annotations

import re
import sqlite3
from functools import cache
from importlib.resources import files

_TABLE = re.compile(r"^CREATE TABLE (\w+)", re.MULTILINE)


@cache
def migrations() -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Every step from an empty ledger to the present version: its number and its statements."""
    found = [file for file in (files("outreach.ledger") / "migrations").iterdir() if file.name.endswith(".sql")]
    steps = [(int(file.name[:4]), _split(file.read_text(encoding="utf-8"))) for file in found]
    return tuple(sorted(steps))


def tables() -> tuple[str, ...]:
    """Every table, those first that others refer to."""
    return tuple(name for _, script in migrations() for part in script for name in _TABLE.findall(part))


def _split(script: str) -> tuple[str, ...]:
    found, waiting = [], ""
    for line in script.splitlines(keepends=True):
        waiting += line
        if sqlite3.complete_statement(waiting) and re.search(r";\s*$", waiting):
            found.append(waiting)
            waiting = ""
    return tuple(found)
