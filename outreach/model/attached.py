"""What was read from the files that letters carry."""

from __future__ import annotations

from dataclasses import field

from outreach.model.records import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class FileFacts:
    """What was read from an attachment: its size in bytes, its digest, its pages if it is a PDF."""

    size: int
    sha256: str
    pages: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AttachedFile:
    """An attachment: its name without folders, as recipients see it, its bytes, and what was read from them."""

    name: str
    facts: FileFacts
    content: bytes = field(repr=False)
