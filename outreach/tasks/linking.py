"""`outreach links`: the addresses of published posts, put where documents wait for them."""

from __future__ import annotations

from pathlib import Path

from outreach.errors import CannotWrite
from outreach.files.private import write_whole
from outreach.rules.linking import Filled, filled
from outreach.tasks.world import session


def fill_links(root: Path, *, go: bool) -> list[Filled]:
    """Every `[link when posted]` in the documents of `fill_links`; written if `go`. Raises CannotWrite."""
    found: list[Filled] = []
    with session(root) as opened:
        past = opened.ledger.past().posts
        urls = {each.id: each.url for each in past.values() if each.url}
        firsts = sorted(past.values(), key=lambda each: (each.published is None, each.published))
        for each in reversed(firsts):
            if each.url:
                urls[each.post] = each.url
        posts = [post.id for post in opened.loaded.folder.posts]
        for name in opened.campaign.fill_links:
            try:
                text = (root / name).read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                continue  # said by `check`: document-missing
            changed, places = filled(text, name, posts, urls)
            found += places
            if go and changed != text:
                _write(root / name, name, changed)
    return found


def _write(path: Path, shown: str, text: str) -> None:
    try:
        write_whole(path, text.encode("utf-8"))
    except OSError as error:
        raise CannotWrite(shown, (error.strerror or type(error).__name__).lower()) from error
