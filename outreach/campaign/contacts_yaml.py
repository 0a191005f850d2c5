"""A YAML file of contacts: a mapping is one, a list is many."""

from __future__ import annotations

import re
from collections import deque
from typing import NamedTuple

from outreach.campaign.definitions.contact import ContactKeys
from outreach.campaign.findings import Finding, as_problems, without_consequences
from outreach.campaign.strict_yaml import Faulty, Mapping, Node, Sequence, kind_of, read_yaml
from outreach.model.contact import Contact
from outreach.model.problem import Problem

_ITEM = re.compile(r"-(?:\s|$)")
_KEY = re.compile(r"[a-z_]+:\s")
_OPEN_KEY = re.compile(r"[a-z_]+:\s*$")
_ID = re.compile(r"^(?:-[ \t])?[ \t]*+[{]?[ \t]*+id:[ \t]*+[\"']?([a-z0-9_-]+)", re.MULTILINE)


class Loaded(NamedTuple):
    """What one file gave; `whole` is False if contacts may be missing from it."""

    contacts: list[Contact]
    problems: list[Problem]
    whole: bool


def from_yaml(text: str, file: str) -> Loaded:
    """The contacts of a YAML file."""
    node, findings = read_yaml(text)
    if node is None and findings:
        return _item_by_item(text, file, findings)
    if isinstance(node, Sequence) and any(finding.code == "yaml-depth" for finding in findings):
        begins = sum(1 for line in text.split("\n") if _ITEM.match(line))
        if begins > len(node.items):  # the reading ended in the contact that is so deep; others are below it
            return _item_by_item(text, file, findings)
    return _contacts(node, findings, file)


def _item_by_item(text: str, file: str, findings: list[Finding]) -> Loaded:
    """A list that is beyond repair as a whole: what can be read of its items one at a time."""
    lines = text.split("\n")
    begins = [index for index, line in enumerate(lines) if _ITEM.match(line)]
    forgotten = _begins_without_dash(lines, begins)
    if forgotten is None and (
        len(begins) < 2 or any(line[:1].strip() and line[0] not in "-#" for line in lines[: begins[0]])
    ):
        return Loaded([], as_problems(findings, file, _about_text(text, file)), whole=False)
    contacts, problems, whole = [], [], forgotten is None
    if forgotten is not None:
        missing = [_no_dash(forgotten + 1, lines[forgotten])]
        problems += as_problems(missing, file, _about_text("\n".join(lines[: begins[0]]), file))
    for begin, end in zip(begins, [*begins[1:], len(lines)], strict=True):
        chunk = "\n".join(lines[begin:end])
        node, found = read_yaml(chunk, first_line=begin + 1)
        if node is None:
            problems += as_problems(found, file, _about_text(chunk, file))
            whole = False
            continue
        loaded = _contacts(node, found, file)
        contacts += loaded.contacts
        problems += loaded.problems
        whole = whole and loaded.whole
    return Loaded(contacts, problems, whole)


def _begins_without_dash(lines: list[str], begins: list[int]) -> int | None:
    """Which line begins a contact above a list that it should belong to, if one does."""
    if not begins or any(_OPEN_KEY.match(line) for begin in begins for line in _last_above(lines, begin)):
        return None
    return next((index for index, line in enumerate(lines[: begins[0]]) if _KEY.match(line)), None)


def _last_above(lines: list[str], begin: int) -> list[str]:
    return [line for line in lines[:begin] if line.strip()][-1:]


def _no_dash(line: int, text: str) -> Finding:
    message = "Here a contact begins without the `- ` that the others of this list have."
    return Finding(line, "yaml-syntax", message, f"Write `- {text.strip()}`, and indent its other lines with 2 spaces.")


def _with_dash_missing(findings: list[Finding], given: ContactKeys) -> list[Finding]:
    """A second `name` in one contact is a forgotten `- `: one finding for it and all that follows from it."""
    again = f"`name` is here twice; the first is in line {given.where.lines.get('name')}."
    at = next((found.line for found in findings if found.message == again), None)
    if at is None:
        return findings
    message = "A second contact seems to begin here without its `- `, so it is read as a part of the one above."
    hint = "Write `- ` before its first key, and indent its other lines with 2 spaces."
    rest = [
        found for found in findings if found.line < at - 3 or found.code not in ("yaml-duplicate-key", "yaml-syntax")
    ]
    return sorted([*rest, Finding(at, "yaml-duplicate-key", message, hint)])


def _about_text(chunk: str, file: str) -> str:
    found = _ID.findall(chunk)
    return f"contact:{found[0]}" if len(found) == 1 else f"contact-file:{file}"


def _contacts(node: Node | None, findings: list[Finding], file: str) -> Loaded:
    if node is None or isinstance(node, Faulty):
        return Loaded([], as_problems(findings, file, f"contact-file:{file}"), whole=not findings)
    if isinstance(node, Mapping):
        return _many([node], findings, file)
    if isinstance(node, Sequence):
        return _many(list(node.items), findings, file)
    hint = "Write the keys of one contact, or a list of contacts."
    finding = Finding(node.line, "bad-value", "This file holds no contact.", hint)
    return Loaded([], as_problems([*findings, finding], file, f"contact-file:{file}"), whole=False)


def _many(nodes: list[Node], findings: list[Finding], file: str) -> Loaded:
    contacts, problems, whole = [], [], True
    waiting = deque(sorted(findings))
    for position, node in enumerate(nodes):
        end = nodes[position + 1].line if position + 1 < len(nodes) else None
        own = []
        while waiting and (end is None or waiting[0].line < end):
            own.append(waiting.popleft())
        contact, about = _one(node, own, file)
        if contact is not None:
            contacts.append(contact)
        whole = whole and contact is not None
        problems += as_problems(own, file, about)
    problems += as_problems(waiting, file, f"contact-file:{file}")
    return Loaded(contacts, problems, whole)


def _one(node: Node, findings: list[Finding], file: str) -> tuple[Contact | None, str]:
    """The contact at `node`, and what its findings are about."""
    if not isinstance(node, Mapping):
        if not isinstance(node, Faulty):
            message = f"A contact is a group of keys, not {kind_of(node)}."
            findings.append(Finding(node.line, "bad-value", message, "For example `- name: Open Forum Europe`."))
        return None, f"contact-file:{file}"
    given = ContactKeys.read(node, findings)
    assert given is not None  # it is None if no keys stand
    findings[:] = without_consequences(_with_dash_missing(findings, given))
    contact = given.contact(file)
    known = contact.id if contact else given.id
    return contact, f"contact:{known}" if known else f"contact-file:{file}"
