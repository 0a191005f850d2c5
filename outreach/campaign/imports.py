"""`imports.yaml`: what tables' columns were taken for, and digests of what documents said at the last import.

In Git, so that the next import, on whatever computer, needs no questions and knows what a person has changed. What is
remembered of contacts that are kept out of Git is beside them, in `contacts/private/.imports.yaml`: an id is a name,
and whoever has no such contact has no use for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any, NamedTuple

from outreach import storage
from outreach.campaign.contacts_private import FOLDER as PRIVATE
from outreach.campaign.definitions.definition import is_blank
from outreach.campaign.definitions.imports import ImportsKeys
from outreach.campaign.splicing import REMOVED, changed
from outreach.campaign.strict_yaml import read_yaml
from outreach.campaign.text import decode, normal
from outreach.campaign.writing import OneLine
from outreach.errors import CannotWrite, ImportsUnreadable
from outreach.model.contact import FORMER_KEYS
from outreach.model.records import dataclass

FILE = "imports.yaml"
PRIVATE_FILE = f"{PRIVATE}.imports.yaml"
_HEAD = """\
# What `outreach import` remembers. `columns` and `answers` may be edited: the next import follows them.
# The rest are digests of what documents said, by which it sees what you have changed since.
"""
_MOST_CONTACTS = 1_000_000
Digests = Mapping[str, tuple[str, ...]]
"""Key -> the digests of its items."""


@dataclass(frozen=True, kw_only=True)
class Imports:
    """`contacts` has, by contact and document, what the document said; `*` is what all together came to."""

    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    contacts: Mapping[str, Mapping[str, Digests]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    """The id of a question -> the choice."""
    apart: frozenset[str] = field(default=frozenset(), compare=False)
    """The contacts of which `contacts/private/.imports.yaml` speaks."""


class MemoryFile(NamedTuple):
    """One of the two files: its text and the digest of its bytes (both None: there is none), and what it says."""

    file: str
    text: str | None
    read: str | None
    says: Imports


class Memory(NamedTuple):
    """What is remembered, of both files."""

    shared: MemoryFile
    private: MemoryFile

    @property
    def imports(self) -> Imports:
        """Both as one."""
        theirs = self.private.says.contacts
        return replace(self.shared.says, contacts={**self.shared.says.contacts, **theirs}, apart=frozenset(theirs))

    def with_new(self, new: Imports, files: Mapping[str, str]) -> list[tuple[MemoryFile, str]]:
        """Both files, each with its text as it should be ("": none is needed).

        `files` has the file of each contact by id; of one that is gone, an entry stays where it is. Older versions
        remembered all in `imports.yaml`: an entry of a contact that is kept out of Git moves. Raises CannotWrite.
        """
        apart = {id for id in new.contacts if files.get(id, PRIVATE if id in new.apart else "").startswith(PRIVATE)}
        shared = replace(new, contacts={id: each for id, each in new.contacts.items() if id not in apart})
        private = Imports(contacts={id: each for id, each in new.contacts.items() if id in apart})
        both = ((self.shared, shared), (self.private, private))
        return [
            (file, imports_text(now, file.says, file.text or "") if now != file.says else file.text or "")
            for file, now in both
        ]


def load_imports(root: Path) -> Memory:
    """What is remembered. Raises ImportsUnreadable."""
    return Memory(_load(root, FILE), _load(root, PRIVATE_FILE))


def _load(root: Path, file: str) -> MemoryFile:
    try:
        content = storage.read(root, file)
    except FileNotFoundError:
        return MemoryFile(file, None, None, Imports())
    except OSError as error:
        raise ImportsUnreadable(1, f"It cannot be read: {error.strerror}.", file) from error
    text, findings = decode(content)
    if text is None or findings:
        raise ImportsUnreadable(findings[0].line, findings[0].message, file)
    return MemoryFile(file, content.decode("utf-8"), storage.digest(content), read_imports(text, file))


def read_imports(text: str, file: str = FILE) -> Imports:
    """What the text of `imports.yaml` says; keys of which nothing is known are left alone. Raises ImportsUnreadable."""
    node, faults = read_yaml(normal(text), most_keys=_MOST_CONTACTS)
    given = ImportsKeys.read(node, faults, file) if node is not None and not is_blank(node) else None
    if faults:
        raise ImportsUnreadable(faults[0].line, faults[0].message, file)
    if given is None:
        return Imports()
    return Imports(
        columns=given.columns,
        contacts={
            identity: {file: _unpacked(each) for file, each in documents.items()}
            for identity, documents in given.contacts.items()
        },
        texts=given.texts,
        answers=given.answers,
        settings={path: tuple(each.split("+")) for path, each in given.settings.items()},
    )


def _packed(digests: Digests) -> str:
    return " ".join(f"{key}={'+'.join(each)}" for key, each in digests.items())


_RENAMED = {**{old: keys[0] for old, keys in FORMER_KEYS.items()}, "source": "imported_from"}
"""Keys of contacts as older versions called them; a `source` that was remembered here was a file and line."""


def _unpacked(text: str) -> dict[str, tuple[str, ...]]:
    pairs = (part.partition("=") for part in text.split())
    return {_RENAMED.get(key, key): tuple(each.split("+")) for key, _, each in pairs}


def imports_text(imports: Imports, before: Imports, text: str) -> str:
    """`text`, which says `before`, with what is new; the rest of it stays as a person wrote it.

    A line for each contact, so that the imports of two people merge in Git. Raises CannotWrite if the file is
    written so that a change would lose something.
    """
    parts: list[tuple[str, Mapping[str, Any], Mapping[str, Any]]] = [
        ("columns", imports.columns, before.columns),
        ("answers", imports.answers, before.answers),
        ("contacts", _packed_contacts(imports), _packed_contacts(before)),
        ("texts", imports.texts, before.texts),
        ("settings", _packed_settings(imports), _packed_settings(before)),
    ]
    text = text or _HEAD
    for section, now, then in parts:
        new = {key: each for key, each in now.items() if key not in then or then[key] != each}
        new |= {key: REMOVED for key in then if key not in now}
        text = (changed(text, (section,), new, order=None) or text) if new else text
    try:
        same = read_imports(text) == imports
    except ImportsUnreadable:
        same = False
    if not same:
        raise CannotWrite(FILE, "it is written in a form that outreach does not change; write one entry per line")
    return text


def _packed_contacts(imports: Imports) -> dict[str, dict[str, str]]:
    return {
        identity: OneLine({file: _packed(digests) for file, digests in sorted(documents.items())})
        for identity, documents in imports.contacts.items()
    }


def _packed_settings(imports: Imports) -> dict[str, str]:
    return {path: "+".join(each) for path, each in imports.settings.items()}
