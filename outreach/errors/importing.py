"""About what people bring along: notes and tables that cannot be read."""

from __future__ import annotations

from outreach.errors.base import OutreachError


class SourceTooLarge(OutreachError):
    """A source of more bytes or lines than notes and tables of people have."""

    def __init__(self, name: str, size: str, most: str) -> None:
        super().__init__(
            f"{name} has {size}, and at most {most} are read, so nothing was taken from it.",
            hint="Cut out the part that the campaign needs, and import that.",
        )


class SourceNotText(OutreachError):
    """A source that is no text: a picture, a PDF, an archive."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(
            f"{name} is {what}, not text, so nothing was taken from it.",
            hint="Export it as Markdown, plain text or CSV, and import that.",
        )
