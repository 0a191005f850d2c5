"""`outreach links`: the addresses of published posts, put where documents wait for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path

from outreach import storage
from outreach.campaign.linking import Filled, filled
from outreach.errors import EditedMeanwhile, OutreachError, Refused, not_written
from outreach.model.records import dataclass
from outreach.tasks.world import session

_TRIES = 5
"""How often a document is filled again that was edited meanwhile: nothing but the links is written into it."""


@dataclass(kw_only=True, slots=True)
class Links:
    """Every place for a link, and why documents were left out: exceptions that say it."""

    places: list[Filled] = field(default_factory=list)
    troubles: list[OutreachError] = field(default_factory=list)


def fill_links(root: Path, *, go: bool) -> Links:
    """Every `[link when posted]` in the documents of `fill_links`; written if `go`.

    A document that leads out of the campaign folder is not opened, one that is edited all the time is left as it is.
    Raises CannotWrite.
    """
    found = Links()
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
                found.places += _fill(root, name, posts, urls, go=go)
            except (Refused, EditedMeanwhile) as error:
                found.troubles.append(error)
            except (OSError, UnicodeDecodeError):
                continue  # said by `check`: document-missing
    return found


def _fill(root: Path, name: str, posts: Sequence[str], urls: Mapping[str, str], *, go: bool) -> list[Filled]:
    """The places in one document. Raises EditedMeanwhile, Refused, OSError, UnicodeDecodeError, CannotWrite."""
    for left in reversed(range(_TRIES)):
        content = storage.read(root, name)
        text, places = filled(content.decode("utf-8"), name, posts, urls)
        if not go or text.encode("utf-8") == content:
            return places
        try:
            storage.replace(root, name, storage.digest(content), text.encode("utf-8"))
        except EditedMeanwhile:
            if not left:
                raise
        except OSError as error:
            raise not_written(name, error) from error
        else:
            return places
    raise AssertionError("the last try returns or raises")
