"""Which row names the columns, and what each column holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from outreach.intake.tables.cells import emails, site
from outreach.intake.tables.grid import Row, text_of
from outreach.intake.tables.vocabulary import COLUMNS, FIELDS, TARGETS, folded, meaning

_SEARCHED = 40
"""Rows from the top in which the names of the columns are looked for: titles and remarks are shorter."""
_PERSONAL = frozenset(
    "name, full name, contact name, display name, nom, nom complet, nombre, nombre completo, nome, naam".split(", ")
)
_ONCE = frozenset(
    "name short country language timezone website tier kind personal_text owner do_not_contact eu stage missing via "
    "found_at collected_on id first_name last_name".split()
)
"""Targets that a contact has once: a second column of them goes to `fields`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column by its position; `target` is a word of the vocabulary, `fields` or `ignore`."""

    at: int
    label: str
    target: str
    role: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """The columns, and between which rows they are named: rows before `begin` are titles, those from `end` data."""

    columns: tuple[Column, ...]
    begin: int
    end: int
    guessed: bool = False

    @property
    def has_name(self) -> bool:
        return any(column.target in ("name", "first_name", "last_name") for column in self.columns)

    @property
    def mapping(self) -> dict[str, str]:
        """Label -> target (`email`, or `email: press` with its role), as it is shown and stored."""
        return {
            column.label: f"{column.target}: {column.role}" if column.role else column.target for column in self.columns
        }


def header_of(rows: Sequence[Row], known: Mapping[str, str]) -> Header | None:
    """The header of a table; `known` is what was stored about its labels. None where no row names columns."""
    best, score = None, 0
    for at, row in enumerate(rows[:_SEARCHED]):
        points = _points(row, known)
        if points > score:
            best, score = at, points
    if best is None:
        return _without_names(rows)
    if score < 2 and sum(cell != "" for cell in rows[best].cells) > 1 and not _names(rows[best], known):
        return _without_names(rows)
    begin = best - 1 if best and _is_above(rows[best - 1], rows[best]) else best
    labels = _labels(rows[begin] if begin < best else None, rows[best])
    return Header(columns=_columns(labels, known), begin=begin, end=best + 1)


def _points(row: Row, known: Mapping[str, str]) -> int:
    """How many columns a row names; none where it holds an address, as only data does."""
    cells = [text_of(cell) for cell in row.cells if cell != ""]
    if row.torn or any("@" in cell and " " not in cell and "." in cell for cell in cells):
        return 0
    found = [cell for cell in cells if cell in known or meaning(cell) is not None]
    return len(set(found)) if 2 * len(found) >= len(cells) or len(found) >= 3 else 0


def _names(row: Row, known: Mapping[str, str]) -> bool:
    labels = [text_of(cell) for cell in row.cells if cell != ""]
    return any(known.get(label) == "name" or (meaning(label) or ("",))[0] in ("name", "person") for label in labels)


def _is_above(row: Row, header: Row) -> bool:
    """Whether `row` names what `header` leaves empty, or groups columns: a header of two rows, its cells merged."""
    filled = [at for at, cell in enumerate(row.cells) if cell != ""]
    if len(filled) < 2 or row.torn:
        return False
    fills = any(header.at(at) == "" for at in filled)
    labels = [folded(text_of(cell)) for cell in header.cells if cell != ""]
    return fills or len(set(labels)) < len(labels)


def _labels(above: Row | None, row: Row) -> list[str]:
    """What each column is called; the row above names what is empty below it, and tells twins apart."""
    labels = [" ".join(text_of(cell).split()) for cell in row.cells]
    if above is None:
        return labels
    labels += [""] * (len(above.cells) - len(labels))
    group, groups = "", []
    for at in range(len(labels)):
        group = text_of(above.at(at)) or group
        groups.append(group)
    twins = Counter(folded(label) for label in labels)
    return [
        f"{groups[at]} {label}".strip() if label and twins[folded(label)] > 1 else label or text_of(above.at(at))
        for at, label in enumerate(labels)
    ]


def _columns(labels: Sequence[str], known: Mapping[str, str]) -> tuple[Column, ...]:
    named = [(at, label, *_target(label, known)) for at, label in enumerate(_distinct(labels)) if label]
    named = _person_beside_name(named, known)
    taken: set[str] = set()
    columns = []
    for at, label, target, role in named:
        if target in _ONCE and target in taken:
            target = "fields"
        taken.add(target)
        columns.append(Column(at=at, label=label, target=target, role=role))
    return tuple(columns)


def _distinct(labels: Sequence[str]) -> list[str]:
    """The labels, the second of two equal ones with a number behind it."""
    seen: Counter[str] = Counter()
    found = []
    for label in labels:
        seen[label] += 1
        found.append(label if seen[label] == 1 or not label else f"{label} {seen[label]}")
    return found


_RENAMED = {"angle": "personal_text", "context": "internal_notes", "find": "missing", "source": "found_at"}
"""Targets as older versions called them, in an `imports.yaml` of theirs."""


def _target(label: str, known: Mapping[str, str]) -> tuple[str, str]:
    if label in known:
        target, _, role = known[label].partition(":")
        target = _RENAMED.get(target.strip(), target.strip())
        if target in TARGETS:
            return target, role.strip()
    target, role = meaning(label) or ("fields", "")
    return target, role


def _person_beside_name(
    named: list[tuple[int, str, str, str]], known: Mapping[str, str]
) -> list[tuple[int, str, str, str]]:
    """`Name` beside `Organisation` is a person's; a person without either is the contact."""
    names = [each for each in named if each[2] == "name" and each[1] not in known]
    parts = {each[2] for each in named}
    if len(names) > 1 or (names and "name" in known.values()):
        personal = [each for each in names if folded(each[1]) in _PERSONAL]
        if len(personal) < len(names) or "name" in known.values():
            return [(at, label, "person" if (at, label, t, r) in personal else t, r) for at, label, t, r in named]
    if {"first_name", "last_name"} & parts and len(names) == 1 and folded(names[0][1]) in ("nom", "name", "naam"):
        return [(at, label, "last_name" if t == "name" else t, r) for at, label, t, r in named]
    if "name" not in parts and not {"first_name", "last_name"} & parts:
        first = next((each for each in named if each[2] == "person" and each[1] not in known), None)
        return [(at, label, "name" if (at, label, t, r) == first else t, r) for at, label, t, r in named]
    return named


def _without_names(rows: Sequence[Row]) -> Header | None:
    """A table that begins with data: addresses and sites show what they are, and the first text is the name."""
    data = [row for row in rows if not row.is_empty and not row.torn][:50]
    if not data or not any("@" in text_of(cell) for row in data for cell in row.cells):
        return None
    width = max(len(row.cells) for row in data)
    columns: list[Column] = []
    for at in range(width):
        cells = [row.at(at) for row in data if row.at(at) != ""]
        target = "fields"
        if cells and sum(bool(emails(cell)[0]) for cell in cells) * 2 > len(cells):
            target = "email"
        elif cells and sum(site(cell) is not None for cell in cells) * 2 > len(cells):
            target = "website"
        elif cells and all(isinstance(cell, str) for cell in cells) and not any(c.target == "name" for c in columns):
            target = "name"
        columns.append(Column(at=at, label=f"column {at + 1}", target=target))
    begin = next(at for at, row in enumerate(rows) if not row.is_empty and not row.torn)
    return Header(columns=tuple(columns), begin=begin, end=begin, guessed=True)


def field_name(column: Column) -> str:
    """Under which name a cell stands in `fields`: as the column is called, or `phone` and the like."""
    return column.target if column.target in FIELDS else column.label


def section_tier(row: Row) -> int | None:
    """The tier that a row with one cell announces for the rows below it: `Tier 1: ...`, `Stufe 2`."""
    cells = [text_of(cell) for cell in row.cells if cell != ""]
    if len(cells) != 1:
        return None
    found = re.match(r"(\w+)\s*(\d{1,2})\b", cells[0])
    return int(found[2]) if found and COLUMNS.get(folded(found[1])) == "tier" else None
