"""A letter and its manual sister: a template rendered for one contact."""

from __future__ import annotations

from functools import cached_property

from outreach.letters.mime import Assembled, Message, assembled
from outreach.model.records import dataclass


def letter_id(wave: str, contact: str, step: int) -> str:
    """The identity of a letter: `WAVE/CONTACT/STEP`."""
    return f"{wave}/{contact}/{step}"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter ready to be looked at: everything but its Date.

    `later` are the paths of values that are not known yet; such a letter cannot be approved.
    """

    wave: str
    contact: str
    step: int
    template: str
    message: Message
    later: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return letter_id(self.wave, self.contact, self.step)

    @cached_property  # planning, the drafts folder and approvals ask for it
    def digest(self) -> str:
        """The sha256 (hex) that an approval of this letter is bound to."""
        return self.assembled.digest()

    @cached_property
    def assembled(self) -> Assembled:
        """Its headers and its content as bytes."""
        return assembled(self.message)


@dataclass(frozen=True, kw_only=True, slots=True)
class ManualTask:
    """A text for a person to paste, because the contact has no mail address a letter may go to.

    `how` is the kind of channel (`form`, `mastodon`, `bluesky`), `address` where to paste it.
    `attachments` are the names of the files that a letter would have carried.
    """

    wave: str
    contact: str
    step: int
    template: str
    how: str
    address: str
    name: str
    subject: str
    text: str
    later: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return letter_id(self.wave, self.contact, self.step)
