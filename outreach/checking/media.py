"""Alt texts: what those hear who cannot see a picture."""

from __future__ import annotations

import re
from collections.abc import Iterator

from outreach.model.post import Edition, Network
from outreach.model.problem import Problem

MOST = {Network.BLUESKY: 2000, Network.MASTODON: 1500}
"""Characters: Bluesky's own composer takes 2,000; Mastodon's server 1,500 up to 4.6."""

_OPENINGS = re.compile(
    r"^\s*(an? )?(image|picture|photo|photograph|graphic|screenshot|bild|foto|abbildung|image de|imagen de)"
    r"( (of|von|de|d'))?\b",
    re.IGNORECASE,
)
_FILE = re.compile(r"^[\w\- ]+\.(jpe?g|png|gif|webp|svg|heic)$|^(img|dsc|pxl|screenshot)[_\- ]?\d+", re.IGNORECASE)


def alt_problems(edition: Edition, limit: int | None = None) -> list[Problem]:
    """What is wrong with the alt texts of an edition; `limit` is the server's own, in characters."""
    return list(_problems(edition, limit)) if not edition.network.is_manual else []


def _problems(edition: Edition, limit: int | None) -> Iterator[Problem]:
    most = limit if limit and edition.network is Network.MASTODON else MOST[edition.network]
    for medium in edition.media:
        fault = _fault(medium.alt.strip(), medium.file, most)
        if fault is not None:
            message, hint = fault
            yield Problem(
                file=medium.written_in,
                line=medium.line,
                code="alt-text",
                message=f"The alt text of {medium.file!r} {message}.",
                hint=hint,
                about=f"post:{edition.post}",
            )


def _fault(alt: str, file: str, most: int) -> tuple[str, str] | None:
    say = "Say what is to be seen, and what it means here."
    if not alt:
        return "is empty", say
    if _FILE.match(alt) or alt.casefold() == file.rpartition("/")[2].casefold():
        return "is a file's name", say
    if (opening := _OPENINGS.match(alt)) and opening[3]:
        return (
            f"begins with “{opening[0].strip()}”, which a screen reader says already",
            "Begin with what is to be seen.",
        )
    if len(alt) > most:
        return f"has {len(alt):,} characters, and {most:,} are allowed", "Shorten it; put long texts into the post."
    return None
