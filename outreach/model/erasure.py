"""Erasing a person: who it is, where they are named, and what becomes of each place."""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime
from enum import StrEnum

from outreach.model.records import dataclass


class Fate(StrEnum):
    """What erasing does with a place."""

    REMOVE = "remove"
    BLANK = "blank"
    RENAME = "rename"
    DECIDE = "decide"
    """Only a person can change it: until then the erasure is not complete."""
    LOOK = "look"
    """It may mean them: a person reads it. Nothing is changed there."""
    BEYOND = "beyond"
    """Out of reach of this program."""


class Room(StrEnum):
    """Where a place is, as people know it; in the order in which it is listed."""

    CONTACTS = "contacts"
    NOTES = "notes"
    TEXTS = "texts"
    SETTINGS = "settings"
    MATERIALS = "materials"
    DRAFTS = "drafts"
    REPORTS = "reports"
    OTHER = "other"
    LEDGER = "ledger"
    RECEIPTS = "receipts"
    COPIES = "copies"
    UNSURE = "unsure"
    BEYOND = "beyond"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One place in which they stand. `lines` count from 1; `says` is a sentence without a full stop."""

    room: Room
    fate: Fate
    where: str
    says: str
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Erased:
    """Who is to be erased, and all by which they are found.

    `contacts` are the ids (present and former) that go whole; where that is empty, a person goes out of the contacts
    `within`, whose history also has what happened under `ids`: those of their own contact that became part of it.
    `names` are theirs as people write them, `addresses` email addresses (case folded), `others` handles,
    numbers and web addresses, `values` what is in their contact alone. `token` takes the place of their ids.
    `office` is what of it belongs to an organisation: texts for readers may go on naming that.
    `asked` is the day on which they asked, `forget` whether the coded mark of their address goes too.
    """

    who: str
    name: str
    token: str
    asked: date
    contacts: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    office: tuple[str, ...] = ()
    language: str = "en"
    forget: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """All that is looked for in texts."""
        return tuple(dict.fromkeys((*self.names, *self.addresses, *self.others, *self.values)))

    @property
    def personal(self) -> tuple[str, ...]:
        """What is looked for in texts for readers: all that is a person's."""
        return tuple(each for each in self.words if each not in self.office)


@dataclass(frozen=True, kw_only=True, slots=True)
class Erasure:
    """An erasure: what would be done, or (`done`) was. `places` are in the order of `Room`."""

    erased: Erased
    places: tuple[Place, ...] = field(default=())
    done: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left for a person to change."""
        return not any(place.fate is Fate.DECIDE for place in self.places)


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Mark:
    """A line of `receipts.jsonl` that is not a receipt: somebody was `forgotten`, or an address is `suppressed`.

    `id` is the token that stands for a contact's id, or the coded mark of the address (history/address_marks); `of` is
    the token of the erasure that it belongs to. `marks` are the addresses of somebody who was forgotten, which stay
    suppressed. `at` is an aware UTC instant, `ledger` the ledger that wrote it first.
    """

    kind: str
    id: str
    at: datetime
    ledger: str
    marks: tuple[str, ...] = ()
    of: str = ""


FORGOTTEN, SUPPRESSED = "forgotten", "suppressed"
