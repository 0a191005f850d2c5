"""All that a plan is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from outreach.model.campaign import Campaign
from outreach.model.checklist import Checklist
from outreach.model.contact import Contact
from outreach.model.event import Receipt
from outreach.model.past import Past
from outreach.model.post import Post
from outreach.model.template import Template


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """The campaign's nouns, the past, and `now` (an aware UTC instant, handed in).

    `blocked` are the `about`s of the files' errors: what they touch is held, with that reason.
    `unapproved` are the letters that a person has yet to approve, and why, where that makes a
    difference: whoever sends holds them, so that they keep nobody waiting.
    `refused` are the editions that a network refused as they still are, and what it said.
    `receipts` are all that are known, this ledger's own and others', and `address_keys` the keys under
    which they mark addresses.
    """

    campaign: Campaign
    contacts: tuple[Contact, ...]
    templates: tuple[Template, ...]
    posts: tuple[Post, ...]
    checklists: tuple[Checklist, ...]
    past: Past
    now: datetime
    blocked: frozenset[str] = frozenset()
    unapproved: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    receipts: tuple[Receipt, ...] = ()
    address_keys: tuple[bytes, ...] = ()
