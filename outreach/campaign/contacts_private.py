"""`contacts/private/ID.yaml`: what is known of people, kept out of Git and laid over the contact of that id.

    id: rios-livres              # default: the file's name
    was: ana-lima                # a person's contact that became part of this one
    people: [{name: Ana Lima, role: director, email: ana.lima@rios.example}]
    channels: [{email: ana.lima@rios.example, role: director}]
    internal_notes: prefers the phone

Such a file has no `name`. One that has is a whole contact, as anywhere else in `contacts/`: a person's. Unless
campaign.yaml says `repository: private`, what is new of people goes here (`parted`); what stands somewhere stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any, NamedTuple

from outreach import storage
from outreach.campaign.definitions.contact import PrivateKeys
from outreach.campaign.definitions.definition import plain_values
from outreach.campaign.findings import Finding, as_problems, without_consequences
from outreach.campaign.references import unknown_reference
from outreach.campaign.splicing import REMOVED, changed
from outreach.campaign.strict_yaml import Mapping as MappingNode
from outreach.campaign.strict_yaml import read_yaml
from outreach.campaign.text import normal
from outreach.campaign.writing import document
from outreach.history.address_marks import is_person_token
from outreach.model.contact import Channel, ChannelKind, Contact, FreeValue, Person
from outreach.model.problem import Problem
from outreach.model.records import dataclass
from outreach.words.natural_persons import is_named_after, is_personal_to

FOLDER = "contacts/private/"
IGNORED = f"{FOLDER}.gitignore"
_IS_WHOLE = re.compile(r"""(?m)^["']?name["']?\s*:""")


class Overlay(NamedTuple):
    """What a file adds to a contact."""

    id: str
    file: str
    line: int
    was: tuple[str, ...]
    people: tuple[Person, ...]
    channels: tuple[Channel, ...]
    greeting: str | None
    internal_notes: str | None
    fields: Mapping[str, FreeValue]


def read_overlay(text: str, file: str) -> tuple[Overlay, list[Problem]] | None:
    """What the file lays over a contact, and what is wrong with it; None if it is a file of whole contacts."""
    if not file.startswith(FOLDER) or _IS_WHOLE.search(text):
        return None
    node, findings = read_yaml(text)
    if not isinstance(node, MappingNode) or any(entry.key == "name" for entry in node.entries):
        return None
    given = PrivateKeys.read(node, findings)
    assert given is not None  # it is None if no keys stand
    ident = given.id or file.rpartition("/")[2].rpartition(".")[0]
    problems = as_problems(without_consequences(findings), file, f"contact:{ident}")
    people, channels = given.laid_over()
    line, notes = given.where.line, given.internal_notes
    return Overlay(ident, file, line, given.was, people, channels, given.greeting, notes, given.fields), problems


def laid_over(contacts: dict[str, Contact], overlays: Iterable[Overlay], *, whole: bool) -> list[Problem]:
    """Lay each over its contact in `contacts`, which is changed; what names nobody, where all contacts are `whole`."""
    renamed = {was: each.id for each in contacts.values() for was in each.was}
    problems = []
    for each in overlays:
        ident = each.id if each.id in contacts else renamed.get(each.id, each.id)
        contact = contacts.get(ident)
        if contact is not None:
            contacts[ident] = _over(contact, each)
        elif whole:
            finding = unknown_reference("contact", each.id, contacts, each.line)
            problems += as_problems([_for_nobody(finding)], each.file, f"contact-file:{each.file}")
    return problems


def _for_nobody(finding: Finding) -> Finding:
    return finding._replace(hint=finding.hint or "Write the `id` of the contact, or add a `name` to make it a contact.")


def _over(contact: Contact, overlay: Overlay) -> Contact:
    """People and channels come behind those of the contact, each once; notes below notes."""
    names = {person.name for person in contact.people}
    known = {channel.identity for channel in contact.channels}
    notes = "\n\n".join(filter(None, [contact.internal_notes, overlay.internal_notes]))
    return replace(
        contact,
        was=tuple(dict.fromkeys((*contact.was, *overlay.was))),
        people=(*contact.people, *(person for person in overlay.people if person.name not in names)),
        channels=(*contact.channels, *(each for each in overlay.channels if each.identity not in known)),
        greeting=contact.greeting or overlay.greeting,
        internal_notes=notes or None,
        fields={**overlay.fields, **contact.fields},
    )


# --- the files that people and imports change ------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Laid:
    """What a file lays over a contact, as plain data; no `file` is none."""

    file: str = ""
    read: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


NOTHING_LAID = Laid()


def laid_in(text: str, file: str, content: bytes = b"") -> tuple[str, Laid] | None:
    """The id of a contact and what the file lays over it; None for a file of whole contacts."""
    if not file.startswith(FOLDER) or _IS_WHOLE.search(text):
        return None
    node, _ = read_yaml(text)
    given = PrivateKeys.read(node, []) if isinstance(node, MappingNode) else None
    if given is None or (isinstance(node, MappingNode) and any(entry.key == "name" for entry in node.entries)):
        return None
    values = {key: value for key, value in plain_values(given).items() if key in _KEYS}
    id = given.id or file.rpartition("/")[2].rpartition(".")[0]
    return id, Laid(file=file, read=storage.digest(content), values=values)


_KEYS = ("was", "people", "channels", "greeting", "internal_notes", "fields")


def together(own: Mapping[str, Any], laid: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a contact with what is laid over it; as `laid_over`, but as plain data."""
    values = dict(own)
    if was := tuple(dict.fromkeys((*own.get("was", ()), *laid.get("was", ())))):
        values["was"] = list(was)
    for key, name in (("people", _name), ("channels", _address)):
        known = {name(each) for each in own.get(key, ())}
        if more := [each for each in laid.get(key, ()) if name(each) not in known]:
            values[key] = [*own.get(key, ()), *more]
    if notes := "\n\n".join(filter(None, (own.get("internal_notes"), laid.get("internal_notes")))):
        values["internal_notes"] = notes
    if greeting := own.get("greeting") or laid.get("greeting"):
        values["greeting"] = greeting
    if "fields" in own or "fields" in laid:
        values["fields"] = {**laid.get("fields", {}), **own.get("fields", {})}
    return values


def _name(person: Mapping[str, Any]) -> str:
    return str(person.get("name", ""))


def _address(channel: Mapping[str, Any]) -> str:
    kind = next((kind for kind in ChannelKind if kind in channel), ChannelKind.EMAIL)
    return Channel(kind=kind, address=str(channel.get(kind, ""))).identity


def parted(
    values: Mapping[str, Any], own: Mapping[str, Any], laid: Mapping[str, Any], *, private: bool
) -> tuple[dict[str, Any], dict[str, Any]]:
    """`values` as the contact's own file and the private one should say them, where these say `own` and `laid` now.

    What is in one of them stays there. What is new of people is laid over if `private` says so. Since that comes
    behind the contact's own, whatever follows it in a list is laid over too: so the order stays as it is wanted.
    """
    people = values.get("people", ())
    mails = {str(each["email"]).casefold() for each in people if each.get("email")}
    called = re.compile("|".join(re.escape(word) for each in people for word in _name(each).split() if len(word) > 2))

    def is_personal(value: Any) -> bool:
        words = str(value).casefold().replace("'", " ").split()
        found = (word.strip("<>()[]{},;:") for word in words if "@" in word[1:])
        return any(mail in mails or is_personal_to(str(values.get("name", "")), mail) for mail in found)

    def names_them(value: Any) -> bool:
        return is_personal(value) or bool(called.pattern and called.search(str(value)))

    mine = {key: value for key, value in values.items() if key not in _KEYS}
    theirs: dict[str, Any] = {}
    for id in values.get("was", ()):  # an id that is new here was a private contact's
        aside = id in laid.get("was", ()) or (private and not is_person_token(id))
        (theirs if aside and id not in own.get("was", ()) else mine).setdefault("was", []).append(id)
    ways: tuple[tuple[str, Callable[[Any], str], Callable[[Any], bool]], ...] = (
        ("people", _name, lambda person: True),
        ("channels", _address, lambda channel: is_personal(channel.get("email", ""))),
    )
    for key, name, may_go in ways:
        here, there = ({name(each) for each in side.get(key, ())} for side in (own, laid))
        items = list(values.get(key, ()))
        first = next(
            (
                at
                for at, each in enumerate(items)
                if name(each) not in here and (name(each) in there or (private and may_go(each)))
            ),
            len(items),
        )
        mine |= {key: items[:first]} if items[:first] else {}
        theirs |= {key: items[first:]} if items[first:] else {}
    notes = values.get("internal_notes")
    before, behind = own.get("internal_notes"), laid.get("internal_notes")
    if notes and before and behind and notes.startswith(f"{before}\n\n"):
        mine["internal_notes"], theirs["internal_notes"] = before, notes.removeprefix(f"{before}\n\n")
    elif notes and (behind or (private and not before)):
        theirs["internal_notes"] = notes
    elif notes:
        mine["internal_notes"] = notes
    if greeting := values.get("greeting"):
        is_new = "greeting" not in own and "greeting" not in laid
        aside = names_them(greeting) and private if is_new else "greeting" not in own
        (theirs if aside else mine)["greeting"] = greeting
    here, there = own.get("fields", {}), laid.get("fields", {})
    for name, value in values.get("fields", {}).items():
        is_new = name not in here and name not in there
        aside = names_them(value) and private if is_new else name not in here
        (theirs if aside else mine).setdefault("fields", {})[name] = value
    return {key: mine[key] for key in values if key in mine}, theirs


def is_persons(values: Mapping[str, Any]) -> bool:
    """Whether a contact is a person whole: by its kind, or because a mailbox is called the same."""
    if values.get("kind") == "person":
        return True
    mails = [str(each["email"]) for each in values.get("channels", ()) if each.get("email")]
    return any(is_named_after(str(values.get("name", "")), mail) for mail in mails)


def laid_text(text: str, values: Mapping[str, Any], before: Mapping[str, Any], id: str) -> str | None:
    """The text of a private file that says `values` and said `before`; None if that would lose something."""
    if not text.strip():
        return document({key: values[key] for key in _KEYS if key in values})
    changes: dict[str, Any] = {key: each for key, each in values.items() if before.get(key) != each}
    changes |= {key: REMOVED for key in before if key not in values}
    after = changed(text, (), changes, order=None)
    if after is None or not after.strip():
        return after if after is None else f"id: {id}\n"
    found = laid_in(normal(after), f"{FOLDER}{id}.yaml")
    return after if found is not None and found[1].values == values else None


def keep_out_of_git(root: Path) -> None:
    """See to it that Git ignores `contacts/private/`, in campaigns of older versions too. Raises Refused, OSError."""
    try:
        if b"contacts/private" in storage.read(root, ".gitignore"):
            return
    except OSError:
        pass
    if not storage.exists(root, IGNORED):
        storage.write(root, IGNORED, [b"*\n"], storage.PRIVATE)
