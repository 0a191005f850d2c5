"""What the rows of a table are besides contacts: headings, totals, notes; and tables that are on their side."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from outreach.intake.account import Account
from outreach.intake.addresses import addresses
from outreach.intake.cells import country
from outreach.intake.contact import Column
from outreach.intake.grid import Cell, Row, text_of
from outreach.intake.no_means_no import says_no
from outreach.intake.persons import is_blank_word, looks_like_person
from outreach.intake.settling import Settling
from outreach.intake.shapes import shape_of
from outreach.intake.tables.header import Header
from outreach.intake.titles import is_list_title, names_contacts, tier_of
from outreach.intake.vocabulary import columns, folded, kind_of, meaning, words_of
from outreach.model.found import FoundContact, Place

_COUNTED = re.compile(r"\d[\d.,]* [^\W\d]+(?:(?:, | and | und | et | y | e )\d[\d.,]* [^\W\d]+)*")
_FOOTNOTE = re.compile(r"[*\u2020\u2021\u00b9\u00b2\u00b3#]|\(?\d{1,2}\)\s")
RowKind = Literal["contact", "tier", "heading", "total", "note"]
_DITTO = frozenset(('"', "\u2033", "\u201d", "''", ",,", '-"-', "\u3003", "\u2019\u2019"))


def upright(rows: list[Row], known: Mapping[str, str]) -> list[Row]:
    """The rows; turned where the first column holds the names of the columns and every other one a contact."""
    filled = [row for row in rows if not row.is_empty and not row.torn]
    if len(filled) < 2 or len(filled) > 400:
        return rows
    first = [text_of(row.at(0)) for row in filled]
    labels = [label for label in first if label]
    named = [label for label in labels if label in known or meaning(label.rstrip(" :")) is not None]
    if len(set(map(folded, named))) < 2 or len(named) * 3 < len(labels) * 2:
        return rows
    top = [text_of(cell) for cell in filled[0].cells[1:] if cell != ""]
    if len({each for label in top if (each := meaning(label))}) * 2 > len(top):
        return rows  # `Org 1`, `Org 2` are not names of columns
    emails = [
        row for row in filled if (meaning(text_of(row.at(0)).rstrip(" :")) or ("",))[0] in ("email", "person_email")
    ]
    if not emails or not all(any(shape_of(text_of(cell)) == "email" for cell in row.cells[1:]) for row in emails):
        return rows
    repeated = Counter(map(folded, labels))
    if max(repeated.values()) > 1 and max(len(row.cells) for row in filled) == 2:
        return _stacked(filled)
    width = max(len(row.cells) for row in filled)
    return [
        Row(line=filled[0].line, end=filled[-1].end, cells=tuple(_label(row, at) for row in filled))
        for at in range(width)
    ]


def side_by_side(rows: list[Row]) -> list[list[Row]]:
    """The tables that are beside each other with an empty column between; each has addresses, and other ones."""
    width = max((len(row.cells) for row in rows[:400]), default=0)
    if width < 5 or len(rows) > 4000:
        return [rows]
    filled = [sum(row.at(at) != "" for row in rows) for at in range(width)]
    gaps = [at for at in range(1, width - 1) if not filled[at] and filled[at - 1] and filled[at + 1]]
    bounds = [0, *gaps, width]
    parts = [[_cut(row, begin, end) for row in rows] for begin, end in itertools.pairwise(bounds)]
    return parts if gaps and all(_is_list(part) for part in parts) else [rows]


def _cut(row: Row, begin: int, end: int) -> Row:
    """The row with the columns `begin` to `end`; they keep their places, as marks and links name them."""
    cells = tuple(cell if begin <= at < end else "" for at, cell in enumerate(row.cells))
    return replace(row, cells=cells, links=tuple(link for link in row.links if begin <= link[0] < end))


def _is_list(part: Sequence[Row]) -> bool:
    """Whether most rows of a part have an address and words beside it."""
    held = [[text_of(cell) for cell in row.cells if cell != ""] for row in part if not row.is_empty]
    both = [texts for texts in held if any(shape_of(text) == "email" for text in texts) and len(texts) > 1]
    return len(both) > 1 and len(both) * 2 > len(held) - 2


def _label(row: Row, at: int) -> Cell:
    cell = row.at(at)
    return text_of(cell).rstrip(" :") if at == 0 else cell


def _stacked(rows: Sequence[Row]) -> list[Row]:
    """`Name | X`, `E-mail | Y`, `Name | Z`: a contact from each first label to the next."""
    labels = list(dict.fromkeys(text_of(row.at(0)).rstrip(" :") for row in rows if row.at(0) != ""))
    groups: list[list[Row]] = []
    for row in rows:
        if not groups or text_of(row.at(0)).rstrip(" :") == labels[0]:
            groups.append([])
        groups[-1].append(row)
    found = [Row(line=rows[0].line, end=rows[0].line, cells=tuple(labels))]
    for group in groups:
        said: dict[str, Cell] = {}
        for row in group:
            said.setdefault(text_of(row.at(0)).rstrip(" :"), row.at(1))
        found.append(Row(line=group[0].line, end=group[-1].end, cells=tuple(said.get(label, "") for label in labels)))
    return found


class Kept:
    """What the rows below a header have in common: how full they are, how names are written."""

    def __init__(self, rows: Sequence[Row], header: Header) -> None:
        self.header = header
        self.name_at = next((column.at for column in header.columns if column.target in ("name", "person")), 0)
        self.width = len(header.columns)
        self.ended = _after_the_end(rows)
        data = [row for row in rows if not (row.is_empty or row.is_hidden or row.torn or id(row) in self.ended)][:500]
        lone = [row for row in data if _filled(row) == 1 and not _says_itself(text_of(_only(row)))]
        filled = [(row, [text for cell in row.cells if (text := text_of(cell).strip())]) for row in data]
        full = [row for row, texts in filled if len(texts) > 1 and not _is_total(texts)]
        self.has_others = bool(full)
        self.rarely_alone = len(lone) * 3 <= len(full) * 2
        reached = [row for row in full if _is_reached(row)]
        self.mostly_reached = len(reached) * 10 >= len(full) * 8
        names = [text_of(row.at(self.name_at)) for row in full if row.at(self.name_at) != ""]
        self.in_capitals = sum(name.isupper() for name in names) * 2 > len(names)
        last = next((at for at in reversed(range(len(rows))) if any(rows[at] is each for each in full[-1:])), len(rows))
        ended = next((at for at in range(last, len(rows)) if rows[at].is_empty or _is_apart(rows, at)), len(rows))
        self.trailing = {id(row) for row in rows[ended:] if _filled(row) == 1}
        """Lone cells behind the first empty row below the last contact: a footer, whatever they say."""
        self.last, self.many = (id(data[-1]), len(full)) if data else (0, 0)
        self.followed = {id(one) for one, other in itertools.pairwise(data) if _filled(other) > 1}
        self.perhaps_headings = [
            text
            for row in lone
            if id(row) in self.followed
            and not _is_heading(text := text_of(_only(row)).strip(), self)
            and not says_no(text)
        ]
        self.units = self._units(data)

    def counts(self, row: Row, filled: Sequence[str]) -> bool:
        """Whether the last row says in its first words how many there are above it, in whatever language."""
        found = re.findall(r"\d+", filled[0])
        above = self.many - (len(filled) > 1)
        return id(row) == self.last and above > 1 and found == [str(above)] and len(filled[0].split()) <= 4

    def are_headings(self, first: str, account: Account, place: Place) -> bool:
        """Whether lone names above other rows are headings: asked once for all of a table."""
        names = ", ".join(self.perhaps_headings) or first
        of_many = len(self.perhaps_headings) > 1
        answer = account.ask(
            "heading",
            place,
            names,
            ask=f"Are these organisations, or headings of the rows below them: {names}?"
            if of_many
            else f"Is `{first}` an organisation, or a heading of the rows below it?",
            choices=("organisation", "heading"),
            default="heading",
        )
        return answer == "heading"

    def _units(self, data: Sequence[Row]) -> bool:
        """Whether one name is beside several units, so that the unit is what is written to."""
        unit = next((column.at for column in self.header.columns if column.target == "unit"), None)
        name = next((column.at for column in self.header.columns if column.target == "name"), None)
        if unit is None or name is None:
            return False
        pairs = {(folded(text_of(row.at(name))), folded(text_of(row.at(unit)))) for row in data if row.at(name) != ""}
        return len(pairs) > len({pair[0] for pair in pairs})

    def with_unit(self, cells: list[tuple[Column, Cell]]) -> list[tuple[Column, Cell]]:
        """The cells, the unit as a part of the name where one name has several."""
        unit = next((text_of(cell) for column, cell in cells if column.target == "unit"), "")
        if not self.units or not unit:
            return cells
        return [
            (column, f"{text_of(cell)}, {unit}" if column.target == "name" else cell)
            for column, cell in cells
            if column.target != "unit"
        ]

    def is_same_as_above(self, row: Row, own: str, above: FoundContact | None, settling: Settling) -> bool:
        """Whether a row without a name of its own goes on with the contact above it: said, by its domain, or asked.

        It is asked where a column has each organisation's person, as where cells were merged; not where people stand by
        themselves.
        """
        if above is None:
            return False
        if own in _DITTO or (own and folded(own) in words_of("ditto")):
            return True
        if own:
            return False
        found = [each.address for cell in row.cells for each in addresses(text_of(cell)) if each.kind == "email"]
        person = next((column.at for column in self.header.columns if column.target == "person"), None)
        apart = any(column.target in ("first_name", "last_name") for column in self.header.columns)
        asks = person is not None and row.at(person) != "" and not apart
        return bool(found) and settling.is_of(Place(file=settling.file, line=row.line), found, above, asks=asks)


def _is_reached(row: Row) -> bool:
    return bool(row.links) or any(shape_of(text_of(cell)) in ("email", "url", "handle") for cell in row.cells)


def _after_the_end(rows: Sequence[Row]) -> set[int]:
    """The rows of a legend: below an empty row or a total, to the end no address, and few of the columns."""
    reached = [_filled(row) for row in rows[:200] if _is_reached(row)]
    usual = sum(reached) / len(reached) if reached else 0
    found: set[int] = set()
    ends: set[int] = set()
    for at in reversed(range(len(rows))):
        row = rows[at]
        texts = [text_of(cell).strip() for cell in row.cells if cell != ""]
        if row.is_empty or _is_total(texts):
            ends = set(found)
            continue
        if _filled(row) * 2 >= usual or _is_reached(row):
            break
        found.add(id(row))
        ends = set(found) if at and _is_apart(rows, at) else ends
    return ends


def _is_apart(rows: Sequence[Row], at: int) -> bool:
    """Whether lines without anything stand above a row, which a text table has as no row."""
    return at > 0 and rows[at].line > rows[at - 1].end + 1


def _only(row: Row) -> Cell:
    return next(cell for cell in row.cells if cell != "")


def _says_itself(text: str) -> bool:
    """Whether a lone cell is not an organisation by its own words."""
    return text.endswith(":") or text.isupper() or is_list_title(text) or _is_note(text) or _is_total([text])


def _filled(row: Row) -> int:
    return sum(cell != "" for cell in row.cells)


def kind_of_row(row: Row, header: Header, kept: Kept, account: Account, place: Place) -> tuple[RowKind, Any]:
    """What a row below the header is; of a heading with what it says of the rows below it."""
    filled = [text_of(cell).strip() for cell in row.cells if cell != ""]
    first = filled[0]
    is_footer = id(row) in kept.trailing and kept.mostly_reached
    is_said = _is_labelled_note(first) or _FOOTNOTE.match(first) or (is_footer and len(first.split()) > 4)
    is_said = is_said or (len(header.columns) > 2 and _is_about_the_list(first))
    if len(filled) == 1 and len(header.columns) > 1 and is_said:
        return "note", None
    if row.links or any("@" in text for text in filled):
        return "contact", None
    if _is_total(filled) or kept.counts(row, filled):
        return "total", None
    if id(row) in kept.ended and kept.mostly_reached:
        return "note", None
    if len(set(filled)) > 1 or shape_of(first) in ("email", "url"):
        return "contact", None
    tier = _section_tier(first)
    if tier is not None:
        return "tier", tier
    if says_no(first) and len(first.split()) <= 6:
        return "heading", _said_by(first)
    if _is_note(first) or _is_beside_names(header, row) or is_footer or is_blank_word(first):
        return "note", None
    if self_named(header, row) or not kept.has_others or len(header.columns) < 2:
        return "contact", None
    if _is_heading(first, kept):
        return "heading", _said_by(first)
    if kept.rarely_alone and kept.mostly_reached and id(row) in kept.followed:
        return ("heading", _said_by(first)) if kept.are_headings(first, account, place) else ("contact", None)
    return "contact", None


def _is_about_the_list(text: str) -> bool:
    """Whether words before an address are not a name but say whose list it is: `Elenco a cura di x@rete.example`."""
    first = next((each for each in addresses(text) if each.kind == "email"), None)
    before = first.before.strip(" (<:") if first else ""
    return len(before.split()) > 1 and (names_contacts(before) or before.split()[-1].islower())


def _is_beside_names(header: Header, row: Row) -> bool:
    """Whether one cell alone begins a row where no names stand: Salesforce's "Confidential - Do Not Distribute"."""
    first = next((column.target for column in header.columns if column.at == 0), "")
    is_first = row.at(0) != "" and _filled(row) == 1 and len(header.columns) > 2
    return (
        is_first and first in ("person_title", "id", "tier", "email", "phone") and len(text_of(row.at(0)).split()) > 2
    )


def self_named(header: Header, row: Row) -> bool:
    """Whether the one cell of a row does not stand where names or headings do."""
    at = next((at for at, cell in enumerate(row.cells) if cell != ""), 0)
    return at != 0 and all(column.at != at or column.target not in ("name", "person") for column in header.columns)


def _is_total(filled: Sequence[str]) -> bool:
    first = folded(filled[0])
    totals = words_of("total")
    said = first in totals or any(first.startswith(f"{word} ") or first.endswith(f" {word}") for word in totals)
    numbers = [text for text in filled[1:] if shape_of(text) in ("number", "phone") or _COUNTED.fullmatch(text)]
    counted = re.fullmatch(r"(?:\w+ ){1,3}\([^()]*\d[^()]*\)", filled[0])  # `Grand Totals (4 records)`
    if counted and len(filled) == 1 and not totals.isdisjoint(folded(filled[0].partition("(")[0]).split()):
        return True
    rest = re.fullmatch(r".*?[:=]?\s*[\d.,]*", filled[0]) is not None
    return said and rest and len(numbers) == len(filled) - 1 and (bool(numbers) or len(first.split()) <= 4)


def is_count(title: str) -> bool:
    """Whether a line above a table counts its rows by what they say: `Unsubscribed: 4 Active: 2`.

    One count alone is none: it may be that of all rows.
    """
    counted = re.findall(r"([^\d:=]+?)\s*[:=]\s*\d+(?![\d./:-])", title)
    return len(counted) > 1 and all(len(label.split()) <= 3 for label in counted)


def _section_tier(text: str) -> int | None:
    found = re.match(r"(\w+)\s*(\d{1,2})\b", text)
    if found and columns().get(folded(found[1])) == "tier":
        return int(found[2])
    return tier_of(text) if len(text.split()) <= 6 else None


def _is_note(text: str) -> bool:
    """`Source: ...`, `* updated in May`, a whole sentence."""
    if _is_labelled_note(text):
        return True
    if _FOOTNOTE.match(text):
        return True
    words = text.split()
    first = folded(" ".join(words[:2])), folded(words[0])
    dated = any(word in words_of("note") for word in first) and any(sign.isdigit() for sign in text)
    return dated or len(words) > 9 or (len(words) > 5 and text.endswith((".", "!")))


def _is_labelled_note(text: str) -> bool:
    label, colon, _ = text.partition(":")
    return bool(colon) and folded(label) in words_of("note")


def _is_heading(text: str, kept: Kept) -> bool:
    if country(text) or text.endswith(":") or is_list_title(text) or re.match(r"(?:[A-Z]|[IVX]+|\d+)[.)]\s+\w", text):
        return True
    if text.isupper() and len(text) > 3 and not kept.in_capitals and not looks_like_person(text.title()):
        return True
    return len(text.split()) <= 2 and kind_of(text) is not None


def _said_by(text: str) -> dict[str, Any]:
    """A heading as a tag of the rows below it, and the kind that it names."""
    tag = re.sub(r"\s*[,;]\s*", " ", text.strip(" :#")).strip()
    kind = kind_of(text) or next((found for word in folded(text).split() if (found := kind_of(word))), None)
    return {**({"tags": [tag]} if tag else {}), **({"kind": kind} if kind and kind != "person" else {})}
