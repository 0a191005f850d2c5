"""What letters, versions and parts of posts are called: written and read here, and nowhere else.

    LetterId    WAVE/CONTACT/STEP      lobbying/fsfe/0
    VersionId   POST/NETWORK           launch/mastodon
    PartId      POST/NETWORK/PART      launch/mastodon/2

A letter and a part look alike as text; whoever has only the text knows by other means which of the two it is (a
receipt by its proof).
"""

from __future__ import annotations

from outreach.model.records import dataclass

REPLY = "reply"
"""The wave of replies: `reply/CONTACT/N`. No wave of campaign.yaml may be called so."""
DIGEST = "digest"
"""What today's list is claimed as, a day a step; no wave of campaign.yaml may be called so either."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class LetterId:
    """One letter; `step` 0 is the first mail of its wave, 1 the first follow-up."""

    wave: str
    contact: str
    step: int = 0

    def __str__(self) -> str:
        return f"{self.wave}/{self.contact}/{self.step}"

    @classmethod
    def parse(cls, text: str) -> LetterId:
        """The letter of that name. Raises ValueError."""
        wave, contact, step = text.split("/")
        return cls(wave=wave, contact=contact, step=_number(step))


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class VersionId:
    """A post on one network; `network` is "" where an old event names none."""

    post: str
    network: str

    def __str__(self) -> str:
        return f"{self.post}/{self.network}"

    @classmethod
    def parse(cls, text: str) -> VersionId:
        """The version of that name. Raises ValueError."""
        post, slash, network = text.rpartition("/")
        if not slash:
            raise ValueError(f"{text!r} names no network")
        return cls(post=post, network=network)


class OfVersion:
    """Whatever is of one post on one network."""

    __slots__ = ()
    post: str
    network: str

    @property
    def version_id(self) -> VersionId:
        return VersionId(post=self.post, network=self.network)

    @property
    def id(self) -> str:
        return str(self.version_id)


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class PartId:
    """One part of a version, counted from 1, as it went out through one account.

    `revision` counts how often the version was published again, from 1. A receipt tells neither of `revision` (0) nor
    of `account` (""), so they are not written.
    """

    post: str
    network: str
    part: int
    revision: int = 0
    account: str = ""

    def __str__(self) -> str:
        return f"{self.post}/{self.network}/{self.part}"

    @property
    def version(self) -> VersionId:
        return VersionId(post=self.post, network=self.network)

    @classmethod
    def parse(cls, text: str) -> PartId:
        """The part of that name, of any revision. Raises ValueError."""
        post, network, part = text.split("/")
        return cls(post=post, network=network, part=_number(part))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise ValueError(f"{text!r} is not a number")
    return int(text)


def plain_id(name: str) -> str:
    """What a person calls `wave:ID` or `email:ADDRESS`: the part behind the kind; other names as they are."""
    return name.partition(":")[2] or name
