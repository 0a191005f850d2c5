"""Which row names the columns of a table, by what is below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from outreach.intake.account import Account
from outreach.intake.contact import Column
from outreach.intake.grid import Row, text_of
from outreach.intake.shapes import TYPED, shape_of
from outreach.intake.tables.by_cells import SAMPLE, columns_by_cells, columns_without_labels, of_people, sample_of
from outreach.intake.tables.by_label import columns_by_label
from outreach.intake.vocabulary import folded, meaning
from outreach.model.found import Place
from outreach.model.records import dataclass

_SEARCHED = 40
"""Rows from the top in which the names of the columns are looked for: titles and remarks are shorter."""
_NAMES = frozenset(("name", "first_name", "last_name", "person", "unit"))


@dataclass(frozen=True, kw_only=True)
class Header:
    """The columns, and between which rows they are named: rows before `begin` are titles, those from `end` data."""

    columns: tuple[Column, ...]
    begin: int
    end: int
    guessed: bool = False
    of_people: bool = False
    """Whether the names are people's, by their label or their addresses."""

    @property
    def has_name(self) -> bool:
        return any(column.target in _NAMES for column in self.columns)

    @property
    def has_address(self) -> bool:
        return any(column.target in ("email", "person_email", "form", "mastodon", "bluesky") for column in self.columns)

    @cached_property
    def folded_labels(self) -> Mapping[int, str]:
        """Column -> its label, as labels are compared."""
        return {column.at: folded(column.label) for column in self.columns}

    @property
    def mapping(self) -> dict[str, str]:
        """Label -> target (`email`, or `email: press` with its role), as it is shown and stored."""
        return {
            column.label: f"{column.target}: {column.role}" if column.role else column.target for column in self.columns
        }


def header_of(
    rows: Sequence[Row], known: Mapping[str, str], account: Account | None = None, file: str = ""
) -> Header | None:
    """The header of a table; `known` is what was stored about its labels. None if no row names columns.

    A row is a header where its labels are known, or where the cells below behave like columns (addresses, sites,
    countries) and its own do not. The first of the best is taken. What its cells leave open is asked of `account`.
    """
    account = account or Account()
    best, score = None, 0.0
    for at in range(min(len(rows), _SEARCHED)):
        if best is not None and _has_address(rows[at]):
            break  # data has begun: what is below is another table
        points = _points(rows, at, known)
        if points > score:
            best, score = at, points
    if best is None:
        return _without_labels(rows, account, file)
    begin = end = best
    if best and _is_above(rows[best - 1], rows[best]):
        begin = best - 1
    elif _is_below(rows, best):
        end = best + 1
    labels = _labels(rows[begin] if begin < end else None, rows[end])
    sample = sample_of(rows[end + 1 : _end_of_table(rows, end + 1)])
    place = Place(file=file, line=rows[begin].line, sheet=file.partition("#")[2])
    columns = columns_by_cells(columns_by_label(labels, known), sample, known, account, place)
    return Header(columns=tuple(columns), begin=begin, end=end + 1, of_people=of_people(columns, sample))


def _end_of_table(rows: Sequence[Row], begin: int) -> int:
    """Where in the first rows another table begins, with columns of its own."""
    end = min(len(rows), begin + 2 * SAMPLE)
    return next((at for at in range(begin, end) if at > begin and _begins_anew(rows, at)), len(rows))


def _without_labels(rows: Sequence[Row], account: Account, file: str) -> Header | None:
    """A table that begins with data: addresses and sites show what they are, and the names are found by the cells."""
    data = sample_of(rows)
    if not data or not any(shape_of(text_of(cell)) == "email" for row in data for cell in row.cells):
        return None
    alone = max(len(row.cells) for row in data) == 1
    if alone and sum(shape_of(text_of(row.at(0))) == "email" for row in data) * 2 <= len(data):
        return None  # sentences, one of which has an address
    begin = next(at for at, row in enumerate(rows) if row is data[0])
    place = Place(file=file, line=rows[begin].line, sheet=file.partition("#")[2])
    columns = columns_without_labels(data, account, place)
    header = Header(columns=tuple(columns), begin=begin, end=begin, guessed=True)
    return replace(header, of_people=of_people(columns, data))


def _is_below(rows: Sequence[Row], at: int) -> bool:
    """Whether the row below a header names what it leaves empty: `Contact` above `Name` and `E-mail`."""
    if at + 2 >= len(rows):
        return False
    row = rows[at + 1]
    filled = [column for column, cell in enumerate(row.cells) if cell != ""]
    if len(filled) < 2 or row.torn or row.is_hidden or row.links:
        return False
    if any(shape_of(text_of(row.at(column))) in (*TYPED, "number", "long") for column in filled):
        return False
    return any(rows[at].at(column) == "" and _proof(rows, at + 1, column) for column in filled)


def _has_address(row: Row) -> bool:
    return bool(row.links) or any(shape_of(text_of(cell)) == "email" for cell in row.cells)


def _is_known(text: str, known: Mapping[str, str]) -> bool:
    return text in known or meaning(text) is not None


def _points(rows: Sequence[Row], at: int, known: Mapping[str, str]) -> float:
    """How much speaks for a row as the header; 0 for one that cannot be it."""
    row = rows[at]
    filled = [(column, text_of(cell)) for column, cell in enumerate(row.cells) if cell != ""]
    if row.torn or row.is_hidden or row.links or not filled:
        return 0
    shapes = [shape_of(text) for _, text in filled]
    if any(shape in TYPED for shape in shapes) or sum(shape == "number" for shape in shapes) * 2 > len(shapes):
        return 0
    if sum(shape == "long" for shape in shapes) * 3 > len(shapes):
        return 0
    labels = [text for _, text in filled]
    named = len({folded(text) for text in labels if _is_known(text, known)})
    proof = sum(_proof(rows, at, column) for column, _ in filled)
    if len(filled) == 1:
        return float(named) if named and (proof or any(known.get(text) for text in labels)) else 0
    if all(text in known for text in labels):
        return 2.0 * named
    enough = (2 * named >= len(filled) and named >= 2) or named >= 3 or (named >= 1 and _names_somebody(labels, known))
    return named + proof if enough or proof else 0


def _names_somebody(labels: Sequence[str], known: Mapping[str, str]) -> bool:
    found = {known.get(label, "").partition(":")[0] or (meaning(label) or ("",))[0] for label in labels}
    return bool(found & (_NAMES | {"email", "person_email"}))


def _proof(rows: Sequence[Row], at: int, column: int) -> float:
    """What the cells below a label say: 2 for a column of addresses, 1 for sites, countries, dates or phones."""
    own = shape_of(text_of(rows[at].at(column)))
    if own not in ("text", "country", "number"):
        return 0
    below = [_shape(row, column) for row in rows[at + 1 : at + 1 + SAMPLE] if not row.is_empty]
    filled = [shape for shape in below if shape]
    if not filled:
        return 0
    most, number = Counter(filled).most_common(1)[0]
    if most == own or most in ("", "text", "long", "number") or number * 5 < len(filled) * 3:
        return 0
    return 2 if most == "email" else 1


def _shape(row: Row, column: int) -> str:
    """What a cell looks like, or what it leads to."""
    is_mail = any(at == column and target.lower().startswith("mailto:") for at, target in row.links)
    return "email" if is_mail else shape_of(text_of(row.at(column)))


def _is_above(row: Row, header: Row) -> bool:
    """Whether `row` names what `header` leaves empty, or groups columns: a header of two rows, its cells merged."""
    filled = [at for at, cell in enumerate(row.cells) if cell != ""]
    if len(filled) < 2 or row.torn or any(shape_of(text_of(row.at(at))) in TYPED for at in filled):
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


def is_again(row: Row, header: Header) -> bool:
    """Whether a row names the columns once more, as printed lists do on every page."""
    own = header.folded_labels
    if any("@" in text_of(cell) for cell in row.cells):
        return False
    filled = [(at, folded(text_of(cell))) for at, cell in enumerate(row.cells) if cell != ""]
    same = sum(own.get(at) == text for at, text in filled)
    return bool(filled) and same * 2 > len(filled) and same >= min(2, len(own))


def is_another(rows: Sequence[Row], at: int) -> bool:
    """Whether a row in the middle begins another table: known labels that name somebody, above cells that fit."""
    row = rows[at]
    labels = [text_of(cell) for cell in row.cells if cell != ""]
    if any("@" in label for label in labels):
        return False
    if _begins_anew(rows, at):
        return True
    known = [meaning(label) for label in labels]
    if len(labels) < 2 or sum(each is not None for each in known) * 3 < len(labels) * 2:
        return False
    found = {each[0] for each in known if each}
    return (
        bool(found & _NAMES)
        and bool(found & {"email", "person_email", "website", "form", "phone"})
        and bool(_points(rows, at, {}))
    )


def _begins_anew(rows: Sequence[Row], at: int) -> bool:
    """Whether a row below an empty one, or below a heading, is above a column of addresses and has none itself."""
    row = rows[at]
    filled = [column for column, cell in enumerate(row.cells) if cell != ""]
    before = rows[at - 1] if at else None
    apart = before is None or before.is_empty or before.end + 1 < row.line or _filled(before) == 1
    if len(filled) < 2 or not apart or row.links or row.torn or row.is_hidden:
        return False
    if any(shape_of(text_of(row.at(column))) in (*TYPED, "number", "long") for column in filled):
        return False
    below: list[Row] = []
    for each in rows[at + 1 : at + 1 + SAMPLE]:
        if each.is_empty:
            break
        below.append(each)
    width = max((_filled(each) for each in below), default=0)
    own = [column for column in filled if below and all(_shape(each, column) == "email" for each in below)]
    return bool(own) and len(filled) * 3 >= width * 2


def _filled(row: Row) -> int:
    return sum(cell != "" for cell in row.cells)
