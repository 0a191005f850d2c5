"""A row of a table -> a contact in the words of the campaign's own files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from outreach.intake.tables import cells
from outreach.intake.tables.columns import Column, Header, field_name
from outreach.intake.tables.grid import Cell, Row, text_of
from outreach.intake.tables.vocabulary import FIELDS, folded
from outreach.model.found import FoundContact
from outreach.words.slugs import slug_of

ORDER = (
    "id name short kind eu tier tags country language timezone website owner missing via channels people "
    "personal_text internal_notes found_at imported_from collected_on do_not_contact fields"
).split()
_RESEARCH = ("research", "recherch", "rechercher", "investig", "ricerca", "onderzoek", "badani", "zbada", "todo")
_SINGLE: Mapping[str, Callable[[Cell], Any]] = {
    "tier": cells.tier,
    "country": cells.country,
    "language": cells.language,
    "website": cells.site,
    "kind": cells.kind,
    "eu": cells.yes_or_no,
    "collected_on": cells.day,
}
_TEXTS = frozenset("short timezone owner missing via personal_text internal_notes found_at".split())


class _Contact:
    """The values of one row, as they come together."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.channels: list[dict[str, str]] = []
        self.people: list[dict[str, str]] = []
        self.person: dict[str, str] = {}
        self.fields: dict[str, Any] = {}
        self.first = self.last = ""
        self.is_to_research = False

    def take(self, column: Column, cell: Cell, role: str) -> None:
        """Read one cell that is not empty; what it is not, is kept under `fields`."""
        target = column.target
        if target in _SINGLE:
            value = _SINGLE[target](cell)
            if value is None:
                self._keep(column, cell)
            else:
                self.values[target] = value
        elif target in _TEXTS:
            self._text(column, cell)
        elif target in ("email", "mastodon", "bluesky", "form", "social"):
            self._address(column, cell, role or column.role)
        else:
            self._other(column, cell)

    def _keep(self, column: Column, cell: Cell) -> None:
        if column.target == "kind":
            self._tags(cell)
            return
        key = field_name(column)
        self.fields[key] = text_of(cell) if column.target in FIELDS else cells.free(cell)

    def _tags(self, cell: Cell) -> None:
        self.values["tags"] = list(dict.fromkeys([*self.values.get("tags", []), *cells.words(cell)]))

    def _text(self, column: Column, cell: Cell) -> None:
        text = text_of(cell).strip()
        if column.target in self.values:
            self.values[column.target] = f"{self.values[column.target]}\n\n{text}"
        else:
            self.values[column.target] = text

    def _address(self, column: Column, cell: Cell, role: str) -> None:
        left = ""
        if column.target == "email":
            channels, people, left = cells.emails(cell, role)
            self.channels += channels
            self.people += people
        elif column.target == "social":
            channels, left = cells.social(cell)
            self.channels += channels
        else:
            read = {"mastodon": cells.mastodon, "bluesky": cells.bluesky, "form": cells.site}[column.target]
            address = read(cell)
            if address is None:
                left = text_of(cell)
            else:
                self.channels.append({column.target: address, **({"role": role} if role else {})})
        if left:
            self.fields[column.label] = left

    def _other(self, column: Column, cell: Cell) -> None:
        target, text = column.target, text_of(cell).strip()
        if target == "tags":
            self._tags(cell)
        elif target == "name":
            self.values["name"] = " ".join(text.split())
        elif target == "first_name":
            self.first = text
        elif target == "last_name":
            self.last = text
        elif target == "person":
            self.people += cells.persons(cell)
        elif target == "person_role":
            self.person["role"] = " ".join(text.split())
        elif target == "person_email":
            found = cells.emails(cell)[0]
            self.person["email"] = found[0]["email"] if found else text
        elif target == "do_not_contact":
            answer = cells.yes_or_no(cell)
            self.values["do_not_contact"] = text if answer is None else answer
        elif target == "stage":
            self._stage(column, cell)
        elif target == "id":
            self.values["id"] = text
        elif target != "ignore":
            self._keep(column, cell)

    def _stage(self, column: Column, cell: Cell) -> None:
        word = folded(text_of(cell))
        if any(part.startswith(_RESEARCH) for part in word.split()):
            self.is_to_research = True
        elif word in ("ready", "bereit", "pret", "listo", "pronto", "klaar", "gotowy"):
            self.is_to_research = False
        else:
            self._keep(column, cell)

    def finished(self) -> dict[str, Any] | None:
        """All values in the order of a contact's file; None without a name."""
        own = " ".join(part for part in (self.first, self.last) if part)
        if own:
            self.people.insert(0, {"name": own})
        self._join_person()
        if "name" not in self.values:
            if not self.people:
                return None
            person = self.people.pop(0)
            self.values |= {"name": person["name"], "kind": "person"}
            if "email" in person and {"email": person["email"]} not in self.channels:
                self.channels.append({"email": person["email"]})
            if "role" in person:
                self.fields["role"] = person["role"]
        self._say_what_is_missing()
        self.channels = _distinct(self.channels)
        parts = {"channels": self.channels, "people": self.people, "fields": self.fields}
        values = {**self.values, **{key: value for key, value in parts.items() if value}}
        return {key: values[key] for key in ORDER if key in values}

    def _say_what_is_missing(self) -> None:
        """Who is ready has nothing missing: what the column says is then a note."""
        said = self.values.pop("missing", "")
        if self.is_to_research or (said and not self.channels):
            self.values["missing"] = said or "what the list does not say"
        elif said:
            notes = self.values.get("internal_notes")
            self.values["internal_notes"] = "\n".join(filter(None, [notes, f"To find out: {said}"]))

    def _join_person(self) -> None:
        if self.person and self.people:
            self.people[0] = {**self.person, **self.people[0]}
            self.people[0] = {key: self.people[0][key] for key in ("name", "role", "email") if key in self.people[0]}
        elif self.person:
            self.fields |= {f"person_{key}": value for key, value in self.person.items()}


def _distinct(channels: list[dict[str, str]]) -> list[dict[str, str]]:
    """The channels, each address once; the one with a role before the same without."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for channel in channels:
        kind = next(iter(channel))
        key = (kind, channel[kind].casefold())
        found[key] = {**channel, **found.get(key, {})}
    return list(found.values())


def contact_of(row: Row, header: Header, file: str, tier: int | None) -> FoundContact | None:
    """The contact in a row, or None where it has no name. `tier` is that of its section."""
    contact = _Contact()
    role = next((text_of(row.at(c.at)).strip() for c in header.columns if c.target == "email_role"), "")
    for column in header.columns:
        cell = row.at(column.at)
        if cell != "" and column.target != "email_role":
            contact.take(column, cell, role)
    values = contact.finished()
    if values is None:
        return None
    if tier is not None and "tier" not in values:
        values["tier"] = tier
    own = values.pop("id", "")
    identity = own if own and own == slug_of(own) else slug_of(values["name"])
    if own and own != identity:
        values.setdefault("fields", {})["id"] = cells.free(own)
    values.setdefault("imported_from", f"{file} line {row.line}")
    return FoundContact(id=identity, values={"id": identity, **_ordered(values)}, file=file, line=row.line)


def _ordered(values: dict[str, Any]) -> dict[str, Any]:
    return {key: values[key] for key in ORDER if key in values}
