"""What we write to one organisation, in one language, for one kind of channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from outreach.model.records import dataclass


class Variant(StrEnum):
    """For which kind of channel a template is written."""

    MAIL = ""
    FORM = "form"
    MASTODON = "mastodon"


class MailFormat(StrEnum):
    """Whether a letter has an HTML part beside its text."""

    BOTH = "both"
    TEXT = "text"


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """A Markdown body with Jinja2, and its front matter.

    `language` is None for the file without one in its name. `attachments` is None if the front
    matter does not say (then none are attached). `body_line` is the line of the file on which the
    body starts, so that faults are reported where they stand; `lines` are those of the keys given.
    """

    name: str
    file: str
    body: str
    body_line: int = 1
    language: str | None = None
    variant: Variant = Variant.MAIL
    subject: str | None = None
    subject_line: int = 1
    attachments: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    reply_to: str | None = None
    cc: tuple[str, ...] = ()
    format: MailFormat = MailFormat.BOTH
    unsubscribe: bool | None = None
    mentions: tuple[str, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    def line_of(self, key: str) -> int:
        """The line of a key of the front matter; 1 where it was not given."""
        return self.lines.get(key, 1)
