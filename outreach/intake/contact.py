"""The one function from cells to a contact, for rows of tables and for the labelled lines of notes alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from outreach.campaign.contacts_plain import ordered
from outreach.intake import cells
from outreach.intake.addresses import addresses, is_form
from outreach.intake.decoration import undecorated
from outreach.intake.grid import Cell, text_of
from outreach.intake.no_means_no import is_about_mail
from outreach.intake.persons import in_order, is_blank_word, is_greeting, looks_like_person, people_in, turned, untitled
from outreach.intake.shapes import POSTAL
from outreach.intake.vocabulary import FIELDS, folded, meaning, order_of_names, words_of
from outreach.model.found import FoundContact
from outreach.model.records import dataclass
from outreach.words.slugs import slug_of

_RESEARCH = ("research", "recherch", "rechercher", "investig", "ricerca", "onderzoek", "badani", "zbada", "todo")
_READY = frozenset("ready bereit pret listo pronto klaar gotowy".split())
_SINGLE: Mapping[str, Callable[[Cell], Any]] = {
    "tier": cells.tier,
    "country": cells.stated,
    "language": cells.language,
    "website": cells.site,
    "kind": cells.kind,
    "eu": cells.yes_or_no,
    "collected_on": cells.day,
}
_TEXTS = frozenset("short timezone owner missing via personal_text internal_notes found_at".split())
_LINK = re.compile(r"\s*\((https?://[^\s()]+)\)")
"""A page behind a name, as Notion exports what is linked: `The Lantern (https://www.notion.so/The-Lantern-1a2b)`."""
_FOOTNOTE = re.compile(r"(?<=[\w*)])(?:\[\d{1,3}\])+$")
_OF_THE_EU = re.compile(r"(?:^|[@.])(?:europa\.eu|europarl\.[a-z]+)$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column by its position; `target` is a word of the vocabulary, `fields` or `ignore`."""

    at: int
    label: str
    target: str
    role: str = ""


_INSIDE = re.compile(r"([^()]+?)\s*\(([^()]+)\)")


class ContactCells:
    """The values of one contact, as its cells are read."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.channels: list[dict[str, str]] = []
        self.people: list[dict[str, str]] = []
        self.slots: dict[str, dict[str, Any]] = {}
        """What columns say of people beside their names, by the number in the label: `Contact 2 role`."""
        self.fields: dict[str, Any] = {}
        self.unit = ""
        self.marks: list[str] = []
        """What is around names and addresses and sets them apart."""
        self.first = self.last = ""
        self.is_to_research = False

    def take(self, column: Column, cell: Cell, role: str = "") -> None:
        """Read one cell that is not empty; what it is not, is kept under `fields`."""
        target = column.target
        if target in ("person_title", "fields") and is_greeting(text_of(cell)):
            self.values.setdefault("greeting", " ".join(text_of(cell).split()).rstrip(",! "))
        elif target in _SINGLE:
            value = _SINGLE[target](cell)
            if value is None:
                self._keep(column, cell)
            elif target in self.values:
                self.fields[column.label] = text_of(cell)
            else:
                self.values[target] = value
        elif target in _TEXTS:
            self._text(column, cell)
        elif target in ("email", "person_email", "mastodon", "bluesky", "form", "social"):
            self._address(column, cell, role or column.role)
        else:
            self._other(column, cell)

    def _slot(self, column: Column) -> dict[str, Any]:
        number = re.search(r"\d", column.label)
        return self.slots.setdefault(number.group() if number else "", {})

    def _keep(self, column: Column, cell: Cell) -> None:
        if is_blank_word(text_of(cell)) and not is_about_mail(column.label):  # `Opt-in: -` is a no
            return
        if column.target == "kind":
            self._tags(cell)
            return
        key = column.target if column.target in FIELDS else column.label
        value = text_of(cell) if column.target in FIELDS else cells.free(cell)
        self.fields[key] = f"{self.fields[key]}; {value}" if key in self.fields else value

    def _tags(self, cell: Cell) -> None:
        self.values["tags"] = list(dict.fromkeys([*self.values.get("tags", []), *cells.words(cell)]))

    def _text(self, column: Column, cell: Cell) -> None:
        text = text_of(cell).strip()
        before = self.values.get(column.target)
        self.values[column.target] = f"{before}\n\n{text}" if before else text

    def _address(self, column: Column, cell: Cell, role: str) -> None:
        left, (cell, marks) = "", undecorated(text_of(cell))
        self.marks += marks
        if column.target in ("email", "person_email"):
            channels, people, left = cells.emails(cell, role)
            slot = self._slot(column)
            if column.target == "person_email" and channels and "email" not in slot and not people:
                slot["email"] = channels[0].get("email", "")
            self.channels += channels
            self.people += [each for each in people if each["name"] not in {one["name"] for one in self.people}]
        elif column.target == "social":
            channels, left = cells.social(cell)
            self.channels += channels
        else:
            read = {"mastodon": cells.mastodon, "bluesky": cells.bluesky, "form": cells.site}[column.target]
            address = read(cell)
            if address is None:
                channels, _, left = cells.emails(cell, role)
                self.channels += channels
            else:
                self.channels.append({column.target: address, **({"role": role} if role else {})})
        for each in addresses(left) if "://" in left or "www." in left else ():
            if each.kind == "url" and is_form(each.address):
                self.channels.append({"form": each.address})
            elif each.kind == "url":
                self.values.setdefault("website", each.address)
        if left and not is_blank_word(left):
            self.fields[column.label] = left

    def _other(self, column: Column, cell: Cell) -> None:
        target = column.target
        if target == "name" and "\n" in text_of(cell).strip():
            cell = self._first_line(column, text_of(cell))
        text = " ".join(text_of(cell).split())
        if target in ("name", "person", "first_name", "last_name"):
            text, marks = undecorated(text)
            self.marks += marks
        if target in ("name", "person"):
            cell = text = _FOOTNOTE.sub("", text).strip("*")
        if target in ("name", "person", "tags") and "(http" in text:
            self.fields[column.label] = "; ".join(_LINK.findall(text))
            cell = text = _LINK.sub("", text)
        if target in ("name", "person") and order_of_names(column.label) == "last-first":
            text = "; ".join(turned(each.strip()) for each in text.split(";"))
            cell = text
        if target == "tags":
            self._tags(cell)
        elif target == "name":
            self._name(column, text)
        elif target == "first_name":
            self.first = "" if is_blank_word(text) else text
        elif target == "last_name":
            self.last = "" if is_blank_word(text) else text
        elif target == "unit":
            self.unit = text
        elif target == "person":
            people, left = cells.persons(cell)
            does = column.label if folded(column.label) in words_of("function") else ""
            people = [{**each, **({"role": does} if does and "role" not in each else {})} for each in people]
            self._slot(column).setdefault("people", []).extend(people)
            self.people += people
            if left:
                self._left_of_person(column, left)
        elif target in ("person_role", "person_title"):
            if not is_blank_word(text):
                key, slot = target.removeprefix("person_"), self._slot(column)
                slot[key] = f"{slot[key]}, {text}" if key in slot else text
        elif target == "do_not_contact":
            answer = cells.yes_or_no(cell)
            self.values["do_not_contact"] = text if answer is None else answer
        elif target == "stage":
            self._stage(column, cell)
        elif target == "id":
            self.values["id"] = text
        elif target != "ignore":
            self._keep(column, cell)

    def _first_line(self, column: Column, text: str) -> str:
        """The name in a cell of several lines; a street below it, a `Chair: Ann Lee` or a phone is none of it."""
        name, *below = [line.strip() for line in text.split("\n") if line.strip()]
        for line in below:
            label, colon, value = line.partition(":")
            said = meaning(label) if colon and value.strip() and not any(addresses(line)) else None
            if said and said[0] != "name":
                self.take(Column(at=column.at, label=label.strip(), target=said[0], role=said[1]), value.strip())
            elif colon and folded(label) in words_of("function") and any(people_in(value)[0]):
                self.take(Column(at=column.at, label=label.strip(), target="person"), value.strip())
            elif POSTAL.search(line):
                self._keep(Column(at=column.at, label="address", target="address"), line)
            else:
                name = f"{name} {line}"
        return name

    def _name(self, column: Column, text: str) -> None:
        """A name, with the addresses that are in the same cell: `Bees <info@bees.example>`."""
        channels, people, left = cells.emails(text) if "@" in text else ([], [], text)
        self.channels += channels
        if not left and people:
            left = people.pop()["name"]
        elif not left and channels and channels[0].get("role"):
            left = re.split(r"[<(:]|\s[\w.+-]+@", text)[0].strip(" ,-\u2013")
            channels[0].pop("role")
        self.people += people
        if "name" in self.values:
            self.fields[column.label] = left
        elif left and not is_blank_word(left):
            self.values["name"] = left

    def _left_of_person(self, column: Column, left: str) -> None:
        """Words of a person's cell that name nobody: a desk's address, a role, a remark."""
        channels, _, rest = cells.emails(left)
        self.channels += channels
        if rest and not is_blank_word(rest):
            self.fields[column.label] = rest

    def _stage(self, column: Column, cell: Cell) -> None:
        word = folded(text_of(cell))
        if any(part.startswith(_RESEARCH) for part in word.split()):
            self.is_to_research = True
        elif word not in _READY:
            self._keep(column, cell)

    def finished(self) -> dict[str, Any] | None:
        """All values in the order of a contact's file; None without a name."""
        own = untitled(
            " ".join(part for part in (self.first, self.last.title() if self.last.isupper() else self.last) if part)
        )
        if own[1]:
            self.people.insert(0, {"name": own[1], **({"title": own[0]} if own[0] else {})})
        self._join_person()
        if self.people and folded(self.values.get("name", "").partition("(")[0]) in words_of("freelance"):
            self.fields["organisation"] = self.values.pop("name")  # nobody's: the person is written to
        if "name" not in self.values:
            if not self.people and self.unit:
                self.values["name"] = self.unit
                self.unit = ""
            elif not self.people:
                return None
            else:
                self._is_the_person(self.people.pop(0))
        own_name = folded(str(self.values["name"]))  # CiviCRM: an organisation's "Display Name" is its own
        self.people = [each for each in self.people if folded(each["name"]) != own_name or len(each) > 1]
        inside = _INSIDE.fullmatch(str(self.values["name"]))
        turned = in_order(inside[1] if inside else str(self.values["name"]))
        emails = [each["email"] for each in self.channels if "email" in each]
        is_turned = turned != (inside[1] if inside else self.values["name"])
        if is_turned and any(is_named(email, turned) for email in emails):
            self.values |= {"name": turned, "kind": "person"}
            self.fields |= {"role": inside[2]} if inside else {}
        if self.values.get("kind") == "person":
            self._as_employed()
        if self.unit:
            self.fields.setdefault("unit", self.unit)
        self._say_what_is_missing()
        self.channels = distinct(self.channels)
        if any("email" in each and _OF_THE_EU.search(each["email"].casefold()) for each in self.channels):
            self.values.setdefault("eu", True)
        parts = {"channels": self.channels, "people": self.people, "fields": self.fields}
        values = {**self.values, **{key: value for key, value in parts.items() if value}}
        return ordered(values)

    def _is_the_person(self, person: dict[str, str]) -> None:
        self.values["name"] = person["name"]
        if looks_like_person(person["name"]) or (self.first and self.last):
            self.values["kind"] = "person"
        if "email" in person and all(each.get("email") != person["email"] for each in self.channels):
            self.channels.append({"email": person["email"]})
        self.fields |= {key: person[key] for key in ("role", "title") if key in person}

    def _as_employed(self) -> None:
        """A person's name without `Ms`, and the organisation under the word by which it is looked for."""
        title, bare = untitled(str(self.values["name"]))
        if title and looks_like_person(bare):
            self.values["name"] = bare
            self.fields.setdefault("title", title)
        employer = next((label for label in self.fields if folded(label) in words_of("employer")), None)
        if employer is not None and "organisation" not in self.fields:
            self.fields["organisation"] = self.fields.pop(employer)

    def _say_what_is_missing(self) -> None:
        """Who is ready has nothing missing: what the column says is then a note."""
        said = self.values.pop("missing", "")
        if self.is_to_research or (said and not self.channels):
            self.values["missing"] = said or "what the list does not say"
        elif said:
            notes = self.values.get("internal_notes")
            self.values["internal_notes"] = "\n".join(filter(None, [notes, f"To find out: {said}"]))

    def _join_person(self) -> None:
        """The columns on a person belong to the one of their number, else to the first."""
        for number, slot in self.slots.items():
            people = slot.pop("people", None) or (self.people if not number else [])
            if slot and people:
                joined = {**slot, **people[0]}
                at = next(at for at, each in enumerate(self.people) if each is people[0])
                self.people[at] = {key: joined[key] for key in ("name", "role", "title", "email") if key in joined}
            elif slot:
                self.fields |= {key: value for key, value in slot.items() if key != "email"}
        merged: dict[str, dict[str, str]] = {}
        for person in self.people:
            merged[folded(person["name"])] = {**person, **merged.get(folded(person["name"]), {})}
        self.people = list(merged.values())
        self._own_addresses()

    def _own_addresses(self) -> None:
        """An address that has a person's name is that person's."""
        taken = {each.get("email") for each in self.people}
        for at, person in enumerate(self.people):
            for channel in self.channels:
                address = channel.get("email", "")
                if "email" not in person and address not in taken and is_named(address, person["name"]):
                    self.people[at] = {**person, "email": address}
                    taken.add(address)
                    break


def is_named(address: str, name: str, *, wholly: bool = False) -> bool:
    """Whether the part before the `@` has the person's name: `jo.doe@`, `jdoe@`, and unless `wholly`, `doe@`."""
    local = folded(address.partition("@")[0])
    parts = [part for part in folded(untitled(name)[1]).split() if len(part) > 1]
    words = re.split(r"[^a-z]+", local)
    if len(parts) < 2:
        return False
    if wholly:
        joined = "".join(parts[1:])  # `jan.devries@` is Jan de Vries
        if joined in words and (parts[0] in words or parts[0][0] in words):
            return True
        own = [*words, folded(address.partition("@")[2].partition(".")[0])]
        return parts[-1] in own and (parts[0] in words or parts[0][0] in words)
    short = {f"{parts[0][0]}{parts[-1]}", "".join(parts[1:])}
    return any(part in words for part in parts if len(part) > 2) or not short.isdisjoint(words)


def with_via(values: Mapping[str, Any], ids: Collection[str]) -> dict[str, Any]:
    """The values, `via` as the id of the contact that it names; what names nobody here is kept under `fields`."""
    told = str(values.get("via", ""))
    if not told or told in ids:
        return dict(values)
    if slug_of(told) in ids:
        return {**values, "via": slug_of(told)}
    fields = {**values.get("fields", {}), "via": told}
    kept = {**{key: value for key, value in values.items() if key != "via"}, "fields": fields}
    return ordered(kept)


def distinct(channels: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """The channels, each address once; the one with a role before the same without."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for channel in channels:
        kind = next(iter(channel))
        key = (kind, channel[kind].casefold())
        found[key] = {**channel, **found.get(key, {})}
    return list(found.values())


def contact_of(
    cells_of_row: Sequence[tuple[Column, Cell]], file: str, line: int, defaults: Mapping[str, Any] | None = None
) -> FoundContact | None:
    """The contact that the cells of a row say, or None if they have no name.

    `defaults` (tier, kind, name, tags) hold where the row says nothing; tags are added.
    """
    contact = ContactCells()
    role = next((text_of(cell).strip(" *") for column, cell in cells_of_row if column.target == "email_role"), "")
    role = "" if role in ("SMTP", "EX") else role  # Outlook's "E-mail Type": how mail travels, and nobody's role
    for column, cell in cells_of_row:
        if cell != "" and column.target != "email_role":
            contact.take(column, cell, role)
    given = dict(defaults or {})
    if "name" not in contact.values and "name" in given:
        contact.values["name"] = given.pop("name")
    values = contact.finished()
    if values is None:
        return None
    given.pop("name", None)
    if "tags" in given:
        values["tags"] = list(dict.fromkeys([*values.get("tags", []), *given.pop("tags")]))
    values = {**given, **values}
    own = str(values.pop("id", ""))
    identity = own if own and own == slug_of(own) and not own.isdigit() else slug_of(values["name"])
    if own and own != identity:
        values.setdefault("fields", {})["id"] = cells.free(own)
    values.setdefault("imported_from", f"{file} line {line}")
    values = {"id": identity, **ordered(values)}
    return FoundContact(id=identity, values=values, file=file, line=line, marks=tuple(contact.marks))
