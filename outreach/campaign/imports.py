"""`imports.yaml`: what tables' columns were taken for, and digests of what documents said at the last import.

In Git, so that the next import, on whatever computer, needs no questions and knows what a person has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from outreach import storage
from outreach.campaign.definitions.definition import is_blank
from outreach.campaign.definitions.imports import ImportsKeys
from outreach.campaign.splicing import changed
from outreach.campaign.strict_yaml import read_yaml
from outreach.campaign.text import decode, normal
from outreach.campaign.writing import OneLine
from outreach.errors import CannotWrite, ImportsUnreadable
from outreach.model.contact import FORMER_KEYS

FILE = "imports.yaml"
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


def load_imports(root: Path) -> tuple[Imports, str | None, str | None]:
    """What is remembered, the file's text and its digest (None: there is none). Raises ImportsUnreadable."""
    try:
        content = storage.read(root, FILE)
    except FileNotFoundError:
        return Imports(), None, None
    except OSError as error:
        raise ImportsUnreadable(1, f"It cannot be read: {error.strerror}.") from error
    text, findings = decode(content)
    if text is None or findings:
        raise ImportsUnreadable(findings[0].line, findings[0].message)
    return read_imports(text), content.decode("utf-8"), storage.digest(content)


def read_imports(text: str) -> Imports:
    """What the text of `imports.yaml` says; keys of which nothing is known are left alone. Raises ImportsUnreadable."""
    node, faults = read_yaml(normal(text), most_keys=_MOST_CONTACTS)
    given = ImportsKeys.read(node, faults, FILE) if node is not None and not is_blank(node) else None
    if faults:
        raise ImportsUnreadable(faults[0].line, faults[0].message)
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

    A line for each contact, so that the imports of two people merge in Git. Raises CannotWrite where the file is
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
