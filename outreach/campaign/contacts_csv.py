"""A CSV file of contacts: a row is one, the columns are the keys of a contact."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from functools import lru_cache
from typing import Any, NamedTuple

from outreach.campaign.contacts_yaml import Loaded
from outreach.campaign.definitions.contact import ContactKeys
from outreach.campaign.findings import Finding, as_problems
from outreach.campaign.plain_rows import PlainRows
from outreach.campaign.strict_yaml import Entry, Mapping, Node, Scalar, Sequence
from outreach.campaign.text import normal
from outreach.campaign.values.text import did_you_mean
from outreach.model.contact import ChannelKind, Contact, former

_CHANNEL = re.compile(rf"({'|'.join(ChannelKind)})([0-9]*)(_role)?")
_MOST_COLUMNS = 1000
_QUOTED = re.compile(r"([\"']).*\1")
_MEANT_ADDRESS = frozenset("address adress addresse adresse mail e_mail emails email_address mailto".split())
_CELLS, _LISTS = ContactKeys.cells()


class _Columns(NamedTuple):
    """What the header says: positions of cells with their keys."""

    width: int
    keys: tuple[tuple[int, str], ...]
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
    table = list(rows)
    torn = _torn_header(first_line, columns, table)
    if torn is not None:
        return Loaded([], as_problems([torn], file, f"contact-file:{file}"), whole=False)
    contacts, whole = [], True
    beside = [*_lone_roles(first_line, names), *_near_misses(first_line, columns)]
    problems = as_problems(beside, file, f"contact-file:{file}")
    plain = PlainRows(file, columns.keys, columns.lists, columns.channels, columns.fields, _words)
    may_be_plain = plain.is_plain and not columns.nameless
    for line, row in table:
        fits = may_be_plain and len(row) == columns.width and not isinstance(row, Finding)
        if fits and (read := plain.contact(line, row)) is not None:  # type: ignore[arg-type]
            contacts.append(read)
            continue
        findings: list[Finding] = []
        contact, about = _contact(line, row, columns, findings, file)
        if contact is not None:
            contacts.append(contact)
        whole = whole and contact is not None
        if findings:
            problems += as_problems(findings, file, about)
    return Loaded(contacts, problems, whole)


def with_cells(text: str, line: int, values: MappingOf[str, Any]) -> str | None:
    """The table with other values in the row that begins on `line`: keys of a contact, `channels` and `fields` too.

    Every other row stays as it is, byte for byte. None if a value has no column.
    """
    parts = re.split("(\r\n|\r|\n)", text.removeprefix("\ufeff"))
    lines = ["".join(pair) for pair in zip(parts[::2], [*parts[1::2], ""], strict=True)]
    header = next(_rows(normal(text)), None)
    columns = _columns(1, header[1]) if header and not isinstance(header[1], Finding) else []
    if isinstance(columns, list):
        return None
    delimiter = _delimiter(text)
    reader = csv.reader(lines[line - 1 :], delimiter=delimiter, strict=True)
    row = next(reader)
    row += [""] * (columns.width - len(row))
    until, end = line - 1 + reader.line_num, re.search("[\r\n]*$", lines[line - 2 + reader.line_num])
    for key, value in values.items():
        if not _put(row, columns, (key, *former(key)), value):
            return None
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end[0] if end else "").writerow(row)
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    return mark + "".join([*lines[: line - 1], out.getvalue(), *lines[until:]])


def _put(row: list[str], columns: _Columns, names: tuple[str, ...], value: Any) -> bool:
    """Write a value into its cells; False if there is none for it."""
    if names[0] == "channels":
        waiting = list(value)
        for position, kind, role_at in columns.channels:
            one: dict[str, str] = next((each for each in waiting if kind.value in each), {})
            waiting = [each for each in waiting if each is not one]
            row[position] = one.get(kind.value, "")
            if role_at is not None:
                row[role_at] = one.get("role", "")
            elif one.get("role"):
                return False
        return not waiting
    if names[0] == "fields":
        for position, name in columns.fields:
            row[position] = str(value.get(name, ""))
        return set(value) <= {name for _, name in columns.fields}
    found = next((at for at, name in (*columns.keys, *columns.lists) if name in names), None)
    if found is None:
        return value in ("", [])
    if isinstance(value, bool):
        row[found] = "true" if value else "false"
    else:
        row[found] = "; ".join(value) if isinstance(value, list) else str(value)
    return True


def _delimiter(text: str) -> str:
    first = next((line for line in normal(text).split("\n") if line.strip()), "")
    unquoted = re.sub(r'"[^"]*"', "", first)
    return max(",;\t", key=unquoted.count)


def _rows(text: str) -> Iterator[tuple[int, list[str] | Finding]]:
    """Every row that is not empty, with the physical line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
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
    if len(header) > _MOST_COLUMNS:
        message = f"The first line names more than {_MOST_COLUMNS:,} columns."
        return [Finding(line, "csv-shape", message, "Keep those that are about the contact.")]
    names = [cell.strip() for cell in header]
    lowered = [cell.lower() for cell in names]
    if "name" not in lowered:
        near = did_you_mean("name", [cell for cell in lowered if cell])
        hint = near.replace("Did you mean", "Is it").rstrip("?") + " that should be called `name`?" if near else ""
        message = "The first line has to name the columns, and none of them is `name`."
        return [Finding(line, "csv-shape", message, hint or "Begin the table with a line such as `name,email,tier`.")]
    if twice := sorted({cell for cell in lowered if cell and lowered.count(cell) > 1}):
        message = f"Two columns are called `{twice[0]}`."
        hint = "Call more channels email2, email3 ..." if twice[0] in set(ChannelKind) else "Rename one of them."
        return [Finding(line, "csv-shape", message, hint)]
    return _sorted_columns(names, lowered)


def _torn_header(line: int, columns: _Columns, table: list[tuple[int, list[str] | Finding]]) -> Finding | None:
    """A fault of the first line that would else be one of every row: a cell too few, an address misspelt."""
    rows = [row for _, row in table if not isinstance(row, Finding)]
    widths = {len(row) for row in rows}
    if len(rows) > 1 and len(widths) == 1 and columns.width not in widths:
        message = f"The first line names {columns.width} columns, and every row has {widths.pop()} cells."
        return Finding(line, "csv-shape", message, "Name every column in the first line, between the same separators.")
    filled = {at + 1: sum(len(row) > at and bool(row[at].strip()) for row in rows) for at in columns.nameless}
    lost = [column for column, number in filled.items() if number > 1 and 2 * number > len(rows)]
    if lost:
        message = f"Column {lost[0]} has no name, and there are cells in it."
        return Finding(line, "csv-shape", message, "Name the column in the first line.")
    if columns.channels:
        return None
    for _, column in columns.fields:
        if _resembled(column) == "email":
            message = f"No column holds an address, and `{column}` is not a column that is known."
            return Finding(line, "csv-shape", message, "Did you mean `email`?")
    return None


def _near_misses(line: int, columns: _Columns) -> list[Finding]:
    """Columns that go to `fields` though they look like a key."""
    return [
        Finding(
            line,
            "unknown-column",
            f"The column `{column}` is not known, so it is kept under `fields`.",
            f"Did you mean `{near}`? If not, keep it.",
        )
        for _, column in columns.fields
        if (near := _resembled(column)) is not None
    ]


def _resembled(column: str) -> str | None:
    """The column that one of this name was probably meant to be."""
    folded = re.sub(r"[\s-]+", "_", column.strip().casefold())
    if folded in _MEANT_ADDRESS:
        return "email"
    known = [*_CELLS, *_LISTS, *ChannelKind]
    found = [key for key in known if sorted(key) == sorted(folded)]  # `teir`, whose letters changed places
    found = found or difflib.get_close_matches(folded, known, n=1, cutoff=0.8)
    return found[0] if found else None


def _lone_roles(line: int, header: list[str] | Finding) -> list[Finding]:
    """Columns such as `email2_role` for addresses that have no column."""
    if isinstance(header, Finding):
        return []
    names = {cell.strip().lower() for cell in header}
    lone = [name for name in sorted(names) if _is_role(name) and name.removesuffix("_role") not in names]
    return [
        Finding(
            line,
            "csv-shape",
            f"There is a column `{name}`, and no column `{name.removesuffix('_role')}` that it could belong to.",
            f"Add the column `{name.removesuffix('_role')}`, or remove this one.",
        )
        for name in lone
    ]


def _is_role(name: str) -> bool:
    channel = _CHANNEL.fullmatch(name)
    return channel is not None and channel[3] is not None


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
        elif channel:
            continue  # a role: it goes with its address
        elif cell in _LISTS:
            lists.append((position, cell))
        elif cell in _CELLS:
            keys.append((position, cell))
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
    said: list[Finding] = []
    given = ContactKeys.read(_node(line, row, columns), said)
    assert given is not None  # it is None if no keys stand
    if not findings:  # in a row of another length the cells do not stand where they belong: they say nothing
        findings += [found for found in said if found.code != "missing-key"]
    contact = given.contact(file)
    if contact is not None:
        return contact, f"contact:{contact.id}"
    if all(each.code == "old-key" for each in findings):  # which is no reason why there is no contact
        findings.append(Finding(line, "missing-key", "This row has no `name`.", "Write the contact's name in it."))
    return None, f"contact:{given.id}" if given.id else f"contact-file:{file}"


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


def _node(line: int, row: list[str], columns: _Columns) -> Mapping:
    """The row as the keys of a contact, as they would be in a YAML file."""

    def entry(key: str, value: Node) -> Entry:
        return Entry(key, line, value)

    def cell_at(position: int | None) -> str:
        return row[position].strip() if position is not None else ""

    entries = [entry(key, Scalar(cell, False, line)) for position, key in columns.keys if (cell := cell_at(position))]
    for position, key in columns.lists:
        if cell := cell_at(position):
            words = tuple(Scalar(word, False, line) for word in _words(cell))
            entries.append(entry(key, Sequence(words, line)))
    channels: list[Node] = []
    for position, kind, role_at in columns.channels:
        if cell := cell_at(position):
            parts = {kind.value: cell, "role": cell_at(role_at)}
            each = tuple(entry(key, Scalar(part, False, line)) for key, part in parts.items() if part)
            channels.append(Mapping(each, line))
    entries.append(entry("channels", Sequence(tuple(channels), line)))
    fields = [entry(key, Scalar(cell, True, line)) for position, key in columns.fields if (cell := cell_at(position))]
    entries.append(entry("fields", Mapping(tuple(fields), line)))
    return Mapping(tuple(entries), line)


@lru_cache(maxsize=4096)
def _words(cell: str) -> tuple[str, ...]:
    """The words of a cell between `;` or `,`, or of a list as YAML has it: `[one, "two"]`."""
    as_in_yaml = cell.startswith("[") and cell.endswith("]")
    words = [word.strip() for word in re.split("[;,]", cell[1:-1] if as_in_yaml else cell)]
    if as_in_yaml:
        words = [word[1:-1] if _QUOTED.fullmatch(word) else word for word in words]
    return tuple(word for word in words if word)
