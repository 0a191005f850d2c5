"""`imports.yaml`: what tables' columns were taken for, and digests of what documents said at the last import.

In Git, so that the next import, on whatever computer, needs no questions and knows what a person has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from outreach import storage
from outreach.campaign.strict_yaml import Mapping as MappingNode
from outreach.campaign.strict_yaml import Node, Scalar, read_yaml
from outreach.campaign.strict_yaml.writing import entry, flow, key_of
from outreach.campaign.text import decode
from outreach.errors import ImportsUnreadable

FILE = "imports.yaml"
_HEAD = """\
# What `outreach import` remembers. `columns` may be edited: the next import of that table follows it.
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


def load_imports(root: Path) -> tuple[Imports, str | None, str | None]:
    """What is remembered, the file's text and its digest (None: there is none). Raises ImportsUnreadable."""
    try:
        content = storage.read(root, FILE)
    except FileNotFoundError:
        return Imports(), None, None
    except OSError as error:
        raise ImportsUnreadable(1, f"It cannot be read: {error.strerror}.") from error
    text, findings = decode(content)
    node, faults = read_yaml(text, most_keys=_MOST_CONTACTS) if text is not None else (None, [])
    if findings or faults or not (node is None or isinstance(node, MappingNode)):
        line, sentence = next(((f.line, f.message) for f in [*findings, *faults]), (1, "It holds no keys."))
        raise ImportsUnreadable(line, sentence)
    contacts = {
        identity: {file: _unpacked(each) for file, each in _texts(documents).items()}
        for identity, documents in _inner(node, "contacts").items()
    }
    return (
        Imports(
            columns={file: _texts(labels) for file, labels in _inner(node, "columns").items()},
            contacts=contacts,
            texts=_texts(_inner_node(node, "texts")),
            settings={path: tuple(each.split("+")) for path, each in _texts(_inner_node(node, "settings")).items()},
        ),
        text,
        storage.digest(content),
    )


def _inner_node(node: Node | None, key: str) -> Node | None:
    if not isinstance(node, MappingNode):
        return None
    return next((each.value for each in node.entries if each.key == key), None)


def _inner(node: Node | None, key: str) -> dict[str, Node]:
    inner = _inner_node(node, key)
    return {each.key: each.value for each in inner.entries} if isinstance(inner, MappingNode) else {}


def _texts(node: Node | None) -> dict[str, str]:
    entries = node.entries if isinstance(node, MappingNode) else ()
    return {each.key: each.value.text for each in entries if isinstance(each.value, Scalar)}


def _packed(digests: Digests) -> str:
    return " ".join(f"{key}={'+'.join(each)}" for key, each in digests.items())


def _unpacked(text: str) -> dict[str, tuple[str, ...]]:
    pairs = (part.partition("=") for part in text.split())
    return {key: tuple(each.split("+")) for key, _, each in pairs}


def imports_text(imports: Imports) -> str:
    """The file: a line for each contact, so that the imports of two people merge in Git."""
    lines = []
    if imports.columns:
        lines += entry("columns", {file: dict(labels) for file, labels in sorted(imports.columns.items())})
    if imports.contacts:
        lines.append("contacts:")
        for identity, documents in sorted(imports.contacts.items()):
            packed = {file: _packed(digests) for file, digests in sorted(documents.items())}
            lines.append(f"  {key_of(identity)}: {flow(packed)}")
    if imports.texts:
        lines += ["texts:", *(f"  {key_of(path)}: {flow(each)}" for path, each in sorted(imports.texts.items()))]
    if imports.settings:
        packed_settings = sorted((path, "+".join(each)) for path, each in imports.settings.items())
        lines += ["settings:", *(f"  {key_of(path)}: {flow(each)}" for path, each in packed_settings)]
    return _HEAD + "".join(f"{line}\n" for line in lines)
