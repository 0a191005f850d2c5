"""The input of the merge, and who a letter is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from outreach.letters.mime import EncodedAttachment
from outreach.model.attached import FileFacts
from outreach.model.campaign import Campaign, Wave
from outreach.model.contact import Channel, ChannelKind, Contact
from outreach.model.facts import Facts
from outreach.model.post import Post
from outreach.model.recipient import Thread
from outreach.model.records import dataclass
from outreach.model.template import Template
from outreach.planning.law import RULES


@dataclass(frozen=True, kw_only=True, slots=True)
class Materials:
    """What is merged: the campaign's nouns, and what was read from its attachments.

    `attachments` are encoded once for all letters; `files` says what was read from them. `known` is
    what the ledger knows (None: nothing yet).
    """

    campaign: Campaign
    contacts: tuple[Contact, ...]
    posts: tuple[Post, ...] = ()
    files: Mapping[str, FileFacts] = field(default_factory=dict)
    attachments: Mapping[str, EncodedAttachment] = field(default_factory=dict)
    known: Facts | None = None

    @property
    def wants_number(self) -> bool:
        """Whether texts to the EU's institutions have to say our number: the rule was read within the last year."""
        rule = RULES["register-number"]
        return rule.is_checked(self.known.today) if self.known is not None else rule.checked_on is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Addressed:
    """A letter about to be written: for whom, in which wave and step, by what, over which channel, after what."""

    wave: Wave
    contact: Contact
    step: int
    template: Template
    channel: Channel
    thread: Thread

    @property
    def by_mail(self) -> bool:
        return self.channel.kind is ChannelKind.EMAIL
