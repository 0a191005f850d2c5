"""What `outreach lookup` found: lines to read, and an object for scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from outreach.model.lookups import NOBODY, Card, ServerLimits
from outreach.model.problem import Problem


def lookup_lines(handles: Mapping[str, str], cards: Mapping[str, Card], limits: ServerLimits | None) -> Iterator[str]:
    """What is new, a line each."""
    for handle, did in handles.items():
        yield f"  @{handle} {'belongs to no account, and stays plain text' if did == NOBODY else f'is {did}'}"
    for url, card in cards.items():
        yield f"  {url}: “{card.title}”" + (f", with a picture ({card.thumb})" if card.thumb else "")
    if limits is not None:
        said = f"{limits.characters:,} characters" if limits.characters else "as much as usual"
        yield f"  {limits.server} allows {said}"


def lookup_object(
    handles: Mapping[str, str],
    cards: Mapping[str, Card],
    limits: ServerLimits | None,
    problems: Iterable[Problem],
    troubles: Iterable[tuple[str, str]],
) -> dict[str, Any]:
    """The same for `--json`: what is new, and what could not be found out."""
    names = ("server", "characters", "per_url", "media", "description")
    return {
        "handles": {handle: did for handle, did in handles.items() if did != NOBODY},
        "nobody": [handle for handle, did in handles.items() if did == NOBODY],
        "cards": {
            url: {"title": card.title, "description": card.description, "thumb": card.thumb}
            for url, card in cards.items()
        },
        "mastodon": {name: getattr(limits, name) for name in names} if limits is not None else None,
        "problems": [
            {"file": p.file, "line": p.line, "code": p.code, "message": p.message, "hint": p.hint} for p in problems
        ],
        "troubles": [{"message": sentence, "hint": hint} for sentence, hint in troubles],
    }
