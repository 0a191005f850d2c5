"""A CSV file of contacts: a row is one, the columns are the keys of a contact."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from outreach.files.contacts.from_yaml import Loaded
from outreach.files.contacts.keys import ADDRESS_READERS, CONTACT, ROLE, contact_of
from outreach.files.findings import Finding, as_problems
from outreach.files.reading.compound import Record
from outreach.files.reading.plain import free_value, name, tag
from outreach.files.reading.reader import MISSING, Fault, TextReader, did_you_mean
from outreach.model.contact import Channel, ChannelKind, Contact

_CHANNEL = re.compile(rf"({'|'.join(ChannelKind)})([0-9]*)(_role)?")
_LISTS = {"tags": tag(), "attachments": name()}
_CELLS = {key: d.reader for key, d in CONTACT.keys.items() if isinstance(d.reader, TextReader)}


class _Columns(NamedTuple):
    """What the header says: positions of cells with their keys."""

    width: int
    keys: tuple[tuple[int, str, TextReader], ...]
    lists: tuple[tuple[int, str], ...]
    channels: tuple[tuple[int, ChannelKind, int | None], ...]  # with the position of the role
    fields: tuple[tuple[int, str], ...]
    nameless: tuple[int, ...]


def from_csv(text: str, file: str) -> Loaded:
    """The contacts of a table with `,`, `;` or tab between its cells."""
    rows = _rows(text)
    header = next(rows, None)
    if header is None:
        return Loaded([], [], whole=True)
    first_line, names = header
    columns = [names] if isinstance(names, Finding) else _columns(first_line, names)
    if isinstance(columns, list):
        return Loaded([], as_problems(columns, file, f"contact-file:{file}"), whole=False)
    contacts, problems, whole = [], [], True
    for line, row in rows:
        findings: list[Finding] = []
        contact, about = _contact(line, row, columns, findings, file)
        if contact is not None:
            contacts.append(contact)
        whole = whole and contact is not None
        if findings:
            problems += as_problems(findings, file, about)
    return Loaded(contacts, problems, whole)


def _rows(text: str) -> Iterator[tuple[int, list[str] | Finding]]:
    """Every row that is not empty, with the physical line on which it begins."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    unquoted = re.sub(r'"[^"]*"', "", first)
    delimiter = max(",;\t", key=unquoted.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, _unreadable_row(line, str(error))
        else:
            if any(cell and not cell.isspace() for cell in row):
                yield line, row
        line = reader.line_num + 1


def _unreadable_row(line: int, reason: str) -> Finding:
    if "unexpected end" in reason or "field larger" in reason:
        message = "A quotation mark that opens in this row is never closed."
    else:
        message = "The quotation marks of this row do not pair up."
    hint = 'Put the whole cell in quotation marks, and double those inside it: "The ""big"" one".'
    return Finding(line, "csv-shape", message, hint)


def _columns(line: int, header: list[str]) -> _Columns | list[Finding]:
    names = [cell.strip() for cell in header]
    lowered = [cell.lower() for cell in names]
    if "name" not in lowered:
        near = did_you_mean("name", [cell for cell in lowered if cell])
        hint = near.replace("Did you mean", "Is it").rstrip("?") + " that should be called `name`?" if near else ""
        message = "The first line has to name the columns, and none of them is `name`."
        return [Finding(line, "csv-shape", message, hint or "Begin the table with a line such as `name,email,tier`.")]
    if twice := sorted({cell for cell in lowered if cell and lowered.count(cell) > 1}):
        message = f"Two columns are called `{twice[0]}`."
        hint = "Call more channels email2, email3 ..." if twice[0] in ADDRESS_READERS else "Rename one of them."
        return [Finding(line, "csv-shape", message, hint)]
    return _sorted_columns(names, lowered)


def _sorted_columns(names: list[str], lowered: list[str]) -> _Columns:
    keys, lists, channels, fields, nameless = [], [], [], [], []
    for position, cell in enumerate(lowered):
        channel = _CHANNEL.fullmatch(cell)
        if not cell:
            nameless.append(position)
        elif channel and not channel[3]:
            role = f"{cell}_role"
            at = lowered.index(role) if role in lowered else None
            channels.append((position, ChannelKind(channel[1]), at))
        elif channel and cell.removesuffix("_role") in lowered:
            continue
        elif cell in _LISTS:
            lists.append((position, cell))
        elif cell in _CELLS:
            keys.append((position, cell, _CELLS[cell]))
        else:
            fields.append((position, names[position]))
    return _Columns(len(names), tuple(keys), tuple(lists), tuple(channels), tuple(fields), tuple(nameless))


def _contact(
    line: int, row: list[str] | Finding, columns: _Columns, findings: list[Finding], file: str
) -> tuple[Contact | None, str]:
    if isinstance(row, Finding):
        findings.append(row)
        return None, f"contact-file:{file}"
    if len(row) != columns.width or columns.nameless:
        row = _squared(line, row, columns, findings)
    # In a row of another length the cells do not stand where they belong: what they hold says nothing.
    said: list[Finding] = [] if findings else findings
    given = _record(line, row, columns, said)
    channels = _channels(line, row, columns, said)
    contact = contact_of(given, file, channels)
    if contact is not None:
        return contact, f"contact:{contact.id}"
    if not findings:
        findings.append(Finding(line, "missing-key", "This row has no `name`.", "Write the contact's name in it."))
    known = given.get("id")
    return None, f"contact:{known}" if known else f"contact-file:{file}"


def _squared(line: int, row: list[str], columns: _Columns, findings: list[Finding]) -> list[str]:
    """The row with as many cells as there are columns; a finding where that loses or lacks something."""
    if len(row) < columns.width:
        message = f"This row has {len(row)} cells, and the table has {columns.width} columns."
        findings.append(Finding(line, "csv-shape", message, "Put a cell that holds the separator in quotation marks."))
        return row + [""] * (columns.width - len(row))
    more = [cell for cell in row[columns.width :] if cell.strip()]
    lost = [row[position] for position in columns.nameless if row[position].strip()]
    if more:
        message = f"This row has {len(row)} cells, and the table has {columns.width} columns."
        findings.append(Finding(line, "csv-shape", message, "Put a cell that holds the separator in quotation marks."))
    elif lost:
        message = "This row has a cell in a column without a name."
        findings.append(Finding(line, "csv-shape", message, "Name the column in the first line."))
    return row[: columns.width]


def _record(line: int, row: list[str], columns: _Columns, findings: list[Finding]) -> Record:
    values: dict[str, Any] = {}
    for position, key, reader in columns.keys:
        if cell := row[position].strip():
            value = reader.read_text(cell, key, line, findings)
            if value is not MISSING:
                values[key] = value
    for position, key in columns.lists:
        if cell := row[position].strip():
            try:
                values[key] = _list(key, cell)
            except Fault:
                _LISTS[key].read_text(cell, key, line, findings)
    fields = {}
    for position, key in columns.fields:
        if cell := row[position].strip():
            try:
                fields[key] = free_value(cell, plain=True)
            except Fault as fault:
                findings.append(Finding(line, fault.code, str(fault), fault.hint))
    if fields:
        values["fields"] = fields
    return Record(line, values)


@lru_cache(maxsize=4096)
def _list(key: str, cell: str) -> tuple[str, ...]:
    """The words of a cell between `;` or `,`; raises Fault."""
    words = (word.strip() for word in re.split("[;,]", cell))
    return tuple(_LISTS[key].parse(word) for word in words if word)


def _channels(line: int, row: list[str], columns: _Columns, findings: list[Finding]) -> tuple[Channel, ...]:
    channels = []
    for position, kind, role_at in columns.channels:
        cell = row[position].strip()
        if not cell:
            continue
        address = ADDRESS_READERS[kind].read_text(cell, kind, line, findings)
        role: Any = row[role_at].strip() if role_at is not None else ""
        if role:
            role = ROLE.read_text(role, "role", line, findings)
        if address is not MISSING and role is not MISSING:
            channels.append(Channel(kind=kind, address=address, role=role, line=line))
    return tuple(channels)
