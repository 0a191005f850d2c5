"""A composed post -> the parts as they will be asked for, and the bytes that an approval binds to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from outreach.model.post import PostVersion
from outreach.model.publication import Part, PartMedium
from outreach.model.records import dataclass
from outreach.networks.composing import Composed
from outreach.networks.records import digest_of, frozen_text

MEDIA = "media"
"""The key of a Mastodon record that names its files; they are uploaded, and their ids go over the wire instead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionDraft:
    """What one version would say now. `later` are values that are not known yet, `unresolved` handles likewise."""

    version: PostVersion
    parts: tuple[Part, ...]
    frozen: bytes
    digest: str
    later: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()


def draft_of(post: Composed, place: Callable[[str], str] = lambda sha256: "") -> VersionDraft:
    """The parts of a composed post; media go with the first one. `place` says where the bytes of a sha256 lie."""
    written = {medium.file: medium for medium in post.version.media}
    media = tuple(
        PartMedium(
            file=each.file,
            sha256=each.sha256,
            media_type=each.media_type,
            alt=written[each.file].alt,
            focus=written[each.file].focus,
            stored=place(each.sha256),
        )
        for each in post.media
    )
    thumb = (
        (
            PartMedium(
                file=post.thumb.file,
                sha256=post.thumb.sha256,
                media_type=post.thumb.media_type,
                alt="",
                stored=place(post.thumb.sha256),
            ),
        )
        if post.thumb
        else ()
    )
    parts = tuple(
        Part(
            number=number,
            text=text,
            record={key: value for key, value in record.items() if key != MEDIA},
            media=(*(media if number == 1 else ()), *(thumb if _shows_thumb(record) else ())),
        )
        for number, (text, record) in enumerate(zip(post.parts, post.records, strict=True), start=1)
    )
    return VersionDraft(
        version=post.version,
        parts=parts,
        frozen=frozen_text(post.records).encode(),
        digest=digest_of(post.records),
        later=post.later,
        unresolved=post.unresolved,
    )


def _shows_thumb(record: Mapping[str, Any]) -> bool:
    return "thumb" in record.get("embed", {}).get("external", {})
