"""What we publish: a post has one version per network."""

from __future__ import annotations

from datetime import datetime

from outreach.model.campaign import Expression
from outreach.model.ids import OfVersion
from outreach.model.records import dataclass
from outreach.model.times import Delay, Window


@dataclass(frozen=True, kw_only=True, slots=True)
class Medium:
    """A picture, sound or film in a post; `focus` is (x, y) from -1 to 1 as Mastodon has it."""

    file: str
    alt: str
    written_in: str
    focus: tuple[float, float] | None = None
    line: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class AfterPost:
    """`delay` after another post was really published."""

    post: str
    delay: Delay | None = None
    line: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class PostVersion(OfVersion):
    """A post as one network gets it: the base file's keys, overlaid by its variant's.

    `network` is one of `outreach.networks.registry`. `at` is naive wall-clock time in the campaign's zone.
    `body_line` is the body's first line in `file`, `line` the line of the key that says when, which is in
    `when_file` ("" for `file`).
    """

    post: str
    network: str
    file: str
    body: str
    body_line: int = 1
    line: int = 1
    when_file: str = ""
    at: datetime | None = None
    window: Window | None = None
    after: AfterPost | None = None
    needs: Expression | None = None
    hashtags: tuple[str, ...] = ()
    media: tuple[Medium, ...] = ()
    card: str | None = None
    link: str | None = None
    language: str | None = None
    content_warning: str | None = None
    visibility: str | None = None
    titles: tuple[str, ...] = ()
    community: str | None = None
    split: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """One thing to say in public, and its versions."""

    id: str
    file: str
    versions: tuple[PostVersion, ...] = ()
