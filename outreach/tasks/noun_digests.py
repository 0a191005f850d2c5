"""What a contact or a template says, as a digest: kept with the campaign, and part of what a letter is made from."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from operator import attrgetter

from outreach.model.contact import Contact
from outreach.model.template import Template

_SAID = attrgetter(*(each.name for each in fields(Contact) if each.name not in ("file", "line", "lines", "channels")))


def noun_digest(noun: Contact | Template) -> str:
    """The sha256 (hex) of all that it says; where a contact is in its file makes no difference."""
    said: object = (_SAID(noun), channels_of(noun)) if isinstance(noun, Contact) else noun
    return hashlib.sha256(repr(said).encode()).hexdigest()


def channels_of(contact: Contact) -> list[tuple[str, str, str]]:
    """Its channels as texts: kind, address and role."""
    return [(str(each.kind), each.address, each.role) for each in contact.channels]
