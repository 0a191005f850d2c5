"""What gates are asked of: plain data about posts, contacts, decisions and checklists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime

from outreach.model.checklist import Checklist
from outreach.model.contact import Contact
from outreach.model.records import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class PostFacts:
    """A post on one network; `published` is an aware instant. What is None or missing is not known yet."""

    published: datetime | None = None
    url: str | None = None
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactFacts:
    """A contact; `contacted_on` is the day of the first letter in the campaign's zone."""

    state: str
    contacted: bool = False
    answered: bool = False
    outcome: str | None = None
    contacted_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """All that a gate can ask about.

    `posts` maps a post to its networks, `reached` a state to the contacts that ever had it,
    `opened` a gate's name to the aware instant since which it is open. `today` is the day in the
    campaign's zone, whose IANA name is `timezone`; `language` is that of contacts that name none.
    """

    today: date
    timezone: str = "UTC"
    language: str = "en"
    posts: Mapping[str, Mapping[str, PostFacts]] = field(default_factory=dict)
    contacts: Mapping[str, ContactFacts] = field(default_factory=dict)
    decisions: Mapping[str, str] = field(default_factory=dict)
    checklists: Mapping[str, Checklist] = field(default_factory=dict)
    reached: Mapping[str, tuple[Contact, ...]] = field(default_factory=dict)
    opened: Mapping[str, datetime] = field(default_factory=dict)
