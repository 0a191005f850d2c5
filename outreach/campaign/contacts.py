"""All files of `contacts/` together: one contact for each id, and `via` that names one."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterable, Iterator
from pathlib import Path

from outreach import storage
from outreach.campaign.contacts_csv import from_csv
from outreach.campaign.contacts_private import Overlay, laid_over, read_overlay
from outreach.campaign.contacts_yaml import Loaded, from_yaml
from outreach.campaign.findings import Finding, as_problems, too_much_to_read
from outreach.campaign.listing import Found, differs_in_case, list_files, same_elsewhere
from outreach.campaign.references import unknown_reference
from outreach.campaign.text import read_text
from outreach.campaign.values.plain import is_reserved
from outreach.errors import BEYOND_REACH
from outreach.model.contact import Contact
from outreach.model.problem import Problem

_SUFFIXES = (".yaml", ".yml", ".csv")


@contextlib.contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """Reading makes a hundred objects a contact, which all stay: searching them for garbage is a third of its time."""
    searches = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searches:
            gc.enable()


@storage.folders_kept_open()
@_no_search_for_garbage()
def load_contacts(root: Path) -> tuple[list[Contact], list[Problem]]:
    """Every contact of the campaign at `root`, in the order of files and lines, and what is wrong.

    A contact with faults is there too if it has a name; its Problems are about `contact:ID`. What
    is wrong with a file as a whole is about `contact-file:PATH`. Of two contacts with one id the
    second is left out, and the id is blocked.
    """
    found, faults = list_files(root, "contacts", _SUFFIXES, deep=True)
    problems = [p for file, fault in faults for p in as_problems([fault], file, f"contact-file:{file}")]
    contacts: dict[str, Contact] = {}
    whole = not problems
    seen: dict[str, str] = {}
    overlays: list[Overlay] = []
    for item in found:
        loaded = _load(item, seen.setdefault(same_elsewhere(item.file), item.file), overlays)
        whole = whole and loaded.whole
        problems += loaded.problems
        for contact in loaded.contacts:
            first = contacts.setdefault(contact.id, contact)
            if first is not contact:
                problems.append(_duplicate(contact, first))
    problems += laid_over(contacts, overlays, whole=whole)
    known = list(contacts.values())
    return known, [*problems, *_via_problems(known, contacts, whole), *identity_problems(known)]


def _load(item: Found, first: str, overlays: list[Overlay]) -> Loaded:
    """The contacts of a file; what one lays over a contact goes to `overlays`."""
    if first != item.file:
        return Loaded([], as_problems([differs_in_case(first)], item.file, f"contact-file:{item.file}"), whole=False)
    text, findings = read_text(item.root, item.path)
    if text is None:
        return Loaded([], as_problems(findings, item.file, f"contact-file:{item.file}"), whole=False)
    try:
        if not item.file.lower().endswith(".csv") and (private := read_overlay(text, item.file)) is not None:
            overlay, problems = private
            overlays.append(overlay)
            return Loaded([], problems, whole=True)
        loaded = (from_csv if item.file.lower().endswith(".csv") else from_yaml)(text, item.file)
    except BEYOND_REACH:
        return Loaded([], as_problems([too_much_to_read()], item.file, f"contact-file:{item.file}"), whole=False)
    if not findings:
        return loaded
    return loaded._replace(problems=[*_attributed(findings, loaded.contacts, item.file), *loaded.problems])


def _attributed(findings: list[Finding], contacts: list[Contact], file: str) -> list[Problem]:
    """What is wrong with single lines of a file, about the contacts in which they stand."""
    problems = []
    for finding in findings:
        above = [contact for contact in contacts if contact.line <= finding.line]
        about = f"contact:{above[-1].id}" if above else f"contact-file:{file}"
        problems += as_problems([finding], file, about)
    return problems


def _duplicate(second: Contact, first: Contact) -> Problem:
    where = f"{first.file}:{first.line}"
    if second.name == first.name:
        message = f"`{second.name}` is a contact already, in {where}."
        hint = "Remove one of the two, or give one of them an `id:` of its own."
    else:
        message = f"The id `{second.id}` is taken by `{first.name}`, in {where}."
        hint = "Give one of the two another `id:`."
    finding = Finding(second.line, "duplicate-id", message, hint)
    return as_problems([finding], second.file, f"contact:{second.id}")[0]


def _via_problems(contacts: list[Contact], known: dict[str, Contact], whole: bool) -> list[Problem]:
    """`via` that names nobody; only where every contact is known."""
    problems = []
    for contact in contacts:
        if contact.via is None:
            continue
        line = contact.lines.get("via", contact.line)
        if contact.via == contact.id:
            finding = Finding(line, "bad-value", "This contact is `via` itself.", "Name another contact.")
        elif whole and contact.via not in known:
            finding = unknown_reference("contact", contact.via, known, line)
        else:
            continue
        problems += as_problems([finding], contact.file, f"contact:{contact.id}")
    return problems


def identity_problems(contacts: Iterable[Contact]) -> list[Problem]:
    """What is wrong with `id` and `was`, at their lines; the contact is blocked."""
    contacts = list(contacts)
    ids = {contact.id: contact for contact in contacts}
    before: dict[str, Contact] = {}
    problems = []
    for contact in contacts:
        found = [*_reserved(contact), *_was(contact, ids, before)]
        problems += as_problems(found, contact.file, f"contact:{contact.id}")
    return problems


def _reserved(contact: Contact) -> Iterator[Finding]:
    if is_reserved(contact.id):
        message = f"The id `{contact.id}` cannot be the name of a file on Windows, and its drafts are called so."
        hint = f"Give it another, such as `id: {contact.id}-{contact.kind}`."
        yield Finding(contact.line_of("id"), "bad-value", message, hint)


def _was(contact: Contact, ids: dict[str, Contact], before: dict[str, Contact]) -> Iterator[Finding]:
    """`was` takes a history over: nobody else may have it, or have taken it."""
    line = contact.line_of("was")
    for was in contact.was:
        first = before.setdefault(was, contact)
        if was == contact.id:
            hint = "Write the id it had before, or remove it."
            yield Finding(line, "duplicate-id", "This contact `was` itself.", hint)
        elif was in ids:
            other = ids[was]
            message = f"The id `{was}` is still that of `{other.name}`, in {other.file}:{other.line}."
            yield Finding(line, "duplicate-id", message, "Remove that contact, or this `was`.")
        elif first is not contact:
            message = f"`{first.name}` was `{was}` too, in {first.file}:{first.line}."
            yield Finding(line, "duplicate-id", message, "An id becomes one other: remove one of the two.")
