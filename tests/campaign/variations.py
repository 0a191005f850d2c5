"""Every key of every kind of file, right and wrong in many ways: what the loaders are held to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from outreach.campaign.folder import load_folder
from outreach.campaign.lookups import load_lookups
from outreach.campaign.strict_yaml import Mapping, Node, Scalar, Sequence, read_yaml
from tests.campaign.campaigns import CAMPAIGN, CONTACTS, POST, TEMPLATE, write

LOOKUPS = """\
handles:
  ofe.example: {did: "did:plc:abcdefghijklmnopqrstuvwx", on: 2026-01-02}
cards:
  https://example.org/brief: {title: A brief, description: Short, thumb: materials/map.png, on: 2026-01-02}
mastodon: {server: https://fosstodon.org, characters: 500, per_url: 23, media: 4, description: 1500, on: 2026-01-02}
"""
MORE = {"campaign.yaml": {"digest": {"at": "08:00"}}, "contacts/all.yaml": {"missing": "an address", "via": "other"}}
POST_WITH_WINDOW = """\
networks: reddit
window: {from: 2026-01-06, to: 2026-01-08, days: [tue, wed], hours: 09:00-17:00, timezone: Europe/Brussels}
after: other + 2d
hashtags: [OpenSource]
link: https://example.org/brief
titles: [A title, Another]
community: r/linux
"""
SAMPLES = {
    "campaign.yaml": CAMPAIGN,
    "contacts/all.yaml": CONTACTS,
    "templates/advocacy.md": TEMPLATE.split("---\n")[1],
    "posts/start.md": POST.split("---\n")[1],
    "posts/window.md": POST_WITH_WINDOW,
    "lookups.yaml": LOOKUPS,
}
TABLE = {
    "name": "Open Forum Europe", "id": "openforum-europe", "email": "policy@ofe.example", "email_role": "policy",
    "form": "https://ofe.example/contact", "mastodon": "@ofe@eupolicy.example", "bluesky": "ofe.example",
    "was": "ofe", "short": "OFE", "kind": "organisation", "eu": "no", "tier": "0", "tags": "brussels; policy",
    "country": "BE", "language": "en", "timezone": "Europe/Brussels", "website": "https://ofe.example",
    "owner": "maria", "missing": "an address", "via": "other", "personal_text": "Your study",
    "internal_notes": "They phone", "found_at": "their site", "imported_from": "a.csv line 2",
    "collected_on": "2025-12-14", "do_not_contact": "no",
    "not_before": "2025-12-15",
    "attachments": "brief", "size": "12",
}  # fmt: skip
VALUES = {
    "list": "[one, two]", "group": "{a: b}", "empty": "", "blank": '" "', "word": "wrongword", "Norway": "NO",
    "clock": "12:30", "number": "-3", "no such day": "2026-02-30", "unsafe": '"a\\ue000b"',
    "list of groups": "[{a: b}]", "two": '"a@b.example, c@d.example"', "alias": "*x", "list of nothing": '["", ~]',
}  # fmt: skip


def raw(node: Node | None) -> Any:
    """The node as plain data, every scalar as it is written."""
    if isinstance(node, Mapping):
        return {entry.key: raw(entry.value) for entry in node.entries}
    if isinstance(node, Sequence):
        return [raw(item) for item in node.items]
    assert isinstance(node, Scalar)
    return node.text if node.plain else json.dumps(node.text, ensure_ascii=False)


def lines_of(value: Any, indent: int = 0) -> Iterator[str]:
    """The data as YAML, a key or an item to a line."""
    space = " " * indent
    pairs = value.items() if isinstance(value, dict) else (("-", each) for each in value)
    for key, each in pairs:
        head = f"{space}{key}" if key == "-" else f"{space}{key}:"
        if isinstance(each, dict | list) and each:
            yield head
            yield from lines_of(each, indent + 2)
        else:
            yield f"{head} {each}".rstrip()


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every key in the data, and the first item of every list."""
    pairs = value.items() if isinstance(value, dict) else list(enumerate(value))[:1] if isinstance(value, list) else ()
    for key, each in pairs:
        yield (*path, key)
        yield from paths(each, (*path, key))


def changed(value: Any, path: tuple[Any, ...], change: Any) -> Any:
    """The data with `change(container, key)` instead of what holds the last key of `path`."""
    copy = dict(value) if isinstance(value, dict) else list(value)
    if len(path) == 1:
        return change(copy, path[0])
    copy[path[0]] = changed(copy[path[0]], path[1:], change)
    return copy


def put(value: str) -> Any:
    def change(container: Any, key: Any) -> Any:
        container[key] = value
        return container

    return change


def misspelt(container: Any, key: Any) -> Any:
    if isinstance(container, list):
        return [*container, container[0]]
    return {(f"{k[:1]}x{k[1:]}" if k == key else k): v for k, v in container.items()}


def gone(container: Any, key: Any) -> Any:
    del container[key]
    return container


def twice(container: Any, key: Any) -> Any:
    if isinstance(container, list):
        return [*container, "~"]
    return {**container, f'"{key}"': container[key]}


def variations() -> Iterator[tuple[str, str, str]]:
    """Name, file and text of each broken file."""
    for file, text in SAMPLES.items():
        data = raw(read_yaml(text)[0])
        yield from _broken(file, {**(data[0] if isinstance(data, list) else data), **MORE.get(file, {})})
    for column in TABLE:
        for name, cell in VALUES.items():
            yield f"table {column}: {name}", "contacts/table.csv", _table({**TABLE, column: cell.strip('"')})
        yield f"table {column}: misspelt", "contacts/table.csv", _table(misspelt(TABLE, column))


def _table(row: dict[str, str]) -> str:
    return ";".join(row) + "\n" + ";".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row.values()) + "\n"


def _broken(file: str, data: Any) -> Iterator[tuple[str, str, str]]:
    changes = {name: put(value) for name, value in VALUES.items()}
    changes |= {"misspelt": misspelt, "gone": gone, "twice": twice}
    for path in paths(data):
        shown = ".".join(map(str, path))
        for name, change in changes.items():
            yield f"{file} {shown}: {name}", file, "\n".join(lines_of(changed(data, path, change))) + "\n"


def said(root: Path, file: str, text: str) -> tuple[list[tuple[int, str, str, str]], str]:
    """What the loaders find in the file (line, code, sentence, hint), and all that they read."""
    source = f"---\n{text}---\nBody\n" if file.endswith(".md") else text
    write(root, {"campaign.yaml": CAMPAIGN, file: source})
    folder = load_folder(root)
    lookups, problems = load_lookups(root)
    (root / file).unlink()
    own = [p for p in [*folder.problems, *problems] if p.file == file]
    nouns = {
        "campaign.yaml": folder.campaign, "contacts": folder.contacts, "templates": folder.templates,
        "posts": folder.posts, "lookups.yaml": lookups,
    }[file.partition("/")[0]]  # fmt: skip
    return sorted((p.line, p.code, p.message, p.hint) for p in own), repr(nouns)
