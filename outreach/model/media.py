"""A picture, sound or film as it goes out: fitted to its network, and stripped of what it need not tell."""

from __future__ import annotations

from dataclasses import field

from outreach.model.records import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class FittedMedium:
    """The bytes that are uploaded; `sha256` (hex) is theirs. `width` and `height` are a picture's, in pixels."""

    file: str
    media_type: str
    sha256: str
    size: int
    width: int | None = None
    height: int | None = None
    content: bytes = field(repr=False, compare=False, default=b"")
