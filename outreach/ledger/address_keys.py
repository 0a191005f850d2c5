"""`receipts.key`: the campaign's random keys for marks of addresses, in Git beside the receipts.

One key of 64 hex digits a line, mostly only one. Two people who each made one before they met keep
both lines: marks name their key, and an address is compared under all of them. The marks that a conflict in Git leaves
count for nothing.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from outreach import storage
from outreach.errors import ReceiptKeyUnreadable, raising_cannot_write, reason_of
from outreach.ledger.place import FOLDER, locked, make_folder
from outreach.model.problem import Problem

KEY_FILE = "receipts.key"
_LOCK = f"{FOLDER}/receipts.lock"
_KEY = re.compile(r"[0-9a-f]{64}")
_HINT = "Bring it back with Git. After a merge, keep the keys of both sides, one a line."
CONFLICT_MARKS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")
"""How the lines begin that Git leaves where it could not merge. No key and no receipt begins so."""


def read_address_keys(root: Path) -> tuple[tuple[bytes, ...], list[Problem]]:
    """The keys, sorted, and what is wrong with the file. No file is no key. Never raises for bad input."""
    try:
        return keys_in(storage.read(root, KEY_FILE))
    except FileNotFoundError:
        return (), []
    except OSError as error:
        reason = reason_of(error)
        return (), [_problem(1, f"This file cannot be read: {reason}.")]


def keys_in(data: bytes) -> tuple[tuple[bytes, ...], list[Problem]]:
    """The keys in the bytes of such a file, sorted, and what is wrong with them."""
    keys, problems = set(), []
    lines = data.decode("ascii", "replace").splitlines()
    has_keys = any(_KEY.fullmatch(line.strip()) for line in lines)
    for number, line in enumerate(lines, start=1):
        if has_keys and line.startswith(CONFLICT_MARKS):
            continue
        if _KEY.fullmatch(line.strip()):
            keys.add(bytes.fromhex(line.strip()))
        elif line.strip():
            problems.append(_problem(number, "This line is not a key of 64 hex digits."))
    return tuple(sorted(keys)), problems


def address_key(root: Path) -> bytes:
    """The key for new marks: the first of the campaign's, made where there is none.

    Raises ReceiptKeyUnreadable, CannotWrite, and what `make_folder` raises.
    """
    make_folder(root)
    with locked(root, _LOCK):
        read, keys = _sound(root)
        if keys:
            return keys[0]
        key = secrets.token_bytes(32)
        line = f"{key.hex()}\n".encode("ascii")
        with raising_cannot_write(KEY_FILE):
            storage.replace(root, KEY_FILE, read, line)
        return key


def add_address_keys(root: Path, theirs: Iterable[bytes]) -> None:
    """Keep the keys of another clone as well, and write the file as it should be. Raises as `address_key`."""
    make_folder(root)
    with locked(root, _LOCK):
        read, keys = _sound(root)
        content = "".join(f"{key.hex()}\n" for key in sorted({*keys, *theirs})).encode("ascii")
        if not content or read == storage.digest(content):
            return
        with raising_cannot_write(KEY_FILE):
            storage.replace(root, KEY_FILE, read, content)


def _sound(root: Path) -> tuple[str | None, tuple[bytes, ...]]:
    """The digest of the file (None: there is none) and the keys in it. Raises ReceiptKeyUnreadable."""
    read = None
    with suppress(OSError):  # said by whoever reads it
        read = storage.digest_of(root, KEY_FILE)
    keys, problems = read_address_keys(root)
    if problems:
        raise ReceiptKeyUnreadable(problems[0].line, problems[0].message)
    return read, keys


def _problem(line: int, message: str) -> Problem:
    return Problem(file=KEY_FILE, line=line, code="receipt-key", message=message, hint=_HINT, about="receipts")
