"""All that a plan is made from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import NamedTuple, Protocol
from unicodedata import normalize

from outreach.history import fold, renamed
from outreach.model.campaign import Campaign
from outreach.model.checklist import Checklist
from outreach.model.contact import Contact
from outreach.model.event import Event, Receipt
from outreach.model.past import Approval, Past
from outreach.model.post import Post, PostVersion
from outreach.model.recipient import Recipient, Verdict
from outreach.model.records import dataclass
from outreach.model.template import Template


class Verdicts(Protocol):
    """Whether letters render, known without rendering them again. A pure function of the files and the past."""

    def verdict(self, letter: Recipient) -> Verdict:
        """Whether the letter renders now."""

    def digest_then(self, letter: Recipient, approval: Approval) -> str | None:
        """Its digest by the files of now and what was known when it was approved; None if that is no other."""


class Carried(NamedTuple):
    """An attachment that a letter carried: the letter's wave, the attachment's name, and its version where known."""

    wave: str
    name: str
    version: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """The campaign's nouns, the past, and `now` (an aware UTC instant, handed in).

    `blocked` are the `about`s of the files' errors: what they touch is held, with that reason.
    `verdicts` says whether letters render, and what was approved of them; None: all do, and nobody has to approve.
    `refused` are the versions that a network refused as they still are, and what it said.
    `changed` are those that are out and whose approved text is another one now, with the parts that changed.
    `receipts` are all that are known, this ledger's own and others', and `address_keys` the keys under
    which they mark addresses. `authors` says of texts by file who wrote them last, and of "" who wrote those that it
    does not name; None if anybody may approve them. `carried` are the attachments that letters to a contact carried,
    by its id, where a wave corrects another. `last_event` is the number of the last event that the past knows of, -1
    if nobody said.
    """

    campaign: Campaign
    contacts: tuple[Contact, ...]
    templates: tuple[Template, ...]
    posts: tuple[Post, ...]
    checklists: tuple[Checklist, ...]
    past: Past
    now: datetime
    blocked: frozenset[str] = frozenset()
    verdicts: Verdicts | None = None
    refused: Mapping[str, str] = field(default_factory=dict)
    changed: Mapping[str, str] = field(default_factory=dict)
    receipts: tuple[Receipt, ...] = ()
    address_keys: tuple[bytes, ...] = ()
    authors: Mapping[str, frozenset[str]] | None = None
    carried: Mapping[str, tuple[Carried, ...]] = field(default_factory=dict)
    last_event: int = -1

    @property
    def names(self) -> dict[str, str]:
        """What each contact is called, by id."""
        return {contact.id: contact.name for contact in self.contacts}

    @property
    def versions(self) -> dict[str, PostVersion]:
        """The posts as they go to each network, by id (`POST/NETWORK`)."""
        return {version.id: version for post in self.posts for version in post.versions}

    def before(self, events: Iterable[Event], number: int) -> World:
        """The same files with what was known before the event of that number."""
        past = renamed(fold(event for event in events if event.number < number), self.contacts)
        return replace(self, past=replace(past, elsewhere=self.past.elsewhere))

    def approves_alone(self, by: str, *files: str) -> bool:
        """Whether who approved wrote one of these texts last, so that another person has to approve it, too."""
        if (authors := self.authors) is None:
            return False
        names = {_same(each) for each in (by, *re.split("[<>]", by))}
        wrote = (authors.get(file, authors[""]) for file in files if file)
        return any(names & {_same(each) for each in those} for those in wrote)


def _same(name: str) -> str:
    """A name or address without what nobody sees: two that look the same are those of one person."""
    visible = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in normalize("NFKC", name))
    return " ".join(visible.split()).casefold()
