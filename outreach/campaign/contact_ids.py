"""Ids that mean two contacts, or that cannot be the name of a draft's file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from outreach.campaign.findings import Finding, as_problems
from outreach.campaign.values.plain import is_reserved
from outreach.model.contact import Contact
from outreach.model.problem import Problem


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
