"""`contacts/private/ID.yaml`: what is known of people, kept out of Git and laid over the contact of that id.

    id: rios-livres              # default: the file's name
    people: [{name: Ana Lima, role: director, email: ana.lima@rios.example}]
    channels: [{email: ana.lima@rios.example, role: director}]
    internal_notes: prefers the phone

Such a file has no `name`. One that has is a whole contact, as anywhere else in `contacts/`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from outreach.campaign.definitions.contact import PrivateKeys
from outreach.campaign.findings import Finding, as_problems, without_consequences
from outreach.campaign.references import unknown_reference
from outreach.campaign.strict_yaml import Mapping as MappingNode
from outreach.campaign.strict_yaml import read_yaml
from outreach.model.contact import Channel, Contact, Person
from outreach.model.problem import Problem

FOLDER = "contacts/private/"


class Overlay(NamedTuple):
    """What a file adds to a contact."""

    id: str
    file: str
    line: int
    people: tuple[Person, ...]
    channels: tuple[Channel, ...]
    internal_notes: str | None


def read_overlay(text: str, file: str) -> tuple[Overlay, list[Problem]] | None:
    """What the file lays over a contact, and what is wrong with it; None where it is a file of whole contacts."""
    if not file.startswith(FOLDER):
        return None
    node, findings = read_yaml(text)
    if not isinstance(node, MappingNode) or any(entry.key == "name" for entry in node.entries):
        return None
    given = PrivateKeys.read(node, findings)
    assert given is not None  # it is None where no keys stand
    ident = given.id or file.rpartition("/")[2].rpartition(".")[0]
    problems = as_problems(without_consequences(findings), file, f"contact:{ident}")
    people, channels = given.laid_over()
    return Overlay(ident, file, given.where.line, people, channels, given.internal_notes), problems


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
        people=(*contact.people, *(person for person in overlay.people if person.name not in names)),
        channels=(*contact.channels, *(each for each in overlay.channels if each.identity not in known)),
        internal_notes=notes or None,
    )
