"""The contacts of a campaign, and the ways to reach them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from enum import StrEnum

from outreach.model.records import dataclass

FreeValue = str | int | float | bool | None
"""What a free value (`fields`, `facts`) may be: as written, never re-formatted."""


FORMER_KEYS: Mapping[str, tuple[str, ...]] = {
    "angle": ("personal_text",),
    "context": ("internal_notes",),
    "find": ("missing", "internal_notes"),
    "source": ("found_at", "imported_from"),
    "stage": ("missing",),
}
"""Keys of a contact as older versions called them -> those that took their place, the likeliest first."""


def former(key: str) -> tuple[str, ...]:
    """The old names of `key`."""
    return tuple(old for old, keys in FORMER_KEYS.items() if key in keys)


class ContactKind(StrEnum):
    """What a contact is."""

    ORGANISATION = "organisation"
    PROJECT = "project"
    INSTITUTION = "institution"
    RESEARCH = "research"
    MEDIA = "media"
    PERSON = "person"


class ChannelKind(StrEnum):
    """How a channel reaches a contact; only `email` can be automatic."""

    EMAIL = "email"
    FORM = "form"
    MASTODON = "mastodon"
    BLUESKY = "bluesky"


@dataclass(frozen=True, kw_only=True, slots=True)
class Channel:
    """One way to reach a contact. `role` is free text (`policy`, `general`, `press`), "" if unsaid."""

    kind: ChannelKind
    address: str
    role: str = ""
    line: int = 1

    @property
    def identity(self) -> str:
        """`kind:address`, normalised, so that the same mailbox written twice is one channel."""
        return f"{self.kind}:{self.address.casefold().removeprefix('@')}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody at a contact. Never chosen as a recipient by itself."""

    name: str
    role: str | None = None
    email: str | None = None
    title: str | None = None
    pronouns: str | None = None
    greet: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicStatement:
    """What a contact said in public and agreed to be quoted with."""

    quote: str
    url: str | None = None
    agreed_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """An organisation, project, institution, research body, media outlet or person.

    A key that was not given is None (or empty), and undefined in templates and expressions.
    `language` is None if the campaign's own applies. `do_not_contact` is the reason, or None,
    `not_before` the first day on which we may write. `was` are former ids. `missing` says what is
    lacking before it can be written to. `found_at` is public and may be in a letter; `imported_from` is ours.
    `file` and `line` say where the contact is written down, `lines` where each key of it is.
    """

    id: str
    name: str
    file: str
    line: int = 1
    was: tuple[str, ...] = ()
    short: str | None = None
    kind: ContactKind = ContactKind.ORGANISATION
    eu: bool = False
    tier: int | None = None
    tags: tuple[str, ...] = ()
    country: str | None = None
    language: str | None = None
    timezone: str | None = None
    website: str | None = None
    owner: str | None = None
    missing: str | None = None
    via: str | None = None
    channels: tuple[Channel, ...] = ()
    greeting: str | None = None
    people: tuple[Person, ...] = ()
    personal_text: str | None = None
    internal_notes: str | None = None
    found_at: str | None = None
    imported_from: str | None = None
    collected_on: date | None = None
    do_not_contact: str | None = None
    not_before: date | None = None
    public_statement: PublicStatement | None = None
    attachments: tuple[str, ...] = ()
    fields: Mapping[str, FreeValue] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    # The names of older versions, for templates and expressions that still use them.
    angle = property(lambda self: self.personal_text)
    find = property(lambda self: self.missing)
    source = property(lambda self: self.found_at)
    stage = property(lambda self: "ready" if self.missing is None else "research")

    def line_of(self, key: str) -> int:
        """The line of a key; where the contact begins if it was not given, or is a row of a table."""
        return self.lines.get(key, self.line)

    @property
    def emails(self) -> tuple[Channel, ...]:
        return tuple([each for each in self.channels if each.kind is ChannelKind.EMAIL])
