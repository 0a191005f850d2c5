"""Contacts, campaign.yaml, imports.yaml and lookups.yaml without a person, through the one writer of YAML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from outreach.campaign.contacts_plain import StandingContact, changed, read_all, says_anything
from outreach.campaign.contacts_plain import without as without_one
from outreach.campaign.contacts_private import Overlay, read_overlay
from outreach.campaign.imports import FILE as IMPORTS
from outreach.campaign.imports import PRIVATE_FILE as PRIVATE_IMPORTS
from outreach.campaign.imports import Imports, read_imports
from outreach.campaign.lookups import FILE as LOOKUPS
from outreach.campaign.splicing import REMOVED
from outreach.campaign.splicing import changed as with_changes
from outreach.campaign.strict_yaml import Mapping as MappingNode
from outreach.campaign.strict_yaml import read_yaml
from outreach.campaign.text import normal
from outreach.errors import ImportsUnreadable
from outreach.tasks.erasing.contents import names_them
from outreach.tasks.merging import named_anew

if TYPE_CHECKING:
    from outreach.tasks.erasing.seeker import Seeker

_WITHOUT_WAY = "another way to reach them: the one that there was is erased"


def without(seeker: Seeker, file: str, content: bytes) -> bytes | None:
    """The file without them, b"" if nothing is left of it; None if only a person can change it."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if file in (IMPORTS, PRIVATE_IMPORTS):
        after = _imports(seeker, file, text)
    elif file.startswith("contacts/"):
        after = _contacts(seeker, file, text)
    elif file == LOOKUPS:
        after = _without_keys(seeker, text, "handles", "cards")
    else:
        after = _campaign(seeker, text)
    if after is None or names_them(seeker.all, file, after.encode("utf-8")):
        return None
    return after.encode("utf-8")


def _contacts(seeker: Seeker, file: str, text: str) -> str | None:
    """A file of contacts: theirs goes, a person goes out of the others, and what else names them is blanked."""
    if (over := read_overlay(normal(text), file)) is not None:
        return "" if over[0].id in seeker.erased.contacts else _overlay(seeker, text, over[0])
    standing = read_all(text, file)
    for id in [each.id for each in standing]:
        contact = next(each for each in standing if each.id == id)
        if id in seeker.erased.contacts:
            after = without_one(text, contact)
        else:
            values = _less(seeker, contact)
            after = text if values == contact.values else changed(text, contact, values)
        if after is None:
            return None
        if after != text:
            text, standing = after, read_all(after, file)
    if not standing and not says_anything(text, file):
        return ""
    lines = text.splitlines(keepends=True)
    text = "".join(each for each in lines if not (each.lstrip().startswith("#") and seeker.all.are_in(each)))
    before = [each.id for each in read_all(text, file)]
    text = seeker.all.blanked(text)
    return text if [each.id for each in read_all(text, file)] == before else None


def _overlay(seeker: Seeker, text: str, over: Overlay) -> str | None:
    """What is laid over another contact, without the person; "" where nothing is left."""
    addresses = seeker.erased.addresses
    gone = [
        number
        for number, each in enumerate(over.people)
        if _is_them(seeker, {"name": each.name, "email": each.email or ""})
    ]
    root, _ = read_yaml(normal(text))
    keys = {each.key for each in root.entries} if isinstance(root, MappingNode) else set()
    people = [each for number, each in enumerate(over.people) if number not in gone]
    channels = [each for each in over.channels if each.address.casefold() not in addresses]
    changes: dict[str, Any] = {}
    if gone:
        plain = [
            {k: v for k in ("name", "role", "email", "title", "pronouns") if (v := getattr(each, k))} for each in people
        ]
        changes["people"] = plain or REMOVED
    if len(channels) < len(over.channels):
        written = [{str(e.kind): e.address, **({"role": e.role} if e.role else {})} for e in channels]
        changes["channels"] = written or REMOVED
    if not keys - {"id"} - {key for key, value in changes.items() if value is REMOVED}:
        return ""
    after = with_changes(text, (), changes, order=None) if changes else text
    return None if after is None else seeker.all.blanked(after)


def _less(seeker: Seeker, contact: StandingContact) -> Mapping[str, Any]:
    """The values of another contact without the person; one that was reached through them needs another way."""
    values = dict(contact.values)
    erased = seeker.erased
    if "people" in values:
        people = [each for each in values["people"] if not _is_them(seeker, each)]
        if people != values["people"]:
            values["people"] = people
    if "channels" in values and erased.within:
        values["channels"] = [
            each for each in values["channels"] if str(each.get("email", "")).casefold() not in erased.addresses
        ]
    if values.get("via") in erased.contacts:
        del values["via"]
        values["missing"] = _WITHOUT_WAY
    values["was"] = [each for each in values.get("was", ()) if each not in erased.contacts]
    free = {key: _blanked(seeker, each) for key, each in values.items() if key not in ("id", "channels", "via")}
    values |= free
    return {key: each for key, each in values.items() if each not in ([], {})}


def _is_them(seeker: Seeker, person: Mapping[str, Any]) -> bool:
    erased = seeker.erased
    name, email = str(person.get("name", "")).casefold(), str(person.get("email", "")).casefold()
    names = {each.casefold() for each in (*erased.names, *([erased.name] if erased.within else ()))}
    return name in names or (bool(email) and email in erased.addresses)


def _blanked(seeker: Seeker, value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _blanked(seeker, each) for key, each in value.items()}
    if isinstance(value, list):
        return [_blanked(seeker, each) for each in value]
    return seeker.all.blanked(value) if isinstance(value, str) else value


def _imports(seeker: Seeker, file: str, text: str) -> str | None:
    """imports.yaml without what documents said of them, and without the names of documents that name them."""
    try:
        known = read_imports(text)
    except ImportsUnreadable:
        return None
    gone: dict[str, Any] = {id: REMOVED for id in seeker.erased.contacts if id in known.contacts}
    after = with_changes(text, ("contacts",), gone, order=None) if gone else text
    if after is None:
        return None
    after = seeker.all.blanked(
        _without_keys(seeker, after, "answers", "settings", "texts") or after, seeker.erased.token
    )
    try:
        left = read_imports(after)
    except ImportsUnreadable:
        return None
    return "" if file == PRIVATE_IMPORTS and left == Imports() else after


def _without_keys(seeker: Seeker, text: str, *sections: str) -> str | None:
    """A file of settings without the keys of some sections that name them, or whose values do."""
    root, _ = read_yaml(normal(text), most_keys=1_000_000)
    for section in sections:
        groups = root.entries if isinstance(root, MappingNode) else ()
        group = next((each.value for each in groups if each.key == section), None)
        entries = group.entries if isinstance(group, MappingNode) else ()
        gone: dict[str, Any] = {
            each.key: REMOVED for each in entries if seeker.all.are_in(f"{each.key}\n{each.value!r}")
        }
        if gone:
            after = with_changes(text, (section,), gone, order=None)
            if after is None:
                return None
            text = after
    return text


def _campaign(seeker: Seeker, text: str) -> str | None:
    """campaign.yaml with the token where it names them, and nothing where it lists a file that is called after them."""
    for id in seeker.erased.contacts:
        text = named_anew(text, id, seeker.erased.token, is_text=False)
    root, _ = read_yaml(normal(text))
    before = _shape(root)
    text = seeker.all.blanked(text)
    after, findings = read_yaml(normal(text))
    return text if _shape(after) == before and not [f for f in findings if f.code != "yaml-comment"] else None


def _shape(node: Any) -> Any:
    """The keys of a file of settings, for a look whether blanking a word changed more than the word."""
    if isinstance(node, MappingNode):
        return [_shape(each.value) for each in node.entries]
    return [_shape(each) for each in node.items] if hasattr(node, "items") else ""


def renamed_in_text(seeker: Seeker, text: str) -> str:
    """A template or post that names no contact of theirs in its expressions, its mentions and its handles."""
    for id in seeker.erased.contacts:
        text = named_anew(text.replace(f"@{{{id}}}", "[erased name]"), id, seeker.erased.token, is_text=True)
    return seeker.all.blanked(text, "[erased name]") if not seeker.erased.office else text
