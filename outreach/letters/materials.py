"""What is merged, and whom a letter is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from outreach.letters.mime import EncodedAttachment
from outreach.model.campaign import Campaign, Wave
from outreach.model.contact import Channel, ChannelKind, Contact
from outreach.model.facts import Facts
from outreach.model.post import Post
from outreach.model.template import Template
from outreach.templating.scope import FileFacts


@dataclass(frozen=True, kw_only=True, slots=True)
class Materials:
    """What is merged: the campaign's nouns, what was read from its attachments, what is blocked.

    `attachments` are encoded once for all letters; `files` says what was read from them. `blocked`
    are the `about`s of the errors found so far, `known` what the ledger knows (None: nothing yet).
    """

    campaign: Campaign
    contacts: tuple[Contact, ...]
    templates: tuple[Template, ...]
    posts: tuple[Post, ...] = ()
    files: Mapping[str, FileFacts] = field(default_factory=dict)
    attachments: Mapping[str, EncodedAttachment] = field(default_factory=dict)
    blocked: frozenset[str] = frozenset()
    known: Facts | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Thread:
    """The letters before a follow-up, which it goes on with.

    `address` is where the letter before went, `message_ids` (with angle brackets) are theirs, oldest
    first, `subject` and `sent_on` (a day in the campaign's zone) those of the last. None: not known.
    """

    address: str | None = None
    message_ids: tuple[str, ...] = ()
    subject: str | None = None
    sent_on: date | None = None


NO_THREAD = Thread()
"""What a first letter goes on with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Addressed:
    """A letter about to be written: for whom, in which wave and step, by what, over which channel, after what."""

    wave: Wave
    contact: Contact
    step: int
    template: Template
    channel: Channel
    thread: Thread = NO_THREAD

    @property
    def by_mail(self) -> bool:
        return self.channel.kind is ChannelKind.EMAIL
