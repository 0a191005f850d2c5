"""What the checks look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from outreach.errors import Refused
from outreach.model.attached import FileFacts
from outreach.model.campaign import Campaign
from outreach.model.contact import Contact
from outreach.model.lookups import Lookups
from outreach.model.post import Post
from outreach.model.records import dataclass
from outreach.model.template import Template


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """The nouns of a campaign, and which kinds are incomplete because a file could not be read.

    `incomplete` holds `contacts`, `templates` or `posts` where something is missing: then nothing
    is called unknown that may be in the unreadable file. `media` are those media files, `documents`
    those other files named in campaign.yaml, that are there; `refused` are those of both that were not opened,
    with the reason. `blocked` are the `about`s of the errors found so far: what is broken already is not said to
    be incomplete as well.
    """

    campaign: Campaign
    contacts: tuple[Contact, ...]
    templates: tuple[Template, ...]
    posts: tuple[Post, ...]
    checklists: frozenset[str] = frozenset()
    files: Mapping[str, FileFacts] = field(default_factory=dict)
    media: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    refused: Mapping[str, Refused] = field(default_factory=dict)
    incomplete: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    lookups: Lookups = field(default_factory=Lookups)

    @property
    def post_ids(self) -> frozenset[str]:
        return frozenset(post.id for post in self.posts)

    def why_not_there(self, what: str, file: str) -> tuple[str, str]:
        """Message and hint about a file that is named and cannot be used."""
        if (error := self.refused.get(file)) is not None:
            return f"{what} was not opened: {error.strerror}.", error.hint
        return f"{what} does not exist.", "Paths start at the campaign folder."
