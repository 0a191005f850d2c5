"""What the columns of a table hold, by what is in their cells: addresses, sites, and whose names they are.

A label is only a word that somebody chose: `Titel` holds papers in one list and `Dr.` in another. So the column whose
cells fit the domains beside them has the organisations, and one of first names, titles and initials has people. Where
that leaves two ways to read a list, a person is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from outreach.intake import cells
from outreach.intake.account import Account, id_of
from outreach.intake.addresses import addresses
from outreach.intake.contact import Column, is_named
from outreach.intake.grid import Row, text_of
from outreach.intake.persons import in_order, is_person, looks_like_person, untitled
from outreach.intake.shapes import shape_of
from outreach.intake.tables.names import Domains, Names, names_in
from outreach.intake.vocabulary import folded, kind_of, roles, words_of
from outreach.model.found import Place

SAMPLE = 60
"""Rows below a header that are looked at."""
_MAY_BE_NAMES = frozenset(
    "name person fields short kind tags city person_title person_role unit internal_notes personal_text".split()
)
_PEOPLE = 0.7
"""From this share of cells that are people's, a column has people."""
_OWNED = 0.5
"""From this share of rows whose addresses have the name in their domain, a column has organisations."""


def sample_of(rows: Sequence[Row]) -> list[Row]:
    """The first rows that hold anything and are shown."""
    return [row for row in rows if not row.is_empty and not row.torn and not row.is_hidden][:SAMPLE]


def columns_by_cells(
    columns: Sequence[Column], sample: Sequence[Row], known: Mapping[str, str], account: Account, place: Place
) -> list[Column]:
    """The columns, with what their cells say; what is stored in `known` stays."""
    found = [_seen(column, sample, known) for column in columns]
    found += _beyond(found, sample)
    return _Chooser(found, sample, known, account, place).chosen()


def columns_without_labels(sample: Sequence[Row], account: Account, place: Place) -> list[Column]:
    """The columns of a table that begins with data."""
    width = max(len(row.cells) for row in sample)
    known = {"email": "email", "url": "website", "handle": "social", "country": "country", "phone": "phone"}
    found = []
    for at in range(width):
        shapes = Counter(shape_of(text) for text in texts_of(sample, at))
        most = shapes.most_common(1)[0][0] if shapes else ""
        found.append(Column(at=at, label=f"column {at + 1}", target=known.get(most, "fields")))
    return _Chooser(found, sample, {}, account, place).chosen()


def texts_of(sample: Sequence[Row], at: int) -> list[str]:
    """The cells of a column that are not empty."""
    return [text_of(row.at(at)) for row in sample if row.at(at) != ""]


class _Chooser:
    """Decides which column has the names of those who are written to, and which the people there."""

    def __init__(
        self, columns: list[Column], sample: Sequence[Row], known: Mapping[str, str], account: Account, place: Place
    ) -> None:
        self.columns = columns
        self.sample = sample
        self.known = known
        self.account = account
        self.place = place
        self.domains = Domains(sample)
        self.names = {
            each.at: names_in(sample, each.at, self.domains) for each in columns if each.target in _MAY_BE_NAMES
        }
        self.targets = {each.target for each in columns}
        self.has_parts = bool({"first_name", "last_name"} & self.targets)

    def chosen(self) -> list[Column]:
        """The columns, with one as `name` where one is, and one as `person`."""
        name = self._with("name")
        found = self._beside_name(name) if name is not None else self._without_name()
        return self._with_people(found)

    def _with(self, target: str) -> Column | None:
        return next((each for each in self.columns if each.target == target), None)

    def _as(self, **targets: Column | None) -> list[Column]:
        """The columns, each of those given with its new target."""
        new = {column.at: target for target, column in targets.items() if column is not None}
        return [replace(each, target=new.get(each.at, each.target)) for each in self.columns]

    # --- no label says who has a name ---

    def _without_name(self) -> list[Column]:
        owner = self._owner(0.0)
        # "Who" and "Person" both mean people; the one whose names are in the domains has the organisations.
        person = next((each for each in self.columns if each.target == "person" and each is not owner), None)
        person = person or self._with("person")
        best = max(self.columns, key=self._likeness, default=None)
        best = best if best is not None and self._likeness(best) else None
        if "unit" in self.targets:  # it has the names where nothing else does
            return self._as(name=owner)
        if self.has_parts or person is not None:
            if owner is not None and owner is not person:
                return self._as(name=owner)
            if self._is_one_house(person):
                return self.columns
            before = person is not None and best is not None and best.at < person.at
            if before and best is not None and self.names[best.at].differing > 0.5:
                return self._as(name=best)
            other = self._other(person)
            people = person or next(each for each in self.columns if each.target in ("first_name", "last_name"))
            return self._as(name=other) if other and self._asked(people, other) == "organisations" else self.columns
        if best is None:
            return self._as(name=self._named_address())
        if self.names[best.at].people >= _PEOPLE and not self._is_one_house(best):
            other = self._other(best)
            if other is not None and self._asked(best, other) == "organisations":
                return self._as(name=other, person=best)
        return self._as(name=best)

    def _named_address(self) -> Column | None:
        """The column of `Bees <info@bees.example>`: half of its addresses at least have words beside them."""
        for column in self.columns:
            if column.target == "email" and column.label not in self.known:
                texts = texts_of(self.sample, column.at)
                beside = [text for text in texts if any(each.before.strip(" <\"'(,;:") for each in addresses(text))]
                if texts and len(beside) * 2 >= len(texts):
                    return column
        return None

    def _likeness(self, column: Column) -> float:
        """How much a column is like names: words that differ, with capitals, and what the domains say."""
        names = self.names.get(column.at)
        if names is None or column.target in ("name", "person", "unit") or names.worded < 0.6:
            return 0
        if column.target in ("internal_notes", "personal_text") and names.owners < _OWNED:
            return 0
        if names.differing <= 0.5 and names.owners < _OWNED:
            return 0
        if column.target in ("person_role", "person_title") and names.owners < _OWNED and self._with("person"):
            return 0
        sure = 1.0 if column.target == "fields" else 0.5
        if names.people >= _PEOPLE:
            sure *= 1.5 if names.mailed > 0.5 else 0.4
        return names.differing * names.capitals * sure + 2 * names.owners - names.short

    # --- a label says who has a name ---

    def _beside_name(self, name: Column) -> list[Column]:
        own = self.names[name.at]
        if own.people < _PEOPLE:
            owner = self._owner(own.owners + 0.3)
            repeats = own.differing < 0.5 and own.owners < 0.2
            is_free = owner is not None and name.label not in self.known
            return self._as(name=owner, fields=name) if repeats and is_free else self.columns
        if self._is_one_house(name):
            return self.columns
        owner = self._owner(own.owners)
        if owner is not None and not {name.label, owner.label} & self.known.keys():
            return self._as(name=owner, person=name)
        other = self._other(name)
        if other is not None and self._asked(name, other) == "organisations":
            return self._as(name=other, person=name)
        return self.columns

    def _owner(self, more_than: float) -> Column | None:
        """The column whose names are in the domains beside them; the one that differs most among several."""
        found = [
            each
            for each in self.columns
            if (names := self.names.get(each.at)) is not None
            and each.target not in ("name", "short")
            and names.people < _PEOPLE
            and names.owners >= max(_OWNED, more_than)
            and names.differing >= 0.5
            and names.worded >= 0.6
        ]
        return max(found, key=lambda each: (self.names[each.at].owners, -self.names[each.at].short), default=None)

    def _other(self, people: Column | None) -> Column | None:
        """A column that may have the organisations of the people in `people`: words that differ, and no people."""
        if self.domains.diversity < 0.5:
            return None
        found = [
            each
            for each in self.columns
            if each is not people
            and each.target in ("fields", "person_title", "unit")
            and (names := self.names.get(each.at)) is not None
            and names.worded >= 0.8
            and names.capitals >= 0.6
            and names.people < 0.6
            and (names.differing >= 0.5 or names.owners >= _OWNED)
        ]
        return max(found, key=lambda each: self._worth(self.names[each.at]), default=None)

    def _worth(self, names: Names) -> float:
        return names.owners + names.organised + names.differing - names.people

    def _is_one_house(self, people: Column | None) -> bool:
        """Whether people have addresses with their names, most at one domain: a parliament, a council, a company."""
        names = self.names.get(people.at) if people is not None else None
        return names is not None and names.mailed >= 0.5 and self.domains.diversity < 0.4

    def _asked(self, people: Column, others: Column) -> str:
        """Whether the organisations or the people of a list are written to: as a person answered or wrote, or asked."""
        names, subject = self.names[others.at], f"{people.label}\n{others.label}"
        default = "organisations" if names.owners + names.organised >= 0.3 else "people"
        stored = self.known.get(others.label)
        written = default if stored is None else "organisations" if stored == "name" else "people"
        if written != default and id_of("whose-names", self.place.file, subject) not in self.account.answers:
            return written
        return self.account.ask(
            "whose-names",
            self.place,
            subject,
            ask=f"Does this list have organisations (`{others.label}`, such as {names.first}) or people "
            f"(`{people.label}`)?",
            choices=("organisations", "people"),
            default=default,
        )

    # --- who is there ---

    def _with_people(self, columns: list[Column]) -> list[Column]:
        """The columns, one as `person` whose cells are people's, where no label says who is there."""
        targets = {each.target for each in columns}
        name = next((each for each in columns if each.target == "name"), None)
        if name is None or {"person", "first_name", "last_name"} & targets or self._of_people(name):
            return columns
        people = next((each for each in columns if each.target == "fields" and self._has_people(each)), None)
        return [replace(each, target="person") if each is people else each for each in columns]

    def _of_people(self, name: Column) -> bool:
        return name.at in self.names and self.names[name.at].people >= _PEOPLE

    def _has_people(self, column: Column) -> bool:
        names = self.names.get(column.at)
        return (
            names is not None
            and column.label not in self.known
            and names.people >= _PEOPLE
            and names.differing > 0.5
            and names.worded >= 0.6
        )


def _seen(column: Column, sample: Sequence[Row], known: Mapping[str, str]) -> Column:
    """A column with the target that its cells give it: addresses and accounts under any label, a yes under `E-mail`."""
    texts = [text for text in texts_of(sample, column.at) if folded(text) != folded(column.label)]
    shapes = Counter(map(shape_of, texts))
    most = shapes.most_common(1)[0][0] if shapes else ""
    if column.target == "fields" and column.label not in known and texts:
        reached = [text for text in texts if shape_of(text) == "email"]
        is_only = shapes["email"] + shapes["phone"] + shapes["number"] == len(texts)
        few = shapes["email"] and shapes["email"] + shapes["text"] == len(texts) < 4
        if reached and (len(reached) * 2 > len(texts) or is_only or few) and not _is_of_one(reached):
            role = next((roles()[word] for word in folded(column.label).split() if word in roles()), "")
            return replace(column, target="email", role=role)
        if most == "handle" and any(each.kind != "email" for text in texts for each in addresses(text)):
            return replace(column, target="social")
    honorific = sum(all(word in words_of("honorific") for word in folded(text).split()) for text in texts)
    if column.target == "person_role" and texts and honorific * 2 > len(texts):
        return replace(column, target="person_title")
    if column.target in ("email", "person_email") and texts and all(_says_yes_or_no(text) for text in texts):
        return replace(column, target="fields")
    if column.target in ("website", "name", "short", "phone", "address") and texts and shapes["email"] * 2 > len(texts):
        return replace(column, target="email")
    return column


def _is_of_one(reached: Sequence[str]) -> bool:
    """Whether a column says the same address again and again: whoever keeps the list, and none of those in it."""
    return len(reached) > 3 and len({text.casefold() for text in reached}) * 3 <= len(reached)


def _says_yes_or_no(text: str) -> bool:
    return cells.yes_or_no(text) is not None or shape_of(text) in ("number", "date")


def _beyond(columns: Sequence[Column], sample: Sequence[Row]) -> list[Column]:
    """The columns without a label that hold something: each keeps its number as its name."""
    named = {column.at for column in columns}
    width = max((len(row.cells) for row in sample), default=0)
    found = []
    for at in range(width):
        texts = texts_of(sample, at) if at not in named else []
        if texts:
            emails = sum(shape_of(text) == "email" for text in texts) * 2 > len(texts)
            found.append(Column(at=at, label=f"column {at + 1}", target="email" if emails else "fields"))
    return found


def of_people(columns: Sequence[Column], sample: Sequence[Row]) -> bool:
    """Whether the names are people's: by their label, or because their addresses have them."""
    column = next((each for each in columns if each.target == "name"), None)
    if column is None or any(each.target == "person" for each in columns):
        return False
    names = [(text_of(row.at(column.at)), row) for row in sample if row.at(column.at) != ""]
    likely = [(in_order(name), row) for name, row in names if is_person(untitled(in_order(name))[1])]
    if not names or len(likely) * 10 < len(names) * 7:
        return False
    if any(kind_of(word) == "person" for word in folded(column.label).split()):
        return True
    emails = [each.at for each in columns if each.target == "email"]
    own = sum(any(is_named(text_of(row.at(at)), name, wholly=True) for at in emails) for name, row in likely)
    wanted = 3 if any(each.target == "private" for each in columns) else 6
    return own * 10 >= len(names) * wanted and all(looks_like_person(untitled(name)[1]) for name, _ in likely)
