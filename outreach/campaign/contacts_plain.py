"""Contacts as plain data (text, numbers, lists, mappings), and the files in which they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from outreach import storage
from outreach.campaign.contacts_csv import from_csv, with_cells
from outreach.campaign.contacts_private import (
    FOLDER,
    NOTHING_LAID,
    Laid,
    is_persons,
    laid_in,
    laid_text,
    parted,
    together,
)
from outreach.campaign.definitions.contact import OLD_KEYS, ContactKeys
from outreach.campaign.definitions.definition import plain_values
from outreach.campaign.findings import Finding
from outreach.campaign.listing import list_files
from outreach.campaign.splicing import REMOVED
from outreach.campaign.splicing import changed as with_changes
from outreach.campaign.strict_yaml import Entry, Node, Scalar, Sequence, read_yaml
from outreach.campaign.strict_yaml import Mapping as MappingNode
from outreach.campaign.text import decode, normal
from outreach.campaign.values.plain import LONGEST
from outreach.campaign.writing import document, scalar
from outreach.model.contact import Contact, former
from outreach.model.records import dataclass
from outreach.words.slugs import slug_of

ORDER = tuple(key for key in ContactKeys.keys if key not in OLD_KEYS)
_LISTS = ("was", "channels", "people", "tags", "attachments")
# What no text of a campaign may hold, and what turns the direction of writing.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ue000-\uf8ff\ufeff]")


@dataclass(frozen=True, kw_only=True)
class StandingContact:
    """A contact in a file of the campaign; `place` is the way to it in a YAML file (None: it is a row).

    `values` are all of them; of these `own` stand in `file`, and the rest in `laid`, the file in `contacts/private/`.
    `written` are the keys as they are in `file`, old names among them.
    """

    id: str
    file: str
    values: Mapping[str, Any]
    own: Mapping[str, Any] = field(default_factory=dict)
    was: tuple[str, ...] = ()
    line: int = 1
    place: tuple[int, ...] | None = None
    written: frozenset[str] = frozenset()
    laid: Laid = NOTHING_LAID


@dataclass(frozen=True, kw_only=True)
class ContactFile:
    """A file of `contacts/` as it was read, once: its bytes, and the contacts in them."""

    file: str
    content: bytes
    contacts: tuple[StandingContact, ...]


def contact_text(values: Mapping[str, Any]) -> str:
    """A contact's file."""
    return document({key: values[key] for key in ORDER if key in values})


def settled(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as our reading has them; what no key takes (an address that is none) is kept under `fields`.

    Whoever has a name that nobody sees is called by its id.
    """
    values = {key: _visible(value) for key, value in values.items() if value not in ("", [], {}, None)}
    if "name" in values and not values["name"].strip():
        values["name"] = values["id"]
    read, findings = _read(values)
    if not findings and read.keys() == values.keys():
        return ordered(read)
    fields = dict(values.get("fields", {}))
    for key in values:
        if key in _LISTS:
            items = [(item, _read_item(key, item)) for item in values[key]]
            read[key] = [found[key][0] for _, (found, faults) in items if not faults and found.get(key)]
            lost = [str(next(iter(i.values())) if isinstance(i, Mapping) else i) for i, (_, faults) in items if faults]
            fields |= {f"{key} not understood": "; ".join(lost)} if lost else {}
        elif key not in read and key not in ("name", "fields"):
            fields[key] = str(values[key])[:LONGEST]
    read["name"] = read.get("name") or values.get("name", "")
    read["fields"] = _read({"name": "x", "fields": fields})[0].get("fields", {})
    return ordered({key: value for key, value in read.items() if value not in ("", [], {})})


def _read_item(key: str, item: Any) -> tuple[dict[str, Any], list[Finding]]:
    """One channel or person as it is read; without its role where only that cannot be: the address counts."""
    found, faults = _read({"name": "x", key: [item]})
    if faults and isinstance(item, Mapping) and "role" in item:
        bare, others = _read({"name": "x", key: [{each: value for each, value in item.items() if each != "role"}]})
        return (bare, others) if not others else (found, faults)
    return found, faults


def _visible(value: Any) -> Any:
    """`value` without characters that nobody sees."""
    if isinstance(value, str):
        return _INVISIBLE.sub("", value)
    if isinstance(value, Mapping):
        return {_visible(key): _visible(each) for key, each in value.items()}
    return [_visible(each) for each in value] if isinstance(value, list | tuple) else value


def ordered(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a contact in the order of its file."""
    return {key: values[key] for key in ORDER if key in values}


def _read(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Finding]]:
    findings: list[Finding] = []
    entries = tuple(Entry(key, 1, _node(value)) for key, value in values.items())
    return _plain_of(MappingNode(entries, 1), findings), findings


def _node(value: Any) -> Node:
    """The value as it would be read from a file."""
    if isinstance(value, Mapping):
        return MappingNode(tuple(Entry(str(key), 1, _node(each)) for key, each in value.items()), 1)
    if isinstance(value, list | tuple):
        return Sequence(tuple(map(_node, value)), 1)
    return Scalar(str(value) if isinstance(value, str) else scalar(value), not isinstance(value, str), 1)


def _plain_of(node: MappingNode, findings: list[Finding]) -> dict[str, Any]:
    given = ContactKeys.read(node, findings)
    assert given is not None  # it is None if no keys stand
    values: dict[str, Any] = {key: value for key, value in plain_values(given).items() if key not in OLD_KEYS}
    values |= given.in_new_keys()
    if "do_not_contact" in values:
        reason = values["do_not_contact"]
        values["do_not_contact"] = False if reason is None else True if reason == "do not contact" else reason
    return values


def standing_contacts(root: Path) -> list[StandingContact]:
    """Every contact of the campaign with its file; what cannot be read is left out, since `check` says it."""
    return [contact for file in standing_files(root) for contact in file.contacts]


def standing_files(root: Path, *, only: str | None = None) -> Iterator[ContactFile]:
    """The files of `contacts/`, each with the contacts that its bytes hold; as `standing_contacts`.

    With `only`, of a table nothing but the row of that id: thousands of others take long.
    """
    found, _ = list_files(root, "contacts", (".yaml", ".yml", ".csv"), deep=True)
    contents: dict[str, tuple[bytes, str]] = {}
    laid: dict[str, Laid] = {}
    for item in found:
        try:
            content = storage.read(item.root, item.path)
        except OSError:
            continue
        text, _ = decode(content)
        if text is None:
            continue
        contents[item.file] = content, text
        if not item.file.lower().endswith(".csv") and (over := laid_in(text, item.file, content)) is not None:
            laid.setdefault(*over)
    over_others = {over.file for over in laid.values()}
    for file, (content, text) in contents.items():
        contacts: Iterable[StandingContact] = ()
        if file.lower().endswith(".csv"):
            rows = from_csv(text, file).contacts
            contacts = [_of_row(contact) for contact in rows if only in (None, contact.id)]
        elif file not in over_others:
            contacts = _contacts_again(text, file)
        yield ContactFile(file=file, content=content, contacts=tuple(_over(each, laid) for each in contacts))


@lru_cache(maxsize=5_000)
def _contacts_again(text: str, file: str) -> tuple[StandingContact, ...]:
    """As `contacts_in`, read once as long as the text is the same: some commands look at all files several times."""
    return tuple(contacts_in(text, file))


def _over(contact: StandingContact, laid: Mapping[str, Laid]) -> StandingContact:
    """The contact with what lies over it, under the id that it has or had."""
    over = next((laid[id] for id in (contact.id, *contact.was) if id in laid), None)
    if over is None:
        return contact
    values = ordered(together(contact.own, over.values))
    return replace(contact, values=values, laid=over, was=tuple(values.get("was", contact.was)))


def contacts_in(text: str, file: str) -> Iterator[StandingContact]:
    """The contacts of a YAML file."""
    root, _ = read_yaml(text)
    for at, node in enumerate(root.items if isinstance(root, Sequence) else [root]):
        if not isinstance(node, MappingNode):
            continue
        values = _plain_of(node, [])
        raw = {each.key: each.value.text for each in node.entries if isinstance(each.value, Scalar)}
        values = {**{key: raw[key] for key in raw if key not in values and raw[key]}, **values}
        if values.get("name"):
            identity = str(values.get("id") or slug_of(str(values["name"])))
            was = tuple(values.get("was", ()))
            place = (at,) if isinstance(root, Sequence) else ()
            keys = frozenset(entry.key for entry in node.entries)
            plain = ordered(values)
            yield StandingContact(
                id=identity, file=file, values=plain, own=plain, was=was, line=node.line, place=place, written=keys
            )


def _of_row(contact: Contact) -> StandingContact:
    """A row of a CSV file that is a part of the campaign."""
    values = {key: plain_values(getattr(contact, key)) for key in ORDER if key not in ("id", "was", "people")}
    values["channels"] = [
        {str(channel.kind): channel.address, **({"role": channel.role} if channel.role else {})}
        for channel in contact.channels
    ]
    given = {key: value for key, value in values.items() if value not in (None, [], {})}
    plain = ordered(given)
    return StandingContact(
        id=contact.id, file=contact.file, values=plain, own=plain, was=contact.was, line=contact.line
    )


def new_files(id: str, values: Mapping[str, Any], *, private: bool) -> dict[str, str]:
    """The files of a contact that is added, by their paths: where `private` says so, a person is kept out of Git."""
    values = {**values, "id": id}
    if private and is_persons(values):
        return {f"{FOLDER}{id}.yaml": contact_text(values)}
    own, laid = parted(values, {}, {}, private=private)
    files = {f"contacts/{id}.yaml": contact_text(own)}
    return files | ({f"{FOLDER}{id}.yaml": laid_text("", laid, {}, id) or ""} if laid else {})


def changes_of(
    texts: Mapping[str, str],
    contact: StandingContact,
    values: Mapping[str, Any],
    *,
    private: bool,
    other: StandingContact | None = None,
) -> dict[str, str] | None:
    """The files that give a contact other values, by their paths; None if that would lose something.

    `texts` are the files as `contact` was read from them (else: `found_again`). A value is changed where it stands;
    what is new of people goes to `contacts/private/` if `private` says so. What comes from another contact stays in the
    kind of file in which it was there.
    """
    private = private and not contact.file.startswith(FOLDER)
    # An empty list is as good as not given, and stays.
    values = {**{key: value for key, value in contact.values.items() if value == []}, **values}
    here, there = contact.own, contact.laid.values
    if other is not None and not other.file.startswith(FOLDER):
        here, there = together(here, other.own), together(there, other.laid.values)
    own, laid = parted(values, here, there, private=private)
    after: dict[str, str] = {}
    if {**own, "id": contact.id} != {**contact.own, "id": contact.id}:
        text = changed(texts[contact.file], contact, own)
        if text is None:
            return None
        after[contact.file] = text
    if laid != contact.laid.values:
        file = contact.laid.file or f"{FOLDER}{contact.id}.yaml"
        text = laid_text(texts.get(file, ""), laid, contact.laid.values, contact.id)
        if text is None:
            return None
        after[file] = text
    return after


def found_again(texts: Mapping[str, str], contact: StandingContact) -> StandingContact:
    """The same contact in files that have changed since: its values now, and its lines."""
    again = next((each for each in read_all(texts[contact.file], contact.file) if each.id == contact.id), contact)
    file = contact.laid.file or f"{FOLDER}{contact.id}.yaml"
    over = laid_in(normal(texts[file]), file, texts[file].encode("utf-8")) if file in texts else None
    return _over(again, {contact.id: over[1]} if over else {})


def changed(text: str, contact: StandingContact, values: Mapping[str, Any]) -> str | None:
    """The file `text` with other values of one contact of its own; None if that would lose something."""
    changes: dict[str, Any] = {key: value for key, value in values.items() if contact.own.get(key) != value}
    if contact.place is None:
        empty: dict[str, Any] = {"channels": [], "fields": {}}
        changes |= {key: empty.get(key, "") for key in contact.own.keys() - values.keys()}
        return _changed_row(text, contact, changes, values)
    changes |= {key: REMOVED for key in contact.own if key not in values}
    changes.pop("id", None)
    changes |= {old: REMOVED for key in tuple(changes) for old in former(key) if old in contact.written}
    new = with_changes(text, contact.place, changes, order=ORDER)
    if new is None:
        return None
    wanted = {**values, "id": contact.id}
    for each in contacts_in(normal(new), contact.file):
        if each.id == contact.id:
            return new if {**each.values, "id": contact.id} == wanted else None
    return None


def without(text: str, contact: StandingContact) -> str | None:
    """The file `text` without one contact; None if the lines that are its alone cannot be told."""
    if contact.place == ():
        return ""
    before = read_all(text, contact.file)
    contact = next((each for each in before if each.id == contact.id), contact)
    begins = sorted(each.line for each in before if each.line > contact.line)
    lines = text.splitlines(keepends=True)
    end = begins[0] - 1 if begins else len(lines)
    while end > contact.line and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1  # an empty line or a comment belongs to what follows
    after = "".join([*lines[: contact.line - 1], *lines[end:]])
    left = [(each.id, each.values) for each in read_all(after, contact.file)]
    return after if left == [(each.id, each.values) for each in before if each.id != contact.id] else None


def says_anything(text: str, file: str) -> bool:
    """Whether a file of contacts holds anything but comments, and the header of a table."""
    lines = [line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    return bool(lines[1:] if file.lower().endswith(".csv") else lines)


def read_all(text: str, file: str) -> list[StandingContact]:
    """The contacts in the text of a file of contacts, be it a table or YAML."""
    if file.lower().endswith(".csv"):
        return [_of_row(each) for each in from_csv(normal(text), file).contacts]
    return list(contacts_in(normal(text), file))


def _changed_row(text: str, contact: StandingContact, changes: dict[str, Any], values: Mapping[str, Any]) -> str | None:
    """The table `text` with other cells in the contact's row; None if it has no column for them."""
    changes.pop("id", None)
    new = with_cells(text, contact.line, changes)
    if new is None:
        return None
    read = [_of_row(each) for each in from_csv(normal(new), contact.file).contacts]
    after = next((each.values for each in read if each.id == contact.id), {})
    return new if {**after, "id": contact.id} == {**values, "id": contact.id} else None


def read_again(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Finding]]:
    """The values as they would be read from a file, in the order in which they are there, and what is wrong."""
    read, findings = _read({key: value for key, value in values.items() if value not in ("", [], {}, None)})
    return ordered(read), findings
