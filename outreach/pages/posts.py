"""A post as it will go out: the record of the wire, a page to read, cards for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from outreach.networks.composing import Composed
from outreach.planning.posts import submit_page

_WIDTH = 66


def post_record(post: Composed) -> dict[str, Any]:
    """What stands in the draft file: the wire record of each part, without createdAt and what follows from it."""
    edition = post.edition
    return {
        "post": edition.post,
        "network": str(edition.network),
        "digest": post.digest,
        **({"titles": list(post.titles)} if post.titles else {}),
        **({"link": post.link} if post.link else {}),
        "parts": [dict(record) for record in post.records],
    }


def post_object(post: Composed) -> dict[str, Any]:
    """The same for `--json`, with counts and whom it notifies."""
    return {
        "id": post.id,
        "kind": "post",
        **post_record(post),
        "texts": list(post.parts),
        "counts": [{"count": size.value, "limit": size.limit, "bytes": size.bytes} for size in post.counts],
        "alt_texts": [medium.alt for medium in post.edition.media],
        "notifies": list(post.notifies),
        "unresolved": list(post.unresolved),
        "not_known_yet": list(post.later),
    }


def post_page(post: Composed) -> str:
    """The post to read, or to paste where a person publishes it. Ends with one newline."""
    edition = post.edition
    lines = [f"# {edition.post} on {edition.network}", ""]
    lines += [f"- {line}" for line in _facts(post)]
    for number, text in enumerate(post.parts, start=1):
        head = f"{number} of {len(post.parts)}, {_size(post, number - 1)}" if len(post.parts) > 1 else _size(post, 0)
        lines += ["", f"--- {head}", "", text]
    return "\n".join(lines).rstrip() + "\n"


def post_cards(post: Composed) -> Iterator[str]:
    """Each part as a card with its counts, for the terminal."""
    edition = post.edition
    yield f"{edition.post} on {edition.network}"
    yield from (f"  {line}" for line in _facts(post))
    for number, text in enumerate(post.parts):
        title = f" {number + 1}/{len(post.parts)} · {_size(post, number)} "
        yield f"  ┌{title:─<{_WIDTH}}"
        for paragraph in text.split("\n"):
            yield from (f"  │ {line}" for line in _wrapped(paragraph))
        yield f"  └{'─' * _WIDTH}"


def _facts(post: Composed) -> Iterator[str]:
    edition = post.edition
    if edition.network.is_manual:
        yield f"By hand: {submit_page(post.edition)}"
    for title in post.titles:
        yield f"Title: {title}"
    if post.link:
        yield f"Link: {post.link}"
    if edition.content_warning:
        yield f"Content warning: {edition.content_warning}"
    if post.notifies:
        yield f"This notifies {', '.join(post.notifies)}"
    for medium, fitted in zip(edition.media, post.media, strict=False):
        size = f", {fitted.width}x{fitted.height}" if fitted.width else ""
        yield f"Picture: {medium.file}{size}, {fitted.size:,} bytes; {medium.alt}"
    yield from (f"@{handle} was not looked up and stays plain text" for handle in post.unresolved)
    yield from (f"Not known yet: {path}" for path in post.later)


def _size(post: Composed, number: int) -> str:
    size = post.counts[number]
    return f"{size.value:,} of {size.limit:,}" if size.limit is not None else f"{size.value:,} characters"


def _wrapped(paragraph: str) -> list[str]:
    return wrap(paragraph, _WIDTH - 2, break_long_words=False, break_on_hyphens=False) or [""]
