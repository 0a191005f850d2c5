"""The lines of `receipts.jsonl` (ledger/receipts.py): bytes -> receipts and marks, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping
from datetime import datetime
from functools import lru_cache

from outreach.history.address_marks import sealed
from outreach.ledger.address_keys import CONFLICT_MARKS
from outreach.ledger.erasing import renamed
from outreach.ledger.git_attributes import RECEIPTS
from outreach.ledger.mark_lines import mark_of_line
from outreach.ledger.rows import instant_text
from outreach.model.erasure import Mark
from outreach.model.event import Receipt
from outreach.model.problem import Problem
from outreach.model.records import dataclass

FILE = RECEIPTS
_ID = re.compile(r"([^/\s]{1,200})/([^/\s]{1,200})/([0-9]{1,6})")
_KEYS = ("id", "instant", "via", "proof", "ledger")
_TO = re.compile(r"[0-9a-f]{8}-[0-9a-f]{16}|")
_SHAPE = 'A line reads {"id": "WAVE/CONTACT/STEP", "instant": ..., "via": ..., "proof": ..., "ledger": ...}.'


@dataclass(frozen=True, slots=True)
class Line:
    """A line and what it says: a receipt or a mark. The text is kept, with keys that a newer outreach may add."""

    receipt: Receipt | None
    text: str
    mark: Mark | None = None

    @property
    def order(self) -> tuple[object, ...]:
        """Where it stands: receipts first."""
        return (1, self.text) if self.receipt is None else (0, self.receipt, self.text)


def line_renamed(line: Line, tokens: Mapping[str, str], keys: tuple[bytes, ...], unmarked: Container[str] = ()) -> Line:
    """The line with the token of its contact, its proof sealed, and none of the marks `unmarked`; other keys stay."""
    if line.receipt is None:
        return line
    id = renamed(line.receipt.id, tokens)
    proof = sealed(id, line.receipt.proof, keys)
    if (id, proof) == (line.receipt.id, line.receipt.proof) and line.receipt.to not in unmarked:
        return line
    value = {**json.loads(line.text), "id": id, "proof": proof}
    if line.receipt.to in unmarked:
        value.pop("to", None)
    read = read_line(1, json.dumps(value).encode())
    return read if isinstance(read, Line) else line


def has_conflict(data: bytes) -> bool:
    return any(line.startswith(tuple(mark.encode() for mark in CONFLICT_MARKS)) for line in data.split(b"\n"))


def lines_in(data: bytes) -> tuple[list[Line], list[Problem]]:
    """The lines in the bytes of such a file, and what is wrong with them."""
    lines, problems = [], []
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        read = read_line(number, raw.strip())
        if isinstance(read, Line):
            lines.append(read)
        elif read is not None:
            problems.append(read)
    return lines, problems


def read_line(number: int, raw: bytes) -> Line | Problem | None:
    """What a line says, what is wrong with it, or None for one that says nothing."""
    said = _said(raw)
    return problem(number, *said) if isinstance(said, tuple) else said


@lru_cache(maxsize=20_000)
def _said(raw: bytes) -> Line | tuple[str, str] | None:
    """The same, with the message and hint of a Problem. A run reads the same lines many times in each look."""
    if not raw or raw.startswith(tuple(mark.encode() for mark in CONFLICT_MARKS)):
        return None  # of a conflict the lines of both sides are right
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return "This line is not UTF-8.", "Bring the file back with Git."
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return "This line is not JSON.", _SHAPE
    if (mark := mark_of_line(value)) is not None:
        return Line(None, text, mark)
    receipt = _receipt_of(value)
    return Line(receipt, text) if receipt else ("This line is not a receipt.", _SHAPE)


def _receipt_of(value: object) -> Receipt | None:
    if not isinstance(value, dict) or not all(isinstance(value.get(key), str) for key in _KEYS):
        return None
    try:
        at = datetime.fromisoformat(value["instant"])
        instant = datetime.fromisoformat(instant_text(at))
    except (ValueError, OverflowError):
        return None
    if instant != at or not _ID.fullmatch(value["id"]):  # a year in which nothing was sent
        return None
    to = value.get("to", "")
    if not isinstance(to, str) or not _TO.fullmatch(to):
        return None
    return Receipt(id=value["id"], at=instant, via=value["via"], proof=value["proof"], ledger=value["ledger"], to=to)


def text_of(receipt: Receipt) -> str:
    values = (receipt.id, instant_text(receipt.at), receipt.via, receipt.proof, receipt.ledger)
    text = json.dumps({**dict(zip(_KEYS, values, strict=True)), **({"to": receipt.to} if receipt.to else {})})
    if _receipt_of(json.loads(text)) is None:
        raise ValueError(f"{receipt} cannot be written as a line")
    return text


def problem(line: int, message: str, hint: str) -> Problem:
    return Problem(file=FILE, line=line, code="receipt-unreadable", message=message, hint=hint, about="receipts")
