"""One version of a post on its way to a network: what is approved, what is sent, and the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from outreach.model.event import Event
from outreach.model.ids import OfVersion, PartId
from outreach.model.payload import PostProof
from outreach.model.records import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class PartMedium:
    """A file that a part carries; `file` is relative to the campaign folder, `sha256` (hex) that of its bytes.

    `focus` is (x, y) from -1 to 1, as Mastodon has it. `stored` is where its bytes are kept as they go out: made to
    fit, and without what a camera wrote into them.
    """

    file: str
    sha256: str
    media_type: str
    alt: str = ""
    focus: tuple[float, float] | None = None
    stored: str = ""

    @property
    def source(self) -> str:
        """Where the bytes that go out lie, relative to the campaign folder."""
        return self.stored or self.file


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One part of a thread, counted from 1.

    `record` is the wire record as drafted: of Bluesky without `createdAt` and `reply`, of Mastodon the
    form fields without media and reply. `text` is what people will read, as written.
    """

    number: int
    text: str
    record: Mapping[str, Any]
    media: tuple[PartMedium, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication(OfVersion):
    """All parts of one version under one identity.

    `revision` counts from 1; `account` is the account's name in claims; `at` is the aware UTC instant
    that was fixed at the first attempt and is used by every later one.
    """

    campaign: str
    post: str
    network: str
    account: str
    revision: int
    at: datetime
    parts: tuple[Part, ...]

    def part_id(self, part: int) -> PartId:
        """What the part of that number is called in claims."""
        return PartId(post=self.post, network=self.network, part=part, revision=self.revision, account=self.account)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadyPart:
    """A part as it will be asked for, complete before anything is.

    `key` is the record key or Idempotency-Key; `uri` and `cid` are the record's, "" where the network
    gives ids itself; `at` the instant that its tries share; `of` the number of parts of the thread.
    """

    number: int
    of: int
    key: str
    text: str
    record: Mapping[str, Any]
    at: datetime
    uri: str = ""
    cid: str = ""
    media: tuple[PartMedium, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """A part that is out: `id` as the network names it (URI or status id), `url` for people, `mark` its CID or id.

    `by` is the program that posted it, where it was another than outreach; `text` what the network has there, and `at`
    when it was made by its clock (aware), where it was asked and says so. `drawn` is how the network shows it, where
    nothing there tells it from another text.
    """

    part: int
    id: str
    url: str
    mark: str = ""
    by: str = ""
    text: str = field(default="", compare=False)
    at: datetime | None = field(default=None, compare=False)
    drawn: str | None = field(default=None, compare=False)

    @property
    def post_proof(self) -> PostProof:
        """Its URI, or its web address where the network has none, and its CID or status id."""
        return PostProof(self.id if "://" in self.id else self.url, self.mark or self.id)

    @property
    def proof(self) -> str:
        """What its receipt holds."""
        return str(self.post_proof)


@dataclass(frozen=True, kw_only=True, slots=True)
class PostReply:
    """A reply to one of our parts: who (`handle`, without a leading @), where, when (aware UTC), and the words."""

    handle: str
    url: str
    at: datetime
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Engagement:
    """What a network counts on one part, and the replies of others to it; `own` are our own parts below it."""

    counts: Mapping[str, int] = field(default_factory=dict)
    replies: tuple[PostReply, ...] = ()
    own: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class PostSync:
    """What the networks said: counts by version, new replies as they were stored, and what could not be asked.

    `asked`: there was a post to ask about. `unasked` is why a network could not be asked, by its name. `gone` are parts
    of ours that were published and that the network has no more, by version.
    """

    counted: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    replies: tuple[Event, ...] = ()
    troubles: tuple[str, ...] = ()
    asked: bool = False
    unasked: Mapping[str, str] = field(default_factory=dict)
    gone: Mapping[str, tuple[Published, ...]] = field(default_factory=dict)
