"""Which row names the columns of a table, by what stands below it, and what each column holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from outreach.intake import cells
from outreach.intake.addresses import addresses
from outreach.intake.contact import Column, is_named
from outreach.intake.grid import Row, text_of
from outreach.intake.persons import in_order, is_person, looks_like_person, untitled
from outreach.intake.shapes import TYPED, shape_of
from outreach.intake.vocabulary import columns as known_columns
from outreach.intake.vocabulary import folded, kind_of, meaning, roles, targets, words_of
from outreach.model.contact import FORMER_KEYS

_SEARCHED = 40
"""Rows from the top in which the names of the columns are looked for: titles and remarks are shorter."""
_SAMPLE = 60
_PERSONAL = frozenset(
    "name, full name, contact name, display name, nom, nom complet, nombre, nombre completo, nome, nome completo, "
    "naam, volledige naam, imie i nazwisko, nazwa, file as, formatted name, first and last name".split(", ")
)
_FAMILY = frozenset(("nom", "name", "naam", "nome", "nombre"))
"""Labels that hold the last name where another column holds the first."""
_ONCE = frozenset(
    "name short country language timezone website tier kind personal_text owner do_not_contact eu stage missing via "
    "found_at collected_on id first_name last_name unit".split()
)
"""Targets that a contact has once: a second column of them goes to `fields`."""
_WORD = re.compile(r"[^\W\d_]{2}")
"""Two letters: none are in `A1` or in a moment, and no name is without."""
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


def header_of(rows: Sequence[Row], known: Mapping[str, str]) -> Header | None:
    """The header of a table; `known` is what was stored about its labels. None where no row names columns.

    A row is a header where its labels are known, or where the cells below behave like columns (addresses, sites,
    countries) and its own do not. The first of the best is taken.
    """
    best, score = None, 0.0
    for at in range(min(len(rows), _SEARCHED)):
        if best is not None and _has_address(rows[at]):
            break  # data has begun: what stands below is another table
        points = _points(rows, at, known)
        if points > score:
            best, score = at, points
    if best is None:
        return _without_names(rows)
    begin = best - 1 if best and _is_above(rows[best - 1], rows[best]) else best
    labels = _labels(rows[begin] if begin < best else None, rows[best])
    header = Header(columns=_columns(labels, known), begin=begin, end=best + 1)
    return _by_content(header, rows[best + 1 :], known)


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
    below = [shape_of(text_of(row.at(column))) for row in rows[at + 1 : at + 1 + _SAMPLE] if not row.is_empty]
    filled = [shape for shape in below if shape]
    if not filled:
        return 0
    most, number = Counter(filled).most_common(1)[0]
    if most == own or most in ("", "text", "long", "number") or number * 5 < len(filled) * 3:
        return 0
    return 2 if most == "email" else 1


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


def _columns(labels: Sequence[str], known: Mapping[str, str]) -> tuple[Column, ...]:
    named = [(at, label, *_target(label, known)) for at, label in enumerate(_distinct(labels)) if label]
    exact = [
        label
        for _, label, target, _ in named
        if target == "name" and (label in known or re.sub(r" ?\d+", "", folded(label)) in known_columns())
    ]
    if exact:  # then a longer label that ends as one is not it: `Screen Name`, `Newspaper name`
        named = [(at, label, "fields" if t == "name" and label not in exact else t, r) for at, label, t, r in named]
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


def _target(label: str, known: Mapping[str, str]) -> tuple[str, str]:
    if label in known:
        target, _, role = known[label].partition(":")
        target = target.strip()
        target = target if target in targets() else FORMER_KEYS.get(target, (target,))[0]
        if target in targets():
            return target, role.strip()
    return meaning(label) or ("fields", "")


def _person_beside_name(
    named: list[tuple[int, str, str, str]], known: Mapping[str, str]
) -> list[tuple[int, str, str, str]]:
    """`Name` beside `Organisation` is a person's; a person without either is the contact."""
    names = [each for each in named if each[2] == "name" and each[1] not in known]
    parts = {each[2] for each in named}
    if len(names) > 1 or (names and "name" in known.values()):
        personal = [each for each in names if folded(each[1]) in _PERSONAL]
        if len(personal) < len(names) or "name" in known.values():
            lacks_last = "first_name" in parts and "last_name" not in parts
            return [
                (at, label, ("last_name" if lacks_last and folded(label) in _FAMILY else "person"), r)
                if (at, label, t, r) in personal
                else (at, label, t, r)
                for at, label, t, r in named
            ]
    if {"first_name", "last_name"} & parts and len(names) == 1 and folded(names[0][1]) in _PERSONAL:
        full = {"first_name", "last_name"} <= parts  # then the whole name says it again
        instead = "ignore" if full else "last_name" if "first_name" in parts else "first_name"
        if full or folded(names[0][1]) in _FAMILY:
            return [(at, label, instead if t == "name" else t, r) for at, label, t, r in named]
    return named


def _by_content(header: Header, rows: Sequence[Row], known: Mapping[str, str]) -> Header:
    """What the cells of a column say where its label says nothing: addresses, accounts, sites, and who has a name."""
    sample = [row for row in rows if not row.is_empty and not row.torn and not row.is_hidden][:_SAMPLE]
    columns = [_seen(column, sample, known) for column in header.columns]
    columns += _beyond(columns, sample)
    targets_here = [column.target for column in columns]
    if not {"name", "first_name", "last_name", "unit"} & set(targets_here):
        person = targets_here.index("person") if "person" in targets_here else len(columns)
        columns = [
            *_named(columns[:person], sample),
            *columns[person:],
        ]  # what stands before a person is where they are
    return replace(header, columns=tuple(columns), of_people=_of_people(columns, sample))


def _texts(sample: Sequence[Row], at: int) -> list[str]:
    return [text_of(row.at(at)) for row in sample if row.at(at) != ""]


def _seen(column: Column, sample: Sequence[Row], known: Mapping[str, str]) -> Column:
    texts = _texts(sample, column.at)
    shapes = Counter(map(shape_of, texts))
    most = shapes.most_common(1)[0][0] if shapes else ""
    if column.target == "fields" and column.label not in known and texts:
        if shapes["email"] * 2 > len(texts) or (shapes["email"] and shapes["email"] + shapes["text"] == len(texts) < 4):
            role = next((roles()[word] for word in folded(column.label).split() if word in roles()), "")
            return replace(column, target="email", role=role)
        if most == "handle" and any(each.kind != "email" for text in texts for each in addresses(text)):
            return replace(column, target="social")
    honorific = sum(all(word in words_of("honorific") for word in folded(text).split()) for text in texts)
    if column.target == "person_role" and texts and honorific * 2 > len(texts):
        return replace(column, target="person_title")
    if column.target in ("email", "person_email") and texts and all(_says_yes_or_no(text) for text in texts):
        return replace(column, target="fields")
    if column.target == "website" and texts and shapes["email"] * 2 > len(texts):
        return replace(column, target="email")
    if column.target in ("name", "short") and texts and shapes["email"] * 2 > len(texts):
        return replace(column, target="email")
    return column


def _says_yes_or_no(text: str) -> bool:
    return cells.yes_or_no(text) is not None or shape_of(text) in ("number", "date")


def _beyond(columns: Sequence[Column], sample: Sequence[Row]) -> list[Column]:
    """The columns without a label that hold something: each keeps its number as its name."""
    named = {column.at for column in columns}
    width = max((len(row.cells) for row in sample), default=0)
    found = []
    for at in range(width):
        texts = _texts(sample, at) if at not in named else []
        if texts:
            emails = sum(shape_of(text) == "email" for text in texts) * 2 > len(texts)
            found.append(Column(at=at, label=f"column {at + 1}", target="email" if emails else "fields"))
    return found


def _named(columns: list[Column], sample: Sequence[Row]) -> list[Column]:
    """The columns, the one most like names as `name`: texts that differ, in a column of which nothing is known."""

    has_people = any(column.target == "person" for column in columns)

    def likeness(column: Column) -> float:
        texts = _texts(sample, column.at)
        words = [text for text in texts if shape_of(text) in ("text", "country") and _WORD.search(text)]
        words = [text for text in words if folded(text) not in words_of("yes") | words_of("no") | words_of("none")]
        kinds = ("fields", "short", "kind", "tags", "city", *(() if has_people else ("person_role", "person_title")))
        if column.target not in kinds or not words or len(words) * 10 < len(texts) * 6:
            return 0
        differing = len({folded(text) for text in words}) / len(words)
        capitals = sum(not text[:1].islower() for text in words) / len(words)
        sure = 1.0 if column.target == "fields" else 0.5
        if of_persons(texts):
            sure *= 1.5 if named_in(column.at) else 0.4
        return differing * capitals * sure if differing > 0.5 else 0

    def named_in(at: int) -> bool:
        names = [(in_order(text_of(row.at(at))), row) for row in sample if row.at(at) != ""]
        cells = [[text_of(cell) for cell in row.cells if "@" in text_of(cell)] for _, row in names]
        own = [any(is_named(cell, name) for cell in found) for (name, _), found in zip(names, cells, strict=True)]
        return sum(own) * 2 > len(own)

    def of_persons(texts: Sequence[str]) -> bool:
        titled = [untitled(in_order(text)) for text in texts]
        people = [name for title, name in titled if title or looks_like_person(name)]
        return len(people) * 2 > len(texts)

    best = max(columns, key=likeness, default=None)
    if best is None or not likeness(best):
        return columns
    found = [replace(column, target="name") if column is best else column for column in columns]
    if has_people or of_persons(_texts(sample, best.at)):
        return found
    people = next((each for each in found if each.target == "fields" and of_persons(_texts(sample, each.at))), None)
    return [replace(column, target="person") if column is people else column for column in found]


def _of_people(columns: Sequence[Column], sample: Sequence[Row]) -> bool:
    """Whether the names are people's: by their label, or because their addresses have them."""
    column = next((each for each in columns if each.target == "name"), None)
    if column is None or any(each.target == "person" for each in columns):
        return False
    names = [(text_of(row.at(column.at)), row) for row in sample if row.at(column.at) != ""]
    likely = [(in_order(name), row) for name, row in names if is_person(in_order(name))]
    if not names or len(likely) * 10 < len(names) * 7:
        return False
    if any(kind_of(word) == "person" for word in folded(column.label).split()):
        return True
    emails = [each.at for each in columns if each.target == "email"]
    own = sum(any(is_named(text_of(row.at(at)), name, wholly=True) for at in emails) for name, row in likely)
    wanted = 3 if any(each.target == "private" for each in columns) else 6
    return own * 10 >= len(names) * wanted and all(looks_like_person(name) for name, _ in likely)


def _without_names(rows: Sequence[Row]) -> Header | None:
    """A table that begins with data: addresses and sites show what they are, and the first text is the name."""
    data = [row for row in rows if not row.is_empty and not row.torn and not row.is_hidden][:_SAMPLE]
    if not data or not any(shape_of(text_of(cell)) == "email" for row in data for cell in row.cells):
        return None
    width = max(len(row.cells) for row in data)
    if width == 1 and sum(shape_of(text_of(row.at(0))) == "email" for row in data) * 2 <= len(data):
        return None  # sentences, one of which has an address
    columns: list[Column] = []
    for at in range(width):
        shapes = Counter(shape_of(text) for text in _texts(data, at))
        most = shapes.most_common(1)[0][0] if shapes else ""
        target = {"email": "email", "url": "website", "handle": "social", "country": "country", "phone": "phone"}.get(
            most, "fields"
        )
        if most == "text" and not any(column.target == "name" for column in columns):
            target = "name"
        elif most == "text" and any(column.target == "name" for column in columns):
            texts = _texts(data, at)
            people = sum(looks_like_person(text) for text in texts) * 10 >= len(texts) * 6
            target = "person" if people and not any(c.target == "person" for c in columns) else target
        columns.append(Column(at=at, label=f"column {at + 1}", target=target))
    begin = next(at for at, row in enumerate(rows) if not row.is_empty and not row.torn and not row.is_hidden)
    header = Header(columns=tuple(columns), begin=begin, end=begin, guessed=True)
    return replace(header, of_people=_of_people(columns, data))


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
    known = [meaning(label) for label in labels]
    if len(labels) < 2 or sum(each is not None for each in known) * 3 < len(labels) * 2:
        return False
    found = {each[0] for each in known if each}
    return (
        bool(found & _NAMES)
        and bool(found & {"email", "person_email", "website", "form", "phone"})
        and bool(_points(rows, at, {}))
    )
