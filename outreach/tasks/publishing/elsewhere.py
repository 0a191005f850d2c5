"""What stands on a network already, and nothing here tells of: posted by another computer, or by another program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from outreach.model.publication import Publication, Published
from outreach.publishing.publisher import Publisher

LOOK_BACK = timedelta(days=90)
"""How far back a network is searched for what another computer may have published."""
MOST_REVISIONS = 10
"""So many editions of a post are looked for: each time that it is taken down and put out again has its own keys."""


def every_revision(publisher: Publisher, publication: Publication) -> list[Publication]:
    """The publication as each revision of it would be asked for, the latest first; one where keys tell nothing."""
    if not publisher.repeats_safely:
        return [publication]
    return [replace(publication, revision=number) for number in range(MOST_REVISIONS, 0, -1)]


def standing_part(
    publisher: Publisher,
    asked: Iterable[Publication],
    number: int,
    out: Mapping[int, Published],
    now: datetime,
    known: Iterable[str],
    *,
    by_anyone: bool = False,
) -> tuple[Publication, Published] | None:
    """The part of that number as the network has it, and as which of those that are `asked` for. Raises NotSent."""
    known = list(known)
    for publication in asked:
        part = next(each for each in publisher.ready(publication, out) if each.number == number)
        found = publisher.find(part, out, now - LOOK_BACK, known, by_anyone=by_anyone)
        if found is not None:
            return publication, found
    return None
