"""A post that a person published: it counts only with its address."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from outreach.errors import CannotTell
from outreach.model.event import Event
from outreach.tasks.log import Note, note


def posted_by_hand(root: Path, post: str, url: str) -> Event:
    """Write down where it stands. Raises CannotTell for what is no address, UnknownName."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise CannotTell(f"{url!r} is not a web address", "Copy it from the browser: https://...")
    return note(root, Note(about=post, what="posted", url=url))
