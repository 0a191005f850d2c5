"""Mastodon: texts as its server counts them, statuses as form fields.

Limits: `GET /api/v2/instance`, `configuration`: max_characters 500, characters_reserved_per_url 23,
max_media_attachments 4, image_size_limit 16 MB and description_limit 1,500 (up to 4.6), unless the server says
otherwise; 300 statuses in 3 hours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import regex

from outreach.model.contact import ChannelKind
from outreach.model.post import PostVersion
from outreach.model.publication import Publication, Published, ReadyPart
from outreach.networks.base import AccountKey, Budget, Limits, Material, MediaRules, Network
from outreach.networks.entities import counted_by_mastodon
from outreach.networks.graphemes import graphemes
from outreach.networks.mastodon_thread import mastodon_thread

_MENTION = regex.compile(r"(?<![=/\w])@([a-z0-9_]+(?:[.-]+[a-z0-9_]+)*(?:@\w(?:[\w.-]*\w)?)?)", regex.IGNORECASE)
"""Whom a server notifies: somebody on it, or `user@host` elsewhere (its `Account::MENTION_RE`)."""


def _count(text: str, content_warning: str | None, limits: Limits) -> int:
    """Graphemes of content warning and text; an http(s) link counts `limits.per_url`, `@user@host` as `@user`.

    As `StatusLengthValidator` does.
    """
    return graphemes((content_warning or "") + _countable(text, limits.per_url))


def _countable(text: str, per_url: int | None) -> str:
    """The text as Mastodon's server rewrites it before it counts."""

    def shortened(match: regex.Match[str]) -> str:
        if match["user"] is not None:
            return "@" + match["user"]
        return match[0] if per_url is None else "x" * per_url

    return counted_by_mastodon().sub(shortened, text)


def _record(material: Material) -> dict[str, Any]:
    version, media = material.version, material.media
    described = {medium.file: medium for medium in version.media}
    form: dict[str, Any] = {
        "status": material.text,
        "language": material.language,
        "visibility": version.visibility or "public",
        "spoiler_text": version.content_warning or "",
        "sensitive": bool(version.content_warning and media),
    }
    if media:
        form["media"] = [
            {
                "file": medium.file,
                "sha256": medium.sha256,
                "mime_type": medium.media_type,
                "description": described[medium.file].alt,
                **({"focus": _focus(described[medium.file].focus)} if described[medium.file].focus else {}),
            }
            for medium in media
        ]
    return form


def _focus(focus: tuple[float, float] | None) -> str:
    return ",".join(f"{number:g}" for number in focus or ())


def _ready(publication: Publication, owner: str, out: Mapping[int, Published] | None = None) -> tuple[ReadyPart, ...]:
    return mastodon_thread(publication)


def _effects(version: PostVersion, records: Sequence[Mapping[str, Any]]) -> list[str]:
    found = []
    if version.content_warning:
        found.append(f"Content warning: “{version.content_warning}” is shown, and the text when readers ask for it")
    if version.visibility and version.visibility != "public":
        found.append(f"Visibility: {version.visibility}")
    if version.card:
        found.append("Card: the server makes its own of the first link")
    return found


MASTODON = Network(
    name="mastodon",
    label="Mastodon",
    called=r"mastodon|fediverse|fediversum",
    publisher="outreach.publishing.mastodon.mastodon",
    about_account="outreach.publishing.mastodon.account.about_account",
    account=(
        AccountKey(name="server", kind="url", doc="The account's server", required=True),
        AccountKey(name="account", kind="address", doc="user@server"),
    ),
    shown_account=lambda account: account.get("server", "").removeprefix("https://"),
    limits=Limits(characters=500, per_url=23),
    count=_count,
    looked_up=True,
    counts_warning=True,
    has_threads=True,
    # Mastodon's own code (app/lib/rate_limiter.rb, `statuses`; read on 2026-11-30). Other servers may take fewer.
    budgets=(Budget(hours=3, most=300),),
    media=MediaRules(most=4, bytes=16_000_000, alt=1500, may_move=True, films=True),
    handle=ChannelKind.MASTODON,
    record=_record,
    ready=_ready,
    edits=True,
    effects=_effects,
    notified=lambda text, lookups: [match[1] for match in _MENTION.finditer(text)],
)
