"""Whether a natural person is addressed, or kept: the one place that decides it.

`info@` of an association is nobody; an MEP, a journalist and `firstname.lastname@` are somebody (GDPR, Art. 4(1):
any information that relates to an identified or identifiable natural person). In doubt it is a person: that costs a
sentence in an email, and the other way costs a right.
"""

from __future__ import annotations

import re
from functools import lru_cache

from outreach.model.contact import Contact, ContactKind
from outreach.words.desks import SHORT_WORDS, machines, not_names, offices, organised, role_in
from outreach.words.phrases import folded

_WORD = re.compile(r"[^\W\d_]+")


def keeps_person(contact: Contact) -> bool:
    """Whether its file says something of a natural person: by name, or by an address with a name in it."""
    return bool(
        contact.kind is ContactKind.PERSON
        or contact.people
        or any(is_personal_address(channel.address) for channel in contact.emails)
    )


def is_kept_apart(contact: Contact) -> bool:
    """Whether it is a person whole, whom files in Git call by a token: by its kind, or because its file is private."""
    return contact.kind is ContactKind.PERSON or contact.file.startswith("contacts/private/")


def addresses_person(contact: Contact, address: str | None) -> bool:
    """Whether a letter to `contact` at `address` (None: by hand) is to a natural person.

    It is where the contact is one, where the greeting names one, and where the mailbox is one person's.
    """
    if contact.kind is ContactKind.PERSON or any(person.greet for person in contact.people):
        return True
    if address is None:
        return False
    own = {person.email.casefold() for person in contact.people if person.email}
    return address.casefold() in own or is_personal_address(address)


def is_named_after(name: str, address: str) -> bool:
    """Whether a mailbox is called as its owner, and both as a person: `Maria Sousa` of `maria.sousa@`.

    Where the domain repeats the words they are an organisation's (`Bees Belgium` of `bees-belgium@bees.example`).
    """
    words = _WORD.findall(folded(name))
    is_office = any(desk.search(" ".join(words)) for desk in (not_names(), organised()))
    return not is_office and set(_local(address)) <= set(words) and is_personal_to(name, address)


def is_personal_to(name: str, address: str) -> bool:
    """As `is_personal_address`, where it is known that the mailbox is that of a contact called `name`."""
    local, host = _local(address), _host(address)
    is_theirs = set(local) <= set(_WORD.findall(folded(name))) and any(e in host for e in local if len(e) > 2)
    return is_personal_address(address) and not is_theirs


def _local(address: str) -> list[str]:
    return _WORD.findall(folded(address).rpartition("@")[0].partition("+")[0])


def _host(address: str) -> str:
    return re.sub(r"[^\w]", "", folded(address).rpartition("@")[2].rpartition(".")[0])


@lru_cache(maxsize=8192)
def is_personal_address(address: str) -> bool:
    """Whether an address names a person: `maria.sousa@`, `m.sousa@`, `bo.li@`; not `press.office@` or `info@`.

    A first name alone is not told from a word. Two words that the domain repeats are an organisation's name
    (`amigos.lisboa@amigos-lisboa.example`).
    """
    local = folded(address).rpartition("@")[0]
    local = re.sub(r"\d{1,4}$", "", local.partition("+")[0])
    parts = re.split(r"[._-]", local)
    if not 2 <= len(parts) <= 4 or not all(_WORD.fullmatch(part) for part in parts):
        return False
    if sum(len(part) == 1 for part in parts) > 1:
        return False
    if max(map(len, parts)) < 3 and (len(parts) > 2 or min(map(len, parts)) < 2 or SHORT_WORDS.intersection(parts)):
        return False
    words = " ".join(parts)
    if role_in(words) or any(desk.search(words) for desk in (not_names(), organised(), machines(), offices())):
        return False
    return not all(part in _host(address) for part in parts if len(part) > 1)
