"""What `outreach lookup` found: lines to read, and an object for scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypedDict

from outreach.model.lookups import NOBODY, Card, ServerLimits
from outreach.model.problem import Problem
from outreach.pages.objects import ProblemObject, problem_object


def lookup_lines(handles: Mapping[str, str], cards: Mapping[str, Card], limits: ServerLimits | None) -> Iterator[str]:
    """What is new, a line each."""
    for handle, did in handles.items():
        yield f"  @{handle} {'belongs to no account, and stays plain text' if did == NOBODY else f'is {did}'}"
    for url, card in cards.items():
        yield f"  {url}: “{card.title}”" + (f", with a picture ({card.thumb})" if card.thumb else "")
    if limits is not None:
        said = f"{limits.characters:,} characters" if limits.characters else "as much as usual"
        yield f"  {limits.server} allows {said}"


class CardObject(TypedDict):
    """What a page says of itself; `thumb` is a file of the campaign's, null for none."""

    title: str
    description: str
    thumb: str | None


class ServerObject(TypedDict):
    """What a Mastodon server allows; null where it does not say."""

    server: str
    characters: int | None
    per_url: int | None
    media: int | None
    description: int | None


class TroubleObject(TypedDict):
    message: str
    hint: str


class LookupObject(TypedDict):
    """What is new: handles with their account, those of nobody, cards by address, and what a server allows."""

    handles: dict[str, str]
    nobody: list[str]
    cards: dict[str, CardObject]
    mastodon: ServerObject | None
    problems: list[ProblemObject]
    troubles: list[TroubleObject]


def lookup_object(
    handles: Mapping[str, str],
    cards: Mapping[str, Card],
    limits: ServerLimits | None,
    problems: Iterable[Problem],
    troubles: Iterable[tuple[str, str]],
) -> LookupObject:
    """The same for `--json`: what is new, and what could not be found out."""
    return {
        "handles": {handle: did for handle, did in handles.items() if did != NOBODY},
        "nobody": [handle for handle, did in handles.items() if did == NOBODY],
        "cards": {
            url: {"title": card.title, "description": card.description, "thumb": card.thumb}
            for url, card in cards.items()
        },
        "mastodon": _server(limits) if limits is not None else None,
        "problems": [problem_object(problem) for problem in problems],
        "troubles": [{"message": sentence, "hint": hint} for sentence, hint in troubles],
    }


def _server(limits: ServerLimits) -> ServerObject:
    return {
        "server": limits.server,
        "characters": limits.characters,
        "per_url": limits.per_url,
        "media": limits.media,
        "description": limits.description,
    }
